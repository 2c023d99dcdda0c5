#include "common/codec/indicator_references.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zf {

namespace {

std::string item_place(const std::string& list, std::size_t index) {
    return list + "[" + std::to_string(index) + "]";
}

// The ids that a derived indicator refers to, with their places; none for an aggregate.
std::vector<std::pair<std::string, std::string>> references_of(const Indicator& indicator) {
    if (const auto* ratio = std::get_if<RatioDefinition>(&indicator.definition)) {
        return {{ratio->numerator, ".def.ratio[0]"}, {ratio->denominator, ".def.ratio[1]"}};
    }
    if (const auto* minus = std::get_if<MinusDefinition>(&indicator.definition)) {
        return {{minus->first, ".def.minus[0]"}, {minus->second, ".def.minus[1]"}};
    }
    return {};
}

// Goes through the references depth first.
class ReferenceWalk {
public:
    explicit ReferenceWalk(const IndicatorCatalog& catalog) : catalog_(catalog) {
        for (std::size_t i = 0; i < catalog.indicators.size(); ++i) {
            index_.emplace(catalog.indicators[i].id, i);
        }
    }

    /// Tells whether the value may never end; refuses cycles and unknown ids.
    Result<bool> visit(std::size_t at) {
        if (const auto known = is_quotient_.find(at); known != is_quotient_.end()) {
            return known->second;
        }
        const Indicator& indicator = catalog_.indicators[at];
        open_.insert(at);
        bool is_quotient = std::holds_alternative<RatioDefinition>(indicator.definition);
        for (const auto& [id, suffix] : references_of(indicator)) {
            const std::string place = item_place("indicators", at) + suffix;
            const auto target = index_.find(id);
            if (target == index_.end()) {
                return fail(ErrorCode::malformed, "no indicator has the id '" + id + "'", place);
            }
            if (open_.count(target->second) > 0) {
                return fail(
                    ErrorCode::malformed,
                    "indicator '" + indicator.id + "' refers by way of '" + id + "' back to itself",
                    place);
            }
            const auto part = visit(target->second);
            if (!part) return fail(part.error());
            is_quotient = is_quotient || *part;
        }
        open_.erase(at);
        is_quotient_[at] = is_quotient;
        return is_quotient;
    }

private:
    const IndicatorCatalog& catalog_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::set<std::size_t> open_;  // on the way from the start to here
    std::map<std::size_t, bool> is_quotient_;
};

}  // namespace

Result<void> check_references(const IndicatorCatalog& catalog) {
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < catalog.indicators.size(); ++i) {
        if (ids.insert(catalog.indicators[i].id).second) continue;
        return fail(ErrorCode::malformed, "the id '" + catalog.indicators[i].id + "' is used twice",
                    item_place("indicators", i) + ".id");
    }
    ReferenceWalk walk(catalog);
    for (std::size_t i = 0; i < catalog.indicators.size(); ++i) {
        const auto is_quotient = walk.visit(i);
        if (!is_quotient) return fail(is_quotient.error());
        const Display& display = catalog.indicators[i].display;
        if ((*is_quotient || display.divide) && !display.decimals) {
            return fail(ErrorCode::malformed,
                        "a ratio or divided figure needs 'decimals', as it may never end",
                        item_place("indicators", i) + ".display");
        }
    }
    return {};
}

}  // namespace zf
