// What changeset_codec.h writes: the canonical text, byte for byte.
#include <algorithm>
#include <array>
#include <charconv>

#include "common/codec/changeset_codec.h"

namespace zf {
namespace {

constexpr std::string_view prefix = R"({"_format":1,"at":)";
constexpr std::string_view before_devices = R"(,"devices":[")";

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
    std::array<char, 20> digits;  // the sign and 19 digits of the least one
    out.append(digits.data(),
               std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
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

}  // namespace

std::string encode_changeset(const Changeset& changeset) {
    std::string out;
    out.reserve(512 + changeset.ops.size() * 96);
    Writer(changeset, out).write();
    return out;
}

std::optional<DeviceId> author_of(std::string_view bytes) {
    if (!bytes.starts_with(prefix)) return std::nullopt;
    bytes.remove_prefix(prefix.size());
    const std::size_t number = bytes.find_first_not_of("-0123456789");
    if (number == std::string_view::npos) return std::nullopt;
    bytes.remove_prefix(number);
    if (!bytes.starts_with(before_devices)) return std::nullopt;
    return parse_device_id(bytes.substr(before_devices.size(), 32));
}

}  // namespace zf
