#include "common/codec/record_codec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "common/codec/json.h"

namespace zf {
namespace {

// ---- writing -------------------------------------------------------------------------------

class Writer {
public:
    explicit Writer(const RecordDoc& doc) : doc_(doc) {
        collect_devices();
        out_.reserve(512 + doc.fields.size() * (doc.reviews.empty() ? 96 : 160));
    }

    std::string write() {
        out_ += "{\"_format\":1";
        if (!doc_.approved.empty()) write_approved();
        write_author("changesets", nullptr);
        write_author("created", &doc_.created);
        out_ += ",\"devices\":[";
        for (std::size_t i = 0; i < devices_.size(); ++i) {
            out_ += i > 0 ? ",\"" : "\"";
            out_ += devices_[i].hex() + "\"";
        }
        out_ += "]";
        write_fields();
        out_ += ",\"form\":";
        append_json_string(out_, doc_.form);
        out_ += ",\"heads\":[";
        for (std::size_t i = 0; i < doc_.heads.size(); ++i) {
            out_ += i > 0 ? ",[" : "[";
            number(index_of(doc_.heads[i].device));
            out_ += ",";
            number(doc_.heads[i].seq);
            out_ += "]";
        }
        out_ += "],\"id\":\"" + doc_.id.text() + "\"";
        write_notes();
        write_reviews();
        if (doc_.submitted) out_ += ",\"submitted\":true";
        write_author("updated", &doc_.updated);
        out_ += ",\"version\":";
        number(doc_.form_version);
        out_ += "}";
        return std::move(out_);
    }

private:
    void collect_devices() {
        const auto note = [&](const DeviceId& id) {
            if (devices_.empty() || devices_.back() != id) devices_.push_back(id);
        };
        const auto note_seen = [&](const std::vector<SeenField>& saw) {
            for (const SeenField& seen : saw) {
                for (const Dot& dot : seen.dots) note(dot.device);
            }
        };
        note(doc_.created.dot.device);
        note(doc_.updated.dot.device);
        for (const ChangesetRef& head : doc_.heads) note(head.device);
        for (const auto* fields : {&doc_.fields, &doc_.approved}) {
            for (const auto& [name, live] : *fields) {
                for (const LiveValue& value : live) {
                    note(value.dot.device);
                    note_seen(value.saw);
                }
            }
        }
        for (const auto& [name, entry] : doc_.notes) note(entry.dot.device);
        for (const auto& [kind, review] : doc_.reviews) {
            note(review.dot.device);
            note_seen(review.saw);
        }
        std::sort(devices_.begin(), devices_.end());
        devices_.erase(std::unique(devices_.begin(), devices_.end()), devices_.end());
    }

    [[nodiscard]] std::int64_t index_of(const DeviceId& id) const {
        return std::lower_bound(devices_.begin(), devices_.end(), id) - devices_.begin();
    }

