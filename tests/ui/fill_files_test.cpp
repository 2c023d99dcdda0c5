// Photos and files in a form: chosen, dropped, pasted; made smaller or kept; what a photo offers;
// nothing is lost when the form is saved, left or killed meanwhile.
#include "client/app/photo_copy.h"
#include "tests/ui/files_world.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

std::vector<Hash256> files_in(FilesWorld& world, const std::string& path) {
    std::vector<Hash256> hashes;
    const FillBox* box = world.fill->current()->find(path);
    REQUIRE(box != nullptr);
    if (!box->value.list()) return hashes;
    for (const Value& element : *box->value.list()) {
        hashes.push_back(*parse_hash256(*element.text()));
    }
    return hashes;
}

std::string bytes_of(FilesWorld& world, const Hash256& hash) {
    const auto bytes = world.laptop.store->blobs().read(hash, 0, 64u << 20);
    REQUIRE(bytes.has_value());
    return *bytes;
}

/// Larger than the copies that travel, from a camera that was held upright.
std::string large_photo() {
    static const std::string photo_bytes = [] {
        const std::string exif = read_jpeg_header(photo(8, 8, 6))->exif;
        return encode_jpeg(noise(2200, 1100), 95, exif);
    }();
    return photo_bytes;
}

}  // namespace

TEST_CASE("photos are chosen in the browser, copied on the worker, and saved with the record") {
    FilesWorld world;
    const std::string bytes = photo(64, 48);
    world.picture("示例 照片.jpg", bytes);
    world.picture("二.jpg", photo(32, 32), 1);
    world.ui->click("form.hazard");
    world.ui->click("field.photos");
    world.rest();
    CHECK(world.shell->current() == "files");
    world.ui->click("row.示例 照片.jpg");
    world.ui->click("row.二.jpg");
    world.ui->click("files.choose");
    world.rest();
    CHECK(world.ui->value("field.photos.count") == "2");
    CHECK(world.ui->kit().focused() == "field.photos");
    CHECK(world.ui->value("field.photos.file.0.told").find("示例 照片.jpg") == 0);
    CHECK(world.ui->textures().alive >= 2);
    const std::vector<Hash256> hashes = files_in(world, "photos");
    REQUIRE(hashes.size() == 2);
    // A small photo goes as it is.
    CHECK(bytes_of(world, hashes[0]) == bytes);
    CHECK_FALSE(world.ui->has("field.photos.file.0.keep.original"));
    const std::string record = world.fill->current()->record().text();
    world.ui->click("field.photos.file.1.remove");
    world.ui->click("action.save");
    CHECK(world.laptop.value(record, "photos") == "[\"" + hashes[0].hex() + "\"]");
    // After a restart the name is still known here.
    world.restart();
    world.look_at_home();
    world.screens->ways().to_edit(*parse_uuid(record), "photos");
    world.rest();
    CHECK(world.ui->value("field.photos.file.0.told").find("示例 照片.jpg") == 0);
}

TEST_CASE("a large photo travels as a smaller copy; the original is a press away") {
    FilesWorld world;
    const std::string bytes = large_photo();
    const fs::path file = world.picture("大.jpg", bytes);
    world.ui->click("form.hazard");
    world.screens->drop({file});
    world.rest();
    std::vector<Hash256> hashes = files_in(world, "photos");
    REQUIRE(hashes.size() == 1);
    const std::string copy = bytes_of(world, hashes[0]);
    CHECK(copy.size() < bytes.size() * 4 / 5);
    const auto facts = read_image_facts(copy);
    REQUIRE(facts.has_value());
    CHECK(facts->width == 800);
    CHECK(facts->height == 1600);
    CHECK(facts->camera.orientation == 1);
    CHECK(facts->camera.taken == "2008-05-12T14:28:04");
    CHECK(facts->camera.place->lon == "107.1");
    // Both sizes are told.
    const std::string told = world.ui->value("field.photos.file.0.told");
    CHECK(told.find("大.jpg") == 0);
    CHECK(told.find("MB") != std::string::npos);
    CHECK(told.find("缩小为") != std::string::npos);

    world.ui->click("field.photos.file.0.keep.both");
    world.rest();
    hashes = files_in(world, "photos");
    REQUIRE(hashes.size() == 2);
    CHECK(bytes_of(world, hashes[1]) == bytes);
    world.ui->click("field.photos.file.0.keep.original");
    world.rest();
    hashes = files_in(world, "photos");
    REQUIRE(hashes.size() == 1);
    CHECK(bytes_of(world, hashes[0]) == bytes);
    world.ui->click("field.photos.file.0.keep.reduced");
    world.rest();
    CHECK(bytes_of(world, files_in(world, "photos").at(0)) == copy);

    // What is set for the laptop holds for the next one, and after a restart.
    world.ui->click("field.photos.keep.original");
    CHECK(photo_keep(world.laptop.store->db()) == PhotoKeep::original);
    world.ui->click("field.photos.file.0.remove");
    world.screens->drop({file});
    world.rest();
    CHECK(bytes_of(world, files_in(world, "photos").at(0)) == bytes);
    // The source may be gone when somebody changes their mind: nothing is lost then.
    fs::remove(file);
    world.ui->click("field.photos.file.0.keep.reduced");
    world.rest();
    CHECK(world.ui->has("toast.0"));
    CHECK(bytes_of(world, files_in(world, "photos").at(0)) == bytes);
}

