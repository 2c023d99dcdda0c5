// What a person has set for this data folder: language, size, colours, and what screens remember.
// A small file beside the database; never in the change log, never sent. Knows no screens. One
// thread.
//
//   HOME/settings.json   {"language": "zh-Hans", "scale_percent": 125, "theme": "dark", ...}
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/model/form.h"
#include "common/model/value.h"

namespace zf {

inline constexpr int scale_percent_min = 80, scale_percent_max = 200;

class Settings {
public:
    /// Reads the file. One that is not there, or cannot be read, sets nothing; the latter is told
    /// by `is_damaged`.
    explicit Settings(const std::filesystem::path& home);

    [[nodiscard]] bool is_damaged() const { return is_damaged_; }

    /// Nothing: as the locale says.
    [[nodiscard]] std::optional<Language> language() const;
    /// Nothing: as the desktop is set. 80 to 200.
    [[nodiscard]] std::optional<int> scale_percent() const;
    /// "light", "dark", "contrast", or empty.
    [[nodiscard]] std::string theme() const;

    /// Any setting by its name; nothing when it was not set.
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;
    /// Sets (null: takes away) and writes the file, whole or not at all; what a newer version of
    /// the program has set there stays. Error: `internal`; it then holds until the program ends.
    Result<void> set(std::string_view name, Value value);
    /// For this run only, until it is set: what the command line says.
    void set_for_this_run(std::string_view name, Value value);

private:
    std::filesystem::path file_;
    Value kept_, this_run_;
    bool is_damaged_ = false;
};

}  // namespace zf
