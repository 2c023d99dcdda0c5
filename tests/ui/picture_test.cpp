// The viewer: pictures of a record one by one, closer and back, by keyboard; other kinds of files;
// a copy is saved; what is not here or cannot be read is told.
#include "tests/ui/files_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

struct PictureWorld : FilesWorld {
    explicit PictureWorld(Language language = Language::zh_hans) : FilesWorld(language) {
        shell->add_screen("today", [this] { ui->kit().button("today.open", "today"); });
        shell->go("today");
    }
    Hash256 keep(const std::string& bytes) { return *laptop.store->blobs().add_bytes(bytes); }
    void look_at(std::vector<Hash256> files, std::size_t at = 0) {
        screens->ways().to_pictures(std::move(files), at);
        rest();
    }
};

}  // namespace

TEST_CASE("one after the other, by buttons and by keys, and back to where it was asked for") {
    PictureWorld world;
    const std::vector<Hash256> files{world.keep(photo(40, 30)), world.keep("%PDF-1.4 示例"),
                                     world.keep(encode_png(noise(30, 20)))};
    world.ui->kit().focus("today.open");
    world.ui->settle();
    world.look_at(files);
    CHECK(world.shell->current() == "picture");
    CHECK(world.ui->expect("picture.at").label == "第 1 个，共 3 个");
    CHECK(world.ui->expect("picture.told").label.find("40 x 30") == 0);
    CHECK(world.ui->expect("picture.told").label.find("2008-05-12 14:28   31.57, 107.1") !=
          std::string::npos);
    CHECK(world.ui->value("picture.view") == "100%");
    CHECK_FALSE(world.ui->expect("picture.previous").enabled);
    world.ui->click("picture.next");
    world.rest();
    // A file of another kind says what it is.
    CHECK(world.ui->expect("picture.none").label.find("PDF: ") == 0);
    CHECK_FALSE(world.ui->expect("picture.closer").enabled);
    world.ui->press("PageDown");
    world.rest();
    CHECK(world.ui->expect("picture.told").label.find("30 x 20") == 0);
    CHECK_FALSE(world.ui->expect("picture.next").enabled);
    world.ui->press("PageDown");
    CHECK(world.ui->expect("picture.at").label.find("第 3") == 0);
    world.ui->press("PageUp");
    world.ui->press("PageUp");
    world.rest();
    CHECK(world.ui->expect("picture.at").label.find("第 1") == 0);
    world.ui->kit().focus("picture.view");
    world.ui->settle();
    world.ui->press("Right");
    world.rest();
    CHECK(world.ui->expect("picture.at").label.find("第 2") == 0);
    world.ui->press("Escape");
    CHECK(world.shell->current() == "today");
    CHECK(world.ui->kit().focused() == "today.open");
    // Nothing large stays behind.
    CHECK(world.ui->textures().alive == 2);
}

TEST_CASE("closer and farther by wheel, buttons and keys; dragged, but never out of sight") {
    PictureWorld world;
    world.look_at({world.keep(photo(400, 300))});
    world.ui->wheel("picture.view", 1);
    CHECK(world.ui->value("picture.view") == "125%");
    world.ui->click("picture.closer");
    CHECK(world.ui->value("picture.view") == "156%");
    world.ui->click("picture.farther");
    CHECK(world.ui->value("picture.view") == "125%");
    world.ui->drag("picture.view", 200);
    world.ui->click("picture.fit");
    CHECK(world.ui->value("picture.view") == "100%");
    CHECK_FALSE(world.ui->expect("picture.fit").enabled);
    world.ui->kit().focus("picture.view");
    world.ui->settle();
    world.ui->type_on("+");
    world.ui->type_on("+");
    CHECK(world.ui->value("picture.view") == "156%");
    // Zoomed in, arrows move the picture and not the page.
    world.ui->press("Right");
    CHECK(world.ui->kit().focused() == "picture.view");
    world.ui->type_on("-");
    world.ui->type_on("0");
    CHECK(world.ui->value("picture.view") == "100%");
    for (int i = 0; i < 40; ++i) world.ui->wheel("picture.view", 1);
    CHECK(world.ui->value("picture.view") == "1600%");
}

TEST_CASE("more pixels are read when somebody looks closer than the screen shows") {
    PictureWorld world;
    const Hash256 hash = world.keep(encode_jpeg(noise(5000, 1000), 60, ""));
    world.look_at({hash});
    const auto before = world.ui->textures().last;
    CHECK(before == 2);  // the thumbnail, and what fits the screen
    for (int i = 0; i < 6; ++i) world.ui->wheel("picture.view", 1);
    world.rest();
    CHECK(world.ui->textures().last == before + 1);
    CHECK(world.ui->textures().alive == 2);
    for (int i = 0; i < 6; ++i) world.ui->wheel("picture.view", 1);
    world.rest();
    CHECK(world.ui->textures().last == before + 1);
}

TEST_CASE("a copy is saved under the name it had, where the person wants it") {
    PictureWorld world;
    fs::create_directories(world.home / "Documents");
    const std::string bytes = photo(40, 30);
    const fs::path source = world.picture("示例 桥.jpg", bytes);
    world.ui->click("nav.form");
    world.ui->click("form.hazard");
    world.screens->drop({source});
    world.rest();
    world.ui->click("field.photos.file.0");
    world.rest();
    CHECK(world.shell->current() == "picture");
    CHECK(world.ui->expect("picture.name").label == "示例 桥.jpg");
    world.ui->click("picture.save");
    world.rest();
    CHECK(world.ui->value("files.name") == "示例 桥.jpg");
    world.ui->click("files.place.documents");
    world.rest();
    world.ui->click("files.save");
    world.rest();
    CHECK(world.shell->current() == "picture");
    std::ifstream saved(world.home / "Documents" / "示例 桥.jpg", std::ios::binary);
    CHECK(std::string(std::istreambuf_iterator<char>(saved), {}) == bytes);
    CHECK(world.ui->has("toast.0"));
    world.ui->press("Escape");
    CHECK(world.shell->current() == "form");
    CHECK(world.ui->value("field.photos.count") == "1");
}

TEST_CASE("what is not here yet appears when it has come; what is damaged is told") {
    PictureWorld world;
    const std::string bytes = photo(44, 33);
    world.look_at({sha256(bytes), world.keep("\xff\xd8\xff broken")});
    CHECK(world.ui->has("picture.none"));
    CHECK_FALSE(world.ui->expect("picture.save").enabled);
    world.keep(bytes);
    world.ui->wait(4);
    world.rest();
    CHECK(world.ui->has("picture.view"));
    world.ui->click("picture.next");
    world.rest();
    CHECK(world.ui->expect("picture.none").label.find("图片打不开") == 0);
    CHECK(world.ui->expect("picture.save").enabled);
}

TEST_CASE("the viewer looks well in every language") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        PictureWorld world(language);
        const std::vector<Hash256> files{world.keep(photo(40, 30)), world.keep("%PDF-1.4"),
                                         sha256("none")};
        for (std::size_t at = 0; at < files.size(); ++at) {
            world.look_at(files, at);
            const std::string flaws = lines_of(world.ui->flaws());
            CHECK_MESSAGE(flaws.empty(), flaws);
        }
    }
}

}  // namespace zf::testing
