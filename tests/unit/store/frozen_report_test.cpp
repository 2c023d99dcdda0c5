#include "common/store/frozen_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "common/codec/json.h"
#include "common/store/bureau_log.h"

namespace zf::testing {
namespace {

DeviceId device_no(std::uint8_t number) {
    DeviceId id;
    id.bytes[15] = number;
    return id;
}

FrozenReport some_report(std::int64_t number = 1, const std::string& period = "2008H1") {
    FrozenReport report;
    report.period = period;
    report.number = number;
    report.at_ms = 1'215'187'200'000 + number;
    report.by = "chen";
    report.records = 3;
    report.figures = blake2b("figures");
    report.content = blake2b("content" + std::to_string(number));
    report.counted = CountedApprovals({{device_no(1), 3}, {device_no(1), 11}, {device_no(2), 7}});
    report.sealed = "sealed";
    return report;
}

struct Bureau {
    ManualEnv env{7, 1000};
    KeyPair key = KeyPair::generate(env);
    Db db = Db::open(":memory:");
    BureauLog log{db};

    void freeze(const FrozenReport& report) {
        Transaction transaction(db);
        log.put_report(key, report);
        transaction.commit();
    }
    std::int64_t regain(const std::vector<BureauEntry>& entries) {
        Transaction transaction(db);
        const auto taken = log.regain(key, entries);
        REQUIRE(taken.has_value());
        transaction.commit();
        return *taken;
    }
    std::vector<BureauEntry> entries() { return log.entries_after(0, 1u << 30); }
};

}  // namespace

TEST_CASE("a set of approvals holds what was put into it, in any order, and nothing beside it") {
    ManualEnv env{2008, 0};
    std::vector<Approval> approvals;
    std::array<std::uint8_t, 400> dice{};
    env.fill_random(dice);
    for (std::size_t i = 0; i < dice.size(); i += 2) {
        approvals.push_back({device_no(dice[i] % 3), 1 + dice[i + 1] * 5 + dice[i] % 5});
    }
    const CountedApprovals counted(approvals);
    std::sort(approvals.begin(), approvals.end());
    approvals.erase(std::unique(approvals.begin(), approvals.end()), approvals.end());
    CHECK(counted.all() == approvals);
    for (std::uint8_t device = 0; device < 4; ++device) {
        for (std::int64_t seq = 0; seq < 1400; ++seq) {
            const Approval one{device_no(device), seq};
            CHECK(counted.contains(one) ==
                  std::binary_search(approvals.begin(), approvals.end(), one));
        }
    }
    const auto read = CountedApprovals::read(counted.value());
    REQUIRE(read.has_value());
    CHECK(*read == counted);
    CHECK(CountedApprovals().all().empty());
}

TEST_CASE("a set of approvals takes a bit for each changeset, whatever is counted") {
    std::vector<Approval> approvals;
    for (std::int64_t seq = 1; seq <= 200'000; seq += 2) approvals.push_back({device_no(1), seq});
    CHECK(canonical_text(CountedApprovals(std::move(approvals)).value()).size() < 34'000);
}

TEST_CASE("the bytes of an entry about a report are those of docs/protocol.md") {
    const std::string zeros(30, '0');
    CHECK(canonical_text(report_body(some_report())) ==
          R"({"by":"chen","content":")" + blake2b("content1").hex() +
              R"(","counted":[{"bits":"AQE","device":")" + zeros +
              R"(01","first":3},{"bits":"AQ","device":")" + zeros +
              R"(02","first":7}],"figures":")" + blake2b("figures").hex() +
              R"(","number":1,"period":"2008H1","records":3,"sealed":"c2VhbGVk"})");
}

TEST_CASE("an entry is read as it was written, with members of a later version in it") {
    const FrozenReport report = some_report();
    Value body = report_body(report);
    body.set("of_a_later_version", 1);
    const auto read = read_report_body(body);
    REQUIRE(read.has_value());
    CHECK(canonical_text(report_body(*read)) == canonical_text(report_body(report)));
    for (const char* name :
         {"by", "content", "counted", "figures", "number", "period", "records", "sealed"}) {
        Value broken = report_body(report);
        broken.set(name, true);
        CAPTURE(name);
        CHECK_FALSE(read_report_body(broken).has_value());
    }
    Value odd = report_body(report);
    odd.set("period", "2008H3");
    CHECK_FALSE(read_report_body(odd).has_value());
    odd.set("period", "2008H2");
    CHECK(read_report_body(odd).has_value());
    odd.set("number", 0);
    CHECK_FALSE(read_report_body(odd).has_value());
}

TEST_CASE("figures are for the bureau's key alone") {
    Bureau bureau;
    const std::string sealed = seal_figures("{\"a\": 1}\n", bureau.key.public_key(), bureau.env);
    CHECK(sealed.find("\"a\"") == std::string::npos);
    CHECK(open_figures(sealed, bureau.key) == "{\"a\": 1}\n");
    CHECK_FALSE(open_figures(sealed, KeyPair::generate(bureau.env)).has_value());
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        std::string changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK_FALSE(open_figures(changed, bureau.key).has_value());
        CHECK_FALSE(open_figures(sealed.substr(0, at), bureau.key).has_value());
    }
}

