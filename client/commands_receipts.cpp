#include "client/commands_receipts.h"

#include <charconv>
#include <optional>
#include <ostream>

#include "client/put_away.h"
#include "client/receipts_view.h"
#include "common/codec/json.h"

namespace zf {
namespace {

constexpr std::int64_t days_max = 36'500;

std::optional<std::int64_t> read_days(const std::string& text) {
    std::int64_t days = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), days);
    const bool is_whole = code == std::errc() && end == text.data() + text.size();
    return is_whole && days >= 0 && days <= days_max ? std::optional(days) : std::nullopt;
}

std::optional<std::string> find_option(const ClientOptions& options, const std::string& name) {
    const auto found = options.find(name);
    return found == options.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::string mistake_in_receipts(const std::string& command, const ClientOptions& options) {
    for (const char* name : {"--since", "--day"}) {
        const auto day = find_option(options, name);
        if (day && !parse_date(*day)) return std::string(name) + " needs a day like 2008-05-12";
    }
    const auto record = find_option(options, "--record");
    if (record && !parse_uuid(*record)) return "--record needs a record's id";
    if (record && options.contains("--since")) return "give --record or --since, not both";
    if (command != "purge") return {};
    const auto days = find_option(options, "--older-than");
    if (!options.contains("--attachments") || !days) {
        return "purge needs --attachments and --older-than DAYS";
    }
    if (!read_days(*days)) return "--older-than needs a number of days";
    return {};
}

Result<int> run_receipts(DeviceStore& store, const ClientOptions& options, std::ostream& out) {
    ReceiptChoice choice;
    if (const auto record = find_option(options, "--record")) choice.record = parse_uuid(*record);
    if (const auto since = find_option(options, "--since")) choice.from = parse_date(*since);
    const auto receipts = receipts_of(store, choice);
    if (!receipts) return fail(receipts.error());
    if (options.contains("--json")) {
        out << canonical_text(receipts_value(store, *receipts)) << "\n";
    } else {
        print_receipts(*receipts, out);
    }
    return 0;
}

Result<int> run_reconcile(DeviceStore& store, const ClientOptions& options, std::ostream& out) {
    Date day = store.today();
    if (const auto asked = find_option(options, "--day")) day = *parse_date(*asked);
    const Reconciliation account = reconcile_day(store, day);
    if (options.contains("--json")) {
        out << canonical_text(reconciliation_value(store, account)) << "\n";
    } else {
        print_reconciliation(account, out);
    }
    return account.missing.empty() ? 0 : 1;
}

Result<int> run_purge(DeviceStore& store, const ClientOptions& options, std::ostream& out) {
    const bool rehearses = options.contains("--rehearse");
    const auto done = put_away_older(store, *read_days(options.at("--older-than")), rehearses);
    if (!done) return fail(done.error());
    out << canonical_text(Value(Members{{"rehearsal", rehearses},
                                        {"attachments", done->attachments},
                                        {"bytes", done->bytes},
                                        {"kept_younger", done->kept_younger},
                                        {"kept_without_receipt", done->kept_without_receipt}}))
        << "\n";
    return 0;
}

}  // namespace zf
