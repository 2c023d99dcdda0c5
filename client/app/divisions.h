// The townships of the county by their codes: common/data/divisions-*.json as it was when the
// program was built, or a file of the same form that the bureau put into the data folder. Knows
// names only: where a township lies, no file here tells.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace zf {

/// The check of a field (form.h) that holds a division's code.
inline constexpr std::string_view division_check = "division";

struct Township {
    std::string code, name;  // 9 digits
};

/// The townships as they were at a time: they are joined and given other codes now and then.
struct DivisionsEdition {
    std::string label;
    std::vector<Township> townships;
};

struct DivisionOffer {
    std::string code, name;
    std::string edition;  // the year of its edition, when it is not the one that was asked for
};

struct Divisions {
    std::string county_code, county_name;    // 6 digits
    std::vector<DivisionsEdition> editions;  // the oldest first
    /// Why these are not those of the bureau's file, which is there and cannot be read.
    std::optional<Error> problem;

    /// The township that a code of 9 or 12 digits lies in, by the newest edition that knows it, or
    /// the county of a code of 6 digits; empty when no edition does.
    [[nodiscard]] std::string name_of(std::string_view code) const;
    /// The edition that knows most of the codes (the newest of equals), by its index; codes may
    /// repeat and then count as often. 0 when there is no edition.
    [[nodiscard]] std::size_t edition_for(const std::vector<std::string>& codes) const;
    /// What a person may mean who typed a part of a name or the beginning of a code; nothing typed:
    /// the whole edition. The county, then townships of that edition, then, when something was
    /// typed, those of the others, the newest first, by codes that are not among them yet.
    [[nodiscard]] std::vector<DivisionOffer> offers(std::size_t edition,
                                                    std::string_view typed) const;
    /// The code of the division of that edition that has this very name, with or without what kind
    /// of place it is (乡, 镇 ...); empty when none or several have.
    [[nodiscard]] std::string code_of(std::size_t edition, std::string_view name) const;
};

/// Errors: those of parse_json; `malformed` with the member in `where`.
Result<Divisions> read_divisions(std::string_view json);
/// What is part of the program.
const Divisions& shipped_divisions();

/// What the bureau put into `home`/map/divisions.json; without it what is part of the program, and
/// that with a `problem` when it cannot be read.
Divisions divisions_of(const std::filesystem::path& home);

/// The first 9 digits of a code of 9 or 12; empty for others.
std::string township_code(std::string_view division);

}  // namespace zf
