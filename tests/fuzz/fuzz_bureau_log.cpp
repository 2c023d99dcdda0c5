// Entries of the bureau's log, signed with a fixed key so that the bytes get past the signature:
// one that is accepted is kept byte for byte, of one that is refused nothing stays.
#include "common/store/bureau_log.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

zf::BureauEntry signed_entry(const zf::KeyPair& key, std::string bytes) {
    std::string message = "zoufang-bureau/1";
    message.push_back('\0');
    const zf::Hash256 hash = zf::blake2b(bytes);
    message.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size());
    return {1, std::move(bytes), key.sign(message)};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const zf::KeyPair key = zf::KeyPair::from_seed({1, 2, 3});
    static zf::Db db = zf::Db::open(":memory:");
    static zf::BureauLog log(db);
    const auto entry = signed_entry(key, std::string(zf::text_of(data, size)));
    const zf::Transaction rolled_back(db);  // every input begins with an empty log
    const auto accepted = log.accept(key.public_key(), {entry});
    if (!accepted) {
        ZF_ASSERT(!accepted.error().message.empty());
        ZF_ASSERT(accepted.error().where.starts_with("entries["));
        return 0;
    }
    const auto kept = log.entries_after(0, size + 1);
    ZF_ASSERT(kept.size() == 1 && kept[0].bytes == entry.bytes);
    ZF_ASSERT(kept[0].signature == entry.signature);
    log.users();
    log.devices();
    static_cast<void>(log.server());
    return 0;
}
