// The change log: an append-only set of changesets and everything derived from it (documents,
// conflicts, natural keys). One class for laptop and server. Knows no network, no accounts and
// no screen. Writes happen inside a Transaction of the caller; one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/sign.h"
#include "common/db/db.h"
#include "common/merge/record_doc.h"
#include "common/merge/record_view.h"
#include "common/model/changeset.h"
#include "common/model/form.h"
#include "common/store/scope.h"

namespace zf {

/// The server numbers what it applies; laptops take over the server's numbers.
enum class StoreRole { laptop, server };

/// Stored, never renumber.
/// `dropped`: applied once, then its record left the areas of this laptop's user.
enum class Standing { applied = 0, held = 1, parked = 2, dropped = 3 };

/// Why a changeset was stored but not applied. Slugs as on the wire.
struct ParkReason {
    std::string code;    // "unknown_form", "not_allowed", "device_revoked", ...
    std::string detail;  // for people
};

/// A changeset on its way into a store, decoded and authenticated (see arrival.h).
struct Arrival {
    SignedChangeset signed_changeset;
    Changeset changeset;
    Hash256 hash;
    std::optional<std::int64_t> ssn;  // laptops: as the server gave it
    std::optional<ParkReason> park;   // store and acknowledge, but do not apply
    bool once_applied = false;  // servers: a former one had applied it; nobody judges it again
};

struct AppendOutcome {
    std::int64_t applied = 0;   // those released from `held` included
    std::int64_t repeated = 0;  // already here, nothing changed
    std::int64_t held = 0;      // wait for a changeset that they name
    std::int64_t parked = 0;
    std::vector<Uuid> touched;  // records whose documents changed, each once
};

/// A stored changeset with what this store knows about it.
struct StoredChangeset {
    SignedChangeset signed_changeset;
    std::int64_t seq = 0;
    std::optional<std::int64_t> ssn;
    std::int64_t received_ms = 0;
    Standing standing = Standing::applied;
    std::string park_code, park_detail;
};

struct WaitingChangeset {
    std::int64_t seq = 0;
    Standing standing = Standing::held;
    ParkReason reason;  // empty for held ones
};

struct DeviceHead {
    DeviceId device;
    std::int64_t seq = 0;  // 0: nothing here yet
    Hash256 hash;          // of changeset `seq`
};

/// How far a store has everything that its user may see of one device.
struct DeliveredUpTo {
    DeviceId device;
    std::int64_t seq = 0;
};

/// A page of what a reader has not got yet.
struct ScopedPage {
    std::vector<StoredChangeset> changesets;  // in scope, ascending ssn
    std::vector<Uuid> dropped;                // records that left the reader's scope
    std::int64_t cursor = 0;                  // highest ssn looked at
    bool more = false;
};

/// Where joins lead; `in_cycle` when they lead back to the record that was asked about (one that
/// merely leads into a circle of others is not part of it).
struct JoinEnd {
    Uuid target;
    bool in_cycle = false;
};

struct StoredConflict {
    Uuid record;
    std::string form;
    std::string field;
    ConflictKind kind = ConflictKind::value;
};

class ChangeLog {
public:
    /// Opens the tables in `db`, making or migrating them. `forms` may be replaced later.
    ChangeLog(Db& db, StoreRole role, std::shared_ptr<const FormCatalog> forms);

    /// The forms in force from now on; recomputes what depends on them (in a transaction of its
    /// own when none is open).
    void set_forms(std::shared_ptr<const FormCatalog> forms);
    /// The forms under which the derived tables were written already: at start, or when another
    /// process has changed them.
    void use_forms(std::shared_ptr<const FormCatalog> forms);
    [[nodiscard]] const FormCatalog& forms() const { return *forms_; }
    [[nodiscard]] Db& db() { return db_; }

    // ---- writing: inside a Transaction of the caller ------------------------------------

    /// Adds changesets that are not here yet, in any order, and applies all that can be: a
    /// changeset that names a dot or parent not known here is held until that one arrives.
    /// A second changeset under a dot that is taken by other bytes is an error `fork`; nothing
    /// of the batch may be committed then. Before it returns, what was written is read back
    /// and compared (throws DbError when it differs).
    /// With `judge`, held ones that the batch releases are applied only if it gives no reason
    /// against it then, and parked otherwise; the arrivals themselves were judged by the caller.
    using StillParked = std::function<std::optional<ParkReason>(const Changeset&)>;
    Result<AppendOutcome> append(std::span<Arrival> arrivals, std::int64_t received_ms,
                                 const StillParked& judge = {});

    /// Applies parked changesets whose reason is gone, and what waited for them: `still_parked`
    /// decides for each, after all before it were applied.
    AppendOutcome release_parked(const StillParked& still_parked);

    /// Laptops: what a pull answer said at its end. Own changesets count as acknowledged up to
    /// the own device's entry.
    void set_delivered(const DeliveredUpTo& upto);
    /// Laptops: what the server says it holds of the own chain; less than before after it was
    /// restored from a backup.
    void set_acknowledged(const DeviceId& own, std::int64_t seq);
    /// Laptops: an attachment is both here and on the server. Server: it has arrived.
    void settle_attachment(const Hash256& hash);
    /// This attachment is lost on one side.
    void reopen_attachment(const Hash256& hash);
    /// All attachments are open again: the server may have lost some.
    void reopen_attachments();
    /// Laptops, when the server begins a new epoch: its numbers of the former one would stand in
    /// the way of equal ones of this one.
    void forget_numbers();
    /// Laptops, after everything that this laptop's people may see was delivered under new numbers:
    /// records of which nothing came although the server has applied something of theirs. They
    /// have left the areas while this laptop could not be told. `own`: this device, whose
    /// changesets `waiting` have no effect on the server yet.
    std::vector<Uuid> undelivered_records(const DeviceId& own,
                                          const std::vector<std::int64_t>& waiting);
    /// Derives documents and all that depends on them anew from the stored changesets, which stay
    /// as they are: standings, numbers and settled attachments too. Inside a Transaction of the
    /// caller; what is damaged throws DbError.
    void rebuild();
    /// For the benchmark alone, which measures what the reading back in `append` costs.
    void leave_out_self_check() { reads_back_ = false; }
    /// Laptops: takes a record that left the user's areas out of the derived tables; own
    /// changesets that are not acknowledged stay and are pushed.
    void drop_record(const Uuid& record);

