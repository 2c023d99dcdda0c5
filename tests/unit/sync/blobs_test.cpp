// Attachments in a sync: both ways, resumed at the byte, one bad one in the way of none.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "tests/unit/sync/sync_world.h"

namespace zf::testing {
namespace {

constexpr std::size_t mib = 1u << 20;

struct Pair {
    Office office;
    Laptop a{office, "li", 1};
    Laptop b{office, "wang", 2};

    Pair() {
        REQUIRE(a.sync().has_value());
        REQUIRE(b.sync().has_value());
    }
};

std::string picture(std::size_t bytes, std::uint64_t seed) {
    ManualEnv env(seed);
    std::string content(bytes, '\0');
    env.fill_random({reinterpret_cast<std::uint8_t*>(content.data()), content.size()});
    return content;
}

Hash256 attach(Laptop& laptop, const std::string& content) {
    const auto hash = laptop.blobs().add_bytes(content);
    REQUIRE(hash.has_value());
    laptop.create(
        "article",
        {{"title", "t"}, {"submitted_on", "2008-05-12"}, {"body", List{Value(hash->hex())}}});
    return *hash;
}

std::int64_t count(Laptop& laptop, const std::string& method, const std::function<void()>& work) {
    std::int64_t found = 0;
    laptop.road.before = [&](const Request& request) -> Result<void> {
        found += request.method == method && request.path.starts_with("/v1/blobs/") &&
                 request.path != "/v1/blobs/missing";
        return {};
    };
    work();
    laptop.road.before = {};
    return found;
}

}  // namespace

TEST_CASE("the newest attachments go first, both ways") {
    Pair pair;
    std::vector<std::string> wanted;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        wanted.push_back("/v1/blobs/" + attach(pair.a, picture(1000, seed)).hex());
        pair.a.env.set_now_ms(pair.a.env.now_ms() + 60'000);
    }
    std::reverse(wanted.begin(), wanted.end());
    for (Laptop* laptop : {&pair.a, &pair.b}) {
        std::vector<std::string> gone;
        laptop->road.before = [&](const Request& request) -> Result<void> {
            const bool is_content = request.method == "PUT" || request.method == "GET";
            if (is_content && request.path.starts_with("/v1/blobs/")) gone.push_back(request.path);
            return {};
        };
        REQUIRE(laptop->sync().has_value());
        CHECK(gone == wanted);
    }
}

TEST_CASE("attachments follow their records to everybody, and only once") {
    Pair pair;
    const std::string content = picture(3 * mib + 5, 1);
    const Hash256 hash = attach(pair.a, content);
    const Hash256 empty = attach(pair.a, "");
    const auto sent = pair.a.sync();
    REQUIRE(sent.has_value());
    CHECK(sent->blobs_sent == 2);
    CHECK(pair.office.store().blobs().has(hash));
    const auto got = pair.b.sync();
    REQUIRE(got.has_value());
    CHECK(got->blobs_fetched == 2);
    CHECK(*pair.b.blobs().read(hash, 0, 4 * mib) == content);
    CHECK(pair.b.blobs().has(empty));
    CHECK(got->attachment_errors.empty());
    // Afterwards nobody asks about them any more.
    for (Laptop* laptop : {&pair.a, &pair.b}) {
        laptop->road.before = [](const Request& request) -> Result<void> {
            CHECK_FALSE(request.path.starts_with("/v1/blobs"));
            return {};
        };
        REQUIRE(laptop->sync().has_value());
    }
}

TEST_CASE("a broken transfer goes on where it stopped, in both directions") {
    Pair pair;
    const Hash256 hash = attach(pair.a, picture(4 * mib, 2));
    int chunks = 0;
    const auto breaks_at_third = [&](const Request& request, Response&) -> Result<void> {
        if (chunks >= 3) return broken_line();
        if (request.path == "/v1/blobs/" + hash.hex() && ++chunks == 3) return broken_line();
        return {};
    };
    pair.a.road.after = breaks_at_third;
    CHECK_FALSE(pair.a.sync().has_value());
    pair.a.road.after = {};
    // The third chunk had arrived; its answer was lost.
    CHECK(count(pair.a, "PUT", [&] { REQUIRE(pair.a.sync().has_value()); }) == 1);
    CHECK(pair.office.store().blobs().has(hash));

    chunks = 0;
    pair.b.road.after = breaks_at_third;
    CHECK_FALSE(pair.b.sync().has_value());
    pair.b.road.after = {};
    CHECK(pair.b.blobs().partial_size(hash) == 2 * static_cast<std::int64_t>(mib));
    CHECK(count(pair.b, "GET", [&] { REQUIRE(pair.b.sync().has_value()); }) == 2);
    CHECK(pair.b.blobs().has(hash));
}

TEST_CASE("an attachment whose last answer was lost is not sent again, nor asked about for ever") {
    Pair pair;
    const Hash256 hash = attach(pair.a, picture(10, 7));
    bool is_broken = false;
    pair.a.road.after = [&](const Request& request, Response&) -> Result<void> {
        is_broken |= request.path == "/v1/blobs/" + hash.hex();
        if (is_broken) return broken_line();
        return {};
    };
    CHECK_FALSE(pair.a.sync().has_value());
    pair.a.road.after = {};
    CHECK(count(pair.a, "PUT", [&] { REQUIRE(pair.a.sync().has_value()); }) == 0);
    CHECK(pair.a.log().open_attachments().empty());
}

TEST_CASE("an attachment that has not arrived yet is fetched when it has") {
    Pair pair;
    const Hash256 hash = attach(pair.a, picture(10, 3));
    pair.a.road.before = [](const Request& request) -> Result<void> {
        if (request.path.starts_with("/v1/blobs")) return broken_line();
        return {};
    };
    CHECK_FALSE(pair.a.sync().has_value());
    pair.a.road.before = {};
    const auto early = pair.b.sync();
    REQUIRE(early.has_value());
    CHECK(early->pulled == 1);
    CHECK(early->blobs_fetched == 0);
    CHECK(early->attachment_errors.empty());
    REQUIRE(pair.a.sync().has_value());
    const auto later = pair.b.sync();
    REQUIRE(later.has_value());
    CHECK(later->blobs_fetched == 1);
    CHECK(pair.b.blobs().has(hash));
}

TEST_CASE("an attachment damaged on this disk is reported and keeps no other one waiting") {
    Pair pair;
    const Hash256 bad = attach(pair.a, "a picture");
    const Hash256 good = attach(pair.a, picture(10, 4));
    {
        const auto file = pair.office.folder.path / "li" / "blobs" / bad.hex().substr(0, 2);
        std::ofstream(file / bad.hex(), std::ios::binary) << "A picture";
    }
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto report = pair.a.sync();
        REQUIRE(report.has_value());
        CHECK(report->blobs_sent == 1 - attempt);
        REQUIRE(report->attachment_errors.size() == 1);
        CHECK(report->attachment_errors[0].code == ErrorCode::damaged);
        CHECK(report->attachment_errors[0].where == "attachment " + bad.hex());
        CHECK(pair.office.store().blobs().has(good));
        CHECK_FALSE(pair.office.store().blobs().has(bad));
    }
}

