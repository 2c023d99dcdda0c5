#include "client/ui/window.h"

#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <clocale>
#include <cmath>
#include <set>
#include <utility>

#include "client/ui/ime_x11.h"
#include "client/ui/show_window_x11.h"
#include "client/ui/text_boundary.h"
#include "client/ui/theme.h"
#include "client/ui/window_picture.h"

namespace zf::ui {
namespace {

constexpr int frames_after_input = 3;  // ImGui settles hover, focus and scrolling in so many
constexpr double longest_wait_s = 3600;

Glyphs* font_in_use = nullptr;

std::string last_trouble;
void note_trouble(int, const char* text) {
    last_trouble = text;
}

/// Keys that do something to a text: what is typed after them belongs to the next frame.
bool is_editing_key(int key) {
    static const std::set<int> keys{GLFW_KEY_BACKSPACE, GLFW_KEY_DELETE, GLFW_KEY_ENTER,
                                    GLFW_KEY_KP_ENTER,  GLFW_KEY_TAB,    GLFW_KEY_ESCAPE,
                                    GLFW_KEY_LEFT,      GLFW_KEY_RIGHT,  GLFW_KEY_HOME,
                                    GLFW_KEY_END,       GLFW_KEY_UP,     GLFW_KEY_DOWN};
    return keys.contains(key);
}

bool is_held_key(int key) {
    return key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
}

const char* read_clipboard(void* window) {
    static std::string slots;
    const char* text = glfwGetClipboardString(static_cast<GLFWwindow*>(window));
    slots = to_slots(text ? text : "");
    return slots.c_str();
}

void write_clipboard(void* window, const char* slots) {
    glfwSetClipboardString(static_cast<GLFWwindow*>(window), from_slots(slots).c_str());
}

/// Pixels of the new window. One that fills the screen anyway begins maximised, so that no part of
/// it lies behind a desktop's panel.
std::pair<int, int> fit_to_screen(const WindowOptions& options) {
    float scale = options.scale, down = 1;
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    if (scale <= 0 && monitor) glfwGetMonitorContentScale(monitor, &scale, &down);
    scale = std::clamp(scale, scale_min, scale_max);
    const auto scaled = [&](int size) {
        return static_cast<int>(std::lround(static_cast<float>(size) * scale));
    };
    int width = scaled(options.width), height = scaled(options.height);
    int left = 0, top = 0, width_max = 0, height_max = 0;
    if (monitor) glfwGetMonitorWorkarea(monitor, &left, &top, &width_max, &height_max);
    if (width_max <= 0 || height_max <= 0) return {width, height};
    if (width >= width_max || height >= height_max) glfwWindowHint(GLFW_MAXIMIZED, GLFW_TRUE);
    return {std::min(width, width_max), std::min(height, height_max)};
}

}  // namespace

struct Window::Platform {
    GLFWwindow* window = nullptr;
    bool has_backends = false;
    ~Platform() {
        if (has_backends) {
            ImGui_ImplOpenGL3_Shutdown();
            ImGui_ImplGlfw_Shutdown();
        }
        if (ImGui::GetCurrentContext()) ImGui::DestroyContext();
        if (window) glfwDestroyWindow(window);
        glfwTerminate();
    }
};

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
    auto glyphs = Glyphs::open(options.traditional);
    if (!glyphs) return fail(glyphs.error());
    // Without a UTF-8 locale an input method gets no Chinese through.
    const char* locale = std::setlocale(LC_CTYPE, "");
    if (!locale || !std::string_view(locale).ends_with("UTF-8")) {
        std::setlocale(LC_CTYPE, "C.UTF-8");
    }
    guard_input_method();
    glfwSetErrorCallback(note_trouble);
    auto platform = std::make_unique<Platform>();
    if (glfwInit() != GLFW_TRUE) {
        return fail(ErrorCode::unreachable,
                    "no window can be opened: " + last_trouble +
                        ". Is there a display? The other commands of zoufang need none.");
    }
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_FALSE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    const auto [width, height] = fit_to_screen(options);
    platform->window = glfwCreateWindow(width, height, options.title.c_str(), nullptr, nullptr);
    if (!platform->window) {
        return fail(ErrorCode::unreachable,
                    "no window can be opened: " + last_trouble + ". OpenGL 3.3 is needed.");
    }
    show_window(platform->window);
    glfwMakeContextCurrent(platform->window);
    glfwSwapInterval(1);
    std::unique_ptr<Window> window(new Window(std::move(platform), std::move(*glyphs)));
    window->is_traditional_ = options.traditional;
    window->set_scale(options.scale);
    return window;
}

