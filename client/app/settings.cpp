#include "client/app/settings.h"

#include <algorithm>

#include "common/base/private_files.h"
#include "common/codec/json.h"

namespace zf {
namespace {

constexpr std::size_t file_bytes_max = 256 << 10;

void take_away(Value& from, std::string_view name) {
    if (Members* members = from.members()) {
        std::erase_if(*members, [&](const auto& member) { return member.first == name; });
    }
}

}  // namespace

Settings::Settings(const std::filesystem::path& home) : file_(home / "settings.json") {
    const auto content = read_whole_file(file_, file_bytes_max);
    if (!content) {
        is_damaged_ = content.error().code != ErrorCode::not_found;
        return;
    }
    auto json = parse_json(*content);
    if (json && json->members()) {
        kept_ = std::move(*json);
    } else {
        is_damaged_ = true;
    }
}

const Value* Settings::find(std::string_view name) const {
    const Value* for_now = this_run_.find(name);
    return for_now ? for_now : kept_.find(name);
}

std::optional<std::int64_t> Settings::integer(std::string_view name) const {
    const Value* value = find(name);
    if (!value || !value->integer()) return std::nullopt;
    return *value->integer();
}

std::string Settings::text(std::string_view name) const {
    const Value* value = find(name);
    return value && value->text() ? *value->text() : std::string();
}

std::optional<Language> Settings::language() const {
    return parse_language(text("language"));
}

std::optional<int> Settings::scale_percent() const {
    const auto percent = integer("scale_percent");
    if (!percent || *percent < scale_percent_min || *percent > scale_percent_max) return {};
    return static_cast<int>(*percent);
}

std::string Settings::theme() const {
    return text("theme");
}

Result<void> Settings::set(std::string_view name, Value value) {
    take_away(this_run_, name);
    const bool takes_away = value.is_null();
    if (takes_away) {
        take_away(kept_, name);
    } else {
        kept_.set(name, std::move(value));
    }
    if (!kept_.members()) kept_ = Value(Members{});
    return write_private_file(file_, pretty_json(kept_) + "\n");
}

void Settings::set_for_this_run(std::string_view name, Value value) {
    this_run_.set(name, std::move(value));
}

}  // namespace zf
