// Changesets made at random: what is written reads back as the same changeset, and bytes of which
// one was changed, added or lost are refused or are the canonical bytes of another changeset.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "common/codec/changeset_codec.h"

namespace zf {
namespace {

using Random = std::mt19937_64;

std::int64_t between(Random& random, std::int64_t first, std::int64_t last) {
    const auto span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first) + 1;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) +
                                     (span == 0 ? random() : random() % span));
}

bool one_in(Random& random, int n) {
    return between(random, 1, n) == 1;
}

template <class Id>
Id any_id(Random& random) {
    Id id;
    for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random());
    return id;
}

/// Texts with what JSON has to escape, and characters of one to four bytes.
std::string any_text(Random& random, std::int64_t length_max) {
    static const std::vector<std::string> pieces{"a", "Z",  "0",    "\"", "\\",     "/",  "\n",
                                                 " ", "\t", "\x01", "é",  "\u2028", "汶", "𠮷",
                                                 "{", "[",  ":",    ",",  "\x7f",   "\r"};
    std::string text;
    for (std::int64_t left = between(random, 0, length_max); left > 0; --left) {
        text += pieces[random() % pieces.size()];
    }
    return text;
}

/// Of fields: a-z, digits and _.
std::string any_name(Random& random) {
    static const std::string letters = "abcxyz0189_";
    std::string name = one_in(random, 8) ? "_" : "f";
    for (auto left = between(random, 0, one_in(random, 9) ? 63 : 6); left > 0; --left) {
        name.push_back(letters[random() % letters.size()]);
    }
    return name;
}

std::int64_t any_integer(Random& random) {
    static const std::vector<std::int64_t> edges{0, 1, -1, INT64_MAX, INT64_MIN, 1ll << 53};
    return one_in(random, 2) ? edges[random() % edges.size()] : between(random, -1000, 1000);
}

Value any_value(Random& random, int depth) {
    switch (between(random, 0, depth > 0 ? 6 : 4)) {
        case 0:
            return {};
        case 1:
            return one_in(random, 2);
        case 2:
            return any_integer(random);
        case 3:
        case 4:
            return any_text(random, 12);
        case 5: {
            List list;
            for (auto left = between(random, 0, 4); left > 0; --left) {
                list.push_back(any_value(random, depth - 1));
            }
            return list;
        }
        default: {
            Value object((Members()));
            for (auto left = between(random, 0, 4); left > 0; --left) {
                object.set(any_text(random, 3), any_value(random, depth - 1));
            }
            // As canonical text has them, so that what is read back is equal.
            std::sort(object.members()->begin(), object.members()->end(),
                      [](const auto& a, const auto& b) { return a.first < b.first; });
            return object;
        }
    }
}

/// Changesets of an author who has seen some other devices.
class Maker {
public:
    Maker(std::uint64_t seed, std::int64_t seq) : random_(seed), seq_(seq) {
        const auto seen = between(random_, 0, 4);
        for (std::int64_t i = 0; i <= seen; ++i) devices_.push_back(any_id<DeviceId>(random_));
    }

    Changeset make() {
        Changeset made;
        made.device = devices_[0];
        made.seq = seq_;
        if (seq_ > 1) made.previous = any_id<Hash256>(random_);
        made.hlc = {between(random_, 0, 2'000'000'000'000),
                    static_cast<std::int32_t>(between(random_, 0, INT32_MAX))};
        made.at_ms = any_integer(random_);
        made.user = "u" + any_text(random_, 5);
        const auto records = between(random_, 1, 3);
        for (std::int64_t i = 0; i < records; ++i) {
            made.records.push_back({any_id<Uuid>(random_), "f" + any_text(random_, 5),
                                    between(random_, 1, 1000), parents()});
        }
        // Each record is touched by some op, in the order of the records.
        for (std::int64_t i = 0; i < records; ++i) {
            for (auto left = between(random_, 1, 4); left > 0; --left) made.ops.push_back(op(i));
        }
        return made;
    }

private:
    /// Something from before this changeset.
    ChangesetRef ref() {
        const std::size_t of = random_() % devices_.size();
        return {devices_[of], between(random_, 1, of == 0 ? seq_ - 1 : 1'000'000)};
    }
    bool has_refs() const { return seq_ > 1 || devices_.size() > 1; }

