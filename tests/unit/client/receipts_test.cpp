// What a laptop says about its own work, against a real server in the same process: each step from
// saved to reviewed, and the account of a day.
#include "client/receipts.h"

#include <doctest/doctest.h>

#include "client/draft.h"
#include "client/put_away.h"
#include "client/receipt_text.h"
#include "common/sync/bundle.h"
#include "server/administer.h"
#include "server/bundle.h"
#include "server/freeze.h"
#include "server/review.h"
#include "tests/unit/client/enrolled_folder.h"

namespace zf::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t hour_ms = 3'600'000;

std::string shortfall(Shortfall what, int count) {
    return std::to_string(static_cast<int>(what)) + ":" + std::to_string(count) + " ";
}

}  // namespace

TEST_CASE("a record's way: saved, sent, stored, reviewed, each told when it is so") {
    Office office;
    Folder li(office, "li", 1);
    const Uuid record = li.create();
    const Hash256 photo = li.attach(record, "a picture");
    CHECK(li.saves(record) == "2 0 0 0");
    li.road.before = [](const Request& request) -> Result<void> {
        if (request.method == "PUT") return broken_line();
        return {};
    };
    CHECK_FALSE(Sync(li.store->sync_stores(), li.road).run().has_value());
    li.road.before = {};
    CHECK(li.saves(record) == "2 2 2 2");
    auto told = li.receipt(record);
    REQUIRE(told.attachments.size() == 1);
    CHECK(told.attachments[0].hash == photo);
    CHECK(told.attachments[0].is_here);
    CHECK_FALSE(told.attachments[0].stored_since_ms.has_value());
    REQUIRE(told.review.has_value());
    CHECK(told.review->by.empty());
    li.sync();
    CHECK(li.receipt(record).attachments[0].stored_since_ms.has_value());

    REQUIRE(submit_record(*li.store, {"li"}, record)->written);
    CHECK(li.saves(record) == "3 2 2 2");
    li.sync();
    REQUIRE(add_user(office.store(), {"chen", Role::leader, {}, false}).has_value());
    const auto chen = *office.store().bureau().find_user("chen");
    const auto reviewed = review_record(office.store(), chen, record, ReviewKind::approved, "good");
    CAPTURE((reviewed ? std::string() : reviewed.error().message));
    REQUIRE(reviewed.has_value());
    CHECK(li.receipt(record).review->status == Status::submitted);
    li.sync();
    told = li.receipt(record);
    CHECK(told.review->status == Status::approved);
    CHECK(told.review->by == "chen");
    CHECK(told.review->at_ms > 0);
    // The leader's review is a save of somebody else that the bureau has.
    CHECK(li.saves(record) == "4 4 4 4");
}

TEST_CASE("what another laptop gave counts as stored only when the bureau has numbered it") {
    Office office;
    Folder li(office, "li", 1), wang(office, "wang", 2);
    li.sync();  // hears of wang's laptop
    const Uuid record = li.create();
    li.edit(record, {{"action", "x"}});
    LaptopStores from = li.store->sync_stores(), to = wang.store->sync_stores();
    const fs::path file = office.folder.path / "stick";
    REQUIRE(export_bundle(from, file, wang.store->device()).has_value());
    REQUIRE(import_bundle(to, file, office.folder.path / "incoming").has_value());
    CHECK(wang.saves(record) == "2 0 0 0");
    li.sync();
    wang.sync();
    CHECK(wang.saves(record) == "2 2 2 2");
    // Without a record only the own work is told.
    CHECK(receipts_of(*wang.store, {})->records.empty());
    const auto unknown = receipts_of(*wang.store, {wang.env.new_uuid(), {}, {}});
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == ErrorCode::unknown_record);
}

TEST_CASE("a day is the bureau's, from midnight to midnight, and names all that is missing") {
    Office office;
    Folder li(office, "li", 1);
    const Date day{2008, 5, 20};
    li.env.set_now_ms(instant_at(day, 0, bureau_offset_minutes) - 2000);
    li.create();  // a second before midnight
    const Uuid record = li.create();
    li.env.set_now_ms(instant_at(next_day(day), 0, bureau_offset_minutes) - 2000);
    li.edit(record, {{"action", "late"}});
    li.create();  // of the next day
    CHECK(reconcile_day(*li.store, day).receipts.saves.saved == 2);
    CHECK(li.missing(day) == shortfall(Shortfall::not_sent, 2));
    CHECK(li.missing({2008, 5, 1}).empty());
    li.env.set_now_ms(instant_at(day, 600, bureau_offset_minutes));
    li.attach(record, "picture");
    auto draft = Draft::open(*li.store, record);
    REQUIRE(draft.has_value());
    draft->set("action", "half");
    draft->autosave();
    CHECK(li.missing(day) == shortfall(Shortfall::drafts, 1) + shortfall(Shortfall::not_sent, 3) +
                                 shortfall(Shortfall::attachment_not_sent, 1));
    li.sync();
    CHECK(li.missing(day) == shortfall(Shortfall::drafts, 1));
    draft->discard();
    CHECK(li.missing(day).empty());
    CHECK(sum_of(reconcile_day(*li.store, day)).en ==
          "everything of 2008-05-20 is with the bureau");
}

