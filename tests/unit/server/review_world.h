// A bureau with two hand-made laptops and records to decide on.
#pragma once

#include <optional>
#include <string>

#include "server/review.h"
#include "tests/unit/server/api_world.h"

namespace zf::testing {

// Donations: a short form without a place that figures add up.
struct ReviewWorld : ApiWorld {
    ReviewWorld() {
        put_staff("zhang");
        put_staff("li");
        laptop.enrol();
        other.enrol();
    }
    RawLaptop laptop{*this, "zhang"}, other{*this, "li"};

    User leader{"chief", Role::leader, {}, false};
    User head{"head", Role::section_head, {}, false};

    /// A submitted donation without an error.
    Written donation(std::int64_t amount = 100) {
        return {"donation",
                env.new_uuid(),
                {{"recipient", "the county's Red Cross"},
                 {"donated_on", "2008-05-16"},
                 {"kind", "staff"},
                 {"amount", Value(std::to_string(amount))},
                 {"donor_group", "staff"},
                 {"_status", "submitted"}},
                {},
                1,
                {}};
    }
    std::string review(const Uuid& record, const User& user, ReviewKind kind,
                       const std::string& note = {}) {
        const auto done = review_record(*store, user, record, kind, note);
        return done ? "ok" : std::string(facts_of(done.error().code).slug);
    }
    std::optional<RecordDoc> doc(const Uuid& record) {
        const auto held = store->lock();
        return store->log().find_record(record);
    }
};

}  // namespace zf::testing
