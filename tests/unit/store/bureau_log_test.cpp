#include "common/store/bureau_log.h"

#include <doctest/doctest.h>

#include <functional>

namespace zf::testing {
namespace {

/// The bureau's side: its key and a log that it signs.
struct Office {
    ManualEnv env{7, 1000};
    KeyPair key = KeyPair::generate(env);
    Db db = Db::open(":memory:");
    BureauLog log{db};

    void write(const std::function<void()>& put) {
        Transaction transaction(db);
        put();
        transaction.commit();
    }
    std::vector<BureauEntry> entries(std::int64_t after = 0) {
        return log.entries_after(after, 1u << 30);
    }
    /// An entry with any bytes, signed as the bureau signs.
    [[nodiscard]] BureauEntry sign(std::int64_t n, std::string bytes) const {
        std::string message = "zoufang-bureau/1";
        message.push_back('\0');
        const Hash256 hash = blake2b(bytes);
        message.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
        std::string signature = key.sign(message);
        return {n, std::move(bytes), std::move(signature)};
    }
};

struct Laptop {
    Db db = Db::open(":memory:");
    BureauLog log{db};

    Result<void> accept(const PublicKey& bureau_key, const std::vector<BureauEntry>& entries) {
        Transaction transaction(db);
        auto accepted = log.accept(bureau_key, entries);
        if (accepted) transaction.commit();
        return accepted;
    }
};

void fill(Office& office) {
    const KeyPair device = KeyPair::generate(office.env);
    const KeyPair server = KeyPair::generate(office.env);
    office.write([&] {
        office.log.put_server(
            office.key, {device_id_of(server.public_key()), server.public_key(), "epoch-1"}, 1000);
        office.log.put_catalog(office.key, "forms", Value(Members{{"schema", "x"}}), 1000);
        office.log.put_user(office.key, {"李", Role::staff, {"511923203"}, false}, 1001);
        office.log.put_device(
            office.key,
            {device_id_of(device.public_key()), device.public_key(), "laptop 1", {"李"}, false},
            1002);
    });
}

}  // namespace

TEST_CASE("the bytes of an entry are those of docs/protocol.md") {
    Office office;
    office.write([&] {
        office.log.put_user(office.key, {"li", Role::section_head, {"5119", "5120"}, false}, 42);
    });
    REQUIRE(office.entries().size() == 1);
    const BureauEntry entry = office.entries()[0];
    CHECK(entry.n == 1);
    CHECK(entry.bytes ==
          R"({"_format":1,"at":42,"body":{"areas":["5119","5120"],"disabled":false,"name":"li",)"
          R"("role":"section_head"},"kind":"user","n":1})");
    CHECK(entry.signature == office.sign(1, entry.bytes).signature);
}

TEST_CASE("the latest entry about a subject is in force") {
    Office office;
    fill(office);
    const Device device = office.log.devices().at(0);
    office.write([&] {
        office.log.put_user(office.key, {"李", Role::leader, {}, false}, 2000);
        office.log.put_user(office.key, {"王", Role::admin, {}, true}, 2001);
        office.log.put_device(office.key, {device.id, device.key, "laptop 1", {"李", "王"}, true},
                              2002);
        office.log.put_catalog(office.key, "forms", Value(Members{{"schema", "y"}}), 2003);
    });
    const auto li = office.log.find_user("李");
    REQUIRE(li.has_value());
    CHECK(li->role == Role::leader);
    CHECK(li->areas.empty());
    CHECK(office.log.users().size() == 2);
    CHECK(office.log.find_user("王")->disabled);
    CHECK_FALSE(office.log.find_user("张").has_value());
    const auto revoked = office.log.find_device(device.id);
    REQUIRE(revoked.has_value());
    CHECK(revoked->revoked);
    CHECK(revoked->users == std::vector<std::string>{"李", "王"});
    CHECK(office.log.devices().size() == 1);
    // What it signed before it was revoked stays authentic.
    CHECK(office.log.find_key(device.id) == device.key);
    CHECK(office.log.catalog_version("forms") == 2);
    CHECK(*office.log.catalog("forms").find("schema")->text() == "y");
    CHECK(office.log.catalog("indicators").is_null());
    CHECK(office.log.catalog_version("indicators") == 0);
    CHECK(office.log.last_entry() == 8);
}

TEST_CASE("the server has one identity per epoch; the keys of all of them are known") {
    Office office;
    CHECK_FALSE(office.log.server().has_value());
    fill(office);
    const auto first = office.log.server();
    REQUIRE(first.has_value());
    CHECK(first->epoch == "epoch-1");
    const PublicKey second = KeyPair::generate(office.env).public_key();
    office.write([&] {
        office.log.put_server(office.key, {device_id_of(second), second, "epoch-2"}, 3);
    });
    CHECK(office.log.server()->epoch == "epoch-2");
    CHECK(office.log.find_key(device_id_of(second)) == second);
    CHECK(office.log.find_key(first->id) == first->key);
    CHECK_FALSE(office.log.find_key(DeviceId{}).has_value());
}

TEST_CASE("a laptop takes entries over, in pieces and more than once") {
    Office office;
    fill(office);
    const auto all = office.entries();
    REQUIRE(all.size() == 4);
    Laptop laptop;
    const PublicKey key = office.key.public_key();
    CHECK(laptop.accept(key, {}).has_value());
    CHECK(laptop.accept(key, {all[0], all[1]}).has_value());
    CHECK(laptop.accept(key, {all[1]}).has_value());
    CHECK(laptop.log.last_entry() == 2);
    CHECK(laptop.accept(key, all).has_value());
    CHECK(laptop.log.last_entry() == 4);
    const auto again = laptop.log.entries_after(0, 1u << 30);
    REQUIRE(again.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(again[i].bytes == all[i].bytes);
        CHECK(again[i].signature == all[i].signature);
    }
    CHECK(laptop.log.find_user("李")->areas == std::vector<std::string>{"511923203"});
    CHECK(laptop.log.devices().at(0).key == office.log.devices().at(0).key);
}

TEST_CASE("pages of entries are cut by size, never to nothing") {
    Office office;
    fill(office);
    CHECK(office.log.entries_after(0, 1).size() == 1);
    CHECK(office.log.entries_after(0, office.entries()[0].bytes.size() + 1).size() == 2);
    CHECK(office.log.entries_after(4, 1000).empty());
}

TEST_CASE("what the bureau has not signed, or not so, is refused and nothing of it is kept") {
    Office office;
    fill(office);
    const auto all = office.entries();
    const auto changed = [&](std::size_t i, const std::function<void(BureauEntry&)>& change) {
        auto entries = all;
        change(entries[i]);
        return entries;
    };
    ManualEnv other_env(99);
    Office other;
    other.key = KeyPair::generate(other_env);
    const std::string user_body = R"("body":{"areas":[],"disabled":false,"name":"x","role":")";
    struct Case {
        const char* what;
        std::vector<BureauEntry> entries;
        ErrorCode code;
    };
    const std::vector<Case> cases{
        {"a forged role",
         changed(2,
                 [](BureauEntry& entry) {
                     const auto at = entry.bytes.find("staff");
                     entry.bytes.replace(at, 5, "admin");
                 }),
         ErrorCode::bad_signature},
        {"a changed signature", changed(1, [](BureauEntry& entry) { entry.signature[5] ^= 1; }),
         ErrorCode::bad_signature},
        {"no signature", changed(0, [](BureauEntry& entry) { entry.signature.clear(); }),
         ErrorCode::bad_signature},
        {"signatures exchanged",
         changed(0, [&](BureauEntry& entry) { entry.signature = all[1].signature; }),
         ErrorCode::bad_signature},
        {"another bureau", {other.sign(1, all[0].bytes)}, ErrorCode::bad_signature},
        {"a gap in front", {all[1]}, ErrorCode::malformed},
        {"a gap inside", {all[0], all[2]}, ErrorCode::malformed},
        {"no JSON", {office.sign(1, "{")}, ErrorCode::malformed},
        {"not canonical",
         {office.sign(1, R"({"_format":1, "at":1,"body":{},"kind":"of_tomorrow","n":1})")},
         ErrorCode::malformed},
        {"no number",
         {office.sign(1, R"({"_format":1,"at":1,"body":{},"kind":"user"})")},
         ErrorCode::malformed},
        {"a number that no entry has",
         {office.sign(1, R"({"_format":1,"at":1,"body":{},"kind":"of_tomorrow","n":0})")},
         ErrorCode::malformed},
        {"a number below",
         {office.sign(1, R"({"_format":1,"at":1,"body":{},"kind":"of_tomorrow","n":-1})")},
         ErrorCode::malformed},
        {"no format",
         {office.sign(1, R"({"at":1,"body":{},"kind":"of_tomorrow","n":1})")},
         ErrorCode::malformed},
        {"a format of no number",
         {office.sign(1, R"({"_format":"1","at":1,"body":{},"kind":"of_tomorrow","n":1})")},
         ErrorCode::malformed},
        {"an unknown role",
         {office.sign(1, R"({"_format":1,"at":1,)" + user_body + R"(king"},"kind":"user","n":1})")},
         ErrorCode::malformed},
        {"a device whose id is not that of its key",
         {office.sign(1, R"({"_format":1,"at":1,"body":{"id":")" + std::string(32, 'a') +
                             R"(","key":")" + std::string(64, 'b') +
                             R"(","name":"","revoked":false,"users":[]},"kind":"device","n":1})")},
         ErrorCode::malformed},
        {"a newer format",
         {office.sign(1, R"({"_format":2,"n":1})")},
         ErrorCode::version_unsupported}};
    for (const Case& bad : cases) {
        CAPTURE(bad.what);
        Laptop laptop;
        const auto refused = laptop.accept(office.key.public_key(), bad.entries);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == bad.code);
        CHECK(refused.error().where.starts_with("entries["));
        CHECK(laptop.log.last_entry() == 0);
    }
}

