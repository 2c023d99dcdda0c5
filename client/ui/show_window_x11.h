// Puts a window on the screen without waiting for it to be seen. GLFW 3.3.8 waits for a
// VisibilityNotify and, as long as other events are there, without end: where the window manager
// has just started, or puts new windows aside, the program hung before its first frame.
#pragma once

struct GLFWwindow;

namespace zf::ui {

void show_window(GLFWwindow* window);

}  // namespace zf::ui
