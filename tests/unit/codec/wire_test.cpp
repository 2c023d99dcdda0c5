#include "common/codec/wire.h"

#include <doctest/doctest.h>

#include "common/base/env.h"
#include "common/codec/zstd_frame.h"

namespace zf {
namespace {

const std::string hex32(32, 'a');
const std::string hex64(64, 'b');
const std::string epoch = "0190a2b4-0000-7000-8000-000000000001";
const std::string signature(64, '\x7f');
const std::string signature_text = base64_of(signature);

PullAnswer some_pull() {
    PullAnswer pull;
    pull.epoch = epoch;
    pull.entries = {{R"({"n":1})", signature}, {R"({"n":2})", signature}};
    pull.dropped = {"0190a2b4-0000-7000-8000-00000000000a"};
    pull.changesets = {{7, {R"({"seq":1})", signature}}, {9, {R"({"seq":2})", signature}}};
    pull.trailer = {9, false, 2, {{hex32, 12}}, {{3, "parked", "unknown_form", "no form x"}}};
    return pull;
}

std::string pull_text(const std::string& lines) {
    return "{\"_format\":1,\"epoch\":\"" + epoch + "\"}\n" + lines;
}

const std::string trailer_line =
    "T {\"cursor\":0,\"delivered\":[],\"entries\":0,\"more\":false,\"not_applied\":[]}\n";

}  // namespace

TEST_CASE("control messages come back as they were sent") {
    const auto enrol =
        decode_enrol_request(encode_enrol_request({"7KQ2-M9XF", hex64, "平昌 1 号", "c2ln"}));
    REQUIRE(enrol.has_value());
    CHECK(enrol->code == "7KQ2-M9XF");
    CHECK(enrol->public_key == hex64);
    CHECK(enrol->name == "平昌 1 号");
    CHECK(enrol->signature == "c2ln");

    const auto enrolled = decode_enrol_answer(encode_enrol_answer({hex32, "li", hex64, epoch}));
    REQUIRE(enrolled.has_value());
    CHECK(enrolled->device == hex32);
    CHECK(enrolled->user == "li");
    CHECK(enrolled->bureau_key == hex64);
    CHECK(enrolled->epoch == epoch);

    const auto hello = decode_session_request(encode_session_request({hex32, 5, hex64, -1}));
    REQUIRE(hello.has_value());
    CHECK(hello->device == hex32);
    CHECK(hello->head_seq == 5);
    CHECK(hello->head_hash == hex64);
    CHECK(hello->clock_ms == -1);

    const auto session = decode_session_answer(
        encode_session_answer({"chal", epoch, 4, hex64, "", 1'211'000'000'000, 17, 900}));
    REQUIRE(session.has_value());
    CHECK(session->challenge == "chal");
    CHECK(session->acknowledged_seq == 4);
    CHECK(session->acknowledged_hash == hex64);
    CHECK(session->hash_at_head.empty());
    CHECK(session->server_ms == 1'211'000'000'000);
    CHECK(session->last_entry == 17);
    CHECK(session->ssn == 900);

    const auto pushed = decode_push_answer(encode_push_answer(
        {8, 2, 1, {{7, "held", "", ""}, {8, "parked", "not_allowed", "why"}}, hex64}));
    REQUIRE(pushed.has_value());
    CHECK(pushed->acknowledged_hash == hex64);
    CHECK(pushed->acknowledged_seq == 8);
    CHECK(pushed->received == 2);
    CHECK(pushed->repeated == 1);
    REQUIRE(pushed->not_applied.size() == 2);
    CHECK(pushed->not_applied[0].standing == "held");
    CHECK(pushed->not_applied[1].code == "not_allowed");
    CHECK(pushed->not_applied[1].detail == "why");

    const auto hashes = decode_hashes(encode_hashes({hex64}));
    REQUIRE(hashes.has_value());
    CHECK(*hashes == std::vector<std::string>{hex64});
    const auto missing = decode_missing(encode_missing({{hex64, 1 << 20}}));
    REQUIRE(missing.has_value());
    REQUIRE(missing->size() == 1);
    CHECK((*missing)[0].hash == hex64);
    CHECK((*missing)[0].received == 1 << 20);
}

TEST_CASE("frames come back as they were sent, their bytes untouched") {
    const std::string odd = R"({"a":"行\n",  "b":1.50})";  // neither canonical nor a changeset
    const auto push = decode_push(encode_push({epoch, {{odd, signature}, {"{}", signature}}}));
    REQUIRE(push.has_value());
    CHECK(push->epoch == epoch);
    REQUIRE(push->changesets.size() == 2);
    CHECK(push->changesets[0].bytes == odd);
    CHECK(push->changesets[0].signature == signature);

    const auto pull = decode_pull(encode_pull(some_pull()));
    REQUIRE(pull.has_value());
    CHECK(pull->epoch == epoch);
    REQUIRE(pull->entries.size() == 2);
    CHECK(pull->entries[1].bytes == R"({"n":2})");
    CHECK(pull->entries[1].signature == signature);
    CHECK(pull->dropped == some_pull().dropped);
    REQUIRE(pull->changesets.size() == 2);
    CHECK(pull->changesets[1].ssn == 9);
    CHECK(pull->changesets[1].signed_changeset.bytes == R"({"seq":2})");
    CHECK(pull->trailer.cursor == 9);
    CHECK_FALSE(pull->trailer.more);
    CHECK(pull->trailer.entries == 2);
    CHECK(pull->trailer.delivered == some_pull().trailer.delivered);
    REQUIRE(pull->trailer.not_applied.size() == 1);
    CHECK(pull->trailer.not_applied[0].seq == 3);
}

TEST_CASE("the text inside a frame is what docs/protocol.md says") {
    const auto push = decompress_frame(encode_push({epoch, {{"{\"x\":1}", signature}}}), 1 << 20);
    REQUIRE(push.has_value());
    CHECK(*push ==
          "{\"_format\":1,\"epoch\":\"" + epoch + "\"}\nC " + signature_text + " {\"x\":1}\n");
    const auto pull = decompress_frame(encode_pull(some_pull()), 1 << 20);
    REQUIRE(pull.has_value());
    CHECK(*pull ==
          pull_text("E " + signature_text + " {\"n\":1}\nE " + signature_text +
                    " {\"n\":2}\nD 0190a2b4-0000-7000-8000-00000000000a\nC 7 " + signature_text +
                    " {\"seq\":1}\nC 9 " + signature_text +
                    " {\"seq\":2}\nT {\"cursor\":9,\"delivered\":[[\"" + hex32 +
                    "\",12]],\"entries\":2,\"more\":false,\"not_applied\":[{\"code\":"
                    "\"unknown_form\",\"detail\":\"no form x\",\"seq\":3,\"standing\":\"parked\"}"
                    "]}\n"));
}

TEST_CASE("a member of another type is refused with its name; unknown members are passed over") {
    struct Case {
        const char* body;
        const char* where;
    };
    const auto check = [](const auto& decode, const std::vector<Case>& cases) {
        for (const Case& one : cases) {
            CAPTURE(one.body);
            const auto decoded = decode(one.body);
            if (*one.where == '\0') {
                CHECK(decoded.has_value());
                continue;
            }
            REQUIRE_FALSE(decoded.has_value());
            CHECK(decoded.error().code == ErrorCode::malformed);
            CHECK(decoded.error().where == one.where);
        }
    };
    check(decode_enrol_request,
          {{R"({"code":"a","public_key":"b","signature":"c","name":"d","newer":[1]})", ""},
           {R"({"code":"a","public_key":"b","signature":"c"})", ""},
           {R"({"code":1,"public_key":"b","signature":"c"})", "code"},
           {R"({"code":"a","signature":"c"})", "public_key"},
           {R"({"code":"a","public_key":"b","signature":"c","name":7})", "name"}});
    check(decode_session_request,
          {{R"({"device":"a","head_seq":0,"head_hash":"","clock_ms":1,"x":null})", ""},
           {R"({"device":"a","head_seq":"0","head_hash":""})", "head_seq"},
           {R"({"device":"a","head_seq":0.5,"head_hash":""})", "head_seq"},
           {R"({"device":"a","head_seq":0})", "head_hash"}});
    check(
        decode_push_answer,
        {{R"({"acknowledged_seq":1,"received":1,"repeated":0})", ""},
         {R"({"acknowledged_seq":1,"received":1,"repeated":0,"not_applied":[{}]})", "not_applied"},
         {R"({"acknowledged_seq":true,"received":1,"repeated":0})", "acknowledged_seq"}});
    check(decode_hashes, {{R"({"hashes":[]})", ""},
                          {R"({"hashes":["zz"]})", "hashes"},
                          {R"({"hashes":[1]})", "hashes"},
                          {R"({"hashes":{}})", "hashes"},
                          {R"({})", "hashes"}});
    check(decode_missing, {{R"({"missing":[]})", ""},
                           {R"({"missing":[{"hash":"a"}]})", "missing"},
                           {R"({"missing":[7]})", "missing"}});
    for (const char* body : {"", "[]", "7", "{", "{\"code\":}", "\xff"}) {
        CAPTURE(body);
        CHECK_FALSE(decode_enrol_request(body).has_value());
        CHECK_FALSE(decode_session_answer(body).has_value());
        CHECK_FALSE(decode_hashes(body).has_value());
    }
}

TEST_CASE("garbled frames are refused with the line") {
    const std::string one = "C " + signature_text + " {}\n";
    struct Case {
        const char* what;
        std::string text;
        ErrorCode code;
        const char* where;
    };
    const std::vector<Case> pulls{
        {"nothing", "", ErrorCode::malformed, "frame"},
        {"no head", trailer_line, ErrorCode::malformed, "byte 1"},
        {"head of a newer format", "{\"_format\":2,\"epoch\":\"e\"}\n" + trailer_line,
         ErrorCode::version_unsupported, "_format"},
        {"no epoch", "{\"_format\":1}\n" + trailer_line, ErrorCode::malformed, "epoch"},
        {"no trailer", pull_text(""), ErrorCode::interrupted, "frame"},
        {"cut in the trailer", pull_text(trailer_line.substr(0, 20)), ErrorCode::interrupted,
         "frame"},
        {"unknown line", pull_text("X y\n" + trailer_line), ErrorCode::malformed, "line 2"},
        {"no ssn", pull_text(one + trailer_line), ErrorCode::malformed, "line 2"},
        {"ssn of 0", pull_text("C 0 " + signature_text + " {}\n" + trailer_line),
         ErrorCode::malformed, "line 2"},
        {"ssn with a sign", pull_text("C +7 " + signature_text + " {}\n" + trailer_line),
         ErrorCode::malformed, "line 2"},
        {"ssn with a zero in front", pull_text("C 07 " + signature_text + " {}\n" + trailer_line),
         ErrorCode::malformed, "line 2"},
        {"short signature", pull_text("E AAAA {}\n" + trailer_line), ErrorCode::malformed,
         "line 2"},
        {"dropped what is no id", pull_text("D x\n" + trailer_line), ErrorCode::malformed,
         "line 2"},
        {"empty line", pull_text("\n" + trailer_line), ErrorCode::malformed, "line 2"},
        {"trailer of another type", pull_text("T {\"cursor\":\"0\"}\n"), ErrorCode::malformed,
         "cursor"},
        {"something after the trailer", pull_text(trailer_line + "D x\n"), ErrorCode::malformed,
         "line 2"}};
    for (const Case& bad : pulls) {
        CAPTURE(bad.what);
        const auto decoded = decode_pull(compress_frame(bad.text));
        REQUIRE_FALSE(decoded.has_value());
        CHECK(decoded.error().code == bad.code);
        CHECK(decoded.error().where == bad.where);
    }
    const std::vector<Case> pushes{
        {"another line", pull_text("E " + signature_text + " {}\n"), ErrorCode::malformed,
         "line 2"},
        {"no signature", pull_text("C {}\n"), ErrorCode::malformed, "line 2"},
        {"last line cut", pull_text(one + one.substr(0, 40)), ErrorCode::malformed, "frame"},
        {"nothing", "", ErrorCode::malformed, "frame"}};
    for (const Case& bad : pushes) {
        CAPTURE(bad.what);
        const auto decoded = decode_push(compress_frame(bad.text));
        REQUIRE_FALSE(decoded.has_value());
        CHECK(decoded.error().code == bad.code);
        CHECK(decoded.error().where == bad.where);
    }
}

TEST_CASE("a frame cut off or changed anywhere never reads as another message") {
    const std::string whole = encode_pull(some_pull());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(decode_pull(whole.substr(0, size)).has_value());
        CHECK_FALSE(decode_push(whole.substr(0, size)).has_value());
    }
    CHECK_FALSE(decode_pull(whole + "x").has_value());
    CHECK_FALSE(decode_pull(whole + whole).has_value());
    // Flipped bits: whatever still decodes does so without a crash (signatures decide later).
    ManualEnv dice(20080512);
    for (int i = 0; i < 2000; ++i) {
        std::string changed = whole;
        changed[dice.next_u64() % changed.size()] ^= static_cast<char>(1u << (dice.next_u64() % 8));
        (void)decode_pull(changed);
        (void)decode_push(changed);
    }
}

