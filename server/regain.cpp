#include "server/regain.h"

#include "common/codec/form_codec.h"
#include "server/judge.h"

namespace zf {

Result<std::int64_t> regain_entries(CentralStore& store, const std::vector<BureauEntry>& entries) {
    const auto held = store.lock();
    Transaction transaction(store.db());
    const std::int64_t forms_before = store.bureau().catalog_version("forms");
    const auto taken = store.bureau().regain(store.keys().bureau, entries);
    if (!taken || *taken == 0) return taken;
    if (store.bureau().catalog_version("forms") != forms_before) {
        auto forms = decode_forms(store.bureau().catalog("forms"));
        if (!forms) return fail(forms.error());
        store.log().set_forms(std::make_shared<const FormCatalog>(std::move(*forms)));
    }
    release_parked(store.bureau(), store.log());
    transaction.commit();
    return taken;
}

}  // namespace zf
