// Reads form files (schema "field-forms/1", common/data/forms.json) into a FormCatalog. Knows the
// shape of the file; what makes a catalog sound is common/model/catalog_check.h.
#pragma once

#include "common/base/result.h"
#include "common/model/form.h"
#include "common/model/value.h"

namespace zf {

/// Decodes and checks a form file. Members that this version does not know are ignored, operators
/// and options in expressions are not: a rule half understood would be a wrong rule. Refused as
/// `malformed`: `where` is the first place that is wrong ("forms[3].fields[7].choices"), the
/// message names every place with what is wrong and what would be right, at most 20 of them.
Result<FormCatalog> decode_forms(const Value& json);

}  // namespace zf
