// A bureau with its server running on the loopback interface, in the process of the test.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>

#include "server/administer.h"
#include "server/api.h"
#include "server/http/listener.h"
#include "server/store/central_store.h"
#include "tests/unit/client/device_world.h"

namespace zf::testing {

class ServedBureau {
public:
    explicit ServedBureau(std::uint64_t seed) : env(seed, start_ms) {
        auto made = CentralStore::create(folder.path / "central", "root", env);
        REQUIRE(made.has_value());
        pin = made->pin;
        auto opened = CentralStore::open(folder.path / "central", env);
        REQUIRE(opened.has_value());
        store = std::move(*opened);
        api = std::make_unique<Api>(*store);
        listener = std::make_unique<Listener>([this](const Request& request) {
            if (refuses_pulls && request.path == "/v1/pull") return Response{503, {}, ""};
            return api->handle(request);
        });
        ListenOptions options;
        options.certificate = store->keys().certificate;
        auto address = listener->start(options);
        REQUIRE(address.has_value());
        url = address->url();
    }
    ~ServedBureau() { listener->stop(); }

    std::string code_for(const std::string& name) {
        if (!store->bureau().find_user(name)) {
            REQUIRE(add_user(*store, {name, Role::staff, {}, false}).has_value());
        }
        auto code = make_enrol_code(*store, name);
        REQUIRE(code.has_value());
        return code->code;
    }

    ScratchFolder folder;
    ManualEnv env;
    std::unique_ptr<CentralStore> store;
    std::unique_ptr<Api> api;
    std::unique_ptr<Listener> listener;
    std::string pin, url;
    std::atomic<bool> refuses_pulls = false;
};

}  // namespace zf::testing
