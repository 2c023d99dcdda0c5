// Frozen reports: what is kept, what differs later and why, and what verify, repair, a backup and
// a lost server make of them.
#include "server/freeze.h"

#include <doctest/doctest.h>

#include <sstream>

#include "common/codec/json.h"
#include "common/codec/zstd_frame.h"
#include "server/backup.h"
#include "server/commands.h"
#include "server/erratum.h"
#include "server/regain.h"
#include "server/repair.h"
#include "server/verify.h"
#include "tests/unit/server/review_world.h"

namespace zf::testing {
namespace {

struct FreezeWorld : ReviewWorld {
    /// Donations approved one after the other.
    Uuid approve(std::int64_t amount) {
        const Written written = donation(amount);
        laptop.write(written);
        laptop.push_all();
        REQUIRE(review(written.record, leader, ReviewKind::approved) == "ok");
        return written.record;
    }
    /// Another value in the n-th save of the laptop, a donation; approved.
    void amend(std::int64_t n, const char* field, const char* value) {
        const Uuid record = decode_changeset(laptop.chain.at(static_cast<std::size_t>(n - 1)).bytes)
                                ->records.front()
                                .id;
        Written edit{"donation", record, {{field, value}}, {laptop.ref(n)}, 1, {}};
        edit.supersedes = {{laptop.id(), n, std::string_view(field) == "amount" ? 3 : 1}};
        laptop.write(edit);
        laptop.push_all();
        REQUIRE(review(record, leader, ReviewKind::approved) == "ok");
    }
    Frozen freeze(const std::string& period = "2008H1") {
        env.set_now_ms(env.now_ms() + 60'000);
        const auto frozen = freeze_report(*store, leader, *parse_period(period));
        REQUIRE(frozen.has_value());
        return *frozen;
    }
    Erratum erratum(const std::string& period = "2008H1") {
        const auto held = store->lock();
        const auto last = last_report(*store, period);
        REQUIRE(last.has_value());
        const auto now = report_content(*store, *parse_period(period));
        REQUIRE(now.has_value());
        const auto found = erratum_of(*store, *last, *now);
        REQUIRE(found.has_value());
        return *found;
    }
    std::string run(std::vector<std::string> arguments, int status = 0) {
        std::ostringstream out, messages;
        arguments.insert(arguments.begin(), {"--data", data().string(), "report"});
        CHECK(run_command(arguments, env, out, messages) == status);
        told = messages.str();
        return out.str();
    }
    std::string told;
};

std::string display(const std::string& figures, const char* indicator) {
    const auto json = parse_json(figures);
    return *json->find(indicator)->find("display")->text();
}

std::string findings_in(CentralStore& store) {
    std::string all;
    for (const Discrepancy& one : verify_store(store).findings) {
        all += one.where + ": " + one.what + "\n";
    }
    return all;
}

std::vector<BureauEntry> entries_of(CentralStore& store) {
    const auto held = store.lock();
    return store.bureau().entries_after(0, 1u << 30);
}

}  // namespace

TEST_CASE("a report is kept as it was, and the next one is another") {
    FreezeWorld world;
    world.approve(100);
    const Frozen first = world.freeze();
    CHECK(first.is_new);
    CHECK(first.report.number == 1);
    CHECK(first.report.by == "chief");
    CHECK(first.report.records == 1);
    CHECK(display(first.figures, "donation_total") == "100");
    CHECK_FALSE(world.freeze().is_new);
    CHECK_FALSE(world.freeze("2008-01-01..2008-06-30").is_new);
    CHECK(world.freeze("2008Q2").report.number == 1);
    world.approve(20);
    const Frozen second = world.freeze();
    CHECK(second.is_new);
    CHECK(second.report.number == 2);
    CHECK(second.report.records == 2);
    const auto held = world.store->lock();
    CHECK(*figures_of(*world.store, first.report) == first.figures);
    CHECK(*figures_of(*world.store, second.report) == second.figures);
    CHECK(world.store->bureau().reports().size() == 3);
}

TEST_CASE("only a leader of the whole bureau freezes; whoever is at the server may leave no name") {
    FreezeWorld world;
    world.approve(100);
    const Period period = *parse_period("2008H1");
    for (const User& user : {world.head, User{"near", Role::leader, {"511923"}, false},
                             User{"admin", Role::admin, {}, false}}) {
        const auto refused = freeze_report(*world.store, user, period);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::not_allowed);
    }
    CHECK(freeze_report(*world.store, std::nullopt, period)->report.by.empty());
}

TEST_CASE("what stands behind the figures is read as it was written") {
    FreezeWorld world;
    for (int i = 1; i <= 5; ++i) world.approve(i);
    const auto held = world.store->lock();
    const auto content = report_content(*world.store, *parse_period("2008H1"));
    REQUIRE(content.has_value());
    CHECK(content->counted.size() == 5);
    CHECK(content->lists.at("donation_total").size() == 5);
    CHECK(content->lists.at("donation_party").empty());
    const auto read = decode_content(encode_content(*content));
    REQUIRE(read.has_value());
    CHECK(read->figures == content->figures);
    CHECK(read->counted == content->counted);
    CHECK(read->lists == content->lists);
    CHECK(read->referred == content->referred);
    CHECK(encode_content(*read) == encode_content(*content));
    for (const char* broken : {"{}", "[]", "x", R"({"_format":2})"}) {
        CHECK_FALSE(decode_content(broken).has_value());
    }
}

TEST_CASE("the erratum names the figures that differ and the records that account for it") {
    FreezeWorld world;
    const Uuid kept = world.approve(100), amended = world.approve(10), gone = world.approve(1);
    world.freeze();
    CHECK(world.erratum().figures.empty());
    CHECK(world.erratum().records == RecordDifference{});
    world.amend(2, "amount", "50");
    world.amend(3, "donated_on", "2008-08-01");
    const Uuid late = world.approve(1000);
    const Erratum erratum = world.erratum();
    CHECK(erratum.records == RecordDifference{{late}, {amended}, {gone}});
    std::string figures;
    for (const FigureDifference& one : erratum.figures) {
        figures += one.indicator + " ";
        CHECK(one.records == erratum.records);
        CHECK(*one.frozen.find("display")->text() == "111");
        CHECK(*one.now.find("display")->text() == "1150");
    }
    CHECK(figures == "donation_staff donation_total ");
    CHECK(erratum.figures_compared == 58);
    // What is not decided on yet changes nothing.
    Written edit{"donation", kept, {{"amount", "7"}}, {world.laptop.ref(1)}, 1, {}};
    edit.supersedes = {{world.laptop.id(), 1, 3}};
    world.laptop.write(edit);
    world.laptop.push_all();
    CHECK(world.erratum().records == erratum.records);
    CHECK(world.freeze().report.number == 2);
    CHECK(world.erratum().figures.empty());
}

TEST_CASE("the command: figures as ever, a notice beside them, and the frozen ones again") {
    FreezeWorld world;
    world.put_user(world.leader);
    world.approve(100);
    const std::string plain = world.run({"--period", "2008H1"});
    CHECK(world.told.empty());
    CHECK(world.run({"--period", "2008H1", "--freeze", "--user", "chief"}) == plain);
    CHECK(world.told.find("report 1 of 2008H1, frozen 2008-05-17") != std::string::npos);
    CHECK(world.run({"--period", "2008H1", "--freeze"}) == plain);
    CHECK(world.told.find("Nothing has changed") != std::string::npos);
    CHECK(world.run({"--period", "2008H1"}) == plain);
    CHECK(world.told.empty());
    const Uuid late = world.approve(23);
    const std::string now = world.run({"--period", "2008H1"});
    CHECK(now != plain);
    CHECK(world.told.find("2 of 58 figures differ from report 1 of 2008H1") == 0);
    CHECK(world.told.find("--erratum") != std::string::npos);
    const std::string lines = world.run({"--period", "2008H1", "--erratum"});
    CHECK(lines.find("donation_total: 100 (1 records) -> 123 (2 records)\n    added     " +
                     late.text()) != std::string::npos);
    const auto json = parse_json(world.run({"--period", "2008H1", "--erratum", "--json"}));
    REQUIRE(json.has_value());
    CHECK(*json->find("report")->find("number")->integer() == 1);
    CHECK(json->find("figures")->members()->size() == 2);
    CHECK(*json->find("records")->find("added")->list()->at(0).text() == late.text());
    CHECK(world.run({"--period", "2008H1", "--freeze"}) == now);
    CHECK(world.run({"--period", "2008H1", "--number", "1"}) == plain);
    CHECK(world.run({"--period", "2008-01-01..2008-06-30", "--number", "2"}) == now);
    const auto list = parse_json(world.run({"--list"}));
    REQUIRE(list->list()->size() == 2);
    CHECK(*list->list()->at(0).find("by")->text() == "chief");
    CHECK(list->list()->at(1).find("by")->is_null());
    CHECK(*list->list()->at(0).find("figures")->text() == blake2b(plain).hex());
    CHECK(parse_json(world.run({"--list", "--period", "2007"}))->list()->empty());
    world.run({"--period", "2008H1", "--number", "3"}, 1);
    world.run({"--period", "2007", "--erratum"}, 1);
    world.run({"--period", "2008H1", "--freeze", "--user", "nobody"}, 1);
    world.run({"--period", "2008H1", "--freeze", "--erratum"}, 2);
    world.run({"--period", "2008H1", "--user", "chief"}, 2);
    world.run({"--period", "2008H1", "--json"}, 2);
}

TEST_CASE("verify notices every change to a frozen report; a repair says what is lost") {
    FreezeWorld world;
    world.approve(100);
    const Frozen frozen = world.freeze();
    CHECK(findings_in(*world.store).empty());
    CHECK(verify_store(*world.store).reports == 1);
    const std::string where = "report 1 of 2008H1, frozen 2008-05-17: ";
    Transaction(world.store->db()).commit();
    SUBCASE("gone") {
        world.store->db().execute("DELETE FROM frozen_content");
        CHECK(findings_in(*world.store) == where + "which records its figures counted is gone\n");
    }
    SUBCASE("unreadable") {
        world.store->db().execute("UPDATE frozen_content SET content=x'00'");
        CHECK(findings_in(*world.store) ==
              where + "which records its figures counted was changed\n");
    }
    SUBCASE("another one") {
        ReportContent other = *content_of(*world.store, frozen.report)->operator->();
        other.lists["donation_total"].clear();
        keep_content(world.store->db(), frozen.report.content,
                     compress_frame(encode_content(other)));
        CHECK(findings_in(*world.store) ==
              where + "which records its figures counted was changed\n");
        std::ostringstream ignored;
        CHECK_FALSE(content_of(*world.store, frozen.report).has_value());
    }
    world.api.reset();
    world.store.reset();
    const auto repaired = repair_server(world.data(), world.env);
    REQUIRE(repaired.has_value());
    CHECK_FALSE(repaired->store_replaced);
    world.open();
    CHECK(findings_in(*world.store).empty());
    CHECK(verify_store(*world.store).reports_without_records == 1);
    CHECK(*figures_of(*world.store, frozen.report) == frozen.figures);
}

TEST_CASE("an entry about a report that was changed is not the bureau's") {
    FreezeWorld world;
    world.approve(100);
    world.freeze();
    world.store->db().execute(
        "UPDATE bureau_entry SET bytes=CAST(replace(CAST(bytes AS TEXT), '\"number\":1', "
        "'\"number\":2') AS BLOB) WHERE kind='report'");
    CHECK(findings_in(*world.store).find("the signature of the bureau does not fit") !=
          std::string::npos);
}

TEST_CASE("a damaged database: the reports and what stands behind them are salvaged") {
    FreezeWorld world;
    for (int i = 1; i < 40; ++i) world.approve(i);
    const Frozen frozen = world.freeze();
    world.store->db().execute("PRAGMA wal_checkpoint(TRUNCATE)");
    // A changeset whose bytes were changed: the log cannot be trusted.
    world.store->db().execute("UPDATE changeset SET bytes=x'00' WHERE ssn=1");
    world.api.reset();
    world.store.reset();
    const auto repaired = repair_server(world.data(), world.env);
    REQUIRE(repaired.has_value());
    REQUIRE(repaired->store_replaced);
    world.open();
    const auto reports = world.store->bureau().reports();
    REQUIRE(reports.size() == 1);
    CHECK(*figures_of(*world.store, reports[0]) == frozen.figures);
    const auto content = content_of(*world.store, reports[0]);
    REQUIRE(content.has_value());
    REQUIRE(content->has_value());
    CHECK((*content)->counted.size() == 39);
}

TEST_CASE("a lost server: figures and counted records come back, the lists are known to be lost") {
    FreezeWorld world;
    const Uuid first = world.approve(100);
    const Frozen frozen = world.freeze();
    const std::filesystem::path copy = world.folder.path / "backup";
    const auto entries = entries_of(*world.store);
    world.store->db().execute("DELETE FROM frozen_content");
    world.store->db().execute("DELETE FROM bureau_entry WHERE kind='report'");
    CHECK(world.store->bureau().reports().empty());
    REQUIRE(regain_entries(*world.store, entries).has_value());
    CHECK(*regain_entries(*world.store, entries) == 0);
    const auto reports = world.store->bureau().reports();
    REQUIRE(reports.size() == 1);
    CHECK(*figures_of(*world.store, reports[0]) == frozen.figures);
    CHECK(findings_in(*world.store).empty());
    CHECK(verify_store(*world.store).reports_without_records == 1);
    CHECK_FALSE(world.freeze().is_new);
    const Uuid late = world.approve(1);
    world.amend(1, "donated_on", "2008-08-01");
    const Erratum erratum = world.erratum();
    CHECK_FALSE(erratum.knows_lists);
    CHECK(erratum.records == RecordDifference{{late}, {}, {first}});
    CHECK(erratum.figures.size() == 2);
    CHECK(world.freeze().report.number == 2);
}

TEST_CASE("two reports with one number, after a backup was put back, are told apart") {
    FreezeWorld world;
    world.approve(100);
    const std::filesystem::path copy = world.folder.path / "backup";
    REQUIRE(back_up(*world.store, copy).has_value());
    const Frozen lost = world.freeze();
    const auto entries = entries_of(*world.store);
    world.api.reset();
    world.store.reset();
    REQUIRE(restore(copy, world.data(), world.env).has_value());
    world.open();
    CHECK(world.store->bureau().reports().empty());
    Frozen again = world.freeze();
    CHECK(again.report.number == 1);
    CHECK(*regain_entries(*world.store, entries) >= 1);
    world.run({"--period", "2008H1", "--number", "1"}, 1);
    CHECK(world.told.find("--list") != std::string::npos);
    CHECK(again.report.at_ms > lost.report.at_ms);
    CHECK(world.run({"--period", "2008H1", "--number", lost.report.content.hex()}) == lost.figures);
}

}  // namespace zf::testing
