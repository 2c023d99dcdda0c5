#include "client/app/coverage_facts.h"

#include <algorithm>
#include <set>

#include "client/draft.h"
#include "common/base/decimal.h"
#include "common/codec/changeset_codec.h"
#include "common/merge/record_view.h"
#include "common/store/schema.h"

namespace zf {
namespace {

using Kind = CoverageEvidence::Kind;

constexpr std::string_view fact_since = "coverage.since";
constexpr std::size_t page_changesets = 500, page_bytes = 4u << 20;

/// The forms that tell where people were, and how each names its parts.
struct Source {
    std::string_view form;
    Kind kind;
    std::string_view day, place, place_kind, by;
};
constexpr Source sources[] = {
    {"site_visit", Kind::visit, "visit_date", "target_name", "target_kind", "visitor"},
    {"disaster_report", Kind::report, "report_time", "place_name", "place_kind", ""},
    {"building_check", Kind::building, "checked_at", "", "", ""},
    {"hazard", Kind::hazard, "found_on", "place_name", "", "found_by"},
};

std::string text_in(const FieldValues& values, std::string_view field) {
    const auto at = values.find(field);
    return at != values.end() && at->second.text() ? *at->second.text() : std::string();
}

bool is_above_zero(const FieldValues& values, std::string_view field) {
    const auto at = values.find(field);
    if (at == values.end()) return false;
    if (const std::int64_t* number = at->second.integer()) return *number > 0;
    const auto number = at->second.text() ? Decimal::parse(*at->second.text()) : std::nullopt;
    return number && *number > Decimal(0);
}

bool holds(const FieldValues& values, std::string_view field, std::string_view code) {
    const auto at = values.find(field);
    const List* list = at == values.end() ? nullptr : at->second.list();
    return list && std::any_of(list->begin(), list->end(),
                               [&](const Value& one) { return one.text() && *one.text() == code; });
}

/// A day, whether it is stored alone or with a time.
std::optional<Date> day_in(const FieldValues& values, std::string_view field) {
    const std::string text = text_in(values, field);
    if (const auto instant = parse_datetime(text)) return date_at(*instant, bureau_offset_minutes);
    return parse_date(text);
}

Finding finding_of(Kind kind, const FieldValues& values) {
    switch (kind) {
        case Kind::visit:
            if (is_above_zero(values, "issues_found")) return Finding::damage;
            return holds(values, "purpose", "disaster") || holds(values, "purpose", "safety")
                       ? Finding::no_damage
                       : Finding::not_looked;
        case Kind::report: {
            constexpr std::string_view losses[] = {"affected_people", "deaths",
                                                   "missing",         "injured",
                                                   "relocated",       "collapsed_rooms",
                                                   "severe_rooms",    "light_rooms",
                                                   "direct_loss",     "collapsed_households",
                                                   "crop_area",       "equipment_damaged"};
            const bool is_hit = std::any_of(std::begin(losses), std::end(losses),
                                            [&](auto loss) { return is_above_zero(values, loss); });
            return is_hit ? Finding::damage : Finding::no_damage;
        }
        case Kind::building:
            return text_in(values, "damage_grade") == "I" &&
                           text_in(values, "use_advice") == "inspected"
                       ? Finding::no_damage
                       : Finding::damage;
        case Kind::hazard:
            break;
    }
    return Finding::damage;
}

/// Where a record says that something was.
struct Whereabouts {
    std::string division, place;
    std::optional<Uuid> enterprise;
    bool is_village = false;
};

class Gathering {
public:
    Gathering(DeviceStore& store, const Date& today) : store_(store) { facts_.today = today; }

    CoverageFacts facts() {
        facts_.divisions = divisions_of(store_.home());
        find_unsent();
        add_enterprises();
        for (const Source& source : sources) add_records(source);
        add_drafts();
        std::stable_sort(facts_.evidence.begin(), facts_.evidence.end(),
                         [](const auto& a, const auto& b) { return a.on < b.on; });
        return std::move(facts_);
    }

private:
    /// What others wrote and the bureau is not known to have: it came by a bundle.
    void find_unsent() {
        if (!store_.membership()) return;
        std::int64_t key = 0;
        while (true) {
            const auto page = store_.log().unnumbered_of_others(store_.device(), key,
                                                                page_changesets, page_bytes);
            if (page.empty()) return;
            for (const StoredChangeset& one : page) {
                if (const auto changeset = decode_changeset(one.signed_changeset.bytes)) {
                    unnumbered_.insert({changeset->device, changeset->seq});
                }
            }
        }
    }

    bool is_at_bureau(const Dot& first) {
        if (!store_.membership()) return false;
        if (first.device != store_.device()) {
            return !unnumbered_.contains({first.device, first.seq});
        }
        return first.seq <= store_.log().delivered_of(first.device);
    }

    void add_enterprises() {
        const Form* form = store_.log().forms().find("enterprise");
        store_.log().each_record("enterprise", [&](const RecordDoc& doc) {
            if (!stands(doc)) return true;
            const FieldValues values = shown_values(doc, form);
            const auto left = day_in(values, "deregistered_on");
            if (left && *left <= facts_.today) return true;
            facts_.enterprises.push_back(
                {doc.id, text_in(values, "name"), text_in(values, "division")});
            return true;
        });
        std::sort(facts_.enterprises.begin(), facts_.enterprises.end(),
                  [](const auto& a, const auto& b) { return a.name < b.name; });
    }

