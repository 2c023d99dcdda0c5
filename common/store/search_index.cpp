// Full-text search. The index lags behind the log on purpose: a bulk pull must not pay for it.
// Whoever searches brings it up to date first.
#include <algorithm>

#include "common/base/text.h"
#include "common/codec/record_codec.h"
#include "common/merge/record_view.h"
#include "common/store/change_log.h"
#include "common/store/record_changes.h"

namespace zf {
namespace {

void collect_text(const Value& value, std::string& out) {
    if (const std::string* text = value.text()) {
        out += *text;
        out += '\n';
    } else if (const std::int64_t* integer = value.integer()) {
        out += std::to_string(*integer);
        out += '\n';
    } else if (const List* list = value.list()) {
        for (const Value& element : *list) collect_text(element, out);
    } else if (const Members* members = value.members()) {
        for (const auto& [name, member] : *members) collect_text(member, out);
    }
}

}  // namespace

std::string text_for_search(const RecordDoc& doc, const FormCatalog& forms) {
    std::string text;
    const Form* form = forms.find(doc.form);
    for (const auto& [name, live] : doc.fields) {
        if (!is_data_field(name) || name.starts_with("_")) continue;
        const Field* field = form ? form->find(name) : nullptr;
        for (const LiveValue& value : live) {
            collect_text(value.value, text);
            if (!field || field->choices.empty() || !value.value.text()) continue;
            if (const Choice* choice = forms.find_choice(field->choices, *value.value.text())) {
                text += choice->label.zh_hans + '\n' + choice->label.zh_hant + '\n' +
                        choice->label.en + '\n';
            }
        }
    }
    return searchable(text);
}

namespace {

void catch_up(Db& db, const FormCatalog& forms) {
    std::vector<std::int64_t> todo;
    {
        Statement find = db.prepare("SELECT record FROM search_todo ORDER BY record");
        while (find.step()) todo.push_back(find.integer(0));
    }
    if (todo.empty()) return;
    std::optional<Transaction> own;
    if (!db.in_transaction()) own.emplace(db);
    for (const std::int64_t n : todo) {
        Statement find = db.prepare("SELECT doc FROM record WHERE n=?1");
        find.bind(1, n);
        if (!find.step()) continue;
        const auto doc = decode_record(find.text(0));
        if (!doc) throw DbError(0, "a stored record is damaged: " + doc.error().message);
        const std::string body = text_for_search(*doc, forms);
        Statement remove = db.prepare("DELETE FROM search WHERE rowid=?1");
        remove.bind(1, n).run();
        Statement add = db.prepare("INSERT INTO search(rowid, body) VALUES(?1, ?2)");
        add.bind(1, n).bind_text(2, body).run();
    }
    db.execute("DELETE FROM search_todo");
    if (own) own->commit();
}

}  // namespace

std::vector<Uuid> ChangeLog::search(std::string_view form, std::string_view typed,
                                    std::size_t limit) {
    std::vector<Uuid> found;
    const std::string query = search_query(typed);
    if (query.empty()) return found;
    catch_up(db_, *forms_);
    Statement find = db_.prepare(
        "SELECT record.id FROM search JOIN record ON record.n=search.rowid "
        "WHERE search MATCH ?1 AND (?2='' OR record.form=?2) ORDER BY rank, record.id LIMIT ?3");
    find.bind_text(1, query).bind_text(2, form).bind(3, static_cast<std::int64_t>(limit));
    while (find.step()) found.push_back(find.id<Uuid>(0));
    return found;
}

}  // namespace zf
