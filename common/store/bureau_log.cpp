#include "common/store/bureau_log.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "common/base/assert.h"
#include "common/codec/json.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr std::array<std::string_view, 4> role_names{"staff", "section_head", "leader", "admin"};
constexpr std::array<std::string_view, 6> kinds{"user",  "device",     "server",
                                                "forms", "indicators", "report"};

std::string signed_part(std::string_view bytes) {
    std::string message = "zoufang-bureau/1";
    message.push_back('\0');
    const Hash256 hash = blake2b(bytes);
    message.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    return message;
}

const std::string& text_in(const Value& body, std::string_view name) {
    static const std::string missing;
    const Value* value = body.find(name);
    return value && value->text() ? *value->text() : missing;
}

bool flag_in(const Value& body, std::string_view name) {
    const Value* value = body.find(name);
    return value && value->boolean() && *value->boolean();
}

std::vector<std::string> texts_in(const Value& body, std::string_view name) {
    std::vector<std::string> texts;
    const Value* value = body.find(name);
    if (!value || !value->list()) return texts;
    for (const Value& element : *value->list()) {
        if (element.text()) texts.push_back(*element.text());
    }
    return texts;
}

Value list_of(const std::vector<std::string>& texts) {
    List list;
    for (const std::string& text : texts) list.emplace_back(text);
    return Value(std::move(list));
}

std::optional<PublicKey> key_in(const Value& body) {
    return parse_public_key(text_in(body, "key"));
}

/// What an entry is about: later entries about the same subject replace it.
std::string subject_of(std::string_view kind, const Value& body) {
    if (kind == "user") return text_in(body, "name");
    if (kind == "device" || kind == "server") return text_in(body, "id");
    return {};
}

std::int64_t last_of(Db& db) {
    Statement find = db.prepare("SELECT COALESCE(MAX(n), 0) FROM bureau_entry");
    find.step();
    return find.integer(0);
}

void insert(Db& db, std::int64_t n, std::string_view kind, std::string_view subject,
            std::string_view bytes, std::string_view signature) {
    Statement add = db.prepare(
        "INSERT INTO bureau_entry(n, kind, subject, bytes, signature) VALUES(?1, ?2, ?3, ?4, ?5)");
    add.bind(1, n).bind_text(2, kind).bind_text(3, subject);
    add.bind_blob(4, bytes).bind_blob(5, signature).run();
}

void put(Db& db, const KeyPair& bureau_key, std::string_view kind, Value body, std::int64_t at_ms) {
    const std::int64_t n = last_of(db) + 1;
    const std::string subject = subject_of(kind, body);
    const std::string bytes = canonical_text(Value(Members{{"_format", 1},
                                                           {"at", at_ms},
                                                           {"body", std::move(body)},
                                                           {"kind", Value(kind)},
                                                           {"n", n}}));
    insert(db, n, kind, subject, bytes, bureau_key.sign(signed_part(bytes)));
}

Value damaged_entry() {
    throw DbError(0, "an entry of the bureau's log is damaged; run verify");
}

/// The body of stored bytes. They were checked when they came in; damage is found by verify.
Value body_of(std::string_view bytes) {
    auto entry = parse_json(bytes);
    Value* body = entry ? entry->find("body") : nullptr;
    return body ? std::move(*body) : damaged_entry();
}

std::int64_t time_of(std::string_view bytes) {
    const auto entry = parse_json(bytes);
    const Value* at = entry ? entry->find("at") : nullptr;
    return at && at->integer() ? *at->integer() : *damaged_entry().integer();
}

std::optional<Value> find_body(Db& db, std::string_view kind, std::string_view subject) {
    Statement find = db.prepare(
        "SELECT bytes FROM bureau_entry WHERE kind=?1 AND subject=?2 ORDER BY n DESC LIMIT 1");
    find.bind_text(1, kind).bind_text(2, subject);
    if (!find.step()) return std::nullopt;
    return body_of(find.blob(0));
}

std::vector<Value> latest_bodies(Db& db, std::string_view kind) {
    std::vector<Value> bodies;
    Statement find = db.prepare(
        "SELECT bytes FROM bureau_entry WHERE n IN (SELECT MAX(n) FROM bureau_entry WHERE kind=?1 "
        "GROUP BY subject) ORDER BY subject");
    find.bind_text(1, kind);
    while (find.step()) bodies.push_back(body_of(find.blob(0)));
    return bodies;
}

User user_of(const Value& body) {
    return {text_in(body, "name"), parse_role(text_in(body, "role")).value_or(Role::staff),
            texts_in(body, "areas"), flag_in(body, "disabled")};
}