    std::vector<ChangesetRef> parents() {
        std::set<ChangesetRef> all;
        for (auto left = between(random_, 0, 3); left > 0 && has_refs(); --left) {
            const ChangesetRef one = ref();
            if (one.seq >= 1 && (one.device != devices_[0] || seq_ > 1)) all.insert(one);
        }
        return {all.begin(), all.end()};
    }
    std::vector<Dot> dots(std::int64_t least) {
        std::set<Dot> all;
        for (auto left = between(random_, least, 4); left > 0 && has_refs(); --left) {
            const ChangesetRef one = ref();
            if (one.device == devices_[0] && seq_ == 1) continue;
            all.insert({one.device, one.seq, static_cast<std::int32_t>(between(random_, 0, 4095))});
        }
        return {all.begin(), all.end()};
    }
    Op op(std::int64_t record) {
        Op made;
        made.record = static_cast<decltype(made.record)>(record);
        made.field = one_in(random_, 6) ? "_void" : any_name(random_);
        made.supersedes = dots(0);
        if (made.supersedes.empty() || !one_in(random_, 4)) made.value = any_value(random_, 3);
        if (made.field == "_void") {
            made.value = Value(true);
            std::set<std::string> names;
            for (auto left = between(random_, 0, 3); left > 0; --left) {
                names.insert(any_name(random_));
            }
            for (const std::string& name : names) {
                auto seen = dots(1);
                if (!seen.empty()) made.saw.push_back({name, std::move(seen)});
            }
        }
        return made;
    }

    Random random_;
    std::int64_t seq_;
    std::vector<DeviceId> devices_;
};

/// What becomes of bytes that nobody wrote so. Whether they were accepted.
bool check_changed(const std::string& bytes) {
    const auto decoded = decode_changeset(bytes);
    if (decoded) {
        CHECK(encode_changeset(*decoded) == bytes);
        return true;
    }
    CHECK_FALSE(decoded.error().message.empty());
    return false;
}

}  // namespace

TEST_CASE("random changesets come back as they were written") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        Maker maker(seed, seed % 3 == 0 ? 1 : static_cast<std::int64_t>(seed));
        const Changeset made = maker.make();
        const std::string bytes = encode_changeset(made);
        const auto decoded = decode_changeset(bytes);
        const std::string told =
            decoded ? "" : decoded.error().message + " " + decoded.error().where;
        REQUIRE_MESSAGE(decoded.has_value(), told << ": " << bytes);
        CHECK(encode_changeset(*decoded) == bytes);
        CHECK(decoded->device == made.device);
        CHECK(decoded->previous == made.previous);
        CHECK(decoded->user == made.user);
        REQUIRE(decoded->ops.size() == made.ops.size());
        for (std::size_t i = 0; i < made.ops.size(); ++i) {
            CHECK(decoded->ops[i].record == made.ops[i].record);
            CHECK(decoded->ops[i].field == made.ops[i].field);
            CHECK(decoded->ops[i].supersedes == made.ops[i].supersedes);
            CHECK((decoded->ops[i].value == made.ops[i].value));
            CHECK(decoded->ops[i].saw == made.ops[i].saw);
        }
        CHECK(author_of(bytes) == made.device);
    }
}

TEST_CASE("a byte changed, added or lost never reads as the same changeset") {
    int accepted = 0, refused = 0;
    for (std::uint64_t seed = 1001; seed <= 1040; ++seed) {
        CAPTURE(seed);
        Maker maker(seed, 5);
        Random random(seed);
        const std::string bytes = encode_changeset(maker.make());
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            CAPTURE(at);
            std::string flipped = bytes, longer = bytes, shorter = bytes;
            flipped[at] =
                static_cast<char>(flipped[at] ^ static_cast<char>(between(random, 1, 255)));
            longer.insert(at, 1, static_cast<char>(random()));
            shorter.erase(at, 1);
            for (const std::string& changed : {flipped, longer, shorter}) {
                ++(check_changed(changed) ? accepted : refused);
            }
        }
    }
    // Both happen, or nothing was tested: a digit may become another, a bracket may not.
    CHECK(accepted > 1000);
    CHECK(refused > 1000);
}

}  // namespace zf
