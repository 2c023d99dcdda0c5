#include "client/app/deadlines.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace zf {
namespace {

struct DeadlineRule {
    std::string_view form, due;
    std::string_view extended;  // a later day that was granted; empty: no such field
    std::string_view closed;    // done when this field has a value
    bool has_case_state = false;
    bool by_later_record = false;  // done when the same thing was visited later
};

constexpr std::array<DeadlineRule, 8> rules{{
    {"site_visit", "follow_up_due", "", "", false, true},
    {"delegation_visit", "follow_up_due", "", "", false, false},
    {"hazard", "due_date", "", "closed_on", true, false},
    {"complaint", "due_date", "extended_to", "closed_on", true, false},
    {"service_matter", "due_date", "", "closed_on", true, false},
    {"difficulty", "due_date", "", "solved_on", true, false},
    {"plan_item", "due_date", "", "", true, false},
    {"safety_agreement", "due_check_on", "", "assessment", false, false},
}};

std::string text_in(const FieldValues& values, std::string_view field) {
    const auto found = values.find(field);
    return found != values.end() && found->second.text() ? *found->second.text() : std::string();
}

bool is_over(const FieldValues& values) {
    const std::string state = text_in(values, "state");
    return state == "done" || state == "cancelled";
}

/// Whether a record of the same form, about the same thing, is of a later day.
bool was_followed(DeviceStore& store, const RecordDoc& doc, const Form& form,
                  const FieldValues& values) {
    const std::string day = text_in(values, form.date_field);
    for (const Field& field : form.fields) {
        if (field.type != FieldType::ref) continue;
        const auto target = parse_uuid(text_in(values, field.name));
        if (!target) continue;
        for (const Uuid& id : store.log().referring_to(*target)) {
            if (id == doc.id) continue;
            const auto other = store.log().find_record(id);
            if (!other || other->form != doc.form || shown_void(*other)) continue;
            if (text_in(shown_values(*other, &form), form.date_field) > day) return true;
        }
    }
    return false;
}

}  // namespace

bool closes_earlier(const std::string& form) {
    return std::any_of(rules.begin(), rules.end(), [&](const DeadlineRule& rule) {
        return rule.form == form && rule.by_later_record;
    });
}

std::string due_of(DeviceStore& store, const RecordDoc& doc, const FieldValues& values) {
    const Form* form = store.log().forms().find(doc.form);
    if (!form || shown_void(doc) || shown_alias(doc)) return "";
    for (const DeadlineRule& rule : rules) {
        if (rule.form != doc.form) continue;
        std::string due = text_in(values, rule.due);
        if (!rule.extended.empty()) due = std::max(due, text_in(values, rule.extended));
        if (!parse_date(due)) return "";
        if (rule.has_case_state && is_over(values)) return "";
        if (!rule.closed.empty() && !text_in(values, rule.closed).empty()) return "";
        if (rule.by_later_record && was_followed(store, doc, *form, values)) return "";
        return due;
    }
    return "";
}

DueState due_state(const Date& due, const Date& today) {
    if (due < today) return DueState::overdue;
    if (due == today) return DueState::today;
    return days_of(due) - days_of(today) <= due_soon_days ? DueState::soon : DueState::later;
}

}  // namespace zf
