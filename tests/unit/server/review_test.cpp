#include "server/review.h"

#include <doctest/doctest.h>

#include "common/merge/record_view.h"
#include "common/store/arrival.h"
#include "server/figures.h"
#include "server/store/secret_text.h"
#include "tests/unit/server/review_world.h"

namespace zf::testing {

TEST_CASE("an approval is a changeset of the server, which laptops can verify") {
    ReviewWorld world;
    const Written written = world.donation();
    world.laptop.write(written);
    world.laptop.push_all();
    CHECK(world.review(written.record, world.leader, ReviewKind::approved, "well done") == "ok");
    const auto doc = world.doc(written.record);
    REQUIRE(doc);
    CHECK(status_of(*doc, false) == Status::approved);
    CHECK(doc->reviews.at(ReviewKind::approved).user == "chief");
    CHECK(*doc->notes.at("_review_note").value.text() == "well done");

    const PullAnswer answer = world.laptop.pull();
    REQUIRE(answer.changesets.size() == 1);
    CHECK(answer.trailer.cursor == 2);
    const auto arrivals =
        authenticate({answer.changesets[0].signed_changeset},
                     [&](const DeviceId& id) { return world.store->bureau().find_key(id); });
    REQUIRE(arrivals);
    const Changeset& changeset = arrivals->front().changeset;
    CHECK(changeset.device == world.store->author().device());
    CHECK(changeset.user == "chief");
    CHECK(changeset.records.size() == 1);
    CHECK(changeset.ops.size() == 2);
}

TEST_CASE("what is refused: unknown, saved only, in conflict; a return is not") {
    ReviewWorld world;
    const Uuid nobody = world.env.new_uuid();
    for (const ReviewKind kind :
         {ReviewKind::checked, ReviewKind::approved, ReviewKind::returned}) {
        CHECK(world.review(nobody, world.leader, kind) == "unknown_record");
    }

    Written unsubmitted = world.donation();
    unsubmitted.fields.pop_back();
    Written broken = world.donation();
    broken.fields.erase(broken.fields.begin());  // the recipient, which is required
    Written disputed = world.donation(100);
    world.laptop.write(unsubmitted);
    world.laptop.write(broken);
    world.laptop.write(disputed);
    world.laptop.push_all();
    for (const char* amount : {"200", "300"}) {
        RawLaptop& by = amount[0] == '2' ? world.laptop : world.other;
        Written edit{"donation", disputed.record, {{"amount", amount}}, {}, 1, {}};
        edit.parents = {world.laptop.ref(3)};
        edit.supersedes = {{world.laptop.id(), 3, 3}};
        by.write(edit);
        by.push_all();
    }
    for (const ReviewKind kind : {ReviewKind::checked, ReviewKind::approved}) {
        CHECK(world.review(unsubmitted.record, world.leader, kind) == "not_submittable");
        CHECK(world.review(broken.record, world.leader, kind) == "not_submittable");
        CHECK(world.review(disputed.record, world.leader, kind) == "in_conflict");
    }
    const auto before = world.counts().changesets;
    for (const Uuid& record : {unsubmitted.record, broken.record, disputed.record}) {
        CHECK(world.review(record, world.leader, ReviewKind::returned, "please mend") == "ok");
    }
    CHECK(world.counts().changesets == before + 3);
}

TEST_CASE("a return carries comments at fields that the form has, and nothing else") {
    ReviewWorld world;
    const Written written = world.donation();
    world.laptop.write(written);
    world.laptop.push_all();
    const auto review = [&](const std::vector<ReviewComment>& comments) {
        const auto done = review_record(*world.store, world.head, written.record,
                                        ReviewKind::returned, "please look", comments);
        return done ? "ok" : std::string(facts_of(done.error().code).slug);
    };
    const auto before = world.counts().changesets;
    CHECK(review({{"amuont", "how much?"}}) == "unknown_field");
    CHECK(review({{"amount", ""}}) == "missing_argument");
    CHECK(world.counts().changesets == before);
    CHECK(review({{"amount", "differs from the receipt"}, {"kind", "of whom?"}}) == "ok");
    const auto doc = world.doc(written.record);
    REQUIRE(doc);
    CHECK(status_of(*doc, false) == Status::returned);
    CHECK(canonical_text(doc->notes.at("_comments").value) ==
          R"([{"field":"amount","text":"differs from the receipt"},{"field":"kind",)"
          R"("text":"of whom?"}])");
    // It travels as it is.
    const PullAnswer answer = world.laptop.pull();
    REQUIRE(answer.changesets.size() == 1);
}

TEST_CASE("who may decide on what") {
    ReviewWorld world;
    const Written written = world.donation();
    world.laptop.write(written);
    Written placed = enterprise(world, "placed", "511921");
    world.laptop.write(placed);
    world.laptop.push_all();
    const auto review = [&](const User& user, ReviewKind kind) {
        return world.review(written.record, user, kind);
    };
    const User staff{"zhang", Role::staff, {}, false};
    const User admin{"admin", Role::admin, {}, false};
    const User gone{"gone", Role::leader, {}, true};
    for (const ReviewKind kind :
         {ReviewKind::checked, ReviewKind::approved, ReviewKind::returned}) {
        CHECK(review(staff, kind) == "not_allowed");
        CHECK(review(admin, kind) == "not_allowed");
        CHECK(review(gone, kind) == "not_allowed");
    }
    CHECK(review(world.head, ReviewKind::checked) == "ok");
    const Form* form = world.store->log().forms().find("donation");
    REQUIRE(form);
    const bool ends_with_head = form->review_chain.back() == "section_head";
    CHECK(review(world.head, ReviewKind::approved) == (ends_with_head ? "ok" : "not_allowed"));
    CHECK(review(world.leader, ReviewKind::approved) == "ok");
    CHECK(review(world.head, ReviewKind::returned) == "ok");

    const User far{"far", Role::leader, {"511923"}, false};
    CHECK(world.review(placed.record, far, ReviewKind::returned) == "not_allowed");
    CHECK(world.review(written.record, far, ReviewKind::returned) == "ok");
}

TEST_CASE("figures count what was last approved, through joins and voids") {
    ReviewWorld world;
    const auto total = [&] {
        const auto held = world.store->lock();
        const auto set = figures_for(*world.store, *parse_period("2008H1"));
        ZF_ASSERT(set.has_value());
        std::string text;
        for (const Figure& figure : set->figures) {
            if (!figure.records.empty()) text += figure.id + "=" + figure.value.value_or("-") + ";";
        }
        return text;
    };
    const std::string empty = total();
    CHECK(empty.empty());
    const Written one = world.donation(100), two = world.donation(23);
    world.laptop.write(one);
    world.laptop.write(two);
    world.laptop.push_all();
    CHECK(total().empty());
    REQUIRE(world.review(one.record, world.leader, ReviewKind::approved) == "ok");
    const std::string after_one = total();
    CHECK(after_one.find("=100;") != std::string::npos);

    // An edit is pending until it is approved, and a return leaves the approval standing.
    Written edit{"donation", one.record, {{"amount", "150"}}, {}, 1, {}};
    edit.parents = {{world.store->author().device(), 1}};
    edit.supersedes = {{world.laptop.id(), 1, 3}};
    world.laptop.write(edit);
    world.laptop.push_all();
    CHECK(total() == after_one);
    REQUIRE(world.review(one.record, world.leader, ReviewKind::returned) == "ok");
    CHECK(total() == after_one);
    REQUIRE(world.review(one.record, world.leader, ReviewKind::approved) == "ok");
    CHECK(total().find("=150;") != std::string::npos);
    REQUIRE(world.review(two.record, world.leader, ReviewKind::approved) == "ok");
    CHECK(total().find("=173;") != std::string::npos);

    // Joined into the other one: counts no more, once that is approved.
    Written join{"donation", two.record, {{"_alias_of", Value(one.record.text())}}, {}, 1, {}};
    const auto two_doc = world.doc(two.record);
    join.parents = two_doc->heads;
    world.laptop.write(join);
    world.laptop.push_all();
    CHECK(total().find("=173;") != std::string::npos);
    REQUIRE(world.review(two.record, world.leader, ReviewKind::approved) == "ok");
    CHECK(total().find("=150;") != std::string::npos);

    // And back at each other: the smaller id is kept.
    Written back{"donation", one.record, {{"_alias_of", Value(two.record.text())}}, {}, 1, {}};
    back.parents = world.doc(one.record)->heads;
    world.laptop.write(back);
    world.laptop.push_all();
    CHECK(world.review(one.record, world.leader, ReviewKind::approved) == "in_conflict");
    CHECK(total().find("=150;") != std::string::npos);
    const auto held = world.store->lock();
    const StoredApprovals records(world.store->log());
    CHECK(records.resolve(two.record).id == one.record);
    CHECK(records.resolve(one.record).id == one.record);
    REQUIRE(records.resolve(two.record).record);
    CHECK(records.resolve(world.env.new_uuid()).record == nullptr);
}

TEST_CASE("accounts: names, areas, passwords and the last administrator") {
    ApiWorld world;
    CHECK(facts_of(add_user(*world.store, {"", Role::staff, {}, false}).error().code).slug ==
          "malformed");
    for (const char* name : {"a b", "a\n", "\xff", "a\x01"}) {
        CHECK_FALSE(add_user(*world.store, {name, Role::staff, {}, false}));
    }
    CHECK_FALSE(add_user(*world.store, {std::string(65, 'a'), Role::staff, {}, false}));
    for (const char* area : {"", "5", "51192a", "5119231021234"}) {
        CHECK_FALSE(add_user(*world.store, {"li", Role::staff, {area}, false}));
    }
    const auto added = add_user(*world.store, {"李", Role::staff, {"511923"}, false});
    REQUIRE(added);
    const auto hash = world.store->accounts().find_password_hash("李");
    REQUIRE(hash);
    CHECK(fits_password(*hash, plain_secret(added->password)));
    CHECK_FALSE(fits_password(*hash, plain_secret(added->password) + "x"));
    CHECK_FALSE(world.store->accounts().find_password_hash("wang"));
    CHECK_FALSE(add_user(*world.store, {"李", Role::leader, {}, false}));

    CHECK_FALSE(disable_user(*world.store, "admin"));
    CHECK_FALSE(disable_user(*world.store, "nobody"));
    REQUIRE(disable_user(*world.store, "李"));
    CHECK(add_user(*world.store, {"李", Role::admin, {}, false}));
    CHECK(disable_user(*world.store, "admin"));
    CHECK_FALSE(disable_user(*world.store, "李"));
    CHECK_FALSE(revoke_device(*world.store, DeviceId{}));
}

}  // namespace zf::testing
