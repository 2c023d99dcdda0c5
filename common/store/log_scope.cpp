// What a reader with an area lacks: pages of the log in ssn order, records that came into scope
// with their whole history, records that left it.
#include <algorithm>
#include <set>

#include "common/codec/changeset_codec.h"
#include "common/merge/record_view.h"
#include "common/store/change_log.h"

namespace zf {
namespace {

/// Nothing for a record that is not here.
std::optional<std::string> find_area(Db& db, const Uuid& id) {
    Statement find = db.prepare(
        "SELECT COALESCE(record.area, target.area, '') FROM record "
        "LEFT JOIN record target ON target.id=record.area_from WHERE record.id=?1");
    find.bind_bytes(1, id.bytes);
    if (!find.step()) return std::nullopt;
    return std::string(find.text(0));
}

std::string area_of_record(Db& db, const Uuid& id) {
    return find_area(db, id).value_or("");
}

bool in_scope(Db& db, const Scope& scope, const Changeset& changeset) {
    return std::any_of(
        changeset.records.begin(), changeset.records.end(),
        [&](const TouchedRecord& touched) { return scope.covers(area_of_record(db, touched.id)); });
}

struct Move {
    Uuid record;
    std::string from;
};

std::vector<Move> moves_between(Db& db, std::int64_t after, std::int64_t up_to) {
    std::vector<Move> moves;
    Statement find =
        db.prepare("SELECT record, from_area FROM area_move WHERE ssn>?1 AND ssn<=?2 ORDER BY n");
    find.bind(1, after).bind(2, up_to);
    while (find.step()) moves.push_back({find.id<Uuid>(0), std::string(find.text(1))});
    return moves;
}

void sort_by_ssn(std::vector<StoredChangeset>& changesets) {
    std::sort(changesets.begin(), changesets.end(),
              [](const auto& a, const auto& b) { return *a.ssn < *b.ssn; });
    changesets.erase(std::unique(changesets.begin(), changesets.end(),
                                 [](const auto& a, const auto& b) { return *a.ssn == *b.ssn; }),
                     changesets.end());
}

}  // namespace

ScopedPage ChangeLog::page_after(std::int64_t after, const Scope& scope,
                                 const std::optional<DeviceId>& skip, std::size_t count_max,
                                 std::size_t bytes_max) {
    ScopedPage page;
    page.cursor = after;
    std::size_t bytes = 0;
    each_after(after, [&](StoredChangeset&& stored) {
        if (page.changesets.size() >= count_max || bytes >= bytes_max) {
            page.more = true;
            return false;
        }
        page.cursor = *stored.ssn;
        // The author stands at a fixed place of the canonical bytes; reading it there spares
        // a whole decoding when the reader sees everything.
        const bool own = skip && author_of(stored.signed_changeset.bytes) == *skip;
        if (own) return true;
        if (!scope.is_whole_bureau()) {
            const auto changeset = decode_changeset(stored.signed_changeset.bytes);
            if (!changeset || !in_scope(db_, scope, *changeset)) return true;
        }
        bytes += stored.signed_changeset.bytes.size();
        page.changesets.push_back(std::move(stored));
        return true;
    });
    if (!page.more) page.cursor = std::max(page.cursor, ssn());
    if (scope.is_whole_bureau()) return page;

    std::set<Uuid> seen;
    for (const Move& move : moves_between(db_, after, page.cursor)) {
        if (!seen.insert(move.record).second) continue;
        const bool is_in = scope.covers(area_of_record(db_, move.record));
        if (!is_in) {
            page.dropped.push_back(move.record);
        } else if (!scope.covers(move.from)) {
            for (StoredChangeset& stored : changesets_of(move.record)) {
                if (stored.ssn) page.changesets.push_back(std::move(stored));
            }
        }
    }
    sort_by_ssn(page.changesets);
    return page;
}

void ChangeLog::each_in_scope(const Scope& scope,
                              const std::function<bool(StoredChangeset&&)>& visit) {
    each_changeset([&](const StoredChangeset& stored) {
        if (stored.standing != Standing::applied) return true;
        const auto changeset = decode_changeset(stored.signed_changeset.bytes);
        if (!changeset) return true;  // damaged: verify says so
        const bool is_in = std::any_of(changeset->records.begin(), changeset->records.end(),
                                       [&](const TouchedRecord& one) {
                                           const auto area = find_area(db_, one.id);
                                           return area && scope.covers(*area);
                                       });
        return !is_in || visit(StoredChangeset(stored));
    });
}

std::vector<std::string> ChangeLog::areas_touched(const Changeset& changeset) {
    std::vector<std::string> areas;
    for (std::size_t i = 0; i < changeset.records.size(); ++i) {
        const TouchedRecord& touched = changeset.records[i];
        const auto known = find_record(touched.id);
        if (known) areas.push_back(area_of_record(db_, touched.id));
        const Form* form = forms_->find(known ? known->form : touched.form);
        if (!form || form->area.empty()) {
            if (!known) areas.emplace_back();
            continue;
        }
        const std::size_t dot = form->area.find('.');
        const std::string field = form->area.substr(0, dot);
        bool written = false;
        for (const Op& op : changeset.ops) {
            if (static_cast<std::size_t>(op.record) != i || op.field != field || !op.value ||
                !op.value->text()) {
                continue;
            }
            written = true;
            const auto target = parse_uuid(*op.value->text());
            areas.push_back(dot == std::string::npos ? *op.value->text()
                            : target                 ? area_of_record(db_, *target)
                                                     : std::string());
        }
        if (!written && !known) areas.emplace_back();
    }
    return areas;
}

}  // namespace zf
