#include "common/codec/changeset_codec.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/base/text.h"
#include "common/codec/json.h"

namespace zf {
namespace {

constexpr std::string_view prefix = R"({"_format":1,"at":)";
constexpr std::string_view before_devices = R"(,"devices":[")";

// ---- writing -------------------------------------------------------------------------------

/// The author first, the others in ascending order: the indexes that dots use.
class DeviceTable {
public:
    explicit DeviceTable(const Changeset& changeset) {
        const auto note = [&](const DeviceId& id) {
            if (id != changeset.device) others_.push_back(id);
        };
        for (const TouchedRecord& touched : changeset.records) {
            for (const ChangesetRef& parent : touched.parents) note(parent.device);
        }
        for (const Op& op : changeset.ops) {
            for (const Dot& dot : op.supersedes) note(dot.device);
            for (const SeenField& seen : op.saw) {
                for (const Dot& dot : seen.dots) note(dot.device);
            }
        }
        std::sort(others_.begin(), others_.end());
        others_.erase(std::unique(others_.begin(), others_.end()), others_.end());
        author_ = changeset.device;
    }

    [[nodiscard]] std::size_t index_of(const DeviceId& id) const {
        if (id == author_) return 0;
        const auto place = std::lower_bound(others_.begin(), others_.end(), id);
        return static_cast<std::size_t>(place - others_.begin()) + 1;
    }

    void append_list(std::string& out) const {
        out += "[\"" + author_.hex() + "\"";
        for (const DeviceId& id : others_) out += ",\"" + id.hex() + "\"";
        out += "]";
    }

private:
    DeviceId author_;
    std::vector<DeviceId> others_;
};

void append_number(std::string& out, std::int64_t number) {
    out += std::to_string(number);
}

class Writer {
public:
    Writer(const Changeset& changeset, std::string& out)
        : changeset_(changeset), devices_(changeset), out_(out) {}

    void write() {
        out_ += prefix;
        append_number(out_, changeset_.at_ms);
        out_ += ",\"devices\":";
        devices_.append_list(out_);
        out_ += ",\"hlc\":[";
        append_number(out_, changeset_.hlc.ms);
        out_ += ",";
        append_number(out_, changeset_.hlc.counter);
        out_ += "],\"ops\":[";
        for (std::size_t i = 0; i < changeset_.ops.size(); ++i) {
            if (i > 0) out_ += ",";
            write_op(changeset_.ops[i]);
        }
        out_ += "],\"previous\":\"" + changeset_.previous.hex() + "\",\"records\":[";
        for (std::size_t i = 0; i < changeset_.records.size(); ++i) {
            if (i > 0) out_ += ",";
            write_record(changeset_.records[i]);
        }
        out_ += "],\"seq\":";
        append_number(out_, changeset_.seq);
        out_ += ",\"user\":";
        append_json_string(out_, changeset_.user);
        out_ += "}";
    }

private:
    void write_dots(const std::vector<Dot>& dots) {
        out_ += "[";
        for (std::size_t i = 0; i < dots.size(); ++i) {
            out_ += i > 0 ? ",[" : "[";
            append_number(out_, static_cast<std::int64_t>(devices_.index_of(dots[i].device)));
            out_ += ",";
            append_number(out_, dots[i].seq);
            out_ += ",";
            append_number(out_, dots[i].n);
            out_ += "]";
        }
        out_ += "]";
    }

    void write_op(const Op& op) {
        out_ += "{\"field\":";
        append_json_string(out_, op.field);
        if (op.record != 0) {
            out_ += ",\"record\":";
            append_number(out_, op.record);
        }
        if (!op.saw.empty()) {
            out_ += ",\"saw\":{";
            for (std::size_t i = 0; i < op.saw.size(); ++i) {
                if (i > 0) out_ += ",";
                append_json_string(out_, op.saw[i].field);
                out_ += ":";
                write_dots(op.saw[i].dots);
            }
            out_ += "}";
        }
        if (!op.supersedes.empty()) {
            out_ += ",\"supersedes\":";
            write_dots(op.supersedes);
        }
        if (op.value) {
            out_ += ",\"value\":";
            append_canonical(out_, *op.value);
        }
        out_ += "}";
    }

    void write_record(const TouchedRecord& touched) {
        out_ += "{\"form\":";
        append_json_string(out_, touched.form);
        out_ += ",\"id\":\"" + touched.id.text() + "\"";
        if (!touched.parents.empty()) {
            out_ += ",\"parents\":[";
            for (std::size_t i = 0; i < touched.parents.size(); ++i) {
                out_ += i > 0 ? ",[" : "[";
                append_number(
                    out_, static_cast<std::int64_t>(devices_.index_of(touched.parents[i].device)));
                out_ += ",";
                append_number(out_, touched.parents[i].seq);
                out_ += "]";
            }
            out_ += "]";
        }
        out_ += ",\"version\":";
        append_number(out_, touched.form_version);
        out_ += "}";
    }

