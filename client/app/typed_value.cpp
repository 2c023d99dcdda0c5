#include "client/app/typed_value.h"

#include <array>
#include <charconv>
#include <vector>

#include "common/base/decimal.h"
#include "common/base/text.h"

namespace zf {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The runs of digits in a text that holds nothing else but separators of dates and times.
std::optional<std::vector<std::string>> digit_runs(std::string_view typed) {
    static constexpr std::array<std::string_view, 8> words{"年", "月", "日", "号",
                                                           "號", "时", "時", "分"};
    std::string plain = normalise_typed(typed);
    for (const std::string_view word : words) {
        for (std::size_t at = plain.find(word); at != std::string::npos; at = plain.find(word)) {
            plain.replace(at, word.size(), " ");
        }
    }
    std::vector<std::string> runs;
    bool in_run = false;
    for (const char c : plain) {
        if (is_digit(c)) {
            if (!in_run) runs.emplace_back();
            runs.back() += c;
        } else if (std::string_view(".-/ T:").find(c) == std::string_view::npos) {
            return std::nullopt;
        }
        in_run = is_digit(c);
    }
    return runs;
}

std::string two(const std::string& digits) {
    return digits.size() == 1 ? "0" + digits : digits;
}

/// Takes the parts of a day from the front of the runs.
std::optional<Date> take_date(const std::vector<std::string>& runs, std::size_t& used) {
    if (runs.empty()) return std::nullopt;
    if (runs[0].size() == 8) {
        used = 1;
        return parse_date(runs[0].substr(0, 4) + "-" + runs[0].substr(4, 2) + "-" +
                          runs[0].substr(6, 2));
    }
    used = 3;
    if (runs.size() < 3 || runs[0].size() != 4) return std::nullopt;
    return parse_date(runs[0] + "-" + two(runs[1]) + "-" + two(runs[2]));
}

Value read_integer(const std::string& plain) {
    std::string digits;
    for (const char c : plain) {
        if (c != ',' && c != ' ') digits += c;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) return Value(plain);
    return Value(number);
}

Value read_decimal(const std::string& plain) {
    std::string digits;
    for (const char c : plain) {
        if (c != ',' && c != ' ') digits += c;
    }
    const auto number = Decimal::parse(digits);
    return number ? Value(number->text()) : Value(plain);
}

Value read_geopoint(const std::string& plain) {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : plain + ' ') {
        if (c != ' ' && c != ',' && c != ';') {
            part += c;
        } else if (!part.empty()) {
            parts.push_back(std::move(part));
            part.clear();
        }
    }
    const bool is_point = parts.size() == 2 || parts.size() == 3;
    for (const std::string& one : parts) {
        if (!Decimal::parse(one)) return Value(plain);
    }
    if (!is_point) return Value(plain);
    Members point{{"lat", parts[0]}, {"lon", parts[1]}};
    if (parts.size() == 3) point.emplace_back("accuracy_m", parts[2]);
    return Value(std::move(point));
}

Value read_calendar(FieldType type, std::string_view typed, const std::string& plain) {
    if (type == FieldType::date) {
        const auto date = read_typed_date(typed);
        return date ? Value(date->text()) : Value(plain);
    }
    if (type == FieldType::month) {
        const auto month = read_typed_month(typed);
        return month ? Value(month->text()) : Value(plain);
    }
    const auto instant = read_typed_datetime(typed);
    return instant ? Value(datetime_text(*instant, bureau_offset_minutes)) : Value(plain);
}

std::string geopoint_text(const Value& value) {
    std::string text;
    for (const char* name : {"lat", "lon", "accuracy_m"}) {
        const Value* part = value.find(name);
        if (!part || !part->text()) continue;
        text += (text.empty() ? "" : ", ") + *part->text();
    }
    return text;
}

}  // namespace

std::optional<Date> read_typed_date(std::string_view typed) {
    const auto runs = digit_runs(typed);
    std::size_t used = 0;
    const auto date = runs ? take_date(*runs, used) : std::nullopt;
    return date && used == runs->size() ? date : std::nullopt;
}

std::optional<Month> read_typed_month(std::string_view typed) {
    const auto runs = digit_runs(typed);
    if (!runs) return std::nullopt;
    if (runs->size() == 1 && runs->front().size() == 6) {
        return parse_month(runs->front().substr(0, 4) + "-" + runs->front().substr(4));
    }
    if (runs->size() != 2) return std::nullopt;
    return parse_month((*runs)[0] + "-" + two((*runs)[1]));
}

std::optional<std::int64_t> read_typed_datetime(std::string_view typed) {
    if (const auto exact = parse_datetime(normalise_typed(typed))) return exact;
    auto runs = digit_runs(typed);
    std::size_t used = 0;
    const auto date = runs ? take_date(*runs, used) : std::nullopt;
    if (!date) return std::nullopt;
    std::vector<int> time{0, 0};
    if (runs->size() == used + 1 && runs->back().size() == 4) {
        // "1428": an input method may keep a colon for itself.
        const std::string minute = runs->back().substr(2);
        runs->back().resize(2);
        runs->push_back(minute);
    }
    const std::size_t given = runs->size() - used;
    if (given == 1 || given > 3) return std::nullopt;
    for (std::size_t i = 0; i < given && i < 2; ++i) {
        const std::string& run = (*runs)[used + i];
        if (run.size() > 2) return std::nullopt;
        time[i] = std::stoi(run);
    }
    if (time[0] > 23 || time[1] > 59) return std::nullopt;
    return instant_at(*date, time[0] * 60 + time[1], bureau_offset_minutes);
}

Value read_typed(const Field& field, std::string_view typed) {
    const bool is_running = field.type == FieldType::text || field.type == FieldType::multiline;
    if (is_running) return typed.empty() ? Value() : Value(typed);
    const std::string plain = normalise_typed(typed);
    if (plain.empty()) return {};
    switch (field.type) {
        case FieldType::integer:
            return read_integer(plain);
        case FieldType::decimal:
            return read_decimal(plain);
        case FieldType::date:
        case FieldType::month:
        case FieldType::datetime:
            return read_calendar(field.type, typed, plain);
        case FieldType::geopoint:
            return read_geopoint(plain);
        default:
            return Value(plain);
    }
}

std::string typed_text(const Field& field, const Value& value) {
    if (const std::int64_t* number = value.integer()) return std::to_string(*number);
    if (value.members()) return geopoint_text(value);
    if (!value.text()) return "";
    if (field.type == FieldType::datetime) {
        const auto instant = parse_datetime(*value.text());
        if (!instant) return *value.text();
        const std::string text = datetime_text(*instant, bureau_offset_minutes);
        // Seconds are shown only when there are some, so that nothing is lost by showing it.
        const bool whole = text.substr(16) == ":00+08:00";
        return whole ? text.substr(0, 10) + " " + text.substr(11, 5) : *value.text();
    }
    return *value.text();
}

}  // namespace zf
