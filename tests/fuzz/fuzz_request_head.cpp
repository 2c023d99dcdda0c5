// Heads of HTTP requests: an accepted head lies inside the bytes received and within the limits,
// and no byte behind it changes how it is read. Refused is also what is not complete.
#include "server/http/request_head.h"
#include "tests/fuzz/fuzz_target.h"

zf::Verdict zf::take_input(std::string_view bytes) {
    const ListenerLimits limits;
    const auto outcome = read_head(bytes, limits);
    if (const auto* answer = std::get_if<Response>(&outcome)) {
        ZF_ASSERT(answer->status >= 400 && answer->status < 600);
        ZF_ASSERT(!answer->body.empty());
        return Verdict::refused;
    }
    const auto* head = std::get_if<RequestHead>(&outcome);
    if (!head) return Verdict::refused;
    ZF_ASSERT(head->bytes <= bytes.size());
    ZF_ASSERT(head->content_length <= limits.body_bytes_max);
    ZF_ASSERT(head->request_line.starts_with(head->method + " "));
    for (const auto& [name, value] : head->headers) {
        for (const char c : name) ZF_ASSERT(c < 'A' || c > 'Z');
    }
    const auto alone = read_head(bytes.substr(0, head->bytes), limits);
    const auto* again = std::get_if<RequestHead>(&alone);
    ZF_ASSERT(again && again->bytes == head->bytes && again->headers == head->headers);
    ZF_ASSERT(again->content_length == head->content_length);
    return Verdict::accepted;
}