Device device_of(const Value& body) {
    return {parse_device_id(text_in(body, "id")).value_or(DeviceId{}),
            key_in(body).value_or(PublicKey{}),
            text_in(body, "name"),
            texts_in(body, "users"),
            flag_in(body, "revoked"),
            parse_device_id(text_in(body, "succeeds"))};
}

/// Shape of a body, so that a reader need not doubt what is stored.
bool is_sound(std::string_view kind, const Value& body) {
    if (kind == "user") {
        return !text_in(body, "name").empty() && parse_role(text_in(body, "role")).has_value();
    }
    if (kind == "device" || kind == "server") {
        const auto key = key_in(body);
        return key && device_id_of(*key).hex() == text_in(body, "id");
    }
    if (kind == "report") return read_report_body(body).has_value();
    const Value* catalog = body.find("catalog");
    return catalog && catalog->members();
}

struct Checked {
    std::int64_t n = 0, at_ms = 0;
    std::string kind, subject;
    Value body;
};

Result<Checked> check_entry(const PublicKey& bureau_key, const BureauEntry& entry,
                            const std::string& where) {
    if (!verify_signature(bureau_key, signed_part(entry.bytes), entry.signature)) {
        return fail(ErrorCode::bad_signature,
                    "this entry is not signed by the bureau whose key is pinned here", where);
    }
    auto json = parse_json(entry.bytes);
    if (!json) return fail(json.error().code, json.error().message, where);
    const Value* format = json->find("_format");
    if (format && format->integer() && *format->integer() > 1) {
        return fail(ErrorCode::version_unsupported,
                    "this entry is of a newer format than this program reads; update it", where);
    }
    const Value* n = json->find("n");
    const Value* at = json->find("at");
    Value* body = json->find("body");
    const std::string kind = text_in(*json, "kind");
    if (!format || !format->integer() || *format->integer() != 1 || !n || !n->integer() ||
        *n->integer() < 1 || !at || !at->integer() || !body ||
        canonical_text(*json) != entry.bytes) {
        return fail(ErrorCode::malformed, "this is no entry of a bureau's log", where);
    }
    // A kind that this version does not know is kept for a later one.
    const bool known = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    if (known && !is_sound(kind, *body)) {
        return fail(ErrorCode::malformed, "this entry lacks what its kind demands", where);
    }
    std::string subject = subject_of(kind, *body);
    return Checked{*n->integer(), *at->integer(), kind, std::move(subject), std::move(*body)};
}

bool is_here(Db& db, std::int64_t n, std::string_view bytes) {
    Statement find = db.prepare("SELECT 1 FROM bureau_entry WHERE n=?1 AND bytes=?2");
    find.bind(1, n).bind_blob(2, bytes);
    return find.step();
}

std::vector<BureauEntry> read_entries(Db& db, const std::string& table, std::int64_t after,
                                      std::size_t bytes_max) {
    std::vector<BureauEntry> entries;
    std::size_t bytes = 0;
    Statement find =
        db.prepare("SELECT n, bytes, signature FROM " + table + " WHERE n>?1 ORDER BY n");
    find.bind(1, after);
    while (bytes < bytes_max && find.step()) {
        entries.push_back({find.integer(0), std::string(find.blob(1)), std::string(find.blob(2))});
        bytes += entries.back().bytes.size();
    }
    return entries;
}

/// Entries of a kind in which every one counts, as in those that this version does not know.
bool has_body(Db& db, std::string_view kind, const Value& body) {
    Statement find = db.prepare("SELECT bytes FROM bureau_entry WHERE kind=?1");
    find.bind_text(1, kind);
    while (find.step()) {
        if (canonical_text(body_of(find.blob(0))) == canonical_text(body)) return true;
    }
    return false;
}

/// Whether what is here about the subject is older, or nothing is.
bool is_newer(Db& db, const Checked& entry) {
    Statement find = db.prepare(
        "SELECT bytes FROM bureau_entry WHERE kind=?1 AND subject=?2 ORDER BY n DESC LIMIT 1");
    find.bind_text(1, entry.kind).bind_text(2, entry.subject);
    return !find.step() || time_of(find.blob(0)) < entry.at_ms;
}

/// Whether this report is among them, whatever server knows of it.
bool has_report(const std::vector<FrozenReport>& all, const FrozenReport& report,
                std::int64_t at_ms) {
    return std::any_of(all.begin(), all.end(), [&](const FrozenReport& one) {
        return one.at_ms == at_ms && one.number == report.number && one.period == report.period &&
               one.content == report.content && one.figures == report.figures;
    });
}

}  // namespace

std::optional<Role> parse_role(std::string_view name) {
    for (std::size_t i = 0; i < role_names.size(); ++i) {
        if (role_names[i] == name) return static_cast<Role>(i);
    }
    return std::nullopt;
}

