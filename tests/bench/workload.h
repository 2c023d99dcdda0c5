// The workloads of tests/bench/gen_workload.py as changesets: 20-field records, edits of shared
// records, and the form they belong to.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/codec/json.h"
#include "common/merge/edit.h"
#include "common/model/form.h"

namespace zf::bench {

/// One record of a workload file: its id and the values given.
struct Row {
    Uuid id;
    Members values;
};

/// A form file with the one form `survey` and the 20 fields of the workloads; key: ent_code.
Value survey_catalog();
/// The same, decoded.
std::shared_ptr<const FormCatalog> survey_forms();

/// Reads a JSON Lines file; decimals become text. Stops the program when the file is missing.
std::vector<Row> load_rows(const std::filesystem::path& file);

/// The ops that create a row.
PlannedEdit creation_of(const FormCatalog& forms, const Row& row);

}  // namespace zf::bench
