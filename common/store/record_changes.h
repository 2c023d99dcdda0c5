// Which records have changed since somebody looked, for lists that are kept beside the log and
// brought up to date from it: each write of a record gives it the next revision of the store. Says
// nothing about what has changed. Only reads, but for note_dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/db/db.h"
#include "common/merge/record_doc.h"
#include "common/model/form.h"

namespace zf {

struct RecordChange {
    std::int64_t n = 0;  // the record's number in this store; given again after a record has gone
    std::int64_t revision = 0;
    Uuid id;
};

/// The greatest revision that was given, to a record or to a drop; 0 in an empty store.
std::int64_t record_revision(Db& db);
/// The revision at which a record has left this store last, or all were derived anew; 0: never.
std::int64_t dropped_revision(Db& db);
void note_dropped(Db& db, std::int64_t revision);

/// Records that were written after `revision`, each once, by revision ascending.
std::vector<RecordChange> changes_after(Db& db, std::int64_t revision, std::size_t count_max);
/// How many records those are.
std::int64_t count_changes_after(Db& db, std::int64_t revision);
/// Records whose lists may say something of `id`: those that refer to it or are joined into it.
std::vector<RecordChange> changes_around(Db& db, const Uuid& id);
std::optional<RecordChange> find_change(Db& db, std::int64_t n);
/// The division code that the record lies in, its own or that of the record that it takes it from;
/// empty: none.
std::string area_of_record(Db& db, std::int64_t n);

/// What a full-text index holds of a record: every live value, also one that lost the display to
/// another, and the labels of choices; as `searchable` (text.h) makes it.
std::string text_for_search(const RecordDoc& doc, const FormCatalog& forms);

}  // namespace zf
