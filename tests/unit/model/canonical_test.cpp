// When two values are the same, and what a record is called and known by.
#include "common/model/natural_key.h"
#include "common/model/title.h"
#include "tests/unit/model/form_fixture.h"

namespace zf::test {

TEST_CASE("canonical forms") {
    struct Row {
        std::string field;
        std::string value;
        std::string canonical;
    };
    const std::vector<Row> table{
        {"name", R"("a")", R"("a")"},
        {"name", R"("")", "null"},
        {"name", R"(" a ")", R"(" a ")"},
        {"name", "5", "5"},
        {"count", "5", "5"},
        {"count", R"("")", R"("")"},
        {"amount", R"("1.50")", R"("1.5")"},
        {"amount", R"("-0.00")", R"("0")"},
        {"amount", R"("")", "null"},
        {"amount", R"("abc")", R"("abc")"},
        {"amount", "1.5", "1.5"},
        {"time", R"("2008-05-12T06:28:00Z")", R"("2008-05-12T14:28:00+08:00")"},
        {"time", R"("2008-05-12T14:28:00.000+08:00")", R"("2008-05-12T14:28:00+08:00")"},
        {"time", R"("yesterday")", R"("yesterday")"},
        {"time", R"("9999-12-31T23:00:00-05:00")", R"("9999-12-31T23:00:00-05:00")"},
        {"colours", "[]", "null"},
        {"colours", R"(["red", "blue", "red"])", R"(["blue", "red"])"},
        {"colours", R"(["red", 5])", R"(["red", 5])"},
        {"colours", R"("red")", R"("red")"},
        {"whom", R"(["b", "a"])", R"(["a", "b"])"},
        {"where", R"({"lon": "107.10", "lat": "31.560", "accuracy_m": 15})",
         R"({"accuracy_m": "15", "lat": "31.56", "lon": "107.1"})"},
        {"where", R"({"lon": "1", "lat": "1", "accuracy_m": null})", R"({"lat": "1", "lon": "1"})"},
        {"rows", "[]", "null"},
        {"rows", R"([{"topic": "b", "pct": "1.0"}, {"pct": null, "topic": "a", "tags": []}])",
         R"([{"pct": "1", "topic": "b"}, {"topic": "a"}])"},
        {"rows", R"([{"topic": "a"}, {"topic": "a"}])", R"([{"topic": "a"}, {"topic": "a"}])"},
        {"rows", R"([{"topic": "b", "_row": "r"}, {"_row": "r", "topic": "b"}])",
         R"([{"_row": "r", "topic": "b"}])"},
        {"rows", R"([{"topic": "b", "_row": "r"}, {"_row": "r", "topic": "a"}])",
         R"([{"_row": "r", "topic": "a"}, {"_row": "r", "topic": "b"}])"},
        {"rows", R"([{"tags": ["red", "blue"]}])", R"([{"tags": ["blue", "red"]}])"},
    };
    for (const Row& row : table) {
        CAPTURE(row.field);
        CAPTURE(row.value);
        const Field& field = *sample_form().find(row.field);
        const Value canonical = canonical_value(field, json(row.value));
        CHECK_MESSAGE(canonical == json(row.canonical), canonical_text(canonical));
        CHECK(canonical_value(field, canonical) == canonical);
    }
}

TEST_CASE("titles") {
    const auto title = [](const char* text, Language language) {
        const FieldValues values = values_of(text);
        return title_of(sample_forms(), sample_form(), values, language, [](std::string_view id) {
            return id == "o1" ? std::string("One") : std::string();
        });
    };
    CHECK(title(R"({"name": "A", "colour": "red", "other": "o1"})", Language::en) == "A: Red One");
    CHECK(title(R"({"name": "A", "colour": "red", "other": "o1"})", Language::zh_hant) ==
          "A: 紅 One");
    CHECK(title(R"({"name": "A", "colour": null, "other": "o2"})", Language::zh_hans) == "A: — —");
    CHECK(title("{}", Language::zh_hans) == "—: — —");
    CHECK(title(R"({"name": "A", "colour": "gone", "other": "o1"})", Language::en) ==
          "A: gone One");
}

TEST_CASE("values as people read them") {
    struct Row {
        std::string field;
        std::string value;
        std::string zh_hans;
        std::string en;
    };
    const std::vector<Row> table{
        {"flag", "true", "是", "yes"},
        {"flag", "false", "否", "no"},
        {"count", "5", "5", "5"},
        {"amount", R"("1.50")", "1.50", "1.50"},
        {"time", R"("2008-05-12T06:28:00Z")", "2008-05-12 14:28", "2008-05-12 14:28"},
        {"colours", R"(["red", "blue"])", "红、蓝", "Red, Blue"},
        {"whom", "[]", "—", "—"},
        {"photos", R"(["a", "b"])", "2", "2"},
        {"where", R"({"lat": "31.56", "lon": "107.10"})", "31.56, 107.10", "31.56, 107.10"},
    };
    for (const Row& row : table) {
        CAPTURE(row.field);
        const Field& field = *sample_form().find(row.field);
        CHECK(display_text(sample_forms(), field, json(row.value), Language::zh_hans, nullptr) ==
              row.zh_hans);
        CHECK(display_text(sample_forms(), field, json(row.value), Language::en, nullptr) ==
              row.en);
    }
}

TEST_CASE("natural keys") {
    const auto key = [](const char* text) {
        const FieldValues values = values_of(text);
        return natural_key_of(sample_form(), values, [](std::string_view id) {
            return id == "joined" ? std::string("kept") : std::string(id);
        });
    };
    CHECK(key(R"({"name": "a", "other": "kept"})").has_value());
    CHECK(key(R"({"name": "a", "other": "kept"})") == key(R"({"name": "a", "other": "joined"})"));
    CHECK(key(R"({"name": "a", "other": "x"})") != key(R"({"name": "a", "other": "kept"})"));
    CHECK(key(R"({"name": "a\",\"b", "other": "c"})") !=
          key(R"({"name": "a", "other": "b\",\"c"})"));
    CHECK(!key(R"({"name": "a"})"));
    CHECK(!key(R"({"name": "", "other": "x"})"));
    CHECK(!key(R"({"name": null, "other": "x"})"));
    const FieldValues values = values_of(R"({"title": "a"})");
    CHECK(!natural_key_of(*sample_forms().find("other"), values, nullptr));
}

TEST_CASE("natural keys of shipped forms compare by canonical values") {
    const Form& form = *shipped_forms().find("building_check");
    const FieldValues a =
        values_of(R"({"building_no": "1", "checked_at": "2008-05-20T17:30:00+08:00"})");
    const FieldValues b =
        values_of(R"({"building_no": "1", "checked_at": "2008-05-20T09:30:00Z"})");
    CHECK(natural_key_of(form, a, nullptr).has_value());
    CHECK(natural_key_of(form, a, nullptr) == natural_key_of(form, b, nullptr));
}

}  // namespace zf::test
