// Golden bytes of what stores keep: written by hand from the grammars above the writers. A change
// here means that every store out there would have to be rebuilt.
#include <doctest/doctest.h>

#include "common/codec/changeset_codec.h"
#include "common/codec/record_codec.h"

namespace zf {
namespace {

constexpr const char* device_hex = "01000000000000000000000000000000";
constexpr const char* other_hex = "ff000000000000000000000000000000";
constexpr const char* record_text = "00000000-0000-0000-0000-000000000001";

DeviceId device() {
    return *parse_device_id(device_hex);
}
DeviceId other() {
    return *parse_device_id(other_hex);
}

Changeset edit() {
    Changeset changeset;
    changeset.device = other();
    changeset.seq = 7;
    changeset.previous = *parse_hash256(std::string(64, 'a'));
    changeset.hlc = {1211000000000, 2};
    changeset.at_ms = -5;
    changeset.user = "工作人员甲";
    changeset.records.push_back({*parse_uuid(record_text), "hazard", 3, {{device(), 4}}});
    Op clear;
    clear.field = "action";
    clear.supersedes = {{device(), 4, 1}, {device(), 4, 10}};
    clear.value = Value();
    Op remove;
    remove.field = "photos";
    remove.supersedes = {{other(), 6, 0}};
    Op voiding;
    voiding.field = "_void";
    voiding.value = Value(true);
    voiding.saw = {{"action", {{device(), 4, 1}}}, {"photos", {{other(), 6, 0}}}};
    Op place;
    place.field = "location";
    place.value = Value(Members{{"lon", "107.1"}, {"lat", "31.56"}});
    Op text;
    text.field = "description";
    text.value = Value("𠮷\n\"\\\x01/");
    changeset.ops = {clear, remove, voiding, place, text};
    return changeset;
}

}  // namespace

TEST_CASE("golden bytes of a changeset") {
    const std::string expected =
        R"({"_format":1,"at":-5,"devices":["ff000000000000000000000000000000",)"
        R"("01000000000000000000000000000000"],"hlc":[1211000000000,2],"ops":[)"
        R"({"field":"action","supersedes":[[1,4,1],[1,4,10]],"value":null},)"
        R"({"field":"photos","supersedes":[[0,6,0]]},)"
        R"({"field":"_void","saw":{"action":[[1,4,1]],"photos":[[0,6,0]]},"value":true},)"
        R"({"field":"location","value":{"lat":"31.56","lon":"107.1"}},)"
        R"({"field":"description","value":"𠮷\n\"\\\u0001/"}],"previous":")" +
        std::string(64, 'a') +
        R"(","records":[{"form":"hazard","id":"00000000-0000-0000-0000-000000000001",)"
        R"("parents":[[1,4]],"version":3}],"seq":7,"user":"工作人员甲"})";
    CHECK(encode_changeset(edit()) == expected);
    const auto decoded = decode_changeset(expected);
    REQUIRE(decoded.has_value());
    CHECK(encode_changeset(*decoded) == expected);
    CHECK(author_of(expected) == other());
}

TEST_CASE("each byte of a changeset changed: refused, or another changeset with other bytes") {
    const std::string bytes = encode_changeset(edit());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (const int bit : {1, 4, 32}) {
            std::string changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ bit);
            const auto decoded = decode_changeset(changed);
            if (decoded) CHECK(encode_changeset(*decoded) == changed);
        }
    }
}

TEST_CASE("golden bytes of a document") {
    RecordDoc doc;
    doc.id = *parse_uuid(record_text);
    doc.form = "hazard";
    doc.form_version = 3;
    doc.changesets = 2;
    doc.created = {{1000, 0}, {device(), 4, 0}, "a", 1000};
    doc.updated = {{2000, 1}, {other(), 7, 0}, "b", 1999};
    doc.heads = {{other(), 7}};
    doc.submitted = true;
    const LiveValue seen{{device(), 4, 1}, {1000, 0}, Value(35), {}};
    const LiveValue voided{
        {other(), 7, 0}, {2000, 1}, Value(true), {{"households", {{device(), 4, 1}}}}};
    doc.fields = {{"_void", {voided}}, {"households", {seen}}};
    doc.notes = {{"_void_reason", {{other(), 7, 1}, {2000, 1}, Value("重复")}}};
    doc.reviews = {{ReviewKind::approved,
                    {{other(), 7, 2}, {2000, 1}, "b", 1999, {{"households", {{device(), 4, 1}}}}}}};
    doc.approved = {{"households", {seen}}};
    const std::string expected =
        R"({"_format":1,"approved":{"households":true},"changesets":2,)"
        R"("created":[[1000,0],[0,4,0],"a",1000],"devices":["01000000000000000000000000000000",)"
        R"("ff000000000000000000000000000000"],"fields":{"_void":[[[1,7,0],[2000,1],true,)"
        R"({"households":[[0,4,1]]}]],"households":[[[0,4,1],[1000,0],35]]},"form":"hazard",)"
        R"("heads":[[1,7]],"id":"00000000-0000-0000-0000-000000000001",)"
        R"("notes":{"_void_reason":[[1,7,1],[2000,1],"重复"]},)"
        R"("reviews":[["approved",[1,7,2],[2000,1],"b",1999,{"households":[[0,4,1]]}]],)"
        R"("submitted":true,"updated":[[2000,1],[1,7,0],"b",1999],"version":3})";
    CHECK(encode_record(doc) == expected);
    const auto decoded = decode_record(expected);
    REQUIRE(decoded.has_value());
    CHECK(*decoded == doc);
    CHECK_FALSE(decode_record(expected.substr(0, expected.size() - 1)).has_value());
    CHECK_FALSE(decode_record("{}").has_value());
}

}  // namespace zf
