// The test vectors of docs/protocol.md, read from the page itself: what it promises to authors of
// other clients is what this program does.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/sign.h"
#include "common/codec/changeset_codec.h"

namespace zf {
namespace {

/// Lines of the code blocks in the section "Test vectors".
std::vector<std::string> vector_lines() {
    std::ifstream page(ZF_SOURCE_DIR "/docs/protocol.md");
    std::vector<std::string> lines;
    bool in_section = false, in_block = false;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("## ")) in_section = line == "## 15 Test vectors";
        if (!in_section) continue;
        if (line.starts_with("```")) {
            in_block = !in_block;
        } else if (in_block) {
            lines.push_back(line);
        }
    }
    return lines;
}

KeyPair vector_key() {
    std::array<std::uint8_t, 32> seed{};
    for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
    return KeyPair::from_seed(seed);
}

std::string joined(std::string name, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) {
        name.push_back('\0');
        name += part;
    }
    return name;
}

}  // namespace

TEST_CASE("the vectors of the protocol page are what this program makes") {
    const std::vector<std::string> lines = vector_lines();
    REQUIRE(lines.size() == 10);
    const KeyPair key = vector_key();
    const std::string public_key = key.public_key().hex();
    CHECK(lines[0] == "public key  " + public_key);
    CHECK(lines[1] == "device id   " + device_id_of(key.public_key()).hex());

    Hash256 previous;
    for (std::size_t i = 0; i < 2; ++i) {
        CAPTURE(i);
        const std::string& bytes = lines[2 + 3 * i];
        const auto changeset = decode_changeset(bytes);
        REQUIRE(changeset.has_value());
        CHECK(encode_changeset(*changeset) == bytes);
        CHECK(changeset->device == device_id_of(key.public_key()));
        CHECK(changeset->seq == static_cast<std::int64_t>(i) + 1);
        CHECK(changeset->previous == previous);
        const Hash256 hash = blake2b(bytes);
        CHECK(lines[3 + 3 * i] == hash.hex());
        CHECK(lines[4 + 3 * i] == base64_of(key.sign(signing_bytes(hash))));
        previous = hash;
    }
    CHECK(lines[8] ==
          base64_of(key.sign(joined("zoufang-enrol/1", {"7KQ2-M9XF-R4TD", public_key}))));
    CHECK(lines[9] == base64_of(key.sign(joined("zoufang-session/1", {"Y2hhbGxlbmdl"}))));
}

}  // namespace zf
