#include "client/put_away.h"

#include "client/sync_pass.h"
#include "common/base/private_files.h"
#include "common/store/receipts.h"

namespace zf {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

}  // namespace

Result<PutAway> put_away_older(DeviceStore& store, std::int64_t days, bool rehearses) {
    const auto here = store.blobs().list();
    if (!here) return fail(here.error());
    PutAway done;
    for (const Hash256& hash : *here) {
        const auto receipt = find_attachment_receipt(store.db(), hash);
        if (!receipt) {
            ++done.kept_without_receipt;
            continue;
        }
        if (store.env().now_ms() - receipt->since_ms < days * day_ms) {
            ++done.kept_younger;
            continue;
        }
        ++done.attachments;
        done.bytes += store.blobs().size_of(hash);
        if (rehearses) continue;
        {
            // First, so that a crash in between leaves a file too many, and none too few.
            Transaction transaction(store.db());
            ZF_CHECK(put_away(store.db(), hash));
            transaction.commit();
        }
        ZF_CHECK(remove_private_file(store.blobs().path_of(hash)));
    }
    return done;
}

Result<std::int64_t> copy_attachment(DeviceStore& store, const Hash256& hash,
                                     const std::filesystem::path& file) {
    if (store.blobs().has(hash) || !is_put_away(store.db(), hash)) {
        return store.blobs().copy_to(hash, file);
    }
    {
        Transaction transaction(store.db());
        want_back(store.log(), hash);
        transaction.commit();
    }
    auto transport = road_to_bureau(*store.membership());
    if (!transport) return fail(transport.error());
    const auto fetched = Sync(store.sync_stores(), *transport).fetch_attachment(hash);
    if (!fetched) {
        return fail(fetched.error().code,
                    "this attachment was put away here, and it could not be fetched now (" +
                        fetched.error().message + "); the next sync fetches it",
                    hash.hex());
    }
    return store.blobs().copy_to(hash, file);
}

}  // namespace zf
