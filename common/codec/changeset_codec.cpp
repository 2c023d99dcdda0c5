#include "common/codec/changeset_codec.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "common/codec/json.h"

namespace zf {
namespace {

Unexpected malformed(std::string message, std::string where) {
    return fail(ErrorCode::malformed, std::move(message), std::move(where));
}

/// The error of a part as an error of the whole. Places are put together on the way out only:
/// nearly all changesets are right.
Unexpected within(const std::string& outer, Error error) {
    error.where = outer + error.where;
    return fail(std::move(error));
}

std::string at_index(std::string_view list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
}

Result<std::int64_t> read_integer(const Value* value, const char* where, std::int64_t min,
                                  std::int64_t max) {
    const std::int64_t* integer = value ? value->integer() : nullptr;
    if (integer && *integer >= min && *integer <= max) return *integer;
    return malformed(
        "an integer is expected here, from " + std::to_string(min) + " to " + std::to_string(max),
        where);
}

bool is_field_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// What a changeset may hold as a value; which values a field takes is the form's business.
Result<void> check_value(const Value& value) {
    if (value.odd_number()) {
        return malformed("numbers are whole and have 64 bits; decimals are written as text", "");
    }
    if (value.text() && value.text()->size() > ChangesetLimits::text_bytes_max) {
        return fail(ErrorCode::too_large, "a text has at most 64 KiB");
    }
    if (const List* list = value.list()) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            auto checked = check_value((*list)[i]);
            if (!checked) return within(at_index("", i), checked.error());
        }
    }
    if (const Members* members = value.members()) {
        for (const auto& [name, member] : *members) {
            auto checked = check_value(member);
            if (!checked) return within("." + name, checked.error());
        }
    }
    return {};
}

class Reader {
public:
    explicit Reader(Value&& json) : json_(std::move(json)) {}

    Result<Changeset> read() {
        if (!json_.members()) return malformed("a changeset is a JSON object", "");
        const Value* format = json_.find("_format");
        if (!format || !format->integer() || *format->integer() != 1) {
            return fail(ErrorCode::version_unsupported,
                        "only changeset format 1 is known; update the program", "_format");
        }
        ZF_CHECK(read_devices());
        ZF_CHECK(read_envelope());
        ZF_CHECK(read_records());
        ZF_CHECK(read_ops());
        const auto unused = std::find(is_used_.begin() + 1, is_used_.end(), false);
        if (unused != is_used_.end()) {
            return malformed(
                "only devices are listed that a dot or parent names",
                at_index("devices", static_cast<std::size_t>(unused - is_used_.begin())));
        }
        return std::move(out_);
    }

private:
    Result<void> read_devices() {
        const Value* devices = json_.find("devices");
        if (!devices || !devices->list() || devices->list()->empty()) {
            return malformed("a list with the author's device first is expected", "devices");
        }
        devices_.reserve(devices->list()->size());
        for (const Value& device : *devices->list()) {
            const auto id = device.text() ? parse_device_id(*device.text()) : std::nullopt;
            const std::size_t i = devices_.size();
            if (!id) return malformed("device ids are 32 hex digits", at_index("devices", i));
            if (i > 0 && (*id == devices_.front() || (i > 1 && *id <= devices_.back()))) {
                return malformed("behind the author's, devices ascend, each once",
                                 at_index("devices", i));
            }
            devices_.push_back(*id);
        }
        is_used_.resize(devices_.size());
        out_.device = devices_.front();
        return {};
    }

