// JSON: what is read is written in one canonical text, and reads the same from it and from the
// text for people.
#include "common/codec/json.h"
#include "tests/fuzz/fuzz_target.h"

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto json = parse_json(bytes);
    if (!json) {
        check_refusal(json.error());
        ZF_ASSERT(json.error().where.starts_with("byte "));
        return Verdict::refused;
    }
    const std::string text = canonical_text(*json);
    const auto again = parse_json(text);
    ZF_ASSERT(again.has_value());
    ZF_ASSERT(canonical_text(*again) == text);
    const auto pretty = parse_json(pretty_json(*json));
    ZF_ASSERT(pretty.has_value() && *pretty == *json);
    return Verdict::accepted;
}
