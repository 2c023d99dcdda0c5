// References among indicators: a ratio or difference names others. Looks at no form and no JSON.
#pragma once

#include "common/base/result.h"
#include "common/report/indicator.h"

namespace zf {

/// Ids used once, references that lead to an indicator and not back to their start, and decimals
/// for a figure that may never end. Refused as `malformed` with the place in the file.
Result<void> check_references(const IndicatorCatalog& catalog);

}  // namespace zf
