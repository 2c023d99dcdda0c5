#include "client/ui/language_tabs.h"

namespace zf::ui {

std::optional<Result<void>> language_tabs(Kit& kit, Settings& settings, std::string_view key) {
    const std::vector<Option> languages{
        {"zh-Hans", "简体中文", ""}, {"zh-Hant", "繁體中文", ""}, {"en", "English", ""}};
    std::string chosen(name_of(kit.messages().language()));
    if (!kit.tabs(key, languages, chosen)) return std::nullopt;
    kit.ask_frame_in(0);
    return settings.set("language", chosen);
}

}  // namespace zf::ui