TEST_CASE("a frame cannot make the reader take much memory") {
    // Magic, a descriptor without content size, the window (1 << 10 + exponent), an empty block.
    const auto frame_with_window = [](int exponent) {
        return std::string("\x28\xb5\x2f\xfd\x00", 5) + static_cast<char>(exponent << 3) +
               std::string("\x01\x00\x00", 3);
    };
    CHECK(decompress_frame(frame_with_window(13), 10).has_value());  // 8 MiB
    for (const int exponent : {14, 17, 31}) {
        CAPTURE(exponent);
        const auto refused = decompress_frame(frame_with_window(exponent), 10);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::too_large);
    }
}

TEST_CASE("limits of a push") {
    PushRequest push{epoch, {}};
    push.changesets.assign(WireLimits::push_changesets_max, {"{}", signature});
    CHECK(decode_push(encode_push(push)).has_value());
    push.changesets.push_back({"{}", signature});
    const auto many = decode_push(encode_push(push));
    REQUIRE_FALSE(many.has_value());
    CHECK(many.error().code == ErrorCode::too_large);
    // 9 MiB of nothing fit into a few hundred bytes of frame.
    push.changesets.assign(9, {std::string(1u << 20, ' '), signature});
    const auto large = decode_push(encode_push(push));
    REQUIRE_FALSE(large.has_value());
    CHECK(large.error().code == ErrorCode::too_large);
}

