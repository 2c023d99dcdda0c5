// One request and its answer as plain structs, and the interface that carries them. What a sync
// needs of a network: HTTP over TLS in the programs, a simulated network in tests. Knows no
// socket, no HTTP library, no thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace zf {

struct Request {
    std::string method;                          // "GET", "POST", ... in capitals
    std::string path;                            // decoded, begins with '/', without the query
    std::map<std::string, std::string> query;    // decoded; each name once
    std::map<std::string, std::string> headers;  // lower-case names
    std::string body;
    std::string remote_address;  // peer's IP address as text; set by the receiving side only
};

struct Response {
    int status = 200;                            // HTTP status
    std::map<std::string, std::string> headers;  // lower-case names
    std::string body;
};

/// In a request: a part of its body, or of its answer's body, is of use by itself, so that what has
/// arrived when the connection breaks is kept. In an answer: it is such a part.
inline constexpr std::string_view partial_header = "zoufang-partial";

class Transport {
public:
    virtual ~Transport() = default;

    /// Sends one request and waits for its answer. An answer of any status is a value, not an
    /// error; so is the beginning of one where the request asks for it (partial_header). Errors:
    /// `unreachable` (nobody answers, or the connection broke: the request may or may not have been
    /// carried out), `pin_mismatch` (not the server whose key is pinned; nothing was sent),
    /// `interrupted` (cancelled from this side), `too_large` (an answer beyond the limit).
    virtual Result<Response> send(const Request& request) = 0;
};

}  // namespace zf
