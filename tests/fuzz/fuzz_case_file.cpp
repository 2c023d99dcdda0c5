// Case files: a refusal names the place; what is accepted is the same from its canonical text, and
// its record names lead to ids that are names no more.
#include <cstdio>

#include "common/codec/case_codec.h"
#include "common/codec/json.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/model/sample_catalog.h"

namespace {

using zf::Members;
using zf::Value;

/// Everything in a case, as one text.
std::string text_of(const zf::CaseFile& file) {
    std::string text = file.case_id + file.period + std::to_string(file.nightly_minutes);
    for (const zf::CaseStaff& one : file.staff)
        text += one.id + one.name + one.name_en + one.device;
    for (const zf::OfflineSpan& span : file.offline) {
        ZF_ASSERT(span.from <= span.to);
        text += span.device + span.from.text() + span.to.text();
    }
    for (const zf::CaseOp& op : file.ops) {
        const Members set =
            zf::with_record_ids(file, zf::test::sample_forms().find(op.form), op.set);
        ZF_ASSERT(set.size() == op.set.size());
        ZF_ASSERT(!zf::parse_uuid(op.record) || file.record_id(op.record).text() != op.record);
        text += op.op + op.device + op.user + op.record + op.form + std::to_string(op.at_ms) +
                std::to_string(static_cast<int>(op.kind)) + zf::canonical_text(Value(op.set)) +
                zf::canonical_text(Value(set));
    }
    for (const zf::CaseReview& review : file.reviews) {
        text += review.op + review.user + review.status + review.note;
        text += std::to_string(review.at_ms);
        for (const std::string& record : review.records) text += record;
    }
    return text;
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto json = parse_json(bytes);
    if (!json) return Verdict::refused;
    static_cast<void>(decode_source_figures(*json));
    const auto file = decode_case(*json);
    const auto again = decode_case(*parse_json(canonical_text(*json)));
    ZF_ASSERT(file.has_value() == again.has_value());
    if (!file) {
        check_refusal(file.error());
        return Verdict::refused;
    }
    ZF_ASSERT(text_of(*file) == text_of(*again));
    if (const Value* nightly = json->find("nightly_sync"); nightly && nightly->text()) {
        char time[8];
        std::snprintf(time, sizeof time, "%02d:%02d", file->nightly_minutes / 60 % 24,
                      file->nightly_minutes % 60);
        ZF_ASSERT(*nightly->text() == time);
    }
    return Verdict::accepted;
}
