// device revert, device unrevert.
#include <charconv>
#include <ostream>

#include "server/commands.h"
#include "server/revert.h"

namespace zf {
namespace {

Value answer_of(const RevertOutcome& outcome, bool is_rehearsal) {
    List kept, voided;
    for (const auto& [record, field] : outcome.kept) {
        kept.push_back(Value(Members{{"record", record.text()}, {"field", field}}));
    }
    for (const Uuid& record : outcome.voided) voided.push_back(Value(record.text()));
    const bool has_batch = !is_rehearsal && !outcome.batch.empty();
    Value answer;
    answer.set("batch", has_batch ? Value(outcome.batch) : Value());
    answer.set("records", outcome.records);
    answer.set("values", outcome.values);
    answer.set("kept", std::move(kept));
    answer.set("voided", std::move(voided));
    answer.set("waiting", outcome.waiting);
    return answer;
}

Result<RevertRequest> read_request(const CommandLine& line) {
    if (!line.has("--by")) {
        return wrong_usage("Say which section head or leader answers for this with --by NAME.",
                           "--by");
    }
    return RevertRequest{line.value("--by"), line.value("--reason"), line.has("--rehearse")};
}

}  // namespace

Result<int> run_device_revert(const Invocation& invocation) {
    const CommandLine& line = invocation.line;
    const auto id = parse_device_id(line.words[0]);
    if (!id) {
        return wrong_usage("A device id has 32 hex digits; see `device list`.", line.words[0]);
    }
    const std::string text = line.value("--since");
    std::int64_t since = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), since);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || since < 1) {
        return wrong_usage(
            "Say from which changeset of the device on with --since SEQ; its first one is 1.",
            "--since");
    }
    const auto request = read_request(line);
    if (!request) return fail(request.error());
    const auto store = CentralStore::open(line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto outcome = revert_device(**store, *id, since, *request);
    if (!outcome) return fail(outcome.error());
    print_json(invocation.out, answer_of(*outcome, request->rehearse));
    const auto held = (*store)->lock();
    const auto device = (*store)->bureau().find_device(*id);
    if (device && !device->revoked) {
        invocation.messages << "zoufang-server: the device is not revoked: what it sends from now "
                               "on is applied.\n";
    }
    return 0;
}

Result<int> run_device_unrevert(const Invocation& invocation) {
    const auto request = read_request(invocation.line);
    if (!request) return fail(request.error());
    const auto store = CentralStore::open(invocation.line.data, invocation.env);
    if (!store) return fail(store.error());
    const auto outcome = unrevert_batch(**store, invocation.line.words[0], *request);
    if (!outcome) return fail(outcome.error());
    print_json(invocation.out, answer_of(*outcome, request->rehearse));
    return 0;
}

}  // namespace zf
