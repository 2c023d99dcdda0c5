// What the tests of forms share: the shipped form file and the small catalog, read and checked.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "common/codec/form_codec.h"
#include "tests/unit/model/sample_catalog.h"

namespace zf::test {

inline Value json(std::string_view text) {
    Result<Value> value = parse_json(text);
    REQUIRE_MESSAGE(value.has_value(), text);
    return std::move(value.value());
}

inline Value read_json(const std::string& path) {
    std::ifstream file(std::string(ZF_SOURCE_DIR) + "/" + path, std::ios::binary);
    REQUIRE_MESSAGE(file.good(), path);
    return json(std::string(std::istreambuf_iterator<char>(file), {}));
}

inline FormCatalog decoded(const Value& source) {
    Result<FormCatalog> catalog = decode_forms(source);
    const std::string message = catalog ? "" : catalog.error().message;
    REQUIRE_MESSAGE(catalog.has_value(), message);
    return std::move(catalog.value());
}

inline const FormCatalog& shipped_forms() {
    static const FormCatalog catalog = decoded(read_json("common/data/forms.json"));
    return catalog;
}

inline FieldValues values_of(std::string_view text) {
    const Value value = json(text);
    REQUIRE(value.members() != nullptr);
    FieldValues values;
    for (const auto& [name, part] : *value.members()) values[name] = part;
    return values;
}

}  // namespace zf::test
