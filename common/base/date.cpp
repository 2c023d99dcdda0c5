#include "common/base/date.h"

#include <algorithm>
#include <array>

namespace zf {
namespace {

constexpr std::int64_t ms_per_minute = 60'000;
constexpr std::int64_t ms_per_day = 86'400'000;
// From 0001-01-01 to 1970-01-01.
constexpr std::int64_t days_before_1970 = 719'162;
constexpr std::int64_t days_per_400_years = 146'097;

constexpr std::array<int, 13> days_before_month{0,   31,  59,  90,  120, 151, 181,
                                                212, 243, 273, 304, 334, 365};

bool is_leap_year(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Days of the year before the month; 1 to 13.
int days_before(int year, int month) {
    const int days = days_before_month[static_cast<std::size_t>(month - 1)];
    return month > 2 && is_leap_year(year) ? days + 1 : days;
}

int days_in_month(int year, int month) {
    return days_before(year, month + 1) - days_before(year, month);
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t floor_remainder(std::int64_t a, std::int64_t b) {
    return a % b < 0 ? a % b + b : a % b;
}

/// At least `width` digits; the sign, should there be one, comes on top.
void append_number(std::string& out, std::int64_t number, std::size_t width) {
    std::array<char, 20> digits{};
    std::size_t count = 0;
    if (number < 0) out += '-';
    do {
        const auto digit = static_cast<int>(number % 10);
        digits[count++] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
        number /= 10;
    } while (number != 0);
    if (count < width) out.append(width - count, '0');
    while (count > 0) out += digits[--count];
}

/// Reads fixed-width pieces of a text from the front; once one fails, all later ones do.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    int number(std::size_t width) {
        if (rest_.size() < width) return fail_with(0);
        int value = 0;
        for (const char c : rest_.substr(0, width)) {
            if (c < '0' || c > '9') return fail_with(0);
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(width);
        return value;
    }
    /// Takes the next character if it is one of `wanted`, else '\0'.
    char take(std::string_view wanted) {
        if (rest_.empty() || wanted.find(rest_.front()) == std::string_view::npos) return '\0';
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    char expect(std::string_view wanted) {
        const char c = take(wanted);
        if (c == '\0') failed_ = true;
        return c;
    }
    Date date() {
        Date date;
        date.year = number(4);
        expect("-");
        date.month = number(2);
        expect("-");
        date.day = number(2);
        const bool month_exists = date.year >= 1 && date.month >= 1 && date.month <= 12;
        if (!month_exists || date.day < 1 || date.day > days_in_month(date.year, date.month)) {
            failed_ = true;
        }
        return date;
    }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool done() const { return !failed_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;

    int fail_with(int value) {
        failed_ = true;
        return value;
    }
};

/// The digits behind a decimal point, cut off (not rounded) to milliseconds.
int read_fraction_ms(Reader& reader) {
    constexpr std::string_view digits = "0123456789";
    int ms = 0;
    int weight = 100;
    char c = reader.expect(digits);
    for (; c != '\0'; c = reader.take(digits)) {
        ms += weight * (c - '0');
        weight /= 10;
    }
    return ms;
}

int read_offset_minutes(Reader& reader) {
    const char sign = reader.expect("Zz+-");
    if (sign != '+' && sign != '-') return 0;
    const int hours = reader.number(2);
    reader.expect(":");
    const int minutes = reader.number(2);
    if (hours > 23 || minutes > 59) reader.expect({});
    return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

/// Leap seconds are inserted at the end of a month in UTC, nowhere else.
bool may_be_leap_second(std::int64_t following_ms) {
    return floor_remainder(following_ms, ms_per_day) == 0 && date_at(following_ms, 0).day == 1;
}

Period period_of_months(std::string_view name, int year, int first_month, int last_month) {
    return {first_day({year, first_month}), last_day({year, last_month}), std::string(name)};
}

std::optional<Period> read_half_or_quarter(std::string_view name) {
    Reader reader(name);
    const int year = reader.number(4);
    const char kind = reader.expect("HQ");
    const int part = reader.number(1);
    const int months = kind == 'H' ? 6 : 3;
    if (!reader.done() || year < 1 || part < 1 || part > 12 / months) return std::nullopt;
    return period_of_months(name, year, (part - 1) * months + 1, part * months);
}

std::optional<Period> read_year(std::string_view name) {
    Reader reader(name);
    const int year = reader.number(4);
    if (!reader.done() || year < 1) return std::nullopt;
    return period_of_months(name, year, 1, 12);
}

}  // namespace

std::string Date::text() const {
    std::string text;
    append_number(text, year, 4);
    text += '-';
    append_number(text, month, 2);
    text += '-';
    append_number(text, day, 2);
    return text;
}

std::string Month::text() const {
    std::string text;
    append_number(text, year, 4);
    text += '-';
    append_number(text, month, 2);
    return text;
}

std::int64_t days_of(const Date& date) {
    const std::int64_t years = date.year - 1;  // whole years since 0001
    const std::int64_t leap_days =
        floor_divide(years, 4) - floor_divide(years, 100) + floor_divide(years, 400);
    return years * 365 + leap_days + days_before(date.year, date.month) + date.day - 1 -
           days_before_1970;
}

Date date_of_days(std::int64_t days) {
    const std::int64_t since_0001 = days + days_before_1970;
    const std::int64_t cycles = floor_divide(since_0001, days_per_400_years);
    auto rest = static_cast<int>(since_0001 - cycles * days_per_400_years);
    // The last century of a cycle and the last year of four are a day longer than the others.
    const int centuries = std::min(rest / 36'524, 3);
    rest -= centuries * 36'524;
    const int fours = rest / 1'461;
    rest -= fours * 1'461;
    const int years = std::min(rest / 365, 3);
    rest -= years * 365;
    Date date;
    date.year = static_cast<int>(cycles * 400) + centuries * 100 + fours * 4 + years + 1;
    date.month = 1;
    while (date.month < 12 && rest >= days_before(date.year, date.month + 1)) ++date.month;
    date.day = rest - days_before(date.year, date.month) + 1;
    return date;
}

Date first_day(const Month& month) {
    return {month.year, month.month, 1};
}

Date last_day(const Month& month) {
    return {month.year, month.month, days_in_month(month.year, month.month)};
}

Date next_day(const Date& date) {
    return date_of_days(days_of(date) + 1);
}

std::optional<Date> parse_date(std::string_view text) {
    Reader reader(text);
    const Date date = reader.date();
    if (!reader.done()) return std::nullopt;
    return date;
}

std::optional<Month> parse_month(std::string_view text) {
    Reader reader(text);
    const int year = reader.number(4);
    reader.expect("-");
    const int month = reader.number(2);
    if (!reader.done() || year < 1 || month < 1 || month > 12) return std::nullopt;
    return Month{year, month};
}

std::optional<std::int64_t> parse_datetime(std::string_view text) {
    Reader reader(text);
    const Date date = reader.date();
    reader.expect("Tt");
    const int hour = reader.number(2);
    reader.expect(":");
    const int minute = reader.number(2);
    reader.expect(":");
    const int second = reader.number(2);
    const int fraction_ms = reader.take(".") != '\0' ? read_fraction_ms(reader) : 0;
    const int offset = read_offset_minutes(reader);
    if (!reader.done() || hour > 23 || minute > 59 || second > 60) return std::nullopt;

    const std::int64_t whole_ms = instant_at(date, hour * 60 + minute, offset) + second * 1000;
    if (second == 60 && !may_be_leap_second(whole_ms)) return std::nullopt;
    return whole_ms + fraction_ms;
}

std::string datetime_text(std::int64_t unix_ms, int offset_minutes) {
    const Date date = date_at(unix_ms, offset_minutes);
    // From the remainders only: the instant plus the offset could leave the range.
    const std::int64_t in_day = floor_remainder(unix_ms, ms_per_day);
    const std::int64_t ms = floor_remainder(in_day + offset_minutes * ms_per_minute, ms_per_day);

    std::string text = date.text();
    text += 'T';
    append_number(text, ms / 3'600'000, 2);
    text += ':';
    append_number(text, ms / 60'000 % 60, 2);
    text += ':';
    append_number(text, ms / 1000 % 60, 2);
    if (ms % 1000 != 0) {
        text += '.';
        append_number(text, ms % 1000, 3);
    }
    if (offset_minutes == 0) return text + 'Z';
    const int away = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    text += offset_minutes < 0 ? '-' : '+';
    append_number(text, away / 60, 2);
    text += ':';
    append_number(text, away % 60, 2);
    return text;
}

Date date_at(std::int64_t unix_ms, int offset_minutes) {
    const std::int64_t days = floor_divide(unix_ms, ms_per_day);
    const std::int64_t shifted =
        floor_remainder(unix_ms, ms_per_day) + offset_minutes * ms_per_minute;
    return date_of_days(days + floor_divide(shifted, ms_per_day));
}

std::int64_t instant_at(const Date& date, int minutes_of_day, int offset_minutes) {
    return days_of(date) * ms_per_day + (minutes_of_day - offset_minutes) * ms_per_minute;
}

Result<Period> parse_period(std::string_view name) {
    if (const auto period = read_half_or_quarter(name)) return *period;
    if (const auto period = read_year(name)) return *period;
    if (const auto month = parse_month(name)) {
        return period_of_months(name, month->year, month->month, month->month);
    }
    const std::string quoted = std::string(1, '"').append(name) + '"';
    if (const std::size_t dots = name.find(".."); dots != std::string_view::npos) {
        const auto start = parse_date(name.substr(0, dots));
        const auto end = parse_date(name.substr(dots + 2));
        if (start && end && *end < *start) {
            return fail(ErrorCode::malformed,
                        quoted + " ends before it starts; the earlier day comes first", "period");
        }
        if (start && end) return Period{*start, *end, std::string(name)};
    }
    return fail(ErrorCode::malformed,
                quoted +
                    " is no period; write 2008H1, 2008Q2, 2008-05, 2008 or "
                    "2008-05-12..2008-05-31",
                "period");
}

}  // namespace zf
