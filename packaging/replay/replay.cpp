#include "packaging/replay/replay.h"

#include <algorithm>
#include <map>

#include "common/codec/changeset_codec.h"
#include "common/report/figure_json.h"
#include "common/store/store_records.h"
#include "common/sync/sync.h"
#include "packaging/replay/bureau.h"
#include "packaging/replay/timeline.h"
#include "server/figures.h"
#include "server/review.h"
#include "server/verify.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

/// "28 May 2008"
std::string day_text(const Date& date) {
    static constexpr const char* months[] = {"January",   "February", "March",    "April",
                                             "May",       "June",     "July",     "August",
                                             "September", "October",  "November", "December"};
    return std::to_string(date.day) + " " + months[date.month - 1] + " " +
           std::to_string(date.year);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

std::string counted(long count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

class Replay {
public:
    Replay(const CaseFile& file, Bureau& bureau, const Tell& tell)
        : file_(file), bureau_(bureau), tell_(tell) {
        for (const CaseOp& op : file.ops) name(op.record);
        for (const CaseReview& review : file.reviews) {
            for (const std::string& record : review.records) name(record);
        }
        for (const std::string& device : devices_of(file)) was_offline_[device] = false;
    }

    Result<ReplayResult> run() {
        for (const Event& event : timeline_of(file_)) {
            bureau_.set_clock(event.at_ms);
            last_ms_ = event.at_ms;
            switch (event.kind) {
                case Event::Kind::op:
                    ZF_CHECK(enter(file_.ops[event.index]));
                    break;
                case Event::Kind::review:
                    review(file_.reviews[event.index]);
                    break;
                case Event::Kind::evening:
                    ++result_.evenings;
                    ZF_CHECK(sync_evening(event.evening));
                    break;
                case Event::Kind::closing:
                    ZF_CHECK(close());
                    break;
            }
            if (event.kind == Event::Kind::op || event.kind == Event::Kind::review) {
                last_event_day_ = date_at(event.at_ms, bureau_offset_minutes);
            }
        }
        ZF_CHECK(collect());
        return std::move(result_);
    }

private:
    void name(const std::string& record) { names_.emplace(file_.record_id(record), record); }

    std::string name_of_record(const Uuid& id) const {
        const auto entry = names_.find(id);
        return entry == names_.end() ? id.text() : entry->second;
    }

    Result<void> enter(const CaseOp& op) {
        DeviceStore& store = *bureau_.laptops().at(op.device).store;
        const Form* form = store.log().forms().find(op.form);
        const Members entered = with_record_ids(file_, form, op.set);
        const Uuid id = file_.record_id(op.record);
        const WriteOptions options{op.user, true, false};
        Result<Saved> saved =
            op.kind == CaseOpKind::create    ? create_record(store, options, op.form, id, entered)
            : op.kind == CaseOpKind::resolve ? resolve_record(store, options, id, entered)
                                             : edit_record(store, options, id, entered);
        if (saved) return {};
        ++result_.skipped_ops;
        tell_("  " + op.op + " on " + op.record + " is refused: " + saved.error().message +
              (saved.error().where.empty() ? "" : " [" + saved.error().where + "]"));
        return {};
    }

    void review(const CaseReview& review) {
        const auto kind = parse_review_kind(review.status);
        const auto user = bureau_.server().bureau().find_user(review.user);
        long done = 0, refused = 0;
        for (const std::string& record : review.records) {
            const auto written = kind ? review_record(bureau_.server(), *user,
                                                      file_.record_id(record), *kind, review.note)
                                      : Result<void>(fail(ErrorCode::wrong_type, "no such review"));
            ++(written ? done : refused);
        }
        result_.refused_reviews += refused;
        const Date day = date_at(review.at_ms, bureau_offset_minutes);
        tell_("  " + day_text(day) + ": " + review.user + " reviews " +
              counted(done, "record", "records") + " as " + review.status +
              (refused > 0 ? ", " + std::to_string(refused) + " refused" : ""));
    }

    Result<void> sync_laptops(const std::vector<std::string>& present) {
        std::map<std::string, Sync> syncs;
        for (const std::string& device : present) {
            Laptop& laptop = bureau_.laptops().at(device);
            syncs.emplace(device, Sync(laptop.store->sync_stores(), *laptop.transport));
        }
        for (auto& [device, sync] : syncs) ZF_CHECK(sync.push());
        for (auto& [device, sync] : syncs) {
            ZF_CHECK(sync.pull());
            ZF_CHECK(sync.exchange_blobs());
        }
        return {};
    }

    Result<void> sync_evening(const Date& evening) {
        std::vector<std::string> present, back;
        for (auto& [device, was_offline] : was_offline_) {
            const bool offline = is_offline(file_, device, evening);
            if (!offline) present.push_back(device);
            if (was_offline && !offline) back.push_back(device);
            was_offline = offline;
        }
        ZF_CHECK(sync_laptops(present));
        const auto change = look();
        if (change.began + change.ended == 0 && back.empty()) return {};
        std::string line = "  " + day_text(evening) + ", evening: ";
        std::vector<std::string> parts;
        if (!back.empty())
            parts.push_back(joined(back) + (back.size() == 1 ? " is" : " are") + " back");
        if (change.began > 0)
            parts.push_back(counted(change.began, "conflict", "conflicts") + " began");
        if (change.ended > 0)
            parts.push_back(counted(change.ended, "conflict", "conflicts") + " settled");
        for (std::size_t i = 0; i < parts.size(); ++i) line += (i > 0 ? ", " : "") + parts[i];
        tell_(line);
        return {};
    }

    Result<void> close() {
        std::vector<std::string> everybody;
        for (const auto& [device, offline] : was_offline_) everybody.push_back(device);
        ZF_CHECK(sync_laptops(everybody));
        look();
        return {};
    }

    // ---- conflicts ------------------------------------------------------------------------

    Value with_names(const Field* field, const Value& value) const {
        const bool is_reference = !field || field->type == FieldType::ref;
        if (is_reference && value.text()) {
            const auto id = parse_uuid(*value.text());
            return id && names_.contains(*id) ? Value(name_of_record(*id)) : value;
        }
        if (field && field->type == FieldType::repeat && value.members()) {
            Members row;
            for (const auto& [name, part] : *value.members()) {
                const Field* sub = field->find(name);
                row.emplace_back(name, sub ? with_names(sub, part) : part);
            }
            return Value(std::move(row));
        }
        return value;
    }

    /// A write of a field as the result prints it.
    Value printed(const Field* field, const Value& value) const {
        if (field && field->type == FieldType::repeat) {
            const Value whole = canonical_value(*field, Value(List{value}));
            return with_names(field, whole.list() ? whole.list()->front() : value);
        }
        return with_names(field, field ? canonical_value(*field, value) : value);
    }

    std::vector<SeenConflict> standing() {
        std::vector<SeenConflict> all;
        ChangeLog& log = bureau_.server().log();
        std::vector<Uuid> records;
        for (const StoredConflict& conflict : log.conflicts()) records.push_back(conflict.record);
        records.erase(std::unique(records.begin(), records.end()), records.end());
        for (const Uuid& id : records) {
            const auto doc = log.find_record(id);
            const Form* form = log.forms().find(doc->form);
            for (const Conflict& conflict : find_conflicts(*doc, form)) {
                SeenConflict seen{id,
                                  name_of_record(id),
                                  conflict.field,
                                  std::string(name_of(conflict.kind)),
                                  {}};
                if (conflict.kind == ConflictKind::value) {
                    const Field* field = form ? form->find(conflict.field) : nullptr;
                    for (const LiveValue& live : conflict.values) {
                        seen.values.push_back(printed(field, live.value));
                    }
                }
                all.push_back(std::move(seen));
            }
        }
        return all;
    }

    Value live_now(const SeenConflict& seen) {
        ChangeLog& log = bureau_.server().log();
        const auto doc = log.find_record(seen.record);
        if (!doc) return {};
        if (seen.field == field_void) return Value(shown_void(*doc));
        const auto live = doc->fields.find(seen.field);
        if (live == doc->fields.end()) return {};
        const Form* form = log.forms().find(doc->form);
        const Field* field = form ? form->find(seen.field) : nullptr;
        const Value shown = shown_value(field, live->second);
        if (!field || field->type != FieldType::repeat || !shown.list()) {
            return with_names(field, shown);
        }
        // The row that was in conflict, as it is now.
        for (const Value& row : *shown.list()) {
            for (const Value& value : seen.values) {
                if (row.find("_row") && value.find("_row") &&
                    *row.find("_row") == *value.find("_row")) {
                    return with_names(field, row);
                }
            }
        }
        return {};
    }

    /// Who wrote what is shown in a field now.
    std::string author_now(const SeenConflict& seen) {
        ChangeLog& log = bureau_.server().log();
        const auto doc = log.find_record(seen.record);
        if (!doc || !doc->fields.contains(seen.field)) return {};
        const auto& live = doc->fields.find(seen.field)->second;
        const Dot dot = std::min_element(live.begin(), live.end(), shown_before)->dot;
        const auto stored = log.find_changeset(dot.device, dot.seq);
        const auto changeset =
            stored ? std::optional(decode_changeset(stored->signed_changeset.bytes)) : std::nullopt;
        return changeset && changeset->has_value() ? (*changeset)->user : std::string();
    }

    ConflictWatch::Change look() {
        return watch_.look(standing(), [this](const SeenConflict& seen) {
            return ConflictWatch::LiveValueNow{live_now(seen), author_now(seen)};
        });
    }

    // ---- the result -----------------------------------------------------------------------

    Value conflicts_value() const {
        List list;
        for (const ConflictRun& run : result_.conflicts) {
            list.emplace_back(Members{{"record", run.seen.record_name},
                                      {"field", run.seen.field},
                                      {"kind", run.seen.kind},
                                      {"values", Value(List(run.seen.values))},
                                      {"resolved_to", run.resolved_to}});
        }
        return Value(std::move(list));
    }

    Value duplicates_value() {
        List list;
        for (const auto& [a, b] : bureau_.server().log().duplicates()) {
            std::pair pair{name_of_record(a), name_of_record(b)};
            if (pair.second < pair.first) std::swap(pair.first, pair.second);
            result_.duplicates.push_back(pair);
        }
        std::sort(result_.duplicates.begin(), result_.duplicates.end());
        for (const auto& [a, b] : result_.duplicates) list.emplace_back(List{Value(a), Value(b)});
        return Value(std::move(list));
    }

    Value rules_value() {
        std::vector<std::pair<std::string, Value>> sorted;
        for (const BrokenRule& broken : broken_rules(bureau_.server().log(), last_event_day_)) {
            const std::string record = name_of_record(broken.record);
            sorted.emplace_back(
                record + " " + broken.rule,
                Value(Members{{"record", record},
                              {"rule", broken.rule},
                              {"level", broken.level == Level::error ? "error" : "warning"}}));
        }
        std::sort(sorted.begin(), sorted.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        List list;
        for (auto& [key, value] : sorted) list.push_back(std::move(value));
        return Value(std::move(list));
    }

    Value devices_value() {
        List list;
        for (auto& [name, laptop] : bureau_.laptops()) {
            ChangeLog& log = laptop.store->log();
            list.emplace_back(Members{{"device", name},
                                      {"changesets", log.head_of(laptop.store->device()).seq},
                                      {"state", log.state().hex()}});
        }
        return Value(std::move(list));
    }

    Value server_value() {
        ChangeLog& log = bureau_.server().log();
        const auto counts = log.counts();
        const Verification verified = verify_store(bureau_.server());
        return Value(Members{{"changesets", counts.changesets},
                             {"records", counts.records},
                             {"state", log.state().hex()},
                             {"verify", verified.findings.empty() ? "ok" : "failed"}});
    }

    Result<void> collect() {
        auto period = parse_period(file_.period);
        if (!period) return fail(period.error());
        {
            const auto held = bureau_.server().lock();
            auto indicators = indicators_in_force(bureau_.server());
            if (!indicators) return fail(indicators.error());
            result_.indicators = std::move(*indicators);
            auto figures = figures_for(bureau_.server(), *period);
            if (!figures) return fail(figures.error());
            result_.figures = std::move(*figures);
        }
        result_.forms = bureau_.server().log().forms();
        result_.conflicts = watch_.runs();
        result_.json = Value(Members{{"case", file_.case_id},
                                     {"period", file_.period},
                                     {"indicators", figures_value(result_.figures)},
                                     {"conflicts", conflicts_value()},
                                     {"duplicates", duplicates_value()},
                                     {"rules", rules_value()},
                                     {"devices", devices_value()},
                                     {"server", server_value()}});
        return {};
    }

    const CaseFile& file_;
    Bureau& bureau_;
    const Tell& tell_;
    std::map<Uuid, std::string> names_;
    std::map<std::string, bool> was_offline_;
    ConflictWatch watch_;
    std::int64_t last_ms_ = 0;
    Date last_event_day_;
    ReplayResult result_;
};

}  // namespace

Result<ReplayResult> replay_case(const CaseFile& file, const fs::path& work, const Tell& tell,
                                 const AfterReplay& after) {
    auto bureau = Bureau::open(file, work);
    if (!bureau) return fail(bureau.error());
    tell("server at " + (*bureau)->url() + ", " +
         counted(static_cast<long>((*bureau)->laptops().size()), "laptop", "laptops") +
         " enrolled");
    auto result = Replay(file, **bureau, tell).run();
    if (result && after) ZF_CHECK(after(**bureau, *result));
    return result;
}

}  // namespace zf
