// What holds for every route: limits, version, authentication, errors.
#include <doctest/doctest.h>

#include "server/routes/session_token.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {

TEST_CASE("health and bureau answer clients of any version") {
    ApiWorld world;
    for (const std::string version : {"1", "2", "", "x"}) {
        CAPTURE(version);
        Request request = request_of("GET", "/v1/health");
        request.headers["zoufang-protocol"] = version;
        CHECK(world.api->handle(request).status == 200);
        request.path = "/v1/bureau";
        const Response response = world.api->handle(request);
        REQUIRE(response.status == 200);
        const auto answer = parse_json(response.body);
        REQUIRE(answer);
        CHECK(*answer->find("bureau_key")->text() == world.first.pin);
        CHECK(*answer->find("epoch")->text() == world.store->epoch());
        CHECK(answer->find("ca")->text()->starts_with("-----BEGIN CERTIFICATE-----"));
        CHECK(*answer->find("protocol")->find("min")->integer() == 1);
        CHECK(*answer->find("protocol")->find("max")->integer() == 1);
    }
}

TEST_CASE("other versions are told so on every other route") {
    ApiWorld world;
    const std::vector<std::pair<std::string, std::string>> routes{
        {"POST", "/v1/enrol"}, {"POST", "/v1/session"},  {"POST", "/v1/push"},
        {"GET", "/v1/pull"},   {"GET", "/v1/pull/size"}, {"POST", "/v1/blobs/missing"},
    };
    for (const auto& [method, path] : routes) {
        CAPTURE(path);
        Request request = request_of(method, path);
        CHECK(slug_of(world.api->handle(request)) == "version_unsupported");
        request.headers["zoufang-protocol"] = "2";
        const Response response = world.api->handle(request);
        CHECK(slug_of(response) == "version_unsupported");
        CHECK(response.status == 426);
    }
}

TEST_CASE("what is not there, and bodies beyond the limit") {
    ApiWorld world;
    struct Case {
        std::string method, path, slug;
    };
    for (const Case& c :
         {Case{"GET", "/", "not_found"}, Case{"GET", "/v1", "not_found"},
          Case{"GET", "/v1/push", "not_found"}, Case{"DELETE", "/v1/health", "not_found"},
          Case{"GET", "/v1/healthy", "not_found"}, Case{"GET", "/v1/blobs/", "not_found"},
          Case{"GET", "/v1/blobs/ab/cd", "not_found"}, Case{"GET", "/v1/../v1/health", "not_found"},
          Case{"get", "/v1/health", "not_found"}}) {
        CAPTURE(c.path);
        CHECK(slug_of(world.send(request_of(c.method, c.path))) == c.slug);
    }
    const std::string large(Api::body_bytes_max + 1, ' ');
    CHECK(slug_of(world.send(request_of("POST", "/v1/enrol", large))) == "too_large");
    CHECK(slug_of(world.send(request_of("GET", "/v1/health", large))) == "too_large");
}

TEST_CASE("a session opens, works for half an hour, and says where the chain stands") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop(world, "zhang");
    laptop.enrol().open_session();
    CHECK(laptop.session.epoch == world.store->epoch());
    CHECK(laptop.session.acknowledged_seq == 0);
    CHECK(laptop.session.acknowledged_hash == Hash256{}.hex());
    CHECK(laptop.session.hash_at_head.empty());
    CHECK(laptop.session.server_ms == world.env.now_ms());
    CHECK(laptop.session.ssn == 0);
    CHECK(laptop.session.last_entry == 6);  // server, 2 catalogs, admin, zhang, the laptop

    const auto one = laptop.write(enterprise(world, "a"));
    const auto two = laptop.write(enterprise(world, "b"));
    laptop.push_all();
    const auto answer = decode_session_answer(laptop.ask_session(1).body);
    REQUIRE(answer);
    CHECK(answer->acknowledged_seq == 2);
    CHECK(answer->acknowledged_hash == blake2b(two.bytes).hex());
    CHECK(answer->hash_at_head == blake2b(one.bytes).hex());
    CHECK(answer->ssn == 2);
    CHECK(decode_session_answer(laptop.ask_session(3).body)->hash_at_head.empty());

    world.env.set_now_ms(start_ms + session_life_ms - 1);
    CHECK(slug_of(laptop.ask_pull(0, 0)) == "ok");
    world.env.set_now_ms(start_ms + session_life_ms);
    CHECK(slug_of(laptop.ask_pull(0, 0)) == "unauthenticated");
    world.env.set_now_ms(start_ms - 1);  // the server's clock was set back
    CHECK(slug_of(laptop.ask_pull(0, 0)) == "unauthenticated");
}

