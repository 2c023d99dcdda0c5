// A line of widgets that goes on in the next one where the screen is too narrow. Made before its
// first widget is drawn.
#pragma once

#include <algorithm>

#include "client/ui/kit.h"

namespace zf::ui {

class Flow {
public:
    explicit Flow(Kit& kit) : kit_(kit), width_(kit.width_left()), first_(kit.widgets().size()) {}

    /// The next widget stands beside the last one, `gap` away, if it fits with `needed` pixels.
    void next(float needed, float gap_at_scale_1 = 8) {
        const Rect& last = kit_.widgets().back().rect;
        const float right = kit_.widgets()[first_].rect.x + width_;
        const float gap = kit_.px(gap_at_scale_1);
        if (last.x + last.w + gap + needed <= right) kit_.same_line(gap);
    }
    /// The same for a button with this label.
    void next_button(std::string_view label, float gap_at_scale_1 = 8) {
        next(std::max(kit_.text_width(label) + kit_.px(32), kit_.target()), gap_at_scale_1);
    }

private:
    Kit& kit_;
    float width_;
    std::size_t first_;  // index of its first widget
};

}  // namespace zf::ui
