#include "client/app/picture_offer.h"

#include "common/base/date.h"

namespace zf {
namespace {

const FillBox* first_box(FillForm& form, FieldType type) {
    for (const FillSection& section : form.sections()) {
        for (const FillBox& box : section.boxes) {
            if (box.is_visible && !box.field->computed && box.field->type == type) return &box;
        }
    }
    return nullptr;
}

Value place_value(const PicturePlace& place) {
    Members members{{"lat", place.lat}, {"lon", place.lon}};
    if (!place.accuracy_m.empty()) members.emplace_back("accuracy_m", place.accuracy_m);
    return Value(std::move(members));
}

}  // namespace

std::vector<PictureOffer> offers_of(FillForm& form, const ExifFacts& camera) {
    std::vector<PictureOffer> offers;
    const auto offer = [&](const FillBox* box, Value value) {
        if (!box || !box->is_visible) return;
        if (canonical_value(*box->field, box->value) == canonical_value(*box->field, value)) return;
        offers.push_back({box->path, std::move(value)});
    };
    const auto at =
        parse_datetime(camera.taken + (camera.offset.empty() ? "+08:00" : camera.offset));
    if (!camera.taken.empty() && at) {
        const FillBox* day = form.find(form.form().date_field);
        const bool is_day = day && day->field->type == FieldType::date;
        if (is_day) offer(day, Value(date_at(*at, bureau_offset_minutes).text()));
        // To the minute, as people write times.
        const std::string time = datetime_text(*at - *at % 60'000, bureau_offset_minutes);
        offer(first_box(form, FieldType::datetime), Value(time));
    }
    if (camera.place) offer(first_box(form, FieldType::geopoint), place_value(*camera.place));
    return offers;
}

}  // namespace zf
