// What can be done with records on a laptop: the operations behind `zoufang batch`, the window
// and the replay of a case. Values in, values out; knows no JSON and no screen.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "client/record_filter.h"
#include "common/merge/edit.h"
#include "common/merge/record_view.h"
#include "common/model/rule.h"
#include "common/store/store_records.h"

namespace zf {

struct WriteOptions {
    std::string user;
    bool submit_intent = false;  // the save also says that the record is meant to be submitted
    bool check = true;           // whether the answer lists issues
};

/// What became of a save.
struct Saved {
    Uuid record;
    std::vector<std::string> changed;  // fields written, ascending
    std::vector<Issue> issues;         // of the record as it is now; errors bar submitting only
    bool written = false;              // false: nothing differed from what was shown
};

enum class EntryKind { create, edit, resolve };

/// What a person entered, against the document that was seen.
struct Entry {
    RecordDoc opened;  // id and form set, the rest empty for a new record
    Members entered;
    EntryKind kind = EntryKind::edit;
    /// Identity::moves when `opened` was read, if it was not read for this save alone.
    std::optional<std::int64_t> moves = {};
};

/// Saves an entry as one changeset; `along` runs in the same transaction (a draft ends there).
/// Errors: what check_entered and the plans of merge/edit.h refuse; `unknown_form`;
/// `record_exists`; `missing_argument` for a new record without a value; `not_enrolled`. Nothing
/// is written then.
Result<Saved> save_entry(DeviceStore& store, const WriteOptions& options, Entry entry,
                         const std::function<void()>& along = {});

Result<Saved> create_record(DeviceStore& store, const WriteOptions& options,
                            const std::string& form, const std::optional<Uuid>& id,
                            const Members& entered);
/// Errors of the following: `unknown_record` and those of save_entry.
Result<Saved> edit_record(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                          const Members& entered);
Result<Saved> resolve_record(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                             const Members& entered);
/// Settles a field on one of its live writes, named by its version (ids.h dot_text). `not_found`
/// when the version is no live write of that field.
Result<Saved> pick_version(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                           const std::string& field, const std::string& version);
/// Writes the intent to submit, unless an error stands: then `written` is false and the issues
/// say why. Errors: `unknown_record`, `unknown_form`, `voided`.
Result<Saved> submit_record(DeviceStore& store, const WriteOptions& options, const Uuid& record);
/// Adds a file to a field of photos, files or signatures. Returns its hash and size.
struct Attached {
    Hash256 hash;
    std::int64_t bytes = 0;
};
/// Errors: `unknown_record`, `unknown_form`, `unknown_field`, `wrong_type` (no field for files),
/// `voided`; `not_found` and `too_large` of the file.
Result<Attached> attach_file(DeviceStore& store, const WriteOptions& options, const Uuid& record,
                             const std::string& field, const std::filesystem::path& file);

/// A record as it is now. Error: `unknown_record`.
Result<RecordDoc> load_record(DeviceStore& store, const Uuid& record);

/// Issues over the shown values, duplicates included. None for a voided record: it is not checked.
std::vector<Issue> issues_for_entry(DeviceStore& store, const RecordDoc& doc);

struct RecordView {
    RecordDoc doc;
    FieldValues values;  // shown, computed fields included; `_void` and `_alias_of` when set
    Status status = Status::saved;
    std::vector<Conflict> conflicts;
};
/// Error: `unknown_record`.
Result<RecordView> view_record(DeviceStore& store, const Uuid& record);

/// One write in a record's history. Notes, reviews and the intent to submit are writes too.
struct HistoryEntry {
    std::int64_t at_ms = 0;
    std::string user;
    DeviceId device;
    std::string field;
    std::optional<Value> value;  // nothing: elements were removed
    Dot version;
    std::vector<Dot> supersedes;
    std::optional<Dot> superseded_by;
    bool set_aside = false;  // another history of its device is in force, see store/set_aside.h
};
/// In the order in which this store learned of them, which never puts an effect before its cause;
/// what was set aside comes last.
/// `field` may be empty: all. Errors: `unknown_record`; `unknown_field` for one that neither the
/// form nor the history knows.
Result<std::vector<HistoryEntry>> history_of(DeviceStore& store, const Uuid& record,
                                             const std::string& field);

struct ListQuery {
    std::string form;
    std::string search;                // empty: all
    std::vector<ListCondition> where;  // all must hold, over the values shown
    std::size_t limit = 100;
    std::optional<Uuid> after;  // ids greater than this
};
struct ListPage {
    std::vector<RecordView> records;  // by id ascending
    std::int64_t total = 0;           // that match, on all pages
};
/// Records of a form that is not known here are listed raw. Errors: `unknown_form` when there is
/// none of it either; those of check_conditions.
Result<ListPage> list_records(DeviceStore& store, const ListQuery& query);

/// The name under which people find a record; its id where the form is not known.
std::string title_of_record(DeviceStore& store, const RecordDoc& doc, Language language);
/// The same for lists that anybody may look at: personal values are masked.
std::string list_title_of_record(DeviceStore& store, const RecordDoc& doc, Language language);
/// What a list shows of a personal text: its first character.
std::string masked_text(std::string_view text);

}  // namespace zf
