// Many laptops at once against one store, while a second process (here: a second opening of the
// same folder) administers it.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "server/verify.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

/// The machine's own clock and randomness: any thread may ask for them.
struct SharedServer {
    SharedServer() {
        ZF_ASSERT(CentralStore::create(folder.path, "admin", system_env()).has_value());
        auto opened = CentralStore::open(folder.path, system_env());
        ZF_ASSERT(opened.has_value());
        store = std::move(*opened);
        api = std::make_unique<Api>(*store);
    }
    ScratchFolder folder;
    std::unique_ptr<CentralStore> store;
    std::unique_ptr<Api> api;
};

/// One laptop's life: session, pushes of five, a pull. Returns whether every answer was good.
bool work(Api& api, const KeyPair& key, const std::string& epoch, int pushes) {
    const DeviceId id = device_id_of(key.public_key());
    const auto send = [&](Request request, const std::string& authorization = {}) {
        request.headers["zoufang-protocol"] = "1";
        if (!authorization.empty()) request.headers["authorization"] = authorization;
        return api.handle(request);
    };
    const SessionRequest hello{id.hex(), 0, Hash256{}.hex(), 0};
    const auto session = decode_session_answer(
        send(request_of("POST", "/v1/session", encode_session_request(hello))).body);
    if (!session) return false;
    std::string message = "zoufang-session/1";
    message.push_back('\0');
    const std::string authorization =
        authorization_header(id.hex(), session->challenge, key.sign(message + session->challenge));
    std::int64_t seq = 0;
    Hash256 previous;
    for (int push = 0; push < pushes; ++push) {
        PushRequest request{epoch, {}};
        for (int i = 0; i < 5; ++i) {
            Changeset changeset{id, ++seq, previous, {seq, 0}, seq, "zhang", {}, {}};
            changeset.records.push_back({system_env().new_uuid(), "enterprise", 1, {}});
            changeset.ops.push_back({0, "name", {}, Value(std::to_string(seq)), {}});
            SignedChangeset made{encode_changeset(changeset), {}};
            previous = blake2b(made.bytes);
            made.signature = key.sign(signing_bytes(previous));
            request.changesets.push_back(std::move(made));
        }
        const Response response =
            send(request_of("POST", "/v1/push", encode_push(request)), authorization);
        if (response.status != 200) return false;
        Request pull = request_of("GET", "/v1/pull");
        pull.query = {{"after", "0"}, {"entries", "0"}};
        if (!decode_pull(send(pull, authorization).body)) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("laptops at once, and an administrator beside them, lose nothing") {
    constexpr int laptops = 6, pushes = 4;
    SharedServer server;
    std::vector<KeyPair> keys;
    {
        const auto held = server.store->lock();
        Transaction transaction(server.store->db());
        BureauLog& bureau = server.store->bureau();
        const KeyPair& bureau_key = server.store->keys().bureau;
        bureau.put_user(bureau_key, {"zhang", Role::staff, {}, false}, 0);
        for (int i = 0; i < laptops; ++i) {
            keys.push_back(KeyPair::generate(system_env()));
            const PublicKey& key = keys.back().public_key();
            bureau.put_device(bureau_key, {device_id_of(key), key, "l", {"zhang"}, false}, 0);
        }
        transaction.commit();
    }
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (const KeyPair& key : keys) {
        threads.emplace_back([&server, &key, &good] {
            if (work(*server.api, key, server.store->epoch(), pushes)) ++good;
        });
    }
    auto beside = CentralStore::open(server.folder.path, system_env());
    REQUIRE(beside);
    int codes = 0;
    for (int i = 0; i < 20; ++i) codes += make_enrol_code(**beside, "zhang") ? 1 : 0;
    const Verification meanwhile = verify_store(**beside);
    for (std::thread& thread : threads) thread.join();
    CHECK(good == laptops);
    CHECK(codes == 20);
    CHECK(meanwhile.findings.empty());
    const Verification result = verify_store(**beside);
    CHECK(result.findings.empty());
    CHECK(result.changesets == laptops * pushes * 5);
    CHECK(result.records == laptops * pushes * 5);
}

}  // namespace zf::testing
