// Decimals, dates, periods and UTF-8: what was read reads the same after it was written. Accepted
// is what is a decimal, a date, a month or a period.
#include "common/base/date.h"
#include "common/base/decimal.h"
#include "tests/fuzz/fuzz_target.h"

zf::Verdict zf::take_input(std::string_view text) {
    const auto number = Decimal::parse(text);
    if (number) ZF_ASSERT(Decimal::parse(number->text()) == number);
    const auto date = parse_date(text);
    if (date) {
        ZF_ASSERT(date->text() == text);
        ZF_ASSERT(date_of_days(days_of(*date)) == *date);
    }
    const auto month = parse_month(text);
    if (month) ZF_ASSERT(month->text() == text);
    const auto period = parse_period(text);
    if (period) ZF_ASSERT(period->start <= period->end);
    if (is_valid_utf8(text)) {
        ZF_ASSERT(code_point_count(text) <= text.size());
        ZF_ASSERT(is_valid_utf8(searchable(text)));
        ZF_ASSERT(is_valid_utf8(search_query(text)));
        ZF_ASSERT(is_valid_utf8(normalise_typed(text)));
        ZF_ASSERT(normalise_typed(normalise_typed(text)) == normalise_typed(text));
    }
    return number || date || month || period ? Verdict::accepted : Verdict::refused;
}