    void number(std::int64_t value) {
        std::array<char, 20> digits;  // the sign and 19 digits of the least one
        out_.append(digits.data(),
                    std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
    }

    void dot(const Dot& dot) {
        out_ += "[";
        number(index_of(dot.device));
        out_ += ",";
        number(dot.seq);
        out_ += ",";
        number(dot.n);
        out_ += "]";
    }

    void hlc(const Hlc& hlc) {
        out_ += "[";
        number(hlc.ms);
        out_ += ",";
        number(hlc.counter);
        out_ += "]";
    }

    void saw(const std::vector<SeenField>& saw) {
        out_ += "{";
        for (std::size_t i = 0; i < saw.size(); ++i) {
            if (i > 0) out_ += ",";
            append_json_string(out_, saw[i].field);
            out_ += ":[";
            for (std::size_t k = 0; k < saw[i].dots.size(); ++k) {
                if (k > 0) out_ += ",";
                dot(saw[i].dots[k]);
            }
            out_ += "]";
        }
        out_ += "}";
    }

    void live_value(const LiveValue& value) {
        out_ += "[";
        dot(value.dot);
        out_ += ",";
        hlc(value.hlc);
        out_ += ",";
        append_canonical(out_, value.value);
        if (!value.saw.empty()) {
            out_ += ",";
            saw(value.saw);
        }
        out_ += "]";
    }

    void write_live(const std::vector<LiveValue>& live) {
        out_ += "[";
        for (std::size_t i = 0; i < live.size(); ++i) {
            if (i > 0) out_ += ",";
            live_value(live[i]);
        }
        out_ += "]";
    }

    void write_approved() {
        out_ += ",\"approved\":{";
        bool first = true;
        for (const auto& [name, values] : doc_.approved) {
            if (!first) out_ += ",";
            first = false;
            append_json_string(out_, name);
            // Mostly nothing was changed since: the live values say it already.
            const auto live = doc_.fields.find(name);
            if (live != doc_.fields.end() && live->second == values) {
                out_ += ":true";
            } else {
                out_ += ":";
                write_live(values);
            }
        }
        out_ += "}";
    }

    void write_author(std::string_view name, const Authorship* author) {
        out_ += ",\"" + std::string(name) + "\":";
        if (!author) return number(doc_.changesets);
        out_ += "[";
        hlc(author->hlc);
        out_ += ",";
        dot(author->dot);
        out_ += ",";
        append_json_string(out_, author->user);
        out_ += ",";
        number(author->at_ms);
        out_ += "]";
    }

    void write_fields() {
        out_ += ",\"fields\":{";
        bool first = true;
        for (const auto& [name, live] : doc_.fields) {
            if (!first) out_ += ",";
            first = false;
            append_json_string(out_, name);
            out_ += ":";
            write_live(live);
        }
        out_ += "}";
    }

    void write_notes() {
        if (doc_.notes.empty()) return;
        out_ += ",\"notes\":{";
        bool first = true;
        for (const auto& [name, note] : doc_.notes) {
            if (!first) out_ += ",";
            first = false;
            append_json_string(out_, name);
            out_ += ":";
            live_value({note.dot, note.hlc, note.value, {}});
        }
        out_ += "}";
    }

    void write_reviews() {
        if (doc_.reviews.empty()) return;
        out_ += ",\"reviews\":[";
        bool first = true;
        for (const auto& [kind, review] : doc_.reviews) {
            if (!first) out_ += ",";
            first = false;
            out_ += "[\"" + std::string(name_of(kind)) + "\",";
            dot(review.dot);
            out_ += ",";
            hlc(review.hlc);
            out_ += ",";
            append_json_string(out_, review.user);
            out_ += ",";
            number(review.at_ms);
            out_ += ",";
            saw(review.saw);
            out_ += "]";
        }
        out_ += "]";
    }

    const RecordDoc& doc_;
    std::vector<DeviceId> devices_;
    std::string out_;
};

// ---- reading -------------------------------------------------------------------------------

/// Reads what Writer writes. Anything else sets `damaged_` and yields empty values.
class Reader {
public:
    explicit Reader(Value&& json) : json_(std::move(json)) {}

