#include "common/store/frozen_report.h"

#include <algorithm>

#include "common/base/assert.h"
#include "common/base/sealed_stream.h"
#include "common/codec/zstd_frame.h"

namespace zf {
namespace {

constexpr const char* sealed_as = "zoufang-report/1";
/// The figures are some KiB of text.
constexpr std::size_t figures_bytes_max = 16u << 20;
/// In the key of a changeset its seq lies below its device's number (schema.cpp).
constexpr int seq_bits = 40;

const std::string* text_in(const Value& body, std::string_view name) {
    const Value* value = body.find(name);
    return value ? value->text() : nullptr;
}

std::optional<std::int64_t> number_in(const Value& body, std::string_view name) {
    const Value* value = body.find(name);
    return value && value->integer() ? std::optional(*value->integer()) : std::nullopt;
}

std::optional<Hash256> hash_in(const Value& body, std::string_view name) {
    const std::string* text = text_in(body, name);
    return text ? parse_hash256(*text) : std::nullopt;
}

}  // namespace

CountedApprovals::CountedApprovals(std::vector<Approval> approvals) {
    std::sort(approvals.begin(), approvals.end());
    for (const Approval& one : approvals) {
        Bits& bits = of_device_.try_emplace(one.device, Bits{one.seq, {}}).first->second;
        const auto at = static_cast<std::size_t>(one.seq - bits.first);
        if (bits.bytes.size() <= at / 8) bits.bytes.resize(at / 8 + 1);
        bits.bytes[at / 8] = static_cast<char>(bits.bytes[at / 8] | 1 << (at % 8));
    }
}

bool CountedApprovals::contains(const Approval& approval) const {
    const auto found = of_device_.find(approval.device);
    if (found == of_device_.end() || approval.seq < found->second.first) return false;
    const auto at = static_cast<std::size_t>(approval.seq - found->second.first);
    const std::string& bytes = found->second.bytes;
    return at / 8 < bytes.size() && (bytes[at / 8] >> (at % 8) & 1) != 0;
}

std::vector<Approval> CountedApprovals::all() const {
    std::vector<Approval> approvals;
    for (const auto& [device, bits] : of_device_) {
        for (std::size_t at = 0; at < bits.bytes.size() * 8; ++at) {
            const Approval one{device, bits.first + static_cast<std::int64_t>(at)};
            if ((bits.bytes[at / 8] >> (at % 8) & 1) != 0) approvals.push_back(one);
        }
    }
    return approvals;
}

Value CountedApprovals::value() const {
    List list;
    for (const auto& [device, bits] : of_device_) {
        list.emplace_back(Members{
            {"bits", base64_of(bits.bytes)}, {"device", device.hex()}, {"first", bits.first}});
    }
    return Value(std::move(list));
}

std::optional<CountedApprovals> CountedApprovals::read(const Value& value) {
    if (!value.list()) return std::nullopt;
    CountedApprovals read;
    for (const Value& one : *value.list()) {
        const std::string* device_text = text_in(one, "device");
        const std::string* bits_text = text_in(one, "bits");
        const auto first = number_in(one, "first");
        const auto device = device_text ? parse_device_id(*device_text) : std::nullopt;
        auto bytes = bits_text ? bytes_of_base64(*bits_text) : std::nullopt;
        if (!device || !bytes || !first || *first < 1 || *first >> seq_bits) return std::nullopt;
        read.of_device_.insert_or_assign(*device, Bits{*first, std::move(*bytes)});
    }
    return read;
}

Value report_body(const FrozenReport& report) {
    Members body{{"by", report.by},
                 {"content", report.content.hex()},
                 {"counted", report.counted.value()},
                 {"figures", report.figures.hex()}};
    if (report.is_former) body.emplace_back("former", true);
    body.emplace_back("number", report.number);
    body.emplace_back("period", report.period);
    body.emplace_back("records", report.records);
    body.emplace_back("sealed", base64_of(report.sealed));
    return Value(std::move(body));
}

std::optional<FrozenReport> read_report_body(const Value& body) {
    const std::string *by = text_in(body, "by"), *period = text_in(body, "period");
    const std::string* sealed_text = text_in(body, "sealed");
    const auto number = number_in(body, "number"), records = number_in(body, "records");
    const auto content = hash_in(body, "content"), figures = hash_in(body, "figures");
    const Value* counted_value = body.find("counted");
    auto counted = counted_value ? CountedApprovals::read(*counted_value) : std::nullopt;
    auto sealed = sealed_text ? bytes_of_base64(*sealed_text) : std::nullopt;
    const bool is_sound = by && period && parse_period(*period) && number && *number >= 1 &&
                          records && content && figures && counted && sealed;
    if (!is_sound) return std::nullopt;
    const Value* former = body.find("former");
    return FrozenReport{*period,
                        *number,
                        0,
                        *by,
                        *records,
                        *figures,
                        *content,
                        std::move(*counted),
                        std::move(*sealed),
                        former && former->boolean() && *former->boolean()};
}

bool is_same_period(std::string_view name, std::string_view other) {
    const auto one = parse_period(name), two = parse_period(other);
    return one && two && one->start == two->start && one->end == two->end;
}

std::string seal_figures(std::string_view text, const PublicKey& bureau, Env& env) {
    StreamKey key{};
    StreamNonce nonce{};
    env.fill_random(key);
    env.fill_random(nonce);
    const auto sealed_key = seal_key(key, bureau, env);
    ZF_ASSERT(sealed_key.has_value());  // our own key
    return *sealed_key + std::string(nonce.begin(), nonce.end()) +
           SealingStream(key, nonce, sealed_as).seal(compress_frame(text), true);
}

std::optional<std::string> open_figures(std::string_view sealed, const KeyPair& bureau) {
    StreamNonce nonce{};
    if (sealed.size() < sealed_key_bytes + nonce.size()) return std::nullopt;
    const auto key = open_key(sealed.substr(0, sealed_key_bytes), bureau);
    if (!key) return std::nullopt;
    const std::string_view behind = sealed.substr(sealed_key_bytes);
    std::copy_n(behind.begin(), nonce.size(), nonce.begin());
    const auto opened = OpeningStream(*key, nonce, sealed_as).open(behind.substr(nonce.size()));
    if (!opened || !opened->is_last) return std::nullopt;
    auto text = decompress_frame(opened->plain, figures_bytes_max);
    return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::vector<const FrozenReport*> reports_counting(Db& db, const std::vector<FrozenReport>& reports,
                                                  const Uuid& record) {
    std::vector<const FrozenReport*> counting;
    if (reports.empty()) return counting;
    std::vector<Approval> changesets;
    Statement find = db.prepare(
        "SELECT device.id, record_changeset.changeset FROM record JOIN record_changeset ON "
        "record_changeset.record=record.n JOIN device ON device.n=record_changeset.changeset>>?2 "
        "WHERE record.id=?1");
    find.bind_bytes(1, record.bytes).bind(2, seq_bits);
    while (find.step()) {
        const std::int64_t seq = find.integer(1) & ((std::int64_t{1} << seq_bits) - 1);
        changesets.push_back({find.id<DeviceId>(0), seq});
    }
    for (const FrozenReport& report : reports) {
        const bool counts =
            std::any_of(changesets.begin(), changesets.end(),
                        [&](const Approval& one) { return report.counted.contains(one); });
        if (counts) counting.push_back(&report);
    }
    return counting;
}

}  // namespace zf
