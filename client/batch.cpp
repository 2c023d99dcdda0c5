#include "client/batch.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <istream>
#include <ostream>

#include "client/batch_arguments.h"
#include "client/bundle_commands.h"
#include "client/json_view.h"
#include "client/put_away.h"
#include "client/receipts_view.h"
#include "client/sync_pass.h"
#include "common/codec/json.h"
#include "common/db/db.h"

namespace zf {
namespace {

constexpr std::int64_t list_limit = 100;

struct Call {
    DeviceStore& store;
    const BatchOptions& options;
    const BatchArguments& command;

    [[nodiscard]] Result<WriteOptions> write_options() const {
        std::optional<std::string> asked = options.user;
        if (command.has("user")) {
            auto named = command.text("user");
            if (!named) return fail(named.error());
            asked = *named;
        }
        auto user = store.choose_user(asked);
        if (!user) return fail(user.error());
        auto submits = command.flag("submit");
        if (!submits) return fail(submits.error());
        if (*submits && !options.replay_clock) {
            return fail(ErrorCode::not_allowed,
                        "saving with the intent to submit is for `zoufang batch --replay`; use "
                        "the command submit",
                        "submit");
        }
        return WriteOptions{*user, *submits};
    }
};

using Answer = Result<Members>;

Answer answer_of(const Result<Saved>& saved) {
    if (!saved) return fail(saved.error());
    List changed;
    for (const std::string& field : saved->changed) changed.emplace_back(field);
    return Members{{"record", saved->record.text()},
                   {"changed", std::move(changed)},
                   {"issues", issues_value(saved->issues)}};
}

Answer do_create(const Call& call) {
    auto options = call.write_options();
    if (!options) return fail(options.error());
    auto form = call.command.text("form");
    if (!form) return fail(form.error());
    auto set = call.command.members("set");
    if (!set) return fail(set.error());
    auto id = call.command.record_if_given("record");
    if (!id) return fail(id.error());
    return answer_of(create_record(call.store, *options, *form, *id, *set));
}

/// edit, void, join and unjoin differ in what is entered.
Answer edit_with(const Call& call, const Members& entered) {
    auto options = call.write_options();
    if (!options) return fail(options.error());
    auto record = call.command.record("record");
    if (!record) return fail(record.error());
    return answer_of(edit_record(call.store, *options, *record, entered));
}

Answer do_edit(const Call& call) {
    auto set = call.command.members("set");
    if (!set) return fail(set.error());
    return edit_with(call, *set);
}

Answer do_void(const Call& call) {
    auto reason = call.command.text("reason");
    if (!reason) return fail(reason.error());
    return edit_with(call,
                     {{std::string(field_void), true}, {std::string(field_void_reason), *reason}});
}

Answer do_join(const Call& call) {
    auto into = call.command.record("into");
    if (!into) return fail(into.error());
    return edit_with(call, {{std::string(field_alias), into->text()}});
}

Answer do_unjoin(const Call& call) {
    return edit_with(call, {{std::string(field_alias), Value()}});
}

Answer do_submit(const Call& call) {
    auto options = call.write_options();
    if (!options) return fail(options.error());
    auto record = call.command.record("record");
    if (!record) return fail(record.error());
    auto saved = submit_record(call.store, *options, *record);
    if (!saved) return fail(saved.error());
    Members members{{"record", saved->record.text()}, {"issues", issues_value(saved->issues)}};
    if (!saved->written) {
        members.emplace_back("ok", false);
        members.emplace_back(
            "error",
            error_value({ErrorCode::not_submittable,
                         "errors bar submitting this record; mend what issues names", "issues"}));
    }
    return members;
}

Answer do_get(const Call& call) {
    auto record = call.command.record("record");
    if (!record) return fail(record.error());
    auto view = view_record(call.store, *record);
    if (!view) return fail(view.error());
    return *record_value(call.store, *view).members();
}

Answer do_list(const Call& call) {
    ListQuery query;
    auto form = call.command.text("form");
    if (!form) return fail(form.error());
    query.form = *form;
    auto search = call.command.text_or("search", "");
    if (!search) return fail(search.error());
    query.search = *search;
    auto where = call.command.conditions("where");
    if (!where) return fail(where.error());
    query.where = std::move(*where);
    auto limit = call.command.count_or("limit", list_limit);
    if (!limit) return fail(limit.error());
    query.limit = static_cast<std::size_t>(*limit);
    auto after = call.command.record_if_given("after");
    if (!after) return fail(after.error());
    query.after = *after;
    auto page = list_records(call.store, query);
    if (!page) return fail(page.error());
    return *list_value(call.store, *page).members();
}

Answer do_history(const Call& call) {
    auto record = call.command.record("record");
    if (!record) return fail(record.error());
    auto field = call.command.text_or("field", "");
    if (!field) return fail(field.error());
    auto history = history_of(call.store, *record, *field);
    if (!history) return fail(history.error());
    return Members{{"record", record->text()}, {"history", history_value(*history)}};
}

Answer do_conflicts(const Call& call) {
    List all;
    std::optional<Uuid> last;
    for (const StoredConflict& conflict : open_conflicts(call.store.log(), call.store.today())) {
        if (last == conflict.record) continue;
        last = conflict.record;
        const auto doc = call.store.log().find_record(conflict.record);
        if (!doc) continue;
        const auto conflicts = conflicts_of(call.store.log(), *doc, call.store.today());
        const Value listed = conflicts_value(call.store, *doc, conflicts);
        all.insert(all.end(), listed.list()->begin(), listed.list()->end());
    }
    return Members{{"conflicts", std::move(all)}};
}

Answer do_resolve(const Call& call) {
    auto options = call.write_options();
    if (!options) return fail(options.error());
    auto record = call.command.record("record");
    if (!record) return fail(record.error());
    auto field = call.command.text("field");
    if (!field) return fail(field.error());
    const bool picks = call.command.has("pick");
    const Value* value = call.command.find("value");
    if (picks == (value != nullptr)) {
        return fail(ErrorCode::missing_argument,
                    "give either the value to settle on, or a version to pick", "value");
    }
    if (!picks) {
        return answer_of(resolve_record(call.store, *options, *record, {{*field, *value}}));
    }
    auto version = call.command.text("pick");
    if (!version) return fail(version.error());
    return answer_of(pick_version(call.store, *options, *record, *field, *version));
}

Answer do_attach(const Call& call) {
    auto options = call.write_options();
    if (!options) return fail(options.error());
    auto record = call.command.record("record");
    if (!record) return fail(record.error());
    auto field = call.command.text("field");
    if (!field) return fail(field.error());
    auto file = call.command.text("file");
    if (!file) return fail(file.error());
    auto attached = attach_file(call.store, *options, *record, *field, *file);
    if (!attached) return fail(attached.error());
    return Members{{"hash", attached->hash.hex()}, {"bytes", attached->bytes}};
}

Answer do_blob(const Call& call) {
    auto name = call.command.text("hash");
    if (!name) return fail(name.error());
    const auto hash = parse_hash256(*name);
    if (!hash) return fail(ErrorCode::wrong_type, "64 hex digits are expected here", "hash");
    auto file = call.command.text("file");
    if (!file) return fail(file.error());
    auto bytes = copy_attachment(call.store, *hash, *file);
    if (!bytes) return fail(bytes.error());
    return Members{{"hash", hash->hex()}, {"bytes", *bytes}};
}

Answer do_check(const Call& call) {
    auto record = call.command.record("record");
    if (!record) return fail(record.error());
    const auto doc = load_record(call.store, *record);
    if (!doc) return fail(doc.error());
    return Members{{"record", record->text()},
                   {"issues", issues_value(issues_for_entry(call.store, *doc))}};
}

Answer do_sync(const Call& call) {
    ZF_CHECK(call.store.check_enrolled());
    auto transport = road_to_bureau(*call.store.membership());
    if (!transport) return fail(transport.error());
    auto rehearses = call.command.flag("rehearse");
    if (!rehearses) return fail(rehearses.error());
    if (*rehearses) {
        auto rehearsal = Sync(call.store.sync_stores(), *transport).rehearse();
        if (!rehearsal) return fail(rehearsal.error());
        return *rehearsal_value(*rehearsal).members();
    }
    const SyncEnd end = sync_once(call.store, *transport, SyncCause::person);
    if (end.error) return fail(*end.error);
    return *sync_value(end.report).members();
}

/// Nothing when the part is not given.
Result<std::optional<Date>> day_if_given(const Call& call, std::string_view name) {
    if (!call.command.has(name)) return std::optional<Date>();
    auto text = call.command.text(name);
    if (!text) return fail(text.error());
    const auto day = parse_date(*text);
    if (day) return std::optional(*day);
    return fail(ErrorCode::wrong_type, "a day like 2008-05-12 is expected here", std::string(name));
}

Answer do_receipts(const Call& call) {
    auto record = call.command.record_if_given("record");
    if (!record) return fail(record.error());
    auto since = day_if_given(call, "since");
    if (!since) return fail(since.error());
    auto receipts = receipts_of(call.store, {*record, *since, std::nullopt});
    if (!receipts) return fail(receipts.error());
    return *receipts_value(call.store, *receipts).members();
}

/// A day that is not complete is an answer here, no failure.
Answer do_reconcile(const Call& call) {
    auto day = day_if_given(call, "day");
    if (!day) return fail(day.error());
    const auto account = reconcile_day(call.store, day->value_or(call.store.today()));
    return *reconciliation_value(call.store, account).members();
}

Answer do_status(const Call& call) {
    return *status_value(call.store).members();
}

Answer answer_of(const Result<BundleSummary>& summary) {
    if (!summary) return fail(summary.error());
    return *bundle_value(*summary).members();
}

Answer do_bundle_out(const Call& call) {
    auto file = call.command.text("file");
    if (!file) return fail(file.error());
    std::optional<std::string> device;
    if (call.command.has("device")) {
        auto named = call.command.text("device");
        if (!named) return fail(named.error());
        device = *named;
    }
    const auto receiver = read_receiver(device);
    if (!receiver) return fail(receiver.error());
    return answer_of(write_bundle(call.store, *file, *receiver));
}

Answer do_bundle_in(const Call& call) {
    auto file = call.command.text("file");
    if (!file) return fail(file.error());
    return answer_of(read_bundle(call.store, *file));
}

struct Verb {
    std::string_view name;
    Answer (*run)(const Call&);
    bool needs_enrolment = true;
};

constexpr auto verbs = std::to_array<Verb>({{"create", do_create},
                                            {"edit", do_edit},
                                            {"void", do_void},
                                            {"join", do_join},
                                            {"unjoin", do_unjoin},
                                            {"submit", do_submit},
                                            {"get", do_get},
                                            {"list", do_list},
                                            {"history", do_history},
                                            {"conflicts", do_conflicts},
                                            {"resolve", do_resolve},
                                            {"attach", do_attach},
                                            {"blob", do_blob},
                                            {"check", do_check},
                                            {"sync", do_sync},
                                            {"receipts", do_receipts},
                                            {"reconcile", do_reconcile},
                                            {"status", do_status, false},
                                            {"bundle_out", do_bundle_out},
                                            {"bundle_in", do_bundle_in}});

Result<void> set_clock(const BatchOptions& options, const BatchArguments& command) {
    if (options.replay_clock) options.replay_clock->set_now_ms(std::nullopt);
    if (!command.has("at")) return {};
    if (!options.replay_clock) {
        return fail(ErrorCode::not_allowed,
                    "the clock can be set with `zoufang batch --replay` only", "at");
    }
    auto at = command.text("at");
    if (!at) return fail(at.error());
    const auto ms = parse_datetime(*at);
    if (!ms) {
        return fail(ErrorCode::wrong_type, "a time like 2008-05-12T14:28:00+08:00 is expected here",
                    "at");
    }
    options.replay_clock->set_now_ms(*ms);
    return {};
}

Answer run_command(DeviceStore& store, const BatchOptions& options, const Value& json) {
    const BatchArguments command(json);
    auto name = command.text("do");
    if (!name) return fail(name.error());
    const auto verb = std::find_if(verbs.begin(), verbs.end(),
                                   [&](const Verb& one) { return one.name == *name; });
    if (verb == verbs.end()) {
        std::string names;
        for (const Verb& one : verbs) names += (names.empty() ? "" : ", ") + std::string(one.name);
        return fail(ErrorCode::unknown_command,
                    "there is no command of this name; there are: " + names, "do");
    }
    ZF_CHECK(set_clock(options, command));
    ZF_CHECK(store.refresh());
    if (verb->needs_enrolment) ZF_CHECK(store.check_enrolled());
    return verb->run({store, options, command});
}

Value failure(const Error& error) {
    return Value(Members{{"ok", false}, {"error", error_value(error)}});
}

Value malformed_line(const Error& error, std::size_t line_number) {
    const std::string line = "line " + std::to_string(line_number);
    return failure(
        {error.code, error.message, error.where.empty() ? line : line + " " + error.where});
}

}  // namespace

Value answer_command(DeviceStore& store, const BatchOptions& options, std::string_view line,
                     std::size_t line_number) {
    auto json = parse_json(line);
    if (!json) return malformed_line(json.error(), line_number);
    if (!json->members()) {
        return malformed_line(
            {ErrorCode::malformed, "a command is an object: {\"do\": ..., ...}", ""}, line_number);
    }
    try {
        auto answer = run_command(store, options, *json);
        if (!answer) return failure(answer.error());
        Value value(Members{{"ok", true}});
        for (auto& [name, part] : *answer) value.set(name, std::move(part));
        return value;
    } catch (const DbError& broken) {
        Error error = error_of(broken, store.home());
        error.message = "nothing of this command was saved: " + error.message;
        return failure(error);
    } catch (const std::exception& broken) {
        return failure({ErrorCode::internal,
                        std::string("nothing of this command was saved: ") + broken.what() +
                            "; check the disk and its free space, then try again",
                        store.home().string()});
    }
}

bool run_batch(DeviceStore& store, const BatchOptions& options, std::istream& in,
               std::ostream& out) {
    bool all_ok = true;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const Value answer = answer_command(store, options, line, number);
        const Value* ok = answer.find("ok");
        all_ok = all_ok && ok && ok->boolean() && *ok->boolean();
        // Whoever reads line by line must not wait for a buffer to fill.
        out << canonical_text(answer) << std::endl;
        // Nobody is told any more what becomes of the commands: carry out no others.
        if (!out) return false;
    }
    return all_ok;
}

}  // namespace zf