TEST_CASE("every report counts; they come by period, number and time") {
    Bureau bureau;
    bureau.freeze(some_report(1, "2008Q2"));
    bureau.freeze(some_report(1));
    bureau.freeze(some_report(2));
    bureau.freeze(some_report(1, "2007"));
    std::string told;
    for (const FrozenReport& one : bureau.log.reports()) {
        told += one.period + "/" + std::to_string(one.number) + " ";
    }
    CHECK(told == "2007/1 2008H1/1 2008H1/2 2008Q2/1 ");
    CHECK(bureau.log.reports()[1].at_ms == some_report(1).at_ms);
}

TEST_CASE("a lost server is given its reports back once, as those of a former one") {
    Bureau lost, fresh;
    lost.freeze(some_report(1));
    lost.freeze(some_report(2));
    fresh.key = lost.key;
    CHECK(fresh.regain(lost.entries()) == 2);
    CHECK(fresh.regain(lost.entries()) == 0);
    REQUIRE(fresh.log.reports().size() == 2);
    CHECK(fresh.log.reports()[0].is_former);
    CHECK(fresh.log.reports()[0].at_ms == some_report(1).at_ms);
    CHECK(fresh.log.reports()[0].counted == some_report(1).counted);
    // And once more lost: the copy of a copy is the same report.
    Bureau again;
    again.key = lost.key;
    CHECK(again.regain(fresh.entries()) == 2);
    CHECK(again.regain(lost.entries()) == 0);
    CHECK(lost.regain(again.entries()) == 0);
}

TEST_CASE("two reports with one number are both kept: each was handed out") {
    Bureau lost, restored;
    restored.key = lost.key;
    lost.freeze(some_report(1));
    FrozenReport other = some_report(1);
    other.content = blake2b("something else");
    other.at_ms += 1000;
    restored.freeze(other);
    CHECK(restored.regain(lost.entries()) == 1);
    const auto all = restored.log.reports();
    REQUIRE(all.size() == 2);
    CHECK(all[0].is_former);
    CHECK_FALSE(all[1].is_former);
}

TEST_CASE("a laptop takes a report over, and refuses one that is none") {
    Bureau bureau, laptop;
    bureau.freeze(some_report());
    const auto accept = [&] {
        Transaction transaction(laptop.db);
        const auto done = laptop.log.accept(bureau.key.public_key(), bureau.entries());
        if (done) transaction.commit();
        return done ? "ok" : std::string(facts_of(done.error().code).slug);
    };
    CHECK(accept() == "ok");
    CHECK(laptop.log.reports().size() == 1);
    FrozenReport broken = some_report(2);
    broken.period = "some day";
    bureau.freeze(broken);
    CHECK(accept() == "malformed");
}

TEST_CASE("periods are the same when their days are") {
    CHECK(is_same_period("2008H1", "2008-01-01..2008-06-30"));
    CHECK(is_same_period("2008Q2", "2008Q2"));
    CHECK_FALSE(is_same_period("2008H1", "2008Q2"));
    CHECK_FALSE(is_same_period("2008H1", "some day"));
}

}  // namespace zf::testing
