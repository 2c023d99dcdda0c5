#include "server/revert.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "common/codec/changeset_codec.h"
#include "common/merge/revert.h"
#include "server/authorize.h"

namespace zf {
namespace {

constexpr std::size_t page_count = 512, page_bytes = 16 << 20;

/// Changesets `first` to `last` of one chain.
struct Stretch {
    DeviceId device;
    std::int64_t first = 1, last = 0;

    [[nodiscard]] bool has(const ChangesetRef& ref) const {
        return ref.device == device && ref.seq >= first && ref.seq <= last;
    }
    [[nodiscard]] std::string text() const {
        return device.hex() + ":" + std::to_string(first) + "-" + std::to_string(last);
    }
};

/// What Stretch::text prints.
std::optional<Stretch> parse_stretch(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == text.npos) return std::nullopt;
    const auto device = parse_device_id(text.substr(0, colon));
    if (!device) return std::nullopt;
    Stretch stretch{*device, 0, 0};
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data() + colon + 1, end, stretch.first);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
    const auto last = std::from_chars(first.ptr + 1, end, stretch.last);
    if (last.ec != std::errc() || stretch.text() != text) return std::nullopt;
    if (stretch.first < 1 || stretch.last < stretch.first) return std::nullopt;
    return stretch;
}

Changeset decode_stored(const StoredChangeset& stored) {
    auto changeset = decode_changeset(stored.signed_changeset.bytes);
    if (!changeset) {
        throw DbError(0, "a stored changeset is damaged: " + changeset.error().message);
    }
    return std::move(*changeset);
}

bool holds_data(const Changeset& changeset) {
    return std::any_of(changeset.ops.begin(), changeset.ops.end(),
                       [](const Op& op) { return is_data_field(op.field); });
}

class Revert {
public:
    Revert(CentralStore& store, const Stretch& stretch, const RevertRequest& request)
        : store_(store), stretch_(stretch), request_(request) {}

    /// `through_copies`: what the server wrote anew counts as its first author's.
    Result<RevertOutcome> run(bool through_copies, const std::string& reason) {
        ZF_CHECK(find_supervisor());
        scope_.is_taken = [this](const ChangesetRef& ref) { return stretch_.has(ref); };
        scope_.is_server = [this](const DeviceId& device) {
            return !store_.bureau().find_device(device);
        };
        scope_.through_copies = through_copies;
        const std::int64_t before = own_head();
        for (const Uuid& record : find_touched()) ZF_CHECK(revert_record(record, reason));
        const std::int64_t after = own_head();
        if (after > before) {
            outcome_.batch = Stretch{store_.author().device(), before + 1, after}.text();
        }
        return std::move(outcome_);
    }

private:
    Result<void> find_supervisor() {
        auto user = store_.bureau().find_user(request_.by);
        if (!user) return fail(ErrorCode::not_found, "There is no such account.", request_.by);
        supervisor_ = std::move(*user);
        if (can(supervisor_, Verb::give_back, {})) return {};
        return fail(ErrorCode::not_allowed,
                    "A section head or leader whose account is not disabled has to answer for "
                    "this; name one with --by.",
                    request_.by);
    }

    std::int64_t own_head() { return store_.log().head_of(store_.author().device()).seq; }

    std::set<Uuid> find_touched() {
        std::set<Uuid> records;
        std::int64_t after = stretch_.first - 1;
        for (;;) {
            const auto page =
                store_.log().chain_after(stretch_.device, after, page_count, page_bytes);
            for (const StoredChangeset& stored : page) {
                after = stored.seq;
                if (after > stretch_.last) return records;
                if (stored.standing != Standing::applied) {
                    ++outcome_.waiting;
                    continue;
                }
                for (const TouchedRecord& touched : decode_stored(stored).records) {
                    records.insert(touched.id);
                }
            }
            if (page.empty()) return records;
        }
    }

