// What people do every day.
#include <algorithm>

#include "common/codec/form_codec.h"
#include "common/sync/bundle.h"
#include "server/administer.h"
#include "server/bundle.h"
#include "server/freeze.h"
#include "server/judge.h"
#include "server/revert.h"
#include "tests/sim/world.h"

namespace zf::sim {

void World::remember(Person& person, const std::optional<SimSave>& saved, const std::string& what) {
    if (!saved) return;
    count("saves");
    person.saves.push_back(*saved);
    note(person.laptop->name() + " #" + std::to_string(saved->ref.seq) + " " + what);
}

void World::work(Person& person) {
    switch (pick(10)) {
        case 0:
        case 1:
            return create(person);
        case 2:
            return attach(person);
        case 3:
            return pick(3) == 0 ? save_as_newer(person) : edit(person);
        case 4:
            return pick(2) == 0 ? carry(person) : arrive();
        default:
            return edit(person);
    }
}

void World::create(Person& person) {
    const Uuid id = dice_.new_uuid();
    if (pick(3) == 0) {
        Members rows{{"title", some_text()},
                     {"submitted_on", "2008-05-12"},
                     {"adoptions", List{Value(Members{{"outlet", some_text()}})}}};
        remember(person, person.laptop->create("article", id, rows), "creates an article");
    } else {
        Members entered{{"name", some_text()},
                        {"reg_no", "99999900000" + std::to_string(1000 + pick(3))}};
        if (person.only_near || pick(2) == 0) entered.emplace_back("division", near_area);
        remember(person, person.laptop->create("enterprise", id, entered), "creates an enterprise");
    }
}

Members World::some_edit(Person& person, const std::vector<Uuid>& ids) {
    switch (pick(10)) {
        case 0:
            return {{"name", some_text()}};
        case 1:
            return {{"remark", pick(3) == 0 ? Value() : Value(some_text())}};
        case 2:
            return {{"registered_capital", std::to_string(pick(4)) + ".50"}};
        case 3:
            return {{"_void", pick(3) != 0}, {"_void_reason", "why"}};
        case 4:
            return {{"_alias_of", pick(3) == 0 ? Value() : Value(ids[pick(ids.size())].text())}};
        case 5:
            // Moving a record out of one's own area is not for everybody.
            if (person.only_near) return {{"name", some_text()}};
            count("area moves");
            return {{"division", pick(2) == 0 ? near_area : far_area}};
        case 6:
            return {{"title", some_text()}};
        case 7:
            return {{"adoptions", List{Value(Members{{"outlet", some_text()}}),
                                       Value(Members{{"outlet", some_text()}})}}};
        case 8:
            return {{"extra_" + std::to_string(1 + pick(3)), some_text()}};
        default:
            return {{"operating_status", pick(2) == 0 ? "producing" : "stopped"}};
    }
}

void World::edit(Person& person) {
    const std::vector<Uuid> ids = person.laptop->records();
    if (ids.empty()) return create(person);
    const Uuid id = ids[pick(ids.size())];
    if (pick(10) == 0) {
        return remember(person, person.laptop->submit(id), "submits " + id.text());
    }
    const bool resolve = pick(6) == 0;
    remember(person, person.laptop->edit(id, some_edit(person, ids), resolve),
             (resolve ? "resolves " : "edits ") + id.text());
}

/// Somebody is given other areas, and learns of it with the next sync.
void World::reassign(Person& person) {
    const std::string& name = person.laptop->name();
    const auto user = store_->bureau().find_user(name);
    if (!user) return;  // the server was lost, and this laptop has not told it yet
    std::vector<std::string> areas;
    if (user->areas.empty()) areas.emplace_back(near_area);
    try {
        const auto changed = change_user(*store_, name, std::nullopt, areas);
        if (!changed) broken(name + " cannot be given other areas: " + changed.error().message);
    } catch (const DbError&) {
        return;  // without power
    }
    person.was_near = true;
    count("reassigned");
    note(name + (areas.empty() ? " is for the whole bureau now" : " is for one township now"));
}

/// The chief takes back what a laptop wrote, or takes such a batch back in its turn.
void World::revert(Person& person) {
    const RevertRequest request{"chief", "of the simulation", pick(4) == 0};
    const bool is_again = !batches_.empty() && pick(2) == 0;
    try {
        const auto since = static_cast<std::int64_t>(1 + pick(5));
        const auto outcome = is_again
                                 ? unrevert_batch(*store_, batches_[pick(batches_.size())], request)
                                 : revert_device(*store_, person.laptop->device(), since, request);
        // A server that was lost or put back does not know the chief, the laptop or the batch.
        if (!outcome && outcome.error().code == ErrorCode::not_found) return;
        if (!outcome)
            return broken("what was written cannot be taken back: " + outcome.error().message);
        if (request.rehearse || outcome->batch.empty()) return;
        batches_.push_back(outcome->batch);
    } catch (const DbError&) {
        return;  // without power
    }
    count(is_again ? "given again" : "taken back");
    note(is_again ? "the server takes back a taking back"
                  : "the server takes back what " + person.laptop->name() + " wrote");
}

/// A form that stays open while others work, and over syncs and new versions of the form.
void World::open_or_save_form(Person& person) {
    const std::vector<Uuid> ids = person.laptop->records();
    if (ids.empty()) return;
    if (!person.open_form) {
        person.open_form = person.laptop->open_form(ids[pick(ids.size())]);
        return;
    }
    const auto saved = person.laptop->save_opened(*person.open_form, some_edit(person, ids));
    if (saved) count("forms left open");
    remember(person, saved, "saves a form that was open, " + person.open_form->opened.id.text());
    person.open_form.reset();
}

void World::save_as_newer(Person& person) {
    const std::vector<Uuid> ids = person.laptop->records();
    if (ids.empty()) return;
    const Uuid id = ids[pick(ids.size())];
    // The form of which a newer version comes into force some day.
    if (person.laptop->log().find_record(id)->form != "enterprise") return;
    const auto saved = person.laptop->save_as_newer(id, some_edit(person, ids));
    if (saved) count("newer forms");
    remember(person, saved, "edits under a newer form " + id.text());
}

void World::attach(Person& person) {
    const std::vector<Uuid> ids = person.laptop->records();
    if (ids.empty()) return;
    const std::string content = some_text() + std::string(pick(3000), 'p');
    auto hash = person.laptop->blobs().add_bytes(content);
    if (!hash) return broken("a picture cannot be stored: " + hash.error().message);
    const Uuid id = ids[pick(ids.size())];
    const auto saved = person.laptop->edit(id, {{"body", List{Value(hash->hex())}}});
    if (saved) {
        person.attached.insert(*hash);
        count("attachments");
    }
    remember(person, saved, "attaches to " + id.text());
}

void World::review() {
    std::vector<RecordDoc> docs;
    store_->log().each_record("", [&](const RecordDoc& doc) {
        docs.push_back(doc);
        return true;
    });
    if (docs.empty()) return;
    const RecordDoc& doc = docs[pick(docs.size())];
    const auto kind = static_cast<ReviewKind>(pick(3));
    try {
        at_server([&] {
            const auto written =
                store_->author().write("chief", {{&doc, 1, plan_review(doc, kind, Value())}});
            if (!written) broken("a review cannot be written: " + written.error().message);
        });
    } catch (const DbError&) {
        return;  // without power
    }
    count("reviews");
    note("the server reviews " + doc.id.text() + ": " + std::string(name_of(kind)));
}

/// A new version of a form, with one field more or one less.
void World::update_forms() {
    at_server([&] {
        Value catalog = store_->bureau().catalog("forms");
        for (Value& form : *catalog.find("forms")->list()) {
            if (*form.find("id")->text() != "enterprise") continue;
            form.set("version", *form.find("version")->integer() + 1);
            List& fields = *form.find("fields")->list();
            const auto extra = std::count_if(fields.begin(), fields.end(), [](const Value& field) {
                return field.find("name")->text()->starts_with("extra_");
            });
            if (extra == 3) {
                fields.pop_back();
                continue;
            }
            const std::string name = "extra_" + std::to_string(extra + 1);
            fields.emplace_back(
                Members{{"name", name},
                        {"type", "text"},
                        {"label", Members{{"zh-Hans", name}, {"zh-Hant", name}, {"en", name}}}});
        }
        auto forms = decode_forms(catalog);
        if (!forms) return broken("a form is refused: " + forms.error().message);
        store_->bureau().put_catalog(store_->keys().bureau, "forms", catalog, server_env_.now_ms());
        store_->log().set_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
        release_parked(store_->bureau(), store_->log());
    });
    count("forms updated");
    note("the bureau puts a new version of a form in force");
}

/// A later version of the server writes something into the bureau's log that laptops of today
/// cannot read. They keep it, and give it back to a server that lost it.
void World::write_unknown_entry() {
    const KeyPair& key = store_->keys().bureau;
    try {
        at_server([&] {
            const std::string bytes =
                canonical_text(Value(Members{{"_format", 1},
                                             {"at", server_env_.now_ms()},
                                             {"body", Members{{"text", dice_.new_uuid().text()}}},
                                             {"kind", "of_a_later_version"},
                                             {"n", store_->bureau().last_entry() + 1}}));
            std::string message = "zoufang-bureau/1";
            message.push_back('\0');
            const Hash256 hash = blake2b(bytes);
            message.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
            const std::string signature = key.sign(message);
            store_->db()
                .prepare(
                    "INSERT INTO bureau_entry(n, kind, subject, bytes, signature) "
                    "VALUES(?1, 'of_a_later_version', '', ?2, ?3)")
                .bind(1, store_->bureau().last_entry() + 1)
                .bind_blob(2, bytes)
                .bind_blob(3, signature)
                .run();
        });
    } catch (const DbError&) {
        return;  // without power
    }
    count("unknown entries");
    note("the bureau's log has an entry that laptops cannot read");
}

/// The chief hands out a report of what is approved now.
void World::freeze() {
    const Period period = *parse_period(pick(3) == 0 ? "2008-05" : "2008H1");
    try {
        const auto frozen = freeze_report(*store_, std::nullopt, period);
        if (!frozen) return broken("a report cannot be frozen: " + frozen.error().message);
        if (!frozen->is_new) return note("nothing has changed since the last report");
        const auto content = content_of(*store_, frozen->report);
        if (!content || !*content) return broken("what stands behind a new report is not there");
        reports_[{frozen->report.at_ms, frozen->report.content}] = {frozen->figures,
                                                                    (*content)->counted};
        note("the chief freezes " + name_of(frozen->report));
    } catch (const DbError&) {
        is_report_in_doubt_ = true;
        return;  // without power
    }
    count("reports frozen");
}

void World::sync(Person& person, int trouble) {
    person.network->set_trouble(trouble);
    const auto done = person.laptop->sync(*person.network);
    count("requests cut", person.network->take_cut_requests());
    const std::string& name = person.laptop->name();
    if (done) {
        if (person.network->speaks_another()) broken("another version of the protocol was let in");
        person.unknown.merge(unknown_entries_in(person.laptop->db()));
        person.reports.merge(reports_in(person.laptop->db()));
        count("syncs");
        count("given back", done->given_back);
        if (done->new_identity) {
            count("new identities");
            count("written anew", done->new_identity->reissued);
            note(name + " goes on under a new identity");
        }
        if (!done->not_applied.empty()) count("parked");
        return note(name + " syncs");
    }
    count("syncs cut");
    note(name + " is cut off: " + done.error().message);
    if (person.network->speaks_another() && done.error().code == ErrorCode::version_unsupported) {
        return;
    }
    if (trouble == 0) {
        broken(name + " cannot sync over a good network: " +
               std::string(facts_of(done.error().code).slug) + ": " + done.error().message + " " +
               done.error().where);
    }
}

/// A sealed file for the server, from it, or from one laptop to another. It may lie about for long.
void World::carry(Person& person) {
    const auto from = static_cast<std::size_t>(&person - people_.data());
    const std::filesystem::path file = folder_ / ("stick" + std::to_string(++bundles_) + ".zfb");
    Stick stick{file, std::nullopt};
    Result<BundleSummary> done = fail(ErrorCode::internal, "");
    LaptopStores stores = person.laptop->stores();
    const std::uint64_t way = pick(3);
    if (way == 0) {
        done = export_bundle(stores, file, std::nullopt);
    } else if (way == 1) {
        stick.receiver = from;
        done = export_bundle(*store_, file, person.laptop->device());
    } else {
        stick.receiver = pick(people_.size());
        if (*stick.receiver == from) return;
        done = export_bundle(stores, file, people_[*stick.receiver].laptop->device());
    }
    if (!done) return note("no bundle: " + done.error().message);
    count("bundles out");
    note("a bundle is written, " + file.filename().string());
    sticks_.push_back(std::move(stick));
}

void World::arrive() {
    if (sticks_.empty()) return;
    const Stick& stick = sticks_[pick(sticks_.size())];
    if (pick(3) == 0) arrive_by_half(stick);
    const Result<BundleSummary> done = take_in(stick, stick.file);
    count(done ? "bundles in" : "bundles early");
    note("bundle " + stick.file.filename().string() +
         (done ? " is taken in" : " is refused: " + done.error().message));
}

Result<BundleSummary> World::take_in(const Stick& stick, const std::filesystem::path& file) {
    if (!stick.receiver) return import_bundle(*store_, file);
    SimLaptop& laptop = *people_[*stick.receiver].laptop;
    LaptopStores stores = laptop.stores();
    return import_bundle(stores, file, laptop.folder() / "incoming");
}

/// The stick was pulled before all of the file was on it.
void World::arrive_by_half(const Stick& stick) {
    const std::filesystem::path half = folder_ / "half.zfb";
    std::filesystem::copy_file(stick.file, half, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(half, pick(std::filesystem::file_size(half)));
    ChangeLog& log = stick.receiver ? people_[*stick.receiver].laptop->log() : store_->log();
    const auto before = std::pair(log.state(), log.counts().changesets);
    if (take_in(stick, half)) return broken("a part of a bundle is taken for one");
    if (std::pair(log.state(), log.counts().changesets) != before) {
        return broken("a part of a bundle has changed something");
    }
    count("bundles by half");
    note("half of " + stick.file.filename().string() + " is refused");
}

}  // namespace zf::sim