TEST_CASE("a kind of tomorrow is kept for a program of tomorrow") {
    const Office office;
    Laptop laptop;
    const BureauEntry newer =
        office.sign(1, R"({"_format":1,"at":1,"body":{"x":[1]},"kind":"of_tomorrow","n":1})");
    CHECK(laptop.accept(office.key.public_key(), {newer}).has_value());
    CHECK(laptop.log.last_entry() == 1);
    CHECK(laptop.log.users().empty());
    CHECK(laptop.log.entries_after(0, 1000).at(0).bytes == newer.bytes);
}

TEST_CASE("after a restore of the server its log is taken over anew") {
    Office office;
    fill(office);
    Laptop laptop;
    REQUIRE(laptop.accept(office.key.public_key(), office.entries()).has_value());
    Office restored;  // the same bureau key, another history
    restored.write([&] { restored.log.put_user(restored.key, {"赵", Role::staff, {}, false}, 9); });
    REQUIRE(restored.key.public_key() == office.key.public_key());
    laptop.log.put_by_entries();
    REQUIRE(laptop.accept(office.key.public_key(), restored.entries()).has_value());
    CHECK(laptop.log.last_entry() == 1);
    CHECK(laptop.log.find_user("赵").has_value());
    CHECK_FALSE(laptop.log.find_user("李").has_value());
}

