// The answer that tells a laptop what a restored server lacks.
#include "common/codec/json.h"
#include "common/codec/wire.h"

namespace zf {

std::string encode_chains(const ChainsAnswer& message) {
    List list;
    for (const HeldChain& chain : message.chains) {
        list.emplace_back(
            Members{{"complete_seq", chain.complete_seq}, {"device", Value(chain.device)}});
    }
    return canonical_text(Value(Members{{"chains", std::move(list)}, {"epoch", message.epoch}}));
}

Result<ChainsAnswer> decode_chains(std::string_view body) {
    const auto json = parse_json(body);
    if (!json) return fail(json.error());
    const Value* epoch = json->find("epoch");
    const Value* list = json->find("chains");
    if (!epoch || !epoch->text() || !list || !list->list()) {
        return fail(ErrorCode::malformed, "epoch and chains are expected", "chains");
    }
    ChainsAnswer message{*epoch->text(), {}};
    for (const Value& chain : *list->list()) {
        const Value* device = chain.find("device");
        const Value* seq = chain.find("complete_seq");
        if (!device || !device->text() || !parse_device_id(*device->text()) || !seq ||
            !seq->integer() || *seq->integer() < 0) {
            return fail(ErrorCode::malformed, "device and complete_seq are expected", "chains");
        }
        message.chains.push_back({*device->text(), *seq->integer()});
    }
    return message;
}

}  // namespace zf
