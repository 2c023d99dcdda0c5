// Text forms of identities and the published vectors of the hashes behind them.
#include "common/base/ids.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace zf;

const std::string uuid_text = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";
const std::string device_hex = "00112233445566778899aabbccddeeff";

TEST_CASE("uuid: printed as it was read, in lower case") {
    const auto uuid = parse_uuid(uuid_text);
    REQUIRE(uuid);
    CHECK(uuid->text() == uuid_text);
    CHECK(uuid->bytes[0] == 0x6b);
    CHECK(uuid->bytes[15] == 0xc8);
    CHECK(parse_uuid("6BA7B811-9DAD-11D1-80B4-00C04FD430C8") == uuid);
    CHECK(Uuid{}.text() == "00000000-0000-0000-0000-000000000000");
    CHECK(Uuid{}.is_nil());
    CHECK_FALSE(uuid->is_nil());
}

TEST_CASE("uuid: anything else is nothing") {
    for (const std::string bad : {
             "",
             "6ba7b811",
             "6ba7b8119dad11d180b400c04fd430c8",
             "6ba7b811-9dad-11d1-80b4-00c04fd430c",    // a digit short
             "6ba7b811-9dad-11d1-80b4-00c04fd430c88",  // one too many
             "6ba7b811-9dad-11d1-80b4-00c04fd430cg",
             "6ba7b81-19dad-11d1-80b4-00c04fd430c8",
             "6ba7b811-9dad-11d1-80b4_00c04fd430c8",
             "{6ba7b811-9dad-11d1-80b4-00c04fd430c}",
             "6ba7b811-9dad-11d1-80b4-00c04fd430c ",
             " 6ba7b811-9dad-11d1-80b4-00c04fd430c",
             "6ba7b811-9dad-11d1-80b4-00c04fd430\xff\xff",
         }) {
        CAPTURE(bad);
        CHECK_FALSE(parse_uuid(bad));
    }
    // Every single place rejects a character that does not belong there.
    for (std::size_t i = 0; i < uuid_text.size(); ++i) {
        for (const char c : {'g', '-', '/', ':', '@', '`', '\0'}) {
            if (uuid_text[i] == c) continue;
            std::string bad = uuid_text;
            bad[i] = c;
            CAPTURE(bad);
            CHECK_FALSE(parse_uuid(bad));
        }
    }
}

TEST_CASE("uuid: order of the bytes is order of the text") {
    std::vector<Uuid> uuids;
    for (const std::size_t place : {0U, 3U, 4U, 6U, 9U, 15U}) {
        for (const int byte : {1, 0x0f, 0x10, 0x7f, 0x80, 0xa0, 0xff}) {
            Uuid uuid;
            uuid.bytes[place] = static_cast<std::uint8_t>(byte);
            uuids.push_back(uuid);
        }
    }
    for (const Uuid& a : uuids) {
        for (const Uuid& b : uuids) CHECK((a < b) == (a.text() < b.text()));
    }
}

