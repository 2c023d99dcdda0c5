// Documents of records as stores keep them: what is accepted is written and read without a
// difference, and can be shown whatever it holds.
#include "common/codec/record_codec.h"
#include "common/merge/record_view.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/model/sample_catalog.h"

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto doc = decode_record(bytes);
    if (!doc) {
        check_refusal(doc.error());
        ZF_ASSERT(doc.error().code == ErrorCode::damaged);
        return Verdict::refused;
    }
    const std::string written = encode_record(*doc);
    const auto again = decode_record(written);
    ZF_ASSERT(again.has_value() && *again == *doc);
    ZF_ASSERT(encode_record(*again) == written);
    // Whatever the fields hold, with the form at hand or without it.
    for (const Form* form : {&test::sample_form(), static_cast<const Form*>(nullptr)}) {
        static_cast<void>(shown_values(*doc, form));
        static_cast<void>(approved_values(*doc, form));
        for (const Conflict& conflict : find_conflicts(*doc, form)) {
            ZF_ASSERT(conflict.values.size() > 1 || conflict.kind != ConflictKind::value);
        }
    }
    static_cast<void>(status_of(*doc, false));
    static_cast<void>(has_pending_amendment(*doc));
    static_cast<void>(seen_by_reader(*doc));
    return Verdict::accepted;
}