    Result<void> read_envelope() {
        const auto seq = read_integer(json_.find("seq"), "seq", 1, ChangesetLimits::seq_max);
        if (!seq) return fail(seq.error());
        out_.seq = *seq;
        const auto at = read_integer(json_.find("at"), "at", INT64_MIN, INT64_MAX);
        if (!at) return fail(at.error());
        out_.at_ms = *at;
        const Value* hlc = json_.find("hlc");
        if (!hlc || !hlc->list() || hlc->list()->size() != 2) {
            return malformed("[milliseconds, counter] is expected", "hlc");
        }
        const auto ms = read_integer(&(*hlc->list())[0], "hlc", INT64_MIN, INT64_MAX);
        if (!ms) return fail(ms.error());
        const auto counter = read_integer(&(*hlc->list())[1], "hlc", 0, INT32_MAX);
        if (!counter) return fail(counter.error());
        out_.hlc = {*ms, static_cast<std::int32_t>(*counter)};
        const Value* previous = json_.find("previous");
        const auto hash =
            previous && previous->text() ? parse_hash256(*previous->text()) : std::nullopt;
        if (!hash) return malformed("64 hex digits are expected", "previous");
        out_.previous = *hash;
        Value* user = json_.find("user");
        if (!user || !user->text() || user->text()->empty() || user->text()->size() > 64) {
            return malformed("an account name of 1 to 64 bytes is expected", "user");
        }
        out_.user = *user->text();
        return {};
    }

    /// Device and seq of a dot or parent: of a changeset that the author can have seen.
    Result<ChangesetRef> read_ref(const List& json) {
        const std::int64_t* i = json[0].integer();
        if (!i || *i < 0 || static_cast<std::size_t>(*i) >= devices_.size()) {
            return malformed("an index into devices is expected", "");
        }
        const auto index = static_cast<std::size_t>(*i);
        is_used_[index] = true;
        const auto seq = read_integer(&json[1], "", 1, ChangesetLimits::seq_max);
        if (!seq) return fail(seq.error());
        if (index == 0 && *seq >= out_.seq) {
            return malformed("of the author's changesets only earlier ones are named", "");
        }
        return ChangesetRef{devices_[index], *seq};
    }

    Result<void> read_parents(const Value& json, std::vector<ChangesetRef>& out) {
        if (!json.list()) return malformed("a list of [device, seq] is expected", "");
        out.reserve(json.list()->size());
        for (const Value& parent : *json.list()) {
            if (!parent.list() || parent.list()->size() != 2) {
                return malformed("a list of [device, seq] is expected", "");
            }
            const auto ref = read_ref(*parent.list());
            if (!ref) return fail(ref.error());
            if (!out.empty() && *ref <= out.back()) {
                return malformed("parents ascend, each once", "");
            }
            out.push_back(*ref);
        }
        return {};
    }

    Result<void> read_dots(const Value& json, std::vector<Dot>& out) {
        if (!json.list() || json.list()->empty()) {
            return malformed("a list of [device, seq, n] is expected", "");
        }
        out.reserve(json.list()->size());
        for (const Value& dot : *json.list()) {
            if (!dot.list() || dot.list()->size() != 3) {
                return malformed("a list of [device, seq, n] is expected", "");
            }
            const auto ref = read_ref(*dot.list());
            if (!ref) return fail(ref.error());
            const auto n = read_integer(&(*dot.list())[2], "", 0,
                                        static_cast<std::int64_t>(ChangesetLimits::ops_max) - 1);
            if (!n) return fail(n.error());
            const Dot read{ref->device, ref->seq, static_cast<std::int32_t>(*n)};
            if (!out.empty() && read <= out.back()) {
                return malformed("dots ascend, each once", "");
            }
            out.push_back(read);
        }
        return {};
    }

    Result<void> read_records() {
        const Value* records = json_.find("records");
        if (!records || !records->list() || records->list()->empty()) {
            return malformed("at least one record is expected", "records");
        }
        out_.records.reserve(records->list()->size());
        std::set<Uuid> seen;
        for (const Value& json : *records->list()) {
            auto touched = read_record(json);
            const std::size_t i = out_.records.size();
            if (!touched) return within(at_index("records", i), touched.error());
            if (records->list()->size() > 1 && !seen.insert(touched->id).second) {
                return malformed("each record is listed once", at_index("records", i) + ".id");
            }
            out_.records.push_back(*std::move(touched));
        }
        return {};
    }