TEST_CASE("uuid version 5: vectors") {
    const auto space = parse_uuid(uuid_text);
    REQUIRE(space);
    const auto v5 = [&](std::string_view name) { return uuid_v5(*space, name).text(); };
    CHECK(v5("pingchang-2008h1/ent-01") == "d5010848-d9f3-5a11-8b2c-9dc88fc78a6e");
    CHECK(v5("") == "1b4db7eb-4057-5ddf-91e0-36dec72071f5");
    CHECK(v5("平昌") == "fbb94578-0b1e-5612-9a72-312b2305a280");
    // RFC 9562, appendix A.4.
    const auto dns = parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    REQUIRE(dns);
    CHECK(uuid_v5(*dns, "www.example.com").text() == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST_CASE("uuid version 7: vector and order in time") {
    // RFC 9562, appendix A.6: 2022-02-22T19:22:22.00Z.
    const std::array<std::uint8_t, 10> random{0x0c, 0xc3, 0x18, 0xc4, 0xdc,
                                              0x0c, 0x0c, 0x07, 0x39, 0x8f};
    CHECK(uuid_v7(1645557742000, random).text() == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    std::array<std::uint8_t, 10> ones{};
    ones.fill(0xff);
    CHECK(uuid_v7(5, ones).text() == "00000000-0005-7fff-bfff-ffffffffffff");
    CHECK(uuid_v7(1000, ones) < uuid_v7(1001, {}));
    CHECK(uuid_v7(-1, {}).text() == "00000000-0000-7000-8000-000000000000");
}

TEST_CASE("hashes: published vectors") {
    CHECK(blake2b("").hex() == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    CHECK(blake2b("abc").hex() ==
          "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    CHECK(sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc").hex() ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("blake2b: parts give what the whole gives, wherever it is cut") {
    const std::string data(1000, 'a');
    const Hash256 whole = blake2b(data);
    CHECK(whole.hex() == "e00b0ddbf1e2cdaf5c898e1a5e8826ea3a2c339bcf2a478da2e5fca9ff126672");
    for (const std::size_t cut : {0U, 1U, 127U, 128U, 129U, 255U, 256U, 999U, 1000U}) {
        Blake2b hash;
        hash.add(std::string_view(data).substr(0, cut));
        hash.add(std::string_view(data).substr(cut));
        CAPTURE(cut);
        CHECK(hash.finish() == whole);
    }
    CHECK(Blake2b().finish() == blake2b(""));
}

TEST_CASE("hash text: 64 hex digits of either case") {
    const Hash256 hash = blake2b("abc");
    std::string upper = hash.hex();
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
    CHECK(parse_hash256(hash.hex()) == hash);
    CHECK(parse_hash256(upper) == hash);
    CHECK_FALSE(parse_hash256(""));
    CHECK_FALSE(parse_hash256(hash.hex().substr(1)));
    CHECK_FALSE(parse_hash256(hash.hex() + "0"));
    CHECK_FALSE(parse_hash256("../" + hash.hex().substr(3)));
}

TEST_CASE("device id: 32 hex digits") {
    const auto device = parse_device_id(device_hex);
    REQUIRE(device);
    CHECK(device->hex() == device_hex);
    CHECK(device->bytes[1] == 0x11);
    CHECK_FALSE(parse_device_id(device_hex.substr(2)));
    CHECK_FALSE(parse_device_id(device_hex + "00"));
    CHECK_FALSE(parse_device_id("0x112233445566778899aabbccddeeff"));
}

TEST_CASE("dot: one text for each dot") {
    const auto device = parse_device_id(device_hex);
    REQUIRE(device);
    const std::vector<Dot> dots{
        {*device, 1, 0}, {*device, 42, 7}, {*device, 9'223'372'036'854'775'807, 2'147'483'647}};
    for (const Dot& dot : dots) {
        CAPTURE(dot_text(dot));
        CHECK(parse_dot(dot_text(dot)) == dot);
    }
    CHECK(dot_text(dots[1]) == device_hex + ":42:7");
    CHECK(dot_text(dots[2]) == device_hex + ":9223372036854775807:2147483647");
    CHECK(Dot{*device, 2, 0} < Dot{*device, 10, 0});
}

TEST_CASE("dot: anything else is nothing") {
    for (const std::string& bad : std::vector<std::string>{"",
                                                           device_hex,
                                                           device_hex + ":",
                                                           device_hex + ":1",
                                                           device_hex + ":1:",
                                                           device_hex + "::0",
                                                           device_hex + ":0:0",
                                                           device_hex + ":-1:0",
                                                           device_hex + ":1:-1",
                                                           device_hex + ":01:0",
                                                           device_hex + ":1:00",
                                                           device_hex + ":+1:0",
                                                           device_hex + ":1:0 ",
                                                           device_hex + ": 1:0",
                                                           device_hex + ":1:0:0",
                                                           device_hex + ":1.0:0",
                                                           device_hex + ":9223372036854775808:0",
                                                           device_hex + ":1:2147483648",
                                                           device_hex.substr(1) + ":1:0",
                                                           device_hex + "1:1:0",
                                                           std::string(31, '0') + "z:1:0"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_dot(bad));
    }
}

TEST_CASE("hex: every byte there and back") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    const std::string hex = hex_of(bytes);
    CHECK(hex.substr(0, 8) == "00010203");
    CHECK(hex.substr(508) == "feff");
    CHECK(bytes_of_hex(hex) == bytes);
    CHECK(bytes_of_hex("DEADbeef") == std::string("\xde\xad\xbe\xef"));
    CHECK(bytes_of_hex("") == std::string());
    for (const std::string bad : {"0", "abc", "0g", "g0", " 0", "0x", "é"}) {
        CAPTURE(bad);
        CHECK_FALSE(bytes_of_hex(bad));
    }
}

TEST_CASE("base64: RFC 4648 vectors, URL-safe and without padding") {
    const std::vector<std::pair<std::string, std::string>> vectors{
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
        {"\xff\xef", "_-8"}};
    for (const auto& [bytes, text] : vectors) {
        CAPTURE(text);
        CHECK(base64_of(bytes) == text);
        CHECK(bytes_of_base64(text) == bytes);
    }
    // Padding, the other alphabet, a lone digit, bits that belong to no byte, white space.
    for (const std::string bad :
         {"Zg==", "+//+", "Z", "Zm9vY", "Zh", "Zm9", "Zm 8", "Zg\n", "Zg="}) {
        CAPTURE(bad);
        CHECK_FALSE(bytes_of_base64(bad));
    }
    int digits = 0;
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text = std::string("AA") + static_cast<char>(byte) + "A";
        const auto bytes = bytes_of_base64(text);
        if (!bytes) continue;
        ++digits;
        CAPTURE(byte);
        CHECK(base64_of(*bytes) == text);
    }
    CHECK(digits == 64);
}

}  // namespace
