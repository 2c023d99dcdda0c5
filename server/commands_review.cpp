// review: a decision about a record, with a note and comments at fields.
#include <ostream>

#include "common/base/date.h"
#include "common/store/store_records.h"
#include "server/commands.h"
#include "server/review.h"

namespace zf {
namespace {

Result<std::vector<ReviewComment>> read_comments(const CommandLine& line) {
    std::vector<ReviewComment> comments;
    const auto given = line.options.find("--comment");
    if (given == line.options.end()) return comments;
    for (const std::string& one : given->second) {
        const std::size_t at = one.find('=');
        if (at == std::string::npos || at == 0) {
            return wrong_usage("A comment is FIELD=TEXT.", "--comment " + one);
        }
        comments.push_back({one.substr(0, at), one.substr(at + 1)});
    }
    return comments;
}

}  // namespace

Result<int> run_review(const Invocation& invocation) {
    const CommandLine& line = invocation.line;
    const auto record = parse_uuid(line.words[0]);
    if (!record) return wrong_usage("A record is named by its UUID.", line.words[0]);
    if (!line.has("--user")) {
        return wrong_usage("Say who decides with --user NAME.", "--user");
    }
    const auto kind = parse_review_kind(line.value("--decision"));
    if (!kind) {
        return wrong_usage("The decision should be checked, approved or returned.", "--decision");
    }
    const auto comments = read_comments(line);
    if (!comments) return fail(comments.error());
    const auto store = CentralStore::open(line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto user = [&] {
        const auto held = (*store)->lock();
        return (*store)->bureau().find_user(line.value("--user"));
    }();
    if (!user) {
        return fail(ErrorCode::not_found, "There is no account of this name; see `user list`.",
                    line.value("--user"));
    }
    ZF_CHECK(review_record(**store, *user, *record, *kind, line.value("--note"), *comments));
    const auto held = (*store)->lock();
    const auto doc = (*store)->log().find_record(*record);
    const Date today = date_at(invocation.env.now_ms(), bureau_offset_minutes);
    Value answer;
    answer.set("record", record->text());
    answer.set("user", user->name);
    answer.set("decision", name_of(*kind));
    answer.set("comments", static_cast<std::int64_t>(comments->size()));
    answer.set("status", name_of(status_of((*store)->log(), *doc, today)));
    print_json(invocation.out, answer);
    return 0;
}

}  // namespace zf
