// The Sync screen by key: what is told before, while and after a sync, in three languages; an open
// draft under a pull; receipts, the account of a day; the background.
#include <atomic>

#include "client/receipt_text.h"
#include "client/ui/sync_texts.h"
#include "server/administer.h"
#include "server/freeze.h"
#include "server/review.h"
#include "tests/ui/sync_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

constexpr std::int64_t minute = 60'000, day = 86'400'000;

void review(SyncWorld& world, const Uuid& record, ReviewKind kind) {
    if (!world.office.store().bureau().find_user("chen")) {
        REQUIRE(add_user(world.office.store(), {"chen", Role::leader, {}, false}).has_value());
    }
    const auto chen = *world.office.store().bureau().find_user("chen");
    REQUIRE(review_record(world.office.store(), chen, record, kind, "请核对").has_value());
}

}  // namespace

TEST_CASE("sync now, told before and after, in three languages") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        SyncWorld world(language);
        INFO(static_cast<int>(language));
        const Messages& messages = world.ui->messages();
        CHECK(world.text("sync.state").starts_with("✓"));
        check_looks(world);
        const Uuid record = world.li.create();
        world.li.attach(record, std::string(300'000, 'x'));
        world.ui->wait(2.5);
        CHECK(world.text("sync.state").find("2") != std::string::npos);
        world.click("sync.rehearse");
        CHECK(world.ui->has("sync.plan"));
        CHECK(world.text("sync.plan.fetch") == messages.text("sync.plan.fetch_nothing"));
        check_looks(world);
        CHECK(world.li.store->unsent_changesets() == 2);
        world.click("sync.now");
        CHECK(world.text("sync.outcome") == messages.text("sync.done.all"));
        CHECK(world.ui->has("sync.sent"));
        CHECK_FALSE(world.ui->has("sync.fetched"));
        CHECK(world.text("sync.state").starts_with("✓"));
        CHECK(world.ui->has("sync.log.0"));
        CHECK(world.text("status.sync").starts_with("✓"));
        check_looks(world);
        world.click("sync.now");
        CHECK(world.text("sync.outcome") == messages.text("sync.done.nothing"));
    }
}

TEST_CASE("the plan names records, fields, bytes, conflicts; after the sync the conflict is told") {
    SyncWorld world;
    const Uuid record = world.li.create();
    world.click("sync.now");
    world.wang.sync();
    world.wang.edit(record, {{"description", "王改的"}});
    world.wang.sync();
    world.li.edit(record, {{"description", "李改的"}, {"place_name", "示例村"}});
    world.click("sync.rehearse");
    CHECK(world.text("sync.plan.send").starts_with("发出：1 条记录的 2 项内容（1 次保存，"));
    CHECK(world.text("sync.plan.fetch").starts_with("取回：1 次保存"));
    CHECK(world.text("sync.plan.conflicts").find("1 处") != std::string::npos);
    CHECK(world.text("sync.plan.conflict.0").find("示例") != std::string::npos);
    check_looks(world);
    world.click("sync.now");
    CHECK(world.text("sync.conflicts").find("1 条") != std::string::npos);
    check_looks(world);
}

TEST_CASE("the server away: what to do is told, and since when; back again all is well") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        SyncWorld world(language);
        world.li.create();
        world.before = away;
        world.click("sync.now");
        const std::string told = world.text("sync.outcome");
        CHECK(told == world.ui->messages().text("sync.error.unreachable"));
        CHECK(world.ui->has("sync.away"));
        CHECK(
            world.text("status.sync") ==
            world.ui->messages().text(
                "sync.status.away", {{"count", "1"}, {"when", ui::when_text(start_ms, start_ms)}}));
        check_looks(world);
        world.before = nullptr;
        world.click("sync.now");
        CHECK_FALSE(world.ui->has("sync.away"));
        check_looks(world);
    }
}

TEST_CASE("every failure is told in every language without a gap") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        const Messages messages(language);
        for (const char* trouble :
             {"unreachable", "pin", "revoked", "not_allowed", "busy", "stopped", "cut", "disk",
              "damaged", "update", "fork", "not_enrolled", "other"}) {
            const std::string key = "sync.error." + std::string(trouble);
            CHECK(messages.text(key, {{"reason", "x"}}).find('{') == std::string::npos);
            CHECK(messages.text(key) != key);
        }
    }
}

