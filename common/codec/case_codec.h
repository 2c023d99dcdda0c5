// Case files (`field-case/1`): what a group of people entered, reviewed and synced over some
// months, to be replayed against real stores. What the replay is compared with (`expected*`) is
// read apart from it, so that it cannot leak into the result.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/model/form.h"
#include "common/model/value.h"

namespace zf {

struct CaseStaff {
    std::string id, name, name_en, device;
};

struct OfflineSpan {
    std::string device;
    Date from, to;  // skips the evenings from `from` up to, not including, `to`
};

enum class CaseOpKind { create, set, voiding, alias, resolve };

struct CaseOp {
    std::string op, device, user, record, form;
    std::int64_t at_ms = 0;
    CaseOpKind kind = CaseOpKind::create;
    Members set;  // references name records as the case does
};

struct CaseReview {
    std::string op, user;
    std::int64_t at_ms = 0;
    std::vector<std::string> records;
    std::string status, note;
};

struct CaseFile {
    std::string case_id, period;
    int nightly_minutes = 21 * 60;  // of the day, at the bureau's offset
    std::vector<CaseStaff> staff;
    std::vector<OfflineSpan> offline;
    std::vector<CaseOp> ops;  // in file order
    std::vector<CaseReview> reviews;

    /// The id that stands for a local record name.
    [[nodiscard]] Uuid record_id(std::string_view name) const;
};

/// Refused `malformed` with the place ("ops[17].at").
Result<CaseFile> decode_case(const Value& json);

/// What the case's source says about an indicator, to be shown beside the figure.
struct SourceFigure {
    std::string text;  // of the source; may be empty
};
std::map<std::string, SourceFigure> decode_source_figures(const Value& json);

/// An entered set with local names replaced by record ids, as the form's reference fields and
/// `_alias_of` demand. Names that no op creates are replaced too: they lead nowhere.
Members with_record_ids(const CaseFile& file, const Form* form, const Members& set);

}  // namespace zf
