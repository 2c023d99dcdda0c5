// Whether a catalog of forms is sound: names, links between forms, bounds, labels, expressions.
// What it finds is for the person who writes form files, so it names places in the file.
#pragma once

#include <string>
#include <vector>

#include "common/model/form.h"

namespace zf {

struct CatalogProblem {
    std::string place;    // "forms[3].fields[7].choices"
    std::string message;  // English: what is wrong and what would be right
};

/// Every problem, in the order of the file; empty when the catalog is sound. Expressions were
/// checked by parse_expression; here only what they need beyond that.
std::vector<CatalogProblem> find_catalog_problems(const FormCatalog& catalog);

}  // namespace zf
