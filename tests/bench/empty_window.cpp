// The least that a window of GLFW and ImGui costs: what the program's own window is measured
// against. Draws only after an input, as that does.
//   empty_window [--measure FILE]
#define GLFW_INCLUDE_GLEXT
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "common/base/process_age_linux.h"

namespace {

constexpr int width = 1366, height = 768, frames_after_input = 3;

void draw(GLFWwindow* window) {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    ImGui::Begin("empty");
    ImGui::TextUnformatted("empty");
    ImGui::End();
    ImGui::Render();
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window);
}

std::vector<std::int64_t> run(GLFWwindow* window, std::int64_t& first_frame_ms) {
    std::vector<std::int64_t> times_us;
    while (!glfwWindowShouldClose(window)) {
        if (!times_us.empty()) glfwWaitEvents();
        for (int i = 0; i < frames_after_input; ++i) {
            const double begun_s = glfwGetTime();
            draw(window);
            times_us.push_back(static_cast<std::int64_t>((glfwGetTime() - begun_s) * 1e6));
            if (times_us.size() == 1) {
                first_frame_ms = zf::process_age_ms();
                std::cerr << "first frame " << first_frame_ms << " ms" << std::endl;
            }
            glfwPollEvents();
        }
    }
    return times_us;
}

}  // namespace

int main(int argc, char** argv) {
    if (glfwInit() != GLFW_TRUE) return 1;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    GLFWwindow* window = glfwCreateWindow(width, height, "empty", nullptr, nullptr);
    if (!window) return 1;
    glfwMakeContextCurrent(window);
    glfwSwapInterval(1);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    std::int64_t first_frame_ms = 0;
    const auto times_us = run(window, first_frame_ms);
    if (argc == 3 && std::string(argv[1]) == "--measure") {
        std::ofstream out(argv[2]);
        out << "{\"first_frame_ms\":" << first_frame_ms << ",\"frame_us\":[";
        for (std::size_t i = 0; i < times_us.size(); ++i) out << (i ? "," : "") << times_us[i];
        out << "]}\n";
    }
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwTerminate();
    return 0;
}
