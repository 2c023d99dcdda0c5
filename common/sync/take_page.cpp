#include "common/sync/take_page.h"

#include <algorithm>

#include "common/codec/form_codec.h"
#include "common/store/arrival.h"
#include "common/store/reader_scope.h"
#include "common/store/receipts.h"
#include "common/store/schema.h"
#include "common/store/set_aside.h"

namespace zf {
namespace {

constexpr std::int64_t lead_max_ms = 5 * 60 * 1000;

/// All that the server has is to come, from the first number.
void begin_again(Db& db) {
    set_fact(db, "cursor", 0);
    set_fact(db, sweep_fact, sweep_due);
}

/// The server was restored: its numbers and its bureau's log may have gone another way since the
/// backup, and it may have lost what it once acknowledged.
void begin_epoch(LaptopStores& stores, const std::string& epoch) {
    stores.bureau.put_by_entries();
    stores.log.reopen_attachments();
    stores.log.forget_numbers();
    forget_stored_but(stores.db, stores.author.device());
    begin_again(stores.db);
    // A bundle of an epoch that was left must not lead back to it, whatever the clocks say.
    set_fact(stores.db, "epochs_left",
             find_fact(stores.db, "epochs_left").value_or("") + " " +
                 find_fact(stores.db, "epoch").value_or(""));
    set_fact(stores.db, "epoch", epoch);
}

/// What this laptop's people may read; nothing: no records.
std::optional<std::vector<std::string>> own_areas(LaptopStores& stores) {
    const auto device = stores.bureau.find_device(stores.author.device());
    auto scope = device ? reader_scope(stores.bureau, *device) : std::nullopt;
    if (!scope) return std::nullopt;
    std::sort(scope->areas.begin(), scope->areas.end());
    return std::move(scope->areas);
}

Result<std::vector<Arrival>> authentic(LaptopStores& stores, std::vector<SignedChangeset> batch) {
    return authenticate(std::move(batch),
                        [&](const DeviceId& id) { return stores.bureau.find_key(id); });
}

/// The clocks that led too far are not followed.
void follow_clocks(LaptopStores& stores, const std::vector<Arrival>& arrivals) {
    Hlc greatest;
    const std::int64_t lead_limit = stores.env.now_ms() + lead_max_ms;
    for (const Arrival& arrival : arrivals) {
        if (arrival.changeset.hlc.ms <= lead_limit) {
            greatest = std::max(greatest, arrival.changeset.hlc);
        }
    }
    stores.author.saw(greatest);
}

}  // namespace

/// Entries are signed by the bureau, each by itself: they stay even if the rest of the page is
/// refused. One transaction, and the forms in memory change only with it.
Result<EntriesOutcome> take_entries(LaptopStores& stores, const PullAnswer& page) {
    const bool new_epoch = find_fact(stores.db, "epoch") != page.epoch;
    if (!new_epoch && page.entries.empty()) return EntriesOutcome{};
    Transaction transaction(stores.db);
    if (new_epoch) begin_epoch(stores, page.epoch);
    const std::int64_t forms_before = stores.bureau.catalog_version("forms");
    const auto areas_before = own_areas(stores);
    std::vector<BureauEntry> entries;
    for (const PulledEntry& entry : page.entries) {
        entries.push_back({0, entry.bytes, entry.signature});
    }
    ZF_CHECK(stores.bureau.accept(stores.bureau_key, entries));
    // Records of a new area have lower numbers than the cursor, and those of a lost one are to go.
    const bool areas_changed =
        own_areas(stores) != areas_before && stores.log.counts().changesets > 0;
    if (areas_changed) begin_again(stores.db);
    const bool forms_changed = stores.bureau.catalog_version("forms") != forms_before;
    if (forms_changed) {
        auto forms = decode_forms(stores.bureau.catalog("forms"));
        if (!forms) {
            return fail(ErrorCode::version_unsupported,
                        "the forms in force need a newer program than this one; update it. What "
                        "was saved here has been sent. (" +
                            forms.error().message + ")",
                        forms.error().where);
        }
        stores.log.set_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
    }
    transaction.commit();
    return EntriesOutcome{forms_changed, areas_changed};
}

Result<std::int64_t> take_changesets(LaptopStores& stores, std::vector<SignedChangeset> batch) {
    auto arrivals = authentic(stores, std::move(batch));
    if (!arrivals) return fail(arrivals.error());
    Transaction transaction(stores.db);
    auto outcome = stores.log.append(*arrivals, stores.env.now_ms());
    if (!outcome) return fail(outcome.error());
    follow_clocks(stores, *arrivals);
    const std::int64_t added = static_cast<std::int64_t>(arrivals->size()) - outcome->repeated;
    // Whether these records are still in the areas, only the server can tell.
    const auto areas = own_areas(stores);
    if (added > 0 && areas && !areas->empty()) set_fact(stores.db, sweep_fact, sweep_due);
    transaction.commit();
    return added;
}

Result<void> check_same_identity(LaptopStores& stores) {
    if (find_fact(stores.db, "identity") == stores.identity.device().hex()) return {};
    return fail(ErrorCode::interrupted,
                "another program has given this laptop a new identity meanwhile; sync again");
}

Result<PageOutcome> take_page(LaptopStores& stores, PullAnswer page, std::int64_t after) {
    const auto entries = take_entries(stores, page);
    if (!entries) return fail(entries.error());
    if (entries->areas_changed && after > 0) {
        // Of records of a new area it holds the latest changes only; all of them are to come.
        return PageOutcome{.forms_changed = entries->forms_changed, .areas_changed = true};
    }

    std::vector<SignedChangeset> batch;
    for (PulledChangeset& pulled : page.changesets) {
        batch.push_back(std::move(pulled.signed_changeset));
    }
    auto arrivals = authentic(stores, std::move(batch));
    if (!arrivals) return fail(arrivals.error());
    for (std::size_t i = 0; i < arrivals->size(); ++i) {
        (*arrivals)[i].ssn = page.changesets[i].ssn;
    }
    Transaction transaction(stores.db);
    ZF_CHECK(check_same_identity(stores));
    const std::int64_t set_aside =
        set_aside_variants(stores.log, *arrivals, stores.author.device(), stores.env.now_ms());
    auto outcome = stores.log.append(*arrivals, stores.env.now_ms());
    if (!outcome) return fail(outcome.error());
    take_place_of_variants(stores.log, *arrivals);
    follow_clocks(stores, *arrivals);
    for (const auto& [device, seq] : page.trailer.delivered) {
        const auto id = parse_device_id(device);
        if (!id) {
            return fail(ErrorCode::malformed, "device ids are 32 hex digits", "delivered");
        }
        // What the server has of the own chain is said by the session and by each push.
        if (*id != stores.author.device()) stores.log.set_delivered({*id, seq});
    }
    // Last: what the changesets, or held ones that they released, wrote about it goes with it.
    for (const std::string& record : page.dropped) {
        stores.log.drop_record(*parse_uuid(record));
    }
    for (const std::string& lacking : page.trailer.lacking) {
        const auto hash = parse_hash256(lacking);
        if (hash && stores.blobs.has(*hash)) stores.log.reopen_attachment(*hash);
    }
    set_fact(stores.db, "cursor", page.trailer.cursor);
    set_fact(stores.db, "last_sync_ms", stores.env.now_ms());
    transaction.commit();

    return PageOutcome{static_cast<std::int64_t>(page.changesets.size()),
                       std::move(outcome->touched), entries->forms_changed, set_aside};
}

}  // namespace zf
