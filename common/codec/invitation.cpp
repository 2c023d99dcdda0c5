#include "common/codec/invitation.h"

#include <algorithm>
#include <vector>

#include "common/base/text.h"

namespace zf {
namespace {

constexpr std::size_t pin_digits = 64, group_size = 4, code_size = 14;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_stop(char c) {
    return c == '.' || c == ':';
}

/// Whatever an address, a code or a pin may consist of.
bool is_of_word(char c) {
    return is_letter_or_digit(c) || std::string_view("-.:/[]_").find(c) != std::string_view::npos;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words(1);
    for (const char c : text) {
        if (is_of_word(c)) {
            words.back() += c;
        } else if (!words.back().empty()) {
            words.emplace_back();
        }
    }
    return words;
}

/// As it is printed: words of twelve letters are no codes.
bool is_code(const std::string& word) {
    if (word.size() != code_size) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool is_dash = i % (group_size + 1) == group_size;
        if (is_dash ? word[i] != '-' : !is_letter_or_digit(word[i])) return false;
    }
    return true;
}

}  // namespace

std::string invitation_text(const Invitation& invitation) {
    std::string text = "zoufang " + invitation.server_url + " " + invitation.code;
    if (!invitation.pin.empty()) text += " " + invitation.pin;
    return text;
}

std::optional<Invitation> read_invitation(std::string_view text) {
    Invitation found;
    for (std::string word : words_of(normalise_typed(text))) {
        // The full stop or colon of a sentence is no part of it.
        while (!word.empty() && is_stop(word.back())) word.pop_back();
        while (!word.empty() && is_stop(word.front())) word.erase(0, 1);
        const std::size_t scheme = std::min(word.find("https://"), word.find("http://"));
        if (scheme != std::string::npos) {
            if (found.server_url.empty()) found.server_url = word.substr(scheme);
        } else if (word.size() == pin_digits && std::all_of(word.begin(), word.end(), is_hex)) {
            found.pin = word;
        } else if (is_code(word) && found.code.empty()) {
            found.code = word;
        }
    }
    if (found.server_url.empty() || found.code.empty()) return std::nullopt;
    return found;
}

}  // namespace zf
