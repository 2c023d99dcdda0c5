// A frozen report as the bureau's log tells it: which period, which number, by whom, and which
// approvals its figures counted. Every laptop gets the same signed entry and finds in it its own
// records; of others' it learns nothing, since an approval that it does not hold names no record.
// Knows no figures: they are sealed to the bureau, and computed and kept by the server.
//
//   kind report:  {"by":account,"content":hash,"counted":[{"bits":base64url,"device":hex32,
//                 "first":seq},...],"figures":hash,["former":true,]"number":n,"period":name,
//                 "records":n,"sealed":base64url}
//
// `bits`: one bit for each changeset of that server identity from `first` on, the lowest bit of
// each byte first; it is set when that changeset is the approval by which a record was counted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/date.h"
#include "common/base/ids.h"
#include "common/base/sign.h"
#include "common/db/db.h"
#include "common/model/value.h"

namespace zf {

/// An approval by its changeset; there is one for each record approved.
struct Approval {
    DeviceId device;  // a server identity
    std::int64_t seq = 0;
    auto operator<=>(const Approval&) const = default;
};

/// A set of approvals, at one bit for each changeset between the first and the last.
class CountedApprovals {
public:
    CountedApprovals() = default;
    explicit CountedApprovals(std::vector<Approval> approvals);
    [[nodiscard]] bool contains(const Approval& approval) const;
    /// By device and seq.
    [[nodiscard]] std::vector<Approval> all() const;
    bool operator==(const CountedApprovals&) const = default;

    [[nodiscard]] Value value() const;
    static std::optional<CountedApprovals> read(const Value& value);

private:
    struct Bits {
        std::int64_t first = 1;
        std::string bytes;
        bool operator==(const Bits&) const = default;
    };
    std::map<DeviceId, Bits> of_device_;
};

struct FrozenReport {
    std::string period;       // as asked for: "2008H1"
    std::int64_t number = 0;  // of the period: 1, 2, 3 ...
    std::int64_t at_ms = 0;   // when it was frozen: of the entry
    std::string by;           // account; empty when nobody was named
    std::int64_t records = 0;
    Hash256 figures;  // of the figures' text, as `report` printed it
    Hash256 content;  // of what the server keeps about it: which figure counted which records
    CountedApprovals counted;
    std::string sealed;      // the figures' text, for the bureau's key
    bool is_former = false;  // of a server that was lost: the content may be lost with it
};

Value report_body(const FrozenReport& report);
/// All but the time, which is the entry's. Nothing when a part is missing or is no such thing.
std::optional<FrozenReport> read_report_body(const Value& body);

/// Whether both name the same days.
bool is_same_period(std::string_view name, std::string_view other);

/// Seals the figures' text to the bureau, so that laptops carry it and cannot read it.
std::string seal_figures(std::string_view text, const PublicKey& bureau, Env& env);
/// Nothing when it is sealed to another key or was changed.
std::optional<std::string> open_figures(std::string_view sealed, const KeyPair& bureau);

/// Which of the reports counted this record as it was approved at some time, in their order. Of a
/// record that is not here, or has left the areas of this laptop's people: none.
std::vector<const FrozenReport*> reports_counting(Db& db, const std::vector<FrozenReport>& reports,
                                                  const Uuid& record);

}  // namespace zf
