#include "client/device_store.h"

#include <algorithm>

#include "client/draft_table.h"
#include "client/repair.h"
#include "common/base/assert.h"
#include "common/base/private_files.h"
#include "common/codec/form_codec.h"
#include "common/codec/json.h"
#include "common/store/schema.h"

namespace zf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t note_file_bytes_max = 16u << 10;

}  // namespace

Result<Membership> read_noted_membership(const fs::path& home) {
    const auto text = read_whole_file(home / "bureau.json", note_file_bytes_max);
    if (!text) return fail(text.error());
    const auto json = parse_json(*text);
    const auto part = [&](std::string_view name) {
        const Value* value = json ? json->find(name) : nullptr;
        return value && value->text() ? *value->text() : std::string();
    };
    const auto key = parse_public_key(part("bureau_key"));
    if (!key || part("server_url").empty()) {
        return fail(ErrorCode::malformed, "this is no note of a bureau",
                    (home / "bureau.json").string());
    }
    return Membership{part("server_url"), *key, part("user")};
}

Error error_of(const DbError& broken, const fs::path& home) {
    if (broken.is_busy()) {
        return {ErrorCode::busy, std::string(broken.what()) + "; another program writes, try again",
                home.string()};
    }
    if (broken.is_damage()) {
        return {ErrorCode::damaged,
                std::string("the database is damaged (") + broken.what() +
                    "); close other programs on this folder and run `zoufang repair`, which keeps "
                    "all that can be read and fetches the rest from the server",
                (home / "device.db").string()};
    }
    return {ErrorCode::internal, std::string(broken.what()) + "; check the disk and its free space",
            home.string()};
}

DeviceStore::DeviceStore(fs::path home, Env& env)
    : home_(std::move(home)),
      env_(env),
      db_(Db::open((home_ / "device.db").string())),
      blobs_(home_ / "blobs"),
      log_(std::make_unique<ChangeLog>(db_, StoreRole::laptop, nullptr)),
      bureau_(std::make_unique<BureauLog>(db_)),
      identity_(std::make_unique<Identity>(home_, *log_, env_)) {
    open_draft_table(db_);
    identity_->on_moved = [this](const Moved& moved) { translate_drafts(db_, moved); };
}

Result<std::unique_ptr<DeviceStore>> DeviceStore::open(const fs::path& home, Env& env) {
    ZF_CHECK(make_private_folder(home));
    ZF_CHECK(finish_replacement(home));
    for (const char* name : {"device.db-wal", "device.db-shm"}) {
        // Made while the database was read-only they are so too, and would stay it for ever.
        std::error_code error;
        fs::permissions(home / name, fs::perms::owner_read | fs::perms::owner_write, error);
    }
    std::unique_ptr<DeviceStore> store(new DeviceStore(home, env));
    ZF_CHECK(make_private_file(home / "device.db"));
    ZF_CHECK(store->identity_->open());
    ZF_CHECK(store->take_over_forms());
    ZF_CHECK(store->take_over_membership());
    return store;
}

Result<void> DeviceStore::refresh() {
    const std::int64_t now = db_.data_version();
    if (now == seen_data_version_) return {};
    ZF_CHECK(take_over_forms());
    ZF_CHECK(take_over_membership());
    seen_data_version_ = now;
    return {};
}

Result<void> DeviceStore::take_over_forms() {
    const std::int64_t version = bureau_->catalog_version("forms");
    if (version == forms_version_ || version == 0) return {};
    auto forms = decode_forms(bureau_->catalog("forms"));
    if (!forms) {
        if (forms.error().code == ErrorCode::version_unsupported) return fail(forms.error());
        return fail(ErrorCode::damaged,
                    "the forms in the database are damaged (" + forms.error().message +
                        "); run `zoufang repair`",
                    (home_ / "device.db").string());
    }
    // Whoever fetched them has derived the tables anew already.
    log_->use_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
    forms_version_ = version;
    return {};
}

