#include "common/codec/record_codec.h"

#include <algorithm>

#include "common/codec/json.h"

namespace zf {
namespace {

// ---- writing -------------------------------------------------------------------------------

class Writer {
public:
    explicit Writer(const RecordDoc& doc) : doc_(doc) {
        collect_devices();
        out_.reserve(512 + doc.fields.size() * 96);
    }

    std::string write() {
        out_ += "{\"_format\":1";
        if (doc_.reviews.contains(ReviewKind::approved)) write_approved();
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
        const auto note = [&](const DeviceId& id) { devices_.push_back(id); };
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

    void number(std::int64_t value) { out_ += std::to_string(value); }

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
    explicit Reader(const Value& json) : json_(json) {}

    Result<RecordDoc> read() {
        RecordDoc doc;
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
        doc.submitted = json_.find("submitted") != nullptr;
        for (const Value& head : list_of(json_.find("heads"))) {
            doc.heads.push_back({device_at(part(head, 0)), integer_of(part(head, 1))});
        }
        for (const auto& [name, live] : members_of(json_.find("fields"))) {
            doc.fields.emplace(name, live_values(live));
        }
        read_notes(doc);
        read_reviews(doc);
        read_approved(doc);
        if (damaged_) return fail(ErrorCode::damaged, "this is no document of a record");
        return doc;
    }

private:
    const List& list_of(const Value* value) {
        static const List empty;
        if (value && value->list()) return *value->list();
        damaged_ = true;
        return empty;
    }
    const Members& members_of(const Value* value) {
        static const Members empty;
        if (value && value->members()) return *value->members();
        damaged_ = true;
        return empty;
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
    const Value* part(const Value& list, std::size_t index) {
        if (list.list() && index < list.list()->size()) return &(*list.list())[index];
        return nullptr;
    }
    DeviceId device_at(const Value* index) {
        const auto i = static_cast<std::size_t>(integer_of(index));
        if (i < devices_.size()) return devices_[i];
        damaged_ = true;
        return {};
    }
    Dot dot(const Value* value) {
        if (!value) {
            damaged_ = true;
            return {};
        }
        return {device_at(part(*value, 0)), integer_of(part(*value, 1)),
                static_cast<std::int32_t>(integer_of(part(*value, 2)))};
    }
    Hlc hlc(const Value* value) {
        if (!value) {
            damaged_ = true;
            return {};
        }
        return {integer_of(part(*value, 0)),
                static_cast<std::int32_t>(integer_of(part(*value, 1)))};
    }
    std::vector<SeenField> saw(const Value* value) {
        std::vector<SeenField> all;
        for (const auto& [name, dots] : members_of(value)) {
            SeenField seen{name, {}};
            for (const Value& one : list_of(&dots)) seen.dots.push_back(dot(&one));
            all.push_back(std::move(seen));
        }
        return all;
    }
    Authorship author(const Value* value) {
        if (!value) {
            damaged_ = true;
            return {};
        }
        return {hlc(part(*value, 0)), dot(part(*value, 1)), text_of(part(*value, 2)),
                integer_of(part(*value, 3))};
    }
    LiveValue live_value(const Value& value) {
        LiveValue live{dot(part(value, 0)), hlc(part(value, 1)), {}, {}};
        const Value* content = part(value, 2);
        damaged_ |= !content;
        if (content) live.value = *content;
        if (const Value* seen = part(value, 3)) live.saw = saw(seen);
        return live;
    }
    std::vector<LiveValue> live_values(const Value& list) {
        std::vector<LiveValue> live;
        for (const Value& value : list_of(&list)) live.push_back(live_value(value));
        return live;
    }

    void read_notes(RecordDoc& doc) {
        const Value* notes = json_.find("notes");
        if (!notes) return;
        for (const auto& [name, note] : members_of(notes)) {
            LiveValue value = live_value(note);
            doc.notes.emplace(name, Note{value.dot, value.hlc, std::move(value.value)});
        }
    }

    void read_reviews(RecordDoc& doc) {
        const Value* reviews = json_.find("reviews");
        if (!reviews) return;
        for (const Value& review : list_of(reviews)) {
            const auto kind = parse_review_kind(text_of(part(review, 0)));
            damaged_ |= !kind;
            if (!kind) continue;
            doc.reviews.emplace(
                *kind, Review{dot(part(review, 1)), hlc(part(review, 2)), text_of(part(review, 3)),
                              integer_of(part(review, 4)), saw(part(review, 5))});
        }
    }

    void read_approved(RecordDoc& doc) {
        const Value* approved = json_.find("approved");
        if (!approved) return;
        for (const auto& [name, values] : members_of(approved)) {
            if (values.boolean()) {
                const auto live = doc.fields.find(name);
                damaged_ |= live == doc.fields.end();
                if (live != doc.fields.end()) doc.approved.emplace(name, live->second);
            } else {
                doc.approved.emplace(name, live_values(values));
            }
        }
    }

    const Value& json_;
    std::vector<DeviceId> devices_;
    bool damaged_ = false;
};

}  // namespace

std::string encode_record(const RecordDoc& doc) {
    return Writer(doc).write();
}

Result<RecordDoc> decode_record(std::string_view text) {
    auto json = parse_json(text);
    if (!json) return fail(ErrorCode::damaged, json.error().message, json.error().where);
    return Reader(*json).read();
}

}  // namespace zf
