#include "common/model/value.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

using Member = Members::value_type;

bool by_name(const Member& a, const Member& b) {
    return a.first < b.first;
}

void append_integer(std::string& out, std::int64_t integer) {
    std::array<char, 20> digits;  // the sign and 19 digits of the least one
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), integer).ptr;
    out.append(digits.data(), end);
}

void append_members(std::string& out, const Members& members) {
    out.push_back('{');
    const auto append_one = [&](const Member& member, bool first) {
        if (!first) out.push_back(',');
        append_json_string(out, member.first);
        out.push_back(':');
        append_canonical(out, member.second);
    };
    if (std::is_sorted(members.begin(), members.end(), by_name)) {
        for (std::size_t i = 0; i < members.size(); ++i) append_one(members[i], i == 0);
    } else {
        std::vector<const Member*> sorted;
        sorted.reserve(members.size());
        for (const Member& member : members) sorted.push_back(&member);
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const Member* a, const Member* b) { return by_name(*a, *b); });
        for (std::size_t i = 0; i < sorted.size(); ++i) append_one(*sorted[i], i == 0);
    }
    out.push_back('}');
}

}  // namespace

const Value* Value::find(std::string_view name) const {
    const Members* own = members();
    if (!own) return nullptr;
    for (const auto& [key, value] : *own) {
        if (key == name) return &value;
    }
    return nullptr;
}

void Value::set(std::string_view name, Value value) {
    if (is_null()) data_ = Members{};
    Members* own = members();
    ZF_ASSERT(own != nullptr);
    for (auto& [key, present] : *own) {
        if (key != name) continue;
        present = std::move(value);
        return;
    }
    own->emplace_back(std::string(name), std::move(value));
}

void append_json_string(std::string& out, std::string_view text) {
    out.push_back('"');
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        out.push_back('\\');
        switch (c) {
            case '"':
            case '\\':
                out.push_back(c);
                break;
            case '\b':
                out.push_back('b');
                break;
            case '\f':
                out.push_back('f');
                break;
            case '\n':
                out.push_back('n');
                break;
            case '\r':
                out.push_back('r');
                break;
            case '\t':
                out.push_back('t');
                break;
            default:
                out += "u00";
                out.push_back(hex_digits[byte >> 4]);
                out.push_back(hex_digits[byte & 15]);
        }
    }
    out.append(text, plain);
    out.push_back('"');
}

void append_canonical(std::string& out, const Value& value) {
    if (const std::string* text = value.text()) {
        append_json_string(out, *text);
    } else if (const std::int64_t* integer = value.integer()) {
        append_integer(out, *integer);
    } else if (const bool* boolean = value.boolean()) {
        out += *boolean ? "true" : "false";
    } else if (const List* list = value.list()) {
        out.push_back('[');
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (i > 0) out.push_back(',');
            append_canonical(out, (*list)[i]);
        }
        out.push_back(']');
    } else if (const Members* members = value.members()) {
        append_members(out, *members);
    } else if (const OddNumber* number = value.odd_number()) {
        out += number->text;
    } else {
        out += "null";
    }
}

std::string canonical_text(const Value& value) {
    std::string out;
    append_canonical(out, value);
    return out;
}

}  // namespace zf
