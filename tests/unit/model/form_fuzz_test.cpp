// Form files and values with random damage: never a crash, and what is accepted can be used.
#include <random>

#include "common/model/natural_key.h"
#include "common/model/title.h"
#include "tests/unit/model/form_fixture.h"

namespace zf::test {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t end) {
    return random() % end;
}

Value junk(Random& random) {
    static const std::vector<Value> values{Value(),
                                           true,
                                           0,
                                           -1,
                                           2008,
                                           "",
                                           "count",
                                           "day",
                                           "2008-05-12",
                                           "2008-05",
                                           "12.50",
                                           "red",
                                           "2008-05-12T14:28:00Z",
                                           "{",
                                           "}",
                                           "{name}",
                                           List(),
                                           List{"="},
                                           List{"=", "count", 1},
                                           Members(),
                                           Members{{"lat", "1"}},
                                           List{Members{{"topic", "a"}}},
                                           List{Value(), List()},
                                           OddNumber{"1e99"},
                                           "\xff",
                                           std::string(200, '9'),
                                           List{"today"},
                                           "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b"};
    return values[below(random, values.size())];
}

/// Replaces, removes or doubles one node somewhere in the tree.
void damage(Value& value, Random& random) {
    List* list = value.list();
    Members* members = value.members();
    const std::size_t size = list != nullptr      ? list->size()
                             : members != nullptr ? members->size()
                                                  : 0;
    if (size == 0 || below(random, 12) == 0) {
        value = junk(random);
        return;
    }
    const std::size_t at = below(random, size);
    const auto place = static_cast<std::ptrdiff_t>(at);
    const std::size_t way = below(random, 20);
    if (list != nullptr) {
        if (way == 0) {
            list->erase(list->begin() + place);
        } else if (way == 1) {
            list->push_back((*list)[at]);
        } else {
            damage((*list)[at], random);
        }
    } else if (way == 0) {
        members->erase(members->begin() + place);
    } else {
        damage((*members)[at].second, random);
    }
}

/// Everything that is done with the values of a record.
void use(const FormCatalog& catalog, const Form& form, Random& random) {
    FieldValues values;
    for (const Field& field : form.fields) values[field.name] = junk(random);
    const FakeRecords records;
    check_record(catalog, context_of(form, values, &records));
    title_of(catalog, form, values, Language::zh_hans, nullptr);
    natural_key_of(form, values, nullptr);
    for (const Field& field : form.fields) {
        const Value& value = values[field.name];
        const Value canonical = canonical_value(field, value);
        CHECK(canonical_value(field, canonical) == canonical);
        const bool fits = check_value(catalog, field, value).empty();
        if (fits) CHECK(check_value(catalog, field, canonical).empty());
        if (field.computed == nullptr) continue;
        const Value computed = compute_value(*field.computed, context_of(form, values));
        if (computed.is_null()) continue;
        Field entered = field;
        entered.computed = nullptr;
        CHECK(computed == canonical_value(entered, computed));
    }
}

}  // namespace

TEST_CASE("damaged form files are refused or usable") {
    const Value sound = json(sample_text);
    int accepted = 0;
    for (unsigned seed = 1; seed <= 1500; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        Value source = sound;
        damage(source, random);
        const Result<FormCatalog> catalog = decode_forms(source);
        if (!catalog) {
            CHECK_FALSE(catalog.error().message.empty());
            continue;
        }
        ++accepted;
        for (const Form& form : catalog->forms) use(catalog.value(), form, random);
    }
    CHECK(accepted > 50);
}

TEST_CASE("values of any shape can be checked, compared and shown") {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        use(sample_forms(), sample_form(), random);
        const std::vector<Form>& forms = shipped_forms().forms;
        use(shipped_forms(), forms[below(random, forms.size())], random);
    }
}

}  // namespace zf::test
