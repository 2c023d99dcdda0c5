#include "client/app/today.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "client/records.h"
#include "common/store/receipts.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::size_t listed_max = 200;
constexpr std::size_t forms_max = 6;
constexpr int due_ahead_days = 14;

/// Forms to begin with on a laptop that has not been used yet.
constexpr std::array<std::string_view, 6> first_forms{"site_visit", "disaster_report", "hazard",
                                                      "enterprise", "difficulty",      "complaint"};

class Reader {
public:
    Reader(RecordLines& lines, Language language, Today& today)
        : lines_(lines), language_(language), today_(today), now_(lines.store().today()) {}

    /// Lines by a condition with at most one text, in the order of `order`.
    void add(TodoKind kind, const std::string& condition, const std::string& text,
             const std::string& order) {
        const auto bind = [&](Statement& statement) {
            if (!text.empty()) statement.bind_text(1, text);
        };
        const std::string from = " FROM line WHERE state & 3 =0 AND " + condition;
        Statement count = lines_.db().prepare("SELECT COUNT(*)" + from);
        bind(count);
        count.step();
        today_.counts[static_cast<std::size_t>(kind)] = count.integer(0);
        Statement find = lines_.db().prepare("SELECT n" + from + " ORDER BY " + order + " LIMIT " +
                                             std::to_string(listed_max));
        bind(find);
        std::vector<std::int64_t> rows;
        while (find.step()) rows.push_back(find.integer(0));
        for (const std::int64_t n : rows) {
            if (const auto line = lines_.find(n, language_)) add(kind, *line);
        }
    }

private:
    void add(TodoKind kind, const RecordLine& line) {
        Todo todo{kind, line.id, line.form, line.title, "", "", {}, 0, line.updated_ms};
        if (kind == TodoKind::due) {
            todo.day = line.due;
            const auto due = parse_date(line.due);
            if (!due) return;
            todo.due = due_state(*due, now_);
            todo.days = std::abs(days_of(*due) - days_of(now_));
        }
        if (kind == TodoKind::returned) {
            const auto doc = lines_.store().log().find_record(line.id);
            const auto remarks = doc ? remarks_of_return(lines_.store(), *doc) : std::nullopt;
            if (remarks) {
                todo.detail = remarks->note;
                for (const FieldComment& comment : remarks->comments) {
                    todo.detail += (todo.detail.empty() ? "" : "；") + comment.text;
                }
            }
        }
        today_.todos.push_back(std::move(todo));
    }

    RecordLines& lines_;
    Language language_;
    Today& today_;
    Date now_;
};

void add_drafts(DeviceStore& store, Language language, Today& today) {
    const auto drafts = Draft::list(store);
    today.counts[static_cast<std::size_t>(TodoKind::draft)] =
        static_cast<std::int64_t>(drafts.size());
    for (const LeftDraft& draft : drafts) {
        std::string title;
        if (!draft.is_new) {
            const auto doc = store.log().find_record(draft.record);
            if (doc) title = list_title_of_record(store, *doc, language);
        }
        today.todos.push_back(
            {TodoKind::draft, draft.id, draft.form, title, "", "", {}, 0, draft.changed_ms});
    }
}

void choose_forms(DeviceStore& store, Today& today) {
    std::vector<std::pair<std::int64_t, std::string>> used;
    for (const Form& form : store.log().forms().forms) {
        const auto last = parse_uuid(find_fact(store.db(), "fill.last." + form.id).value_or(""));
        const auto doc = last ? store.log().find_record(*last) : std::nullopt;
        if (doc) used.emplace_back(doc->created.at_ms, form.id);
    }
    std::sort(used.rbegin(), used.rend());
    for (const auto& [at_ms, form] : used) today.forms.push_back(form);
    for (const std::string_view form : first_forms) {
        const bool is_there =
            std::find(today.forms.begin(), today.forms.end(), form) != today.forms.end();
        if (!is_there && store.log().forms().find(form)) today.forms.emplace_back(form);
    }
    if (today.forms.size() > forms_max) today.forms.resize(forms_max);
}

}  // namespace

std::string_view name_of(TodoKind kind) {
    static constexpr std::array<std::string_view, todo_kinds> names{"returned", "conflict", "due",
                                                                    "unsubmitted", "draft"};
    return names[static_cast<std::size_t>(kind)];
}

Today read_today(RecordLines& lines, const std::string& user, Language language) {
    DeviceStore& store = lines.store();
    Today today;
    today.counts.assign(todo_kinds, 0);
    Reader reader(lines, language, today);
    const std::string ahead = date_of_days(days_of(store.today()) + due_ahead_days).text();
    reader.add(TodoKind::returned, "status=" + std::to_string(static_cast<int>(Status::returned)),
               "", "updated_ms DESC");
    reader.add(TodoKind::conflict, "state & 4", "", "updated_ms DESC");
    reader.add(TodoKind::due, "due<>'' AND due<=?1", ahead, "due");
    if (!user.empty()) {
        reader.add(TodoKind::unsubmitted,
                   "status=" + std::to_string(static_cast<int>(Status::saved)) +
                       " AND (created_by=?1 OR updated_by=?1)",
                   user, "updated_ms DESC");
    }
    add_drafts(store, language, today);
    today.last_sync_ms = find_fact_integer(store.db(), "last_sync_ms");
    if (store.membership()) {
        today.unsent = store.unsent_changesets();
        today.unsent_files = store.unsent_attachments();
        today.waiting = static_cast<std::int64_t>(waiting_there(store.db()).size());
    }
    choose_forms(store, today);
    return today;
}

}  // namespace zf
