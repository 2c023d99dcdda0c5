// A laptop whose folder was copied or put back from a backup goes on under a new identity: the
// server is asked how much of the former one it holds, what it lacks is written again under the
// new one, and the new one is enrolled by the former one's key.
#include <algorithm>

#include "common/sync/request.h"
#include "common/sync/sync.h"

namespace zf {
namespace {

std::string renewal_text(const DeviceId& former, const std::string& public_key) {
    std::string message = "zoufang-renew/1";
    message.push_back('\0');
    message += former.hex();
    message.push_back('\0');
    return message + public_key;
}

}  // namespace

Result<SessionAnswer> Sync::hello(const DeviceHead& head) {
    const SessionRequest asked{head.device.hex(), head.seq, head.hash.hex(), stores_.env.now_ms()};
    const Request request = request_of("POST", "/v1/session", encode_session_request(asked));
    auto response = exchange(request, false);
    if (!response && response.error().code == ErrorCode::unauthenticated &&
        stores_.bureau.find_device(head.device)) {
        // The bureau has signed this laptop's enrolment, and the server does not know it: it went
        // back to a backup from before, or was built anew.
        ZF_CHECK(offer_entries());
        response = exchange(request, false);
    }
    if (!response) return fail(response.error());
    auto answer = decode_session_answer(response->body);
    if (!answer) return cut_off(answer.error().where);
    return answer;
}

/// Equal hashes at one place mean equal histories up to there, so the last common place is found
/// by halving.
Result<ForkPoint> Sync::find_fork(const FormerIdentity& former) {
    ForkPoint fork{former.id, 0, former.own_seq};
    if (former.own_seq == 0) return fork;
    const auto ask = [&](std::int64_t seq, std::string& own_hash) {
        const auto own = stores_.log.find_changeset(former.id, seq);
        own_hash = own ? blake2b(own->signed_changeset.bytes).hex() : std::string();
        return hello({former.id, seq, parse_hash256(own_hash).value_or(Hash256{})});
    };
    std::string own_hash;
    auto answer = ask(former.own_seq, own_hash);
    // Nobody else can hold what was written under a name that the bureau never knew.
    if (!answer && answer.error().code == ErrorCode::unauthenticated) return fork;
    if (!answer) return fail(answer.error());
    const std::int64_t held = std::min(former.own_seq, answer->acknowledged_seq);
    std::int64_t below = 0, above = held + 1;  // common up to `below`, not at `above`
    for (std::int64_t seq = held; above - below > 1; seq = below + (above - below) / 2) {
        answer = ask(seq, own_hash);
        if (!answer) return fail(answer.error());
        (answer->hash_at_head == own_hash ? below : above) = seq;
    }
    fork.seq = below;
    // A server that lost what it had acknowledged is given that back under its own name.
    const std::int64_t acknowledged = std::min(former.own_seq, stores_.log.delivered_of(former.id));
    if (below == held) fork.seq = std::max(below, acknowledged);
    return fork;
}

Result<void> Sync::settle_formers() {
    const auto unsettled = stores_.identity.unsettled();
    if (unsettled.empty()) return {};
    std::vector<ForkPoint> forks;
    bool is_tail = false;
    for (const FormerIdentity& former : unsettled) {
        const auto fork = find_fork(former);
        if (!fork) return fail(fork.error());
        is_tail |= fork->seq < fork->own_seq;
        forks.push_back(*fork);
    }
    const DeviceHead head = stores_.log.head_of(stores_.identity.device());
    if (is_tail && head.seq > 0) {
        // What was saved since may name what is to move, and must not change under its name.
        ZF_CHECK(stores_.identity.take_new(NewIdentityReason::folder_copied));
        forks.push_back({head.device, 0, head.seq});
    }
    const auto reissued = stores_.identity.settle(forks);
    if (!reissued) return fail(reissued.error());
    return {};
}

/// Told until a sync has gone through, since a line that breaks must not swallow it.
Result<void> Sync::tell_of_new_identity() {
    const auto enrolled = stores_.identity.enrolled_key();
    if (!enrolled) return fail(enrolled.error());
    NewIdentity change{device_id_of(enrolled->public_key()), stores_.identity.device(), {}, 0};
    bool is_later = false;
    for (const FormerIdentity& former : stores_.identity.formers()) {
        is_later |= former.id == change.former;
        if (!is_later) continue;
        if (change.reason.empty()) change.reason = former.reason;
        change.reissued += former.reissued;
    }
    report_.new_identity = std::move(change);
    return {};
}

Result<void> Sync::enrol_new_identity() {
    const DeviceHead head = stores_.log.head_of(stores_.identity.device());
    const auto known = hello(head);
    if (known) return {};
    if (known.error().code != ErrorCode::unauthenticated) return fail(known.error());
    const auto former = stores_.identity.enrolled_key();
    if (!former) return fail(former.error());
    const DeviceId former_id = device_id_of(former->public_key());
    const auto session = hello({former_id, 0, {}});
    if (!session) return fail(session.error());
    RenewRequest renewal{stores_.identity.key().public_key().hex(), {}};
    renewal.signature =
        base64_of(stores_.identity.key().sign(renewal_text(former_id, renewal.public_key)));
    Request request = request_of("POST", "/v1/renew", encode_renew_request(renewal));
    request.headers["authorization"] = authorization_header(
        former_id.hex(), session->challenge, former->sign(signed_challenge(session->challenge)));
    const auto response = exchange(std::move(request), false);
    if (!response) return fail(response.error());
    return {};
}

Result<void> Sync::settle_identity() {
    const bool is_pending = stores_.identity.is_pending();
    if (rehearses_ && (is_pending || !stores_.identity.unsettled().empty())) {
        const auto answer = hello(stores_.log.head_of(stores_.identity.device()));
        const bool is_reachable = answer || answer.error().code == ErrorCode::unauthenticated;
        return is_reachable ? needs_new_identity() : fail(answer.error());
    }
    ZF_CHECK(settle_formers());
    if (!is_pending && !stores_.identity.is_pending()) return {};
    ZF_CHECK(tell_of_new_identity());
    return enrol_new_identity();
}

Unexpected Sync::needs_new_identity() {
    return fail(ErrorCode::fork,
                "this laptop's folder was copied, or put back from a backup; the next sync gives "
                "it a new identity and sends what the server lacks, and nothing is lost");
}

}  // namespace zf
