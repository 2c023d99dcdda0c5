#include "common/report/figure_table.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "common/report/display_width.h"

namespace zf {

namespace {

struct Row {
    std::string title, figure, unit, source;
};

struct Group {
    std::string category, title;
    std::vector<Row> rows;
};

struct Widths {
    int title = 0, figure = 0, unit = 0;
};

struct Headings {
    std::string_view title, figure, unit, source, other;
};

constexpr Headings headings_zh = {"指标", "数值", "单位", "来源原文", "其他"};
constexpr Headings headings_en = {"Indicator", "Figure", "Unit", "Source text", "Other"};
constexpr std::string_view indent = "  ";
constexpr std::string_view gap = "  ";

const std::string& text_in(const LocalText& text, TableLanguage language) {
    return language == TableLanguage::en ? text.en : text.zh_hans;
}

std::string unit_text(const FormCatalog& forms, const Indicator& indicator,
                      TableLanguage language) {
    const Display& display = indicator.display;
    const std::string& id = display.unit.empty() ? indicator.unit : display.unit;
    const auto label = forms.units.find(id);
    std::string text = label != forms.units.end() ? text_in(label->second, language) : id;
    // "51.7%" says it already.
    return text == display.suffix ? std::string() : text;
}

// The category of the form that a figure is counted from; of a derived one, of its first part.
std::string category_of(const IndicatorCatalog& indicators, const FormCatalog& forms,
                        const Indicator* indicator) {
    while (indicator != nullptr) {
        if (const auto* ratio = std::get_if<RatioDefinition>(&indicator->definition)) {
            indicator = indicators.find(ratio->numerator);
        } else if (const auto* minus = std::get_if<MinusDefinition>(&indicator->definition)) {
            indicator = indicators.find(minus->first);
        } else {
            const auto& definition = std::get<AggregateDefinition>(indicator->definition);
            const Form* form = forms.find(definition.form);
            return form != nullptr ? form->category : std::string();
        }
    }
    return {};
}

Row row_of(const Indicator& indicator, const Figure& figure, const FormCatalog& forms,
           TableLanguage language, const SourceTexts& source) {
    const std::string& label = text_in(indicator.label, language);
    const auto said = source.find(indicator.id);
    return {label.empty() ? indicator.id : label, figure.display,
            unit_text(forms, indicator, language),
            said != source.end() ? said->second : std::string()};
}

std::vector<Group> groups_of(const IndicatorCatalog& indicators, const FormCatalog& forms,
                             const FigureSet& figures, TableLanguage language,
                             const SourceTexts& source, std::string_view other) {
    std::vector<Group> groups;
    for (const NamedText& category : forms.categories) {
        groups.push_back({category.id, text_in(category.label, language), {}});
    }
    groups.push_back({"", std::string(other), {}});
    for (const Indicator& indicator : indicators.indicators) {
        const Figure* figure = figures.find(indicator.id);
        if (figure == nullptr) continue;
        const std::string category = category_of(indicators, forms, &indicator);
        auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const Group& each) { return each.category == category; });
        if (group == groups.end()) group = std::prev(groups.end());
        group->rows.push_back(row_of(indicator, *figure, forms, language, source));
    }
    std::erase_if(groups, [](const Group& group) { return group.rows.empty(); });
    return groups;
}

void widen(Widths& widths, const Row& row) {
    widths.title = std::max(widths.title, display_width(row.title));
    widths.figure = std::max(widths.figure, display_width(row.figure));
    widths.unit = std::max(widths.unit, display_width(row.unit));
}

std::string spaces(int count) {
    return std::string(static_cast<std::size_t>(std::max(count, 0)), ' ');
}

void append_row(std::string& out, const Row& row, const Widths& widths) {
    std::string line(indent);
    line += row.title + spaces(widths.title - display_width(row.title));
    line += gap;
    line += spaces(widths.figure - display_width(row.figure)) + row.figure;
    line += gap;
    line += row.unit + spaces(widths.unit - display_width(row.unit));
    line += gap;
    line += row.source;
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
}

}  // namespace

std::string figure_table(const IndicatorCatalog& indicators, const FormCatalog& forms,
                         const FigureSet& figures, TableLanguage language,
                         const SourceTexts& source) {
    const Headings& headings = language == TableLanguage::en ? headings_en : headings_zh;
    const Row heading{std::string(headings.title), std::string(headings.figure),
                      std::string(headings.unit),
                      source.empty() ? std::string() : std::string(headings.source)};
    const auto groups = groups_of(indicators, forms, figures, language, source, headings.other);
    Widths widths;
    int source_width = display_width(heading.source);
    widen(widths, heading);
    for (const Group& group : groups) {
        for (const Row& row : group.rows) {
            widen(widths, row);
            source_width = std::max(source_width, display_width(row.source));
        }
    }
    int line_width = display_width(indent) + widths.title + display_width(gap) + widths.figure +
                     display_width(gap) + widths.unit;
    if (source_width > 0) line_width += display_width(gap) + source_width;
    const std::string rule(static_cast<std::size_t>(line_width), '-');

    std::string out;
    append_row(out, heading, widths);
    out += rule + "\n";
    for (const Group& group : groups) {
        out += group.title + "\n";
        for (const Row& row : group.rows) append_row(out, row, widths);
    }
    out += rule + "\n";
    return out;
}

}  // namespace zf
