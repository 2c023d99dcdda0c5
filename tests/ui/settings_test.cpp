// The settings screen: what is chosen holds at once and over a restart.
#include <filesystem>
#include <fstream>

#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

TEST_CASE("settings can be read and reached in every language and size") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        for (const float scale : {1.0F, 1.25F, 2.0F}) {
            CAPTURE(std::string(name_of(language)));
            CAPTURE(scale);
            FillWorld world(language, {ui::ThemeKind::light, scale}, 1366 * std::max(scale, 1.0F),
                            768 * std::max(scale, 1.0F));
            world.shell->go("settings");
            world.ui->settle();
            world.screens->worker().finish();
            world.ui->settle();
            CHECK(lines_of(world.ui->flaws()) == "");
            CHECK(world.ui->value("settings.database").ends_with(" MB"));
            CHECK(world.ui->value("settings.version") == "Zoufang " ZF_VERSION);
        }
    }
}

TEST_CASE("language, size and colours hold at once and after a restart") {
    FillWorld world;
    world.shell->go("settings");
    world.ui->settle();
    CHECK(world.ui->value("settings.size") == "desktop");
    world.ui->click("settings.language.zh-Hant");
    CHECK(world.ui->expect("settings.display").label == "顯示");
    world.ui->click("settings.theme.contrast");
    CHECK(world.ui->kit().theme().kind == ui::ThemeKind::contrast);
    world.ui->click("settings.size.150");
    CHECK(world.settings->scale_percent() == 150);

    world.restart();
    world.shell->go("settings");
    world.ui->settle();
    CHECK(world.ui->expect("settings.display").label == "顯示");
    CHECK(world.ui->value("settings.theme") == "contrast");
    CHECK(world.ui->value("settings.size") == "150");
    world.ui->click("settings.size.desktop");
    CHECK_FALSE(world.settings->scale_percent().has_value());
    CHECK(world.laptop.store->unsent_changesets() == 0);  // nothing of it is data
}

TEST_CASE("settings that are damaged are told once, in a sentence that can be put away") {
    FillWorld world;
    std::ofstream(world.laptop.store->home() / "settings.json") << "{\"language\": \"zh-";
    world.restart();
    CHECK(world.ui->has("shell.news"));
    CHECK(lines_of(world.ui->flaws()) == "");
    world.ui->click("shell.news.close");
    CHECK_FALSE(world.ui->has("shell.news"));
}