std::string_view name_of(Role role) {
    return role_names.at(static_cast<std::size_t>(role));
}

Result<SignedIdentity> read_identity(const PublicKey& bureau_key, const BureauEntry& entry) {
    const auto checked = check_entry(bureau_key, entry, "sender");
    if (!checked) return fail(checked.error());
    const bool is_server = checked->kind == "server";
    if (!is_server && checked->kind != "device") {
        return fail(ErrorCode::malformed, "an entry about a device is expected", "sender");
    }
    const PublicKey key = *key_in(checked->body);
    return SignedIdentity{device_id_of(key), key, is_server, flag_in(checked->body, "revoked"),
                          checked->at_ms};
}

BureauLog::BureauLog(Db& db) : db_(db) {
    open_schema(db_);
}

void BureauLog::put_user(const KeyPair& bureau_key, const User& user, std::int64_t at_ms) {
    put(db_, bureau_key, "user",
        Value(Members{{"areas", list_of(user.areas)},
                      {"disabled", user.disabled},
                      {"name", user.name},
                      {"role", Value(name_of(user.role))}}),
        at_ms);
}

void BureauLog::put_device(const KeyPair& bureau_key, const Device& device, std::int64_t at_ms) {
    Members body{{"id", device.id.hex()},
                 {"key", device.key.hex()},
                 {"name", device.name},
                 {"revoked", device.revoked}};
    if (device.succeeds) body.emplace_back("succeeds", device.succeeds->hex());
    body.emplace_back("users", list_of(device.users));
    put(db_, bureau_key, "device", Value(std::move(body)), at_ms);
}

void BureauLog::put_server(const KeyPair& bureau_key, const ServerIdentity& server,
                           std::int64_t at_ms) {
    put(db_, bureau_key, "server",
        Value(Members{{"epoch", server.epoch}, {"id", server.id.hex()}, {"key", server.key.hex()}}),
        at_ms);
}

void BureauLog::put_report(const KeyPair& bureau_key, const FrozenReport& report) {
    put(db_, bureau_key, "report", report_body(report), report.at_ms);
}

void BureauLog::put_catalog(const KeyPair& bureau_key, std::string_view kind, const Value& catalog,
                            std::int64_t at_ms) {
    ZF_ASSERT(kind == "forms" || kind == "indicators");
    put(db_, bureau_key, kind,
        Value(Members{{"catalog", catalog}, {"version", catalog_version(kind) + 1}}), at_ms);
}

Result<void> BureauLog::accept(const PublicKey& bureau_key,
                               const std::vector<BureauEntry>& entries) {
    std::vector<Checked> checked;
    std::int64_t next = last_entry() + 1;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string where = "entries[" + std::to_string(i) + "]";
        auto one = check_entry(bureau_key, entries[i], where);
        if (!one) return fail(one.error());
        if (one->n > next) {
            return fail(ErrorCode::malformed,
                        "entry " + std::to_string(next) + " of the bureau's log is missing", where);
        }
        next = std::max(next, one->n + 1);
        checked.push_back(std::move(*one));
    }
    std::int64_t last = last_entry();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (checked[i].n <= last) continue;
        insert(db_, checked[i].n, checked[i].kind, checked[i].subject, entries[i].bytes,
               entries[i].signature);
        last = checked[i].n;
    }
    return {};
}

Result<std::int64_t> BureauLog::regain(const KeyPair& bureau_key,
                                       const std::vector<BureauEntry>& entries) {
    std::vector<Checked> checked;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto one =
            check_entry(bureau_key.public_key(), entries[i], "entries[" + std::to_string(i) + "]");
        if (!one) return fail(one.error());
        if (!is_here(db_, one->n, entries[i].bytes)) checked.push_back(std::move(*one));
    }
    std::int64_t taken = 0;
    for (Checked& entry : checked) {
        const bool is_catalog = entry.kind == "forms" || entry.kind == "indicators";
        if (is_catalog) {
            const Value* version = entry.body.find("version");
            const std::int64_t known = catalog_version(entry.kind);
            if (!version || !version->integer() || *version->integer() <= known) continue;
            // It gets a number of its own here: by that alone it would seem newer each time.
            if (catalog(entry.kind) == *entry.body.find("catalog")) continue;
            entry.body.set("version", known + 1);
        } else if (entry.kind == "server") {
            if (find_body(db_, "server", entry.subject)) continue;
            entry.body.set("former", true);
        } else if (entry.kind == "user" || entry.kind == "device") {
            if (!is_newer(db_, entry)) continue;
        } else if (entry.kind == "report") {
            entry.body.set("former", true);
            if (has_report(reports(), *read_report_body(entry.body), entry.at_ms)) continue;
        } else if (has_body(db_, entry.kind, entry.body)) {
            continue;
        }
        put(db_, bureau_key, entry.kind, std::move(entry.body), entry.at_ms);
        ++taken;
    }
    return taken;
}

