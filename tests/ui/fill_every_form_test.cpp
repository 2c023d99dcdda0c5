// Every shipped form, from its data alone, in three languages: opened, filled by key, broken,
// corrected, saved and submitted; what was saved is what was typed.
#include <algorithm>

#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

/// What is typed into a box of this field so that nothing is wrong with it.
std::string good_text(const Field& field) {
    static const std::map<std::string, std::string, std::less<>> by_check{
        {"uscc18", "91350100M000100Y43"}, {"orgcode9", "D2143569-X"}, {"regno", "110108000000016"},
        {"phone", "0827-6222222"},        {"division", "511923"},     {"gbt4754", "C31"}};
    switch (field.type) {
        case FieldType::integer:
        case FieldType::decimal:
            return std::to_string(std::max<std::int64_t>(field.min.value_or(1), 1));
        case FieldType::date:
            return "2008.5.12";
        case FieldType::month:
            return "2008.4";
        case FieldType::datetime:
            return "2008.5.12 14:28";
        case FieldType::geopoint:
            return "31.56, 107.10";
        case FieldType::code:
            return by_check.contains(field.check) ? by_check.at(field.check) : "A1";
        default:
            return "示例𠮷";
    }
}

Value good_value(const Field& field) {
    const std::string text = good_text(field);
    switch (field.type) {
        case FieldType::integer:
            return Value(static_cast<std::int64_t>(std::stoll(text)));
        case FieldType::date:
            return Value("2008-05-12");
        case FieldType::month:
            return Value("2008-04");
        case FieldType::datetime:
            return Value("2008-05-12T14:28:00+08:00");
        case FieldType::geopoint:
            return canonical_value(field, Value(Members{{"lat", "31.56"}, {"lon", "107.10"}}));
        default:
            return Value(text);
    }
}

/// What differs from good_text so that all rules of the form hold together.
struct Special {
    std::string_view form, field, text;
};
constexpr Special specials[] = {
    {"project", "first_stat_year", "2008"},
    {"disaster_report", "direct_loss", "100"},
    {"building_check", "stat_class", "light"},
};

std::string text_for(const Form& form, const Field& field) {
    for (const Special& special : specials) {
        if (special.form == form.id && special.field == field.name) {
            return std::string(special.text);
        }
    }
    return good_text(field);
}

/// The first option of an open or laid out list.
std::string first_option(Headless& ui, const std::string& key) {
    const std::string prefix = key + ".option.";
    for (const auto& widget : ui.kit().widgets()) {
        if (widget.key.starts_with(prefix)) return widget.key.substr(prefix.size());
    }
    FAIL("no option at ", key);
    return "";
}

void fill_box(FillWorld& world, const Form& form, const Field& field, const std::string& path) {
    Headless& ui = *world.ui;
    const std::string key = "field." + path;
    if (field.computed || holds_files(field.type)) return;
    if (is_typed(field.type)) {
        ui.type(key, text_for(form, field));
        return;
    }
    if (!ui.has(key + ".option.true") && field.type != FieldType::boolean) {
        const std::string laid_out = key + ".option.";
        const auto& widgets = ui.kit().widgets();
        const bool is_open = std::any_of(widgets.begin(), widgets.end(), [&](const auto& widget) {
            return widget.key.starts_with(laid_out);
        });
        if (!is_open) ui.click(key);
    }
    const std::string special = text_for(form, field);
    const std::string option = special != good_text(field)        ? special
                               : field.type == FieldType::boolean ? "true"
                                                                  : first_option(ui, key);
    ui.click(key + ".option." + option);
    if (ui.has(key + ".done")) ui.click(key + ".done");
}

/// Fills whatever is visible, rows included, until nothing new has become visible.
void fill_all(FillWorld& world, bool required_only) {
    Headless& ui = *world.ui;
    std::set<std::string> filled;
    for (bool again = true; again;) {
        again = false;
        const Form& form = world.fill->current()->form();
        for (const Field& field : form.fields) {
            const bool wanted = !required_only || field.required;
            const bool is_there = world.fill->current()->find(field.name)->is_visible;
            if (!wanted || !is_there || !filled.insert(field.name).second) continue;
            again = true;
            if (field.type == FieldType::repeat) {
                ui.click("field." + field.name + ".add");
                for (const Field& cell : field.fields) {
                    fill_box(world, form, cell, field.name + ".0." + cell.name);
                }
            } else {
                INFO(field.name);
                fill_box(world, form, field, field.name);
            }
        }
    }
}

