#include "client/window_order.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "common/base/date.h"

namespace zf {
namespace {

constexpr std::array<std::string_view, 8> screens{"today", "form",      "records", "coverage",
                                                  "map",   "conflicts", "sync",    "settings"};
constexpr std::array<std::string_view, 3> themes{"light", "dark", "contrast"};
constexpr double scale_least = 0.8, scale_most = 2;

template <std::size_t n>
std::string mistake_in(const std::string& option, const std::string& value,
                       const std::array<std::string_view, n>& allowed) {
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return {};
    std::string told = option + " should be one of";
    for (const std::string_view one : allowed) told += " " + std::string(one);
    return told;
}

}  // namespace

std::string read_window_options(const std::map<std::string, std::string>& options,
                                WindowOrder& order) {
    for (const auto& [option, value] : options) {
        std::string mistake;
        if (option == "--screen") {
            mistake = mistake_in(option, value, screens);
            order.screen = value;
        } else if (option == "--theme") {
            mistake = mistake_in(option, value, themes);
            order.theme = value;
        } else if (option == "--language") {
            order.language = parse_language(value);
            if (!order.language) mistake = "--language should be zh-Hans, zh-Hant or en";
        } else if (option == "--scale") {
            char* end = nullptr;
            order.scale = std::strtod(value.c_str(), &end);
            if (*end != '\0' || !(order.scale >= scale_least && order.scale <= scale_most)) {
                mistake = "--scale should be a number from 0.8 to 2";
            }
        } else if (option == "--at") {
            order.at_ms = parse_datetime(value);
            if (!order.at_ms) mistake = "--at should be like 2008-06-30T09:00:00+08:00";
        } else if (option == "--measure") {
            order.measure = value;
        } else if (option == "--ui-registry") {
            order.registry = value;
        } else if (option == "--shot") {
            order.shot = value;
        }
        if (!mistake.empty()) return mistake;
    }
    return {};
}

}  // namespace zf
