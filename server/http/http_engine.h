// Makes the wire bytes of an answer from a request that has arrived whole. The request line, its
// decoding and the answer's form are the HTTP library's; framing, headers and limits were the
// guard's (request_head.h). Never touches a socket. One engine a thread.
#pragma once

#include <memory>
#include <string>

#include "server/http/listener.h"
#include "server/http/request_head.h"

namespace zf {

struct WholeRequest {
    RequestHead head;
    std::string body;
    std::string remote_address;
};

class HttpEngine {
public:
    /// Both must outlive the engine.
    HttpEngine(const Handler& handler, const ListenerLimits& limits);
    ~HttpEngine();

    /// Status line, headers and body of the handler's answer. An exception of the handler becomes
    /// a 500; a path or query that does not decode to clean UTF-8 a 400.
    std::string answer(WholeRequest request);

private:
    class Library;
    std::unique_ptr<Library> library_;
};

/// The wire bytes of an answer that closes the connection, without asking a handler.
std::string encode_refusal(const Response& response);

}  // namespace zf
