// Times of the lists over many records, without a window: taking them over, reading orders,
// searching, frames of the Records and Today screens. Not run by ctest.
//   ZF_RECORDS=100000 zf_lists_bench      (100,000 without it)
// All times are of the processor.
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "client/app/record_list.h"
#include "tests/ui/fill_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

/// Processor time of this process: what else runs on the machine does not count.
class Watch {
public:
    double ms() const {
        return static_cast<double>(std::clock() - from_) * 1000.0 / CLOCKS_PER_SEC;
    }

private:
    std::clock_t from_ = std::clock();
};

void fill(DeviceStore& store, std::size_t records) {
    const FormCatalog& forms = store.log().forms();
    const Form& enterprise = *forms.find("enterprise");
    const Form& visit = *forms.find("site_visit");
    const auto new_uuid = [&] { return store.env().new_uuid(); };
    std::vector<std::string> enterprises;
    for (std::size_t at = 0; at < records;) {
        Transaction transaction(store.db());
        for (std::size_t end = std::min(records, at + 2000); at < end; ++at) {
            RecordDoc doc;
            doc.id = store.env().new_uuid();
            const bool is_first = at % 10 == 0;
            const Form& form = is_first ? enterprise : visit;
            doc.form = form.id;
            const std::string n = std::to_string(at);
            const std::string place = "51192310" + std::to_string(at % 10) + "000";
            Members values;
            if (is_first) {
                enterprises.push_back(doc.id.text());
                values = {{"name", Value("示例外来企业" + n)},
                          {"investor_origin", Value("out_province")},
                          {"division", Value(place)},
                          {"legal_rep", Value("张" + n)}};
            } else {
                const std::string day =
                    "2008-0" + std::to_string(1 + at % 6) + "-1" + std::to_string(at % 10);
                values = {{"target_name", Value("示例外来企业" + n)},
                          {"visit_date", Value(day)},
                          {"enterprise", Value(enterprises[at % enterprises.size()])},
                          {"division", Value(place)},
                          {"follow_up_due", at % 500 == 1 ? Value("2008-05-20") : Value()},
                          {"summary", Value("查看厂房与设备，了解生产情况，第" + n + "次")}};
            }
            auto plan = plan_create(forms, form, values, new_uuid);
            REQUIRE(plan.has_value());
            if (at % 3 != 0) plan_submit(doc, *plan);
            REQUIRE(store.author().write("ann", {{&doc, form.version, *plan}}).has_value());
        }
        transaction.commit();
    }
}

}  // namespace

TEST_CASE("times of the lists") {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const char* asked = std::getenv("ZF_RECORDS");
    const std::size_t records = asked ? std::strtoul(asked, nullptr, 10) : 100'000;
    FillWorld world;
    Watch filling;
    fill(*world.laptop.store, records);
    std::printf("%zu records written in %.1f s\n", records, filling.ms() / 1000);
    RecordLines& lines = world.screens->lines();
    Watch taking;
    double longest = 0;
    while (true) {
        Watch once;
        if (!lines.catch_up(60)) break;
        longest = std::max(longest, once.ms());
    }
    std::printf("taken over in %.1f s, at most %.1f ms at a time\n", taking.ms() / 1000, longest);
    RecordList list(lines);
    ListChoice choice;
    for (const auto& [name, order] : {std::pair{"updated", ListOrder::updated},
                                      {"title", ListOrder::title},
                                      {"day", ListOrder::day},
                                      {"status", ListOrder::status}}) {
        for (const char* form : {"", "site_visit"}) {
            choice.form = form;
            choice.order = order;
            Watch once;
            list.ask(choice);
            std::printf("order %s of %s: %.1f ms, %zu rows\n", name, form, once.ms(), list.size());
        }
    }
    choice = {};
    list.ask(choice);
    for (const char* typed : {"业", "企业", "99", "设备", "企业12345", "厂房 1234", "无", ""}) {
        choice.search = typed;
        Watch once;
        list.ask(choice);
        std::printf("search \"%s\": %.1f ms, %zu rows\n", typed, once.ms(), list.size());
    }
    for (const char* screen : {"records", "today"}) {
        world.shell->go(screen);
        Watch first;
        world.ui->frame();
        std::printf("%s: first frame %.1f ms", screen, first.ms());
        world.ui->settle();
        Watch frames;
        for (int i = 0; i < 100; ++i) world.ui->frame();
        std::printf(", then %.2f ms each\n", frames.ms() / 100);
    }
    world.create("enterprise", R"({"name":"新企业"})");
    Watch change;
    world.ui->frame();
    std::printf("frame after a save: %.1f ms\n", change.ms());
}
