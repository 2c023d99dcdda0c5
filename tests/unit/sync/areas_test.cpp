// People are given other areas: what their laptops hold follows, and nobody's work is lost.
#include <doctest/doctest.h>

#include <algorithm>

#include "common/sync/bundle.h"
#include "server/administer.h"
#include "server/bundle.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

constexpr const char* near_area = "511923203";
constexpr const char* far_area = "511923101";

Members enterprise(const std::string& name, const char* area) {
    return {{"name", name}, {"reg_no", "99"}, {"division", area}};
}

SyncReport sync(Laptop& laptop) {
    auto done = laptop.sync();
    CAPTURE((done ? std::string() : done.error().message + " " + done.error().where));
    REQUIRE(done.has_value());
    return *done;
}

/// One laptop of the whole bureau and one of a township, both up to date.
struct Areas {
    Office office;
    Laptop whole{office, "li", 1};
    Laptop narrow{office, "zhao", 2, {near_area}};
    Uuid near, far;
    int files = 0;

    Areas() {
        sync(whole);
        near = whole.create("enterprise", enterprise("near", near_area));
        far = whole.create("enterprise", enterprise("far", far_area));
        whole.edit(far, {{"remark", "seen"}});
        sync(whole);
        sync(narrow);
        REQUIRE(holds(near));
        REQUIRE_FALSE(holds(far));
    }
    bool holds(const Uuid& id) { return narrow.log().find_record(id).has_value(); }
    void assign(const std::vector<std::string>& areas) {
        REQUIRE(change_user(office.store(), "zhao", std::nullopt, areas).has_value());
    }
    bool is_equal() { return narrow.log().state() == office.store().log().state(); }
    std::filesystem::path next_file() {
        return office.folder.path / ("stick-" + std::to_string(++files));
    }
    Result<BundleSummary> carry_to_narrow() {
        const auto file = next_file();
        REQUIRE(export_bundle(office.store(), file, narrow.device()).has_value());
        return take_in(file);
    }
    Result<BundleSummary> take_in(const std::filesystem::path& file) {
        LaptopStores stores = narrow.stores();
        return import_bundle(stores, file, office.folder.path / "incoming");
    }
    void carry_to_office() {
        const auto file = next_file();
        LaptopStores stores = narrow.stores();
        REQUIRE(export_bundle(stores, file, {}).has_value());
        REQUIRE(import_bundle(office.store(), file).has_value());
    }
};

}  // namespace

TEST_CASE("records of a new area come whole, also those that were changed last") {
    Areas world;
    world.assign({near_area, far_area});
    world.whole.edit(world.far, {{"remark", "seen again"}});
    sync(world.whole);
    sync(world.narrow);
    CHECK(world.holds(world.far));
    CHECK(world.is_equal());
}

TEST_CASE("records of a lost area go, what was written about them unsent does not") {
    Areas world;
    world.assign({});
    sync(world.narrow);
    REQUIRE(world.holds(world.far));
    world.assign({near_area});
    world.narrow.edit(world.far, {{"remark", "of zhao"}});
    sync(world.narrow);
    CHECK_FALSE(world.holds(world.far));
    CHECK(world.holds(world.near));
    CHECK(world.narrow.unsent() == 0);
    // The server keeps it back for want of the area, and applies it with the area.
    REQUIRE(world.office.store().log().waiting_of(world.narrow.device()).size() == 1);
    world.assign({});
    CHECK(world.office.store().log().waiting_of(world.narrow.device()).empty());
    sync(world.narrow);
    CHECK(world.holds(world.far));
    CHECK(world.is_equal());
    sync(world.whole);
    CHECK(world.whole.log().state() == world.office.store().log().state());
}

TEST_CASE("a line that breaks in the middle of the change is gone on with") {
    for (int breaks_at = 1; breaks_at < 12; ++breaks_at) {
        CAPTURE(breaks_at);
        Areas world;
        world.assign({far_area});
        const int first = world.narrow.road.requests;
        world.narrow.road.after = [&](const Request&, Response&) -> Result<void> {
            if (world.narrow.road.requests - first != breaks_at) return {};
            return broken_line();
        };
        (void)world.narrow.sync();  // may end before the line breaks
        world.narrow.road.after = {};
        sync(world.narrow);
        CHECK(world.holds(world.far));
        CHECK_FALSE(world.holds(world.near));
    }
}

TEST_CASE("by bundles records of a new area come with the second one, and whole") {
    Areas world;
    world.carry_to_office();
    world.assign({});
    world.whole.edit(world.far, {{"remark", "seen again"}});
    sync(world.whole);
    const auto told = world.carry_to_narrow();
    REQUIRE(told.has_value());
    REQUIRE(told->errors.size() == 1);
    CHECK(told->errors[0].where == "areas");
    CHECK_FALSE(world.holds(world.far));
    world.carry_to_office();
    REQUIRE(world.carry_to_narrow().has_value());
    CHECK(world.holds(world.far));
    CHECK(world.is_equal());
}

TEST_CASE("a late bundle from another laptop brings nothing back that has left the area") {
    // Found by the simulation, seed 132.
    Areas world;
    const auto file = world.next_file();
    LaptopStores stores = world.whole.stores();
    REQUIRE(export_bundle(stores, file, world.narrow.device()).has_value());
    world.whole.edit(world.near, {{"division", far_area}});
    sync(world.whole);
    SUBCASE("the laptop was told before") {
        sync(world.narrow);
    }
    SUBCASE("the laptop has not heard yet") {}
    REQUIRE(world.take_in(file).has_value());
    sync(world.narrow);
    CHECK_FALSE(world.holds(world.near));
}

TEST_CASE("a laptop that goes on under a new identity learns of its areas like any other") {
    // Found by the simulation, seed 1151.
    Areas world;
    world.assign({});
    sync(world.narrow);
    REQUIRE(world.holds(world.far));
    world.narrow.copy_home("zhao", "copy");
    world.narrow.create("enterprise", enterprise("of the first", near_area));
    sync(world.narrow);
    world.narrow.copy_home("copy", "zhao");
    world.narrow.create("enterprise", enterprise("of the copy", near_area));
    world.assign({near_area});
    const DeviceId before = world.narrow.device();
    sync(world.narrow);
    CHECK(world.narrow.device() != before);
    CHECK_FALSE(world.holds(world.far));
    CHECK(world.holds(world.near));
}

}  // namespace zf::testing
