// A whole client folder that is enrolled at an office in the same process, and the person at it.
#pragma once

#include <doctest/doctest.h>

#include <fstream>

#include "client/draft.h"
#include "client/receipts.h"
#include "tests/unit/sync/sync_world.h"

namespace zf::testing {

/// A whole client folder, enrolled at the office.
struct Folder {
    Folder(Office& office, const std::string& name, std::uint64_t seed)
        : env(seed, start_ms), road(office), user(name), home(office.folder.path / name) {
        open();
        REQUIRE(store->ensure_key().has_value());
        office.enrol(name, store->public_key());
        REQUIRE(store
                    ->set_membership(
                        {"https://127.0.0.1:1", office.store().keys().bureau.public_key(), name})
                    .has_value());
        sync();
    }
    void open() {
        store.reset();
        auto opened = DeviceStore::open(home, env);
        REQUIRE(opened.has_value());
        store = std::move(*opened);
    }
    void sync() {
        const auto done = Sync(store->sync_stores(), road).run();
        CAPTURE((done ? std::string() : done.error().message));
        REQUIRE(done.has_value());
        REQUIRE(store->refresh().has_value());
    }
    Uuid create() {
        env.set_now_ms(env.now_ms() + 1000);
        const auto saved = create_record(*store, {user}, "hazard", std::nullopt,
                                         {{"found_on", "2008-05-14"},
                                          {"found_by", "li"},
                                          {"place_name", "示例"},
                                          {"division", "511923203"},
                                          {"hazard_kind", "fuel"},
                                          {"level", "small"},
                                          {"description", "示例"},
                                          {"responsible", "li"},
                                          {"due_date", "2008-05-20"},
                                          {"state", "open"}});
        REQUIRE(saved.has_value());
        return saved->record;
    }
    /// Of a form that figures add up, and submitted.
    Uuid create_donation(const std::string& amount) {
        env.set_now_ms(env.now_ms() + 1000);
        const auto saved = create_record(*store, {user}, "donation", std::nullopt,
                                         {{"recipient", "红十字会"},
                                          {"donated_on", "2008-05-16"},
                                          {"kind", "staff"},
                                          {"amount", amount},
                                          {"donor_group", "staff"}});
        REQUIRE(saved.has_value());
        REQUIRE(submit_record(*store, {user}, saved->record)->written);
        return saved->record;
    }
    void edit(const Uuid& record, const Members& entered) {
        env.set_now_ms(env.now_ms() + 1000);
        REQUIRE(edit_record(*store, {user}, record, entered).has_value());
    }
    Hash256 attach(const Uuid& record, const std::string& content) {
        const std::filesystem::path file = home.parent_path() / "picture";
        std::ofstream(file, std::ios::binary) << content;
        const auto attached = attach_file(*store, {user}, record, "photos", file);
        REQUIRE(attached.has_value());
        return attached->hash;
    }
    RecordReceipt receipt(const Uuid& record) {
        auto all = receipts_of(*store, {record, {}, {}});
        REQUIRE(all.has_value());
        REQUIRE(all->records.size() == 1);
        return std::move(all->records[0]);
    }
    std::string saves(const Uuid& record) { return text_of(receipt(record).saves); }
    static std::string text_of(const SaveCounts& counts) {
        return std::to_string(counts.saved) + " " + std::to_string(counts.sent) + " " +
               std::to_string(counts.stored) + " " + std::to_string(counts.applied);
    }
    std::string missing(const Date& day) {
        std::string text;
        for (const Missing& one : reconcile_day(*store, day).missing) {
            text +=
                std::to_string(static_cast<int>(one.what)) + ":" + std::to_string(one.count) + " ";
        }
        return text;
    }

    ManualEnv env;
    Road road;
    std::string user;
    std::filesystem::path home;
    std::unique_ptr<DeviceStore> store;
};

}  // namespace zf::testing
