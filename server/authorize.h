// Who may do what: one pure function over the facts of a user and of what is to be done. Whatever
// it does not allow by name is refused.
#pragma once

#include <string_view>

#include "common/store/bureau_log.h"

namespace zf {

enum class Verb {
    create,
    edit,
    submit,
    voiding,
    join,
    resolve,
    check,
    give_back,  // `returned`
    approve,
    pull,
    administer,  // accounts, devices, forms, indicators
    freeze,      // a report
};

/// What a verb is about. For `pull`, `administer` and `freeze` nothing of it matters.
struct Target {
    std::string_view area;           // the record's division code; empty: it has no place
    std::string_view last_reviewer;  // role that ends its form's review chain; may be empty
};

/// Staff create, edit, submit, void, join and resolve; a section head also checks and returns, and
/// approves where the form's chain ends with section heads; a leader also approves everything. All
/// of them within their areas, and records without a place. A leader for the whole bureau freezes
/// its reports. An admin administers and touches no
/// record. A disabled user may do nothing.
bool can(const User& user, Verb verb, const Target& target);

}  // namespace zf
