// backup, restore and verify.
#include <ostream>

#include "server/backup.h"
#include "server/commands.h"
#include "server/verify.h"

namespace zf {

Result<int> run_backup(const Invocation& invocation) {
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const std::string& target = invocation.line.words[0];
    const auto summary = back_up(**store, target);
    if (!summary) return fail(summary.error());
    Value answer;
    answer.set("backup", target);
    answer.set("changesets", summary->changesets);
    answer.set("blobs", summary->blobs);
    answer.set("bytes", static_cast<std::int64_t>(summary->bytes));
    print_json(invocation.out, answer);
    invocation.messages << "The backup holds the bureau's key: keep it as safe as the server.\n";
    return 0;
}

Result<int> run_restore(const Invocation& invocation) {
    const std::string& backup = invocation.line.words[0];
    const auto summary = restore(backup, invocation.line.data, invocation.env);
    if (!summary) return fail(summary.error());
    Value answer;
    answer.set("restored", backup);
    answer.set("epoch", summary->epoch);
    answer.set("set_aside",
               summary->set_aside.empty() ? Value() : Value(summary->set_aside.string()));
    print_json(invocation.out, answer);
    return 0;
}

Result<int> run_verify(const Invocation& invocation) {
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const Verification result = verify_store(**store);
    const bool is_sound = result.findings.empty();
    List findings;
    for (const Discrepancy& finding : result.findings) {
        Value one;
        one.set("where", finding.where);
        one.set("what", finding.what);
        findings.push_back(std::move(one));
        invocation.messages << finding.where << ": " << finding.what << "\n";
    }
    if (!is_sound) {
        invocation.messages << "Stop the server and run `zoufang-server repair`, which keeps all "
                               "that can be read, or `restore` a backup.\n";
    }
    Value answer;
    answer.set("verify", is_sound ? "ok" : "damaged");
    answer.set("findings", std::move(findings));
    answer.set("entries", result.entries);
    answer.set("gaps", result.gaps);
    answer.set("reports", result.reports);
    answer.set("reports_without_records", result.reports_without_records);
    answer.set("changesets", result.changesets);
    answer.set("devices", result.devices);
    answer.set("records", result.records);
    answer.set("blobs", result.blobs);
    answer.set("state", result.state);
    print_json(invocation.out, answer);
    return is_sound ? 0 : 1;
}

}  // namespace zf