    // ---- reading ------------------------------------------------------------------------

    [[nodiscard]] std::optional<RecordDoc> find_record(const Uuid& record);
    [[nodiscard]] DeviceHead head_of(const DeviceId& device);
    /// The last changeset up to which the chain is here without a gap. Laptops lack what they may
    /// not see; a server lacks what is still to be relayed to it.
    [[nodiscard]] DeviceHead complete_of(const DeviceId& device);
    /// complete_of for every device known here, by id, without the hashes.
    std::vector<DeliveredUpTo> complete_chains();
    [[nodiscard]] std::int64_t delivered_of(const DeviceId& device);
    [[nodiscard]] std::optional<StoredChangeset> find_changeset(const DeviceId& device,
                                                                std::int64_t seq);
    /// A device's changesets with seq > after, ascending, at most `count` and about `bytes`.
    std::vector<StoredChangeset> chain_after(const DeviceId& device, std::int64_t after,
                                             std::size_t count, std::size_t bytes);
    /// Applied changesets with ssn > after, ascending; `visit` returns false to stop.
    void each_after(std::int64_t after, const std::function<bool(StoredChangeset&&)>& visit);
    /// Server: what a reader with this scope lacks after `after`, without the changesets of
    /// `skip` (the reader's own). A record that came into scope since brings its whole history.
    ScopedPage page_after(std::int64_t after, const Scope& scope,
                          const std::optional<DeviceId>& skip, std::size_t count_max,
                          std::size_t bytes_max);
    /// Applied changesets that touch a record of this store in the scope, by device and seq;
    /// `visit` returns false to stop.
    void each_in_scope(const Scope& scope, const std::function<bool(StoredChangeset&&)>& visit);
    /// Laptops: changesets of others that carry no number of the server's: it is not known to hold
    /// them. Behind `after_key`, which moves to the last one given; at most about `bytes`.
    std::vector<StoredChangeset> unnumbered_of_others(const DeviceId& own, std::int64_t& after_key,
                                                      std::size_t count, std::size_t bytes);
    /// Areas of every record that a changeset touches: as it is here, and as it would be after;
    /// empty texts for records without a place. For permission checks.
    std::vector<std::string> areas_touched(const Changeset& changeset);
    /// Changesets of one record in the order in which they were applied here.
    std::vector<StoredChangeset> changesets_of(const Uuid& record);
    /// Every changeset, by device and seq.
    void each_changeset(const std::function<bool(const StoredChangeset&)>& visit);
    /// Per device, the seq below which nothing is missing, held or parked here.
    std::vector<DeliveredUpTo> applied_up_to();
    /// A device's changesets that are stored here but not applied, ascending.
    std::vector<WaitingChangeset> waiting_of(const DeviceId& device);
    [[nodiscard]] std::int64_t ssn();  // the last one given, or seen

    /// Records of a form (all when empty), by id ascending; `visit` returns false to stop.
    void each_record(std::string_view form, const std::function<bool(const RecordDoc&)>& visit);
    /// Conflicts of kind `value` and `void`; see store_records.h for the other two.
    [[nodiscard]] std::vector<StoredConflict> conflicts();
    /// Pairs of records with equal natural keys, smaller id first, ascending.
    std::vector<std::pair<Uuid, Uuid>> duplicates();
    std::vector<Uuid> same_natural_key(std::string_view form, std::string_view key);
    /// Records that hold a reference to `target`.
    std::vector<Uuid> referring_to(const Uuid& target);
    /// End of the joins that start at `record`, over shown values; in a cycle the smallest id.
    Uuid join_target(const Uuid& record);
    JoinEnd follow_joins(const Uuid& record);
    /// Shown `_alias_of`.
    std::optional<Uuid> alias_of(const Uuid& record);
    /// Records that are joined into another one, as shown or as approved.
    std::vector<Uuid> joined_records();
    /// Records with more than one head: candidates for conflicts of kind `rule`.
    std::vector<Uuid> records_worked_on_apart();

    /// Attachments that records here name and that are not known to be on both sides; the newest
    /// first: where a line breaks off, today's pictures are there.
    std::vector<Hash256> open_attachments(std::int64_t count_max = -1);
    /// All attachments that records here name.
    std::vector<Hash256> attachments();
    /// Those that are known to be on both sides.
    std::vector<Hash256> settled_attachments();

    /// Ids of records that match (see text.h search_query), best matches first, after
    /// bringing the search index up to date. `form` may be empty.
    std::vector<Uuid> search(std::string_view form, std::string_view typed, std::size_t limit);

    struct Counts {
        std::int64_t changesets = 0, records = 0, held = 0, parked = 0;
    };
    Counts counts();
    /// Hash of the canonical merged state: equal wherever the same set is applied.
    Hash256 state();

private:
    friend class LogBatch;
    void judge_stored(std::vector<std::int64_t> keys, const StillParked& judge,
                      AppendOutcome& outcome);
    void park_stored(std::int64_t key, const ParkReason& reason);
    Db& db_;
    StoreRole role_;
    std::shared_ptr<const FormCatalog> forms_;
    bool reads_back_ = true;
};

}  // namespace zf
