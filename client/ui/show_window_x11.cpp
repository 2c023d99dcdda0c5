#include "client/ui/show_window_x11.h"

#define GLFW_EXPOSE_NATIVE_X11
#include <GLFW/glfw3.h>
#include <GLFW/glfw3native.h>

namespace zf::ui {

void show_window(GLFWwindow* window) {
    XMapWindow(glfwGetX11Display(), glfwGetX11Window(window));
    glfwFocusWindow(window);
    XFlush(glfwGetX11Display());
}

}  // namespace zf::ui
