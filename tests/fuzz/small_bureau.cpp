#include "tests/fuzz/small_bureau.h"

#include <algorithm>

#include "common/codec/changeset_codec.h"
#include "common/codec/json.h"
#include "server/administer.h"
#include "server/verify.h"
#include "tests/unit/model/sample_catalog.h"

namespace zf::testing {

namespace fs = std::filesystem;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

SmallBureau::SmallBureau() {
    make_template();
    fs::copy(folder_.path / "template", folder_.path / "server", fs::copy_options::recursive);
    auto opened = CentralStore::open(folder_.path / "server", env);
    ZF_ASSERT(opened.has_value());
    store_ = std::move(*opened);
    changes_at_begin_ = total_changes();
}

void SmallBureau::make_template() {
    const fs::path data = folder_.path / "template";
    ZF_ASSERT(CentralStore::create(data, "admin", env).has_value());
    auto opened = CentralStore::open(data, env);
    ZF_ASSERT(opened.has_value());
    CentralStore& store = **opened;
    const KeyPair& bureau = store.keys().bureau;
    {
        const auto held = store.lock();
        Transaction transaction(store.db());
        const auto device = [&](const KeyPair& key, const std::string& user) {
            const PublicKey& id = key.public_key();
            store.bureau().put_device(bureau, {device_id_of(id), id, user, {user}, false}, 0);
        };
        store.bureau().put_catalog(bureau, "forms", *parse_json(test::sample_text), 0);
        store.bureau().put_user(bureau, {"li", Role::staff, {"511923"}, false}, 0);
        store.bureau().put_user(bureau, {"wang", Role::section_head, {}, false}, 0);
        device(own, "li");
        device(other, "wang");
        transaction.commit();
    }
    auto code = make_enrol_code(store, "li");
    ZF_ASSERT(code.has_value());
    enrolment_code = code->code;
}

std::int64_t SmallBureau::total_changes() {
    Statement count = store_->db().prepare("SELECT total_changes()");
    count.step();
    return count.integer(0);
}

bool SmallBureau::is_changed() {
    return total_changes() != changes_at_begin_ || fs::exists(store_->folder() / "blobs") ||
           fs::exists(store_->folder() / "incoming");
}

CentralStore& SmallBureau::begin() {
    if (!is_changed()) return *store_;
    const fs::path data = store_->folder();
    store_.reset();
    fs::remove_all(data / "blobs");
    fs::remove_all(data / "incoming");
    for (const char* file : {"central.db-wal", "central.db-shm"}) fs::remove(data / file);
    fs::copy_file(folder_.path / "template" / "central.db", data / "central.db",
                  fs::copy_options::overwrite_existing);
    auto opened = CentralStore::open(data, env);
    ZF_ASSERT(opened.has_value());
    store_ = std::move(*opened);
    changes_at_begin_ = total_changes();
    return *store_;
}

void SmallBureau::check_soundness() {
    if (!is_changed()) return;
    const Verification found = verify_store(*store_);
    for (const Discrepancy& one : found.findings) {
        std::fprintf(stderr, "%s: %s\n", one.where.c_str(), one.what.c_str());
    }
    ZF_ASSERT(found.findings.empty());
}

std::string SmallBureau::state() {
    const auto held = store_->lock();
    const auto counts = store_->log().counts();
    return store_->log().state().hex() + std::to_string(counts.changesets) + " " +
           std::to_string(counts.held) + " " + std::to_string(store_->bureau().last_entry());
}

SignedChangeset SmallBureau::signed_changeset(std::string_view line, std::string& before_own,
                                              std::string& before_other) const {
    SignedChangeset made{std::string(line), {}};
    bool is_own = true;
    auto json = parse_json(line);
    if (json && json->members()) {
        Value* devices = json->find("devices");
        if (devices && devices->list()) {
            for (Value& device : *devices->list()) {
                if (!device.text()) continue;
                const bool first = &device == devices->list()->data();
                if (first) is_own = *device.text() != "other";
                if (*device.text() == "own") device = device_id_of(own.public_key()).hex();
                if (*device.text() == "other") device = device_id_of(other.public_key()).hex();
            }
        }
        Value* previous = json->find("previous");
        const std::string& before = is_own ? before_own : before_other;
        if (previous && previous->text() && *previous->text() == "own") {
            *previous = before.empty() ? Hash256{}.hex() : before;
        }
        made.bytes = canonical_text(*json);
    }
    const Hash256 hash = blake2b(made.bytes);
    (is_own ? before_own : before_other) = hash.hex();
    made.signature = (is_own ? own : other).sign(signing_bytes(hash));
    return made;
}

PushRequest SmallBureau::push_of(std::string_view lines) {
    PushRequest push{store_->epoch(), {}, {}};
    std::string before_own, before_other;
    for (const std::string_view line : lines_of(lines)) {
        if (push.changesets.size() == WireLimits::push_changesets_max) break;
        if (line.starts_with("A ")) push.once_applied.insert(push.changesets.size());
        const std::string_view text = line.substr(std::min<std::size_t>(2, line.size()));
        push.changesets.push_back(signed_changeset(text, before_own, before_other));
    }
    return push;
}

BureauEntry SmallBureau::entry_of(std::string bytes) {
    std::string message = "zoufang-bureau/1";
    message.push_back('\0');
    const Hash256 hash = blake2b(bytes);
    message.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    std::string signature = store_->keys().bureau.sign(message);
    return {0, std::move(bytes), std::move(signature)};
}

}  // namespace zf::testing
