// Figures as JSON: the `indicators` object that programs hand out.
#pragma once

#include "common/model/value.h"
#include "common/report/figures.h"

namespace zf {

/// {"<indicator>": {"value": "12925", "display": "1.29", "records": 42}, ...} in the order of
/// the figures; value: exact decimal text or null, records: how many stand behind the figure.
Value figures_value(const FigureSet& figures);

}  // namespace zf
