// A small catalog with every field type, and other records held in a map: for tests of forms and
// for the fuzz targets that read forms and rules. Knows no test framework.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/assert.h"
#include "common/base/decimal.h"
#include "common/codec/form_codec.h"
#include "common/codec/json.h"
#include "common/model/rule.h"

namespace zf::test {

/// Records held in a map, all of them approved and shown alike.
class FakeRecords final : public RecordSource {
public:
    struct Record {
        std::string form;
        FieldValues values;
    };

    FakeRecords() = default;
    /// {"id": {"form": "...", "values": {...}}, ...}
    explicit FakeRecords(std::string_view text) {
        const auto parsed = parse_json(text);
        ZF_ASSERT(parsed.has_value());
        const Value& source = *parsed;
        for (const auto& [id, record] : *source.members()) {
            FieldValues values;
            for (const auto& [name, part] : *record.find("values")->members()) {
                values[name] = part;
            }
            records[id] = {*record.find("form")->text(), std::move(values)};
        }
    }

    std::optional<FieldValues> find_record(std::string_view id) const override {
        const auto found = records.find(id);
        if (found == records.end()) return std::nullopt;
        return found->second.values;
    }

    Value find_previous(std::string_view form, std::string_view field, std::string_view by,
                        std::string_view order, bool same_year, std::string_view own_id,
                        const FieldValues& own) const override {
        const std::string own_order = text_at(own, order);
        std::pair<std::string, std::string> best;
        Value result;
        for (const auto& [id, record] : records) {
            const std::string place = text_at(record.values, order);
            if (id == own_id || record.form != form || place.empty() || place >= own_order ||
                text_at(record.values, by) != text_at(own, by) ||
                (same_year && place.substr(0, 4) != own_order.substr(0, 4)) ||
                best > std::pair(place, id)) {
                continue;
            }
            best = {place, id};
            result = at(record.values, field);
        }
        return result;
    }

    Value sum_related(std::string_view form, std::string_view field, std::string_view by,
                      std::string_view own_form, std::string_view own_id,
                      const FieldValues& own) const override {
        Decimal sum;
        const auto add = [&](const FieldValues& values) {
            const Value value = at(values, field);
            const auto written =
                value.text() != nullptr ? Decimal::parse(*value.text()) : std::nullopt;
            if (written) sum = sum + *written;
            if (value.integer() != nullptr) sum = sum + Decimal(*value.integer());
        };
        if (form == own_form) add(own);
        for (const auto& [id, record] : records) {
            if (id == own_id || record.form != form) continue;
            if (text_at(record.values, by) == text_at(own, by)) add(record.values);
        }
        return sum.text();
    }

