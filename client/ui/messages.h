// The texts of the screens in three languages, by key: client/i18n/*.json, embedded at build.
// Knows neither screens nor ImGui. What forms say (labels, units, rules) comes with the forms.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "common/model/form.h"

namespace zf {

/// A placeholder without its braces, and what stands for it.
using MessagePart = std::pair<std::string_view, std::string_view>;

class Messages {
public:
    explicit Messages(Language language);

    [[nodiscard]] Language language() const { return language_; }
    /// From now on in another language; views that were given before stay valid.
    void use(Language language) { language_ = language; }

    /// "today.title" and the like. A key that does not exist shows itself (a test forbids it);
    /// the view is valid as long as this object, or as the key when it shows itself.
    [[nodiscard]] std::string_view text(std::string_view key) const;
    /// With each "{name}" replaced by its part.
    [[nodiscard]] std::string text(std::string_view key,
                                   std::initializer_list<MessagePart> parts) const;

private:
    using Texts = std::map<std::string, std::string, std::less<>>;

    Language language_;
    Texts texts_[3];  // by Language
};

/// The embedded file of a language.
std::string_view embedded_messages(Language language);

}  // namespace zf