    Result<RecordDoc> read() {
        RecordDoc doc;
        damaged_ |= integer_of(json_.find("_format")) != 1;
        for (const Value& device : list_of(json_.find("devices"))) {
            const auto id = device.text() ? parse_device_id(*device.text()) : std::nullopt;
            damaged_ |= !id;
            devices_.push_back(id.value_or(DeviceId{}));
        }
        const auto id = parse_uuid(text_of(json_.find("id")));
        damaged_ |= !id;
        doc.id = id.value_or(Uuid{});
        doc.form = text_of(json_.find("form"));
        doc.form_version = integer_of(json_.find("version"));
        doc.changesets = integer_of(json_.find("changesets"));
        doc.created = author(json_.find("created"));
        doc.updated = author(json_.find("updated"));
        if (const Value* submitted = json_.find("submitted")) {
            doc.submitted = true;
            damaged_ |= *submitted != Value(true);
        }
        for (Value& head : list_of(json_.find("heads"))) {
            const List& parts = parts_of(head, 2, 2);
            if (parts.empty()) break;
            doc.heads.push_back({device_at(parts[0]), integer_of(&parts[1])});
        }
        read_fields(doc);
        read_notes(doc);
        read_reviews(doc);
        read_approved(doc);
        if (damaged_) return fail(ErrorCode::damaged, "this is no document of a record");
        return doc;
    }

private:
    List& list_of(Value* value) {
        if (value && value->list()) return *value->list();
        damaged_ = true;
        nothing_.clear();
        return nothing_;
    }
    /// A list of so many parts; an empty one when it is none.
    List& parts_of(Value& value, std::size_t min, std::size_t max) {
        List& parts = list_of(&value);
        if (parts.size() >= min && parts.size() <= max) return parts;
        damaged_ = true;
        nothing_.clear();
        return nothing_;
    }
    Members& members_of(Value* value) {
        if (value && value->members()) return *value->members();
        damaged_ = true;
        no_members_.clear();
        return no_members_;
    }
    std::string text_of(const Value* value) {
        if (value && value->text()) return *value->text();
        damaged_ = true;
        return {};
    }
    std::int64_t integer_of(const Value* value) {
        if (value && value->integer()) return *value->integer();
        damaged_ = true;
        return 0;
    }
    std::int32_t small_integer_of(const Value& value) {
        const std::int64_t integer = integer_of(&value);
        damaged_ |= integer < 0 || integer > std::numeric_limits<std::int32_t>::max();
        return static_cast<std::int32_t>(integer);
    }
    DeviceId device_at(const Value& index) {
        const auto i = static_cast<std::size_t>(integer_of(&index));
        if (i < devices_.size()) return devices_[i];
        damaged_ = true;
        return {};
    }
    Dot dot(Value& value) {
        const List& parts = parts_of(value, 3, 3);
        if (parts.empty()) return {};
        return {device_at(parts[0]), integer_of(&parts[1]), small_integer_of(parts[2])};
    }
    Hlc hlc(Value& value) {
        const List& parts = parts_of(value, 2, 2);
        if (parts.empty()) return {};
        return {integer_of(&parts[0]), small_integer_of(parts[1])};
    }
    std::vector<SeenField> saw(Value& value) {
        std::vector<SeenField> all;
        Members& fields = members_of(&value);
        all.reserve(fields.size());
        for (auto& [name, dots] : fields) {
            SeenField& seen = all.emplace_back(SeenField{std::move(name), {}});
            List& list = list_of(&dots);
            seen.dots.reserve(list.size());
            for (Value& one : list) seen.dots.push_back(dot(one));
        }
        return all;
    }
    Authorship author(Value* value) {
        if (!value) {
            damaged_ = true;
            return {};
        }
        List& parts = parts_of(*value, 4, 4);
        if (parts.empty()) return {};
        return {hlc(parts[0]), dot(parts[1]), text_of(&parts[2]), integer_of(&parts[3])};
    }
    LiveValue live_value(Value& value) {
        List& parts = parts_of(value, 3, 4);
        if (parts.empty()) return {};
        LiveValue live{dot(parts[0]), hlc(parts[1]), std::move(parts[2]), {}};
        if (parts.size() > 3) live.saw = saw(parts[3]);
        return live;
    }
    std::vector<LiveValue> live_values(Value& value) {
        std::vector<LiveValue> live;
        List& list = list_of(&value);
        live.reserve(list.size());
        for (Value& one : list) live.push_back(live_value(one));
        return live;
    }

    void read_fields(RecordDoc& doc) {
        for (auto& [name, live] : members_of(json_.find("fields"))) {
            doc.fields.emplace_hint(doc.fields.end(), std::move(name), live_values(live));
        }
    }

    void read_notes(RecordDoc& doc) {
        Value* notes = json_.find("notes");
        if (!notes) return;
        for (auto& [name, note] : members_of(notes)) {
            LiveValue value = live_value(note);
            doc.notes.emplace(std::move(name), Note{value.dot, value.hlc, std::move(value.value)});
        }
    }

    void read_reviews(RecordDoc& doc) {
        Value* reviews = json_.find("reviews");
        if (!reviews) return;
        for (Value& review : list_of(reviews)) {
            List& parts = parts_of(review, 6, 6);
            if (parts.empty()) return;
            const auto kind = parse_review_kind(text_of(&parts[0]));
            damaged_ |= !kind;
            if (!kind) return;
            doc.reviews.emplace(*kind, Review{dot(parts[1]), hlc(parts[2]), text_of(&parts[3]),
                                              integer_of(&parts[4]), saw(parts[5])});
        }
    }

    void read_approved(RecordDoc& doc) {
        Value* approved = json_.find("approved");
        if (!approved) return;
        for (auto& [name, values] : members_of(approved)) {
            if (values == Value(true)) {
                const auto live = doc.fields.find(name);
                damaged_ |= live == doc.fields.end();
                if (damaged_) return;
                doc.approved.emplace_hint(doc.approved.end(), std::move(name), live->second);
            } else {
                doc.approved.emplace_hint(doc.approved.end(), std::move(name), live_values(values));
            }
        }
    }

    Value json_;
    std::vector<DeviceId> devices_;
    List nothing_;  // stands in for lists and objects that are none
    Members no_members_;
    bool damaged_ = false;
};

}  // namespace

std::string encode_record(const RecordDoc& doc) {
    return Writer(doc).write();
}

Result<RecordDoc> decode_record(std::string_view text) {
    auto json = parse_json(text);
    if (!json) return fail(ErrorCode::damaged, json.error().message, json.error().where);
    return Reader(std::move(*json)).read();
}

}  // namespace zf
