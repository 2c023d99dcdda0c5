// The file browser by key: places, folders, choosing one and several, saving, by keyboard alone,
// and small pictures with their textures.
#include "tests/ui/files_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<fs::path>;

/// A home with pictures and documents, and the browser over it.
struct BrowserWorld : FilesWorld {
    explicit BrowserWorld(Language language = Language::zh_hans) : FilesWorld(language) {
        picture("二 二.jpg", photo(64, 48), 2);
        picture("一.png", encode_png(noise(20, 20)), 1);
        picture("报告.pdf", "%PDF-1.4");
        picture("坏.jpg", "no picture", 3);
        picture("里面/深.jpg", photo(10, 10));
        put(home / "Documents" / "a.txt", "text");
    }
    void ask(FileWish wish) {
        wish.title = "选择";
        wish.chosen = [this](Paths files) { chosen = std::move(files); };
        screens->ways().to_files(std::move(wish));
        rest();
    }
    std::optional<Paths> chosen;
};

}  // namespace

TEST_CASE("pictures are chosen among small pictures, several at once") {
    BrowserWorld world;
    const std::string before = world.shell->current();
    world.ask({.several = true, .filter = FileFilter::pictures});
    CHECK(world.shell->current() == "files");
    CHECK(world.ui->kit().find("files.folder")->label == (world.home / "Pictures").string());
    CHECK(world.ui->has("row.里面"));
    CHECK_FALSE(world.ui->has("row.报告.pdf"));
    CHECK(world.ui->has("files.left_out"));
    CHECK(world.ui->textures().alive == 2);
    CHECK_FALSE(world.ui->expect("files.choose").enabled);
    world.ui->click("row.二 二.jpg");
    world.ui->click("row.一.png");
    CHECK(world.ui->value("row.一.png") == "true");
    world.ui->click("row.坏.jpg");
    world.ui->click("row.坏.jpg");
    CHECK(world.ui->value("row.坏.jpg").empty());
    world.ui->click("files.choose");
    REQUIRE(world.chosen.has_value());
    // Newest first, as they were shown.
    CHECK(*world.chosen ==
          Paths{world.home / "Pictures" / "一.png", world.home / "Pictures" / "二 二.jpg"});
    CHECK(world.shell->current() == before);
    // Where somebody was last is where they begin the next time.
    world.ask({.several = true, .filter = FileFilter::pictures});
    world.ui->click("row.里面");
    world.rest();
    world.ui->click("row.深.jpg");
    world.ui->click("files.choose");
    world.ask({.several = true, .filter = FileFilter::pictures});
    CHECK(world.ui->has("row.深.jpg"));
    CHECK(world.ui->has("files.place.recent.里面"));
    CHECK_FALSE(world.ui->has("files.place.recent.Pictures"));
}

TEST_CASE("folders lead in and out, other kinds are listed when asked for") {
    BrowserWorld world;
    world.ask({.filter = FileFilter::pictures});
    world.ui->click("row.里面");
    world.rest();
    CHECK(world.ui->has("row.深.jpg"));
    world.ui->click("files.up");
    world.rest();
    world.ui->click("files.all");
    world.rest();
    CHECK(world.ui->has("row.报告.pdf"));
    CHECK(world.ui->expect("row.报告.pdf").label.find("8 B") != std::string::npos);
    world.ui->click("files.place.documents");
    world.rest();
    // One that is chosen is taken when it is pressed again.
    world.ui->click("row.a.txt");
    CHECK_FALSE(world.chosen.has_value());
    world.ui->click("row.a.txt");
    CHECK(*world.chosen == Paths{world.home / "Documents" / "a.txt"});
}