TEST_CASE("files that are no photos go as they are, whatever is set") {
    FilesWorld world;
    const std::string bytes = large_photo();
    world.ui->click("form.complaint");
    world.screens->drop({world.picture("证据.jpg", bytes), world.picture("说明.pdf", "%PDF-1.4")});
    world.rest();
    const std::vector<Hash256> hashes = files_in(world, "files");
    REQUIRE(hashes.size() == 2);
    CHECK(bytes_of(world, hashes[0]) == bytes);
    CHECK_FALSE(world.ui->has("field.files.keep.original"));
    CHECK(world.ui->value("field.files.file.1.told").find("说明.pdf") == 0);
}

TEST_CASE("copied files are pasted by key and by button, as paths or addresses") {
    FilesWorld world;
    const fs::path one = world.picture("一 一.jpg", photo(20, 20));
    const fs::path two = world.picture("二.jpg", photo(21, 21));
    world.ui->click("form.hazard");
    world.ui->kit().focus("field.photos");
    world.ui->settle();
    world.ui->copy_to_clipboard("file://" + one.parent_path().string() +
                                "/%E4%B8%80%20%E4%B8%80.jpg\r\n");
    world.ui->press("Ctrl+V");
    world.rest();
    CHECK(world.ui->value("field.photos.count") == "1");
    world.ui->copy_to_clipboard(one.string() + "\n" + two.string());
    world.ui->click("field.photos.paste");
    world.rest();
    // The same photo twice is one.
    CHECK(world.ui->value("field.photos.count") == "2");
    world.ui->copy_to_clipboard("just a text");
    world.ui->click("field.photos.paste");
    world.rest();
    CHECK(world.ui->value("field.photos.count") == "2");
    CHECK(world.ui->has("toast.0"));
    // Pasting into a text box stays what it was.
    world.ui->type("field.place_name", "");
    world.ui->press("Ctrl+V");
    world.rest();
    CHECK(world.ui->value("field.place_name") == "just a text");
    CHECK(world.ui->value("field.photos.count") == "2");
}

TEST_CASE("drops go to the box that was used last; without a form they are refused kindly") {
    FilesWorld world;
    const fs::path file = world.picture("一.jpg", photo(20, 20));
    world.screens->drop({file});
    world.ui->settle();
    CHECK(world.ui->has("toast.0"));
    world.ui->click("form.site_visit");
    world.screens->drop({file, world.home, "/no/such/file.jpg"});
    world.rest();
    CHECK(world.ui->value("field.photos.count") == "1");
    world.ui->kit().focus("field.signature");
    world.ui->settle();
    world.screens->drop({world.picture("签名.png", encode_png(noise(30, 10)))});
    world.rest();
    CHECK(world.ui->value("field.signature.count") == "1");
    discard(*world.ui);
    world.ui->click("form.meeting");
    discard(*world.ui);
    world.ui->click("form.pipeline_project");
    world.screens->drop({file});
    world.rest();
    CHECK(world.ui->has("toast.0"));
}

