// A server without sockets and hand-made laptops: every byte that they send is under a test's
// control. Their changesets are built op by op, so that what no proper client sends can be sent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/env.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/json.h"
#include "common/codec/wire.h"
#include "server/administer.h"
#include "server/api.h"
#include "server/store/central_store.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {

inline constexpr std::int64_t start_ms = 1'211'000'000'000;  // 17 May 2008
inline constexpr std::int64_t hour_ms = 3'600'000;

struct ApiWorld {
    ApiWorld() : env(2008, start_ms) {
        auto made = CentralStore::create(data(), "admin", env);
        ZF_ASSERT(made.has_value());
        first = *made;
        open();
    }

    void open() {
        api.reset();
        store.reset();
        auto opened = CentralStore::open(data(), env);
        ZF_ASSERT(opened.has_value());
        store = std::move(*opened);
        api = std::make_unique<Api>(*store);
    }

    /// An account without a password: nobody logs in here, and hashing one takes its time.
    void put_user(const User& user) {
        const auto held = store->lock();
        Transaction transaction(store->db());
        store->bureau().put_user(store->keys().bureau, user, env.now_ms());
        transaction.commit();
    }
    void put_staff(const std::string& name, std::vector<std::string> areas = {}) {
        put_user({name, Role::staff, std::move(areas), false});
    }

    std::string code_for(const std::string& user) {
        auto code = make_enrol_code(*store, user);
        ZF_ASSERT(code.has_value());
        return code->code;
    }

    Response send(Request request) {
        request.headers.try_emplace("zoufang-protocol", "1");
        if (request.remote_address.empty()) request.remote_address = "192.0.2.7";
        return api->handle(request);
    }

    ChangeLog::Counts counts() {
        const auto held = store->lock();
        return store->log().counts();
    }

    [[nodiscard]] std::filesystem::path data() const { return folder.path / "server"; }

    ScratchFolder folder;
    ManualEnv env;
    CentralStore::Made first;
    std::unique_ptr<CentralStore> store;
    std::unique_ptr<Api> api;
};

inline Request request_of(std::string method, std::string path, std::string body = {}) {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    return request;
}

/// "ok", or the slug of the error that an answer carries.
inline std::string slug_of(const Response& response) {
    if (response.status == 200) return "ok";
    const Error error = decode_error(response.body, response.status);
    // The status is the catalogue's, always.
    if (facts_of(error.code).http_status != response.status) return "status does not fit";
    return std::string(facts_of(error.code).slug);
}

/// What one record gets in one changeset.
struct Written {
    std::string form = "enterprise";
    Uuid record;
    std::vector<std::pair<std::string, Value>> fields;
    std::vector<ChangesetRef> parents;
    std::int64_t form_version = 1;
    std::vector<Dot> supersedes;  // of the first field
};

class RawLaptop {
public:
    RawLaptop(ApiWorld& world, std::string user)
        : world_(world), user_(std::move(user)), key_(KeyPair::generate(world.env)) {}

    Response enrol_with(const std::string& code, const std::string& signed_code = {}) {
        EnrolRequest request{code, key_.public_key().hex(), "laptop of " + user_, {}};
        std::string message = "zoufang-enrol/1";
        message.push_back('\0');
        message += signed_code.empty() ? code : signed_code;
        message.push_back('\0');
        message += request.public_key;
        request.signature = base64_of(key_.sign(message));
        return world_.send(request_of("POST", "/v1/enrol", encode_enrol_request(request)));
    }
    RawLaptop& enrol() {
        ZF_ASSERT(enrol_with(world_.code_for(user_)).status == 200);
        return *this;
    }

