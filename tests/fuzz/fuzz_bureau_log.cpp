// Entries of the bureau's log, signed with a fixed key so that the bytes get past the signature:
// one that is accepted is kept byte for byte, of one that is refused nothing stays; a server that
// regains it does so once.
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

void read_everything(zf::BureauLog& log) {
    for (const zf::User& user : log.users()) ZF_ASSERT(log.find_user(user.name).has_value());
    for (const zf::Device& device : log.devices()) {
        ZF_ASSERT(log.find_key(device.id) == device.key);
        ZF_ASSERT(zf::device_id_of(device.key) == device.id);
    }
    if (const auto server = log.server()) ZF_ASSERT(log.entry_of(server->id).has_value());
    static_cast<void>(log.has_former_server());
    for (const zf::FrozenReport& report : log.reports()) {
        for (const zf::Approval& one : report.counted.all()) {
            ZF_ASSERT(report.counted.contains(one));
        }
        ZF_ASSERT(zf::read_report_body(zf::report_body(report)).has_value());
    }
}

void regain_twice(zf::Db& db, zf::BureauLog& log, const zf::KeyPair& key,
                  const zf::BureauEntry& entry) {
    const zf::Transaction rolled_back(db);
    const auto taken = log.regain(key, {entry});
    ZF_ASSERT(taken.has_value() && log.last_entry() == *taken);
    read_everything(log);
    const auto again = log.regain(key, {entry});
    ZF_ASSERT(again.has_value() && *again == 0);
}

}  // namespace

zf::Verdict zf::take_input(std::string_view bytes) {
    static const KeyPair key = KeyPair::from_seed({1, 2, 3});
    static Db db = Db::open(":memory:");
    static BureauLog log(db);
    const auto entry = signed_entry(key, std::string(bytes));
    if (const auto identity = read_identity(key.public_key(), entry)) {
        ZF_ASSERT(device_id_of(identity->key) == identity->id);
    } else {
        check_refusal(identity.error());
    }
    bool accepted = false;
    {
        const Transaction rolled_back(db);  // every input begins with an empty log
        const auto taken = log.accept(key.public_key(), {entry});
        accepted = taken.has_value();
        const auto kept = log.entries_after(0, bytes.size() + 1);
        ZF_ASSERT(kept.size() == (accepted ? 1 : 0));
        if (accepted) {
            ZF_ASSERT(kept[0].bytes == entry.bytes && kept[0].signature == entry.signature);
            read_everything(log);
        } else {
            check_refusal(taken.error());
            ZF_ASSERT(taken.error().where.starts_with("entries["));
        }
    }
    if (accepted) regain_twice(db, log, key, entry);
    return accepted ? Verdict::accepted : Verdict::refused;
}
