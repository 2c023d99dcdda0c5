// Where changesets went that a laptop wrote once more under another identity, and the same in
// whatever names them: changesets and documents. Pure; knows no keys, no store.
#pragma once

#include <cstdint>
#include <vector>

#include "common/merge/record_doc.h"
#include "common/model/changeset.h"

namespace zf {

/// Changeset `after` + i of `from` is `to_after` + i of `to`, for every i from 1 up to `last`.
struct MovedChain {
    DeviceId from;
    std::int64_t after = 0, last = 0;
    DeviceId to;
    std::int64_t to_after = 0;
};

class Moved {
public:
    explicit Moved(std::vector<MovedChain> chains) : chains_(std::move(chains)) {}

    /// The same place when it was not moved.
    [[nodiscard]] ChangesetRef of(const ChangesetRef& ref) const;
    [[nodiscard]] Dot of(const Dot& dot) const;
    /// All that they name, lists in their canonical order again; a changeset's own place too.
    /// `previous` of a changeset is left to whoever knows the new chain.
    void translate(Changeset& changeset) const;
    void translate(RecordDoc& doc) const;

private:
    void translate(std::vector<Dot>& dots) const;
    void translate(std::vector<ChangesetRef>& refs) const;
    void translate(std::vector<SeenField>& seen) const;
    void translate(std::vector<LiveValue>& live) const;

    std::vector<MovedChain> chains_;
};

}  // namespace zf