    Result<TouchedRecord> read_record(const Value& json) {
        TouchedRecord touched;
        const Value* id = json.find("id");
        const auto uuid = id && id->text() ? parse_uuid(*id->text()) : std::nullopt;
        if (!uuid) return malformed("the id of a record is expected", ".id");
        touched.id = *uuid;
        const Value* form = json.find("form");
        if (!form || !form->text() || form->text()->empty() || form->text()->size() > 64) {
            return malformed("the name of a form of 1 to 64 bytes is expected", ".form");
        }
        touched.form = *form->text();
        const auto version = read_integer(json.find("version"), ".version", 1, INT64_MAX);
        if (!version) return fail(version.error());
        touched.form_version = *version;
        if (const Value* parents = json.find("parents")) {
            const auto read = read_parents(*parents, touched.parents);
            if (!read) return within(".parents", read.error());
        }
        return touched;
    }

    Result<void> read_ops() {
        Value* ops = json_.find("ops");
        if (!ops || !ops->list() || ops->list()->empty()) {
            return malformed("at least one op is expected", "ops");
        }
        if (ops->list()->size() > ChangesetLimits::ops_max) {
            return fail(ErrorCode::too_large, "at most 4096 ops in one changeset", "ops");
        }
        out_.ops.resize(ops->list()->size());
        for (std::size_t i = 0; i < out_.ops.size(); ++i) {
            const auto read = read_op((*ops->list())[i], out_.ops[i]);
            if (!read) return within(at_index("ops", i), read.error());
        }
        return {};
    }

    Result<void> read_op(Value& json, Op& op) {
        const Value* field = json.find("field");
        if (!field || !field->text() || !is_field_name(*field->text())) {
            return malformed("a field name of 1 to 64 letters a-z, digits and _ is expected",
                             ".field");
        }
        op.field = *field->text();
        if (const Value* record = json.find("record")) {
            const std::int64_t* index = record->integer();
            if (!index || *index < 1 || *index >= std::ssize(out_.records)) {
                return malformed("an index into records is expected, left out when 0", ".record");
            }
            op.record = static_cast<std::int32_t>(*index);
        }
        if (const Value* saw = json.find("saw")) {
            const auto read = read_saw(*saw, op.saw);
            if (!read) return within(".saw", read.error());
        }
        if (const Value* supersedes = json.find("supersedes")) {
            const auto read = read_dots(*supersedes, op.supersedes);
            if (!read) return within(".supersedes", read.error());
        }
        if (Value* value = json.find("value")) {
            const auto checked = check_value(*value);
            if (!checked) return within(".value", checked.error());
            op.value = std::move(*value);
        }
        if (!op.value && op.supersedes.empty()) {
            return malformed("an op writes a value or supersedes something", "");
        }
        return {};
    }

    Result<void> read_saw(const Value& json, std::vector<SeenField>& out) {
        if (!json.members()) return malformed("an object of lists of dots is expected", "");
        out.reserve(json.members()->size());
        for (const auto& [name, dots] : *json.members()) {
            if (!is_field_name(name) || (!out.empty() && name <= out.back().field)) {
                return malformed("names of fields are expected, ascending", "");
            }
            SeenField seen{name, {}};
            const auto read = read_dots(dots, seen.dots);
            if (!read) return within("." + name, read.error());
            out.push_back(std::move(seen));
        }
        return {};
    }

    Value json_;
    Changeset out_;
    std::vector<DeviceId> devices_;
    std::vector<bool> is_used_;  // per device: whether a dot or parent names it
};

}  // namespace

Result<Changeset> decode_changeset(std::string_view bytes) {
    auto json = parse_json(bytes, {32, ChangesetLimits::bytes_max});
    if (!json) return fail(json.error());
    auto changeset = Reader(std::move(*json)).read();
    if (!changeset) return fail(changeset.error());
    // One text per changeset: anything that would be written otherwise is refused, so that a
    // hash stands for a meaning.
    const std::string canonical = encode_changeset(*changeset);
    if (canonical != bytes) {
        const auto different =
            std::mismatch(canonical.begin(), canonical.end(), bytes.begin(), bytes.end());
        return malformed("these are not the canonical bytes of a changeset",
                         "byte " + std::to_string(different.first - canonical.begin() + 1));
    }
    return changeset;
}

std::string signing_bytes(const Hash256& hash) {
    std::string bytes = "zoufang-changeset/1";
    bytes.push_back('\0');
    bytes.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    return bytes;
}

}  // namespace zf
