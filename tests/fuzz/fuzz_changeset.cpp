// Changesets: what is accepted is exactly what would be written for it; refusals say what is wrong.
#include "common/codec/changeset_codec.h"
#include "tests/fuzz/fuzz_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = zf::text_of(data, size);
    const auto changeset = zf::decode_changeset(bytes);
    if (changeset) {
        ZF_ASSERT(size <= zf::ChangesetLimits::bytes_max);
        ZF_ASSERT(!changeset->records.empty());
        ZF_ASSERT(!changeset->ops.empty());
        ZF_ASSERT(changeset->ops.size() <= zf::ChangesetLimits::ops_max);
        ZF_ASSERT(zf::encode_changeset(*changeset) == bytes);
        ZF_ASSERT(zf::author_of(bytes) == changeset->device);
    } else {
        ZF_ASSERT(!changeset.error().message.empty());
    }
    return 0;
}
