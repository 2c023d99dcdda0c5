// What a laptop knows about its own work at the bureau: stored with the very same bytes, waiting
// with a reason, and attachments, of which none leaves without a receipt.
#include "common/store/receipts.h"

#include <doctest/doctest.h>

#include "common/sync/bundle.h"
#include "server/administer.h"
#include "server/bundle.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* own_area = "511923203";
constexpr const char* other_area = "511923101";

struct World {
    Office office;
    Laptop li{office, "li", 1};
    int files = 0;

    World() { REQUIRE(li.sync().has_value()); }

    Uuid hazard(const char* area = own_area) {
        return li.create("hazard",
                         {{"place_name", "示例"}, {"division", area}, {"description", "示例"}});
    }
    Hash256 attach(Laptop& laptop, const std::string& content) {
        const auto hash = laptop.blobs().add_bytes(content);
        REQUIRE(hash.has_value());
        laptop.create(
            "article",
            {{"title", "t"}, {"submitted_on", "2008-05-12"}, {"body", List{Value(hash->hex())}}});
        return *hash;
    }
    fs::path next_file() { return office.folder.path / ("stick-" + std::to_string(++files)); }
    void carry_to_office(Laptop& laptop) {
        const fs::path file = next_file();
        LaptopStores stores = laptop.stores();
        REQUIRE(export_bundle(stores, file, std::nullopt).has_value());
        REQUIRE(import_bundle(office.store(), file).has_value());
    }
    void carry_from_office(Laptop& laptop) {
        const fs::path file = next_file();
        REQUIRE(export_bundle(office.store(), file, laptop.device()).has_value());
        LaptopStores stores = laptop.stores();
        REQUIRE(import_bundle(stores, file, office.folder.path / "incoming").has_value());
    }
    void put_away_file(const Hash256& hash) {
        Transaction transaction(li.db());
        REQUIRE(put_away(li.db(), hash).has_value());
        transaction.commit();
        fs::remove(li.blobs().path_of(hash));
    }
};

}  // namespace

TEST_CASE("a push is stored when the server names the same bytes, and a fork when it does not") {
    World world;
    world.hazard();
    SUBCASE("the same") {
        REQUIRE(world.li.sync().has_value());
        CHECK(stored_of(world.li.db(), world.li.device()) == 1);
        world.hazard();
        CHECK(stored_of(world.li.db(), world.li.device()) == 1);
    }
    SUBCASE("others") {
        world.li.road.after = [](const Request& request, Response& response) -> Result<void> {
            if (request.path != "/v1/push") return {};
            auto answer = *decode_push_answer(response.body);
            answer.acknowledged_hash = Hash256{}.hex();
            response.body = encode_push_answer(answer);
            return {};
        };
        Sync sync(world.li.stores(), world.li.road);
        const auto pushed = sync.push();
        REQUIRE_FALSE(pushed.has_value());
        CHECK(pushed.error().code == ErrorCode::fork);
        CHECK(world.li.unsent() == 1);
        CHECK(stored_of(world.li.db(), world.li.device()) == 0);
    }
    SUBCASE("an older server that does not name them") {
        world.li.road.after = [](const Request& request, Response& response) -> Result<void> {
            if (request.path != "/v1/push") return {};
            auto answer = *decode_push_answer(response.body);
            answer.acknowledged_hash.clear();
            response.body = encode_push_answer(answer);
            return {};
        };
        REQUIRE(world.li.sync().has_value());
        CHECK(world.li.unsent() == 0);
        CHECK(stored_of(world.li.db(), world.li.device()) == 0);
        // The next session compares.
        REQUIRE(world.li.sync().has_value());
        CHECK(stored_of(world.li.db(), world.li.device()) == 1);
    }
}

TEST_CASE("what a server that went back to a backup lost is not stored any more") {
    World world;
    world.hazard();
    REQUIRE(world.li.sync().has_value());
    world.office.make_backup();
    world.hazard();
    REQUIRE(world.li.sync().has_value());
    CHECK(stored_of(world.li.db(), world.li.device()) == 2);
    world.office.go_back();
    Sync sync(world.li.stores(), world.li.road);
    REQUIRE(sync.rehearse().has_value());
    CHECK(stored_of(world.li.db(), world.li.device()) == 1);
    REQUIRE(world.li.sync().has_value());
    CHECK(stored_of(world.li.db(), world.li.device()) == 2);
}

TEST_CASE("a receipt by bundle counts as one by the network, and only in the first direction") {
    World world;
    world.hazard();
    world.carry_to_office(world.li);
    CHECK(stored_of(world.li.db(), world.li.device()) == 0);
    world.carry_from_office(world.li);
    CHECK(stored_of(world.li.db(), world.li.device()) == 1);
}

TEST_CASE("what waits at the bureau is known after a restart, with its reason and its first day") {
    World world;
    REQUIRE(
        change_user(world.office.store(), "li", std::nullopt, std::vector<std::string>{other_area})
            .has_value());
    world.hazard(own_area);
    const auto learn = [&](bool by_network) {
        if (by_network) {
            REQUIRE(world.li.sync().has_value());
            return;
        }
        world.carry_to_office(world.li);
        world.carry_from_office(world.li);
    };
    for (const bool by_network : {true, false}) {
        CAPTURE(by_network);
        learn(by_network);
        world.li.close();
        world.li.open();
        const auto waiting = waiting_there(world.li.db());
        REQUIRE(waiting.size() == 1);
        CHECK(waiting[0].what.seq == 1);
        CHECK(waiting[0].what.standing == "parked");
        CHECK(waiting[0].what.code == "not_allowed");
        CHECK(waiting[0].what.detail.find(own_area) != std::string::npos);
        CHECK(waiting[0].since_ms == start_ms + 1000);
        CHECK(stored_of(world.li.db(), world.li.device()) == 1);
        world.li.env.set_now_ms(world.li.env.now_ms() + 86'400'000);
    }
    REQUIRE(change_user(world.office.store(), "li", std::nullopt,
                        std::vector<std::string>{other_area, own_area})
                .has_value());
    learn(true);
    CHECK(waiting_there(world.li.db()).empty());
}