    Result<void> revert_record(const Uuid& record, const std::string& reason) {
        ChangeLog& log = store_.log();
        const auto doc = log.find_record(record);
        if (!doc) return {};
        std::vector<Changeset> history;
        for (const StoredChangeset& stored : log.changesets_of(record)) {
            history.push_back(decode_stored(stored));
        }
        scope_.next = {store_.author().device(), own_head() + 1};
        const Form* form = log.forms().find(doc->form);
        const PlannedRevert plan = plan_revert(form, *doc, history, scope_, reason);
        for (const std::string& field : plan.kept) outcome_.kept.emplace_back(record, field);
        if (plan.edit.ops.empty()) return {};
        ZF_CHECK(check_areas(*doc, plan.edit));
        ZF_CHECK(write(*doc, plan.edit));
        if (!plan.voiding.ops.empty()) ZF_CHECK(write(*log.find_record(record), plan.voiding));
        ++outcome_.records;
        if (plan.voids) outcome_.voided.push_back(record);
        return {};
    }

    Result<void> write(const RecordDoc& doc, const PlannedEdit& edit) {
        const auto written =
            store_.author().write(supervisor_.name, {RecordEdit{&doc, doc.form_version, edit}});
        if (!written) {
            Error error = written.error();
            error.where = doc.id.text();
            return fail(std::move(error));
        }
        outcome_.values += std::count_if(edit.ops.begin(), edit.ops.end(),
                                         [](const Op& op) { return is_data_field(op.field); });
        return {};
    }

    Result<void> check_areas(const RecordDoc& doc, const PlannedEdit& edit) {
        Changeset probe;
        probe.records.push_back({doc.id, doc.form, doc.form_version, {}});
        probe.ops = edit.ops;
        for (const std::string& area : store_.log().areas_touched(probe)) {
            if (can(supervisor_, Verb::give_back, {area, {}})) continue;
            return fail(ErrorCode::not_allowed,
                        "The area " + area + " of this record is not one of " + supervisor_.name +
                            "'s; name somebody with --by who may decide on all of them.",
                        doc.id.text());
        }
        return {};
    }

    CentralStore& store_;
    Stretch stretch_;
    const RevertRequest& request_;
    User supervisor_;
    RevertScope scope_;
    RevertOutcome outcome_;
};

/// A batch is a stretch of a server's chain that holds data throughout; reviews are none.
Result<void> check_is_batch(CentralStore& store, const Stretch& stretch, const std::string& name) {
    bool is_batch = !store.bureau().find_device(stretch.device) &&
                    stretch.last <= store.log().head_of(stretch.device).seq;
    for (std::int64_t seq = stretch.first; is_batch && seq <= stretch.last; ++seq) {
        const auto stored = store.log().find_changeset(stretch.device, seq);
        is_batch = stored && holds_data(decode_stored(*stored));
    }
    if (is_batch) return {};
    return fail(ErrorCode::not_found,
                "There is no such batch here; `device revert` and `device unrevert` name theirs.",
                name);
}

}  // namespace

Result<RevertOutcome> revert_device(CentralStore& store, const DeviceId& device, std::int64_t since,
                                    const RevertRequest& request) {
    const auto held = store.lock();
    Transaction transaction(store.db());
    if (!store.bureau().find_device(device)) {
        return fail(ErrorCode::not_found, "There is no such device; see `device list`.",
                    device.hex());
    }
    const Stretch stretch{device, since, std::max(since, store.log().head_of(device).seq)};
    std::string reason = "taken back: what device " + device.hex() + " wrote from changeset " +
                         std::to_string(since) + " on";
    if (!request.reason.empty()) reason += ": " + request.reason;
    auto outcome = Revert(store, stretch, request).run(true, reason);
    if (outcome && !request.rehearse) transaction.commit();
    return outcome;
}

Result<RevertOutcome> unrevert_batch(CentralStore& store, const std::string& batch,
                                     const RevertRequest& request) {
    const auto stretch = parse_stretch(batch);
    if (!stretch) {
        return fail(ErrorCode::malformed,
                    "A batch is named as `device revert` answered, like 0123...cdef:12-40.", batch);
    }
    const auto held = store.lock();
    Transaction transaction(store.db());
    ZF_CHECK(check_is_batch(store, *stretch, batch));
    std::string reason = "taken back: batch " + batch;
    if (!request.reason.empty()) reason += ": " + request.reason;
    auto outcome = Revert(store, *stretch, request).run(false, reason);
    if (outcome && !request.rehearse) transaction.commit();
    return outcome;
}

}  // namespace zf
