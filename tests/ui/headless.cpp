#include "tests/ui/headless.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "client/ui/kit_draw.h"

namespace zf::testing {
namespace {

/// The keys of the tests; any numbers will do for ImGui 1.86.
enum TestKey : int {
    tab = 1,
    enter,
    escape,
    space,
    up,
    down,
    left,
    right,
    backspace,
    home,
    end,
    page_up,
    page_down,
};

constexpr int first_function_key = 290;  // as GLFW counts, which the kit goes by

void map_keys(ImGuiIO& io) {
    io.KeyMap[ImGuiKey_Tab] = tab;
    io.KeyMap[ImGuiKey_Enter] = enter;
    io.KeyMap[ImGuiKey_Escape] = escape;
    io.KeyMap[ImGuiKey_Space] = space;
    io.KeyMap[ImGuiKey_UpArrow] = up;
    io.KeyMap[ImGuiKey_DownArrow] = down;
    io.KeyMap[ImGuiKey_LeftArrow] = left;
    io.KeyMap[ImGuiKey_RightArrow] = right;
    io.KeyMap[ImGuiKey_Backspace] = backspace;
    io.KeyMap[ImGuiKey_Home] = home;
    io.KeyMap[ImGuiKey_End] = end;
    io.KeyMap[ImGuiKey_PageUp] = page_up;
    io.KeyMap[ImGuiKey_PageDown] = page_down;
    io.KeyMap[ImGuiKey_A] = 'A';
    io.KeyMap[ImGuiKey_V] = 'V';
}

/// Letters and digits are as in ASCII, here and with GLFW.
int key_named(std::string_view name) {
    static const std::map<std::string_view, TestKey> keys{{"Tab", tab},
                                                          {"Enter", enter},
                                                          {"Escape", escape},
                                                          {"Space", space},
                                                          {"Up", up},
                                                          {"Down", down},
                                                          {"Left", left},
                                                          {"Right", right},
                                                          {"Home", home},
                                                          {"Backspace", backspace},
                                                          {"End", end},
                                                          {"PageUp", page_up},
                                                          {"PageDown", page_down}};
    const auto found = keys.find(name);
    if (found != keys.end()) return found->second;
    if (name.size() == 2 && name[0] == 'F') return first_function_key + (name[1] - '1');
    REQUIRE_MESSAGE(name.size() == 1, std::string(name));
    return name[0];
}

}  // namespace

Headless::Headless(Language language, ui::Theme theme, float width, float height)
    : context_(ImGui::CreateContext()), messages_(language) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {width, height};
    ImFontConfig font;
    font.SizePixels = std::round(ui::line_pixels * theme.scale);
    ImFont* added = io.Fonts->AddFontDefault(&font);
    unsigned char* pixels = nullptr;
    int texture_width = 0, texture_height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &texture_width, &texture_height);
    // As wide as in the fonts of real windows: Latin letters on the average, the rest as Chinese.
    constexpr float latin_share = 0.56F;
    const float em = ui::text_pixels * theme.scale;
    for (float& advance : added->IndexAdvanceX) advance = em * latin_share;
    added->FallbackAdvanceX = em;
    map_keys(io);
    kit_ = std::make_unique<ui::Kit>(messages_, theme);
}

Headless::~Headless() {
    kit_.reset();
    ImGui::DestroyContext(context_);
}

void Headless::show(std::function<void()> draw) {
    draw_ = std::move(draw);
    settle();
}

void Headless::frame(double seconds) {
    ImGui::SetCurrentContext(context_);
    ImGui::GetIO().DeltaTime = static_cast<float>(seconds);
    ImGui::NewFrame();
    kit_->begin_frame();
    if (draw_) draw_();
    kit_->end_frame();
    ImGui::Render();
}

void Headless::settle() {
    for (int i = 0; i < 4; ++i) frame();
}

void Headless::wait(double seconds) {
    double passed = 0;
    while (passed < seconds) {
        const double step =
            std::clamp(kit_->next_frame_in().value_or(seconds), 0.001, seconds - passed);
        frame(step);
        passed += step;
    }
    frame();
}

