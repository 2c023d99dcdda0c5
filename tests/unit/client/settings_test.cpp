#include "client/app/settings.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/unit/store/scratch_folder.h"

using namespace zf;
using namespace zf::testing;

namespace {

void write(const std::filesystem::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary) << content;
}

}  // namespace

TEST_CASE("settings hold over a restart, and what a newer version has set stays") {
    ScratchFolder folder;
    {
        Settings settings(folder.path);
        CHECK_FALSE(settings.is_damaged());
        CHECK_FALSE(settings.language().has_value());
        CHECK_FALSE(settings.scale_percent().has_value());
        CHECK(settings.theme().empty());
    }
    write(folder.path / "settings.json", R"({"hologram": {"depth": 3}, "theme": "dark"})");
    Settings settings(folder.path);
    REQUIRE(settings.set("language", "zh-Hant").has_value());
    REQUIRE(settings.set("scale_percent", 150).has_value());
    const Settings later(folder.path);
    CHECK(later.language() == Language::zh_hant);
    CHECK(later.scale_percent() == 150);
    CHECK(later.theme() == "dark");
    REQUIRE(later.find("hologram") != nullptr);
    CHECK(*later.find("hologram")->find("depth")->integer() == 3);

    REQUIRE(settings.set("scale_percent", Value()).has_value());
    CHECK_FALSE(Settings(folder.path).scale_percent().has_value());
}

TEST_CASE("a damaged file of settings sets nothing, is told, and is mended by the next change") {
    ScratchFolder folder;
    for (const char* content : {"", "{\"theme\": \"da", "[]", "\xff"}) {
        CAPTURE(content);
        write(folder.path / "settings.json", content);
        Settings settings(folder.path);
        CHECK(settings.is_damaged());
        CHECK(settings.theme().empty());
        REQUIRE(settings.set("theme", "contrast").has_value());
        const Settings mended(folder.path);
        CHECK_FALSE(mended.is_damaged());
        CHECK(mended.theme() == "contrast");
    }
}

TEST_CASE("values that make no sense are as if they were not set") {
    ScratchFolder folder;
    write(folder.path / "settings.json",
          R"({"language": "fr", "scale_percent": 5000, "theme": 7, "sync_hour": "x"})");
    const Settings settings(folder.path);
    CHECK_FALSE(settings.is_damaged());
    CHECK_FALSE(settings.language().has_value());
    CHECK_FALSE(settings.scale_percent().has_value());
    CHECK(settings.theme().empty());
    CHECK_FALSE(settings.integer("sync_hour").has_value());
}

TEST_CASE("what the command line says holds for one run, until it is set") {
    ScratchFolder folder;
    Settings settings(folder.path);
    REQUIRE(settings.set("theme", "dark").has_value());
    settings.set_for_this_run("theme", "contrast");
    CHECK(settings.theme() == "contrast");
    CHECK(Settings(folder.path).theme() == "dark");
    REQUIRE(settings.set("theme", "light").has_value());
    CHECK(settings.theme() == "light");
    CHECK(Settings(folder.path).theme() == "light");
}