TEST_CASE("errors come back with code, message and where") {
    const Error sent{ErrorCode::fork, "两段历史", "changesets[3]"};
    const Error got = decode_error(encode_error(sent), 409);
    CHECK(got.code == sent.code);
    CHECK(got.message == sent.message);
    CHECK(got.where == sent.where);
    CHECK(encode_error({ErrorCode::busy, "m", "w"}) ==
          R"({"error":{"code":"busy","message":"m","where":"w"}})");

    // From something that is no Zoufang server, or newer than this program.
    for (const char* body : {"", "<html>", "[]", "{}", R"({"error":"x"})", R"({"error":{}})"}) {
        CAPTURE(body);
        CHECK(decode_error(body, 502).code == ErrorCode::unreachable);
        CHECK(decode_error(body, 502).message.find("502") != std::string::npos);
    }
    CHECK(decode_error(R"({"error":{"code":"of_tomorrow","message":"m"}})", 418).code ==
          ErrorCode::internal);
}

TEST_CASE("either side learns who must be updated") {
    CHECK(encode_error({ErrorCode::version_unsupported, "m", ""}) ==
          R"({"error":{"code":"version_unsupported","message":"m","where":""},)"
          R"("speaks":{"max":1,"min":1}})");
    const auto answer = [](const char* speaks) {
        return decode_error(R"({"error":{"code":"version_unsupported","message":"m"},"speaks":)" +
                                std::string(speaks) + "}",
                            426);
    };
    CHECK(answer(R"({"max":3,"min":2})").message.find("this program is too old") == 0);
    CHECK(answer(R"({"max":0,"min":0})").message.find("server is older") != std::string::npos);
    CHECK(answer("null").code == ErrorCode::version_unsupported);
}

TEST_CASE("the header that proves a session") {
    CHECK(authorization_header("dev", "chal", std::string(3, '\0')) == "Zoufang dev.chal.AAAA");
}

}  // namespace zf
