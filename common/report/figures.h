// Figures: indicators computed over the approved records for a period. Pure and exact: rounding
// happens once, for display. Knows no store, no JSON and no screen.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/date.h"
#include "common/base/decimal.h"
#include "common/model/form.h"
#include "common/report/approved_records.h"
#include "common/report/exact.h"
#include "common/report/indicator.h"

namespace zf {

struct Figure {
    std::string id;                    // of the indicator
    std::optional<Exact> exact;        // nothing: no operand, a zero denominator, too many digits
    std::optional<std::string> value;  // plain decimal; of a quotient rounded to its decimals
    std::string display;               // "1.29", "51.7%"; "—" when there is no value
    std::vector<Uuid> records;         // the distinct records behind it, ascending
};

struct FigureSet {
    Period period;
    std::vector<Figure> figures;  // in the order of the indicators

    [[nodiscard]] const Figure* find(std::string_view id) const;
};

/// All figures of a period, each form's records read once. The indicators are a catalog that
/// decode_indicators accepted (ids unique, ratios and differences without a cycle). A form or
/// field that `forms` does not know gives an empty figure or a missing operand; a stored value
/// that does not fit its field's type is neither null nor equal to anything. A quotient whose
/// exact parts would not fit into 37 digits has no value.
FigureSet compute_figures(const std::vector<Indicator>& indicators, const Period& period,
                          const FormCatalog& forms, const ApprovedRecords& records);

/// What stands for a figure without a value.
inline constexpr std::string_view no_figure = "—";

}  // namespace zf
