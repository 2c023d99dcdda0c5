// A repair may have lost changesets of the own chain that the server holds: a pull does not bring
// them, since a laptop is taken to have what it wrote.
#include "common/store/arrival.h"
#include "common/store/schema.h"
#include "common/sync/request.h"
#include "common/sync/sync.h"
#include "common/sync/take_page.h"

namespace zf {

Result<void> Sync::regain_own_chain(const SessionAnswer& session) {
    is_regaining_ = true;
    authorization_ = authorization_of(session);
    for (std::int64_t after = 0;;) {
        Request ask = request_of("GET", "/v1/own");
        ask.query = {{"after", std::to_string(after)}, {"epoch", session.epoch}};
        auto response = exchange(std::move(ask));
        if (!response) return fail(response.error());
        auto page = decode_push(response->body);
        if (!page) return cut_off(page.error().where);
        if (page->changesets.empty()) break;
        auto arrivals = authenticate(std::move(page->changesets), [&](const DeviceId& id) {
            return id == stores_.author.device() ? std::optional(stores_.key.public_key())
                                                 : std::nullopt;
        });
        if (!arrivals) return fail(arrivals.error());
        after = arrivals->back().changeset.seq;
        const Hlc last = arrivals->back().changeset.hlc;
        Transaction transaction(stores_.db);
        ZF_CHECK(check_same_identity(stores_));
        const auto outcome = stores_.log.append(*arrivals, stores_.env.now_ms());
        if (!outcome) return fail(outcome.error());
        stores_.author.saw(last);
        transaction.commit();
        report_.regained += static_cast<std::int64_t>(arrivals->size()) - outcome->repeated;
        ZF_CHECK(report_progress());
    }
    Transaction transaction(stores_.db);
    set_fact(stores_.db, own_chain_fact, "");
    transaction.commit();
    authorization_.clear();
    return {};
}

}  // namespace zf
