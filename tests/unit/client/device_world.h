// Laptops for tests, without a server: folders that a bureau made up on the spot has enrolled,
// with forms of their own. They exchange changesets by hand.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "client/batch.h"
#include "client/device_store.h"
#include "client/records.h"
#include "common/codec/form_codec.h"
#include "common/codec/json.h"
#include "common/store/arrival.h"
#include "tests/unit/store/scratch_folder.h"

namespace zf::testing {

using Store = std::unique_ptr<DeviceStore>;

inline constexpr std::int64_t start_ms = 1210579200000;  // 2008-05-12T16:00:00+08:00

inline constexpr std::string_view forms_text = R"({
 "schema": "field-forms/1",
 "units": {"yuan": {"zh-Hans": "元", "zh-Hant": "元", "en": "yuan"}},
 "categories": [{"id": "all", "label": {"zh-Hans": "全", "zh-Hant": "全", "en": "All"}}],
 "choice_lists": {"level": [
  {"code": "low", "label": {"zh-Hans": "低", "zh-Hant": "低", "en": "Low"}},
  {"code": "high", "label": {"zh-Hans": "高", "zh-Hant": "高", "en": "High"}},
  {"code": "top", "label": {"zh-Hans": "顶", "zh-Hant": "頂", "en": "Top"}}]},
 "forms": [
 {"id": "shop", "version": 2, "role": "register", "category": "all", "title": "{name}",
  "label": {"zh-Hans": "店", "zh-Hant": "店", "en": "Shop"}, "natural_key": ["code"],
  "review": {"chain": ["section_head"]},
  "fields": [
   {"name": "code", "type": "text", "label": {"zh-Hans": "号", "zh-Hant": "號", "en": "Code"}},
   {"name": "name", "type": "text", "required": true, "constraint": {"max_length": 20},
    "label": {"zh-Hans": "名", "zh-Hant": "名", "en": "Name"}},
   {"name": "owner", "type": "ref", "ref": "shop",
    "label": {"zh-Hans": "主", "zh-Hant": "主", "en": "Owner"}}]},
 {"id": "visit", "version": 3, "role": "event", "category": "all", "title": "{shop} {day}",
  "date_field": "day", "label": {"zh-Hans": "访", "zh-Hant": "訪", "en": "Visit"},
  "natural_key": ["shop", "day"], "review": {"chain": ["section_head"]},
  "fields": [
   {"name": "shop", "type": "ref", "ref": "shop", "required": true,
    "label": {"zh-Hans": "店", "zh-Hant": "店", "en": "Shop"}},
   {"name": "day", "type": "date", "required": true,
    "label": {"zh-Hans": "日", "zh-Hant": "日", "en": "Day"}},
   {"name": "until", "type": "date", "label": {"zh-Hans": "止", "zh-Hant": "止", "en": "Until"}},
   {"name": "month", "type": "month", "label": {"zh-Hans": "月", "zh-Hant": "月", "en": "Month"}},
   {"name": "time", "type": "datetime", "label": {"zh-Hans": "时", "zh-Hant": "時", "en": "Time"}},
   {"name": "households", "type": "integer", "constraint": {"min": 0, "max": 1000},
    "label": {"zh-Hans": "户", "zh-Hant": "戶", "en": "Households"}},
   {"name": "amount", "type": "decimal", "decimals": 2, "unit": "yuan",
    "label": {"zh-Hans": "额", "zh-Hant": "額", "en": "Amount"}},
   {"name": "extra", "type": "decimal", "decimals": 2, "unit": "yuan",
    "label": {"zh-Hans": "加", "zh-Hant": "加", "en": "Extra"}},
   {"name": "total", "type": "decimal", "decimals": 2, "computed": ["+", "amount", "extra"],
    "label": {"zh-Hans": "计", "zh-Hant": "計", "en": "Total"}},
   {"name": "note", "type": "multiline", "label": {"zh-Hans": "注", "zh-Hant": "註", "en": "Note"}},
   {"name": "level", "type": "choice", "choices": "level", "default": "low",
    "label": {"zh-Hans": "级", "zh-Hant": "級", "en": "Level"}},
   {"name": "levels", "type": "multi_choice", "choices": "level",
    "label": {"zh-Hans": "级", "zh-Hant": "級", "en": "Levels"}},
   {"name": "done", "type": "boolean", "default": false,
    "label": {"zh-Hans": "毕", "zh-Hant": "畢", "en": "Done"}},
   {"name": "why", "type": "text", "required": true, "visible_if": ["=", "done", true],
    "label": {"zh-Hans": "因", "zh-Hant": "因", "en": "Why"}},
   {"name": "shops", "type": "ref_multi", "ref": "shop",
    "label": {"zh-Hans": "店", "zh-Hant": "店", "en": "Shops"}},
   {"name": "who", "type": "user", "label": {"zh-Hans": "谁", "zh-Hant": "誰", "en": "Who"}},
   {"name": "helpers", "type": "user_multi",
    "label": {"zh-Hans": "谁", "zh-Hant": "誰", "en": "Helpers"}},
   {"name": "place", "type": "geopoint", "label": {"zh-Hans": "点", "zh-Hant": "點", "en": "Place"}},
   {"name": "photos", "type": "photos", "label": {"zh-Hans": "照", "zh-Hant": "照", "en": "Photos"}},
   {"name": "rows", "type": "repeat", "label": {"zh-Hans": "行", "zh-Hant": "列", "en": "Rows"},
    "fields": [
     {"name": "topic", "type": "text", "label": {"zh-Hans": "题", "zh-Hant": "題", "en": "Topic"}},
     {"name": "pct", "type": "decimal", "decimals": 1,
      "label": {"zh-Hans": "率", "zh-Hant": "率", "en": "Share"}}]}],
  "rules": [
   {"id": "ends_after", "expr": ["<=", "day", "until"], "level": "error",
    "message": {"zh-Hans": "止日早于起日", "zh-Hant": "止日早於起日", "en": "until before day"}},
   {"id": "many", "expr": ["<=", "households", 500], "level": "warning",
    "message": {"zh-Hans": "户数很多", "zh-Hant": "戶數很多", "en": "many households"}}]}]
})";

