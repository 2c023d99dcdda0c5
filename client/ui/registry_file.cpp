#include "client/ui/registry_file.h"

#include <fstream>

#include "common/codec/json.h"

namespace zf::ui {

void write_registry(const std::filesystem::path& file, const Kit& kit, const RegistryFacts& facts) {
    List items;
    for (const WidgetState& one : kit.widgets()) {
        items.push_back(Members{{"enabled", one.enabled},
                                {"focused", one.focused},
                                {"h", static_cast<std::int64_t>(one.rect.h)},
                                {"key", one.key},
                                {"text", one.label},
                                {"value", one.value},
                                {"visible", one.visible},
                                {"w", static_cast<std::int64_t>(one.rect.w)},
                                {"x", static_cast<std::int64_t>(one.rect.x)},
                                {"y", static_cast<std::int64_t>(one.rect.y)}});
    }
    const Value all(Members{{"frame", static_cast<std::int64_t>(facts.frame)},
                            {"items", std::move(items)},
                            {"language", std::string(name_of(kit.messages().language()))},
                            {"missing_characters", facts.missing_characters},
                            {"screen", facts.screen}});
    const std::filesystem::path fresh = file.string() + ".new";
    std::ofstream(fresh) << canonical_text(all) << "\n";
    std::error_code error;
    std::filesystem::rename(fresh, file, error);
}

void write_frame_times(const std::filesystem::path& file, std::int64_t first_frame_ms,
                       const std::vector<std::int64_t>& frames_us) {
    List times;
    for (const std::int64_t time : frames_us) times.emplace_back(time);
    std::ofstream(file) << canonical_text(Value(Members{{"first_frame_ms", first_frame_ms},
                                                        {"frame_us", std::move(times)}}))
                        << "\n";
}

}  // namespace zf::ui
