#include <doctest/doctest.h>

#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct BlobWorld : ApiWorld {
    BlobWorld() {
        put_staff("zhang");
        laptop.enrol();
    }
    RawLaptop laptop{*this, "zhang"};

    Response put(const std::string& name, std::int64_t offset, std::int64_t total,
                 std::string chunk) {
        Request request = request_of("PUT", "/v1/blobs/" + name, std::move(chunk));
        request.query = {{"offset", std::to_string(offset)}, {"total", std::to_string(total)}};
        return laptop.send(std::move(request));
    }
    Response get(const std::string& name, std::int64_t offset) {
        Request request = request_of("GET", "/v1/blobs/" + name);
        request.query = {{"offset", std::to_string(offset)}};
        return laptop.send(std::move(request));
    }
    std::vector<MissingBlob> missing(const std::vector<std::string>& hashes) {
        const Response response =
            laptop.send(request_of("POST", "/v1/blobs/missing", encode_hashes(hashes)));
        ZF_ASSERT(response.status == 200);
        return *decode_missing(response.body);
    }
};

}  // namespace

TEST_CASE("a blob travels up in chunks, can be gone on with, and comes down again") {
    BlobWorld world;
    std::string content(2'500'000, '\0');
    for (std::size_t i = 0; i < content.size(); ++i) {
        content[i] = static_cast<char>((i * 7 + i / 251) & 0xff);
    }
    const std::string name = sha256(content).hex();
    const auto total = static_cast<std::int64_t>(content.size());
    REQUIRE(world.missing({name}).size() == 1);
    CHECK(world.missing({name})[0].received == 0);
    CHECK(slug_of(world.get(name, 0)) == "not_found");

    CHECK(slug_of(world.put(name, 0, total, content.substr(0, 1'000'000))) == "ok");
    CHECK(world.missing({name})[0].received == 1'000'000);
    CHECK(slug_of(world.get(name, 0)) == "not_found");
    CHECK(slug_of(world.put(name, 2'000'000, total, content.substr(2'000'000))) != "ok");
    CHECK(world.missing({name})[0].received == 1'000'000);
    CHECK(slug_of(world.put(name, 1'000'000, total, content.substr(1'000'000, 1'000'000))) == "ok");
    const Response last = world.put(name, 2'000'000, total, content.substr(2'000'000));
    REQUIRE(slug_of(last) == "ok");
    CHECK(*parse_json(last.body)->find("complete")->boolean());
    CHECK(*parse_json(last.body)->find("received")->integer() == total);
    CHECK(world.missing({name}).empty());

    std::string fetched;
    while (fetched.size() < content.size()) {
        const Response chunk = world.get(name, static_cast<std::int64_t>(fetched.size()));
        REQUIRE(slug_of(chunk) == "ok");
        CHECK(chunk.headers.at(std::string(blob_total_header)) == std::to_string(total));
        REQUIRE(chunk.body.size() <= BlobStore::chunk_bytes_max);
        REQUIRE_FALSE(chunk.body.empty());
        fetched += chunk.body;
    }
    CHECK(fetched == content);
    // Sent again: it is here already.
    CHECK(slug_of(world.put(name, 0, total, content.substr(0, 1000))) == "ok");
}

TEST_CASE("names, sizes and contents that are refused") {
    BlobWorld world;
    const std::string content = "a picture";
    const std::string name = sha256(content).hex();
    const std::string other(64, 'a');
    for (const std::string& bad :
         {std::string("abc"), name + "0", std::string(64, 'g'), std::string(64, '.'),
          std::string("..%2f..%2fkeys%2fbureau.key")}) {
        CAPTURE(bad);
        CHECK(slug_of(world.get(bad, 0)) == "malformed");
        CHECK(slug_of(world.put(bad, 0, 9, content)) == "malformed");
    }
    CHECK(slug_of(world.put(name, 0, BlobStore::blob_bytes_max + 1, content)) == "too_large");
    CHECK(slug_of(world.put(name, 0, 4'000'000,
                            std::string(BlobStore::chunk_bytes_max + 1, 'x'))) == "too_large");
    CHECK(slug_of(world.put(other, 0, 9, content)) == "damaged");
    CHECK(world.missing({other})[0].received == 0);
    Request no_total = request_of("PUT", "/v1/blobs/" + name, content);
    CHECK(slug_of(world.laptop.send(no_total)) == "missing_argument");
    CHECK(slug_of(world.laptop.send(
              request_of("POST", "/v1/blobs/missing", encode_hashes({"xyz"})))) == "malformed");
    CHECK(slug_of(world.laptop.send(
              request_of("POST", "/v1/blobs/missing",
                         encode_hashes(std::vector<std::string>(10'001, name))))) == "too_large");
    CHECK(world.missing({name, other}).size() == 2);
}

}  // namespace zf::testing
