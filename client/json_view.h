// Records, issues, conflicts and sync reports as the JSON that programs read. Formats: contract of
// `zoufang batch`; described in docs/batch.md.
#pragma once

#include <string>
#include <vector>

#include "client/records.h"
#include "common/base/error.h"
#include "common/model/value.h"
#include "common/sync/sync.h"

namespace zf {

Value issues_value(const std::vector<Issue>& issues);
/// [{"record","field","kind","values":[{"value","user","device","at","version"}]}]
Value conflicts_value(DeviceStore& store, const RecordDoc& doc,
                      const std::vector<Conflict>& conflicts);
Value record_value(DeviceStore& store, const RecordView& view);
Value list_value(DeviceStore& store, const ListPage& page);
Value history_value(const std::vector<HistoryEntry>& history);
/// What a person is told of a new identity.
std::string told_of(const NewIdentity& change);
Value sync_value(const SyncReport& report);
Value rehearsal_value(const Rehearsal& rehearsal);
/// What `zoufang status` prints.
Value status_value(DeviceStore& store);
Value error_value(const Error& error);

}  // namespace zf