    static bool stands(const RecordDoc& doc) { return !shown_void(doc) && !shown_alias(doc); }

    /// What a reference of the record leads to, when it is here and stands.
    std::optional<FieldValues> values_at(const FieldValues& values, std::string_view reference,
                                         std::string_view form) {
        const auto id = parse_uuid(text_in(values, reference));
        if (!id) return std::nullopt;
        const auto doc = store_.log().find_record(store_.log().join_target(*id));
        if (!doc || doc->form != form || shown_void(*doc)) return std::nullopt;
        return shown_values(*doc, store_.log().forms().find(doc->form));
    }

    Whereabouts whereabouts(const Source& source, const FieldValues& values) {
        Whereabouts where;
        where.division = text_in(values, "division");
        where.place = text_in(values, source.place);
        where.is_village = text_in(values, source.place_kind) == "village";
        if (const auto id = parse_uuid(text_in(values, "enterprise"))) {
            where.enterprise = store_.log().join_target(*id);
        }
        if (!where.division.empty() || source.kind != Kind::building) return where;
        // A building check stands under a report or a visit, which say where.
        if (const auto report = values_at(values, "disaster_report", "disaster_report")) {
            return whereabouts(sources[1], *report);
        }
        const auto visit = values_at(values, "site_visit", "site_visit");
        return visit ? whereabouts(sources[0], *visit) : where;
    }

    std::optional<CoverageEvidence> evidence_of(const Source& source, const FieldValues& values) {
        const auto day = day_in(values, source.day);
        if (!day) return std::nullopt;
        const Whereabouts where = whereabouts(source, values);
        CoverageEvidence one;
        one.kind = source.kind;
        one.on = *day;
        one.division = where.division;
        one.place = where.place;
        one.is_village = where.is_village;
        one.enterprise = where.enterprise;
        one.by = text_in(values, source.by);
        one.finding = finding_of(source.kind, values);
        if (source.kind == Kind::report) {
            one.subject = where.enterprise ? where.enterprise->text() : where.place;
            note_disaster(values);
        }
        if (source.kind == Kind::building) one.subject = text_in(values, "building_no");
        if (source.kind == Kind::visit) one.due = day_in(values, "follow_up_due");
        const bool is_closed = !text_in(values, "closed_on").empty() ||
                               text_in(values, "state") == "done" ||
                               text_in(values, "state") == "cancelled";
        if (source.kind == Kind::hazard && !is_closed) one.due = day_in(values, "due_date");
        return one;
    }

    void note_disaster(const FieldValues& values) {
        const auto day = day_in(values, "disaster_start");
        if (!day || *day > facts_.today) return;
        facts_.latest_disaster = std::max(facts_.latest_disaster.value_or(*day), *day);
    }

    void add_records(const Source& source) {
        const Form* form = store_.log().forms().find(source.form);
        store_.log().each_record(source.form, [&](const RecordDoc& doc) {
            if (!stands(doc)) return true;
            auto one = evidence_of(source, shown_values(doc, form));
            if (!one) return true;
            one->record = doc.id;
            if (one->by.empty()) one->by = doc.created.user;
            one->at_bureau = is_at_bureau(doc.created.dot);
            one->is_of_this_laptop =
                store_.membership() && doc.created.dot.device == store_.device();
            facts_.evidence.push_back(std::move(*one));
            return true;
        });
    }

    void add_drafts() {
        std::string people;
        for (const std::string& user : store_.users())
            people += (people.empty() ? "" : ", ") + user;
        for (const LeftDraft& left : Draft::list(store_)) {
            const auto source = std::find_if(std::begin(sources), std::end(sources),
                                             [&](const Source& s) { return s.form == left.form; });
            if (source == std::end(sources) || !left.is_new) continue;
            const auto draft = Draft::reopen(store_, left.id);
            if (!draft) continue;
            FieldValues values;
            for (const auto& [field, value] : draft->entered()) values.emplace(field, value);
            auto one = evidence_of(*source, values);
            if (!one) continue;
            one->record = left.id;
            if (one->by.empty()) one->by = people;
            one->at_bureau = false;
            one->is_draft = true;
            one->is_of_this_laptop = true;
            one->due.reset();
            facts_.evidence.push_back(std::move(*one));
        }
    }

    DeviceStore& store_;
    CoverageFacts facts_;
    std::set<std::pair<DeviceId, std::int64_t>> unnumbered_;
};

}  // namespace

CoverageFacts gather_coverage(DeviceStore& store, const Date& today) {
    return Gathering(store, today).facts();
}

std::optional<Date> remembered_since(DeviceStore& store) {
    return parse_date(find_fact(store.db(), fact_since).value_or(""));
}

void remember_since(DeviceStore& store, const Date& since) {
    Transaction transaction(store.db());
    set_fact(store.db(), fact_since, since.text());
    transaction.commit();
}

std::string store_stamp(DeviceStore& store) {
    if (!store.membership()) return "";
    ChangeLog& log = store.log();
    return std::to_string(log.head_of(store.device()).seq) + " " +
           std::to_string(log.delivered_of(store.device())) + " " + std::to_string(log.ssn());
}

}  // namespace zf
