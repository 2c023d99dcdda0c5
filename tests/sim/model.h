// The independent model: what the set of applied changesets means, by the definition and with
// none of the product's merge code. Slow and short on purpose.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/model/changeset.h"
#include "common/store/change_log.h"

namespace zf::sim {

/// Per record and field: the live dots with their values as canonical text.
struct ModelRecord {
    std::map<std::string, std::map<Dot, std::string>> live;
    std::map<std::string, std::set<Dot>> approved;  // what the newest approval named
    bool submitted = false;
    bool operator==(const ModelRecord&) const = default;
};

using Model = std::map<Uuid, ModelRecord>;

/// A write is live unless another write of the set names it.
Model model_of(const std::vector<Changeset>& applied);

/// What a store's documents say, in the same terms.
Model documents_of(ChangeLog& log);

/// The applied changesets of a store, decoded.
std::vector<Changeset> applied_changesets(ChangeLog& log);

/// The first difference in words; empty when equal.
std::string difference(const Model& expected, const Model& found);

}  // namespace zf::sim
