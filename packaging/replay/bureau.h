// The people and machines of a replay: a server of its own behind a real listener, and the laptops
// that were enrolled with it. Their clocks are the replay's.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "client/device_store.h"
#include "client/http/http_transport.h"
#include "client/records.h"
#include "common/base/env.h"
#include "common/codec/case_codec.h"
#include "server/api.h"
#include "server/http/listener.h"
#include "server/store/central_store.h"

namespace zf {

struct Laptop {
    std::string name;  // "D2"
    std::unique_ptr<DeviceStore> store;
    std::unique_ptr<HttpTransport> transport;
};

class Bureau {
public:
    /// Starts the server under `work` and enrols every laptop of the case for its users.
    static Result<std::unique_ptr<Bureau>> open(const CaseFile& file,
                                                const std::filesystem::path& work);
    ~Bureau();

    void set_clock(std::int64_t ms) { env_.set_now_ms(ms); }
    CentralStore& server() { return *store_; }
    std::map<std::string, Laptop>& laptops() { return laptops_; }
    [[nodiscard]] const std::string& url() const { return url_; }

private:
    explicit Bureau(Env& machine) : env_(machine) {}
    Result<void> start_server(const std::filesystem::path& folder, std::int64_t start_ms);
    Result<void> add_people(const CaseFile& file);
    Result<void> enrol_laptops(const CaseFile& file, const std::filesystem::path& work);

    SettableEnv env_;
    std::unique_ptr<CentralStore> store_;
    std::unique_ptr<Api> api_;
    std::unique_ptr<Listener> listener_;
    std::string url_;
    std::map<std::string, Laptop> laptops_;
};

}  // namespace zf
