// Drives screens without a window: frames on virtual time, clicks and typing by registry key,
// never by coordinates. One at a time, as ImGui has one current context.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/ui/kit.h"
#include "client/ui/textures.h"

struct ImGuiContext;

namespace zf::testing {

/// Textures without a graphics card.
class CountedTextures final : public ui::Textures {
public:
    ui::TextureId upload(int, int, std::span<const std::uint8_t>) override {
        ++alive;
        return ++last;
    }
    void release(ui::TextureId texture) override {
        if (texture != 0) --alive;
    }
    int alive = 0;
    ui::TextureId last = 0;
};

class Headless {
public:
    explicit Headless(Language language = Language::zh_hans, ui::Theme theme = {},
                      float width = 1366, float height = 768);
    ~Headless();
    Headless(const Headless&) = delete;
    Headless& operator=(const Headless&) = delete;

    Messages& messages() { return messages_; }
    CountedTextures& textures() { return textures_; }
    ui::Kit& kit() { return *kit_; }
    /// What draws a frame from now on.
    void show(std::function<void()> draw);

    void frame(double seconds = 1.0 / 60);
    /// Frames until the input is worked off.
    void settle();
    /// Lets time pass as an event-driven window would: a frame where one was asked for.
    void wait(double seconds);

    [[nodiscard]] bool has(std::string_view key) const { return kit_->find(key) != nullptr; }
    /// A widget that must be there.
    const ui::WidgetState& expect(std::string_view key);
    [[nodiscard]] std::string value(std::string_view key) { return expect(key).value; }
    /// Scrolls there when it must and presses the left button on its middle.
    void click(const std::string& key);
    /// Puts the text in the place of what stands in the box, as if typed.
    void type(const std::string& key, std::string_view utf8);
    /// Types to whatever has the keyboard.
    void type_on(std::string_view utf8);
    /// "Tab", "Shift+Tab", "Enter", "Ctrl+Enter", "Escape", "Space", "Up", "Down", "Left", "Right",
    /// "Backspace", "Home", "End", "PageUp", "PageDown", "F1", letters and digits with "Ctrl+".
    void press(std::string_view key);
    void copy_to_clipboard(std::string_view utf8);
    /// Opens the list of a box and presses one of its options.
    void choose(const std::string& key, const std::string& option);
    /// The wheel over a widget; above 0: upwards.
    void wheel(const std::string& key, float notches);
    /// Presses in the middle of one widget and lets go that much lower (or higher, below 0).
    void drag(const std::string& key, float dy);

    /// What is wrong with how the frame looks: targets below 48 pixels at scale 1, texts that are
    /// cut, targets outside the screen's width; empty when all is well.
    std::vector<std::string> flaws();

private:
    ImGuiContext* context_;
    Messages messages_;
    CountedTextures textures_;
    std::unique_ptr<ui::Kit> kit_;
    std::function<void()> draw_;
};

}  // namespace zf::testing
