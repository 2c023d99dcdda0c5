// A new laptop's first start, with a real server on the loopback interface.
#include <atomic>
#include <thread>

#include "tests/ui/fill_world.h"
#include "tests/unit/client/served_bureau.h"

using namespace zf;
using namespace zf::testing;

namespace {

/// A folder that belongs to nobody yet, and the program on it.
struct NewLaptop {
    explicit NewLaptop(Language language = Language::zh_hans)
        : env(7, start_ms),
          store(open()),
          settings(store->home()),
          ui(language),
          screens(*store, ui.kit(), settings, ui.textures(), nullptr) {
        ui.show([this] { screens.show(); });
    }
    std::unique_ptr<DeviceStore> open() {
        auto opened = DeviceStore::open(folder.path / "home", env);
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }
    /// Waits for the job at hand.
    void finish() {
        screens.worker().finish();
        ui.settle();
    }

    ScratchFolder folder;
    ManualEnv env;
    std::unique_ptr<DeviceStore> store;
    Settings settings;
    Headless ui;
    ui::Screens screens;
};

}  // namespace

TEST_CASE("the first screen can be read in every language and leads nowhere else") {
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        CAPTURE(std::string(name_of(language)));
        NewLaptop laptop(language);
        CHECK(laptop.screens.current() == "welcome");
        laptop.ui.settle();
        CHECK(laptop.ui.kit().focused() == "enrol.invitation");
        CHECK_FALSE(laptop.ui.has("nav.form"));
        CHECK(lines_of(laptop.ui.flaws()) == "");
        laptop.ui.click("enrol.start");
        CHECK(laptop.ui.has("enrol.error"));
        CHECK(lines_of(laptop.ui.flaws()) == "");
        laptop.ui.click("settings.language.en");
        CHECK(laptop.ui.expect("welcome.title").label == "Welcome");
    }
}

TEST_CASE("a pasted invitation enrols a laptop, which can be worked with at once") {
    ServedBureau server(301);
    NewLaptop laptop;
    laptop.ui.type("enrol.invitation", "您好！");
    CHECK(laptop.ui.has("enrol.no_invitation"));
    const std::string code = server.code_for("li");
    laptop.ui.type("enrol.invitation",
                   "请用这条邀请登记：zoufang " + server.url + " " + code + " " + server.pin);
    CHECK_FALSE(laptop.ui.has("enrol.no_invitation"));
    CHECK(laptop.ui.value("enrol.server") == server.url);
    CHECK(laptop.ui.value("enrol.code") == code);
    CHECK(laptop.ui.value("enrol.pin") == server.pin);
    laptop.ui.click("enrol.start");
    laptop.finish();
    CHECK(laptop.screens.current() != "welcome");
    CHECK(laptop.screens.shell().user() == "li");
    CHECK(laptop.ui.has("nav.form"));
    CHECK(laptop.store->membership()->bureau_key.hex() == server.pin);
    CHECK_FALSE(laptop.store->log().forms().forms.empty());
}

TEST_CASE("without a pin the bureau's key is compared before anything is told to the server") {
    ServedBureau server(302);
    NewLaptop laptop;
    const std::string code = server.code_for("li");
    laptop.ui.type("enrol.server", server.url);
    laptop.ui.type("enrol.code", code);
    laptop.ui.click("enrol.start");
    laptop.finish();
    std::string shown = laptop.ui.expect("enrol.key").label;
    std::erase_if(shown, [](char c) { return c == ' ' || c == '\n'; });
    CHECK(shown == server.pin);
    CHECK(lines_of(laptop.ui.flaws()) == "");
    laptop.ui.click("enrol.differs");
    CHECK_FALSE(laptop.store->membership().has_value());
    CHECK(laptop.ui.value("enrol.code") == code);
    laptop.ui.click("enrol.start");
    laptop.finish();
    laptop.ui.click("enrol.same");
    laptop.finish();
    CHECK(laptop.screens.current() != "welcome");
}

TEST_CASE("what goes wrong is told with what to do, and nothing typed is lost") {
    ServedBureau server(303);
    NewLaptop laptop;
    laptop.ui.type("enrol.server", "ftp://somewhere");
    laptop.ui.type("enrol.code", "AAAA-BBBB-CCCC");
    laptop.ui.click("enrol.start");
    CHECK(laptop.ui.value("enrol.error").find("https://") != std::string::npos);
    laptop.ui.type("enrol.server", server.url);
    laptop.ui.type("enrol.pin", "12ab");
    laptop.ui.click("enrol.start");
    CHECK(laptop.ui.value("enrol.error").find("64") != std::string::npos);
    laptop.ui.type("enrol.pin", server.pin);
    laptop.ui.click("enrol.start");
    laptop.finish();
    CHECK(laptop.ui.value("enrol.error") == laptop.ui.messages().text("enrol.error.bad_code"));
    laptop.ui.type("enrol.pin", std::string(64, '1'));
    laptop.ui.click("enrol.start");
    laptop.finish();
    CHECK(laptop.ui.value("enrol.error") == laptop.ui.messages().text("enrol.error.pin_mismatch"));
    laptop.ui.type("enrol.pin", server.pin);
    laptop.ui.type("enrol.server", "https://127.0.0.1:1");
    laptop.ui.click("enrol.start");
    laptop.finish();
    CHECK(laptop.ui.value("enrol.error") == laptop.ui.messages().text("enrol.error.unreachable"));
    CHECK(laptop.ui.value("enrol.code") == "AAAA-BBBB-CCCC");
    CHECK(laptop.screens.current() == "welcome");
}

