// A supervisor's decision about a record: a changeset like any other, made on the server with the
// server's key, so that it travels to the laptops by the same road.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/merge/record_doc.h"
#include "server/store/central_store.h"

namespace zf {

/// What is said at one field of the record.
struct ReviewComment {
    std::string field, text;
};

/// Writes one review that names every live value of the record as this store holds it now. `note`
/// may be empty. Takes the store's lock.
/// Errors: `unknown_record`; `not_allowed` when role, area or the form's review chain do not permit
/// it; `unknown_field` and `missing_argument` for a comment at a field that the record's form does
/// not have, or without a text; and unless `kind` is returned: `in_conflict` while a conflict of
/// any kind stands, `not_submittable` while the record is saved only (never submitted, or an error
/// stands). Nothing is written then.
Result<void> review_record(CentralStore& store, const User& user, const Uuid& record,
                           ReviewKind kind, const std::string& note,
                           const std::vector<ReviewComment>& comments = {});

}  // namespace zf
