#include "common/codec/json.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace zf {
namespace {

/// Builds a Value from nlohmann's events, without its document type.
class Builder {
public:
    explicit Builder(int depth_max) : depth_max_(depth_max) {}

    bool null() { return put(Value()); }
    bool boolean(bool value) { return put(Value(value)); }
    bool number_integer(std::int64_t value) { return put(Value(value)); }
    bool number_unsigned(std::uint64_t value) {
        if (value <= static_cast<std::uint64_t>(INT64_MAX)) {
            return put(Value(static_cast<std::int64_t>(value)));
        }
        return put(Value(OddNumber{std::to_string(value)}));
    }
    bool number_float(double, const std::string& token) { return put(Value(OddNumber{token})); }
    bool string(std::string& value) { return put(Value(std::move(value))); }
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(Value(Members{})); }
    bool end_object() { return has_each_name_once() && close(); }
    bool start_array(std::size_t) { return open(Value(List{})); }
    bool end_array() { return close(); }

    bool key(std::string& name) {
        keys_.back() = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
        position_ = position;
        error_ =
            "this is not JSON: a bracket, quotation mark or comma is missing or too many, or "
            "the text is not UTF-8";
        return false;
    }

    Value take() { return std::move(result_); }
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] std::string place() const {
        return position_ ? "byte " + std::to_string(*position_) : std::string();
    }

private:
    bool put(Value value) {
        if (stack_.empty()) {
            result_ = std::move(value);
        } else if (List* list = stack_.back().list()) {
            list->push_back(std::move(value));
        } else {
            stack_.back().members()->emplace_back(std::move(keys_.back()), std::move(value));
        }
        return true;
    }

    bool open(Value value) {
        if (static_cast<int>(stack_.size()) >= depth_max_) {
            error_ = "nested deeper than " + std::to_string(depth_max_) + " levels";
            return false;
        }
        stack_.push_back(std::move(value));
        keys_.emplace_back();
        return true;
    }

    bool close() {
        Value value = std::move(stack_.back());
        stack_.pop_back();
        keys_.pop_back();
        return put(std::move(value));
    }

    bool has_each_name_once() {
        const Members& members = *stack_.back().members();
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const auto& [name, value] : members) names.emplace_back(name);
        if (!std::is_sorted(names.begin(), names.end())) std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice == names.end()) return true;
        error_ = "the member \"" + std::string(*twice) + "\" stands twice in one object";
        return false;
    }

    int depth_max_;
    std::vector<Value> stack_;
    std::vector<std::string> keys_;
    Value result_;
    std::string error_;
    std::optional<std::size_t> position_;
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
    Builder builder(limits.depth_max);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        return fail(ErrorCode::malformed, builder.error(), builder.place());
    }
    return builder.take();
}

}  // namespace zf
