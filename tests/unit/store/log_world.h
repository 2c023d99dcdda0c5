// Stores for tests: a ChangeLog in memory with an author of its own, and the forms they share.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/codec/changeset_codec.h"
#include "common/codec/record_codec.h"
#include "common/store/arrival.h"
#include "common/store/author.h"
#include "common/store/change_log.h"
#include "common/store/store_records.h"

namespace zf::testing {

inline std::shared_ptr<const FormCatalog> small_forms() {
    auto catalog = std::make_shared<FormCatalog>();
    const auto field = [](const char* name, FieldType type) {
        Field made;
        made.name = name;
        made.type = type;
        made.decimals = 4;
        return made;
    };
    Form shop;
    shop.id = "shop";
    shop.natural_key = {"code"};
    shop.area = "division";
    shop.review_chain = {"section_head", "leader"};
    shop.fields = {field("code", FieldType::text),     field("name", FieldType::text),
                   field("division", FieldType::text), field("staff", FieldType::user_multi),
                   field("low", FieldType::integer),   field("high", FieldType::integer)};
    Form visit;
    visit.id = "visit";
    visit.natural_key = {"shop", "day"};
    visit.area = "shop.division";
    visit.review_chain = {"section_head"};
    visit.fields = {field("shop", FieldType::ref), field("day", FieldType::date),
                    field("amount", FieldType::decimal)};
    visit.fields[0].ref = "shop";
    const auto read = [](const char* name) {
        auto expression = std::make_shared<Expression>();
        expression->kind = Expression::Kind::field;
        expression->name = name;
        return expression;
    };
    auto compare = std::make_shared<Expression>();
    compare->kind = Expression::Kind::call;
    compare->name = "<=";
    compare->arguments = {read("low"), read("high")};
    catalog->forms = {std::move(shop), std::move(visit)};
    auto rule =
        parse_expression(Value(List{Value("<="), Value("low"), Value("high")}), catalog->forms[0]);
    catalog->forms[0].rules.push_back(
        {"low_le_high", rule ? *rule : compare, Level::error, {"a", "b", "c"}});
    return catalog;
}

/// One store with an author: a laptop, or the server.
class Site {
public:
    Site(StoreRole role, std::uint64_t seed, std::int64_t start_ms = 1'000'000)
        : env(seed, start_ms),
          key(KeyPair::generate(env)),
          db(Db::open(":memory:")),
          log(db, role, small_forms()),
          author(log, key, env) {}

    Uuid create(const char* form, const Members& entered, bool submit = false) {
        RecordDoc fresh;
        fresh.id = env.new_uuid();
        fresh.form = form;
        auto plan = plan_create(log.forms(), *log.forms().find(form), entered,
                                [this] { return env.new_uuid(); });
        if (submit) plan_submit(fresh, *plan);
        write(fresh, *plan);
        return fresh.id;
    }

    bool edit(const Uuid& id, const Members& entered) {
        const auto doc = log.find_record(id);
        if (!doc) return false;
        auto plan = plan_edit(log.forms(), *log.forms().find(doc->form), *doc, entered,
                              [this] { return env.new_uuid(); });
        if (!plan || plan->ops.empty()) return false;
        write(*doc, *plan);
        return true;
    }

    bool resolve(const Uuid& id, const Members& entered) {
        const auto doc = log.find_record(id);
        if (!doc) return false;
        auto plan = plan_resolve(log.forms(), *log.forms().find(doc->form), *doc, entered,
                                 [this] { return env.new_uuid(); });
        if (!plan || plan->ops.empty()) return false;
        write(*doc, *plan);
        return true;
    }

    void review(const Uuid& id, ReviewKind kind) {
        const auto doc = log.find_record(id);
        write(*doc, plan_review(*doc, kind, {}));
    }

    void write(const RecordDoc& opened, PlannedEdit plan) {
        env.set_now_ms(env.now_ms() + 10);
        Transaction transaction(db);
        auto written = author.write("someone", {{&opened, 1, std::move(plan)}});
        if (!written) throw DbError(0, written.error().message);
        transaction.commit();
    }

    /// `from_server`: with numbers, as a pull brings them.
    Result<AppendOutcome> take(std::vector<SignedChangeset> batch, const FindKey& find_key,
                               bool from_server = false) {
        auto arrivals = authenticate(std::move(batch), find_key);
        if (!arrivals) return fail(arrivals.error());
        std::int64_t ssn = 0;
        for (Arrival& arrival : *arrivals) {
            if (from_server) arrival.ssn = ++ssn;
        }
        Transaction transaction(db);
        auto outcome = log.append(*arrivals, env.now_ms());
        if (outcome) transaction.commit();
        return outcome;
    }

    std::vector<SignedChangeset> everything() {
        std::vector<SignedChangeset> all;
        log.each_changeset([&](const StoredChangeset& stored) {
            all.push_back(stored.signed_changeset);
            return true;
        });
        return all;
    }

    ManualEnv env;
    KeyPair key;
    Db db;
    ChangeLog log;
    Author author;
};

/// A server and laptops that exchange everything they hold.
struct Sites {
    explicit Sites(int laptops, std::uint64_t seed = 1) {
        all.push_back(std::make_unique<Site>(StoreRole::server, seed * 1000));
        for (int i = 1; i <= laptops; ++i) {
            all.push_back(std::make_unique<Site>(StoreRole::laptop,
                                                 seed * 1000 + static_cast<std::uint64_t>(i)));
        }
        for (const auto& site : all) keys[site->author.device()] = site->key.public_key();
    }
    Site& operator[](std::size_t i) { return *all[i]; }
    FindKey find_key() {
        return [this](const DeviceId& id) -> std::optional<PublicKey> {
            const auto key = keys.find(id);
            return key == keys.end() ? std::nullopt : std::optional(key->second);
        };
    }
    void send(std::size_t from, std::size_t to) {
        auto taken = all[to]->take(all[from]->everything(), find_key());
        REQUIRE(taken.has_value());
    }
    void pull(std::size_t from, std::size_t to) {
        auto taken = all[to]->take(all[from]->everything(), find_key(), true);
        REQUIRE(taken.has_value());
    }
    std::vector<std::unique_ptr<Site>> all;
    std::map<DeviceId, PublicKey> keys;
};

inline std::string documents(Site& site) {
    std::string all;
    site.log.each_record("", [&](const RecordDoc& doc) {
        all += encode_record(doc) + "\n";
        return true;
    });
    return all;
}

}  // namespace zf::testing
