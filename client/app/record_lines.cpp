#include "client/app/record_lines.h"

#include <algorithm>
#include <array>

#include "client/app/deadlines.h"
#include "client/records.h"
#include "common/base/private_files.h"
#include "common/base/text.h"
#include "common/store/record_changes.h"
#include "common/store/schema.h"
#include "common/store/store_records.h"

namespace zf {
namespace {

/// Another number whenever lines are written in another way: all are made anew then.
constexpr std::int64_t format = 1;

constexpr std::array<std::string_view, 2> steps{R"sql(
CREATE TABLE number(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE line(
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  form TEXT NOT NULL,
  title_hans TEXT NOT NULL,
  title_hant TEXT NOT NULL,
  title_en TEXT NOT NULL,
  day TEXT NOT NULL,
  area TEXT NOT NULL,
  due TEXT NOT NULL,
  status INTEGER NOT NULL,
  state INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  created_by TEXT NOT NULL,
  revision INTEGER NOT NULL);
CREATE INDEX line_form_updated ON line(form, updated_ms);
CREATE INDEX line_form_title ON line(form, title_hans);
CREATE INDEX line_form_day ON line(form, day);
CREATE INDEX line_updated ON line(updated_ms);
CREATE INDEX line_status ON line(status, updated_ms);
CREATE INDEX line_revision ON line(revision);
CREATE INDEX line_due ON line(due) WHERE due<>'';
CREATE INDEX line_conflict ON line(updated_ms) WHERE state & 4;
CREATE TABLE mark(n INTEGER PRIMARY KEY);
CREATE VIRTUAL TABLE line_text USING fts5(body, tokenize='unicode61', columnsize=0);
)sql",
                                                // Each order of the list is read from one index
                                                // alone, with what else most lists ask for.
                                                R"sql(
DROP INDEX line_form_updated;
DROP INDEX line_form_title;
DROP INDEX line_form_day;
DROP INDEX line_updated;
DROP INDEX line_status;
CREATE INDEX line_updated ON line(updated_ms, state, form);
CREATE INDEX line_title_hans ON line(title_hans, state, form);
CREATE INDEX line_title_hant ON line(title_hant, state, form);
CREATE INDEX line_title_en ON line(title_en, state, form);
CREATE INDEX line_day ON line(day, state, form);
CREATE INDEX line_status ON line(status, updated_ms, state, form, created_by, updated_by);
CREATE INDEX line_form ON line(form, state);
DROP INDEX line_conflict;
CREATE INDEX line_conflict ON line(updated_ms, state, id) WHERE state & 4;
)sql"};

std::string text_in(const FieldValues& values, const std::string& field) {
    const auto found = values.find(field);
    return found != values.end() && found->second.text() ? *found->second.text() : std::string();
}

std::int64_t state_of(const RecordDoc& doc, bool has_conflict) {
    return (shown_void(doc) ? line_voided : 0) | (shown_alias(doc) ? line_joined : 0) |
           (has_conflict ? line_conflict : 0) |
           (doc.reviews.contains(ReviewKind::approved) && has_pending_amendment(doc) ? line_pending
                                                                                     : 0);
}

}  // namespace

/// What is read of other records while lines are written: the log does not change meanwhile.
struct RecordLines::Batch {
    StoreRecords source;
    Date today;
};

std::string title_column(Language language) {
    switch (language) {
        case Language::zh_hans:
            return "title_hans";
        case Language::zh_hant:
            return "title_hant";
        case Language::en:
            return "title_en";
    }
    return "title_hans";
}

RecordLines::RecordLines(DeviceStore& store)
    : store_(store), db_(Db::open((store.home() / "lists.db").string())) {
    const auto is_private = make_private_file(store.home() / "lists.db");
    if (!is_private) throw DbError(0, is_private.error().message);
    // What a power cut takes is taken over once more.
    db_.execute("PRAGMA synchronous=NORMAL");
    db_.keep_little_in_memory();
    migrate(db_, steps);
    fit_to_log();
}

std::int64_t RecordLines::number(const char* name) {
    Statement find = db_.prepare("SELECT value FROM number WHERE name=?1");
    find.bind_text(1, name);
    return find.step() ? find.integer(0) : 0;
}

void RecordLines::set_number(const char* name, std::int64_t value) {
    Statement set = db_.prepare("INSERT OR REPLACE INTO number(name, value) VALUES(?1, ?2)");
    set.bind_text(1, name).bind(2, value).run();
}

void RecordLines::clear() {
    for (const char* table : {"line", "mark", "line_text", "number"}) {
        db_.execute("DELETE FROM " + std::string(table));
    }
    set_number("format", format);
    revision_ = dropped_ = 0;
}

void RecordLines::fit_to_log() {
    Transaction transaction(db_);
    revision_ = number("revision");
    dropped_ = number("dropped");
    bool fits = number("format") == format && revision_ <= record_revision(store_.db());
    // A log that was put back from a copy has given the same numbers to other writes.
    Statement last = db_.prepare("SELECT n, id, revision FROM line ORDER BY revision DESC LIMIT 1");
    if (fits && last.step() && dropped_ == dropped_revision(store_.db())) {
        const auto there = find_change(store_.db(), last.integer(0));
        fits = there && there->id == last.id<Uuid>(1) && there->revision >= last.integer(2);
    }
    last.reset();
    if (!fits) clear();
    transaction.commit();
}

std::int64_t RecordLines::behind() {
    Statement marks = db_.prepare("SELECT COUNT(*) FROM mark");
    marks.step();
    return count_changes_after(store_.db(), revision_) + marks.integer(0);
}

void RecordLines::remove(std::int64_t n) {
    for (const char* sql : {"DELETE FROM line WHERE n=?1", "DELETE FROM line_text WHERE rowid=?1",
                            "DELETE FROM mark WHERE n=?1"}) {
        Statement remove = db_.prepare(sql);
        remove.bind(1, n).run();
    }
}

void RecordLines::sweep() {
    std::vector<std::pair<std::int64_t, Uuid>> lines;
    {
        Statement all = db_.prepare("SELECT n, id FROM line");
        while (all.step()) lines.emplace_back(all.integer(0), all.id<Uuid>(1));
    }
    for (const auto& [n, id] : lines) {
        const auto there = find_change(store_.db(), n);
        if (!there || there->id != id) remove(n);
    }
}

void RecordLines::write(std::int64_t n, const RecordDoc& doc, std::int64_t revision, Batch& batch,
                        bool& is_other_title) {
    ChangeLog& log = store_.log();
    const Form* form = log.forms().find(doc.form);
    const FieldValues values = shown_values(doc, form);
    const bool is_checked = doc.submitted && !shown_void(doc);
    const bool errors = is_checked && has_error(issues_of(log, doc, batch.today, batch.source));
    const std::string hans = list_title_of_record(store_, doc, Language::zh_hans);
    const std::string hant = list_title_of_record(store_, doc, Language::zh_hant);
    const std::string en = list_title_of_record(store_, doc, Language::en);
    const std::string day = form ? text_in(values, form->date_field).substr(0, 10) : "";
    const std::string area = area_of_record(store_.db(), n), due = due_of(store_, doc, values);
    Statement former = db_.prepare("SELECT title_hans, title_hant, title_en FROM line WHERE n=?1");
    former.bind(1, n);
    is_other_title =
        !former.step() || former.text(0) != hans || former.text(1) != hant || former.text(2) != en;
    former.reset();
    Statement put = db_.prepare(
        "INSERT OR REPLACE INTO line(n, id, form, title_hans, title_hant, title_en, day, area, "
        "due, "
        "status, state, updated_ms, updated_by, created_by, revision) "
        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
    put.bind(1, n).bind_bytes(2, doc.id.bytes).bind_text(3, doc.form).bind_text(4, hans);
    put.bind_text(5, hant).bind_text(6, en).bind_text(7, day).bind_text(8, area);
    put.bind_text(9, due).bind(10, static_cast<int>(status_of(doc, errors)));
    put.bind(11, state_of(doc, !conflicts_of(log, doc, batch.today).empty()));
    put.bind(12, doc.updated.at_ms).bind_text(13, doc.updated.user);
    put.bind_text(14, doc.created.user).bind(15, revision).run();
    // Not through INSERT OR REPLACE: the words of the former row would stay in the index.
    Statement remove = db_.prepare("DELETE FROM line_text WHERE rowid=?1");
    remove.bind(1, n).run();
    const std::string body =
        text_for_search(doc, log.forms()) + searchable("\n" + hans + "\n" + hant + "\n" + en);
    Statement add = db_.prepare("INSERT INTO line_text(rowid, body) VALUES(?1, ?2)");
    add.bind(1, n).bind_text(2, body).run();
}

/// What is said of records around this one may be another now; those that have changed themselves
/// are still to come anyway.
void RecordLines::mark_around(const RecordDoc& doc, bool has_closing) {
    std::vector<RecordChange> around = changes_around(store_.db(), doc.id);
    if (has_closing) {
        const Form* form = store_.log().forms().find(doc.form);
        for (const auto& [name, value] : shown_values(doc, form)) {
            const Field* field = form ? form->find(name) : nullptr;
            const auto target = value.text() ? parse_uuid(*value.text()) : std::nullopt;
            if (!field || field->type != FieldType::ref || !target) continue;
            for (const RecordChange& other : changes_around(store_.db(), *target)) {
                Statement has_due = db_.prepare("SELECT 1 FROM line WHERE n=?1 AND due<>''");
                has_due.bind(1, other.n);
                if (has_due.step() && other.id != doc.id) around.push_back(other);
            }
        }
    }
    for (const RecordChange& other : around) {
        if (other.revision > revision_) continue;
        Statement mark = db_.prepare("INSERT OR IGNORE INTO mark(n) VALUES(?1)");
        mark.bind(1, other.n).run();
        has_marks_ = true;
    }
}

void RecordLines::take_over(std::int64_t n, const Uuid& id, std::int64_t revision, bool is_own,
                            Batch& batch) {
    const auto doc = store_.log().find_record(id);
    if (!doc) {
        remove(n);
        return;
    }
    bool is_other_title = false;
    write(n, *doc, revision, batch, is_other_title);
    if (is_own || is_other_title) {
        mark_around(*doc, is_own && closes_earlier(doc->form));
    }
}

std::size_t RecordLines::take_marked(std::size_t count_max, Batch& batch) {
    std::vector<std::int64_t> marks;
    {
        Statement find = db_.prepare("SELECT n FROM mark ORDER BY n LIMIT ?1");
        find.bind(1, static_cast<std::int64_t>(count_max));
        while (find.step()) marks.push_back(find.integer(0));
    }
    has_marks_ = marks.size() == count_max;
    for (const std::int64_t n : marks) {
        Statement unmark = db_.prepare("DELETE FROM mark WHERE n=?1");
        unmark.bind(1, n).run();
        if (const auto there = find_change(store_.db(), n)) {
            take_over(n, there->id, there->revision, false, batch);
        }
    }
    return marks.size();
}

bool RecordLines::catch_up(std::size_t count_max) {
    const std::int64_t newest = record_revision(store_.db());
    is_behind_ = newest != revision_ || has_marks_;
    if (!is_behind_) return false;
    // What a sync on another thread brought may be of forms that it brought, too. A folder that
    // cannot be read is told by whoever saves or syncs; here it must not draw frame upon frame.
    is_behind_ = store_.refresh().has_value();
    if (!is_behind_) return false;
    Transaction transaction(db_);
    Batch batch{StoreRecords(store_.log(), ReadValues::shown), store_.today()};
    const auto changes = changes_after(store_.db(), revision_, count_max);
    for (const RecordChange& change : changes) {
        revision_ = change.revision;
        take_over(change.n, change.id, change.revision, true, batch);
    }
    std::size_t done = changes.size();
    if (done < count_max) {
        revision_ = std::max(revision_, newest);
        const std::int64_t dropped = dropped_revision(store_.db());
        if (dropped != dropped_) {
            sweep();
            ++done;
        }
        dropped_ = dropped;
        done += take_marked(count_max, batch);
        is_behind_ = has_marks_;
    }
    set_number("revision", revision_);
    set_number("dropped", dropped_);
    transaction.commit();
    if (done > 0) ++version_;
    return done > 0;
}

std::optional<RecordLine> RecordLines::find(std::int64_t n, Language language) {
    Statement find = db_.prepare("SELECT id, form, " + title_column(language) +
                                 ", day, area, due, status, state, updated_ms, updated_by, "
                                 "created_by FROM line WHERE n=?1");
    find.bind(1, n);
    if (!find.step()) return std::nullopt;
    RecordLine line;
    line.id = find.id<Uuid>(0);
    line.form = find.text(1);
    line.title = find.text(2);
    line.day = find.text(3);
    line.area = find.text(4);
    line.due = find.text(5);
    line.status = static_cast<Status>(find.integer(6));
    line.state = find.integer(7);
    line.updated_ms = find.integer(8);
    line.updated_by = find.text(9);
    line.created_by = find.text(10);
    return line;
}

}  // namespace zf
