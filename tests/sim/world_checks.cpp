// The promises, checked after steps and at rest.
#include <algorithm>
#include <map>
#include <tuple>

#include "common/base/assert.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/json.h"
#include "common/store/arrival.h"
#include "common/store/schema.h"
#include "common/store/store_records.h"
#include "server/figures.h"
#include "server/freeze.h"
#include "server/verify.h"
#include "tests/sim/model.h"
#include "tests/sim/world.h"

namespace zf::sim {
namespace {

/// What waits, and for what.
std::string held_in(Db& db) {
    std::string all;
    Statement find = db.prepare(
        "SELECT changeset.bytes, held.waits_for FROM held "
        "JOIN changeset ON changeset.key=held.changeset ORDER BY held.changeset");
    while (find.step()) {
        all += "\n  " + std::string(find.blob(0)) + "\n    waits for ";
        for (const char c : find.blob(1)) {
            constexpr std::string_view digits = "0123456789abcdef";
            all += digits[static_cast<unsigned char>(c) >> 4];
            all += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    return all;
}

/// Whether joins lead from a record back to it, and no other in the circle has a smaller id: then
/// it stands for all of them.
bool stands_for_circle(const std::map<std::string, std::string>& joins, const std::string& id) {
    std::string smallest = id, at = id;
    for (std::size_t step = 0; step < joins.size(); ++step) {
        const auto join = joins.find(at);
        if (join == joins.end()) return false;
        at = join->second;
        smallest = std::min(smallest, at);
        if (at == id) return smallest == id;
    }
    return false;
}

}  // namespace

/// Looks where the saves stand now when the laptop writes under another identity than before.
/// False when one is nowhere.
bool World::follow_saves(Person& person) {
    std::map<Hash256, SimSave> here;
    for (SimSave& save : person.laptop->all_saves()) here.emplace(save.content, save);
    for (SimSave& save : person.saves) {
        const auto found = here.find(save.content);
        if (found == here.end()) {
            broken(person.laptop->name() + " lost its save " + std::to_string(save.ref.seq));
            return false;
        }
        save = found->second;
    }
    return true;
}

/// Promise 1: what was saved is there; what was acknowledged is on the server, unchanged.
void World::check_nothing_lost() {
    for (Person& person : people_) {
        ChangeLog& log = person.laptop->log();
        const DeviceId device = person.laptop->device();
        const auto epoch = find_fact(person.laptop->db(), "epoch");
        const std::int64_t acknowledged = log.delivered_of(device);
        const bool knows_server = epoch && *epoch == store_->epoch();
        bool moved = false;
        for (const SimSave& save : person.saves) {
            const auto here = log.find_changeset(save.ref.device, save.ref.seq);
            moved |= !here || blake2b(here->signed_changeset.bytes) != save.hash;
        }
        if (moved && !follow_saves(person)) return;
        for (const SimSave& save : person.saves) {
            if (!knows_server || save.ref.device != device || save.ref.seq > acknowledged) continue;
            const auto there = store_->log().find_changeset(device, save.ref.seq);
            if (!there || blake2b(there->signed_changeset.bytes) != save.hash) {
                return broken("the server lost " + person.laptop->name() + "'s save " +
                              std::to_string(save.ref.seq));
            }
        }
    }
}

/// Promise 2, half of it: documents are what the set of changesets means.
void World::check_against_model() {
    const auto check = [&](const std::string& who, ChangeLog& log) {
        const std::string found = difference(model_of(applied_changesets(log)), documents_of(log));
        if (!found.empty()) broken(who + ": " + found);
    };
    check("the server", store_->log());
    for (Person& person : people_) {
        if (!person.was_near) check(person.laptop->name(), person.laptop->log());
    }
}

/// Promise 3: two different values that stand in a plain field are a conflict that is seen, and
/// nothing else is one.
void World::check_conflicts() {
    static const std::set<std::string> plain{"name", "remark", "registered_capital", "division",
                                             "operating_status"};
    std::set<std::pair<Uuid, std::string>> expected, found;
    for (const auto& [id, record] : model_of(applied_changesets(store_->log()))) {
        for (const std::string& field : plain) {
            const auto live = record.live.find(field);
            if (live == record.live.end()) continue;
            std::set<std::string> distinct;
            for (const auto& [dot, value] : live->second) distinct.insert(value);
            if (distinct.size() > 1) expected.emplace(id, field);
        }
    }
    for (const StoredConflict& conflict : open_conflicts(store_->log(), {2008, 6, 30})) {
        if (conflict.kind == ConflictKind::value && plain.contains(conflict.field)) {
            found.emplace(conflict.record, conflict.field);
        }
    }
    for (const auto& [id, field] : expected) {
        if (!found.contains({id, field})) return broken("a conflict is not seen: " + field);
    }
    if (found != expected) broken("a conflict is seen where there is none");
}

std::set<std::pair<Uuid, std::string>> World::conflicts_in(ChangeLog& log) {
    std::set<std::pair<Uuid, std::string>> found;
    for (const StoredConflict& conflict : open_conflicts(log, {2008, 6, 30})) {
        found.emplace(conflict.record, conflict.field);
    }
    return found;
}

namespace {

/// The first document that is not the same on both sides, as it is stored.
std::string unlike_document(Db& a, Db& b) {
    const auto documents_in = [](Db& db) {
        std::map<std::string, std::string> documents;
        Statement find = db.prepare("SELECT hex(id), doc FROM record");
        while (find.step()) documents.emplace(find.text(0), find.text(1));
        return documents;
    };
    const auto one = documents_in(a), other = documents_in(b);
    for (const auto& [id, document] : one) {
        const auto found = other.find(id);
        if (found == other.end()) return "only one has " + document;
        if (found->second != document) return document + "\n  against " + found->second;
    }
    return "only the other has one";
}

}  // namespace

void World::check_at_rest() {
    check_nothing_lost();
    check_against_model();
    ChangeLog& server = store_->log();
    const auto conflicts = conflicts_in(server);
    count("conflicts left", static_cast<long>(conflicts.size()));
    bool someone_restricted = false;
    for (Person& person : people_) {
        SimLaptop& laptop = *person.laptop;
        // A server that was lost or put back knows areas of another day.
        person.only_near = !store_->bureau().find_user(laptop.name())->areas.empty();
        if (laptop.unsent() != 0) broken(laptop.name() + " still has something to send");
        if (person.only_near) {
            someone_restricted = true;
            check_scope(person);
            continue;
        }
        if (is_ahead(laptop)) continue;
        if (laptop.log().state() != server.state()) {
            broken(laptop.name() + " and the server differ: " +
                   difference(documents_of(server), documents_of(laptop.log())) + "\n  " +
                   unlike_document(store_->db(), laptop.db()));
        }
        if (laptop.log().duplicates() != server.duplicates()) {
            broken(laptop.name() + " sees other duplicates than the server");
        }
        if (conflicts_in(laptop.log()) != conflicts) {
            broken(laptop.name() + " sees other conflicts than the server");
        }
        if (laptop.log().counts().held != 0) {
            broken(laptop.name() + " still holds changesets: " + held_in(laptop.db()));
        }
    }
    // Whoever may not see everything can work on what has just left their area: that is
    // parked, and kept.
    if (!someone_restricted && server.counts().held + server.counts().parked != 0) {
        broken("changesets wait on the server for no reason");
    }
    check_all_saves();
    check_blobs();
    check_rebuild();
    check_rederived("the server", store_->db(), server);
    Person& person = people_[pick(people_.size())];
    check_rederived(person.laptop->name(), person.laptop->db(), person.laptop->log());
    check_conflicts();
    check_figures();
    check_unknown_entries();
    check_reports();
    if (pick(8) == 0) check_verified();
}

/// A bundle from laptop to laptop brought what the server keeps back, for its author's areas.
bool World::is_ahead(SimLaptop& laptop) {
    for (const Device& author : store_->bureau().devices()) {
        for (const WaitingChangeset& waiting : store_->log().waiting_of(author.id)) {
            const auto here = laptop.log().find_changeset(author.id, waiting.seq);
            if (here && here->standing == Standing::applied) return true;
        }
    }
    return false;
}

/// Whatever anybody was told is saved is on the server, under whatever identity.
void World::check_all_saves() {
    std::set<Hash256> there;
    for (const SimSave& save : saves_in(store_->log())) there.insert(save.content);
    for (const Person& person : people_) {
        for (const SimSave& save : person.saves) {
            if (!there.contains(save.content)) {
                broken("the server lacks " + person.laptop->name() + "'s save " +
                       std::to_string(save.ref.seq));
            }
        }
    }
    for (const SimSave& save : on_server_only_) {
        if (!there.contains(save.content)) broken("the server lost what only it had");
    }
}

/// Nobody holds what is out of their areas, and everything in them is there.
void World::check_scope(Person& person) {
    const Scope scope{{near_area}};
    std::set<Uuid> expected;
    store_->log().each_record("", [&](const RecordDoc& doc) {
        const Form* form = store_->log().forms().find(doc.form);
        const FieldValues values = shown_values(doc, form);
        const auto division = values.find("division");
        const bool placed = doc.form == "enterprise" && division != values.end();
        if (!placed || scope.covers(*division->second.text())) expected.insert(doc.id);
        return true;
    });
    const std::vector<Uuid> held = person.laptop->records();
    const std::set<Uuid> found(held.begin(), held.end());
    for (const Uuid& id : found) {
        if (!expected.contains(id) && store_->log().find_record(id)) {
            broken(person.laptop->name() + " holds " + id.text() + " from another area");
        }
    }
    for (const Uuid& id : expected) {
        if (!found.contains(id)) broken(person.laptop->name() + " lacks " + id.text());
    }
}

void World::check_blobs() {
    for (const Person& person : people_) {
        for (const Hash256& hash : person.attached) {
            if (!is_referenced(hash)) continue;
            if (!store_->blobs().has(hash)) broken("the server lacks a picture");
            for (Person& other : people_) {
                if (!other.only_near && !other.laptop->blobs().has(hash)) {
                    broken(other.laptop->name() + " lacks a picture");
                }
            }
        }
    }
}

bool World::is_referenced(const Hash256& hash) {
    bool found = false;
    store_->log().each_record("article", [&](const RecordDoc& doc) {
        const auto live = doc.fields.find("body");
        if (live == doc.fields.end()) return true;
        for (const LiveValue& value : live->second) {
            found |= value.value.text() && *value.value.text() == hash.hex();
        }
        return !found;
    });
    return found;
}

/// The derived state is a function of the set: built in a shuffled order it is the same.
void World::check_rebuild() {
    std::vector<SignedChangeset> all;
    store_->log().each_changeset([&](const StoredChangeset& stored) {
        if (stored.standing == Standing::applied) all.push_back(stored.signed_changeset);
        return true;
    });
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[pick(i)]);
    Db db = Db::open(":memory:");
    ChangeLog rebuilt(db, StoreRole::laptop,
                      std::make_shared<const FormCatalog>(store_->log().forms()));
    auto arrivals = authenticate(std::move(all),
                                 [&](const DeviceId& id) { return store_->bureau().find_key(id); });
    if (!arrivals) return broken("a stored changeset is not authentic");
    Transaction transaction(db);
    const auto outcome = rebuilt.append(*arrivals, 0);
    if (!outcome) return broken("the log cannot be replayed: " + outcome.error().message);
    if (rebuilt.state() != store_->log().state()) broken("a rebuild gives another state");
}

/// Everything derived is what the stored changesets make of it: documents, conflicts, duplicates,
/// the search index. (What a rebuild writes is rolled back.)
void World::check_rederived(const std::string& who, Db& db, ChangeLog& log) {
    const auto found_by_search = [&] {
        std::vector<Uuid> found = log.search("", "字1", 10'000);
        std::sort(found.begin(), found.end());
        return found;
    };
    const auto before =
        std::tuple(log.state(), conflicts_in(log), log.duplicates(), found_by_search(),
                   log.joined_records(), log.records_worked_on_apart(), log.counts().held);
    Transaction transaction(db);
    log.rebuild();
    const auto after =
        std::tuple(log.state(), conflicts_in(log), log.duplicates(), found_by_search(),
                   log.joined_records(), log.records_worked_on_apart(), log.counts().held);
    if (before != after) broken(who + " has derived tables that its changesets do not give");
}

/// What the report counts equals the naive count over what the approvals name.
void World::check_figures() {
    std::set<std::string> naive;
    std::map<std::string, std::string> joins;
    std::map<Dot, std::string> written;
    const std::vector<Changeset> applied = applied_changesets(store_->log());
    std::map<Uuid, std::string> forms;
    for (const Changeset& changeset : applied) {
        for (const TouchedRecord& touched : changeset.records) forms[touched.id] = touched.form;
        for (std::size_t n = 0; n < changeset.ops.size(); ++n) {
            const Op& op = changeset.ops[n];
            if (!op.value) continue;
            written[{changeset.device, changeset.seq, static_cast<std::int32_t>(n)}] =
                canonical_text(*op.value);
        }
    }
    for (const auto& [id, record] : model_of(applied)) {
        if (record.approved.empty() || forms[id] != "enterprise") continue;
        const auto one = [&](const char* field) {
            const auto seen = record.approved.find(field);
            if (seen == record.approved.end() || seen->second.empty()) return std::string();
            if (seen->second.size() > 1) return std::string("?");
            return written[*seen->second.begin()];
        };
        // Several approved at once are shown by the clock, which the model has no notion of.
        if (one("_void") == "?" || one("_alias_of") == "?") return;
        const std::string join = one("_alias_of");
        if (!join.empty() && join != "null") {
            joins[id.text()] = join.substr(1, join.size() - 2);  // without its quotes
        }
        if (one("_void") != "true") naive.insert(id.text());
    }
    std::erase_if(naive, [&](const std::string& id) {
        return joins.contains(id) && !stands_for_circle(joins, id);
    });
    std::set<std::string> counted;
    const StoredApprovals approvals(store_->log());
    approvals.visit("enterprise",
                    [&](const ApprovedRecord& record) { counted.insert(record.id.text()); });
    if (counted != naive) {
        broken("the report counts " + std::to_string(counted.size()) +
               " enterprises, approved are " + std::to_string(naive.size()));
    }
}

std::set<std::string> World::unknown_entries_in(Db& db) {
    std::set<std::string> bodies;
    Statement find = db.prepare("SELECT bytes FROM bureau_entry WHERE kind='of_a_later_version'");
    while (find.step()) bodies.insert(canonical_text(*parse_json(find.blob(0))->find("body")));
    return bodies;
}

/// What a program cannot read it keeps, and a server that lost it is given it back.
void World::check_unknown_entries() {
    const std::set<std::string> there = unknown_entries_in(store_->db());
    for (Person& person : people_) {
        if (unknown_entries_in(person.laptop->db()) != there) {
            broken(person.laptop->name() + " holds other entries of unknown kinds than the server");
        }
        if (!std::includes(there.begin(), there.end(), person.unknown.begin(),
                           person.unknown.end())) {
            broken("an entry of unknown kind that " + person.laptop->name() + " had is gone");
        }
    }
}

std::set<World::ReportKey> World::reports_in(Db& db) {
    std::set<ReportKey> keys;
    for (const FrozenReport& one : BureauLog(db).reports()) keys.emplace(one.at_ms, one.content);
    return keys;
}

/// A report that was handed out stays as it was, byte for byte, also on a server that was lost, as
/// soon as one laptop had heard of it; and whoever has synced tells the same of the same record.
void World::check_reports() {
    const std::vector<FrozenReport> there = store_->bureau().reports();
    const std::set<ReportKey> keys = reports_in(store_->db());
    if (keys.size() != there.size()) broken("the server has a report twice");
    for (const FrozenReport& one : there) {
        const auto known = reports_.find({one.at_ms, one.content});
        if (known == reports_.end() && is_report_in_doubt_) return;
        if (known == reports_.end()) return broken("a report that was never handed out");
        const auto figures = figures_of(*store_, one);
        if (!figures || *figures != known->second.figures) broken("a report has other figures");
        count("reports kept");
    }
    const bool may_lack = mishap_ == Mishap::server_put_back || mishap_ == Mishap::server_lost;
    if (!may_lack && keys.size() != reports_.size()) broken("a report is gone");
    check_told("the server", store_->log(), there);
    for (Person& person : people_) {
        SimLaptop& laptop = *person.laptop;
        if (reports_in(laptop.db()) != keys) broken(laptop.name() + " knows other reports");
        if (!std::includes(keys.begin(), keys.end(), person.reports.begin(),
                           person.reports.end())) {
            broken("a report that " + laptop.name() + " had heard of is gone");
        }
        check_told(laptop.name(), laptop.log(), BureauLog(laptop.db()).reports());
    }
}

/// Of every record that is here, just those reports that counted it. An approval that was lost with
/// a server before any laptop had it leaves nothing to be told.
void World::check_told(const std::string& who, ChangeLog& log,
                       const std::vector<FrozenReport>& reports) {
    log.each_record("", [&](const RecordDoc& doc) {
        std::set<ReportKey> told, expected;
        for (const FrozenReport* one : reports_counting(log.db(), reports, doc.id)) {
            told.emplace(one->at_ms, one->content);
        }
        for (const FrozenReport& one : reports) {
            const HandedOut& known = reports_[{one.at_ms, one.content}];
            const auto counted = known.counted.find(doc.id);
            if (counted == known.counted.end()) continue;
            const Approval& by = counted->second;
            if (log.find_changeset(by.device, by.seq)) expected.emplace(one.at_ms, one.content);
        }
        count("told of reports", static_cast<long>(told.size()));
        if (told != expected) broken(who + " tells of other reports for " + doc.id.text());
        return true;
    });
}

void World::check_verified() {
    count("verified");
    const Verification found = verify_store(*store_);
    for (const Discrepancy& one : found.findings) broken("verify: " + one.where + ": " + one.what);
}

}  // namespace zf::sim
