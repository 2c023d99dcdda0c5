#include "common/codec/case_codec.h"

#include <array>
#include <utility>

#include "common/model/changeset.h"

namespace zf {
namespace {

constexpr std::string_view case_name_space = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";
constexpr std::array<std::pair<std::string_view, CaseOpKind>, 5> kinds{{
    {"create", CaseOpKind::create},
    {"set", CaseOpKind::set},
    {"void", CaseOpKind::voiding},
    {"alias", CaseOpKind::alias},
    {"resolve", CaseOpKind::resolve},
}};

/// Reads members of one object; remembers the first thing that is wrong.
class Reader {
public:
    Reader(const Value& object, std::string place) : object_(object), place_(std::move(place)) {}

    std::string text(std::string_view name, bool required = true) {
        const Value* value = object_.find(name);
        if (value && value->text()) return *value->text();
        if (required || (value && !value->is_null())) note(name, "a text is expected here");
        return {};
    }

    std::int64_t instant(std::string_view name) {
        const auto ms = parse_datetime(text(name));
        if (!ms) note(name, "a time like 2008-05-12T14:28:00+08:00 is expected here");
        return ms.value_or(0);
    }

    Date date(std::string_view name) {
        const auto day = parse_date(text(name));
        if (!day) note(name, "a date like 2008-05-12 is expected here");
        return day.value_or(Date{});
    }

    void note(std::string_view name, const std::string& message) {
        if (!error_) error_ = Error{ErrorCode::malformed, message, place_ + std::string(name)};
    }

    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    const Value& object_;
    std::string place_;
    std::optional<Error> error_;
};

const List& list_in(const Value& json, std::string_view name) {
    static const List empty;
    const Value* value = json.find(name);
    return value && value->list() ? *value->list() : empty;
}

std::string place_of(std::string_view list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "].";
}

template <class Item, class Read>
Result<void> read_list(const Value& json, std::string_view name, std::vector<Item>& out,
                       Read read) {
    const List& list = list_in(json, name);
    for (std::size_t i = 0; i < list.size(); ++i) {
        Reader reader(list[i], place_of(name, i));
        out.push_back(read(reader, list[i]));
        if (reader.error()) return fail(*reader.error());
    }
    return {};
}

CaseOp read_op(Reader& reader, const Value& json) {
    CaseOp op;
    op.op = reader.text("op");
    op.device = reader.text("device");
    op.user = reader.text("user");
    op.record = reader.text("record");
    op.form = reader.text("form");
    op.at_ms = reader.instant("at");
    const std::string kind = reader.text("kind");
    bool known = false;
    for (const auto& [name, value] : kinds) {
        if (name != kind) continue;
        op.kind = value;
        known = true;
    }
    if (!known) reader.note("kind", "create, set, void, alias or resolve is expected here");
    const Value* set = json.find("set");
    if (set && set->members()) {
        op.set = *set->members();
    } else {
        reader.note("set", "an object with the values entered is expected here");
    }
    return op;
}

CaseReview read_review(Reader& reader, const Value& json) {
    CaseReview review;
    review.op = reader.text("op", false);
    review.user = reader.text("user");
    review.at_ms = reader.instant("at");
    for (const Value& record : list_in(json, "records")) {
        if (record.text()) review.records.push_back(*record.text());
    }
    const Value* set = json.find("set");
    const Value* status = set ? set->find(field_status) : nullptr;
    if (status && status->text()) {
        review.status = *status->text();
    } else {
        reader.note("set._status", "checked, approved or returned is expected here");
    }
    const Value* note = set ? set->find(field_review_note) : nullptr;
    if (note && note->text()) review.note = *note->text();
    return review;
}

Result<int> read_minutes(const std::string& text) {
    const bool shaped = text.size() == 5 && text.find_first_not_of("0123456789") == 2 &&
                        text[2] == ':' &&
                        text.find_first_not_of("0123456789", 3) == std::string::npos;
    const int hours = shaped ? (text[0] - '0') * 10 + (text[1] - '0') : 24;
    const int minutes = shaped ? (text[3] - '0') * 10 + (text[4] - '0') : 60;
    if (hours > 23 || minutes > 59) {
        return fail(ErrorCode::malformed, "a time of day like 21:00 is expected here",
                    "nightly_sync");
    }
    return hours * 60 + minutes;
}

Value id_of(const CaseFile& file, const Value& name) {
    return name.text() ? Value(file.record_id(*name.text()).text()) : name;
}

Value with_ids_in(const CaseFile& file, const Field& field, const Value& value) {
    if (field.type == FieldType::ref) return id_of(file, value);
    const List* list = value.list();
    if (!list) return value;
    List replaced;
    for (const Value& element : *list) {
        if (field.type == FieldType::ref_multi) {
            replaced.push_back(id_of(file, element));
        } else if (field.type == FieldType::repeat && element.members()) {
            Members row;
            for (const auto& [name, part] : *element.members()) {
                const Field* sub = field.find(name);
                row.emplace_back(name, sub ? with_ids_in(file, *sub, part) : part);
            }
            replaced.emplace_back(std::move(row));
        } else {
            replaced.push_back(element);
        }
    }
    return Value(std::move(replaced));
}

}  // namespace

Uuid CaseFile::record_id(std::string_view name) const {
    return uuid_v5(*parse_uuid(case_name_space), case_id + "/" + std::string(name));
}

Result<CaseFile> decode_case(const Value& json) {
    CaseFile file;
    Reader top(json, "");
    if (top.text("schema") != "field-case/1") {
        top.note("schema", "only case files of schema field-case/1 can be replayed");
    }
    file.case_id = top.text("case_id");
    file.period = top.text("period");
    if (top.error()) return fail(*top.error());
    ZF_CHECK(parse_period(file.period));
    if (const Value* nightly = json.find("nightly_sync"); nightly && nightly->text()) {
        auto minutes = read_minutes(*nightly->text());
        if (!minutes) return fail(minutes.error());
        file.nightly_minutes = *minutes;
    }
    ZF_CHECK(read_list(json, "staff", file.staff, [](Reader& reader, const Value&) {
        return CaseStaff{reader.text("id"), reader.text("name", false),
                         reader.text("name_en", false), reader.text("device", false)};
    }));
    ZF_CHECK(read_list(json, "offline_spans", file.offline, [](Reader& reader, const Value&) {
        OfflineSpan span{reader.text("device"), reader.date("from"), reader.date("to")};
        if (span.to < span.from) reader.note("to", "a date not before `from` is expected here");
        return span;
    }));
    ZF_CHECK(read_list(json, "ops", file.ops, read_op));
    ZF_CHECK(read_list(json, "reviews", file.reviews, read_review));
    return file;
}

std::map<std::string, SourceFigure> decode_source_figures(const Value& json) {
    std::map<std::string, SourceFigure> figures;
    const Value* expected = json.find("expected");
    if (!expected || !expected->members()) return figures;
    for (const auto& [id, figure] : *expected->members()) {
        const Value* text = figure.find("source_text");
        if (text && text->text()) figures[id].text = *text->text();
    }
    return figures;
}

Members with_record_ids(const CaseFile& file, const Form* form, const Members& set) {
    Members replaced;
    for (const auto& [name, value] : set) {
        const Field* field = form ? form->find(name) : nullptr;
        if (name == field_alias) {
            replaced.emplace_back(name, id_of(file, value));
        } else {
            replaced.emplace_back(name, field ? with_ids_in(file, *field, value) : value);
        }
    }
    return replaced;
}

}  // namespace zf