TEST_CASE("stopped by the button and by Escape, and gone on with; the screens never wait") {
    SyncWorld world;
    std::atomic<bool> is_waiting = false, is_cut = false, may_cut = false;
    world.cut_off = [&] {
        may_cut.wait(false);
        is_cut = true;
        is_cut.notify_all();
    };
    world.before = [&](const Request& request) -> Result<void> {
        if (request.path != "/v1/push") return {};
        is_waiting = true;
        is_waiting.notify_all();
        is_cut.wait(false);
        return fail(ErrorCode::interrupted, "cut off");
    };
    for (const bool by_key : {false, true}) {
        world.li.create();
        is_waiting = is_cut = may_cut = false;
        world.ui->click("sync.now");
        is_waiting.wait(false);
        world.ui->settle();
        CHECK(world.ui->has("sync.progress"));
        CHECK(world.text("status.sync").starts_with("正在同步"));
        check_looks(world);
        if (by_key) {
            world.ui->press("Escape");
        } else {
            world.ui->click("sync.progress.cancel");
        }
        CHECK(world.text("sync.progress.text") == world.ui->messages().text("sync.stopping"));
        may_cut = true;
        may_cut.notify_all();
        world.finish();
        CHECK(world.text("sync.outcome") == world.ui->messages().text("sync.error.stopped"));
    }
    world.before = nullptr;
    world.click("sync.now");
    CHECK(world.li.store->unsent_changesets() == 0);
}

TEST_CASE("a pull under an open form changes nothing that is typed") {
    SyncWorld world;
    const Uuid record = world.li.create();
    world.click("sync.now");
    world.wang.sync();
    world.screens->fill().open(record);
    world.ui->settle();
    world.ui->type("field.description", "写到一半𠮷");
    world.wang.edit(record, {{"description", "王改的"}});
    world.wang.sync();
    REQUIRE(world.screens->sync().run().start(SyncCause::night));
    world.finish();
    CHECK(world.li.store->log().find_record(record)->changesets == 2);
    CHECK(world.screens->shell().current() == "form");
    CHECK(world.text("field.description") == "写到一半𠮷");
    world.ui->type_on("，写完");
    world.ui->wait(0.7);
    CHECK(world.text("field.description") == "写到一半𠮷，写完");
    world.ui->click("action.save");
    const auto view = view_record(*world.li.store, record);
    REQUIRE(view.has_value());
    REQUIRE(view->conflicts.size() == 1);
    CHECK(view->conflicts[0].values.size() == 2);
}

TEST_CASE("receipts: each record's furthest step, filtered by group, day and name") {
    SyncWorld world;
    std::optional<Uuid> opened;
    world.screens->ways().to_record = [&](const Uuid& record) { opened = record; };
    const Uuid approved = world.li.create(), returned = world.li.create();
    for (const Uuid& one : {approved, returned}) {
        REQUIRE(submit_record(*world.li.store, {"li"}, one).has_value());
    }
    world.click("sync.now");
    review(world, approved, ReviewKind::approved);
    review(world, returned, ReviewKind::returned);
    world.click("sync.now");
    const Uuid fresh = world.li.create();
    world.click("sync.part.receipts");
    CHECK(world.text("sync.receipts") == "3");
    const auto row = [&](const Uuid& record) { return world.text("row." + record.text()); };
    CHECK(row(fresh).find("只在本机") != std::string::npos);
    CHECK(row(approved).find("已审定") != std::string::npos);
    CHECK(row(approved).find("chen") != std::string::npos);
    CHECK(row(returned).find("退回") != std::string::npos);
    check_looks(world);
    world.click("sync.group.away");
    CHECK(world.text("sync.receipts") == "1");
    world.click("sync.group.reviewed");
    CHECK(world.ui->has("row." + approved.text()));
    CHECK_FALSE(world.ui->has("row." + returned.text()));
    world.click("sync.group.all");
    world.ui->type("sync.receipts.search", "没有这个");
    world.finish();
    CHECK_FALSE(world.ui->has("sync.receipts"));
    world.ui->type("sync.receipts.search", "");
    world.ui->type("sync.receipts.day", "2001.1.1");
    world.finish();
    CHECK_FALSE(world.ui->has("sync.receipts"));
    world.ui->type("sync.receipts.day", "");
    world.finish();
    world.click("row." + fresh.text());
    CHECK(opened == fresh);
}