Window::Window(std::unique_ptr<Platform> platform, std::unique_ptr<Glyphs> glyphs)
    : platform_(std::move(platform)), glyphs_(std::move(glyphs)) {
    float down = 1;
    glfwGetWindowContentScale(platform_->window, &desktop_scale_, &down);
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    ImGui_ImplGlfw_InitForOpenGL(platform_->window, false);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    platform_->has_backends = true;
    // It makes a texture of its own along with the rest, four bytes a pixel, and builds the atlas
    // for it: before the real font comes.
    ImGui_ImplOpenGL3_CreateDeviceObjects();
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    io.GetClipboardTextFn = read_clipboard;
    io.SetClipboardTextFn = write_clipboard;
    io.ClipboardUserData = platform_->window;
    io.ImeSetInputScreenPosFn = move_candidates;
    font_in_use = glyphs_.get();
    tell_met([](char32_t slot, TextSize size) { font_in_use->want(slot, size); });
    glfwSetWindowUserPointer(platform_->window, this);
    set_callbacks();
}

Window::~Window() {
    tell_met(nullptr);
    font_in_use = nullptr;
}

void Window::set_scale(float scale) {
    const float wanted = std::clamp(scale > 0 ? scale : desktop_scale_, scale_min, scale_max);
    if (wanted == scale_wanted_) return;
    scale_wanted_ = wanted;
    font_is_stale_ = true;
    frames_left_ = frames_after_input;
}

void Window::set_traditional(bool traditional) {
    if (traditional == is_traditional_ || !glyphs_->use_variant(traditional)) return;
    is_traditional_ = traditional;
    font_is_stale_ = true;
    frames_left_ = frames_after_input;
}

void Window::close() {
    glfwSetWindowShouldClose(platform_->window, GLFW_TRUE);
}

void Window::wake() {
    glfwPostEmptyEvent();
}

void Window::set_callbacks() {
    GLFWwindow* window = platform_->window;
    const auto push = [](GLFWwindow* from, Input input) {
        auto* self = static_cast<Window*>(glfwGetWindowUserPointer(from));
        self->inputs_.push_back(input);
    };
    static const auto add = push;
    glfwSetKeyCallback(window, [](GLFWwindow* from, int key, int scancode, int action, int mods) {
        add(from, {Input::Kind::key, key, scancode, action, mods});
    });
    glfwSetCharCallback(window, [](GLFWwindow* from, unsigned character) {
        add(from, {Input::Kind::character, static_cast<int>(character), 0, 0, 0});
    });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* from, int button, int action, int mods) {
        add(from, {Input::Kind::mouse_button, button, 0, action, mods});
    });
    glfwSetScrollCallback(window, ImGui_ImplGlfw_ScrollCallback);
    glfwSetWindowFocusCallback(window, ImGui_ImplGlfw_WindowFocusCallback);
    glfwSetCursorEnterCallback(window, ImGui_ImplGlfw_CursorEnterCallback);
    glfwSetDropCallback(window, [](GLFWwindow* from, int count, const char** paths) {
        auto* self = static_cast<Window*>(glfwGetWindowUserPointer(from));
        for (int i = 0; i < count; ++i) self->drops_.emplace_back(paths[i]);
    });
}

/// Releases of keys that an input method was asked about are lost with it: a Backspace would be
/// held for ever and delete what was written.
void Window::let_go_with_input_method() {
    if (has_let_go_ || !is_input_method_gone()) return;
    has_let_go_ = true;
    ImGuiIO& io = ImGui::GetIO();
    std::fill(std::begin(io.KeysDown), std::end(io.KeysDown), false);
    io.KeyCtrl = io.KeyShift = io.KeyAlt = io.KeySuper = false;
}

