// What a laptop needs to know to become a device of a bureau, as one text that a person can send,
// print and paste:
//
//   zoufang https://192.168.1.5:8443 7KQ2-M9XF-R4TD 3b6a...(64 hex digits)
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zf {

struct Invitation {
    std::string server_url;
    std::string code;
    std::string pin;  // 64 hex digits; empty: none
    bool operator==(const Invitation&) const = default;
};

std::string invitation_text(const Invitation& invitation);

/// Finds the parts by their form, in whatever order and among whatever words of a letter:
/// full-width forms and line breaks do no harm. Nothing when an address or a code is missing.
std::optional<Invitation> read_invitation(std::string_view text);

}  // namespace zf
