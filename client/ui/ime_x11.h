// What GLFW 3.3 lacks for input methods on X11, put in its way: keys that the input method took are
// not seen again as keys, its window of candidates stands at the text, and its end does not take
// the program with it. Linux with X11 only.
#pragma once

namespace zf::ui {

/// Before glfwInit.
void guard_input_method();
/// Where the text is that is being written, in pixels of the window.
void move_candidates(int x, int y);
/// The input method has ended: Chinese can be typed again after a restart of the program.
bool is_input_method_gone();

}  // namespace zf::ui