TEST_CASE("an attachment that came by bundle is settled on the server, also one of somebody else") {
    World world;
    Laptop wang(world.office, "wang", 2);
    REQUIRE(wang.sync().has_value());
    const Hash256 direct = world.attach(world.li, "by stick");
    const Hash256 relayed = world.attach(wang, "by another laptop");
    {
        const fs::path file = world.next_file();
        LaptopStores stores = wang.stores();
        REQUIRE(export_bundle(stores, file, world.li.device()).has_value());
        LaptopStores own = world.li.stores();
        REQUIRE(import_bundle(own, file, world.office.folder.path / "incoming").has_value());
    }
    // From a laptop it is no receipt: the bureau has not seen it.
    CHECK(world.li.blobs().has(relayed));
    CHECK_FALSE(find_attachment_receipt(world.li.db(), relayed).has_value());
    world.carry_to_office(world.li);
    for (const Hash256& hash : {direct, relayed}) CHECK(world.office.store().blobs().has(hash));
    CHECK(world.office.store().log().open_attachments().empty());
    fs::remove(world.office.store().blobs().path_of(direct));
    const auto findings = verify_store(world.office.store()).findings;
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].where.find(direct.hex()) != std::string::npos);
}

TEST_CASE("no attachment is put away without a receipt that stands") {
    World world;
    const Hash256 hash = world.attach(world.li, "only here");
    const auto try_it = [&] {
        Transaction transaction(world.li.db());
        return put_away(world.li.db(), hash).has_value();
    };
    CHECK_FALSE(try_it());
    // A push of the text is none, and neither is half of the content.
    world.li.road.before = [](const Request& request) -> Result<void> {
        if (request.method == "PUT") return broken_line();
        return {};
    };
    CHECK_FALSE(world.li.sync().has_value());
    CHECK_FALSE(try_it());
    world.li.road.before = {};
    REQUIRE(world.li.sync().has_value());
    CHECK(try_it());
    // The server says that it lacks it now.
    REQUIRE(world.li.sync().has_value());
    {
        Transaction transaction(world.li.db());
        world.li.log().reopen_attachment(hash);
        transaction.commit();
    }
    CHECK_FALSE(try_it());
}

TEST_CASE("what was put away is not fetched by itself, and is when it is wanted") {
    World world;
    const Hash256 hash = world.attach(world.li, "large");
    REQUIRE(world.li.sync().has_value());
    const auto receipt = find_attachment_receipt(world.li.db(), hash);
    REQUIRE(receipt.has_value());
    CHECK(receipt->since_ms == world.li.env.now_ms());
    world.put_away_file(hash);
    REQUIRE(world.li.sync().has_value());
    CHECK_FALSE(world.li.blobs().has(hash));
    SUBCASE("also after the server went back to a backup, which has it") {
        world.office.make_backup();
        world.office.go_back();
        REQUIRE(world.li.sync().has_value());
        CHECK_FALSE(world.li.blobs().has(hash));
        CHECK(world.li.log().open_attachments().empty());
    }
    {
        Transaction transaction(world.li.db());
        want_back(world.li.log(), hash);
        transaction.commit();
    }
    CHECK_FALSE(find_attachment_receipt(world.li.db(), hash).has_value());
    REQUIRE(world.li.sync().has_value());
    CHECK(world.li.blobs().is_whole(hash));
}

TEST_CASE("what was put away and the server lost has no receipt any more") {
    World world;
    world.office.make_backup();
    const Hash256 hash = world.attach(world.li, "since the backup");
    REQUIRE(world.li.sync().has_value());
    world.put_away_file(hash);
    world.office.go_back();
    fs::remove(world.office.store().blobs().path_of(hash));
    REQUIRE(world.li.sync().has_value());
    CHECK_FALSE(find_attachment_receipt(world.li.db(), hash).has_value());
    CHECK(world.li.log().open_attachments() == std::vector<Hash256>{hash});
}

TEST_CASE("a record that leaves the areas takes nothing along that was not sent") {
    World world;
    REQUIRE(
        change_user(world.office.store(), "li", std::nullopt, std::vector<std::string>{own_area})
            .has_value());
    REQUIRE(world.li.sync().has_value());
    const Uuid record = world.hazard();
    REQUIRE(world.li.sync().has_value());
    REQUIRE(
        change_user(world.office.store(), "li", std::nullopt, std::vector<std::string>{other_area})
            .has_value());
    world.li.edit(record, {{"action", "unsent"}});
    const auto photo = world.li.blobs().add_bytes("unsent picture");
    world.li.edit(record, {{"photos", List{Value(photo->hex())}}});
    REQUIRE(world.li.sync().has_value());
    CHECK_FALSE(world.li.log().find_record(record).has_value());
    CHECK(world.office.store().log().counts().changesets == 3);
    CHECK(waiting_there(world.li.db()).size() == 2);
    CHECK(world.office.store().blobs().has(*photo));
    CHECK(world.li.blobs().has(*photo));
}

}  // namespace zf::testing
