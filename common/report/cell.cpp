#include "common/report/cell.h"

namespace zf {

namespace {

// Packed so that order is kept and a shift by five bits turns a date into its month.
std::int64_t pack(const Month& month) {
    return (std::int64_t{month.year} << 4) | month.month;
}
std::int64_t pack(const Date& date) {
    return (pack(month_of(date)) << 5) | date.day;
}

Cell of_ordinal(Cell::Kind kind, std::int64_t ordinal) {
    Cell cell;
    cell.kind = kind;
    cell.ordinal = ordinal;
    return cell;
}

Cell unreadable() {
    return of_ordinal(Cell::Kind::unreadable, 0);
}

Cell of_text(std::string_view text) {
    Cell cell;
    cell.kind = Cell::Kind::text;
    cell.text = text;
    return cell;
}

// As the form's type wants it: a whole number as such, a decimal as text. What was written
// otherwise was never checked, and sums rely on the bounds of what was.
Cell read_number(const Value& value, FieldType type) {
    if (type == FieldType::integer) {
        const auto* whole = value.integer();
        return whole != nullptr ? Cell::of_number(Decimal(*whole)) : unreadable();
    }
    const auto* text = value.text();
    const auto number = text != nullptr ? Decimal::parse(*text) : std::nullopt;
    return number ? Cell::of_number(*number) : unreadable();
}

// Indicators may write a number in any way.
Cell read_number_constant(const Value& value) {
    if (value.integer() != nullptr) return read_number(value, FieldType::integer);
    if (value.text() != nullptr) return read_number(value, FieldType::decimal);
    const auto* odd = value.odd_number();
    const auto number = odd != nullptr ? Decimal::parse(odd->text) : std::nullopt;
    return number ? Cell::of_number(*number) : unreadable();
}

Cell read_date(std::string_view text) {
    const auto date = parse_date(text);
    return date ? Cell::of_date(*date) : unreadable();
}

Cell read_month(std::string_view text) {
    const auto month = parse_month(text);
    return month ? Cell::of_month(*month) : unreadable();
}

Cell read_instant(std::string_view text) {
    const auto instant = parse_datetime(text);
    return instant ? of_ordinal(Cell::Kind::instant, *instant) : unreadable();
}

Cell read_reference(std::string_view text, const ApprovedRecords& records) {
    const auto id = parse_uuid(text);
    return id ? Cell::of_record(records.resolve(*id).id) : of_text(text);
}

Cell read_text(std::string_view text, FieldType type, const ApprovedRecords& records) {
    switch (type) {
        case FieldType::date:
            return read_date(text);
        case FieldType::month:
            return read_month(text);
        case FieldType::datetime:
            return read_instant(text);
        case FieldType::ref:
            return read_reference(text, records);
        case FieldType::text:
        case FieldType::multiline:
        case FieldType::choice:
        case FieldType::code:
        case FieldType::user:
            return of_text(text);
        default:
            return unreadable();
    }
}

Cell read_set(const Value& value, FieldType type) {
    const List* list = value.list();
    if (list == nullptr) return unreadable();
    if (list->empty()) return {};
    Cell cell;
    cell.kind = Cell::Kind::set;
    cell.element = type == FieldType::ref_multi ? FieldType::ref : FieldType::text;
    cell.set = list;
    return cell;
}

bool is_calendar(Cell::Kind kind) {
    return kind == Cell::Kind::date || kind == Cell::Kind::month || kind == Cell::Kind::instant;
}

std::int64_t packed_month(const Cell& calendar) {
    return calendar.kind == Cell::Kind::month ? calendar.ordinal : calendar.ordinal >> 5;
}

// Points in time of different kinds: an instant becomes the bureau's day.
Cell day_or_month(const Cell& cell) {
    if (cell.kind != Cell::Kind::instant) return cell;
    return Cell::of_date(date_at(cell.ordinal, bureau_offset_minutes));
}

std::strong_ordering compare_calendar(const Cell& a, const Cell& b) {
    if (a.kind == b.kind) return a.ordinal <=> b.ordinal;
    const Cell left = day_or_month(a), right = day_or_month(b);
    if (left.kind == right.kind) return left.ordinal <=> right.ordinal;
    return packed_month(left) <=> packed_month(right);
}

}  // namespace

Cell Cell::of_number(const Decimal& number) {
    Cell cell;
    cell.kind = Kind::number;
    cell.number = number;
    return cell;
}

Cell Cell::of_date(const Date& date) {
    return of_ordinal(Kind::date, pack(date));
}
Cell Cell::of_month(const Month& month) {
    return of_ordinal(Kind::month, pack(month));
}

Cell Cell::of_record(const Uuid& id) {
    Cell cell;
    cell.kind = Kind::record;
    cell.record = id;
    return cell;
}

Cell read_cell(const Value* value, FieldType type, const ApprovedRecords& records) {
    if (value == nullptr || value->is_null()) return {};
    if (const auto* text = value->text(); text != nullptr && text->empty()) return {};
    if (is_set_typed(type)) return read_set(*value, type);
    if (is_number(type)) return read_number(*value, type);
    if (type == FieldType::boolean) {
        const bool* truth = value->boolean();
        return truth != nullptr ? of_ordinal(Cell::Kind::boolean, *truth ? 1 : 0) : unreadable();
    }
    const auto* text = value->text();
    return text != nullptr ? read_text(*text, type, records) : unreadable();
}

Cell read_constant(const Value& value, FieldType type, const ApprovedRecords& records) {
    if (is_number(type)) return read_number_constant(value);
    if (type == FieldType::ref_multi) return read_cell(&value, FieldType::ref, records);
    if (is_set_typed(type)) return read_cell(&value, FieldType::text, records);
    const bool is_time =
        type == FieldType::date || type == FieldType::month || type == FieldType::datetime;
    if (!is_time || value.text() == nullptr) return read_cell(&value, type, records);
    for (FieldType shape : {FieldType::date, FieldType::month, FieldType::datetime}) {
        const Cell cell = read_cell(&value, shape, records);
        if (cell.kind != Cell::Kind::unreadable) return cell;
    }
    return unreadable();
}

std::optional<std::strong_ordering> compare_cells(const Cell& a, const Cell& b) {
    if (is_calendar(a.kind) && is_calendar(b.kind)) return compare_calendar(a, b);
    if (a.kind != b.kind) return std::nullopt;
    switch (a.kind) {
        case Cell::Kind::number:
            return a.number <=> b.number;
        case Cell::Kind::boolean:
            return a.ordinal <=> b.ordinal;
        case Cell::Kind::text:
            return a.text <=> b.text;
        case Cell::Kind::record:
            return a.record <=> b.record;
        default:
            return std::nullopt;
    }
}

bool set_contains(const Cell& set, const Cell& element, const ApprovedRecords& records) {
    if (set.kind != Cell::Kind::set) return false;
    for (const Value& member : *set.set) {
        const auto order = compare_cells(read_cell(&member, set.element, records), element);
        if (order && *order == std::strong_ordering::equal) return true;
    }
    return false;
}

void append_key(std::string& key, const Cell& cell) {
    key.push_back(static_cast<char>(cell.kind));
    const auto append_number = [&key](std::uint64_t number) {
        for (int shift = 0; shift < 64; shift += 8) {
            key.push_back(static_cast<char>((number >> shift) & 0xff));
        }
    };
    const auto append_text = [&](std::string_view text) {
        append_number(text.size());
        key.append(text);
    };
    switch (cell.kind) {
        case Cell::Kind::number:
            append_text(cell.number.text());
            return;
        case Cell::Kind::date:
        case Cell::Kind::month:
        case Cell::Kind::instant:
        case Cell::Kind::boolean:
            append_number(static_cast<std::uint64_t>(cell.ordinal));
            return;
        case Cell::Kind::text:
            append_text(cell.text);
            return;
        case Cell::Kind::record:
            for (std::uint8_t byte : cell.record.bytes) key.push_back(static_cast<char>(byte));
            return;
        case Cell::Kind::missing:
        case Cell::Kind::unreadable:
        case Cell::Kind::set:
            return;
    }
}

}  // namespace zf
