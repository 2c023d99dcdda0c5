// The one boundary where text enters and leaves ImGui, whose characters have 16 bits: those beyond
// the basic plane (𠮷, emoji) stand in slots inside ImGui and nowhere else; a slot is never stored.
// The slots are the places of the Korean syllables, which then need slots themselves: ImGui 1.86
// drops characters of the private-use area that are typed. One thread: that of the window.
#pragma once

#include <string>
#include <string_view>

namespace zf::ui {

/// First and last character that is a slot inside ImGui.
inline constexpr char32_t slot_first = 0xAC00, slot_last = 0xD7A3;

/// The slot of a character that needs one, given for as long as the program runs; the character
/// itself when it needs none; U+FFFD when all 11,172 slots are taken.
char32_t slot_of(char32_t character);
/// The character of a slot; anything else, and a slot that was never given, is itself.
char32_t character_of(char32_t slot);

/// Texts come in two sizes; each character is drawn for the one that it is met in.
enum class TextSize { body, heading };

/// Who is told of every character beyond ASCII on its way in, as ImGui gets it, before it is drawn:
/// the font that must have it by then. Nobody: nullptr.
using Met = void (*)(char32_t slot, TextSize size);
void tell_met(Met met);

/// UTF-8 as ImGui gets it, and back.
std::string to_slots(std::string_view text, TextSize size = TextSize::body);
std::string from_slots(std::string_view slots);

}  // namespace zf::ui
