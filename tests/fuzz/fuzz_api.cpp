// Requests as the server's entry gets them, on a small store with the requests' proofs in place.
// The first line is "METHOD /path?name=value&...", then lines "name: value" of headers, an empty
// line and the body. Two headers are for this target: `as` (own, other or nobody) says who asks,
// `body` what the body is made into:
//   changesets  a push of the lines, signed by their authors        frame  its zstd frame
//   entries     entries of the bureau's log, one a line, signed     enrol  a laptop's name
//   renew       a new key, made from the text
// Whatever is asked, the store stays sound; a push that is repeated changes nothing.
#include <algorithm>
#include <array>

#include "common/codec/zstd_frame.h"
#include "server/api.h"
#include "server/routes/session_token.h"
#include "tests/fuzz/api_checks.h"
#include "tests/fuzz/small_bureau.h"

namespace {

using zf::Request;
using zf::Response;
using zf::testing::SmallBureau;

std::string take_header(Request& request, const char* name) {
    const auto found = request.headers.find(name);
    if (found == request.headers.end()) return {};
    std::string value = std::move(found->second);
    request.headers.erase(found);
    return value;
}

void read_target(Request& request, std::string_view target) {
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    target.remove_prefix(std::min(mark + 1, target.size()));
    while (!target.empty()) {
        const std::string_view part = target.substr(0, target.find('&'));
        const std::size_t equals = std::min(part.find('='), part.size());
        request.query.emplace(part.substr(0, equals),
                              part.substr(std::min(equals + 1, part.size())));
        target.remove_prefix(std::min(part.size() + 1, target.size()));
    }
}

Request read_request(std::string_view bytes) {
    Request request;
    const auto take_line = [&] {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        const std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        return line;
    };
    const std::string_view first = take_line();
    const std::size_t space = std::min(first.find(' '), first.size());
    request.method = first.substr(0, space);
    read_target(request, first.substr(std::min(space + 1, first.size())));
    for (std::string_view line = take_line(); !line.empty(); line = take_line()) {
        const std::size_t colon = std::min(line.find(": "), line.size());
        request.headers[std::string(line.substr(0, colon))] =
            line.substr(std::min(colon + 2, line.size()));
    }
    request.body = bytes;
    request.headers.try_emplace("zoufang-protocol", "1");
    request.remote_address = "192.0.2.7";
    return request;
}

std::string signed_text(const zf::KeyPair& key, std::string label,
                        std::initializer_list<std::string> parts) {
    for (const std::string& part : parts) label += std::string(1, '\0') + part;
    return zf::base64_of(key.sign(label));
}

void prove(SmallBureau& bureau, Request& request, const std::string& as) {
    if (as == "nobody") return;
    const zf::KeyPair& key = as == "other" ? bureau.other : bureau.own;
    const zf::DeviceId device = zf::device_id_of(key.public_key());
    const std::string challenge =
        zf::make_challenge(bureau.store().keys().token, device, bureau.env);
    request.headers.try_emplace(
        "authorization",
        zf::authorization_header(device.hex(), challenge,
                                 key.sign(std::string("zoufang-session/1") + '\0' + challenge)));
}

void make_body(SmallBureau& bureau, Request& request, const std::string& kind) {
    std::array<std::uint8_t, 32> seed{};
    std::copy_n(request.body.begin(), std::min(request.body.size(), seed.size()), seed.begin());
    const zf::KeyPair fresh = zf::KeyPair::from_seed(seed);
    const std::string key = fresh.public_key().hex();
    if (kind == "changesets") request.body = encode_push(bureau.push_of(request.body));
    if (kind == "frame") request.body = zf::compress_frame(request.body);
    if (kind == "entries") {
        zf::PullAnswer frame;
        frame.epoch = bureau.store().epoch();
        for (const std::string_view line : zf::testing::lines_of(request.body)) {
            const zf::BureauEntry entry = bureau.entry_of(std::string(line));
            frame.entries.push_back({entry.bytes, entry.signature});
        }
        request.body = encode_pull(frame);
    }
    if (kind == "enrol") {
        const std::string& code = bureau.enrolment_code;
        request.body = zf::encode_enrol_request(
            {code, key, request.body, signed_text(fresh, "zoufang-enrol/1", {code, key})});
    }
    if (kind == "renew") {
        const std::string former = zf::device_id_of(bureau.own.public_key()).hex();
        request.body =
            zf::encode_renew_request({key, signed_text(fresh, "zoufang-renew/1", {former, key})});
    }
}

/// What everybody gets to see afterwards can be read.
void pull_everything(zf::Api& api, SmallBureau& bureau) {
    for (const char* who : {"own", "other"}) {
        Request pull = read_request("GET /v1/pull?after=0&entries=0&own=1\n\n");
        prove(bureau, pull, who);
        const Response answer = api.handle(pull);
        zf::testing::check_answer(answer);
        if (answer.status == 200) ZF_ASSERT(zf::decode_pull(answer.body).has_value());
    }
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    static SmallBureau bureau;
    Api api(bureau.begin());
    Request request = read_request(bytes);
    const std::string as = take_header(request, "as"), kind = take_header(request, "body");
    prove(bureau, request, as);
    // A laptop's name arrives as JSON text, which is UTF-8.
    if (kind == "enrol" && !is_valid_utf8(request.body)) return Verdict::refused;
    make_body(bureau, request, kind);
    const std::string before = bureau.state();
    const Response response = api.handle(request);
    testing::check_answer(response);
    if (response.status != 200) {
        ZF_ASSERT(bureau.state() == before);
        return Verdict::refused;
    }
    if (!bureau.is_changed()) return Verdict::accepted;
    const std::string after = bureau.state();
    if (request.path == "/v1/push" || request.path == "/v1/entries") {
        ZF_ASSERT(api.handle(request).status == 200);
        ZF_ASSERT(bureau.state() == after);
    }
    pull_everything(api, bureau);
    bureau.check_soundness();
    return Verdict::accepted;
}