TEST_CASE("a save that the bureau acknowledged and never compared is not said to be stored") {
    Office office;
    Folder li(office, "li", 1);
    const Uuid record = li.create();
    {
        Transaction transaction(li.store->db());
        li.store->log().set_acknowledged(li.store->device(), 1);
        transaction.commit();
    }
    CHECK(li.saves(record) == "1 1 0 1");
    CHECK(li.missing(li.store->today()) == shortfall(Shortfall::not_compared, 1));
}

TEST_CASE("an attachment that is nowhere is missing, and one that was put away is not") {
    Office office;
    Folder li(office, "li", 1);
    const Uuid record = li.create();
    const Hash256 gone = li.attach(record, "gone");
    fs::remove(li.store->blobs().path_of(gone));
    const Date day = li.store->today();
    li.sync();
    CHECK(li.missing(day) == shortfall(Shortfall::attachment_gone, 1));
    const Hash256 kept = li.attach(record, "kept");
    li.sync();
    li.env.set_now_ms(li.env.now_ms() + 23 * hour_ms);
    CHECK(put_away_older(*li.store, 1, false)->attachments == 0);
    li.env.set_now_ms(li.env.now_ms() + hour_ms);
    const auto rehearsed = put_away_older(*li.store, 1, true);
    REQUIRE(rehearsed.has_value());
    CHECK(rehearsed->attachments == 1);
    CHECK(li.store->blobs().has(kept));
    CHECK(put_away_older(*li.store, 1, false)->bytes == 4);
    CHECK_FALSE(li.store->blobs().has(kept));
    CHECK(li.missing(day) == shortfall(Shortfall::attachment_gone, 1));
    CHECK(li.store->unsent_attachments() == 0);
}

TEST_CASE("work under a former identity is told too, each save once") {
    Office office;
    Folder li(office, "li", 1);
    const Uuid sent = li.create();
    li.sync();
    const Uuid unsent = li.create();
    REQUIRE(li.store->identity().take_new(NewIdentityReason::database_back).has_value());
    REQUIRE(li.store->refresh().has_value());
    const Uuid later = li.create();
    CHECK(li.saves(sent) == "1 1 1 1");
    CHECK(li.saves(unsent) == "1 0 0 0");
    CHECK(Folder::text_of(receipts_of(*li.store, {})->saves) == "3 1 1 1");
    li.sync();
    for (const Uuid& record : {sent, unsent, later}) CHECK(li.saves(record) == "1 1 1 1");
    CHECK(Folder::text_of(receipts_of(*li.store, {})->saves) == "3 3 3 3");
}

namespace {

/// "2008H1/1+ 2008Q2/1-": period, number, and whether it counts as it is approved now.
std::string counted(Folder& folder, const Uuid& record) {
    std::string told;
    for (const CountedIn& one : folder.receipt(record).counted) {
        told += one.period + "/" + std::to_string(one.number) + (one.is_current ? "+ " : "- ");
    }
    return told;
}

struct Reporting {
    explicit Reporting(Office& to) : office(to) {
        REQUIRE(add_user(office.store(), {"chen", Role::leader, {}, false}).has_value());
        chen = *office.store().bureau().find_user("chen");
    }
    void approve(const Uuid& record) {
        const auto done = review_record(office.store(), chen, record, ReviewKind::approved, "");
        CAPTURE((done ? std::string() : done.error().message));
        REQUIRE(done.has_value());
    }
    void freeze(const std::string& period) {
        const auto frozen = freeze_report(office.store(), chen, *parse_period(period));
        REQUIRE(frozen.has_value());
        REQUIRE(frozen->is_new);
    }
    Office& office;
    User chen;
};

}  // namespace

TEST_CASE("a record's last step: counted in a report, as it was approved then") {
    Office office;
    Folder li(office, "li", 1), wang(office, "wang", 2);
    Reporting reporting(office);
    const Uuid record = li.create_donation("100"), other = li.create_donation("7");
    const Uuid hazard = li.create();
    li.sync();
    reporting.approve(record);
    reporting.freeze("2008H1");
    CHECK(counted(li, record).empty());
    li.sync();
    CHECK(counted(li, record) == "2008H1/1+ ");
    CHECK(counted(li, other).empty());
    CHECK(counted(li, hazard).empty());
    const CountedIn told = li.receipt(record).counted.at(0);
    CHECK(told.frozen == Date{2008, 5, 17});
    CHECK(told.by == "chen");
    // Whoever may see the record is told the same, whoever wrote it.
    wang.sync();
    CHECK(counted(wang, record) == "2008H1/1+ ");
    li.edit(record, {{"amount", "1000"}});
    CHECK(counted(li, record) == "2008H1/1+ ");
    li.sync();
    reporting.approve(record);
    reporting.approve(other);
    li.sync();
    CHECK(counted(li, record) == "2008H1/1- ");
    reporting.freeze("2008H1");
    reporting.freeze("2008-05");
    li.sync();
    CHECK(counted(li, record) == "2008-05/1+ 2008H1/1- 2008H1/2+ ");
    CHECK(counted(li, other) == "2008-05/1+ 2008H1/2+ ");
}

