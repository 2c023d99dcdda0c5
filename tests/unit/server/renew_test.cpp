// POST /v1/renew: the former identity vouches for a new one; nobody else can, and nothing is
// revoked or granted by it.
#include <doctest/doctest.h>

#include <algorithm>

#include "server/administer.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {
namespace {

std::string renewal(const RawLaptop& former, const KeyPair& key, const KeyPair& signer) {
    RenewRequest request{key.public_key().hex(), {}};
    std::string message = "zoufang-renew/1";
    message.push_back('\0');
    message += former.id().hex();
    message.push_back('\0');
    message += request.public_key;
    request.signature = base64_of(signer.sign(message));
    return encode_renew_request(request);
}

Response renew(RawLaptop& former, const KeyPair& key) {
    return former.send(request_of("POST", "/v1/renew", renewal(former, key, key)));
}

}  // namespace

TEST_CASE("a successor is a device of the same people, and the former one stays") {
    ApiWorld world;
    world.put_staff("zhang", {"511923"});
    world.put_staff("li");
    RawLaptop laptop(world, "zhang");
    laptop.enrol();
    REQUIRE(slug_of(laptop.enrol_with(world.code_for("li"))) == "ok");
    const KeyPair key = KeyPair::generate(world.env);
    const Response response = renew(laptop, key);
    REQUIRE(response.status == 200);
    const DeviceId id = device_id_of(key.public_key());
    CHECK(response.body == R"({"device":")" + id.hex() + R"("})");
    const auto device = world.store->bureau().find_device(id);
    REQUIRE(device.has_value());
    CHECK(device->succeeds == laptop.id());
    CHECK(device->users == std::vector<std::string>{"zhang", "li"});
    CHECK(device->key == key.public_key());
    CHECK_FALSE(world.store->bureau().find_device(laptop.id())->revoked);

    // The answer was lost: asked again, nothing is written again.
    const std::int64_t entries = world.store->bureau().last_entry();
    CHECK(slug_of(renew(laptop, key)) == "ok");
    CHECK(world.store->bureau().last_entry() == entries);
}

TEST_CASE("what is not proven or not allowed makes no device") {
    ApiWorld world;
    world.put_staff("zhang");
    world.put_staff("li");
    RawLaptop laptop(world, "zhang"), other(world, "li");
    laptop.enrol();
    other.enrol();
    const KeyPair key = KeyPair::generate(world.env);
    const std::int64_t entries = world.store->bureau().last_entry();
    const auto post = [&](const std::string& body) {
        return slug_of(laptop.send(request_of("POST", "/v1/renew", body)));
    };
    CHECK(post(renewal(laptop, key, laptop.key())) == "bad_signature");
    CHECK(post(renewal(other, key, key)) == "bad_signature");  // for another former device
    CHECK(post(R"({"public_key":"00","signature":""})") == "malformed");
    CHECK(post(R"({"public_key":7,"signature":""})") == "malformed");
    CHECK(post(R"({"public_key":""})") == "malformed");
    CHECK(post("\xff") == "malformed");
    Request anonymous = request_of("POST", "/v1/renew", renewal(laptop, key, key));
    CHECK(slug_of(world.send(anonymous)) == "unauthenticated");
    CHECK(world.store->bureau().last_entry() == entries);

    REQUIRE(revoke_device(*world.store, laptop.id()));
    CHECK(slug_of(renew(laptop, key)) == "device_revoked");
    CHECK_FALSE(world.store->bureau().find_device(device_id_of(key.public_key())));
}

TEST_CASE("whoever revokes a device is told of those that its key vouched for") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop(world, "zhang");
    laptop.enrol();
    CHECK(successors_of(*world.store, laptop.id()).empty());
    std::vector<std::string> made;
    for (int i = 0; i < 2; ++i) {
        const KeyPair key = KeyPair::generate(world.env);
        REQUIRE(renew(laptop, key).status == 200);
        made.push_back(device_id_of(key.public_key()).hex());
    }
    auto found = successors_of(*world.store, laptop.id());
    std::sort(found.begin(), found.end());
    std::sort(made.begin(), made.end());
    CHECK(found == made);
    REQUIRE(revoke_device(*world.store, *parse_device_id(made.front())));
    // Revoking keeps who it succeeded.
    CHECK(world.store->bureau().find_device(*parse_device_id(made.front()))->succeeds ==
          laptop.id());
    CHECK(successors_of(*world.store, laptop.id()) == std::vector<std::string>{made.back()});
}

}  // namespace zf::testing
