// A server's store for fuzz targets: two laptops with fixed keys, the sample forms, and the same
// state at the beginning of every input. Signs what an input says, so that it gets past the
// signatures. Knows no road on which it comes.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/env.h"
#include "common/codec/wire.h"
#include "server/store/central_store.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {

class SmallBureau {
public:
    SmallBureau();

    /// The store as at the beginning. What was left by the input before is gone.
    CentralStore& begin();
    CentralStore& store() { return *store_; }
    /// Whether anything was written since `begin`.
    bool is_changed();
    /// Asserts that the store is sound, if it was changed.
    void check_soundness();
    /// The merged state and what waits, as one text.
    std::string state();

    /// A push from lines "C {...}" and "A {...}". In a changeset the device "own" or "other" stands
    /// for a laptop's id, the previous hash "own" for that of the line before by the same author;
    /// everything is then written canonically and signed by the author. A text that is no JSON is
    /// signed as it is.
    PushRequest push_of(std::string_view lines);
    /// An entry of the bureau's log with these bytes.
    BureauEntry entry_of(std::string bytes);

    const KeyPair own = KeyPair::from_seed({1}), other = KeyPair::from_seed({2});
    const std::filesystem::path& folder() const { return folder_.path; }
    ManualEnv env{20080512, 1'211'000'000'000};
    std::string enrolment_code;  // not used yet

private:
    void make_template();
    std::int64_t total_changes();
    SignedChangeset signed_changeset(std::string_view line, std::string& before_own,
                                     std::string& before_other) const;

    ScratchFolder folder_;
    std::unique_ptr<CentralStore> store_;
    std::int64_t changes_at_begin_ = 0;
};

/// The lines of a text, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace zf::testing
