// Which attachments values and changesets name. Knows no files.
#pragma once

#include <vector>

#include "common/base/ids.h"
#include "common/model/changeset.h"
#include "common/model/form.h"
#include "common/model/value.h"

namespace zf {

/// Whether values of this type are hashes of attachments.
bool holds_attachments(FieldType type);
/// Adds the attachments that a value of this field names; repeat rows included.
void collect_attachments(const Field& field, const Value& value, std::vector<Hash256>& out);
/// Those that the writes of a changeset name, as far as its forms are known.
void collect_attachments(const FormCatalog& forms, const Changeset& changeset,
                         std::vector<Hash256>& out);

}  // namespace zf
