// What stands behind a report: its figures as they are printed, and for each of them the records
// that it counted, each with the approval by which it was counted. Approved values are those that
// an approval names, so this says which version of a record a figure has taken.
//
//   content = {"_format":1,"counted":[[record,device,seq],...],"devices":[hex32,...],
//              "figures":text,"lists":{indicator:[first,count,...],...},"period":name,
//              "referred":[[record,device,seq],...]}                          canonical JSON
//
// `counted` and `referred` ascend by record; a device is an index into `devices`; a list is runs of
// `counted`. `referred` are records that references led to: registers, whose values may matter.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/date.h"
#include "common/base/result.h"
#include "common/report/figures.h"
#include "common/store/frozen_report.h"
#include "server/store/central_store.h"

namespace zf {

struct ReportContent {
    std::string period;
    std::string figures;                                          // exactly as `report` prints them
    std::map<Uuid, Approval> counted;                             // by at least one figure
    std::map<Uuid, Approval> referred;                            // that references led to
    std::map<std::string, std::vector<Uuid>, std::less<>> lists;  // by indicator, ascending

    [[nodiscard]] CountedApprovals approvals() const;
};

/// The figures as the program prints them.
std::string figures_text(const FigureSet& figures);

/// The report as it would be now. The store must be locked. Error: `damaged`.
Result<ReportContent> report_content(CentralStore& store, const Period& period);

std::string encode_content(const ReportContent& content);
/// Error: `malformed`.
Result<ReportContent> decode_content(std::string_view text);

}  // namespace zf
