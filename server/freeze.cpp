#include "server/freeze.h"

#include <algorithm>

#include "common/codec/zstd_frame.h"
#include "server/authorize.h"

namespace zf {
namespace {

constexpr std::size_t content_bytes_max = std::size_t{256} << 20;

/// Whether a report would say what this one says.
bool says_the_same(CentralStore& store, const FrozenReport& last, const ReportContent& now,
                   const Hash256& hash) {
    if (last.content == hash) return true;
    if (last.figures != blake2b(now.figures) || last.counted != now.approvals()) return false;
    const auto kept = content_of(store, last);
    return !kept || !*kept || (*kept)->lists == now.lists;
}

}  // namespace

Result<Frozen> freeze_report(CentralStore& store, const std::optional<User>& by,
                             const Period& period) {
    if (by && !can(*by, Verb::freeze, {})) {
        return fail(ErrorCode::not_allowed,
                    "Reports are frozen by a leader whose account is for the whole bureau.",
                    by->name);
    }
    const auto held = store.lock();
    const auto now = [&] {
        const ReadSnapshot snapshot(store.db());
        return report_content(store, period);
    }();
    if (!now) return fail(now.error());
    const std::string content = encode_content(*now);
    const Hash256 hash = blake2b(content);
    Transaction transaction(store.db());
    const auto last = last_report(store, period.name);
    if (last && says_the_same(store, *last, *now, hash)) return Frozen{*last, now->figures, false};
    FrozenReport report{period.name,
                        last ? last->number + 1 : 1,
                        store.env().now_ms(),
                        by ? by->name : std::string(),
                        static_cast<std::int64_t>(now->counted.size()),
                        blake2b(now->figures),
                        hash,
                        now->approvals(),
                        seal_figures(now->figures, store.keys().bureau.public_key(), store.env()),
                        false};
    store.bureau().put_report(store.keys().bureau, report);
    keep_content(store.db(), hash, compress_frame(content));
    transaction.commit();
    return Frozen{std::move(report), now->figures, true};
}

std::optional<FrozenReport> last_report(CentralStore& store, std::string_view period) {
    std::optional<FrozenReport> last;
    for (FrozenReport& one : store.bureau().reports()) {
        if (is_same_period(one.period, period)) last = std::move(one);
    }
    return last;
}

Result<std::optional<ReportContent>> content_of(CentralStore& store, const FrozenReport& report) {
    Statement find = store.db().prepare("SELECT content FROM frozen_content WHERE hash=?1");
    find.bind_bytes(1, report.content.bytes);
    if (!find.step() || find.blob(0).empty()) return std::optional<ReportContent>();
    const auto text = unpack_content(report.content, find.blob(0));
    auto content = text ? decode_content(*text) : fail(ErrorCode::damaged, "");
    if (!content) {
        return fail(ErrorCode::damaged,
                    "What is kept of the records behind this report was changed; run verify.",
                    name_of(report));
    }
    return std::optional(std::move(*content));
}

Result<std::string> figures_of(CentralStore& store, const FrozenReport& report) {
    auto text = open_figures(report.sealed, store.keys().bureau);
    if (text && blake2b(*text) == report.figures) return std::move(*text);
    return fail(ErrorCode::damaged, "The figures of this report cannot be opened; run verify.",
                name_of(report));
}

std::string name_of(const FrozenReport& report) {
    return "report " + std::to_string(report.number) + " of " + report.period + ", frozen " +
           date_at(report.at_ms, bureau_offset_minutes).text();
}

Value report_value(const FrozenReport& report) {
    return Value(Members{{"period", report.period},
                         {"number", report.number},
                         {"frozen", datetime_text(report.at_ms, bureau_offset_minutes)},
                         {"by", report.by.empty() ? Value() : Value(report.by)},
                         {"records", report.records},
                         {"figures", report.figures.hex()},
                         {"content", report.content.hex()}});
}

void keep_content(Db& db, const Hash256& hash, std::string_view frame) {
    Statement add =
        db.prepare("INSERT OR REPLACE INTO frozen_content(hash, content) VALUES(?1, ?2)");
    add.bind_bytes(1, hash.bytes).bind_blob(2, frame).run();
}

void give_up_content(Db& db, const Hash256& hash) {
    keep_content(db, hash, {});
}

bool is_given_up(Db& db, const Hash256& hash) {
    Statement find = db.prepare("SELECT 1 FROM frozen_content WHERE hash=?1 AND length(content)=0");
    find.bind_bytes(1, hash.bytes);
    return find.step();
}

std::optional<std::string> unpack_content(const Hash256& hash, std::string_view frame) {
    auto text = decompress_frame(frame, content_bytes_max);
    if (!text || blake2b(*text) != hash) return std::nullopt;
    return std::move(*text);
}

}  // namespace zf
