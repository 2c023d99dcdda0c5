// Indicator catalogues over the forms `sample` and `other`: what is accepted gives one figure for
// each indicator, the same after it was written canonically, from whatever the records hold.
#include "common/codec/indicator_codec.h"
#include "common/codec/json.h"
#include "common/report/figures.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/model/sample_catalog.h"

namespace {

using zf::Value;

constexpr const char* other_id = "0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b";

/// Few records, some with values that do not fit their fields; none is joined.
class FewRecords final : public zf::ApprovedRecords {
public:
    FewRecords() {
        add("00000000-0000-4000-8000-000000000001", "sample",
            R"({"name":"a","count":3,"amount":"7.25","day":"2008-05-01","until":"2008-06-01",
                "month":"2008-04","flag":true,"colour":"red","colours":["red","blue"],
                "time":"2008-05-12T14:28:00+08:00","other":"0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b",
                "rows":[{"topic":"x","pct":"12.5","tags":["red"]},{"topic":"y"}]})");
        add("00000000-0000-4000-8000-000000000002", "sample",
            R"({"name":"b","count":40,"amount":"0.01","day":"2008-02-29","colour":"blue",
                "colours":[],"flag":false,"other":"00000000-0000-4000-8000-00000000000f"})");
        add("00000000-0000-4000-8000-000000000003", "sample",
            R"({"name":7,"count":"many","amount":"99999999999999999.99","day":"yesterday",
                "colours":"red","rows":{"topic":1},"other":["x"]})");
        add(other_id, "other",
            R"({"title":"a","share":"0.1250","started":"2008-01-01","colour":"red"})");
    }
    void visit(std::string_view form, const Visitor& visitor) const override {
        for (const auto& [id, record] : records_) {
            if (record.form == form) visitor(record);
        }
    }
    zf::JoinedTarget resolve(const zf::Uuid& reference) const override {
        const auto found = records_.find(reference);
        return {reference, found == records_.end() ? nullptr : &found->second};
    }

private:
    void add(std::string_view id, std::string form, std::string_view values) {
        zf::ApprovedRecord record{*zf::parse_uuid(id), std::move(form), {}};
        const auto json = zf::parse_json(values);
        ZF_ASSERT(json.has_value());
        for (const auto& [name, value] : *json->members()) record.values[name] = value;
        records_[record.id] = std::move(record);
    }
    std::map<zf::Uuid, zf::ApprovedRecord> records_;
};

std::string text_of(const zf::IndicatorCatalog& catalog, const char* period) {
    static const FewRecords records;
    const zf::FigureSet set = zf::compute_figures(catalog.indicators, *zf::parse_period(period),
                                                  zf::test::sample_forms(), records);
    ZF_ASSERT(set.figures.size() == catalog.indicators.size());
    std::string text;
    for (std::size_t i = 0; i < set.figures.size(); ++i) {
        const zf::Figure& figure = set.figures[i];
        ZF_ASSERT(figure.id == catalog.indicators[i].id);
        ZF_ASSERT(figure.value.has_value() || figure.display.find(zf::no_figure) == 0);
        ZF_ASSERT(zf::is_valid_utf8(figure.display));
        text += figure.id + "=" + figure.value.value_or("") + figure.display + "\n";
        for (const zf::Uuid& id : figure.records) text += id.text();
    }
    return text;
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    const auto json = parse_json(bytes);
    if (!json) return Verdict::refused;
    const auto catalog = decode_indicators(*json, &test::sample_forms());
    const auto again = decode_indicators(*parse_json(canonical_text(*json)), &test::sample_forms());
    ZF_ASSERT(catalog.has_value() == again.has_value());
    const auto unchecked = decode_indicators(*json, nullptr);
    if (!unchecked) {
        check_refusal(unchecked.error());
        ZF_ASSERT(!catalog);
    } else {
        // Forms may change after the indicators were accepted: fields that are gone are no reason
        // to fail.
        static_cast<void>(text_of(*unchecked, "2008H1"));
    }
    if (!catalog) {
        check_refusal(catalog.error());
        return Verdict::refused;
    }
    for (const char* period : {"2008H1", "2008-02", "0001-01-01..9999-12-31"}) {
        ZF_ASSERT(text_of(*catalog, period) == text_of(*again, period));
    }
    return Verdict::accepted;
}