TEST_CASE("a chunk changed on its way is noticed and fetched again") {
    Pair pair;
    const Hash256 hash = attach(pair.a, picture(2 * mib, 5));
    REQUIRE(pair.a.sync().has_value());
    bool changed = false;
    pair.b.road.after = [&](const Request& request, Response& response) -> Result<void> {
        if (request.path == "/v1/blobs/" + hash.hex() && !std::exchange(changed, true)) {
            response.body[0] ^= 1;
        }
        return {};
    };
    const auto first = pair.b.sync();
    REQUIRE(first.has_value());
    REQUIRE(first->attachment_errors.size() == 1);
    CHECK_FALSE(pair.b.blobs().has(hash));
    REQUIRE(pair.b.sync().has_value());
    CHECK(pair.b.blobs().has(hash));
}

TEST_CASE("a server that went back to a backup gets the attachments again, from whoever has them") {
    Pair pair;
    pair.office.make_backup();
    const Hash256 hash = attach(pair.a, picture(100, 6));
    REQUIRE(pair.a.sync().has_value());
    REQUIRE(pair.b.sync().has_value());
    pair.office.go_back();
    CHECK_FALSE(pair.office.store().blobs().has(hash));
    const auto report = pair.b.sync();
    REQUIRE(report.has_value());
    CHECK(report->blobs_sent == 1);
    CHECK(pair.office.store().blobs().has(hash));
}

}  // namespace zf::testing