    const Changeset& changeset_;
    DeviceTable devices_;
    std::string& out_;
};

// ---- reading -------------------------------------------------------------------------------

Unexpected malformed(std::string message, std::string where) {
    return fail(ErrorCode::malformed, std::move(message), std::move(where));
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
        return std::move(out_);
    }

private:
    Result<std::int64_t> integer(const Value* value, const std::string& where, std::int64_t min) {
        if (!value || !value->integer() || *value->integer() < min) {
            return malformed("an integer from " + std::to_string(min) + " is expected", where);
        }
        return *value->integer();
    }

    Result<void> read_devices() {
        const Value* devices = json_.find("devices");
        if (!devices || !devices->list() || devices->list()->empty()) {
            return malformed("a list with the author's device first is expected", "devices");
        }
        for (const Value& device : *devices->list()) {
            const auto id = device.text() ? parse_device_id(*device.text()) : std::nullopt;
            if (!id) return malformed("device ids are 32 hex digits", "devices");
            devices_.push_back(*id);
        }
        out_.device = devices_.front();
        return {};
    }

    Result<void> read_envelope() {
        auto seq = integer(json_.find("seq"), "seq", 1);
        if (!seq) return fail(seq.error());
        out_.seq = *seq;
        auto at = integer(json_.find("at"), "at", INT64_MIN);
        if (!at) return fail(at.error());
        out_.at_ms = *at;
        const Value* hlc = json_.find("hlc");
        if (!hlc || !hlc->list() || hlc->list()->size() != 2) {
            return malformed("[milliseconds, counter] is expected", "hlc");
        }
        auto ms = integer(&(*hlc->list())[0], "hlc", INT64_MIN);
        if (!ms) return fail(ms.error());
        auto counter = integer(&(*hlc->list())[1], "hlc", 0);
        if (!counter) return fail(counter.error());
        if (*counter > INT32_MAX) return malformed("the counter is too great", "hlc");
        out_.hlc = {*ms, static_cast<std::int32_t>(*counter)};
        const Value* previous = json_.find("previous");
        const auto hash =
            previous && previous->text() ? parse_hash256(*previous->text()) : std::nullopt;
        if (!hash) return malformed("64 hex digits are expected", "previous");
        out_.previous = *hash;
        const Value* user = json_.find("user");
        if (!user || !user->text() || user->text()->empty() || user->text()->size() > 64) {
            return malformed("an account name of 1 to 64 bytes is expected", "user");
        }
        out_.user = *user->text();
        return {};
    }

    Result<DeviceId> device_at(const Value& index, const std::string& where) {
        const std::int64_t* i = index.integer();
        if (!i || *i < 0 || static_cast<std::size_t>(*i) >= devices_.size()) {
            return malformed("an index into devices is expected", where);
        }
        return devices_[static_cast<std::size_t>(*i)];
    }

    Result<void> read_records() {
        const Value* records = json_.find("records");
        if (!records || !records->list() || records->list()->empty()) {
            return malformed("at least one record is expected", "records");
        }
        std::set<Uuid> seen;
        for (std::size_t i = 0; i < records->list()->size(); ++i) {
            const std::string where = "records[" + std::to_string(i) + "]";
            const Value& json = (*records->list())[i];
            TouchedRecord touched;
            const Value* id = json.find("id");
            const auto uuid = id && id->text() ? parse_uuid(*id->text()) : std::nullopt;
            if (!uuid || !seen.insert(*uuid).second) {
                return malformed("a record id, each once, is expected", where + ".id");
            }
            touched.id = *uuid;
            const Value* form = json.find("form");
            if (!form || !form->text() || form->text()->empty() || form->text()->size() > 64) {
                return malformed("the name of a form is expected", where + ".form");
            }
            touched.form = *form->text();
            auto version = integer(json.find("version"), where + ".version", 1);
            if (!version) return fail(version.error());
            touched.form_version = *version;
            if (const Value* parents = json.find("parents")) {
                ZF_CHECK(read_parents(*parents, where + ".parents", touched.parents));
            }
            out_.records.push_back(std::move(touched));
        }
        return {};
    }

    Result<void> read_parents(const Value& json, const std::string& where,
                              std::vector<ChangesetRef>& out) {
        if (!json.list()) return malformed("a list of [device, seq] is expected", where);
        for (const Value& parent : *json.list()) {
            if (!parent.list() || parent.list()->size() != 2) {
                return malformed("a list of [device, seq] is expected", where);
            }
            auto device = device_at((*parent.list())[0], where);
            if (!device) return fail(device.error());
            auto seq = integer(&(*parent.list())[1], where, 1);
            if (!seq) return fail(seq.error());
            out.push_back({*device, *seq});
        }
        return {};
    }

