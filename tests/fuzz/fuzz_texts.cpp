// Decimals, dates, periods and UTF-8: what was read reads the same after it was written.
#include "common/base/date.h"
#include "common/base/decimal.h"
#include "common/base/text.h"
#include "tests/fuzz/fuzz_target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = zf::text_of(data, size);
    if (const auto number = zf::Decimal::parse(text)) {
        ZF_ASSERT(zf::Decimal::parse(number->text()) == number);
    }
    if (const auto date = zf::parse_date(text)) {
        ZF_ASSERT(date->text() == text);
        ZF_ASSERT(zf::date_of_days(zf::days_of(*date)) == *date);
    }
    if (const auto month = zf::parse_month(text)) ZF_ASSERT(month->text() == text);
    if (const auto period = zf::parse_period(text)) ZF_ASSERT(period->start <= period->end);
    if (zf::is_valid_utf8(text)) {
        ZF_ASSERT(zf::code_point_count(text) <= size);
        ZF_ASSERT(zf::is_valid_utf8(zf::searchable(text)));
        ZF_ASSERT(zf::is_valid_utf8(zf::search_query(text)));
        ZF_ASSERT(zf::is_valid_utf8(zf::normalise_typed(text)));
    }
    return 0;
}
