// Words that several screens say about records: names of forms, states, times, values. Knows no
// widgets.
#pragma once

#include <string>

#include "client/app/record_lines.h"
#include "client/device_store.h"
#include "client/ui/desk.h"
#include "common/merge/record_view.h"

namespace zf::ui {

class Words {
public:
    explicit Words(const Desk& desk)
        : store_(desk.store), kit_(desk.kit), divisions_(desk.divisions) {}

    [[nodiscard]] Language language() const { return kit_.messages().language(); }
    [[nodiscard]] std::string form(const std::string& id) const;
    /// The label of a field or, for `_void` and its like, what it stands for.
    [[nodiscard]] std::string field(const std::string& form, const std::string& name) const;
    [[nodiscard]] std::string status(Status status) const;
    /// With what else is to be said of the record: voided, in conflict, an amendment waits.
    [[nodiscard]] std::string state(const RecordLine& line) const;
    /// Minute at the bureau: "2008-05-12 16:00".
    [[nodiscard]] static std::string minute(std::int64_t at_ms);
    [[nodiscard]] std::string title(const std::string& record) const;
    /// A value as people read it, with its unit; a division with its name.
    [[nodiscard]] std::string value(const Field& field, const Value& value) const;
    [[nodiscard]] std::string value(const std::string& form, const std::string& name,
                                    const Value& value) const;
    [[nodiscard]] std::string error(const Error& error) const;

private:
    DeviceStore& store_;
    const Kit& kit_;
    const Divisions& divisions_;
};

/// `text` with the name of the division that the value of a field is the code of, if it is one.
std::string with_division_name(const Divisions& divisions, const Field& field, const Value& value,
                               std::string text);

Tone tone_of(Status status);
Tone tone_of(const RecordLine& line);

}  // namespace zf::ui
