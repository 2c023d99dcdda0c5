// Records as other programs and spreadsheets read them: every record that is neither voided nor
// joined, approved or not, with its values as shown.
//
//   JSON  array of {"record": uuid, "form": id, "status": name, "values": {field: value}}, by form
//         (in catalog order, unknown ones last) and record id
//   CSV   RFC 4180 in UTF-8 with a byte order mark (spreadsheets guess wrong without one): record,
//         form, status, then a column per field name of the forms at hand, in their order. Lists
//         of texts are joined by "; ", rows and places are JSON. Cells that a spreadsheet would
//         run as a formula get a ' in front. Fields that no form knows are in JSON only.
#pragma once

#include <optional>
#include <string>

#include "common/base/date.h"
#include "common/base/result.h"
#include "common/model/value.h"
#include "common/store/change_log.h"

namespace zf {

struct ExportChoice {
    std::string form;              // empty: all forms
    std::optional<Period> period;  // by the form's date field; records without that date are out
    bool personal = false;         // personal fields too
    Date today;                    // for rules, and so for the status
};

/// Error: `unknown_form`.
Result<Value> export_json(ChangeLog& log, const ExportChoice& choice);
/// Error: `unknown_form`.
Result<std::string> export_csv(ChangeLog& log, const ExportChoice& choice);

}  // namespace zf
