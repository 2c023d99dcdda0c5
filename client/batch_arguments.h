// The parts of one batch command, read with errors that name the part. Knows no store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/record_filter.h"
#include "common/base/ids.h"
#include "common/base/result.h"
#include "common/model/value.h"

namespace zf {

/// A view of a command, which must outlive it. A part that is null counts as not given. Errors:
/// `missing_argument` and `wrong_type`, where = the part's name.
class BatchArguments {
public:
    explicit BatchArguments(const Value& command) : command_(command) {}

    [[nodiscard]] bool has(std::string_view name) const;
    /// Also an explicit null; nothing when the part is absent.
    [[nodiscard]] const Value* find(std::string_view name) const { return command_.find(name); }

    [[nodiscard]] Result<std::string> text(std::string_view name) const;
    [[nodiscard]] Result<std::string> text_or(std::string_view name, std::string other) const;
    [[nodiscard]] Result<Uuid> record(std::string_view name) const;
    [[nodiscard]] Result<std::optional<Uuid>> record_if_given(std::string_view name) const;
    [[nodiscard]] Result<Members> members(std::string_view name) const;
    [[nodiscard]] Result<std::int64_t> count_or(std::string_view name, std::int64_t other) const;
    [[nodiscard]] Result<bool> flag(std::string_view name) const;  // false when not given
    /// {"field": value, ...} or [{"field", "op", "value"}, ...]; none when not given.
    [[nodiscard]] Result<std::vector<ListCondition>> conditions(std::string_view name) const;

private:
    const Value& command_;
};

}  // namespace zf
