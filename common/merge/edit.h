// What a save writes: turns what a person entered into ops, against the document that the person
// saw. Pure; ids of new rows come from the caller. Source of the rules: docs/data-model.md.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/merge/record_doc.h"
#include "common/merge/record_view.h"
#include "common/model/changeset.h"
#include "common/model/form.h"

namespace zf {

using NewUuid = std::function<Uuid()>;

/// What goes into one changeset about one record.
struct PlannedEdit {
    std::vector<Op> ops;               // empty: nothing to write
    std::vector<std::string> changed;  // field names, as written, ascending
};

/// Everything that an entered set of values can do wrong: unknown or computed field, wrong type,
/// bounds, choice, check digit. The first finding as an Error with `where`.
Result<void> check_entered(const FormCatalog& forms, const Form& form, const Members& entered);

/// create: every non-null field given, and the form's default for each field not named.
Result<PlannedEdit> plan_create(const FormCatalog& forms, const Form& form, const Members& entered,
                                const NewUuid& new_uuid);
/// edit: fields whose value differs from the one shown in `opened`; sets element by element.
/// `entered` may hold notes (`_amend_reason`, ...), `_void` and `_alias_of`. Refused `voided`
/// when `opened` shows `_void` true and anything but `_void` and its reason is written.
Result<PlannedEdit> plan_edit(const FormCatalog& forms, const Form& form, const RecordDoc& opened,
                              const Members& entered, const NewUuid& new_uuid);
/// resolve: supersedes every live value of the fields given and writes them, always.
Result<PlannedEdit> plan_resolve(const FormCatalog& forms, const Form& form,
                                 const RecordDoc& opened, const Members& entered,
                                 const NewUuid& new_uuid);
/// The intent to submit; nothing to write when it is there already. Adds to `edit`.
void plan_submit(const RecordDoc& opened, PlannedEdit& edit);
/// A review as one op that names everything live in `seen`, with an optional note on the whole and
/// comments at fields: a list of {"field", "text"}.
PlannedEdit plan_review(const RecordDoc& seen, ReviewKind kind, const Value& note,
                        const Value& comments = {});

}  // namespace zf