    Result<void> read_dots(const Value& json, const std::string& where, std::vector<Dot>& out) {
        if (!json.list()) return malformed("a list of [device, seq, n] is expected", where);
        for (const Value& dot : *json.list()) {
            if (!dot.list() || dot.list()->size() != 3) {
                return malformed("a list of [device, seq, n] is expected", where);
            }
            auto device = device_at((*dot.list())[0], where);
            if (!device) return fail(device.error());
            auto seq = integer(&(*dot.list())[1], where, 1);
            if (!seq) return fail(seq.error());
            auto n = integer(&(*dot.list())[2], where, 0);
            if (!n) return fail(n.error());
            if (*n >= static_cast<std::int64_t>(ChangesetLimits::ops_max)) {
                return malformed("an op number below 4096 is expected", where);
            }
            out.push_back({*device, *seq, static_cast<std::int32_t>(*n)});
        }
        if (!std::is_sorted(out.begin(), out.end()) ||
            std::adjacent_find(out.begin(), out.end()) != out.end()) {
            return malformed("dots ascend, each once", where);
        }
        return {};
    }

    Result<void> read_ops() {
        Value* ops = json_.find("ops");
        if (!ops || !ops->list() || ops->list()->empty()) {
            return malformed("at least one op is expected", "ops");
        }
        if (ops->list()->size() > ChangesetLimits::ops_max) {
            return fail(ErrorCode::too_large, "at most 4096 ops in one changeset", "ops");
        }
        out_.ops.reserve(ops->list()->size());
        for (std::size_t i = 0; i < ops->list()->size(); ++i) {
            ZF_CHECK(read_op((*ops->list())[i], "ops[" + std::to_string(i) + "]"));
        }
        return {};
    }

    Result<void> read_op(Value& json, const std::string& where) {
        Op op;
        const Value* field = json.find("field");
        if (!field || !field->text() || !is_field_name(*field->text())) {
            return malformed("a field name of 1 to 64 letters a-z, digits and _ is expected",
                             where + ".field");
        }
        op.field = *field->text();
        if (const Value* record = json.find("record")) {
            auto index = integer(record, where + ".record", 1);
            if (!index) return fail(index.error());
            if (static_cast<std::size_t>(*index) >= out_.records.size()) {
                return malformed("an index into records is expected", where + ".record");
            }
            op.record = static_cast<std::int32_t>(*index);
        }
        if (const Value* supersedes = json.find("supersedes")) {
            ZF_CHECK(read_dots(*supersedes, where + ".supersedes", op.supersedes));
        }
        if (const Value* saw = json.find("saw")) {
            if (!saw->members()) return malformed("an object is expected", where + ".saw");
            for (const auto& [name, dots] : *saw->members()) {
                SeenField seen{name, {}};
                ZF_CHECK(read_dots(dots, where + ".saw." + name, seen.dots));
                op.saw.push_back(std::move(seen));
            }
        }
        if (Value* value = json.find("value")) {
            ZF_CHECK(check_value_shape(*value, where + ".value"));
            op.value = std::move(*value);
        }
        if (!op.value && op.supersedes.empty()) {
            return malformed("an op writes a value or supersedes something", where);
        }
        out_.ops.push_back(std::move(op));
        return {};
    }

    static bool is_field_name(const std::string& name) {
        return !name.empty() && name.size() <= 64 &&
               name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    }

    static Result<void> check_value_shape(const Value& value, const std::string& where) {
        if (value.odd_number()) {
            return malformed("numbers are whole; decimals are written as text", where);
        }
        if (value.text() && value.text()->size() > ChangesetLimits::text_bytes_max) {
            return fail(ErrorCode::too_large, "a text has at most 64 KiB", where);
        }
        if (const List* list = value.list()) {
            for (const Value& element : *list) ZF_CHECK(check_value_shape(element, where));
        }
        if (const Members* members = value.members()) {
            for (const auto& [name, member] : *members) {
                ZF_CHECK(check_value_shape(member, where + "." + name));
            }
        }
        return {};
    }

    Value json_;
    Changeset out_;
    std::vector<DeviceId> devices_;
};

}  // namespace

std::string encode_changeset(const Changeset& changeset) {
    std::string out;
    out.reserve(256 + changeset.ops.size() * 80);
    Writer(changeset, out).write();
    return out;
}

Result<Changeset> decode_changeset(std::string_view bytes) {
    auto json = parse_json(bytes, {32, ChangesetLimits::bytes_max});
    if (!json) return fail(json.error());
    auto changeset = Reader(std::move(*json)).read();
    if (!changeset) return fail(changeset.error());
    // One text per changeset: anything that would be written otherwise is refused, so that a
    // hash stands for a meaning.
    if (encode_changeset(*changeset) != bytes) {
        return fail(ErrorCode::malformed, "these are not the canonical bytes of the changeset");
    }
    return changeset;
}

std::optional<DeviceId> author_of(std::string_view bytes) {
    if (!bytes.starts_with(prefix)) return std::nullopt;
    const std::size_t at = bytes.find(before_devices, prefix.size());
    if (at == std::string_view::npos) return std::nullopt;
    return parse_device_id(bytes.substr(at + before_devices.size(), 32));
}

std::string signing_bytes(const Hash256& hash) {
    std::string bytes = "zoufang-changeset/1";
    bytes.push_back('\0');
    bytes.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    return bytes;
}

}  // namespace zf
