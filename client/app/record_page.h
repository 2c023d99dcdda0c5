// A record as its page shows it: fields by sections, what was said about it, what refers to it,
// its history. Read once and again when the store has changed. Knows no drawing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/app/review_remarks.h"
#include "client/device_store.h"
#include "client/receipts.h"
#include "client/records.h"

namespace zf {

struct PageField {
    const Field* field = nullptr;
    Value value;  // shown
    bool is_conflict = false;
    std::vector<FieldComment> comments;
};

struct PageSection {
    std::string id;  // as sections_of (fill_box.h) names them
    std::vector<PageField> fields;
};

struct PageFile {
    std::string field;
    Hash256 hash;
    std::int64_t bytes = 0;  // 0 when it is not here
    bool is_here = false, is_at_bureau = false;
};

/// One write of the history, with what it replaced.
struct PageWrite {
    HistoryEntry entry;
    std::string device;         // its name at the bureau
    std::vector<Value> former;  // values that it replaced; none: nothing stood there
    bool is_in_force = false;
};

struct RecordPage {
    RecordView view;
    std::shared_ptr<const Form> form;  // nothing: the form is not known here
    std::vector<PageSection> sections;
    FieldValues unknown;  // of fields that the form does not know
    std::optional<ReturnRemarks> returned;
    std::string void_reason;
    bool is_void = false, is_pending = false;
    std::optional<Uuid> joined_into;
    std::vector<Uuid> children;  // records that refer to this one, neither voided nor joined
    std::vector<Uuid> doubles;   // that have the same natural key
    std::vector<Uuid> joined;    // records that are joined into this one
    std::vector<PageFile> files;
    SaveCounts saves;  // `applied` is not told
    std::vector<WaitingThere> waiting;
    std::vector<CountedIn> counted;  // which frozen reports count it
    std::vector<Issue> errors;
};

/// Error: `unknown_record`.
Result<RecordPage> load_page(DeviceStore& store, const Uuid& record);

/// The latest first; `field` may be empty: all but the marks of submitting. Error:
/// `unknown_record`.
Result<std::vector<PageWrite>> load_history(DeviceStore& store, const Uuid& record,
                                            const std::string& field);

/// Forms whose records can refer to one of `form`.
std::vector<const Form*> forms_of_children(const FormCatalog& forms, const std::string& form);
/// What a new record of `child` begins with when it is made from a record's page: the reference,
/// and values of fields that both forms have.
Members prefilled_from(const RecordPage& page, const Form& child);

/// The name that a device has at the bureau; the beginning of its id when it has none.
std::string name_of_device(DeviceStore& store, const DeviceId& device);

}  // namespace zf
