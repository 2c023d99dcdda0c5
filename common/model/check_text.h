// The words of findings about values, in the three languages. Knows what was found and what would
// be right, not how it was found (check.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/model/form.h"

namespace zf {

enum class Finding {
    required,
    computed,
    unknown_member,
    not_text,
    not_utf8,
    control_character,
    too_long,
    too_many_bytes,
    not_integer,
    decimal_as_number,
    not_decimal,
    too_many_places,
    too_many_digits,
    below,
    above,
    outside,
    not_boolean,
    not_date,
    not_month,
    not_datetime,
    not_choice,
    not_list,
    not_rows,
    not_row,
    not_record_id,
    row_twice,
    not_blob,
    empty_element,
    not_geopoint,
    not_latitude,
    not_longitude,
    not_accuracy,
    bad_check,
    unknown_reference,
};

/// The slug of a finding, as Issue::code and the wire have it.
std::string_view code_of(Finding finding);

/// The text of a finding with "{0}", "{1}" ... replaced by `parts`.
LocalText text_of(Finding finding, const std::vector<LocalText>& parts = {});

/// What a code check (uscc18, orgcode9, ...) wants; a general sentence for one unknown here.
LocalText text_of_code_check(std::string_view check);

/// The same text in every language: numbers, codes, names.
LocalText same_in_all(std::string text);

}  // namespace zf
