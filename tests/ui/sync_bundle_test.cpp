// Bundles to and from a stick and room on the disk, on the Sync screen by key; and the whole screen
// at other sizes.
#include <atomic>
#include <filesystem>
#include <fstream>

#include "common/base/private_files.h"
#include "server/bundle.h"
#include "tests/ui/sync_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

constexpr std::int64_t day = 86'400'000;

}  // namespace

TEST_CASE("a bundle is written to a stick for the server, and what comes back is read in") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        SyncWorld world(language);
        const auto media = world.office.folder.path / "media";
        std::filesystem::create_directories(media / "STICK" / "照片");
        world.screens->sync().look_for_drives_in({media});
        const Uuid record = world.li.create();
        world.click("sync.part.bundle");
        check_looks(world);
        world.click("sync.bundle.write.0");
        INFO(world.text("sync.bundle.outcome"));
        CHECK(world.text("sync.bundle.outcome").starts_with("✓"));
        check_looks(world);
        const auto file = media / "STICK" / bundle_name(*world.li.store, std::nullopt);
        REQUIRE(std::filesystem::exists(file));
        REQUIRE(import_bundle(world.office.store(), file).has_value());
        CHECK(world.office.store().log().find_record(record).has_value());
        // The server's answer, under a name as people give them.
        std::filesystem::remove(file);
        REQUIRE(export_bundle(world.office.store(), media / "STICK" / "给李.zoufang",
                              world.li.store->device())
                    .has_value());
        world.click("sync.bundle.look");
        world.click("sync.bundle.file.0");
        INFO(world.text("sync.bundle.outcome"));
        CHECK(world.text("sync.bundle.outcome").starts_with("✓"));
        CHECK(world.li.store->unsent_changesets() == 0);
        check_looks(world);
    }
}

TEST_CASE("a damaged bundle, a strange file, somebody else's and none at all are told apart") {
    SyncWorld world;
    const auto media = world.office.folder.path / "media";
    std::filesystem::create_directories(media / "STICK" / "照片");
    world.screens->sync().look_for_drives_in({media});
    const auto read = [&](const std::filesystem::path& file) {
        world.screens->ways().to_files = [&](const FileWish& wish) { wish.chosen({file}); };
        world.click("sync.bundle.read_elsewhere");
        check_looks(world);
        return world.text("sync.bundle.outcome");
    };
    const Messages& messages = world.ui->messages();
    world.click("sync.part.bundle");
    const auto good = media / "STICK" / "a.zoufang";
    REQUIRE(export_bundle(world.office.store(), good, world.li.store->device()).has_value());
    const auto bytes = std::filesystem::file_size(good);
    const auto damaged = media / "STICK" / "b.zoufang";
    std::filesystem::copy_file(good, damaged);
    {
        std::fstream out(damaged, std::ios::binary | std::ios::in | std::ios::out);
        out.seekp(static_cast<std::streamoff>(bytes / 2));
        out.put('\xff').put('\x00').put('\xff');
    }
    CHECK(read(damaged) == messages.text("sync.bundle.error.damaged"));
    std::filesystem::resize_file(damaged, bytes / 2);
    CHECK(read(damaged) == messages.text("sync.bundle.error.cut_short"));
    std::ofstream(media / "STICK" / "c.txt") << "no bundle";
    CHECK(read(media / "STICK" / "c.txt") == messages.text("sync.bundle.error.no_bundle"));
    CHECK(read(media / "nowhere") == messages.text("sync.bundle.error.no_file"));
    const auto foreign = media / "STICK" / "d.zoufang";
    REQUIRE(export_bundle(world.office.store(), foreign, world.wang.store->device()).has_value());
    CHECK(read(foreign) == messages.text("sync.bundle.error.foreign"));
    CHECK(read(good).starts_with("✓"));
    // To a place that is chosen, and back to this screen.
    std::string offered;
    world.screens->ways().to_files = [&](const FileWish& wish) {
        offered = wish.name;
        world.screens->shell().go("form");
        wish.chosen({media / "STICK" / "照片" / "给局里.zoufang"});
    };
    world.click("sync.bundle.write_elsewhere");
    CHECK(world.screens->shell().current() == "sync");
    CHECK(offered.find("-server-") != std::string::npos);
    CHECK(world.text("sync.bundle.outcome").find("给局里.zoufang") != std::string::npos);
    CHECK(std::filesystem::exists(media / "STICK" / "照片" / "给局里.zoufang"));
}

TEST_CASE("a bundle that is stopped leaves nothing behind, and the next one is whole") {
    SyncWorld world;
    const auto media = world.office.folder.path / "media";
    std::filesystem::create_directories(media / "STICK" / "照片");
    world.screens->sync().look_for_drives_in({media});
    const Uuid record = world.li.create();
    world.li.attach(record, std::string(3'000'000, 'x'));
    world.click("sync.part.bundle");
    // It waits behind something, so that it is stopped before its first byte.
    std::atomic<bool> goes_on = false;
    world.screens->sync_worker().post("wait", [&](Worker::Progress&) -> Worker::Then {
        goes_on.wait(false);
        return {};
    });
    world.ui->click("sync.bundle.write.0");
    CHECK(world.ui->has("sync.bundle.progress"));
    check_looks(world);
    world.ui->click("sync.bundle.progress.cancel");
    goes_on = true;
    goes_on.notify_all();
    world.finish();
    CHECK(world.text("sync.bundle.outcome") ==
          world.ui->messages().text("sync.bundle.error.stopped"));
    const auto names = names_in_folder(media / "STICK");
    REQUIRE(names.has_value());
    CHECK(*names == std::vector<std::string>{"照片"});
    world.click("sync.bundle.write.0");
    CHECK(world.text("sync.bundle.outcome").starts_with("✓"));
}

TEST_CASE("nothing is cut or too small at other sizes") {
    struct Size {
        float width, height, scale;
    };
    for (const Size size : {Size{1280, 720, 1}, Size{3840, 2160, 2}, Size{1366, 768, 0.8F}}) {
        for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
            SyncWorld world(language, {ui::ThemeKind::contrast, size.scale}, size.width,
                            size.height);
            INFO(size.width, " ", static_cast<int>(language));
            world.li.create();
            world.before = away;
            world.click("sync.now");
            for (const char* part : {"now", "receipts", "day", "bundle", "room"}) {
                INFO(part);
                world.click("sync.part." + std::string(part));
                check_looks(world);
            }
        }
    }
}

TEST_CASE("room is made only of what the bureau has had for long, and only when told") {
    SyncWorld world;
    const Uuid record = world.li.create();
    const Hash256 photo = world.li.attach(record, std::string(500'000, 'p'));
    world.click("sync.now");
    world.set_now(start_ms + 100 * day);
    world.li.attach(record, "not there yet");
    world.click("sync.part.room");
    CHECK_FALSE(world.ui->expect("sync.room.put_away").enabled);
    world.click("sync.room.rehearse");
    CHECK(world.text("sync.room.told").find("488.2 KB") != std::string::npos);
    CHECK(world.li.store->blobs().has(photo));
    check_looks(world);
    world.click("sync.room.put_away");
    CHECK(world.text("sync.room.told").starts_with("✓ 已清理 1 个"));
    CHECK_FALSE(world.li.store->blobs().has(photo));
    check_looks(world);
}
