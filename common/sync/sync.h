// One sync pass of a laptop: session, push, pull, attachments. A function of stores and a
// Transport: no threads, no sleeping, no sockets. May be cut off at any point and simply run
// again: everything that was acknowledged stays, nothing is sent twice with an effect.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "common/codec/wire.h"
#include "common/sync/laptop_stores.h"
#include "common/sync/transport.h"

namespace zf {

/// What a sync did about a folder that was copied or put back from a backup.
struct NewIdentity {
    DeviceId former, current;
    std::string reason;         // as NewIdentityReason is stored
    std::int64_t reissued = 0;  // changesets that the server lacked, now under the new identity
};

/// Set by a repair that may have lost a part of the own chain: before anything is compared the next
/// sync asks the server for it, and clears this.
inline constexpr std::string_view own_chain_fact = "own_chain";

/// What a pass is about at the time; it goes through them in this order.
enum class SyncPhase { sending, fetching, attachments };

struct SyncReport {
    SyncPhase phase = SyncPhase::sending;
    std::int64_t pushed = 0, pulled = 0;  // changesets
    /// Changesets of others that the server did not have and got from here: a restored one had lost
    /// them, or a bundle had brought them to this laptop only.
    std::int64_t given_back = 0;
    /// Own changesets that a damage had destroyed here and the server still held.
    std::int64_t regained = 0;
    std::int64_t blobs_sent = 0, blobs_fetched = 0;
    std::int64_t bytes_up = 0, bytes_down = 0;  // bodies
    std::int64_t clock_off_ms = 0;              // server's clock minus ours
    std::vector<NotApplied> not_applied;        // own changesets that wait on the server
    std::vector<Uuid> touched;                  // records that the pull changed
    bool forms_changed = false;
    /// Changesets of other devices whose place another history has taken; kept, without effect.
    std::int64_t set_aside = 0;
    std::optional<NewIdentity> new_identity;
    /// Attachments that could not be exchanged, each for a reason of its own; the rest was.
    std::vector<Error> attachment_errors;
};

/// Called between requests, and where a phase begins, with what was done so far; false cancels
/// (`interrupted`).
using SyncProgress = std::function<bool(const SyncReport&)>;

/// What a sync would send and fetch, without doing it.
struct Rehearsal {
    std::int64_t changesets_to_send = 0, records_to_send = 0, fields_to_send = 0;
    std::int64_t bytes_to_send = 0;  // compressed text
    std::int64_t blobs_to_send = 0, blob_bytes_to_send = 0;
    std::int64_t changesets_to_fetch = 0;
    std::int64_t bytes_to_fetch = 0;  // text, as it is before compression
    /// Of records that are here already; what is to be fetched may name more.
    std::int64_t blobs_to_fetch = 0;
    /// The first changesets to send, judged by the server as a push would be.
    std::int64_t judged = 0;
    std::vector<NotApplied> would_wait;  // own changesets without effect then, older ones too
    std::vector<ForeseenConflict> would_conflict;
    bool reachable = true;
    /// The next sync gives this laptop a new identity; what it will fetch is not known yet.
    bool new_identity = false;
};

class Sync {
public:
    Sync(LaptopStores stores, Transport& transport);

    /// Sends what is not acknowledged, until nothing is left.
    Result<void> push();
    /// Fetches bureau entries, then changesets, until nothing is left.
    Result<void> pull();
    /// Attachments in chunks, after the text: those the server lacks, then those missing here.
    Result<void> exchange_blobs();
    /// One attachment that the server has, now.
    Result<void> fetch_attachment(const Hash256& hash);
    /// All of the above but the last.
    Result<SyncReport> run(const SyncProgress& progress = {});
    Result<Rehearsal> rehearse();

    [[nodiscard]] const SyncReport& report() const { return report_; }

private:
    Result<Response> exchange(Request request, bool authorized = true);
    Result<void> open_session();
    /// Asks how the server knows a device; the answer's challenge opens a session for its key.
    Result<SessionAnswer> hello(const DeviceHead& head);
    Result<void> settle_identity();
    Result<void> settle_formers();
    Result<ForkPoint> find_fork(const FormerIdentity& former);
    Result<void> enrol_new_identity();
    Result<void> tell_of_new_identity();
    static Unexpected needs_new_identity();
    Result<void> rehearse_chain(DeliveredUpTo chain_from, Rehearsal& rehearsal,
                                std::set<Uuid>& records);
    Result<void> rehearse_push(Rehearsal& rehearsal);
    Result<void> rehearse_pull(Rehearsal& rehearsal);
    Result<void> rehearse_blobs(Rehearsal& rehearsal);
    [[nodiscard]] std::string authorization_of(const SessionAnswer& session) const;
    Result<void> push_pages();
    Result<void> take_push_receipt(const DeviceId& own, const PushAnswer& answer);
    Result<void> regain_own_chain(const SessionAnswer& session);
    Result<void> offer_entries();
    using EntriesAfter = std::vector<BureauEntry> (BureauLog::*)(std::int64_t, std::size_t);
    Result<void> offer(EntriesAfter entries_after);
    Result<void> give_back();
    /// What came from another laptop by a bundle and did not come from the server: whoever wrote it
    /// may not have it any more.
    Result<void> relay_unnumbered();
    Result<bool> relay(const PushRequest& push);
    Result<std::map<DeviceId, std::int64_t>> ask_chains();
    Result<void> relay_chain(const DeviceId& device, std::int64_t complete_seq);
    Result<bool> pull_page();
    void start_over();
    void sweep();
    Result<std::optional<std::int64_t>> received_of(const Hash256& hash);
    Result<void> send_blob(const Hash256& hash, std::int64_t received);
    Result<void> fetch_blob(const Hash256& hash);
    Result<bool> settle(const Hash256& hash, const Result<void>& moved);
    Result<void> exchange_some_blobs(std::span<const Hash256> hashes);
    Result<void> pass();
    Result<void> begin(SyncPhase phase);
    Result<void> report_progress();

    /// Text of one page. Less on a line that breaks before a page is through: it would never come
    /// to an end.
    static constexpr std::size_t page_bytes_max = 2u << 20, page_bytes_min = 16u << 10;
    [[nodiscard]] bool goes_on_after(const Error& error);

    LaptopStores stores_;
    Transport& transport_;
    SyncReport report_;
    SyncProgress progress_;
    std::string authorization_, epoch_;
    bool rehearses_ = false;  // asks only, changes nothing
    bool is_regaining_ = false;
    std::int64_t acknowledged_seq_ = 0, server_ssn_ = 0;
    std::size_t page_bytes_ = page_bytes_max;
    bool got_through_ = false;  // since the last break
};

}  // namespace zf