/// ImGui 1.86 sees only how keys stand at a frame: of each key one change a frame, in the order of
/// typing. Returns whether something is left for the next one.
bool Window::feed_inputs() {
    let_go_with_input_method();
    std::set<std::pair<Input::Kind, int>> changed;
    bool edits = false, has_pressed = false;
    std::size_t taken = 0;
    for (; taken < inputs_.size(); ++taken) {
        const Input& input = inputs_[taken];
        if (input.kind == Input::Kind::character) {
            if (edits) break;
            const char32_t slot = slot_of(static_cast<char32_t>(input.code));
            glyphs_->want(slot, TextSize::body);
            ImGui::GetIO().AddInputCharacter(slot);
            edits = true;
            continue;
        }
        if (!changed.emplace(input.kind, input.code).second) break;
        // Keys are read together with what is held at the frame's end: a Ctrl that is let go of
        // right after its S belongs to the next one.
        if (input.kind == Input::Kind::key && is_held_key(input.code) && has_pressed) break;
        if (input.kind == Input::Kind::mouse_button) {
            ImGui_ImplGlfw_MouseButtonCallback(platform_->window, input.code, input.action,
                                               input.mods);
            continue;
        }
        const bool presses = input.action != GLFW_RELEASE;
        if (presses && !is_held_key(input.code)) has_pressed = true;
        if (presses && is_editing_key(input.code)) {
            if (edits) break;
            edits = true;
        }
        ImGui_ImplGlfw_KeyCallback(platform_->window, input.code, input.scancode, input.action,
                                   input.mods);
        // A key that an input method has handed back may come after the release of the Ctrl that
        // it was pressed with: what was held is told with the key.
        if (presses && (input.mods & GLFW_MOD_CONTROL) != 0) ImGui::GetIO().KeyCtrl = true;
    }
    inputs_.erase(inputs_.begin(), inputs_.begin() + static_cast<std::ptrdiff_t>(taken));
    return !inputs_.empty();
}

void Window::make_font() {
    scale_ = scale_wanted_;
    font_is_stale_ = false;
    ImGuiIO& io = ImGui::GetIO();
    glyphs_->build(*io.Fonts, scale_);
    if (texture_ != 0) glDeleteTextures(1, &texture_);
    glGenTextures(1, &texture_);
    glBindTexture(GL_TEXTURE_2D, texture_);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    // One byte a pixel: how much of it is covered.
    const GLint white_by_cover[] = {GL_ONE, GL_ONE, GL_ONE, GL_RED};
    glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, white_by_cover);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, glyphs_->width(), glyphs_->height(), 0, GL_RED,
                 GL_UNSIGNED_BYTE, glyphs_->pixels());
    glyphs_->take_dirty();
    io.Fonts->SetTexID(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(texture_)));
}

void Window::upload_glyphs() {
    const DirtyRows rows = glyphs_->take_dirty();
    if (rows.first == rows.last) return;
    glBindTexture(GL_TEXTURE_2D, texture_);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, rows.first, glyphs_->width(), rows.last - rows.first,
                    GL_RED, GL_UNSIGNED_BYTE,
                    glyphs_->pixels() + static_cast<std::ptrdiff_t>(rows.first) * glyphs_->width());
}

void Window::draw_frame(const Draw& draw) {
    const double begun_s = glfwGetTime();
    // A full texture begins anew with what this frame shows.
    if (font_is_stale_ || glyphs_->is_full()) make_font();
    if (feed_inputs()) frames_left_ = std::max(frames_left_, 2);
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    next_in_ = draw();
    ImGui::Render();
    upload_glyphs();
    int width = 0, height = 0;
    glfwGetFramebufferSize(platform_->window, &width, &height);
    glViewport(0, 0, width, height);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    if (!picture_.empty()) {
        pictured_ = save_picture(picture_, width, height);
        close();
    }
    glfwSwapBuffers(platform_->window);
    if (keeps_times_) {
        times_us_.push_back(static_cast<std::int64_t>((glfwGetTime() - begun_s) * 1e6));
    }
    ++frames_;
}

void Window::run(const Draw& draw) {
    frames_left_ = frames_after_input;
    while (!glfwWindowShouldClose(platform_->window)) {
        if (frames_left_ > 0) {
            glfwPollEvents();
        } else {
            glfwWaitEventsTimeout(
                std::clamp(next_in_.value_or(longest_wait_s), 0.0, longest_wait_s));
            frames_left_ = frames_after_input;
        }
        if (!inputs_.empty()) frames_left_ = frames_after_input;
        draw_frame(draw);
        --frames_left_;
    }
}

}  // namespace zf::ui