const ui::WidgetState& Headless::expect(std::string_view key) {
    const ui::WidgetState* found = kit_->find(key);
    std::string keys;
    if (!found) {
        for (const ui::WidgetState& widget : kit_->widgets()) keys += widget.key + " ";
    }
    REQUIRE_MESSAGE(found != nullptr, "no ", std::string(key), " among ", keys);
    return *found;
}

void Headless::click(const std::string& key) {
    expect(key);
    kit_->reveal(key);
    settle();
    const ui::WidgetState widget = expect(key);
    REQUIRE_MESSAGE(widget.visible, key, " is out of sight");
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {widget.rect.x + widget.rect.w / 2, widget.rect.y + widget.rect.h / 2};
    frame();
    io.MouseDown[0] = true;
    frame();
    io.MouseDown[0] = false;
    settle();
}

void Headless::type(const std::string& key, std::string_view utf8) {
    click(key);
    REQUIRE_MESSAGE(kit_->focused() == key, "the keyboard is at ", kit_->focused(), ", not at ",
                    key);
    press("Ctrl+A");
    if (utf8.empty()) {
        press("Backspace");
    } else {
        type_on(utf8);
    }
}

void Headless::type_on(std::string_view utf8) {
    ImGui::GetIO().AddInputCharactersUTF8(ui::shown(utf8).c_str());
    settle();
}

void Headless::press(std::string_view key) {
    ImGuiIO& io = ImGui::GetIO();
    const std::size_t plus = key.find('+');
    const std::string_view with = plus == std::string_view::npos ? "" : key.substr(0, plus);
    const int down_key = key_named(plus == std::string_view::npos ? key : key.substr(plus + 1));
    io.KeyCtrl = with == "Ctrl";
    io.KeyShift = with == "Shift";
    io.KeyMods = ImGui::GetMergedKeyModFlags();
    io.KeysDown[down_key] = true;
    frame();
    io.KeysDown[down_key] = false;
    io.KeyCtrl = io.KeyShift = false;
    io.KeyMods = ImGui::GetMergedKeyModFlags();
    settle();
}

void Headless::copy_to_clipboard(std::string_view utf8) {
    ImGui::SetClipboardText(ui::shown(utf8).c_str());
}

void Headless::choose(const std::string& key, const std::string& option) {
    // A few options stand beside each other; many are in a list that opens.
    if (!has(key + ".option." + option)) click(key);
    click(key + ".option." + option);
    if (has(key + ".done")) click(key + ".done");
}

void Headless::wheel(const std::string& key, float notches) {
    const ui::WidgetState widget = expect(key);
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {widget.rect.x + widget.rect.w / 2, widget.rect.y + widget.rect.h / 2};
    frame();
    io.MouseWheel = notches;
    settle();
}

void Headless::drag(const std::string& key, float dy) {
    const ui::WidgetState widget = expect(key);
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {widget.rect.x + widget.rect.w / 2, widget.rect.y + widget.rect.h / 2};
    frame();
    io.MouseDown[0] = true;
    frame();
    constexpr int steps = 10;
    for (int i = 0; i < steps; ++i) {
        io.MousePos.y += dy / steps;
        frame();
    }
    io.MouseDown[0] = false;
    settle();
}

std::vector<std::string> Headless::flaws() {
    std::vector<std::string> found;
    const float least = kit_->target() - 0.5F;
    const float width = ImGui::GetIO().DisplaySize.x;
    for (const ui::WidgetState& widget : kit_->widgets()) {
        if (widget.is_target && (widget.rect.h < least || widget.rect.w < least)) {
            found.push_back(widget.key + " is " + std::to_string(widget.rect.w) + " x " +
                            std::to_string(widget.rect.h));
        }
        if (widget.is_cut) found.push_back(widget.key + " is cut: " + widget.label);
        if (widget.rect.x < -0.5F || widget.rect.x + widget.rect.w > width + 0.5F) {
            found.push_back(widget.key + " leaves the screen");
        }
    }
    return found;
}

}  // namespace zf::testing
