// Result<T>: a value or an expected Error. Member names follow std::expected, so that it can
// become an alias when the project moves to C++23. Broken invariants assert; they are no Result.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "common/base/assert.h"
#include "common/base/error.h"

namespace zf {

/// Wraps an Error so that it converts to any Result<T>.
struct Unexpected {
    Error error;
};

/// The short way to return an error: `return fail(ErrorCode::malformed, "what; remedy", "where");`
inline Unexpected fail(ErrorCode code, std::string message, std::string where = {}) {
    return Unexpected{Error{code, std::move(message), std::move(where)}};
}
inline Unexpected fail(Error error) {
    return Unexpected{std::move(error)};
}

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Unexpected unexpected) : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & {
        ZF_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    const T& value() const& {
        ZF_ASSERT(has_value());
        return *std::get_if<0>(&state_);
    }
    T&& value() && {
        ZF_ASSERT(has_value());
        return std::move(*std::get_if<0>(&state_));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const {
        ZF_ASSERT(!has_value());
        return *std::get_if<1>(&state_);
    }
    T value_or(T other) const { return has_value() ? value() : std::move(other); }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Unexpected unexpected) : error_(std::move(unexpected.error)) {}

    [[nodiscard]] bool has_value() const { return !error_.has_value(); }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] const Error& error() const {
        ZF_ASSERT(error_.has_value());
        return *error_;
    }

private:
    std::optional<Error> error_;
};

}  // namespace zf

/// Returns the error of `expression` from the enclosing function, if there is one.
#define ZF_CHECK(expression)                                                                    \
    do {                                                                                        \
        if (auto zf_checked = (expression); !zf_checked) return ::zf::fail(zf_checked.error()); \
    } while (false)
