// Heads of HTTP requests: an accepted head lies inside the bytes received and within the limits.
#include "server/http/request_head.h"
#include "tests/fuzz/fuzz_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto outcome = zf::read_head(zf::text_of(data, size), zf::ListenerLimits{});
    if (const auto* head = std::get_if<zf::RequestHead>(&outcome)) {
        ZF_ASSERT(head->bytes <= size);
    } else if (const auto* answer = std::get_if<zf::Response>(&outcome)) {
        ZF_ASSERT(answer->status >= 400);
    }
    return 0;
}
