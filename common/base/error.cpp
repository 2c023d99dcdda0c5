#include "common/base/error.h"

#include <array>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr std::array<ErrorFacts, 32> catalogue{{
    {"malformed", 400, false},
    {"too_large", 413, false},
    {"unknown_form", 422, false},
    {"unknown_field", 422, false},
    {"wrong_type", 422, false},
    {"out_of_range", 422, false},
    {"unknown_choice", 422, false},
    {"computed_field", 422, false},
    {"unknown_record", 404, false},
    {"record_exists", 409, false},
    {"voided", 409, false},
    {"not_submittable", 422, false},
    {"no_conflict", 409, false},
    {"in_conflict", 409, false},
    {"not_allowed", 403, false},
    {"unauthenticated", 401, true},
    {"device_revoked", 403, false},
    {"bad_signature", 400, false},
    {"fork", 409, false},
    {"wrong_epoch", 409, true},
    {"version_unsupported", 426, false},
    {"bad_code", 403, false},
    {"not_enrolled", 409, false},
    {"unknown_command", 400, false},
    {"missing_argument", 400, false},
    {"not_found", 404, false},
    {"unreachable", 503, true},
    {"pin_mismatch", 403, false},
    {"damaged", 500, false},
    {"busy", 503, true},
    {"interrupted", 503, true},
    {"internal", 500, true},
}};

}  // namespace

const ErrorFacts& facts_of(ErrorCode code) {
    const auto index = static_cast<std::size_t>(code);
    ZF_ASSERT(index < catalogue.size());
    return catalogue[index];
}

ErrorCode error_code_of(std::string_view slug) {
    for (std::size_t i = 0; i < catalogue.size(); ++i) {
        if (catalogue[i].slug == slug) return static_cast<ErrorCode>(i);
    }
    return ErrorCode::internal;
}

}  // namespace zf