inline Value json(std::string_view text) {
    auto value = parse_json(text);
    REQUIRE_MESSAGE(value.has_value(), std::string(text));
    return std::move(*value);
}

/// Text of a part of an answer, down a path of members: canonical JSON, "" where there is none.
inline std::string part(const Value& value, const std::vector<std::string>& path) {
    const Value* at = &value;
    for (const std::string& name : path) {
        if (const List* list = at->list()) {
            const std::size_t index = std::stoul(name);
            if (index >= list->size()) return "";
            at = &(*list)[index];
            continue;
        }
        at = at->find(name);
        if (!at) return "";
    }
    return canonical_text(*at);
}

inline std::string text_part(const Value& value, const std::vector<std::string>& path) {
    const std::string text = part(value, path);
    return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

/// The codes of the issues in an answer, in their order: "warning duplicate shop; ...".
inline std::string issues_in(const Value& answer) {
    std::string text;
    const Value* issues = answer.find("issues");
    if (!issues || !issues->list()) return "none given";
    for (const Value& issue : *issues->list()) {
        text += (text.empty() ? "" : "; ") + text_part(issue, {"level"}) + " " +
                text_part(issue, {"code"}) + " " + text_part(issue, {"where"});
    }
    return text;
}

/// Who signs what laptops believe: people, devices, forms, and the server that reviews.
struct TestBureau {
    ManualEnv env{1, start_ms};
    KeyPair key = KeyPair::generate(env);
    KeyPair server = KeyPair::generate(env);
};

/// One laptop and the person at it.
class Laptop {
public:
    Laptop(TestBureau& bureau, std::uint64_t seed, std::vector<std::string> users = {"ann"})
        : bureau_(bureau), machine(seed, start_ms), env(machine) {
        open();
        REQUIRE(store->ensure_key().has_value());
        key_ = (*store->ensure_key())->public_key();
        REQUIRE(
            store->set_membership({"http://127.0.0.1:9", bureau.key.public_key(), users.front()})
                .has_value());
        Transaction transaction(store->db());
        BureauLog& log = store->bureau();
        log.put_server(
            bureau.key,
            {device_id_of(bureau.server.public_key()), bureau.server.public_key(), Uuid{}.text()},
            start_ms);
        for (const std::string& user : users) {
            log.put_user(bureau.key, {user, Role::staff, {}, false}, start_ms);
        }
        log.put_device(bureau.key, {store->device(), key_, "laptop", users, false}, start_ms);
        distribute(forms_text);
        transaction.commit();
    }

    void open() {
        store.reset();
        auto opened = DeviceStore::open(folder.path / "home", env);
        REQUIRE(opened.has_value());
        store = std::move(*opened);
    }

    void distribute(std::string_view forms) {
        const Value catalog = json(forms);
        store->bureau().put_catalog(bureau_.key, "forms", catalog, start_ms);
        auto decoded = decode_forms(catalog);
        const std::string message = decoded ? "" : decoded.error().message;
        REQUIRE_MESSAGE(decoded.has_value(), message);
        store->log().set_forms(std::make_shared<const FormCatalog>(std::move(*decoded)));
    }

    /// One batch command, a second later.
    Value ask(std::string_view command) {
        machine.set_now_ms(machine.now_ms() + 1000);
        return answer_command(*store, options, command);
    }
    /// One that must succeed.
    Value done(std::string_view command) {
        const Value answer = ask(command);
        INFO(std::string(command));
        INFO(canonical_text(answer));
        REQUIRE(part(answer, {"ok"}) == "true");
        return answer;
    }
    /// "code where" of one that must be refused.
    std::string refused(std::string_view command) {
        const Value answer = ask(command);
        INFO(std::string(command));
        INFO(canonical_text(answer));
        REQUIRE(part(answer, {"ok"}) == "false");
        return text_part(answer, {"error", "code"}) + " " + text_part(answer, {"error", "where"});
    }
    /// Creates a record and returns its id.
    std::string create(const std::string& form, const std::string& set) {
        return text_part(done(R"({"do":"create","form":")" + form + R"(","set":)" + set + "}"),
                         {"record"});
    }
    std::string edit(const std::string& record, const std::string& set) {
        return part(done(R"({"do":"edit","record":")" + record + R"(","set":)" + set + "}"),
                    {"changed"});
    }
    Value get(const std::string& record) {
        return done(R"({"do":"get","record":")" + record + R"("})");
    }
    std::string value(const std::string& record, const std::string& field) {
        return part(get(record), {"values", field});
    }
    std::int64_t changesets() { return store->log().counts().changesets; }

    /// Takes over everything that another laptop holds.
    void take_from(Laptop& other) {
        std::vector<SignedChangeset> batch;
        other.store->log().each_changeset([&](const StoredChangeset& stored) {
            batch.push_back(stored.signed_changeset);
            return true;
        });
        Transaction transaction(store->db());
        auto arrivals = authenticate(std::move(batch), [&](const DeviceId& id) {
            return id == other.store->device() ? std::optional(other.key_)
                                               : store->bureau().find_key(id);
        });
        REQUIRE(arrivals.has_value());
        REQUIRE(store->log().append(*arrivals, machine.now_ms()).has_value());
        transaction.commit();
    }

    /// A review as the server would write it.
    void review(const std::string& record, ReviewKind kind, const Value& note = {},
                const Value& comments = {}) {
        machine.set_now_ms(machine.now_ms() + 1000);
        const auto doc = store->log().find_record(*parse_uuid(record));
        REQUIRE(doc.has_value());
        Author author(store->log(), bureau_.server, env);
        Transaction transaction(store->db());
        const PlannedEdit review = plan_review(*doc, kind, note, comments);
        REQUIRE(author.write("head", {{&*doc, doc->form_version, review}}).has_value());
        transaction.commit();
    }

private:
    TestBureau& bureau_;
    PublicKey key_;

public:
    ScratchFolder folder;
    ManualEnv machine;
    SettableEnv env;
    Store store;
    BatchOptions options;
};

inline void exchange(Laptop& a, Laptop& b) {
    a.take_from(b);
    b.take_from(a);
}

}  // namespace zf::testing
