// The answer to a rehearsed push: that of a push, and the conflicts that would begin.
#include "common/codec/json.h"
#include "common/codec/wire.h"

namespace zf {

std::string encode_rehearsed_push(const RehearsedPush& message) {
    List conflicts;
    for (const ForeseenConflict& one : message.conflicts) {
        conflicts.emplace_back(
            Members{{"field", one.field}, {"kind", one.kind}, {"record", one.record}});
    }
    Value answer = *parse_json(encode_push_answer(message.push));
    answer.set("conflicts", std::move(conflicts));
    return canonical_text(answer);
}

Result<RehearsedPush> decode_rehearsed_push(std::string_view body) {
    auto push = decode_push_answer(body);
    if (!push) return fail(push.error());
    RehearsedPush message{std::move(*push), {}};
    const auto json = parse_json(body);
    const Value* list = json ? json->find("conflicts") : nullptr;
    if (!list || !list->list()) {
        return fail(ErrorCode::malformed, "a list is expected", "conflicts");
    }
    for (const Value& one : *list->list()) {
        ForeseenConflict conflict;
        const auto read = [&](std::string_view name, std::string& into) {
            const Value* part = one.find(name);
            if (!part || !part->text()) return false;
            into = *part->text();
            return true;
        };
        if (!read("record", conflict.record) || !read("field", conflict.field) ||
            !read("kind", conflict.kind)) {
            return fail(ErrorCode::malformed, "record, field and kind are expected", "conflicts");
        }
        message.conflicts.push_back(std::move(conflict));
    }
    return message;
}

}  // namespace zf
