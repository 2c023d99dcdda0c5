#include "common/sync/sync.h"

#include <utility>

#include "common/store/receipts.h"
#include "common/store/schema.h"
#include "common/sync/request.h"
#include "common/sync/take_page.h"

namespace zf {
namespace {

/// Whether the server holds another history under this device's identity than this folder: the
/// folder was copied, or restored from a backup.
bool is_forked(ChangeLog& log, const DeviceHead& head, const SessionAnswer& answer) {
    if (answer.acknowledged_seq > head.seq) return true;
    if (!answer.hash_at_head.empty() && answer.hash_at_head != head.hash.hex()) return true;
    if (answer.acknowledged_seq == 0 || answer.acknowledged_hash.empty()) return false;
    const auto own = log.find_changeset(head.device, answer.acknowledged_seq);
    return !own || blake2b(own->signed_changeset.bytes).hex() != answer.acknowledged_hash;
}

}  // namespace

Sync::Sync(LaptopStores stores, Transport& transport) : stores_(stores), transport_(transport) {}

Result<void> Sync::report_progress() {
    if (progress_ && !progress_(report_)) {
        return fail(ErrorCode::interrupted, "stopped by the user; the next sync goes on here");
    }
    return {};
}

/// Sends a request; an answer other than 2xx becomes an Error. A session that has run out is
/// renewed once.
Result<Response> Sync::exchange(Request request, bool authorized) {
    request.headers["zoufang-protocol"] = std::to_string(protocol_version);
    for (int attempt = 0;; ++attempt) {
        if (authorized) {
            if (authorization_.empty()) ZF_CHECK(open_session());
            request.headers["authorization"] = authorization_;
        }
        report_.bytes_up += static_cast<std::int64_t>(request.body.size());
        auto response = transport_.send(request);
        if (!response) return response;
        report_.bytes_down += static_cast<std::int64_t>(response->body.size());
        if (response->status >= 200 && response->status < 300) {
            got_through_ = true;
            return response;
        }
        if (response->status == 401 && authorized && attempt == 0) {
            authorization_.clear();
            continue;
        }
        return fail(decode_error(response->body, response->status));
    }
}

std::string Sync::authorization_of(const SessionAnswer& session) const {
    return authorization_header(stores_.author.device().hex(), session.challenge,
                                stores_.key.sign(signed_challenge(session.challenge)));
}

Result<void> Sync::open_session() {
    ZF_CHECK(settle_identity());
    DeviceHead head = stores_.log.head_of(stores_.author.device());
    auto answer = hello(head);
    if (!answer) return fail(answer.error());
    bool is_torn = false;
    if (find_fact(stores_.db, own_chain_fact).value_or("") == "incomplete" && !is_regaining_) {
        if (rehearses_) {
            return fail(ErrorCode::interrupted,
                        "a repair of this folder is not complete; run `zoufang sync` first");
        }
        ZF_CHECK(regain_own_chain(*answer));
        head = stores_.log.head_of(head.device);
        // What neither side has any more tears the chain: what comes after it goes on elsewhere.
        is_torn = stores_.log.complete_of(head.device).seq < head.seq;
        answer = hello(head);
        if (!answer) return fail(answer.error());
    }
    if (is_torn || is_forked(stores_.log, head, *answer)) {
        if (rehearses_) return needs_new_identity();
        ZF_CHECK(stores_.identity.take_new(is_torn ? NewIdentityReason::database_back
                                                   : NewIdentityReason::folder_copied));
        ZF_CHECK(settle_identity());
        head = stores_.log.head_of(stores_.author.device());
        answer = hello(head);
        if (!answer) return fail(answer.error());
    }
    // The answer to an earlier push may have been lost; a restored server may hold less.
    if (stores_.log.delivered_of(head.device) != answer->acknowledged_seq) {
        Transaction transaction(stores_.db);
        ZF_CHECK(check_same_identity(stores_));
        stores_.log.set_acknowledged(head.device, answer->acknowledged_seq);
        transaction.commit();
    }
    // Hashes were compared above.
    set_stored(stores_.db, head.device, answer->acknowledged_seq);
    const auto known_epoch = find_fact(stores_.db, "epoch");
    const auto cursor = find_fact_integer(stores_.db, "cursor").value_or(0);
    if (known_epoch == answer->epoch && answer->ssn < cursor) {
        // An older copy of the server's folder was put back by hand, without `restore`: its
        // numbers are not those known here, so it is treated as a new epoch.
        set_fact(stores_.db, "epoch", std::string_view());
    }
    epoch_ = answer->epoch;
    acknowledged_seq_ = answer->acknowledged_seq;
    server_ssn_ = answer->ssn;
    report_.clock_off_ms = answer->server_ms - stores_.env.now_ms();
    authorization_ = authorization_of(*answer);
    return {};
}

/// Whether a page that a break cut off is asked for again at once: when something got through since
/// the last break, or else in half the size, which may get through.
bool Sync::goes_on_after(const Error& error) {
    if (error.code != ErrorCode::unreachable) return false;
    if (std::exchange(got_through_, false)) return true;
    if (page_bytes_ <= page_bytes_min) return false;
    page_bytes_ /= 2;
    return true;
}

/// What the server acknowledges it names by its hash: only the very bytes that lie here count as
/// stored.
Result<void> Sync::take_push_receipt(const DeviceId& own, const PushAnswer& answer) {
    const auto stored = stores_.log.find_changeset(own, answer.acknowledged_seq);
    const bool is_named = !answer.acknowledged_hash.empty();
    if (is_named &&
        (!stored || blake2b(stored->signed_changeset.bytes).hex() != answer.acknowledged_hash)) {
        return fail(ErrorCode::fork,
                    "the server has taken something else than what this laptop has sent");
    }
    Transaction transaction(stores_.db);
    ZF_CHECK(check_same_identity(stores_));
    stores_.log.set_acknowledged(own, answer.acknowledged_seq);
    if (is_named) set_stored(stores_.db, own, answer.acknowledged_seq);
    keep_waiting(stores_.db, answer.not_applied, stores_.env.now_ms());
    transaction.commit();
    return {};
}

Result<void> Sync::push_pages() {
    const DeviceId own = stores_.author.device();
    for (;;) {
        const auto chain = stores_.log.chain_after(own, acknowledged_seq_,
                                                   WireLimits::push_changesets_max, page_bytes_);
        if (chain.empty()) return {};
        PushRequest push{epoch_, {}, {}};
        for (const StoredChangeset& stored : chain) {
            push.changesets.push_back(stored.signed_changeset);
        }
        auto response = exchange(request_of("POST", "/v1/push", encode_push(push)));
        if (!response && goes_on_after(response.error())) continue;
        if (!response) return fail(response.error());
        const auto answer = decode_push_answer(response->body);
        if (!answer) return cut_off(answer.error().where);
        if (answer->acknowledged_seq <= acknowledged_seq_) {
            return fail(ErrorCode::internal,
                        "the server took the changesets but does not acknowledge them");
        }
        ZF_CHECK(take_push_receipt(own, *answer));
        report_.pushed += answer->acknowledged_seq - acknowledged_seq_;
        acknowledged_seq_ = answer->acknowledged_seq;
        report_.not_applied = answer->not_applied;
        ZF_CHECK(report_progress());
    }
}

Result<void> Sync::push() {
    const DeviceId own = stores_.author.device();
    // Nothing to send needs no conversation; a server that lost something says so on the pull.
    if (stores_.log.head_of(own).seq == stores_.log.delivered_of(own)) return {};
    if (authorization_.empty()) ZF_CHECK(open_session());
    return push_pages();
}

Result<void> Sync::pull() {
    if (authorization_.empty()) ZF_CHECK(open_session());
    const auto epoch = find_fact(stores_.db, "epoch");
    // A bundle may have begun the epoch already; what the server lost then is still owed.
    const bool is_due = find_fact_integer(stores_.db, "give_back_due").value_or(0) != 0;
    if (epoch && (*epoch != epoch_ || is_due)) ZF_CHECK(give_back());
    if (is_due) set_fact(stores_.db, "give_back_due", 0);
    if (acknowledged_seq_ < stores_.log.head_of(stores_.author.device()).seq) {
        ZF_CHECK(push_pages());
    }
    do {
        if (find_fact(stores_.db, sweep_fact) == sweep_due) start_over();
        for (bool more = true; more;) {
            auto page = pull_page();
            if (!page) return fail(page.error());
            more = *page;
            ZF_CHECK(report_progress());
        }
    } while (find_fact(stores_.db, sweep_fact) == sweep_due);
    if (find_fact(stores_.db, sweep_fact) == sweep_running) sweep();
    stores_.bureau.forget_former();
    // Only when the entry is here: a server that was restored meanwhile is given it back.
    if (stores_.identity.is_pending() && stores_.bureau.find_device(stores_.author.device())) {
        return stores_.identity.set_enrolled();
    }
    return {};
}

/// Everything is to come once more, from the first number.
void Sync::start_over() {
    Transaction transaction(stores_.db);
    stores_.log.forget_numbers();
    set_fact(stores_.db, "cursor", 0);
    set_fact(stores_.db, sweep_fact, sweep_running);
    transaction.commit();
}

/// Everything has come: what did not is out of the areas.
void Sync::sweep() {
    std::vector<std::int64_t> waiting;
    for (const NotApplied& one : report_.not_applied) waiting.push_back(one.seq);
    Transaction transaction(stores_.db);
    for (const Uuid& record : stores_.log.undelivered_records(stores_.author.device(), waiting)) {
        stores_.log.drop_record(record);
    }
    set_fact(stores_.db, sweep_fact, std::string_view());
    transaction.commit();
}

Result<bool> Sync::pull_page() {
    const bool new_epoch = find_fact(stores_.db, "epoch") != epoch_;
    const bool sweeps = new_epoch || find_fact(stores_.db, sweep_fact) == sweep_running;
    const std::int64_t cursor = new_epoch ? 0 : find_fact_integer(stores_.db, "cursor").value_or(0);
    const std::int64_t entries = new_epoch ? 0 : stores_.bureau.last_entry();
    Request request = request_of("GET", "/v1/pull");
    request.query = {{"after", std::to_string(cursor)},
                     {"bytes", std::to_string(2 * page_bytes_)},
                     {"entries", std::to_string(entries)},
                     {"epoch", epoch_}};
    if (sweeps) request.query.emplace("own", "1");
    auto response = exchange(std::move(request));
    if (!response && goes_on_after(response.error())) return true;
    if (!response) return fail(response.error());
    auto page = decode_pull(response->body);
    if (!page) {
        if (page.error().code == ErrorCode::malformed) return cut_off(page.error().where);
        return fail(page.error());
    }
    const bool more = page->trailer.more;
    std::vector<NotApplied> not_applied = std::move(page->trailer.not_applied);
    auto taken = take_page(stores_, std::move(*page), cursor);
    if (!taken) return fail(taken.error());
    // The page that began the epoch was asked for from the first number, with own changesets.
    if (new_epoch) set_fact(stores_.db, sweep_fact, sweep_running);
    report_.pulled += taken->pulled;
    report_.touched.insert(report_.touched.end(), taken->touched.begin(), taken->touched.end());
    report_.forms_changed |= taken->forms_changed;
    report_.set_aside += taken->set_aside;
    if (!more) {
        Transaction transaction(stores_.db);
        keep_waiting(stores_.db, not_applied, stores_.env.now_ms());
        transaction.commit();
        report_.not_applied = std::move(not_applied);
    }
    return more && !taken->areas_changed;
}

Result<void> Sync::begin(SyncPhase phase) {
    report_.phase = phase;
    return report_progress();
}

Result<void> Sync::pass() {
    ZF_CHECK(begin(SyncPhase::sending));
    ZF_CHECK(push());
    ZF_CHECK(begin(SyncPhase::fetching));
    ZF_CHECK(pull());
    ZF_CHECK(relay_unnumbered());
    ZF_CHECK(begin(SyncPhase::attachments));
    return exchange_blobs();
}

Result<SyncReport> Sync::run(const SyncProgress& progress) {
    progress_ = progress;
    auto done = pass();
    if (!done &&
        (done.error().code == ErrorCode::wrong_epoch || done.error().code == ErrorCode::fork)) {
        // The server was restored between two requests, or another copy of this folder has pushed:
        // a new session says how things stand now.
        authorization_.clear();
        done = pass();
    }
    if (!done) return fail(done.error());
    return report_;
}

}  // namespace zf
