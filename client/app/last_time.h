// What was entered the last time: values to show greyed beside the boxes, and records that were
// referred to lately. Remembered per laptop, outside the change log.
#pragma once

#include <string>
#include <vector>

#include "client/device_store.h"
#include "common/model/rule.h"

namespace zf {

/// The record that a record of this form is about: its first required reference that is filled
/// in. Empty: none.
std::string subject_of(const Form& form, const FieldValues& values);

/// Shown values of the record of this form that was entered before: about the same subject the
/// latest by the form's date, else the one saved last on this laptop. Empty: none.
FieldValues values_of_last_time(DeviceStore& store, const Form& form, const std::string& subject);

/// To be called after a save.
void remember_last_time(DeviceStore& store, const std::string& form, const Uuid& record);

/// Records of a form that were picked lately on this laptop, the latest first.
std::vector<Uuid> recently_picked(DeviceStore& store, const std::string& form);
void remember_picked(DeviceStore& store, const std::string& form, const Uuid& record);

}  // namespace zf
