// Calendar types of the forms and reports. The bureau lives in one time zone (default +08:00);
// instants are UTC milliseconds. Proleptic Gregorian calendar, years 0001 to 9999.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace zf {

struct Date {
    int year = 1, month = 1, day = 1;
    auto operator<=>(const Date&) const = default;
    [[nodiscard]] std::string text() const;  // "2008-05-12"
};

struct Month {
    int year = 1, month = 1;
    auto operator<=>(const Month&) const = default;
    [[nodiscard]] std::string text() const;  // "2008-05"
};

/// Days since 1970-01-01.
std::int64_t days_of(const Date& date);
Date date_of_days(std::int64_t days);
inline Month month_of(const Date& date) {
    return {date.year, date.month};
}
Date first_day(const Month& month);
Date last_day(const Month& month);
Date next_day(const Date& date);

/// Exactly "YYYY-MM-DD" and a day that exists; anything else is nothing.
std::optional<Date> parse_date(std::string_view text);
/// Exactly "YYYY-MM".
std::optional<Month> parse_month(std::string_view text);
/// RFC 3339 with a zone ("2008-05-12T14:28:00+08:00", "...Z", optional fraction); as UTC
/// milliseconds, further digits cut off. A leap second (the last second of a UTC month, ":60")
/// reads as the following second.
std::optional<std::int64_t> parse_datetime(std::string_view text);
/// RFC 3339 at the given offset; milliseconds are printed only when not zero.
std::string datetime_text(std::int64_t unix_ms, int offset_minutes);
/// The calendar day of an instant at the given offset.
Date date_at(std::int64_t unix_ms, int offset_minutes);
/// The instant of a day's HH:MM at the given offset.
std::int64_t instant_at(const Date& date, int minutes_of_day, int offset_minutes);

inline constexpr int bureau_offset_minutes = 8 * 60;

/// A reporting period, both ends included.
struct Period {
    Date start, end;
    std::string name;                                    // as asked for: "2008H1"
    [[nodiscard]] int year() const { return end.year; }  // a period's year is that of its end
};

/// "2008H1", "2008H2", "2008Q1".."Q4", "2008-05", "2008", or "2008-05-12..2008-05-31".
Result<Period> parse_period(std::string_view name);

}  // namespace zf
