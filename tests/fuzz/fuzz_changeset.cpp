// Changesets: what is accepted is exactly what would be written for it; refusals say what is wrong.
#include "common/codec/changeset_codec.h"
#include "tests/fuzz/fuzz_target.h"

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto changeset = decode_changeset(bytes);
    if (!changeset) {
        check_refusal(changeset.error());
        return Verdict::refused;
    }
    ZF_ASSERT(bytes.size() <= ChangesetLimits::bytes_max);
    ZF_ASSERT(!changeset->records.empty());
    ZF_ASSERT(!changeset->ops.empty());
    ZF_ASSERT(changeset->ops.size() <= ChangesetLimits::ops_max);
    ZF_ASSERT(changeset->seq >= 1 && changeset->seq <= ChangesetLimits::seq_max);
    ZF_ASSERT(encode_changeset(*changeset) == bytes);
    ZF_ASSERT(author_of(bytes) == changeset->device);
    return Verdict::accepted;
}
