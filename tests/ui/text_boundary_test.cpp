// Characters beyond 16 bits on their way through ImGui.
#include "client/ui/text_boundary.h"

#include "common/base/text.h"
#include "tests/ui/headless.h"

using namespace zf;
using namespace zf::testing;
using namespace zf::ui;

TEST_CASE("every character comes back, and inside there are none beyond 16 bits") {
    std::string all;
    for (char32_t c = 0x20; c < 0x3000; ++c) append_utf8(all, c);
    for (char32_t c = 0xA000; c < 0xD800; c += 7) append_utf8(all, c);
    for (char32_t c = 0xE000; c < 0xFFFE; c += 5) append_utf8(all, c);
    for (char32_t c = 0x20000; c < 0x20800; ++c) append_utf8(all, c);
    append_utf8(all, 0x1F600);
    const std::string inside = to_slots(all);
    CHECK(from_slots(inside) == all);
    for (std::size_t at = 0; at < inside.size();) {
        const char32_t c = next_code_point(inside, at);
        REQUIRE(c <= 0xFFFF);
    }
    CHECK(slot_of(U'𠮷') == slot_of(U'𠮷'));
    CHECK(character_of(slot_of(U'𠮷')) == U'𠮷');
}

TEST_CASE("rare characters survive typing, focusing, leaving and correcting") {
    Headless ui;
    std::string name = "𠮷田";
    ui.show([&] {
        ui.kit().text_box("name", "Name", name);
        ui.kit().button("b", "B");
    });
    ui.click("name");
    ui.click("b");
    CHECK(name == "𠮷田");
    ui.click("name");
    ui.press("End");
    ui.type_on("䶮㙓😀한");
    CHECK(name == "𠮷田䶮㙓😀한");
    ui.press("Backspace");
    ui.press("Escape");
    CHECK(name == "𠮷田䶮㙓😀");
    CHECK(ui.value("name") == "𠮷田䶮㙓😀");
}