TEST_CASE("a laptop that got no forms fetches them later, and can be left meanwhile") {
    ServedBureau server(304);
    NewLaptop laptop;
    server.refuses_pulls = true;
    laptop.ui.type("enrol.invitation", server.url + " " + server.code_for("li") + " " + server.pin);
    laptop.ui.click("enrol.start");
    laptop.finish();
    CHECK(laptop.store->membership().has_value());
    CHECK(laptop.screens.current() == "welcome");
    CHECK(laptop.ui.has("enrol.lacks_forms"));
    CHECK(lines_of(laptop.ui.flaws()) == "");
    server.refuses_pulls = false;
    laptop.ui.click("enrol.fetch");
    laptop.finish();
    CHECK(laptop.screens.current() != "welcome");
    CHECK(laptop.screens.shell().user() == "li");
}

TEST_CASE("a step that is cancelled leads back to the boxes at once") {
    NewLaptop laptop;
    std::atomic<bool> holds = true;
    laptop.screens.worker().post("other", [&](Worker::Progress&) -> Worker::Then {
        while (holds) std::this_thread::yield();
        return {};
    });
    laptop.ui.type("enrol.server", "https://127.0.0.1:1");
    laptop.ui.type("enrol.code", "AAAA-BBBB-CCCC");
    laptop.ui.click("enrol.start");
    CHECK(laptop.ui.has("enrol.progress"));
    CHECK(lines_of(laptop.ui.flaws()) == "");
    laptop.ui.click("enrol.progress.cancel");
    CHECK(laptop.ui.value("enrol.code") == "AAAA-BBBB-CCCC");
    holds = false;
    laptop.finish();
    CHECK_FALSE(laptop.ui.has("enrol.error"));
    CHECK(laptop.screens.current() == "welcome");
}

TEST_CASE("the server's address is changed in the settings when the bureau answers there") {
    ServedBureau server(310), other(311);
    for (const Language language : {Language::zh_hans, Language::zh_hant, Language::en}) {
        INFO(std::string(name_of(language)));
        NewLaptop laptop(language);
        Headless& ui = laptop.ui;
        ui.type("enrol.invitation",
                "zoufang " + server.url + " " + server.code_for("li") + " " + server.pin);
        ui.click("enrol.start");
        laptop.finish();
        laptop.screens.shell().go("settings");
        laptop.finish();
        CHECK(ui.value("settings.server") == server.url);
        ui.kit().focus("settings.server.change");
        ui.settle();
        ui.press("Enter");
        CHECK(ui.kit().focused() == "settings.server.new");
        CHECK(ui.value("settings.server.new") == server.url);
        CHECK(lines_of(ui.flaws()) == "");
        const std::vector<std::pair<std::string, std::string>> refused{
            {"http://192.168.1.5", "enrol.error.bad_server"},
            {"", "enrol.error.bad_server"},
            {"https://127.0.0.1:1", "enrol.error.unreachable"},
            {other.url, "settings.server.mismatch"}};
        for (const auto& [typed, told] : refused) {
            INFO(typed);
            ui.type("settings.server.new", typed);
            ui.press("Enter");
            laptop.finish();
            CHECK(ui.value("settings.server.error") == ui.messages().text(told));
            CHECK(laptop.store->membership()->server_url == server.url);
            CHECK(lines_of(ui.flaws()) == "");
        }
        // The same bureau at another port, without the beginning that nobody types.
        Listener second([&](const Request& request) { return server.api->handle(request); });
        ListenOptions options;
        options.certificate = server.store->keys().certificate;
        const auto address = second.start(options);
        REQUIRE(address.has_value());
        ui.type("settings.server.new", address->url().substr(std::string("https://").size()));
        ui.click("settings.server.try");
        laptop.finish();
        CHECK_FALSE(ui.has("settings.server.error"));
        CHECK(ui.value("settings.server") == address->url());
        CHECK_FALSE(ui.has("settings.server.new"));
        CHECK(laptop.store->membership()->bureau_key.hex() == server.pin);
        CHECK(laptop.open()->membership()->server_url == address->url());
        second.stop();
    }
}
