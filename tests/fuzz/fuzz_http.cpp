// Bytes as a connection delivers them: the guard reads the head, the engine the rest, and what they
// make of it goes to the server's entry on a small store. Whatever comes, there is one answer with
// a length, or more bytes are waited for, which counts as refused. A header "authorization: own" is
// replaced by a valid one.
#include <charconv>
#include <set>

#include "server/api.h"
#include "server/http/http_engine.h"
#include "server/routes/session_token.h"
#include "tests/fuzz/api_checks.h"
#include "tests/fuzz/small_bureau.h"

namespace {

using zf::testing::SmallBureau;

SmallBureau& bureau() {
    static SmallBureau made;
    return made;
}

std::string valid_authorization() {
    const zf::DeviceId device = zf::device_id_of(bureau().own.public_key());
    const std::string challenge =
        zf::make_challenge(bureau().store().keys().token, device, bureau().env);
    return zf::authorization_header(
        device.hex(), challenge,
        bureau().own.sign(std::string("zoufang-session/1") + '\0' + challenge));
}

zf::Response answer_request(const zf::Request& request) {
    ZF_ASSERT(request.path.starts_with('/') || request.path == "*");
    ZF_ASSERT(zf::is_valid_utf8(request.path));
    for (const auto& [name, value] : request.query) {
        ZF_ASSERT(zf::is_valid_utf8(name) && zf::is_valid_utf8(value));
    }
    zf::Api api(bureau().store());
    zf::Request proven = request;
    const auto proof = proven.headers.find("authorization");
    if (proof != proven.headers.end() && proof->second == "own") {
        proof->second = valid_authorization();
    }
    zf::Response response = api.handle(proven);
    zf::testing::check_answer(response);
    return response;
}

/// Status of the wire bytes of one whole answer.
int check_wire(const std::string& wire, bool is_head) {
    ZF_ASSERT(wire.starts_with("HTTP/1.1 "));
    int status = 0;
    std::from_chars(wire.data() + 9, wire.data() + 12, status);
    ZF_ASSERT(status >= 200 && status < 600);
    const std::size_t end = wire.find("\r\n\r\n");
    const std::size_t length = wire.find("\r\nContent-Length: ");
    ZF_ASSERT(end != wire.npos && length < end);
    std::size_t bytes = 0;
    std::from_chars(wire.data() + length + 18, wire.data() + end, bytes);
    ZF_ASSERT(wire.size() == end + 4 + (is_head ? 0 : bytes));
    return status;
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const ListenerLimits limits;
    bureau().begin();
    auto outcome = read_head(bytes, limits);
    if (const auto* refused = std::get_if<Response>(&outcome)) {
        // Making an answer apart from an engine is slow: once for each status.
        static std::set<int> seen;
        if (seen.insert(refused->status).second) {
            ZF_ASSERT(check_wire(encode_refusal(*refused), false) == refused->status);
        }
        return Verdict::refused;
    }
    auto* head = std::get_if<RequestHead>(&outcome);
    if (!head || bytes.size() - head->bytes < head->content_length) return Verdict::refused;
    static const Handler handler = answer_request;
    static HttpEngine engine(handler, limits);
    const bool is_head = head->method == "HEAD";
    const std::string body(bytes.substr(head->bytes, head->content_length));
    const int status = check_wire(engine.answer({std::move(*head), body, "192.0.2.7"}), is_head);
    bureau().check_soundness();
    return status == 200 ? Verdict::accepted : Verdict::refused;
}
