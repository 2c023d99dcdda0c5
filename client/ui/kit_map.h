// The canvas of the map: takes the mouse and the keyboard, draws lines, marks, names and pictures
// at pixels of its own. Between begin_map and end_map nothing else is drawn. Knows no records, no
// degrees.
#pragma once

#include <string>
#include <vector>

#include "client/app/map_view.h"
#include "client/ui/kit.h"
#include "client/ui/textures.h"

namespace zf::ui {

enum class MarkShape { square, circle, diamond, triangle };

struct MapMark {
    Spot at;
    MarkShape shape = MarkShape::circle;
    Tone tone = Tone::accent;
    std::string letter;  // one character, or how many records a cluster holds
    bool is_chosen = false, is_cluster = false;
};

/// What the person did to the canvas in this frame; spots in its own pixels.
struct MapInput {
    float dx = 0, dy = 0;  // dragged by
    float zoom_steps = 0;  // above 0: larger
    Spot zoom_at;
    bool pressed = false;  // and let go without dragging
    Spot press_at;
    bool entered = false, backspace = false;  // keys, while it has the keyboard
    bool focused = false;
};

class MapCanvas {
public:
    /// Takes a place of this size and its input.
    MapCanvas(Kit& kit, std::string_view key, std::string_view text, float width, float height);
    /// Enters it into the registry with what it shows.
    void end(std::string_view value);

    [[nodiscard]] const MapInput& input() const { return input_; }

    void line(const std::vector<Spot>& points, Tone tone, float thick_at_scale_1);
    void grid_line(const Spot& from, const Spot& to, std::string_view label);
    void mark(const MapMark& mark);
    /// Drawn with a plate behind it, so that it can be read on any picture. `at`: its middle, or
    /// with `at_left` its left edge.
    void name(const Spot& at, std::string_view text, Tone tone, bool at_left = false);
    /// A name that is left out where it would cover an earlier one.
    void name_if_free(const Spot& at, std::string_view text, Tone tone);
    void cross(const Spot& at);
    void picture(TextureId texture, const Spot& from, const Spot& to, const Spot& part_from,
                 const Spot& part_to);
    /// At the lower left edge.
    void scale_bar(float pixels, std::string_view text);
    /// At the upper right edge: where north is.
    void north(std::string_view letter);

    /// Small, at the lower right edge: whose the pictures are.
    void credit(std::string_view text);

private:
    void take_keys();

    Kit& kit_;
    std::string key_, text_;
    float x_ = 0, y_ = 0, width_ = 0, height_ = 0;
    MapInput input_;
    std::vector<Rect> names_;
};

}  // namespace zf::ui
