// The guard at the door: reads the head of one HTTP/1.1 request, strictly and within limits, or
// says why it is refused. Pure; knows no sockets. Grammar: RFC 9110 section 5, RFC 9112 sections
// 2 to 6, minus what a client of this server never needs: transfer codings, content codings,
// folded lines, absolute targets, upgrades.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "common/sync/transport.h"
#include "server/http/limits.h"

namespace zf {

struct RequestHead {
    std::string request_line;  // without its line end; its parts are checked
    std::string method;
    std::map<std::string, std::string> headers;  // lower-case names; repeated ones joined by ", "
    std::size_t content_length = 0;
    std::size_t bytes = 0;  // length of the head in the received text, blank line included
    bool keep_alive = true;
    bool expects_continue = false;
};

struct HeadIncomplete {};

/// HeadIncomplete: more bytes are needed. Response: the refusal to send before closing.
using HeadOutcome = std::variant<HeadIncomplete, RequestHead, Response>;

/// Reads the head that `received` begins with. Refusals: 400 malformed, 411 a body without
/// Content-Length (chunked included), 413 body beyond the limit, 414 target too long, 415
/// Content-Encoding, 417 unknown expectation, 431 head beyond the limits, 505 other versions.
HeadOutcome read_head(std::string_view received, const ListenerLimits& limits);

/// A refusal in the wire's error shape, {"error": {"code", "message", "where"}}.
Response refusal(int status, ErrorCode code, std::string message, std::string where = {});

}  // namespace zf