    std::map<std::string, Record, std::less<>> records;

private:
    static Value at(const FieldValues& values, std::string_view name) {
        const auto found = values.find(name);
        return found == values.end() ? Value() : found->second;
    }
    static std::string text_at(const FieldValues& values, std::string_view name) {
        const Value value = at(values, name);
        return value.text() == nullptr ? "" : *value.text();
    }
};

inline RuleContext context_of(const Form& form, const FieldValues& values,
                              const RecordSource* source = nullptr,
                              const Date& today = {2008, 6, 30}) {
    RuleContext context;
    context.form = &form;
    context.record_id = "own";
    context.values = &values;
    context.source = source;
    context.today = today;
    return context;
}

/// One form "sample" with a field of every type, and a form "other" that it refers to.
inline constexpr std::string_view sample_text = R"({
 "schema": "field-forms/1",
 "units": {"yuan": {"zh-Hans": "元", "zh-Hant": "元", "en": "yuan"}},
 "categories": [{"id": "all", "label": {"zh-Hans": "全部", "zh-Hant": "全部", "en": "All"}}],
 "choice_lists": {"colour": [
  {"code": "red", "label": {"zh-Hans": "红", "zh-Hant": "紅", "en": "Red"}},
  {"code": "blue", "label": {"zh-Hans": "蓝", "zh-Hant": "藍", "en": "Blue"}}]},
 "forms": [{
  "id": "sample", "version": 1, "role": "event", "category": "all",
  "label": {"zh-Hans": "样", "zh-Hant": "樣", "en": "Sample"},
  "date_field": "day", "title": "{name}: {colour} {other}", "area": "place",
  "natural_key": ["name", "other"], "review": {"chain": ["section_head"]},
  "fields": [
   {"name": "name", "type": "text", "label": {"zh-Hans": "名称", "zh-Hant": "名稱", "en": "Name"},
    "required": true, "constraint": {"max_length": 5}},
   {"name": "note", "type": "multiline", "label": {"zh-Hans": "注", "zh-Hant": "註", "en": "Note"},
    "visible_if": ["=", "flag", true]},
   {"name": "count", "type": "integer", "label": {"zh-Hans": "数", "zh-Hant": "數", "en": "Count"},
    "constraint": {"min": 0, "max": 100}},
   {"name": "total", "type": "integer", "label": {"zh-Hans": "总", "zh-Hant": "總", "en": "Total"}},
   {"name": "amount", "type": "decimal", "decimals": 2, "unit": "yuan",
    "constraint": {"min": 0}, "label": {"zh-Hans": "额", "zh-Hant": "額", "en": "Amount"}},
   {"name": "money", "type": "decimal", "decimals": 9,
    "label": {"zh-Hans": "钱", "zh-Hant": "錢", "en": "Money"}},
   {"name": "day", "type": "date", "label": {"zh-Hans": "日", "zh-Hant": "日", "en": "Day"}},
   {"name": "until", "type": "date", "label": {"zh-Hans": "止", "zh-Hant": "止", "en": "Until"}},
   {"name": "month", "type": "month", "label": {"zh-Hans": "月", "zh-Hant": "月", "en": "Month"}},
   {"name": "time", "type": "datetime", "label": {"zh-Hans": "时", "zh-Hant": "時", "en": "Time"}},
   {"name": "time2", "type": "datetime", "label": {"zh-Hans": "时", "zh-Hant": "時", "en": "Time"}},
   {"name": "flag", "type": "boolean", "label": {"zh-Hans": "是", "zh-Hant": "是", "en": "Flag"},
    "default": false},
   {"name": "colour", "type": "choice", "choices": "colour",
    "label": {"zh-Hans": "色", "zh-Hant": "色", "en": "Colour"}},
   {"name": "colours", "type": "multi_choice", "choices": "colour",
    "label": {"zh-Hans": "色", "zh-Hant": "色", "en": "Colours"}},
   {"name": "code", "type": "code", "constraint": {"check": "uscc18"},
    "label": {"zh-Hans": "码", "zh-Hant": "碼", "en": "Code"}},
   {"name": "place", "type": "code", "constraint": {"check": "division"},
    "label": {"zh-Hans": "地", "zh-Hant": "地", "en": "Place"}},
   {"name": "other", "type": "ref", "ref": "other",
    "label": {"zh-Hans": "另", "zh-Hant": "另", "en": "Other"}},
   {"name": "others", "type": "ref_multi", "ref": "other",
    "label": {"zh-Hans": "另", "zh-Hant": "另", "en": "Others"}},
   {"name": "who", "type": "user", "label": {"zh-Hans": "谁", "zh-Hant": "誰", "en": "Who"}},
   {"name": "whom", "type": "user_multi", "label": {"zh-Hans": "谁", "zh-Hant": "誰", "en": "Whom"}},
   {"name": "where", "type": "geopoint", "label": {"zh-Hans": "点", "zh-Hant": "點", "en": "Where"}},
   {"name": "photos", "type": "photos", "label": {"zh-Hans": "照", "zh-Hant": "照", "en": "Photos"}},
   {"name": "files", "type": "files", "label": {"zh-Hans": "件", "zh-Hant": "件", "en": "Files"}},
   {"name": "sign", "type": "signature", "label": {"zh-Hans": "签", "zh-Hant": "簽", "en": "Sign"}},
   {"name": "rows", "type": "repeat", "label": {"zh-Hans": "行", "zh-Hant": "列", "en": "Rows"},
    "fields": [
     {"name": "topic", "type": "text", "required": true, "constraint": {"max_length": 5},
      "label": {"zh-Hans": "题", "zh-Hant": "題", "en": "Topic"}},
     {"name": "pct", "type": "decimal", "decimals": 1,
      "label": {"zh-Hans": "率", "zh-Hant": "率", "en": "Share"}},
     {"name": "about", "type": "ref", "ref": "other",
      "label": {"zh-Hans": "另", "zh-Hant": "另", "en": "About"}},
     {"name": "tags", "type": "multi_choice", "choices": "colour",
      "label": {"zh-Hans": "色", "zh-Hant": "色", "en": "Tags"}}]},
   {"name": "on_time", "type": "boolean", "computed": ["<=", "day", "until"],
    "label": {"zh-Hans": "按时", "zh-Hant": "按時", "en": "On time"}},
   {"name": "both", "type": "decimal", "decimals": 9, "computed": ["+", "money", ["or0", "amount"]],
    "label": {"zh-Hans": "和", "zh-Hant": "和", "en": "Both"}},
   {"name": "all_of", "type": "integer", "computed": ["-", "count", "total"],
    "label": {"zh-Hans": "差", "zh-Hant": "差", "en": "All"}}],
  "rules": [
   {"id": "small", "expr": ["<=", "count", "total"], "level": "warning",
    "message": {"zh-Hans": "数大于总", "zh-Hant": "數大於總", "en": "count above total"}}]},
 {"id": "other", "version": 1, "role": "register", "category": "all",
  "label": {"zh-Hans": "另", "zh-Hant": "另", "en": "Other"}, "title": "{title}",
  "natural_key": [], "review": {"chain": ["section_head", "leader"]},
  "fields": [
   {"name": "title", "type": "text", "label": {"zh-Hans": "题", "zh-Hant": "題", "en": "Title"}},
   {"name": "colour", "type": "choice", "choices": "colour",
    "label": {"zh-Hans": "色", "zh-Hant": "色", "en": "Colour"}},
   {"name": "started", "type": "date", "label": {"zh-Hans": "起", "zh-Hant": "起", "en": "Started"}},
   {"name": "share", "type": "decimal", "decimals": 4,
    "label": {"zh-Hans": "份", "zh-Hant": "份", "en": "Share"}},
   {"name": "other", "type": "ref", "ref": "other",
    "label": {"zh-Hans": "另", "zh-Hant": "另", "en": "Other"}}]}]
})";

inline const FormCatalog& sample_forms() {
    static const FormCatalog catalog = [] {
        const auto source = parse_json(sample_text);
        ZF_ASSERT(source.has_value());
        auto decoded = decode_forms(*source);
        ZF_ASSERT(decoded.has_value());
        return std::move(*decoded);
    }();
    return catalog;
}

inline const Form& sample_form() {
    return *sample_forms().find("sample");
}

}  // namespace zf::test
