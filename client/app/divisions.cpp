#include "client/app/divisions.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "client/app/divisions_data.h"
#include "common/base/assert.h"
#include "common/codec/json.h"

namespace zf {
namespace {

constexpr std::size_t county_digits = 6, township_digits = 9, village_digits = 12;

const Township* find_in(const DivisionsEdition& edition, std::string_view code) {
    const auto at = std::find_if(edition.townships.begin(), edition.townships.end(),
                                 [&](const Township& one) { return one.code == code; });
    return at == edition.townships.end() ? nullptr : &*at;
}

/// The last character of a name: 乡 of 大寨乡; of an office, 街道办事处 as a whole.
std::string kind_of(const std::string& name) {
    constexpr std::string_view office = "街道办事处";
    if (name.ends_with(office)) return std::string(office);
    constexpr std::size_t character_bytes = 3;  // of every kind of place in UTF-8
    return name.size() > character_bytes ? name.substr(name.size() - character_bytes) : "";
}

/// The first four digits that stand together: an edition is labelled in its publisher's words.
std::string year_in(const std::string& label) {
    constexpr std::size_t year_digits = 4;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < label.size(); ++i) {
        digits = label[i] >= '0' && label[i] <= '9' ? digits + 1 : 0;
        if (digits == year_digits) return label.substr(i + 1 - year_digits, year_digits);
    }
    return label;
}

std::string text_in(const Value& value, std::string_view name) {
    const Value* member = value.find(name);
    return member && member->text() ? *member->text() : std::string();
}

}  // namespace

std::string township_code(std::string_view division) {
    if (division.size() != township_digits && division.size() != village_digits) return "";
    return std::string(division.substr(0, township_digits));
}

std::string Divisions::name_of(std::string_view code) const {
    if (code.size() == county_digits) return code == county_code ? county_name : "";
    const std::string wanted = township_code(code);
    for (auto edition = editions.rbegin(); edition != editions.rend(); ++edition) {
        if (const Township* found = find_in(*edition, wanted)) return found->name;
    }
    return "";
}

std::size_t Divisions::edition_for(const std::vector<std::string>& codes) const {
    std::size_t best = 0;
    std::ptrdiff_t best_known = -1;
    for (std::size_t i = 0; i < editions.size(); ++i) {
        const auto known = std::count_if(codes.begin(), codes.end(), [&](const std::string& code) {
            return find_in(editions[i], township_code(code)) != nullptr;
        });
        if (known < best_known) continue;
        best = i;
        best_known = known;
    }
    return best;
}

std::vector<DivisionOffer> Divisions::offers(std::size_t edition, std::string_view typed) const {
    std::vector<DivisionOffer> offers;
    const auto add = [&](const std::string& code, const std::string& name,
                         const std::string& label) {
        if (name.find(typed) == std::string::npos && !code.starts_with(typed)) return;
        const bool is_there = std::any_of(offers.begin(), offers.end(),
                                          [&](const auto& one) { return one.code == code; });
        if (!is_there) offers.push_back({code, name, label});
    };
    add(county_code, county_name, "");
    const auto add_all = [&](const DivisionsEdition& from, const std::string& label) {
        for (const Township& one : from.townships) add(one.code, one.name, label);
    };
    if (edition < editions.size()) add_all(editions[edition], "");
    if (typed.empty()) return offers;
    for (auto other = editions.rbegin(); other != editions.rend(); ++other) {
        add_all(*other, year_in(other->label));
    }
    return offers;
}

std::string Divisions::code_of(std::size_t edition, std::string_view name) const {
    std::string code;
    std::size_t found = 0;
    const auto look_at = [&](const std::string& at, const std::string& called) {
        if (name.empty() || (called != name && called != std::string(name) + kind_of(called))) {
            return;
        }
        code = at;
        ++found;
    };
    look_at(county_code, county_name);
    if (edition < editions.size()) {
        for (const Township& one : editions[edition].townships) look_at(one.code, one.name);
    }
    return found == 1 ? code : "";
}

Result<Divisions> read_divisions(std::string_view json) {
    const auto read = parse_json(json);
    if (!read) return fail(read.error());
    Divisions divisions;
    const Value* county = read->find("county");
    if (county) {
        divisions.county_code = text_in(*county, "code");
        divisions.county_name = text_in(*county, "name");
    }
    if (divisions.county_code.size() != county_digits || divisions.county_name.empty()) {
        return fail(ErrorCode::malformed, "a county has a code of 6 digits and a name", "county");
    }
    const Value* editions = read->find("editions");
    if (!editions || !editions->list()) {
        return fail(ErrorCode::malformed, "a list of editions is missing", "editions");
    }
    for (const Value& one : *editions->list()) {
        DivisionsEdition edition{text_in(one, "label"), {}};
        const Value* rows = one.find("rows");
        const List none;
        for (const Value& row : rows && rows->list() ? *rows->list() : none) {
            Township township{text_in(row, "code"), text_in(row, "name")};
            if (township.code.size() != township_digits || township.name.empty()) {
                return fail(ErrorCode::malformed, "a township has a code of 9 digits and a name",
                            "editions.rows");
            }
            edition.townships.push_back(std::move(township));
        }
        divisions.editions.push_back(std::move(edition));
    }
    return divisions;
}

const Divisions& shipped_divisions() {
    static const Divisions divisions = [] {
        auto read = read_divisions(embedded_divisions());
        ZF_ASSERT(read.has_value());
        return std::move(*read);
    }();
    return divisions;
}

Divisions divisions_of(const std::filesystem::path& home) {
    std::ifstream file(home / "map" / "divisions.json", std::ios::binary);
    if (!file) return shipped_divisions();
    auto read = read_divisions(std::string(std::istreambuf_iterator<char>(file), {}));
    if (read) return std::move(*read);
    Divisions divisions = shipped_divisions();
    divisions.problem = read.error();
    return divisions;
}

}  // namespace zf
