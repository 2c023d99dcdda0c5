#include "common/model/changeset.h"

namespace zf {

bool is_note_field(std::string_view field) {
    return field == field_review_note || field == field_comments || field == field_void_reason ||
           field == field_amend_reason;
}

bool is_data_field(std::string_view field) {
    return !field.starts_with('_') || field == field_void || field == field_alias;
}

}  // namespace zf