    Response ask_session(std::int64_t head_seq = 0, const std::string& head_hash = {}) {
        const SessionRequest request{id().hex(), head_seq,
                                     head_hash.empty() ? Hash256{}.hex() : head_hash,
                                     world_.env.now_ms()};
        return world_.send(request_of("POST", "/v1/session", encode_session_request(request)));
    }
    RawLaptop& open_session() {
        const auto answer = decode_session_answer(ask_session().body);
        ZF_ASSERT(answer.has_value());
        session = *answer;
        authorization = token_for(answer->challenge);
        return *this;
    }
    [[nodiscard]] std::string token_for(const std::string& challenge) const {
        std::string message = "zoufang-session/1";
        message.push_back('\0');
        return authorization_header(id().hex(), challenge, key_.sign(message + challenge));
    }

    Response send(Request request) {
        if (authorization.empty()) open_session();
        request.headers["authorization"] = authorization;
        return world_.send(std::move(request));
    }

    /// The laptop's next changeset, signed; its chain goes on from it.
    SignedChangeset write(const Written& written) {
        const Changeset changeset = next(written);
        SignedChangeset made = sign(changeset);
        chain.push_back(made);
        return made;
    }
    Changeset next(const Written& written) const {
        Changeset changeset;
        changeset.device = id();
        changeset.seq = static_cast<std::int64_t>(chain.size()) + 1;
        if (!chain.empty()) changeset.previous = blake2b(chain.back().bytes);
        changeset.at_ms = world_.env.now_ms();
        changeset.hlc = {changeset.at_ms, static_cast<std::int32_t>(chain.size())};
        changeset.user = user_;
        changeset.records.push_back(
            {written.record, written.form, written.form_version, written.parents});
        for (const auto& [field, value] : written.fields) {
            changeset.ops.push_back({0, field, {}, value, {}});
        }
        changeset.ops.front().supersedes = written.supersedes;
        return changeset;
    }
    [[nodiscard]] SignedChangeset sign(const Changeset& changeset) const {
        SignedChangeset made;
        made.bytes = encode_changeset(changeset);
        made.signature = key_.sign(signing_bytes(blake2b(made.bytes)));
        return made;
    }

    Response push(std::vector<SignedChangeset> changesets, const std::string& epoch = {}) {
        PushRequest request{epoch.empty() ? world_.store->epoch() : epoch, std::move(changesets)};
        return send(request_of("POST", "/v1/push", encode_push(request)));
    }
    /// Everything of the own chain that is not acknowledged; must be taken.
    PushAnswer push_all() {
        const Response response = push(chain);
        ZF_ASSERT(response.status == 200);
        return *decode_push_answer(response.body);
    }

    Response ask_pull(std::int64_t after, std::int64_t entries, const std::string& epoch = {}) {
        Request request = request_of("GET", "/v1/pull");
        request.query = {{"after", std::to_string(after)}, {"entries", std::to_string(entries)}};
        if (!epoch.empty()) request.query["epoch"] = epoch;
        return send(std::move(request));
    }
    PullAnswer pull(std::int64_t after = 0, std::int64_t entries = 0) {
        const Response response = ask_pull(after, entries);
        ZF_ASSERT(response.status == 200);
        auto answer = decode_pull(response.body);
        ZF_ASSERT(answer.has_value());
        return *answer;
    }

    [[nodiscard]] DeviceId id() const { return device_id_of(key_.public_key()); }
    [[nodiscard]] const KeyPair& key() const { return key_; }
    [[nodiscard]] const std::string& user() const { return user_; }
    [[nodiscard]] ChangesetRef ref(std::int64_t seq) const { return {id(), seq}; }

    std::vector<SignedChangeset> chain;
    std::string authorization;
    SessionAnswer session;

private:
    ApiWorld& world_;
    std::string user_;
    KeyPair key_;
};

/// An enterprise as far as the tests need one; `area` empty: without a place.
inline Written enterprise(ApiWorld& world, const std::string& name, const std::string& area = {}) {
    Written written{"enterprise", world.env.new_uuid(), {{"name", Value(name)}}, {}, 1, {}};
    if (!area.empty()) written.fields.emplace_back("division", Value(area));
    return written;
}

}  // namespace zf::testing
