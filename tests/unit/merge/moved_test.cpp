// What names changesets that moved to another chain names them there, in canonical order.
#include "common/merge/moved.h"

#include <doctest/doctest.h>

#include "common/codec/changeset_codec.h"
#include "common/codec/record_codec.h"
#include "tests/unit/merge/merge_world.h"

namespace zf::testing {
namespace {

const DeviceId former = device_number(5), other = device_number(3), fresh = device_number(1);

}  // namespace

TEST_CASE("places move after the fork and up to the last own one, and no others") {
    const Moved moved({{former, 4, 6, fresh, 10}, {fresh, 6, 7, other, 0}});
    struct Case {
        ChangesetRef from, to;
    };
    for (const Case& one : {
             Case{{former, 1}, {former, 1}},
             Case{{former, 4}, {former, 4}},
             Case{{former, 5}, {fresh, 11}},
             Case{{former, 6}, {fresh, 12}},
             Case{{former, 7}, {former, 7}},
             Case{{other, 5}, {other, 5}},
             Case{{fresh, 7}, {other, 1}},
             Case{{fresh, 11}, {fresh, 11}},
         }) {
        CHECK(moved.of(one.from) == one.to);
        const Dot dot = moved.of(Dot{one.from.device, one.from.seq, 3});
        CHECK(dot == Dot{one.to.device, one.to.seq, 3});
    }
}

TEST_CASE("a changeset that moves is canonical again, whatever it names") {
    Changeset changeset;
    changeset.device = former;
    changeset.seq = 6;
    changeset.user = "li";
    changeset.records.push_back({record_number(0), "sheet", 1, {{other, 2}, {former, 5}}});
    Op write;
    write.field = "_void";
    write.value = Value(true);
    write.supersedes = {{other, 2, 0}, {former, 4, 1}, {former, 5, 0}};
    write.saw = {{"count", {{other, 2, 0}, {former, 5, 1}}}, {"note", {{former, 4, 0}}}};
    changeset.ops.push_back(write);
    // From behind the others to before them.
    Moved({{former, 4, 6, fresh, 0}}).translate(changeset);
    CHECK(changeset.device == fresh);
    CHECK(changeset.seq == 2);
    CHECK(changeset.records[0].parents == std::vector<ChangesetRef>{{fresh, 1}, {other, 2}});
    CHECK(changeset.ops[0].supersedes ==
          std::vector<Dot>{{fresh, 1, 0}, {other, 2, 0}, {former, 4, 1}});
    CHECK(changeset.ops[0].saw[0].dots == std::vector<Dot>{{fresh, 1, 1}, {other, 2, 0}});
    CHECK(changeset.ops[0].saw[1].dots == std::vector<Dot>{{former, 4, 0}});
    const auto read = decode_changeset(encode_changeset(changeset));
    REQUIRE(read.has_value());
    CHECK(*read == changeset);
}

TEST_CASE("a document made of moved changesets is the moved document") {
    World world;
    world.edit(5, {}, {{"count", 1}, {"note", "a"}});
    world.edit(5, {0}, {{"count", 2}});
    world.edit(3, {0}, {{"count", 3}, {"amount", "1.5"}});
    world.edit(5, {0, 1, 2}, {{"note", "b"}});
    world.review(3, {0, 1, 2, 3}, ReviewKind::approved);
    world.submit(5, {0, 1, 2, 3, 4});
    RecordDoc doc = world.view_all();
    // Device 5 leaves its name after its first changeset and sorts before the others afterwards.
    const Moved moved({{device_number(5), 1, 99, device_number(0), 0}});
    for (Changeset& changeset : world.changesets) moved.translate(changeset);
    moved.translate(doc);
    CHECK(encode_record(doc) == encode_record(world.view_all()));
    CHECK(decode_record(encode_record(doc)).has_value());
}

}  // namespace zf::testing
