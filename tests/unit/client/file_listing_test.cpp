// Folders as the file browser shows them, places to begin at, pasted paths, kinds of files.
#include "client/app/file_listing.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>

#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

/// A file as old as if all of them had been written at one moment: what the test takes itself must
/// not be among its minutes.
void put(const fs::path& file, const std::string& content = "x", int minutes_ago = 0) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    static const auto moment =
        std::chrono::time_point_cast<std::chrono::seconds>(fs::last_write_time(file));
    fs::last_write_time(file, moment - std::chrono::minutes(minutes_ago));
}

std::string names(const Result<Listing>& listing) {
    REQUIRE(listing.has_value());
    std::string text;
    for (const ListedFile& file : listing->files) text += file.name + " ";
    return text;
}

std::string told(const std::vector<FilePlace>& places) {
    std::string text;
    for (const FilePlace& place : places) text += place.kind + "=" + place.path.string() + " ";
    return text;
}

}  // namespace

TEST_CASE("a folder lists its folders first, then files in the order asked for") {
    ScratchFolder scratch;
    put(scratch.path / "b.jpg", "12345", 10);
    put(scratch.path / "a.JPEG", "1", 30);
    put(scratch.path / "c.pdf", "123", 20);
    put(scratch.path / "照片 二.png", "12", 5);
    put(scratch.path / ".hidden.jpg");
    fs::create_directories(scratch.path / "z 文件夹");
    fs::create_symlink("/no/such/place", scratch.path / "gone.jpg");

    const auto newest = list_folder(scratch.path, FileFilter::pictures, FileOrder::newest);
    CHECK(names(newest) == "z 文件夹 照片 二.png b.jpg a.JPEG ");
    CHECK(newest->left_out == 1);
    const auto all = list_folder(scratch.path, FileFilter::all, FileOrder::by_name);
    CHECK(names(all) == "z 文件夹 a.JPEG b.jpg c.pdf 照片 二.png ");
    CHECK(all->left_out == 0);
    CHECK(all->files[0].kind == FileKind::folder);
    CHECK(all->files[2].bytes == 5);
    CHECK(all->files[3].kind == FileKind::pdf);
    CHECK(all->files[2].changed_ms - all->files[1].changed_ms == 20 * 60 * 1000);
}

TEST_CASE("what is no folder is told") {
    ScratchFolder scratch;
    put(scratch.path / "file");
    for (const fs::path& path : {scratch.path / "none", scratch.path / "file"}) {
        const auto listing = list_folder(path, FileFilter::all, FileOrder::by_name);
        REQUIRE_FALSE(listing.has_value());
        CHECK(listing.error().code == ErrorCode::not_found);
    }
}

TEST_CASE("places: drives that hold something first, then folders as the desktop names them") {
    ScratchFolder scratch;
    const fs::path home = scratch.path / "home", media = scratch.path / "media";
    put(media / "li" / "U盘" / "a.jpg");
    fs::create_directories(media / "li" / "empty");
    fs::create_directories(home / "图片");
    fs::create_directories(home / "Desktop");
    put(home / ".config" / "user-dirs.dirs",
        "# made by the "
        "desktop\nXDG_PICTURES_DIR=\"$HOME/图片\"\nXDG_DOWNLOAD_DIR=\"$HOME/none\"\n");
    CHECK(told(find_places(home, {media / "li", media})) ==
          "drive=" + (media / "li" / "U盘").string() + " pictures=" + (home / "图片").string() +
              " desktop=" + (home / "Desktop").string() + " home=" + home.string() + " ");
    CHECK(told(find_places(scratch.path / "none", {})).empty());
}

TEST_CASE("pasted texts name files as file managers write them") {
    const auto files = files_in_text(
        "copy\nfile:///home/li/%E7%85%A7%E7%89%87%201.jpg\r\nfile://localhost/a.png\n"
        "# a note\n'/b c/d.jpg'\n  /plain/\xE7\x85\xA7.jpg  "
        "\nrelative.jpg\nhttp://x/y.jpg\nfile://\n"
        "file:///100%.jpg");
    std::string text;
    for (const fs::path& file : files) text += file.string() + "\n";
    CHECK(text == "/home/li/照片 1.jpg\n/a.png\n/b c/d.jpg\n/plain/照.jpg\n/100%.jpg\n");
    CHECK(files_in_text("").empty());
    CHECK(files_in_text("file:///a%00b").empty());
}

TEST_CASE("kinds of files by name and by content") {
    CHECK(kind_by_name("照片.JPG") == FileKind::picture);
    CHECK(kind_by_name("a.b/请示.docx") == FileKind::document);
    CHECK(kind_by_name("表.et") == FileKind::sheet);
    CHECK(kind_by_name("none") == FileKind::other);
    CHECK(kind_by_content("\xff\xd8\xff\xe0") == FileKind::picture);
    CHECK(kind_by_content("%PDF-1.7") == FileKind::pdf);
    CHECK(kind_by_content(std::string("PK\x03\x04...word/document.xml")) == FileKind::document);
    CHECK(kind_by_content(std::string("PK\x03\x04...a.txt")) == FileKind::archive);
    CHECK(kind_by_content("汉字") == FileKind::text);
    CHECK(kind_by_content(std::string("汉字").substr(0, 5)) == FileKind::text);
    CHECK(kind_by_content(std::string("a\0b", 3)) == FileKind::other);
    CHECK(kind_by_content("") == FileKind::other);
}

}  // namespace zf::testing
