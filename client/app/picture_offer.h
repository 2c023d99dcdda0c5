// What a photo can say for a form: when and where it was taken. Offered, never written: a person
// presses a button, or does not.
#pragma once

#include <string>
#include <vector>

#include "client/app/fill_form.h"
#include "client/image/image_exif.h"

namespace zf {

struct PictureOffer {
    std::string path;  // of the box
    Value value;
};

/// Boxes in sight that could take what the camera wrote and do not hold it already: the day of the
/// form, its first time, its first place. A clock without a zone is the bureau's.
std::vector<PictureOffer> offers_of(FillForm& form, const ExifFacts& camera);

}  // namespace zf
