// Reads indicators from their JSON (common/data/indicators.json) and refuses what could not be
// computed, with the place: a figure must not be wrong because of a slip of the pen.
//
//   file      = {"schema": "field-indicators/1", "indicators": [indicator...]}
//   indicator = {id, label{zh-Hans, zh-Hant, en}, unit, def, display?, note?}
//   def       = {agg, form, field?, where?, period?, unnest?, latest_per?{by, order}, order?}
//             | {ratio: [id, id], scale?} | {minus: [id, id]}
//   agg       = count | sum | count_distinct | latest
//   where     = [cond...], all hold;  cond = {field, op, value?} | {any: [...]} | {all: [...]}
//   op        = eq ne lt le gt ge | in not_in (value: list) | contains | is_null not_null
//             | is_null_or_after
//   value     = constant | {"$": "period.year|start|end|year_start|end_month"} | {"$field": path}
//   period    = {rule: in_period | year_to_date | up_to_end, field} | {rule: as_of, from, to}
//   display   = {unit?, divide?, decimals?, rounding?: "half_up", suffix?}
#pragma once

#include "common/base/result.h"
#include "common/model/form.h"
#include "common/model/value.h"
#include "common/report/indicator.h"

namespace zf {

/// Reads a whole catalog. With `forms`, forms, fields and the fitness of their types are checked
/// too. Refused with the place ("indicators[3].def.where[0].op"): `unknown_form`,
/// `unknown_field`, `unknown_choice`, `wrong_type` (a field or constant that the operator cannot
/// take) and `malformed` for all else: an unknown operator, rule or member of a definition, an
/// id twice, a ratio or difference that refers to nothing or to itself, a quotient without
/// display.decimals. Other members of the file and of an indicator are passed over.
Result<IndicatorCatalog> decode_indicators(const Value& json, const FormCatalog* forms);

}  // namespace zf