TEST_CASE("forged and foreign tokens are refused") {
    ApiWorld world;
    world.put_staff("zhang");
    world.put_staff("li");
    RawLaptop laptop(world, "zhang"), other(world, "li"), stranger(world, "li");
    laptop.enrol().open_session();
    other.enrol().open_session();
    CHECK(slug_of(stranger.ask_session()) == "unauthenticated");

    const std::string good = laptop.authorization;
    const std::string challenge = laptop.session.challenge;
    std::string bent = good;
    bent.back() = bent.back() == 'A' ? 'B' : 'A';
    std::string bent_challenge = challenge;
    bent_challenge[5] = bent_challenge[5] == 'A' ? 'B' : 'A';
    std::string replaced = good;
    replaced.replace(8, 32, other.id().hex());
    const std::vector<std::pair<std::string, std::string>> tokens{
        {"none", ""},
        {"another scheme", "Bearer " + good.substr(8)},
        {"signature changed", bent},
        {"challenge changed", laptop.token_for(bent_challenge)},
        {"challenge of another device", laptop.token_for(other.session.challenge)},
        {"another device named", replaced},
        {"no challenge", laptop.token_for("")},
        {"two parts", "Zoufang " + laptop.id().hex() + "." + challenge},
        {"a stranger's", stranger.token_for(challenge)},
        {"rubbish", "Zoufang ..."},
    };
    for (const auto& [what, token] : tokens) {
        CAPTURE(what);
        Request request = request_of("GET", "/v1/pull");
        request.query = {{"after", "0"}, {"entries", "0"}};
        if (!token.empty()) request.headers["authorization"] = token;
        CHECK(slug_of(world.send(request)) == "unauthenticated");
    }
    CHECK(slug_of(laptop.ask_pull(0, 0)) == "ok");
}

TEST_CASE("a revoked device is told so, on every route, whatever its token") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop(world, "zhang");
    laptop.enrol().open_session();
    REQUIRE(revoke_device(*world.store, laptop.id()));
    CHECK(slug_of(laptop.ask_pull(0, 0)) == "device_revoked");
    CHECK(slug_of(laptop.push({laptop.write(enterprise(world, "a"))})) == "device_revoked");
    laptop.open_session();
    CHECK(slug_of(laptop.ask_pull(0, 0)) == "device_revoked");
    CHECK(slug_of(laptop.enrol_with(world.code_for("zhang"))) == "device_revoked");
    CHECK(world.counts().changesets == 0);
}

TEST_CASE("a failing store is an answer, and nothing of the request stays") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop(world, "zhang");
    laptop.enrol().open_session();
    laptop.write(enterprise(world, "a"));
    laptop.write(enterprise(world, "b"));
    int failures = 0;
    for (int nth = 1;; ++nth) {
        CAPTURE(nth);
        int left = nth;
        world.store->db().set_fault([&left] { return --left == 0; });
        const Response response = laptop.push(laptop.chain);
        world.store->db().set_fault({});
        if (response.status == 200) break;
        ++failures;
        CHECK(slug_of(response) == "internal");
        CHECK(response.body.find("injected") == std::string::npos);
        CHECK(world.counts().changesets == 0);
    }
    CHECK(failures > 10);
    CHECK(world.counts().changesets == 2);
}

}  // namespace zf::testing
