// Replays a case: one real store per laptop, a real server over HTTPS on loopback, evenings of
// sync, reviews, and what came out of it. Reads nothing of what the case expects.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/codec/case_codec.h"
#include "common/model/value.h"
#include "common/report/figures.h"
#include "common/report/indicator.h"
#include "packaging/replay/conflict_watch.h"

namespace zf {

/// What became of the case.
struct ReplayResult {
    Value json;  // the result that programs read
    FigureSet figures;
    IndicatorCatalog indicators;
    FormCatalog forms;
    std::vector<ConflictRun> conflicts;
    std::vector<std::pair<std::string, std::string>> duplicates;  // by case names
    long skipped_ops = 0, refused_reviews = 0, evenings = 0;
};

class Bureau;

/// A line of progress for people.
using Tell = std::function<void(const std::string&)>;

/// Replays `file` with its stores under `work`. Errors: a store or server that cannot be opened,
/// a sync that fails (on loopback none may); what `after` returns, which is called with the result
/// while the server still runs.
using AfterReplay = std::function<Result<void>(Bureau&, const ReplayResult&)>;
Result<ReplayResult> replay_case(const CaseFile& file, const std::filesystem::path& work,
                                 const Tell& tell, const AfterReplay& after = {});

}  // namespace zf
