#include "common/report/figure_json.h"

#include <cstdint>
#include <utility>

namespace zf {

Value figures_value(const FigureSet& figures) {
    Members members;
    for (const Figure& figure : figures.figures) {
        members.emplace_back(
            figure.id, Members{{"value", figure.value ? Value(*figure.value) : Value()},
                               {"display", figure.display},
                               {"records", static_cast<std::int64_t>(figure.records.size())}});
    }
    return members;
}

}  // namespace zf
