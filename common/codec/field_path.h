// Field paths of indicators ("amount", "enterprise.deregistered_on", "adoptions.level", "_id"),
// found in the forms. Shared by reading indicators and by computing them, so that both mean
// the same field; looks at forms only, never at a record.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/model/form.h"

namespace zf {

struct FieldPath {
    bool in_row = false;                  // begins in a row of the unnested repeat field
    std::vector<std::string> references;  // fields of type ref to follow, one after the other
    std::string name;                     // the field at the end
    FieldType type = FieldType::text;     // ref for "_id"
    const Field* field = nullptr;         // nothing for the envelope's names
    const Form* form = nullptr;           // that the field at the end belongs to
};

/// Follows `path` from `form`; `unnest` is the repeat field whose rows are looked at one by one,
/// or empty. Refused as `unknown_field`: a field that is not there, a step through a field that
/// is no reference, a row of a repeat field that is not unnested; as `unknown_form`: a reference
/// to a form that is not there. The error's `where` is empty.
Result<FieldPath> find_field_path(std::string_view path, const Form& form, const FormCatalog& forms,
                                  std::string_view unnest);

/// Type of a name that every record has besides its form's fields ("_id", "_created_at").
std::optional<FieldType> envelope_type(std::string_view name);

}  // namespace zf
