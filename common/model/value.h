// Value: what a field can hold, in the one form that it has in changesets, documents and JSON.
// Has no floating point: decimals are text. What a value means is the form's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zf {

class Value;
using List = std::vector<Value>;
/// Members in the order in which they were read; canonical text sorts them by byte order.
using Members = std::vector<std::pair<std::string, Value>>;

/// A JSON number that is no 64-bit integer, kept as its text so that a message can show it.
/// Never part of a changeset.
struct OddNumber {
    std::string text;
    bool operator==(const OddNumber&) const = default;
};

class Value {
public:
    Value() = default;  // null
    Value(bool b) : data_(b) {}
    Value(std::int64_t i) : data_(i) {}
    Value(int i) : data_(static_cast<std::int64_t>(i)) {}
    Value(std::string s) : data_(std::move(s)) {}
    Value(std::string_view s) : data_(std::string(s)) {}
    Value(const char* s) : data_(std::string(s)) {}
    Value(List list) : data_(std::move(list)) {}
    Value(Members members) : data_(std::move(members)) {}
    Value(OddNumber number) : data_(std::move(number)) {}

    [[nodiscard]] bool is_null() const { return data_.index() == 0; }
    [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&data_); }
    [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }
    [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&data_); }
    [[nodiscard]] const List* list() const { return std::get_if<List>(&data_); }
    [[nodiscard]] List* list() { return std::get_if<List>(&data_); }
    [[nodiscard]] const Members* members() const { return std::get_if<Members>(&data_); }
    [[nodiscard]] Members* members() { return std::get_if<Members>(&data_); }
    [[nodiscard]] const OddNumber* odd_number() const { return std::get_if<OddNumber>(&data_); }

    /// The member `name` of an object; nothing when absent or not an object.
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] Value* find(std::string_view name) {
        return const_cast<Value*>(std::as_const(*this).find(name));
    }
    /// Sets or adds a member; the value must be an object or null (which becomes one).
    void set(std::string_view name, Value value);

    bool operator==(const Value&) const = default;

private:
    std::variant<std::monostate, bool, std::int64_t, std::string, List, Members, OddNumber> data_;
};

/// Canonical JSON: UTF-8, members in byte order of their names, no spaces, only the escapes
/// that JSON demands (\" \\ \b \f \n \r \t and \u00xx in lower-case hex for other controls).
/// The text of equal values is equal. Appends to `out`.
void append_canonical(std::string& out, const Value& value);
std::string canonical_text(const Value& value);
/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace zf