TEST_CASE("by keyboard alone: arrows, Enter, Tab, and Escape goes back with nothing") {
    BrowserWorld world;
    world.ask({.several = true, .filter = FileFilter::pictures});
    CHECK(world.ui->kit().focused() == "row.里面");
    world.ui->press("Right");
    CHECK(world.ui->kit().focused() == "row.一.png");
    world.ui->press("Enter");
    world.ui->press("Right");
    world.ui->press("Enter");
    // The list is one stop; behind it stand the way back and the choice.
    world.ui->press("Tab");
    CHECK(world.ui->kit().focused() == "action.back");
    world.ui->press("Tab");
    world.ui->press("Enter");
    REQUIRE(world.chosen.has_value());
    CHECK(world.chosen->size() == 2);
    world.chosen.reset();
    world.ask({});
    world.ui->press("Escape");
    CHECK(world.shell->current() != "files");
    CHECK_FALSE(world.chosen.has_value());
}

TEST_CASE("a stick that was put in comes first, also while somebody looks") {
    BrowserWorld world;
    world.ask({.filter = FileFilter::pictures});
    CHECK_FALSE(world.ui->has("files.place.drive.U盘"));
    BrowserWorld::put(world.laptop.folder.path / "media" / "U盘" / "新.jpg", photo(8, 8));
    world.ui->wait(3.5);
    world.rest();
    world.ui->click("files.place.drive.U盘");
    world.rest();
    CHECK(world.ui->has("row.新.jpg"));
    world.ui->press("Escape");
    world.ask({.filter = FileFilter::pictures});
    CHECK(world.ui->has("row.新.jpg"));
    // Pulled out while it is looked at.
    fs::remove_all(world.laptop.folder.path / "media" / "U盘");
    world.ui->wait(3.5);
    world.rest();
    CHECK(world.ui->has("files.trouble"));
    CHECK_FALSE(world.ui->expect("files.choose").enabled);
}

TEST_CASE("saving: a name is offered, what is there is replaced only by its own button") {
    BrowserWorld world;
    world.ask({.saves = true, .name = "包裹.zfb"});
    world.ui->click("files.place.documents");
    world.rest();
    CHECK(world.ui->value("files.name") == "包裹.zfb");
    world.ui->type("files.name", "../x");
    CHECK_FALSE(world.ui->expect("files.save").enabled);
    world.ui->type("files.name", "a.txt");
    CHECK(world.ui->has("files.replaces"));
    world.ui->press("Enter");
    CHECK_FALSE(world.chosen.has_value());
    world.ui->type("files.name", "新的.zfb");
    world.ui->press("Enter");
    CHECK(*world.chosen == Paths{world.home / "Documents" / "新的.zfb"});
}

TEST_CASE("the file browser looks well in every language") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        BrowserWorld world(language);
        for (const FileWish& wish : {FileWish{.several = true, .filter = FileFilter::pictures},
                                     FileWish{}, FileWish{.saves = true, .name = "a.zfb"}}) {
            world.ask(wish);
            const std::string flaws = lines_of(world.ui->flaws());
            CHECK_MESSAGE(flaws.empty(), flaws);
            world.ui->press("Escape");
            world.ui->press("Escape");
        }
    }
}

TEST_CASE("of a thousand pictures only those in sight are made, and textures stay few") {
    BrowserWorld world;
    const fs::path many = world.home / "many";
    for (int i = 0; i < 1000; ++i) {
        BrowserWorld::put(many / (std::to_string(1000 + i) + ".jpg"), photo(8, 8), i);
    }
    world.ask({.several = true, .filter = FileFilter::pictures});
    world.ui->click("files.up");
    world.rest();
    world.ui->click("row.many");
    for (int i = 0; i < 30; ++i) world.rest();
    const int first = world.ui->textures().alive;
    CHECK(first > 5);
    CHECK(first < 60);
    for (int i = 0; i < 40; ++i) {
        // Over one in the middle of the list.
        std::vector<std::string> rows;
        for (const ui::WidgetState& widget : world.ui->kit().widgets()) {
            if (widget.key.starts_with("row.") && widget.visible) rows.push_back(widget.key);
        }
        REQUIRE_FALSE(rows.empty());
        world.ui->wheel(rows[rows.size() / 2], -10);
        world.rest();
    }
    CHECK(world.ui->textures().last > 110);
    CHECK(world.ui->textures().alive <= 101);
    CHECK(world.ui->has("row.1999.jpg"));
}

}  // namespace zf::testing