void make_targets(FillWorld& world) {
    for (const char* form : {"enterprise", "project", "pipeline_project"}) {
        world.create(form, R"({"name":"示例目标"})");
    }
    world.create("complaint", R"({"case_no":"T1"})");
    world.create("site_visit", R"({"target_name":"示例"})");
    world.create("disaster_report", R"({"place_name":"示例"})");
    world.create("outreach_trip", R"({"theme":"示例"})");
    world.create("target", R"({"year":2008})");
    world.create("capital_arrival", R"({"arrival_date":"2008-05-01"})");
}

}  // namespace

TEST_CASE("every form is filled by key in every language, broken, corrected and submitted") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        FillWorld world(language);
        make_targets(world);
        Headless& ui = *world.ui;
        const auto forms = world.laptop.store->log().forms().forms;
        REQUIRE(forms.size() == 28);
        for (const Form& form : forms) {
            INFO(form.id, " ", name_of(language));
            ui.click("form." + form.id);
            REQUIRE(world.fill->current() != nullptr);
            CHECK(lines_of(ui.flaws()) == "");
            // Nothing filled in: refused, with a message at the first required box.
            ui.click("action.submit");
            REQUIRE(world.fill->current() != nullptr);
            const auto first = std::find_if(form.fields.begin(), form.fields.end(),
                                            [](const Field& field) { return field.required; });
            CHECK(ui.has("message." + first->name + ".0"));
            CHECK(lines_of(ui.flaws()) == "");
            fill_all(world, false);
            CHECK(lines_of(ui.flaws()) == "");
            // One box that is typed into is broken and corrected.
            const auto typed =
                std::find_if(form.fields.begin(), form.fields.end(), [&](const Field& field) {
                    return field.type == FieldType::date || is_number(field.type) ||
                           field.type == FieldType::month || field.type == FieldType::datetime;
                });
            if (typed != form.fields.end()) {
                ui.type("field." + typed->name, "12x");
                ui.wait(0.7);
                CHECK(ui.has("message." + typed->name + ".0"));
                CHECK(ui.value("field." + typed->name) == "12x");
                ui.type("field." + typed->name, text_for(form, *typed));
                ui.wait(0.7);
            }
            const std::string remarks = remarks_of(*world.fill, language);
            CHECK(remarks.find("error") == std::string::npos);
            CAPTURE(remarks);
            const Uuid record = world.fill->current()->record();
            std::map<std::string, Value> expected;
            for (const Field& field : form.fields) {
                const FillBox* box = world.fill->current()->find(field.name);
                if (box->is_visible && !box->is_empty() && !field.computed) {
                    expected[field.name] = canonical_value(field, box->value);
                }
                if (is_typed(field.type) && box->is_visible &&
                    text_for(form, field) == good_text(field)) {
                    CHECK(canonical_text(canonical_value(field, box->value)) ==
                          canonical_text(canonical_value(field, good_value(field))));
                }
            }
            ui.click("action.submit");
            REQUIRE(world.fill->current() == nullptr);
            const auto view = view_record(*world.laptop.store, record);
            REQUIRE(view.has_value());
            CHECK(view->status == Status::submitted);
            for (const auto& [name, value] : expected) {
                INFO(name);
                const Field& field = *form.find(name);
                const auto stored = view->values.find(name);
                REQUIRE(stored != view->values.end());
                if (field.type != FieldType::repeat) {
                    CHECK(canonical_text(stored->second) == canonical_text(value));
                }
            }
            CHECK(Draft::list(*world.laptop.store).empty());
        }
    }
}

TEST_CASE("wherever Tab leads in a form, the box is in sight above the bar of actions") {
    FillWorld world;
    make_targets(world);
    Headless& ui = *world.ui;
    for (const Form& form : world.laptop.store->log().forms().forms) {
        INFO(form.id);
        for (const char* key : {"Tab", "Shift+Tab"}) {
            INFO(key);
            world.fill->start(form.id);
            ui.settle();
            const std::string first = ui.kit().focused();
            std::set<std::string> seen;
            for (int stops = 0; stops < 200 && seen.insert(ui.kit().focused()).second; ++stops) {
                const std::string at = ui.kit().focused();
                INFO(at);
                const ui::Rect rect = ui.expect(at).rect;
                if (at.starts_with("field.")) {
                    CHECK(rect.y + rect.h <= ui.expect("action.save").rect.y - 12);
                    CHECK(rect.y >= ui.expect("fill.title").rect.y + 35);
                }
                ui.press(key);
            }
            CHECK(seen.size() > 5);
            discard(ui);
        }
    }
}