TEST_CASE("what a photo can say is offered, and written only when pressed") {
    FilesWorld world;
    world.ui->click("form.site_visit");
    world.ui->type("field.visit_date", "2008-05-01");
    world.screens->drop({world.picture("一.jpg", photo(20, 20))});
    world.rest();
    CHECK(world.ui->value("field.visit_date") == "2008-05-01");
    CHECK(world.ui->value("field.location").empty());
    world.ui->kit().focus("field.photos");
    world.ui->settle();
    for (int i = 0; i < 8 && world.ui->kit().focused() != "offer.photos.location"; ++i) {
        world.ui->press("Tab");
    }
    world.ui->press("Enter");
    CHECK(world.ui->value("field.location") == "31.57, 107.1, 13");
    CHECK_FALSE(world.ui->has("offer.photos.location"));
    world.ui->click("offer.photos.start_time");
    CHECK(world.ui->value("field.start_time") == "2008-05-12 14:28");
    world.ui->click("offer.photos.visit_date");
    CHECK(world.ui->value("field.visit_date") == "2008-05-12");
    // A photo that says nothing offers nothing.
    world.ui->click("field.photos.file.0.remove");
    world.ui->type("field.visit_date", "2008-05-01");
    world.screens->drop({world.picture("二.png", encode_png(noise(20, 20)))});
    world.rest();
    CHECK_FALSE(world.ui->has("offer.photos.visit_date"));
}

TEST_CASE("nothing is lost: saved at once, left, or killed while files are still copied") {
    FilesWorld world;
    const fs::path file = world.picture("一.jpg", photo(20, 20));
    world.shell->add_screen("today", [] {});
    // Saved at once: the save waits for the file.
    world.ui->click("form.hazard");
    const std::string record = world.fill->current()->record().text();
    world.screens->drop({file});
    world.ui->frame();
    world.ui->click("action.save");
    world.rest();
    CHECK(world.fill->current() == nullptr);
    CHECK(world.laptop.value(record, "photos").size() == 68);
    // Left at once: the draft has it.
    world.ui->click("form.hazard");
    const Uuid draft = world.fill->current()->draft();
    world.screens->drop({world.picture("二.jpg", photo(22, 22))});
    world.ui->click("action.back");
    world.rest();
    world.screens->ways().to_draft(draft);
    world.rest();
    CHECK(world.ui->value("field.photos.count") == "1");
    // Discarded: it is gone with the draft, without a word.
    world.screens->drop({world.picture("三.jpg", photo(23, 23))});
    world.ui->frame();
    discard(*world.ui);
    world.rest();
    CHECK(Draft::list(*world.laptop.store).empty());
    // Killed after it was there.
    world.ui->click("form.hazard");
    world.screens->drop({file});
    world.rest();
    world.restart();
    REQUIRE(world.fill->reopen_where_left());
    world.rest();
    CHECK(world.ui->value("field.photos.count") == "1");
}

TEST_CASE("boxes of photos look well in every language and at every size") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        for (const float scale : {1.0F, 1.5F}) {
            FilesWorld world(language, {ui::ThemeKind::light, scale});
            world.ui->click("form.site_visit");
            world.screens->drop({world.picture("很长很长很长很长的照片文件名字.jpg", large_photo()),
                                 world.picture("二.jpg", photo(64, 64)),
                                 world.picture("坏.jpg", "no picture")});
            world.rest();
            CHECK(world.ui->value("field.photos.count") == "3");
            const std::string flaws = lines_of(world.ui->flaws());
            CHECK_MESSAGE(flaws.empty(), flaws);
        }
    }
}

TEST_CASE("photos are added by keyboard alone") {
    FilesWorld world;
    world.picture("一.jpg", photo(20, 20));
    world.ui->click("form.hazard");
    world.ui->kit().focus("field.photos");
    world.ui->settle();
    world.ui->press("Enter");
    world.rest();
    CHECK(world.ui->kit().focused() == "row.一.jpg");
    world.ui->press("Enter");
    world.ui->press("Tab");
    world.ui->press("Tab");
    CHECK(world.ui->kit().focused() == "files.choose");
    world.ui->press("Enter");
    world.rest();
    CHECK(world.ui->value("field.photos.count") == "1");
    CHECK(world.ui->kit().focused() == "field.photos");
}

}  // namespace zf::testing