TEST_CASE("receipts end in the report that counts a record, here and on the record's page") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        SyncWorld world(language);
        const Uuid record = world.li.create_donation("100");
        world.click("sync.now");
        review(world, record, ReviewKind::approved);
        const Period half = *parse_period("2008H1");
        REQUIRE(freeze_report(world.office.store(), std::nullopt, half).has_value());
        world.click("sync.now");
        world.click("sync.part.receipts");
        const std::string words =
            words_of(CountedIn{"2008H1", 1, {2008, 5, 17}, "", true}).in(language);
        const std::string row = world.text("row." + record.text());
        CHECK(row.find(world.ui->messages().text("sync.step.counted")) != std::string::npos);
        CHECK(row.find(words) != std::string::npos);
        world.click("sync.group.reviewed");
        CHECK(world.ui->has("row." + record.text()));
        check_looks(world);
        world.click("row." + record.text());
        world.click("record.tab.receipt");
        CHECK(world.ui->expect("receipt.counted.0").label == words);
        check_looks(world);
        // A change that was approved later stands in no report yet.
        world.li.edit(record, {{"amount", "200"}});
        REQUIRE(Sync(world.li.store->sync_stores(), world.li.road).run().has_value());
        review(world, record, ReviewKind::approved);
        world.screens->shell().go("sync");
        world.finish();
        world.click("sync.part.now");
        world.click("sync.now");
        world.click("sync.part.receipts");
        const std::string later = world.text("row." + record.text());
        CHECK(later.find(world.ui->messages().text("sync.step.approved")) != std::string::npos);
        CHECK(later.find(words) != std::string::npos);
        check_looks(world);
        // Until the next one of the same day takes it in.
        REQUIRE(freeze_report(world.office.store(), std::nullopt, half)->is_new);
        world.click("sync.part.now");
        world.click("sync.now");
        world.click("sync.part.receipts");
        const std::string last = world.text("row." + record.text());
        CHECK(last.find(world.ui->messages().text("sync.step.counted")) != std::string::npos);
        CHECK(last.find(words_of(CountedIn{"2008H1", 2, {2008, 5, 17}, "", true}).in(language)) !=
              std::string::npos);
    }
}

TEST_CASE("what the bureau keeps back is told with the reason, before and after, everywhere") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        SyncWorld world(language);
        std::optional<Uuid> opened;
        world.screens->ways().to_record = [&](const Uuid& record) { opened = record; };
        {
            // From now on somewhere else, which this laptop does not know yet.
            CentralStore& office = world.office.store();
            const auto held = office.lock();
            Transaction transaction(office.db());
            office.bureau().put_user(office.keys().bureau,
                                     {"li", Role::staff, {"511923101"}, false}, start_ms);
            transaction.commit();
        }
        const Uuid record = world.li.create();
        world.click("sync.rehearse");
        const Messages& messages = world.ui->messages();
        CHECK(world.text("sync.waiting") == messages.text("sync.plan.waiting", {{"count", "1"}}));
        check_looks(world);
        world.click("sync.now");
        CHECK(world.text("sync.waiting") == messages.text("sync.waiting.title", {{"count", "1"}}));
        check_looks(world);
        world.click("sync.waiting.1.open");
        CHECK(opened == record);
        world.click("sync.part.receipts");
        world.click("sync.group.waiting");
        CHECK(world.text("row." + record.text()).find(messages.text("sync.step.waiting")) !=
              std::string::npos);
        check_looks(world);
        world.click("sync.part.day");
        CHECK(world.ui->has("sync.missing.waiting"));
        CHECK(world.ui->has("sync.day.waiting." + record.text()));
        check_looks(world);
    }
}

TEST_CASE("the account of a day says what is missing and mends it") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        SyncWorld world(language);
        const Uuid record = world.li.create();
        world.li.attach(record, "a picture");
        world.click("sync.part.day");
        CHECK(world.text("sync.day.sum").starts_with(language == Language::en ? "! " : "！"));
        CHECK(world.ui->has("sync.missing.not_sent"));
        CHECK(world.ui->has("sync.missing.files"));
        check_looks(world);
        world.click("sync.missing.not_sent.sync");
        CHECK(world.text("sync.outcome") == world.ui->messages().text("sync.done.all"));
        world.click("sync.part.day");
        CHECK(world.text("sync.day.sum").starts_with("✓"));
        CHECK(world.ui->has("sync.day.saves"));
        CHECK(world.ui->has("sync.day.files"));
        check_looks(world);
        world.ui->type("sync.day", "2001.1.1");
        world.finish();
        CHECK(world.text("sync.day.sum").find("2001-01-01") != std::string::npos);
    }
}

