// What makes two records of a form the same thing in the world: a licence number with a name, an
// enterprise with a month. Equal keys are a duplicate shown to people, never a conflict.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/model/form.h"
#include "common/model/rule.h"

namespace zf {

/// The id of the record that a reference leads to in the end, through joins; the id itself when
/// it is not joined or unknown here.
using ResolveReference = std::function<std::string(std::string_view record_id)>;

/// One text for all parts of the form's natural key: a JSON list of their canonical values, so
/// that two records of a form have the same key exactly when every part is equal. Nothing when
/// the form has no key or a part is empty.
std::optional<std::string> natural_key_of(const Form& form, const FieldValues& values,
                                          const ResolveReference& resolve_reference);

}  // namespace zf