void BureauLog::put_by_entries() {
    db_.execute(
        "INSERT INTO former_entry(bytes, signature) "
        "SELECT bytes, signature FROM bureau_entry ORDER BY n");
    db_.execute("DELETE FROM bureau_entry");
}

std::vector<BureauEntry> BureauLog::former_after(std::int64_t n, std::size_t bytes_max) {
    return read_entries(db_, "former_entry", n, bytes_max);
}

void BureauLog::forget_former() {
    db_.execute("DELETE FROM former_entry");
}

std::int64_t BureauLog::last_entry() {
    return last_of(db_);
}

std::vector<BureauEntry> BureauLog::entries_after(std::int64_t n, std::size_t bytes_max) {
    return read_entries(db_, "bureau_entry", n, bytes_max);
}

std::optional<User> BureauLog::find_user(std::string_view name) {
    const auto body = find_body(db_, "user", name);
    return body ? std::optional(user_of(*body)) : std::nullopt;
}

std::vector<User> BureauLog::users() {
    std::vector<User> all;
    for (const Value& body : latest_bodies(db_, "user")) all.push_back(user_of(body));
    return all;
}

std::optional<Device> BureauLog::find_device(const DeviceId& id) {
    const auto body = find_body(db_, "device", id.hex());
    return body ? std::optional(device_of(*body)) : std::nullopt;
}

std::vector<Device> BureauLog::devices() {
    std::vector<Device> all;
    for (const Value& body : latest_bodies(db_, "device")) all.push_back(device_of(body));
    return all;
}

std::optional<ServerIdentity> BureauLog::server() {
    Statement find =
        db_.prepare("SELECT bytes FROM bureau_entry WHERE kind='server' ORDER BY n DESC");
    while (find.step()) {
        const Value body = body_of(find.blob(0));
        const auto key = key_in(body);
        if (!key || flag_in(body, "former")) continue;
        return ServerIdentity{device_id_of(*key), *key, text_in(body, "epoch")};
    }
    return std::nullopt;
}

bool BureauLog::has_former_server() {
    Statement count =
        db_.prepare("SELECT COUNT(DISTINCT subject) FROM bureau_entry WHERE kind='server'");
    count.step();
    return count.integer(0) > 1;
}

std::optional<PublicKey> BureauLog::find_key(const DeviceId& id) {
    for (const char* kind : {"device", "server"}) {
        if (const auto body = find_body(db_, kind, id.hex())) return key_in(*body);
    }
    return std::nullopt;
}

std::optional<BureauEntry> BureauLog::entry_of(const DeviceId& id) {
    const std::string subject = id.hex();
    Statement find = db_.prepare(
        "SELECT n, bytes, signature FROM bureau_entry WHERE kind IN ('device', 'server') AND "
        "subject=?1 ORDER BY n DESC LIMIT 1");
    find.bind_text(1, subject);
    if (!find.step()) return std::nullopt;
    return BureauEntry{find.integer(0), std::string(find.blob(1)), std::string(find.blob(2))};
}

Value BureauLog::catalog(std::string_view kind) {
    auto body = find_body(db_, kind, "");
    Value* catalog = body ? body->find("catalog") : nullptr;
    return catalog ? std::move(*catalog) : Value();
}

std::int64_t BureauLog::catalog_version(std::string_view kind) {
    Statement count = db_.prepare("SELECT COUNT(*) FROM bureau_entry WHERE kind=?1");
    count.bind_text(1, kind);
    count.step();
    return count.integer(0);
}

std::vector<FrozenReport> BureauLog::reports() {
    std::vector<std::pair<Period, FrozenReport>> found;
    Statement find = db_.prepare("SELECT bytes FROM bureau_entry WHERE kind='report' ORDER BY n");
    while (find.step()) {
        auto report = read_report_body(body_of(find.blob(0)));
        if (!report) continue;  // of a later version, and kept by this one
        report->at_ms = time_of(find.blob(0));
        Period period = *parse_period(report->period);
        found.emplace_back(std::move(period), std::move(*report));
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return std::tie(a.first.end, a.first.start, a.second.number, a.second.at_ms) <
               std::tie(b.first.end, b.first.start, b.second.number, b.second.at_ms);
    });
    std::vector<FrozenReport> all;
    for (auto& [period, report] : found) all.push_back(std::move(report));
    return all;
}

}  // namespace zf
