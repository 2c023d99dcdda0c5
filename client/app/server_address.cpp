#include "client/app/server_address.h"

#include <utility>

#include "client/http/http_transport.h"
#include "common/base/assert.h"
#include "common/base/text.h"

namespace zf {

ServerAddress::ServerAddress(DeviceStore& store, Worker& worker) : store_(store), worker_(worker) {}

ServerAddress::~ServerAddress() {
    cancel();
}

void ServerAddress::start() {
    ZF_ASSERT(store_.membership().has_value());
    cancel();
    typed = normalise_typed(typed);
    if (!typed.empty() && typed.find("://") == std::string::npos) typed.insert(0, "https://");
    if (const auto url = parse_server_url(typed); !url) {
        error_ = Error{url.error().code, url.error().message, "server"};
        return;
    }
    line_ = std::make_shared<BureauLine>();
    const auto done = [this, line = line_, url = typed](const Result<std::string>& key) {
        if (line == line_) end(url, key);
    };
    worker_.post(
        "settings.server",
        [line = line_, done, url = typed,
         pin = store_.membership()->bureau_key.hex()](Worker::Progress&) -> Worker::Then {
            auto transport = HttpTransport::open(url, pin);
            if (!transport) return [done, error = transport.error()] { done(fail(error)); };
            line->hold(&*transport);
            auto key = ask_for_key(*transport);
            line->hold(nullptr);
            return [done, key = std::move(key)] { done(key); };
        },
        [done](const std::string& broken) { done(fail(ErrorCode::internal, broken)); });
}

void ServerAddress::end(const std::string& url, const Result<std::string>& key) {
    line_.reset();
    if (!key) {
        error_ = key.error();
        return;
    }
    Membership membership = *store_.membership();
    membership.server_url = url;
    if (auto kept = store_.set_membership(membership); !kept) {
        error_ = kept.error();
        return;
    }
    was_kept_ = true;
}

void ServerAddress::cancel() {
    if (line_) line_->cut();
    line_.reset();
    error_.reset();
}

}  // namespace zf
