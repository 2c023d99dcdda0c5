// Attachments: the file first, then the record that names it.
#include <filesystem>
#include <fstream>

#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

std::string write_file(Laptop& laptop, const std::string& name, const std::string& content) {
    const auto path = laptop.folder.path / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string attach(const std::string& record, const std::string& file) {
    return R"({"do":"attach","record":")" + record + R"(","field":"photos","file":")" + file +
           "\"}";
}

}  // namespace

TEST_CASE("a file is attached under its hash, once, and written out again") {
    TestBureau bureau;
    Laptop laptop(bureau, 61);
    const std::string visit = laptop.create("visit", R"({"day":"2008-05-12"})");
    const std::string content("\xff\xd8\0 jpeg", 8);
    const std::string file = write_file(laptop, "照片 1.jpg", content);
    const Value attached = laptop.done(attach(visit, file));
    const std::string hash = text_part(attached, {"hash"});
    CHECK(hash == sha256(content).hex());
    CHECK(part(attached, {"bytes"}) == "8");
    CHECK(laptop.value(visit, "photos") == "[\"" + hash + "\"]");
    CHECK(laptop.changesets() == 2);
    // The same again is nothing new, another one stands beside it.
    laptop.done(attach(visit, file));
    CHECK(laptop.changesets() == 2);
    const Value second = laptop.done(attach(visit, write_file(laptop, "b.jpg", "second")));
    CHECK(laptop.get(visit).find("values")->find("photos")->list()->size() == 2);
    CHECK(part(laptop.done(R"({"do":"status"})"), {"unsent_attachments"}) == "2");

    const auto out = laptop.folder.path / "out.jpg";
    const Value written =
        laptop.done(R"({"do":"blob","hash":")" + hash + R"(","file":")" + out.string() + "\"}");
    CHECK(part(written, {"bytes"}) == "8");
    CHECK(read_file(out) == content);
    CHECK(laptop.refused(R"({"do":"blob","hash":")" + std::string(64, 'a') + R"(","file":")" +
                         out.string() + "\"}") == "not_found " + std::string(64, 'a'));
    // Removing one keeps the other.
    laptop.edit(visit, R"({"photos":[")" + text_part(second, {"hash"}) + R"("]})");
    CHECK(laptop.value(visit, "photos") == "[\"" + text_part(second, {"hash"}) + "\"]");
}

TEST_CASE("what cannot be attached leaves no copy behind") {
    TestBureau bureau;
    Laptop laptop(bureau, 62);
    const std::string visit = laptop.create("visit", R"({"day":"2008-05-12"})");
    const std::string file = write_file(laptop, "a.jpg", "content");
    const std::string folder = laptop.folder.path.string();
    CHECK(laptop.refused(attach(visit, folder)) == "not_found " + folder);
    laptop.done(R"({"do":"void","record":")" + visit + R"(","reason":"r"})");
    CHECK(laptop.refused(attach(visit, file)) == "voided record");
    CHECK_FALSE(laptop.store->blobs().has(sha256("content")));
}