TEST_CASE("in the background: at its hour, quietly unless something concerns the person") {
    SyncWorld world;
    const Uuid record = world.li.create();
    REQUIRE(submit_record(*world.li.store, {"li"}, record).has_value());
    world.click("sync.now");
    world.screens->sync().background().begin();
    REQUIRE(world.screens->sync().background().set_hour({22}).has_value());
    const Date today = date_at(start_ms, bureau_offset_minutes);
    const std::int64_t begins =
        instant_at(today, 22 * 60 + world.screens->sync().background().minute(),
                   bureau_offset_minutes) +
        day;
    world.set_now(begins - day + 1);
    world.finish();
    world.finish();
    const auto count = [&] { return sync_notes(world.li.store->db()).size(); };
    const std::size_t before = count();
    // Nothing until then, and one frame is asked for at that moment and none before it.
    world.set_now(begins - 60 * minute);
    world.finish();
    CHECK(count() == before);
    REQUIRE(world.ui->kit().next_frame_in().has_value());
    CHECK(*world.ui->kit().next_frame_in() <= 3600.0);
    CHECK(*world.ui->kit().next_frame_in() > 3590.0);
    review(world, record, ReviewKind::returned);
    world.set_now(begins);
    world.finish();
    CHECK(count() == before + 1);
    CHECK(sync_notes(world.li.store->db()).front().cause == SyncCause::night);
    CHECK(world.text("toast.0").find("1 条记录被退回") != std::string::npos);
    // The network comes back an hour later; nothing new, nothing said.
    world.ui->wait(20);
    world.set_now(begins + 60 * minute);
    world.screens->sync().background().network_came();
    world.finish();
    world.set_now(begins + 61 * minute);
    world.finish();
    CHECK(count() == before + 2);
    CHECK(sync_notes(world.li.store->db()).front().cause == SyncCause::network);
    CHECK_FALSE(world.ui->has("toast.0"));
}

TEST_CASE("the hour is chosen, kept and can be off") {
    SyncWorld world;
    world.ui->choose("sync.hour", "6");
    CHECK(world.screens->sync().background().hour().hour == 6);
    check_looks(world);
    world.ui->choose("sync.hour", "off");
    CHECK_FALSE(world.screens->sync().background().hour().hour.has_value());
    CHECK(world.text("sync.hour.told") == world.ui->messages().text("sync.hour.never"));
    SyncRun idle(*world.li.store, world.screens->sync_worker(), world.screens->worker());
    Settings kept(world.li.home);
    CHECK_FALSE(BackgroundSync(*world.li.store, kept, idle).hour().hour.has_value());
}

TEST_CASE("a clock that is off is told in the status line and on the screen") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        SyncWorld world(language);
        world.set_now(start_ms - 25 * minute);
        world.click("sync.now");
        CHECK(world.text("sync.clock").find("25") != std::string::npos);
        CHECK(world.text("status.sync") == world.text("sync.clock"));
        check_looks(world);
        world.set_now(start_ms + 5 * minute);
        world.click("sync.now");
        CHECK_FALSE(world.ui->has("sync.clock"));
    }
    const Messages messages(Language::zh_hans);
    CHECK(ui::clock_text(messages, -11 * minute).find("快 11 分钟") != std::string::npos);
    CHECK(ui::clock_text(messages, 9 * minute).empty());
}

TEST_CASE("amounts and times are short and plain") {
    CHECK(ui::bytes_text(0) == "0 B");
    CHECK(ui::bytes_text(1023) == "1023 B");
    CHECK(ui::bytes_text(1024) == "1.0 KB");
    CHECK(ui::bytes_text(3'000'000) == "2.8 MB");
    CHECK(ui::bytes_text(5'000'000'000) == "4.6 GB");
    const std::int64_t noon = instant_at(*parse_date("2008-05-12"), 720, bureau_offset_minutes);
    CHECK(ui::when_text(noon, noon + 1000) == "12:00");
    CHECK(ui::when_text(noon, noon + day) == "05-12 12:00");
    CHECK(ui::when_text(noon, noon + 300 * day) == "2008-05-12 12:00");
    const Messages messages(Language::zh_hans);
    CHECK(ui::span_text(messages, 10'000) == "半分钟");
    CHECK(ui::span_text(messages, 170'000) == "3 分钟");
    CHECK(ui::span_text(messages, 5 * 60 * minute) == "5 小时");
    CHECK(ui::span_text(messages, 12 * day) == "12 天");
}

TEST_CASE("everything is reached by the keyboard alone") {
    SyncWorld world;
    world.li.create();
    for (int i = 0; i < 40 && world.ui->kit().focused() != "sync.now"; ++i) {
        world.ui->press("Tab");
    }
    REQUIRE(world.ui->kit().focused() == "sync.now");
    world.ui->press("Enter");
    world.finish();
    CHECK(world.li.store->unsent_changesets() == 0);
}
