// Another address for the bureau's server: tried on the worker, kept only when the bureau answers
// there. Which bureau is never changed: the pin is its public key, so an address of somebody else
// is refused by TLS. Knows no drawing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "client/app/bureau_line.h"
#include "client/app/worker.h"
#include "client/device_store.h"
#include "common/base/error.h"

namespace zf {

class ServerAddress {
public:
    ServerAddress(DeviceStore& store, Worker& worker);
    ~ServerAddress();
    ServerAddress(const ServerAddress&) = delete;
    ServerAddress& operator=(const ServerAddress&) = delete;

    /// What stands in the box; "host:port" is taken as HTTPS.
    std::string typed;
    /// Of an enrolled laptop: tries it. What cannot be an address is an error at once.
    void start();
    void cancel();
    [[nodiscard]] bool is_trying() const { return line_ != nullptr; }
    /// Why the last one was not kept.
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    /// True once after an address was kept.
    bool take_kept() { return std::exchange(was_kept_, false); }

private:
    void end(const std::string& url, const Result<std::string>& key);

    DeviceStore& store_;
    Worker& worker_;
    std::shared_ptr<BureauLine> line_;  // of the job at hand
    std::optional<Error> error_;
    bool was_kept_ = false;
};

}  // namespace zf