TEST_CASE("a catalog is regained once, also when the versions before it are gone") {
    Office office;
    const BureauEntry third = office.sign(
        9, R"({"_format":1,"at":5,"body":{"catalog":{"schema":"x"},"version":3},"kind":"forms",)"
           R"("n":9})");
    for (const std::int64_t expected : {1, 0, 0}) {
        office.write([&] {
            const auto taken = office.log.regain(office.key, {third});
            REQUIRE(taken.has_value());
            CHECK(*taken == expected);
        });
    }
    CHECK(office.log.last_entry() == 1);
    CHECK(office.log.catalog_version("forms") == 1);
}

TEST_CASE("what is older than what is known about a person or a device is not regained") {
    Office office;
    const KeyPair key = KeyPair::generate(office.env);
    Device device{
        device_id_of(key.public_key()), key.public_key(), "laptop", {"李"}, false, std::nullopt};
    const auto entry_at = [&](std::int64_t at_ms, bool is_over) {
        Office other;  // the same bureau key
        device.revoked = is_over;
        other.write([&] {
            other.log.put_user(other.key, {"李", Role::staff, {}, is_over}, at_ms);
            other.log.put_device(other.key, device, at_ms);
        });
        return other.entries();
    };
    const auto taken_of = [&](const std::vector<BureauEntry>& entries) {
        std::int64_t taken = -1;
        office.write([&] { taken = office.log.regain(office.key, entries).value(); });
        return taken;
    };
    CHECK(taken_of(entry_at(200, false)) == 2);
    CHECK(taken_of(entry_at(300, true)) == 2);
    for (const std::int64_t at : {100, 200, 300}) CHECK(taken_of(entry_at(at, false)) == 0);
    CHECK(office.log.find_device(device.id)->revoked);
    CHECK(office.log.find_user("李")->disabled);
    CHECK(taken_of(entry_at(400, false)) == 2);
    CHECK_FALSE(office.log.find_device(device.id)->revoked);
}

TEST_CASE("roles have names that are never changed") {
    for (const Role role : {Role::staff, Role::section_head, Role::leader, Role::admin}) {
        CHECK(parse_role(name_of(role)) == role);
    }
    CHECK(name_of(Role::section_head) == "section_head");
    CHECK_FALSE(parse_role("Staff").has_value());
    CHECK_FALSE(parse_role("").has_value());
}

}  // namespace zf::testing
