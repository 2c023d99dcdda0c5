// Whether decoded indicators fit the forms: their fields exist and have the types that operators,
// periods and aggregates need. Looks at no record and no JSON.
#pragma once

#include "common/base/result.h"
#include "common/model/form.h"
#include "common/report/indicator.h"

namespace zf {

/// Refused as `unknown_form`, `unknown_field`, `wrong_type` or `unknown_choice` with the place in
/// the indicator file ("indicators[3].def.where[0].field").
Result<void> check_against_forms(const IndicatorCatalog& catalog, const FormCatalog& forms);

}  // namespace zf
