#include "common/store/record_changes.h"

#include <algorithm>

#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::string_view dropped_fact = "dropped_revision";

RecordChange read_change(const Statement& row) {
    return {row.integer(0), row.integer(1), row.id<Uuid>(2)};
}

}  // namespace

std::int64_t record_revision(Db& db) {
    Statement find = db.prepare("SELECT COALESCE(MAX(revision), 0) FROM record");
    find.step();
    return std::max(find.integer(0), dropped_revision(db));
}

std::int64_t dropped_revision(Db& db) {
    return find_fact_integer(db, dropped_fact).value_or(0);
}

void note_dropped(Db& db, std::int64_t revision) {
    set_fact(db, dropped_fact, revision);
}

std::vector<RecordChange> changes_after(Db& db, std::int64_t revision, std::size_t count_max) {
    std::vector<RecordChange> changes;
    Statement find = db.prepare(
        "SELECT n, revision, id FROM record WHERE revision>?1 ORDER BY revision LIMIT ?2");
    find.bind(1, revision).bind(2, static_cast<std::int64_t>(count_max));
    while (find.step()) changes.push_back(read_change(find));
    return changes;
}

std::int64_t count_changes_after(Db& db, std::int64_t revision) {
    Statement find = db.prepare("SELECT COUNT(*) FROM record WHERE revision>?1");
    find.bind(1, revision);
    find.step();
    return find.integer(0);
}

std::vector<RecordChange> changes_around(Db& db, const Uuid& id) {
    std::vector<RecordChange> changes;
    Statement find = db.prepare(
        "SELECT n, revision, id FROM record WHERE n IN "
        "(SELECT record FROM reference WHERE target=?1) UNION "
        "SELECT n, revision, id FROM record WHERE alias=?1");
    find.bind_bytes(1, id.bytes);
    while (find.step()) changes.push_back(read_change(find));
    return changes;
}

std::optional<RecordChange> find_change(Db& db, std::int64_t n) {
    Statement find = db.prepare("SELECT n, revision, id FROM record WHERE n=?1");
    find.bind(1, n);
    if (!find.step()) return std::nullopt;
    return read_change(find);
}

std::string area_of_record(Db& db, std::int64_t n) {
    Statement find = db.prepare(
        "SELECT COALESCE(own.area, (SELECT area FROM record WHERE id=own.area_from), '') "
        "FROM record AS own WHERE n=?1");
    find.bind(1, n);
    return find.step() ? std::string(find.text(0)) : std::string();
}

}  // namespace zf
