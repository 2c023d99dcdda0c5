// The catalogue of expected errors: one list for client, server, wire and documents.
// An Error is a value that says what was wrong, where, and what would be right.
#pragma once

#include <string>
#include <string_view>

namespace zf {

/// Stored and sent as slugs: a slug is never renamed, a new one is added at the end.
enum class ErrorCode {
    malformed,            // text that is not the JSON, frame or value it should be
    too_large,            // beyond a documented limit
    unknown_form,         // no such form in this store
    unknown_field,        // no such field in this form
    wrong_type,           // a value of another type than the field's
    out_of_range,         // a value beyond the field's or format's bounds
    unknown_choice,       // a code that is not in the choice list
    computed_field,       // computed fields cannot be set
    unknown_record,       // no such record in this store
    record_exists,        // create with an id that is in use
    voided,               // the record is voided: only un-voiding is possible
    not_submittable,      // a rule of level error stands
    no_conflict,          // nothing to settle there
    in_conflict,          // not possible while a conflict is open
    not_allowed,          // role, area or state does not permit it
    unauthenticated,      // no valid proof of identity
    device_revoked,       // the device was revoked by the bureau
    bad_signature,        // signature, hash or chain does not fit
    fork,                 // two different histories under one device identity
    wrong_epoch,          // the server's store was restored since
    version_unsupported,  // this protocol version is not spoken
    bad_code,             // enrolment code unknown, used or expired
    not_enrolled,         // this home has no device identity yet
    unknown_command,      // a command or option that does not exist
    missing_argument,     // a command lacks a part
    not_found,            // a file, blob, route or account that is not there
    unreachable,          // no network, or nobody answers
    pin_mismatch,         // the server is not the one whose key was pinned
    damaged,              // stored data does not match its hash
    busy,                 // another program holds the data; try again
    interrupted,          // cancelled by the user or cut off; can be continued
    internal,             // the machine or the program failed; see the log
};

struct ErrorFacts {
    std::string_view slug;
    int http_status;
    bool device_retries;  // whether a device may simply try again later
};

/// Facts of a code as they stand in docs/protocol.md.
const ErrorFacts& facts_of(ErrorCode code);

/// The code behind a slug received on the wire; an unknown slug reads as `internal`.
ErrorCode error_code_of(std::string_view slug);

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;  // English: what was wrong and what would be right
    std::string where;    // field, line, path or option; may be empty
};

}  // namespace zf
