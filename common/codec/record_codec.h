// Canonical text of a RecordDoc, as stores keep it and as the state hash reads it. Members in byte
// order of their names, no spaces; those in brackets are left out when empty.
//
//   doc    = {"_format":1,["approved":{field:true|[live,...],...},]"changesets":n,
//             "created":author,"devices":[hex32,...],"fields":{field:[live,...],...},"form":name,
//             "heads":[[i,seq],...],"id":uuid,["notes":{field:live,...},]
//             ["reviews":[[kind,dot,hlc,user,ms,saw],...],]["submitted":true,]
//             "updated":author,"version":n}
//   live   = [dot, hlc, value] or [dot, hlc, value, saw]      saw = {field:[dot,...],...}
//   author = [hlc, dot, user, ms]      dot = [i, seq, n], i = index into devices, ascending
//   hlc    = [ms, counter]
//
// `approved` names a field with true when its values are those that are live, as mostly.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/merge/record_doc.h"

namespace zf {

std::string encode_record(const RecordDoc& doc);
/// Refused as `damaged`: text that is no such document. Equal documents have equal text, and what
/// encode_record wrote is written again byte for byte; the order of other text is not checked.
Result<RecordDoc> decode_record(std::string_view text);

}  // namespace zf
