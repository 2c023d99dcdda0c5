#include "server/authorize.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace zf {
namespace {

struct Row {
    Verb verb;
    const char* name;
    // staff, section_head, leader, admin
    std::array<bool, 4> may;
};

constexpr std::array<Row, 11> table{{
    {Verb::create, "create", {true, true, true, false}},
    {Verb::edit, "edit", {true, true, true, false}},
    {Verb::submit, "submit", {true, true, true, false}},
    {Verb::voiding, "voiding", {true, true, true, false}},
    {Verb::join, "join", {true, true, true, false}},
    {Verb::resolve, "resolve", {true, true, true, false}},
    {Verb::check, "check", {false, true, true, false}},
    {Verb::give_back, "give_back", {false, true, true, false}},
    {Verb::approve, "approve", {false, false, true, false}},
    {Verb::pull, "pull", {true, true, true, false}},
    {Verb::administer, "administer", {false, false, false, true}},
}};

bool is_bound_to_areas(Verb verb) {
    return verb != Verb::pull && verb != Verb::administer;
}

}  // namespace

TEST_CASE("every role and verb, in every relation of area to account") {
    for (const Row& row : table) {
        for (int r = 0; r < 4; ++r) {
            const Role role = static_cast<Role>(r);
            const bool may = row.may.at(static_cast<std::size_t>(r));
            CAPTURE(row.name);
            CAPTURE(name_of(role));
            const User everywhere{"u", role, {}, false};
            const User there{"u", role, {"511923"}, false};
            const User disabled{"u", role, {}, true};
            CHECK(can(everywhere, row.verb, {"511923", ""}) == may);
            CHECK(can(everywhere, row.verb, {"", ""}) == may);
            CHECK(can(there, row.verb, {"511923", ""}) == may);
            CHECK(can(there, row.verb, {"511923102", ""}) == may);
            CHECK(can(there, row.verb, {"", ""}) == may);
            CHECK(can(there, row.verb, {"511921", ""}) == (may && !is_bound_to_areas(row.verb)));
            CHECK(can(there, row.verb, {"5119", ""}) == (may && !is_bound_to_areas(row.verb)));
            CHECK_FALSE(can(disabled, row.verb, {"511923", ""}));
        }
    }
}

TEST_CASE("a leader of the whole bureau freezes reports, and nobody else") {
    for (const Role role : {Role::staff, Role::section_head, Role::leader, Role::admin}) {
        CHECK(can({"u", role, {}, false}, Verb::freeze, {}) == (role == Role::leader));
        CHECK_FALSE(can({"u", role, {"511923"}, false}, Verb::freeze, {}));
        CHECK_FALSE(can({"u", role, {}, true}, Verb::freeze, {}));
    }
}

TEST_CASE("section heads approve where the form's chain ends with them, and nowhere else") {
    const User head{"h", Role::section_head, {"511923"}, false};
    CHECK(can(head, Verb::approve, {"511923", "section_head"}));
    CHECK_FALSE(can(head, Verb::approve, {"511923", "leader"}));
    CHECK_FALSE(can(head, Verb::approve, {"511923", ""}));
    CHECK_FALSE(can(head, Verb::approve, {"511921", "section_head"}));
    for (const Role role : {Role::staff, Role::admin}) {
        CHECK_FALSE(can({"u", role, {}, false}, Verb::approve, {"", "section_head"}));
    }
    CHECK(can({"l", Role::leader, {}, false}, Verb::approve, {"", "section_head"}));
}

TEST_CASE("one of several areas is enough") {
    const User user{"u", Role::staff, {"511921", "511923102"}, false};
    CHECK(can(user, Verb::edit, {"511921200", ""}));
    CHECK(can(user, Verb::edit, {"511923102", ""}));
    CHECK_FALSE(can(user, Verb::edit, {"511923", ""}));
}

}  // namespace zf
