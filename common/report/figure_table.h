// The figures as a plain table for terminals: one line each, grouped by the kind of work that
// they come from, aligned where Chinese and Latin letters stand side by side.
#pragma once

#include <map>
#include <string>

#include "common/model/form.h"
#include "common/report/figures.h"
#include "common/report/indicator.h"

namespace zf {

enum class TableLanguage { zh_hans, en };

/// What the report's source says, by indicator id; shown as a further column.
using SourceTexts = std::map<std::string, std::string, std::less<>>;

/// A table with a heading line, a line per category of forms, and under it title, figure and
/// unit of each indicator in catalog order; a derived indicator stands with its first part.
/// Indicators without a figure are left out. Lines end in "\n", none has trailing spaces.
std::string figure_table(const IndicatorCatalog& indicators, const FormCatalog& forms,
                         const FigureSet& figures, TableLanguage language,
                         const SourceTexts& source = {});

}  // namespace zf
