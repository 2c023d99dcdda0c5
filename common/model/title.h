// The name under which people find a record: its form's title with the record's values put in.
// Other records are reached through a callback only.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/model/form.h"
#include "common/model/rule.h"

namespace zf {

/// The title of the record that a reference leads to; empty when it is unknown here.
using TitleOfReference = std::function<std::string(std::string_view record_id)>;

/// "{project} {arrival_date}" filled in: choices by their label, references by the other record's
/// title, datetimes as day and minute at the bureau, lists joined, anything missing as "—".
/// Personal values too: who shows titles to others masks by Field::pii.
std::string title_of(const FormCatalog& catalog, const Form& form, const FieldValues& values,
                     Language language, const TitleOfReference& title_of_reference);

/// One value as people read it, by the same rules; units are left to the caller.
std::string display_text(const FormCatalog& catalog, const Field& field, const Value& value,
                         Language language, const TitleOfReference& title_of_reference);

inline constexpr std::string_view missing_text = "—";

/// The field names in "{...}" of a title, in their order.
std::vector<std::string> fields_in_title(std::string_view title);

}  // namespace zf
