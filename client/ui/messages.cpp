#include "client/ui/messages.h"

#include "common/base/assert.h"
#include "common/codec/json.h"

namespace zf {

Messages::Messages(Language language) : language_(language) {
    for (const Language one : {Language::zh_hans, Language::zh_hant, Language::en}) {
        const auto json = parse_json(embedded_messages(one));
        ZF_ASSERT(json.has_value() && json->members());
        for (const auto& [key, value] : *json->members()) {
            ZF_ASSERT(value.text());
            texts_[static_cast<std::size_t>(one)].emplace(key, *value.text());
        }
    }
}

std::string_view Messages::text(std::string_view key) const {
    const Texts& texts = texts_[static_cast<std::size_t>(language_)];
    const auto found = texts.find(key);
    return found == texts.end() ? key : std::string_view(found->second);
}

std::string Messages::text(std::string_view key, std::initializer_list<MessagePart> parts) const {
    const std::string_view pattern = text(key);
    std::string filled;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t end = pattern[at] == '{' ? pattern.find('}', at) : std::string_view::npos;
        const MessagePart* part = nullptr;
        if (end != std::string_view::npos) {
            const std::string_view name = pattern.substr(at + 1, end - at - 1);
            for (const MessagePart& one : parts) {
                if (one.first == name) part = &one;
            }
        }
        if (part) {
            filled += part->second;
            at = end + 1;
        } else {
            filled += pattern[at++];
        }
    }
    return filled;
}

}  // namespace zf
