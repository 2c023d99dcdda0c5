// What is said at the boxes of a form while it is filled in: rules, missing values, slips of the
// unit, records that may be the same.
#include <algorithm>

#include "client/app/fill_form.h"
#include "common/base/text.h"
#include "common/model/natural_key.h"
#include "common/store/store_records.h"

namespace zf {
namespace {

constexpr std::size_t doubles_max = 3;        // shown
constexpr std::size_t candidates_max = 30;    // looked at
constexpr std::size_t double_length_min = 2;  // characters typed before anything is looked for
constexpr int slip_factor = 2'000;            // 10,000-fold slips, and what is nearly one

bool is_written_name(const Field& field) {
    return field.type == FieldType::text || field.type == FieldType::code;
}

/// Whether a field names the thing that the record is about.
bool names_record(const Form& form, const Field& field) {
    if (!is_written_name(field)) return false;
    const bool in_key = std::find(form.natural_key.begin(), form.natural_key.end(), field.name) !=
                        form.natural_key.end();
    const bool is_code = field.type == FieldType::code && !field.check.empty() &&
                         field.check != "division" && field.check != "phone" &&
                         field.check != "gbt4754";
    return in_key || is_code || form.title == "{" + field.name + "}";
}

std::optional<Decimal> number_in(const Value& value) {
    if (const std::int64_t* whole = value.integer()) return Decimal(*whole);
    return value.text() ? Decimal::parse(*value.text()) : std::nullopt;
}

Decimal size_of(const Decimal& number) {
    return number.is_negative() ? -number : number;
}

}  // namespace

void FillForm::show_or_hide() {
    const FieldValues now = values();
    const RuleContext context{form_.get(), record().text(), &now, nullptr, store_->today()};
    for (FillSection& section : sections_) {
        for (FillBox& box : section.boxes) {
            box.is_visible = is_visible(*box.field, context);
            if (box.field->computed) box.value = compute_value(*box.field->computed, context);
        }
    }
}

void FillForm::check() {
    unchecked_ = false;
    loose_.clear();
    FieldValues now = values();
    const StoreRecords source(store_->log(), ReadValues::shown);
    const RuleContext context{form_.get(), record().text(), &now, &source, store_->today()};
    for (FillSection& section : sections_) {
        for (FillBox& box : section.boxes) {
            box.messages.clear();
            for (FillRow& row : box.rows) {
                for (FillBox& cell : row.boxes) cell.messages.clear();
            }
            if (!box.field->computed) continue;
            box.value = compute_value(*box.field->computed, context);
            if (!box.value.is_null()) now[box.field->name] = box.value;
        }
    }
    if (shown_void(draft_->opened())) return;
    for (const Issue& issue : check_record(store_->log().forms(), context)) place(issue);
    for (FillSection& section : sections_) {
        for (FillBox& box : section.boxes) {
            if (box.is_visible) question_unit_slip(box);
        }
    }
    look_for_doubles();
}

void FillForm::place(const Issue& issue) {
    const FillMessage message{issue.level, issue.message, {}, {}};
    const auto rule = std::find_if(form_->rules.begin(), form_->rules.end(),
                                   [&](const Rule& one) { return one.id == issue.where; });
    if (issue.code == "rule" && rule != form_->rules.end()) {
        // At the last of the boxes that the rule reads: that is where the eye is when it breaks.
        FillBox* last = nullptr;
        bool is_touched = shows_all_;
        const auto read = fields_read_by(*rule->expression, *form_);
        for (const Field& field : form_->fields) {
            if (std::find(read.begin(), read.end(), field.name) == read.end()) continue;
            FillBox* box = find(field.name);
            if (!box || !box->is_visible) continue;
            last = box;
            is_touched = is_touched || box->is_touched;
        }
        if (!is_touched) return;
        (last ? last->messages : loose_).push_back(message);
        return;
    }
    FillBox* box = find(path_of_issue(issue.where));
    if (box && !box->is_touched && !shows_all_) return;
    // The reason of an amendment is asked for, and bars nothing.
    if (box && box->field->name == field_amend_reason) return;
    (box ? box->messages : loose_).push_back(message);
}

void FillForm::question_unit_slip(FillBox& box) {
    if (!is_number(box.field->type) || box.field->unit.empty() || !box.is_touched) return;
    const auto now = number_in(box.value), before = number_in(box.last);
    if (!now || !before || now->is_zero() || before->is_zero()) return;
    // Texts of 17 digits times a factor of 4 stay far within the range of Decimal.
    const Decimal factor(slip_factor);
    const Decimal a = size_of(*now), b = size_of(*before);
    if (a < b * factor && b < a * factor) return;
    box.messages.push_back({Level::warning, {}, "fill.unit_slip", before->text()});
}

void FillForm::look_for_doubles() {
    doubles_.clear();
    doubles_at_.clear();
    const auto add = [&](const Uuid& id, bool has_same_key) {
        if (id == record() || doubles_.size() >= doubles_max) return;
        for (const PossibleDouble& known : doubles_) {
            if (known.record == id) return;
        }
        const auto other = store_->log().find_record(id);
        if (!other || shown_void(*other) || shown_alias(*other)) return;
        doubles_.push_back({id, has_same_key});
    };
    const FieldValues now = values();
    const auto resolve = [&](std::string_view id) {
        const auto target = parse_uuid(id);
        return target ? store_->log().join_target(*target).text() : std::string(id);
    };
    if (const auto key = natural_key_of(*form_, now, resolve)) {
        for (const Uuid& id : store_->log().same_natural_key(form_->id, *key)) add(id, true);
        if (!doubles_.empty()) doubles_at_ = form_->natural_key.front();
    }
    FillBox* box = typed_at_.empty() ? nullptr : find(typed_at_);
    if (!box || !is_new_ || !names_record(*form_, *box->field) || !box->value.text()) return;
    const std::string& typed = *box->value.text();
    if (code_point_count(typed) < double_length_min) return;
    for (const Uuid& id : store_->log().search(form_->id, typed, candidates_max)) {
        const auto other = store_->log().find_record(id);
        if (!other) continue;
        const FieldValues values_there = shown_values(*other, form_.get());
        const auto there = values_there.find(box->field->name);
        const bool is_alike = there != values_there.end() && there->second.text() &&
                              there->second.text()->find(typed) != std::string::npos;
        if (is_alike) add(id, false);
    }
    if (!doubles_.empty() && doubles_at_.empty()) doubles_at_ = box->path;
}

}  // namespace zf
