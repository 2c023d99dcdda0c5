// What a sync or an import works on: one laptop's stores, owned by its DeviceStore.
#pragma once

#include "common/base/env.h"
#include "common/base/sign.h"
#include "common/store/author.h"
#include "common/store/blob_store.h"
#include "common/store/bureau_log.h"
#include "common/store/change_log.h"
#include "common/store/identity.h"

namespace zf {

struct LaptopStores {
    Db& db;
    ChangeLog& log;
    BureauLog& bureau;
    BlobStore& blobs;
    Author& author;  // both of `identity`
    const KeyPair& key;
    PublicKey bureau_key;
    Env& env;
    Identity& identity;
};

}  // namespace zf
