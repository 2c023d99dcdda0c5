// The window: GLFW and OpenGL. Waits without using the processor until something happens, draws a
// few frames then. Knows the kit's font, nothing of what is drawn. One thread but for wake.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/ui/glyphs.h"
#include "common/base/result.h"

namespace zf::ui {

struct WindowOptions {
    std::string title;
    int width = 1366, height = 768;  // at scale 1; never more than the screen has
    float scale = 0;                 // of texts and targets; 0: as the desktop is set
    bool traditional = false;        // how characters are written that both countries have
};

class Window {
public:
    /// Errors: `not_found` for a missing font, `unreachable` when there is no display.
    static Result<std::unique_ptr<Window>> open(const WindowOptions& options);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Draws frames until the window is closed or `close` is called. `draw` is called between
    /// NewFrame and Render; it returns in how many seconds it wants to be called without an
    /// input, or nothing.
    using Draw = std::function<std::optional<double>()>;
    void run(const Draw& draw);
    void close();
    /// From any thread: the next frames are drawn now.
    static void wake();

    [[nodiscard]] float scale() const { return scale_; }
    /// From the next frame on; 0: as the desktop is set.
    void set_scale(float scale);
    /// How the characters are written that both countries have, from the next frame on.
    void set_traditional(bool traditional);
    /// Frames drawn so far.
    [[nodiscard]] long frames() const { return frames_; }
    /// Files that were dropped on the window since the last call.
    std::vector<std::filesystem::path> take_drops() { return std::exchange(drops_, {}); }
    /// Writes a picture of the next frame, as PNG, and closes.
    void picture_and_close(std::filesystem::path file) { picture_ = std::move(file); }
    /// What became of it. Errors: `internal`.
    [[nodiscard]] const Result<void>& pictured() const { return pictured_; }
    /// From now on, how long each frame takes is kept: from its input to the end of its drawing.
    void keep_frame_times() { keeps_times_ = true; }
    [[nodiscard]] const std::vector<std::int64_t>& frame_times_us() const { return times_us_; }
    /// Characters beyond what the font file can show, so far.
    [[nodiscard]] int missing_characters() const { return glyphs_->missing(); }

private:
    struct Platform;
    /// What came in since the last frame, in order.
    struct Input {
        enum class Kind { key, character, mouse_button } kind;
        int code, scancode, action, mods;
    };

    Window(std::unique_ptr<Platform> platform, std::unique_ptr<Glyphs> glyphs);
    void draw_frame(const Draw& draw);
    void make_font();
    void upload_glyphs();
    bool feed_inputs();
    void let_go_with_input_method();
    void set_callbacks();

    std::unique_ptr<Platform> platform_;
    std::unique_ptr<Glyphs> glyphs_;
    std::vector<Input> inputs_;
    std::vector<std::filesystem::path> drops_;
    std::optional<double> next_in_;
    std::filesystem::path picture_;
    Result<void> pictured_;
    std::vector<std::int64_t> times_us_;
    bool keeps_times_ = false;
    unsigned texture_ = 0;
    float scale_ = 1, scale_wanted_ = 1, desktop_scale_ = 1;
    bool is_traditional_ = false, has_let_go_ = false;
    int frames_left_ = 0;
    long frames_ = 0;
    bool font_is_stale_ = true;
};

}  // namespace zf::ui