TEST_CASE("reports come in a bundle, and back to a server that has lost them") {
    Office office;
    Folder li(office, "li", 1);
    Reporting reporting(office);
    office.make_backup();
    const Uuid record = li.create_donation("100");
    li.sync();
    reporting.approve(record);
    reporting.freeze("2008H1");
    const fs::path file = office.folder.path / "stick";
    REQUIRE(export_bundle(office.store(), file, li.store->device()).has_value());
    LaptopStores stores = li.store->sync_stores();
    REQUIRE(import_bundle(stores, file, office.folder.path / "incoming").has_value());
    REQUIRE(li.store->refresh().has_value());
    CHECK(counted(li, record) == "2008H1/1+ ");
    office.go_back();
    CHECK(office.store().bureau().reports().empty());
    li.sync();
    li.sync();
    const auto reports = office.store().bureau().reports();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].is_former);
    CHECK(figures_of(office.store(), reports[0]).has_value());
    CHECK(counted(li, record) == "2008H1/1+ ");
}

TEST_CASE("the entry about a report names no record, and of one that has left nothing is told") {
    Office office;
    Folder li(office, "li", 1);
    Reporting reporting(office);
    const Uuid record = li.create_donation("100");
    li.sync();
    reporting.approve(record);
    reporting.freeze("2008H1");
    li.sync();
    Statement count = li.store->db().prepare(
        "SELECT COUNT(*), SUM(instr(bytes, ?1)) FROM bureau_entry WHERE kind='report'");
    const std::string id = record.text();
    count.bind_text(1, id);
    REQUIRE(count.step());
    CHECK(count.integer(0) == 1);
    CHECK(count.integer(1) == 0);
    CHECK(counted(li, record) == "2008H1/1+ ");
    // As a page of a pull takes it out of sight.
    Transaction transaction(li.store->db());
    li.store->log().drop_record(record);
    transaction.commit();
    CHECK(li.saves(record) == "2 2 2 2");
    CHECK(counted(li, record).empty());
}

TEST_CASE("a report in words, in three languages") {
    const auto words = [](const char* period, bool is_current = true) {
        return words_of(CountedIn{period, 2, {2008, 7, 5}, "chen", is_current});
    };
    CHECK(words("2008H1").zh_hans == "计入2008年上半年第2号报表，2008-07-05定稿");
    CHECK(words("2008H2").zh_hant == "計入2008年下半年第2號報表，2008-07-05定稿");
    CHECK(words("2008H1").en == "counted in report 2 of 2008H1, frozen 2008-07-05");
    CHECK(words("2008Q3").zh_hans.find("2008年第3季度第2号") != std::string::npos);
    CHECK(words("2008-05").zh_hans.find("2008年5月第2号") != std::string::npos);
    CHECK(words("2008-12").zh_hans.find("2008年12月第2号") != std::string::npos);
    CHECK(words("2008").zh_hant.find("2008年第2號") != std::string::npos);
    CHECK(words("2008-05-12..2008-05-31").zh_hans.find("2008-05-12至2008-05-31第2号") !=
          std::string::npos);
    CHECK(words("2008H1", false).zh_hans.ends_with("；之后审定的改动未计入"));
    CHECK(words("2008H1", false).en.ends_with("without what was approved since"));
}

TEST_CASE("every reason and every shortfall has words in three languages") {
    const auto check = [](const LocalText& words) {
        CAPTURE(words.en);
        for (const std::string* text : {&words.zh_hans, &words.zh_hant, &words.en}) {
            CHECK(text->size() > 8);
            CHECK(text->find('#') == std::string::npos);
        }
        CHECK(words.zh_hans != words.zh_hant);
    };
    for (const char* code :
         {"device_revoked", "unknown_user", "not_allowed", "unknown_form", "of a newer server"}) {
        check(words_of(NotApplied{1, "parked", code, "detail"}));
        CHECK(words_of(NotApplied{1, "parked", code, "detail"}).en.find("detail") !=
              std::string::npos);
    }
    check(words_of(NotApplied{1, "held", "", ""}));
    for (const Shortfall what :
         {Shortfall::drafts, Shortfall::not_sent, Shortfall::not_compared, Shortfall::waiting,
          Shortfall::attachment_not_sent, Shortfall::attachment_gone}) {
        check(words_of(Missing{what, 7}));
        CHECK(words_of(Missing{what, 7}).zh_hans.find('7') != std::string::npos);
    }
}

}  // namespace zf::testing
