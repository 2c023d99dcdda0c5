#include "common/codec/json.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <nlohmann/json.hpp>

namespace zf {
namespace {

/// Where the n-th bracket stands in a text that is JSON as far as that: the count of bytes up to
/// and with it. nlohmann tells a position for errors of syntax only.
std::size_t place_of_bracket(std::string_view text, std::size_t n) {
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') in_string = !in_string;
        if (in_string && c == '\\') ++i;
        if (in_string || std::string_view("[]{}").find(c) == std::string_view::npos) continue;
        if (--n == 0) return i + 1;
    }
    return text.size();
}

/// Builds a Value from nlohmann's events, without its document type. What belongs to brackets that
/// are still open lies in one stack each for values and names, so that a closing bracket makes
/// its list or object in one piece.
class Builder {
public:
    explicit Builder(int depth_max) : depth_max_(static_cast<std::size_t>(depth_max)) {
        values_.reserve(64);
        names_.reserve(64);
        open_.reserve(depth_max_);
    }

    bool null() { return put(Value()); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(std::int64_t value) { return put(value); }
    bool number_unsigned(std::uint64_t value) {
        if (value <= static_cast<std::uint64_t>(INT64_MAX)) {
            return put(static_cast<std::int64_t>(value));
        }
        return put(OddNumber{std::to_string(value)});
    }
    bool number_float(double, const std::string& token) { return put(OddNumber{token}); }
    // Copied, not moved: the lexer goes on using its buffer, and the copy has just the right size.
    bool string(const std::string& value) { return put(std::string_view(value)); }
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(); }
    bool start_array(std::size_t) { return open(); }

    bool key(const std::string& name) {
        names_.push_back(name);
        return true;
    }

    bool end_object() {
        ++brackets_;
        const std::size_t first = open_.back();
        const std::size_t count = values_.size() - first;
        Members members;
        members.reserve(count);
        const std::size_t first_name = names_.size() - count;
        for (std::size_t i = 0; i < count; ++i) {
            members.emplace_back(std::move(names_[first_name + i]), std::move(values_[first + i]));
        }
        names_.resize(first_name);
        return has_each_name_once(members) && close(std::move(members));
    }

    bool end_array() {
        ++brackets_;
        const auto first = values_.begin() + static_cast<std::ptrdiff_t>(open_.back());
        return close(List(std::move_iterator(first), std::move_iterator(values_.end())));
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception& error) {
        error_at_ = position;
        error_ = error.id == number_beyond_double
                     ? "a number beyond all that is counted; decimals are written as text"
                     : "this is not JSON: a bracket, quotation mark or comma is missing or too "
                       "many, or the text is not UTF-8";
        return false;
    }

    Value take() { return std::move(values_.back()); }
    [[nodiscard]] const std::string& error() const { return error_; }

    /// How many bytes of the text there are up to and with the one at which it was refused.
    [[nodiscard]] std::size_t error_at(std::string_view text) const {
        return error_at_ != 0 ? error_at_ : place_of_bracket(text, brackets_);
    }

private:
    static constexpr int number_beyond_double = 406;  // nlohmann's own number for it

    template <class Content>
    bool put(Content content) {
        values_.emplace_back(std::move(content));
        return true;
    }

    bool open() {
        ++brackets_;
        if (open_.size() >= depth_max_) {
            error_ = "nested deeper than " + std::to_string(depth_max_) + " levels";
            return false;
        }
        open_.push_back(values_.size());
        return true;
    }

    template <class Container>
    bool close(Container container) {
        values_.resize(open_.back());
        open_.pop_back();
        return put(std::move(container));
    }

    bool has_each_name_once(const Members& members) {
        const auto not_ascending = [](const auto& a, const auto& b) { return a.first >= b.first; };
        if (std::adjacent_find(members.begin(), members.end(), not_ascending) == members.end()) {
            return true;
        }
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const auto& [name, value] : members) names.emplace_back(name);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice == names.end()) return true;
        error_ = "the member \"" + std::string(*twice) + "\" stands twice in one object";
        return false;
    }

    std::size_t depth_max_;
    std::vector<Value> values_;
    std::vector<std::string> names_;
    std::vector<std::size_t> open_;  // per open bracket: where in values_ its content begins
    std::size_t brackets_ = 0;       // read so far, opening and closing
    std::size_t error_at_ = 0;
    std::string error_;
};

void append_pretty(std::string& out, const Value& value, std::size_t depth) {
    const auto line = [&](std::size_t at) { out += "\n" + std::string(2 * at, ' '); };
    if (const List* list = value.list(); list && !list->empty()) {
        out += "[";
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (i > 0) out += ",";
            line(depth + 1);
            append_pretty(out, (*list)[i], depth + 1);
        }
        line(depth);
        out += "]";
    } else if (const Members* members = value.members(); members && !members->empty()) {
        out += "{";
        for (std::size_t i = 0; i < members->size(); ++i) {
            if (i > 0) out += ",";
            line(depth + 1);
            append_json_string(out, (*members)[i].first);
            out += ": ";
            append_pretty(out, (*members)[i].second, depth + 1);
        }
        line(depth);
        out += "}";
    } else {
        append_canonical(out, value);
    }
}

}  // namespace

std::string pretty_json(const Value& value) {
    std::string out;
    append_pretty(out, value, 0);
    return out;
}

Result<Value> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes_max) {
        return fail(ErrorCode::too_large, "more than " + std::to_string(limits.bytes_max) +
                                              " bytes of JSON in one piece");
    }
    const auto place = [](std::size_t byte) { return "byte " + std::to_string(byte); };
    // nlohmann takes a zero byte for the end of the text and would not look at what follows.
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
        return fail(ErrorCode::malformed, "a zero byte stands in the text", place(zero + 1));
    }
    Builder builder(limits.depth_max);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        return fail(ErrorCode::malformed, builder.error(), place(builder.error_at(text)));
    }
    return builder.take();
}

}  // namespace zf