Result<void> DeviceStore::take_over_membership() {
    ZF_CHECK(identity_->refresh());
    const auto url = find_fact(db_, "server_url");
    const auto bureau_key = parse_public_key(find_fact(db_, "bureau_key").value_or(""));
    if (!url || !bureau_key) return {};
    if (!identity_->is_made()) {
        return fail(ErrorCode::damaged,
                    "this folder belongs to an enrolled laptop, but its key file is missing; put "
                    "device.key back from a copy, or enrol anew in an empty folder",
                    (home_ / "device.key").string());
    }
    membership_ = Membership{*url, *bureau_key, find_fact(db_, "user").value_or("")};
    if (!fs::exists(home_ / "bureau.json")) ZF_CHECK(note_membership());
    return {};
}

Result<void> DeviceStore::note_membership() {
    return write_private_file(
        home_ / "bureau.json",
        canonical_text(Value(Members{{"bureau_key", membership_->bureau_key.hex()},
                                     {"server_url", membership_->server_url},
                                     {"user", membership_->first_user}})));
}

Result<const KeyPair*> DeviceStore::ensure_key() {
    ZF_CHECK(identity_->ensure_key());
    return &identity_->key();
}

Result<void> DeviceStore::set_membership(const Membership& membership) {
    ZF_ASSERT(identity_->is_made());
    Transaction transaction(db_);
    set_fact(db_, "server_url", membership.server_url);
    set_fact(db_, "bureau_key", membership.bureau_key.hex());
    if (!membership_) set_fact(db_, "user", membership.first_user);
    transaction.commit();
    ZF_CHECK(take_over_membership());
    return note_membership();
}

Result<void> DeviceStore::check_enrolled() const {
    if (membership_) return {};
    return fail(ErrorCode::not_enrolled,
                "this laptop is not enrolled yet; ask the bureau for a code and run `zoufang "
                "enrol --server URL --code CODE`");
}

std::vector<std::string> DeviceStore::users() {
    if (!membership_) return {};
    auto known = bureau_->find_device(device());
    // A new identity that the bureau does not know yet is the same people's.
    const auto formers = identity_->formers();
    for (std::size_t i = formers.size(); !known && i-- > 0;) {
        known = bureau_->find_device(formers[i].id);
    }
    // Between the enrolment and the first fetch only the answer of the server is known.
    return known ? known->users : std::vector<std::string>{membership_->first_user};
}

Result<std::string> DeviceStore::choose_user(const std::optional<std::string>& asked) {
    ZF_CHECK(check_enrolled());
    const std::vector<std::string> enrolled = users();
    if (asked) {
        if (std::find(enrolled.begin(), enrolled.end(), *asked) != enrolled.end()) return *asked;
        return fail(ErrorCode::not_allowed,
                    *asked + " is not enrolled on this laptop; enrol with a code for that person",
                    "user");
    }
    if (enrolled.size() == 1) return enrolled.front();
    if (enrolled.empty()) {
        return fail(ErrorCode::not_allowed, "nobody is enrolled on this laptop any more", "user");
    }
    return fail(ErrorCode::missing_argument,
                "several people are enrolled on this laptop; say who writes with --user NAME",
                "user");
}

Author& DeviceStore::author() {
    return identity_->author();
}

LaptopStores DeviceStore::sync_stores() {
    ZF_ASSERT(membership_.has_value());
    return {db_,
            *log_,
            *bureau_,
            blobs_,
            identity_->author(),
            identity_->key(),
            membership_->bureau_key,
            env_,
            *identity_};
}

const PublicKey& DeviceStore::public_key() const {
    return identity_->key().public_key();
}

DeviceId DeviceStore::device() const {
    return identity_->device();
}

Date DeviceStore::today() {
    return date_at(env_.now_ms(), bureau_offset_minutes);
}

std::int64_t DeviceStore::unsent_changesets() {
    if (!identity_->is_made()) return 0;
    std::int64_t unsent = log_->head_of(device()).seq - log_->delivered_of(device());
    for (const FormerIdentity& former : identity_->unsettled()) {
        unsent += std::max<std::int64_t>(0, former.own_seq - log_->delivered_of(former.id));
    }
    return unsent;
}

std::int64_t DeviceStore::unsent_attachments() {
    const auto open = log_->open_attachments();
    return std::count_if(open.begin(), open.end(),
                         [this](const Hash256& hash) { return blobs_.has(hash); });
}

}  // namespace zf
