#include "client/ui/text_boundary.h"

#include <unordered_map>
#include <vector>

#include "common/base/text.h"

namespace zf::ui {
namespace {

constexpr char32_t replacement = 0xFFFD, bmp_last = 0xFFFF;

Met met_told = nullptr;

struct Slots {
    std::unordered_map<char32_t, char32_t> by_character;
    std::vector<char32_t> characters;  // of slot_first + index
};

Slots& slots() {
    static Slots slots;
    return slots;
}

bool needs_slot(char32_t c) {
    return c > bmp_last || (c >= slot_first && c <= slot_last);
}

/// Most texts need no slot at all: those with no byte that starts one of the characters above.
bool may_need_slots(std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0xEA && (byte <= 0xED || byte >= 0xF0)) return true;
    }
    return false;
}

std::string mapped(std::string_view text, char32_t (*map)(char32_t)) {
    if (!may_need_slots(text)) return std::string(text);
    std::string out;
    for (std::size_t at = 0; at < text.size();) append_utf8(out, map(next_code_point(text, at)));
    return out;
}

}  // namespace

char32_t slot_of(char32_t character) {
    if (!needs_slot(character)) return character;
    Slots& known = slots();
    const auto found = known.by_character.find(character);
    if (found != known.by_character.end()) return found->second;
    const auto slot = static_cast<char32_t>(slot_first + known.characters.size());
    if (slot > slot_last) return replacement;
    known.characters.push_back(character);
    known.by_character.emplace(character, slot);
    return slot;
}

char32_t character_of(char32_t slot) {
    if (slot < slot_first || slot - slot_first >= slots().characters.size()) return slot;
    return slots().characters[slot - slot_first];
}

void tell_met(Met met) {
    met_told = met;
}

std::string to_slots(std::string_view text, TextSize size) {
    std::string slots = mapped(text, slot_of);
    if (!met_told) return slots;
    for (std::size_t at = 0; at < slots.size();) {
        if (static_cast<unsigned char>(slots[at]) < 0x80) {
            ++at;
        } else {
            met_told(next_code_point(slots, at), size);
        }
    }
    return slots;
}

std::string from_slots(std::string_view text) {
    return mapped(text, character_of);
}

}  // namespace zf::ui
