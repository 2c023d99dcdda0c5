// The catalogue of errors and Result.
#include "common/base/error.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>

#include "common/base/result.h"

namespace {

using namespace zf;

constexpr int last_code = static_cast<int>(ErrorCode::internal);

TEST_CASE("errors: every code has its own slug and a fitting HTTP status") {
    std::set<std::string_view> slugs;
    for (int i = 0; i <= last_code; ++i) {
        const auto code = static_cast<ErrorCode>(i);
        const ErrorFacts& facts = facts_of(code);
        CAPTURE(facts.slug);
        CHECK_FALSE(facts.slug.empty());
        CHECK(slugs.insert(facts.slug).second);
        CHECK(facts.http_status >= 400);
        CHECK(facts.http_status < 600);
        CHECK(error_code_of(facts.slug) == code);
    }
}

TEST_CASE("errors: slugs stand where their names say") {
    // From each part of the list, so that a line left out or swapped shows.
    CHECK(facts_of(ErrorCode::malformed).slug == "malformed");
    CHECK(facts_of(ErrorCode::computed_field).slug == "computed_field");
    CHECK(facts_of(ErrorCode::in_conflict).slug == "in_conflict");
    CHECK(facts_of(ErrorCode::wrong_epoch).slug == "wrong_epoch");
    CHECK(facts_of(ErrorCode::missing_argument).slug == "missing_argument");
    CHECK(facts_of(ErrorCode::internal).slug == "internal");
    CHECK(facts_of(ErrorCode::unreachable).device_retries);
    CHECK_FALSE(facts_of(ErrorCode::device_revoked).device_retries);
}

TEST_CASE("errors: an unknown slug reads as internal") {
    CHECK(error_code_of("from_a_newer_server") == ErrorCode::internal);
    CHECK(error_code_of("") == ErrorCode::internal);
}

Result<int> halved(int number) {
    if (number % 2 != 0) return fail(ErrorCode::out_of_range, "an even number is needed", "n");
    return number / 2;
}

Result<void> checked_twice(int number) {
    ZF_CHECK(halved(number));
    ZF_CHECK(halved(number / 2));
    return {};
}

TEST_CASE("result: a value or an error") {
    CHECK(halved(4).value() == 2);
    CHECK(halved(4).value_or(9) == 2);
    CHECK(halved(3).value_or(9) == 9);
    const Result<int> failed = halved(3);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == ErrorCode::out_of_range);
    CHECK(failed.error().message == "an even number is needed");
    CHECK(failed.error().where == "n");
    CHECK(checked_twice(4));
    CHECK(checked_twice(6).error().where == "n");
    CHECK_FALSE(checked_twice(1));
}

TEST_CASE("result: holds what can only be moved") {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
    const std::unique_ptr<int> taken = std::move(result).value();
    CHECK(*taken == 5);
}

}  // namespace
