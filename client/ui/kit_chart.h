// Small charts for a few numbers: bars, lines, a ring. Each is in the registry with its values as
// text, so that what is drawn can be read without seeing it. Knows nothing of what is counted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/ui/kit.h"

namespace zf::ui {

struct ChartPart {
    std::string label;
    double value = 0;  // not below 0
    Tone tone = Tone::accent;
    std::string sign;  // drawn in the part, as no part is told by its colour alone
};

/// Bars beside each other from a common ground line, the value above each and labels below as far
/// as there is room. The value in the registry: "LABEL=VALUE; ...".
void show_bars(Kit& kit, std::string_view key, std::string_view text,
               const std::vector<ChartPart>& bars, float width, float height);

/// A ring of shares with the whole in its middle. Parts of 0 are left out.
void show_ring(Kit& kit, std::string_view key, std::string_view text,
               const std::vector<ChartPart>& parts, float size);

/// A line through many values: per column of pixels from its least to its greatest value, so that
/// no peak is lost however many there are. Registry: "COUNT values, MIN to MAX".
void show_line(Kit& kit, std::string_view key, std::string_view text,
               const std::vector<double>& values, float width, float height);

/// What show_line draws: least and greatest value of each column; a column without values of its
/// own joins its neighbours. Empty without values.
struct ChartColumn {
    double least = 0, greatest = 0;
};
std::vector<ChartColumn> chart_columns(const std::vector<double>& values, std::size_t columns);

/// A whole number without, others with one decimal.
std::string chart_number(double value);

}  // namespace zf::ui
