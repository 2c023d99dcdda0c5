#include "client/app/enrolment.h"

#include "client/enrol.h"
#include "client/http/http_transport.h"
#include "common/base/text.h"
#include "common/codec/invitation.h"

namespace zf {
namespace {

Result<void> fetch_all(DeviceStore& store, HttpTransport& transport) {
    Sync sync(store.sync_stores(), transport);
    return sync.pull();
}

}  // namespace

Enrolment::Enrolment(DeviceStore& store, Worker& worker) : store_(store), worker_(worker) {
    if (const auto& membership = store.membership()) {
        server_url = membership->server_url;
        pin = membership->bureau_key.hex();
    }
}

bool Enrolment::take_invitation() {
    const auto found = read_invitation(invitation);
    if (!found) return false;
    server_url = found->server_url;
    code = found->code;
    if (!found->pin.empty()) pin = found->pin;
    error_.reset();
    return true;
}

bool Enrolment::is_busy() const {
    return stage_ == Stage::asking || stage_ == Stage::enrolling || stage_ == Stage::fetching;
}

std::int64_t Enrolment::fetched() const {
    return store_.log().counts().changesets;
}

bool Enrolment::lacks_forms() const {
    return store_.membership() && store_.log().forms().forms.empty();
}

std::shared_ptr<BureauLine> Enrolment::begin_step(Stage stage) {
    stage_ = stage;
    error_.reset();
    line_ = std::make_shared<BureauLine>();
    return line_;
}

void Enrolment::end_step(Stage stage, std::optional<Error> error) {
    line_.reset();
    stage_ = stage;
    error_ = std::move(error);
    // What another store on this folder has written is seen from here on.
    if (auto seen = store_.refresh(); !seen && !error_) error_ = seen.error();
    if (lacks_forms() && stage_ == Stage::done) stage_ = Stage::filling;
}

void Enrolment::start() {
    server_url = normalise_typed(server_url);
    code = normalise_typed(code);
    pin = normalise_typed(pin);
    std::erase(pin, ' ');
    error_.reset();
    if (server_url.empty()) {
        error_ = Error{ErrorCode::missing_argument, "the server's address is missing", "server"};
    } else if (const auto url = parse_server_url(server_url); !url) {
        error_ = Error{url.error().code, url.error().message, "server"};
    } else if (code.empty()) {
        error_ = Error{ErrorCode::missing_argument, "the code is missing", "code"};
    } else if (!pin.empty() && !parse_public_key(pin)) {
        error_ = Error{ErrorCode::malformed, "a pin is 64 hex digits", "pin"};
    } else if (pin.empty() && url->tls) {
        ask_key();
    } else {
        enrol();
    }
}

void Enrolment::ask_key() {
    const auto line = begin_step(Stage::asking);
    const auto end = [this, line](const Result<std::string>& key) {
        if (line != line_) return;  // cancelled meanwhile
        if (!key) return end_step(Stage::filling, key.error());
        learned_key_ = *key;
        end_step(Stage::comparing, {});
    };
    worker_.post(
        "enrol.ask",
        [line, end, url = server_url](Worker::Progress&) -> Worker::Then {
            auto transport = HttpTransport::open(url);
            if (!transport) return [end, error = transport.error()] { end(fail(error)); };
            line->hold(&*transport);
            auto key = ask_for_key(*transport);
            line->hold(nullptr);
            return [end, key] { end(key); };
        },
        [end](const std::string& broken) { end(fail(ErrorCode::internal, broken)); });
}

void Enrolment::confirm_key() {
    pin = learned_key_;
    enrol();
}

void Enrolment::enrol() {
    const auto line = begin_step(Stage::enrolling);
    EnrolmentOrder order{server_url, code, {}, device_name, {}};
    if (!pin.empty()) order.pin = pin;
    order.on_line = [line](HttpTransport* transport) { line->hold(transport); };
    const auto end = [this, line](const std::optional<Error>& error) {
        if (line != line_) {
            (void)store_.refresh();  // cancelled too late: the laptop may be enrolled
            return;
        }
        end_step(error ? Stage::filling : Stage::done, error);
    };
    worker_.post(
        "enrol",
        [order, end, home = store_.home(), &env = store_.env()](Worker::Progress&) -> Worker::Then {
            auto store = DeviceStore::open(home, env);
            if (!store) return [end, error = store.error()] { end(error); };
            const auto enrolled = zf::enrol(**store, order);
            if (!enrolled) return [end, error = enrolled.error()] { end(error); };
            return [end] { end({}); };
        },
        [end](const std::string& broken) {
            end(Error{ErrorCode::internal, broken, ""});
        });
}

void Enrolment::fetch() {
    const auto line = begin_step(Stage::fetching);
    const auto end = [this, line](const std::optional<Error>& error) {
        if (line == line_) end_step(error ? Stage::filling : Stage::done, error);
    };
    worker_.post(
        "enrol.fetch",
        [line, end, membership = *store_.membership(), home = store_.home(),
         &env = store_.env()](Worker::Progress&) -> Worker::Then {
            auto store = DeviceStore::open(home, env);
            if (!store) return [end, error = store.error()] { end(error); };
            auto transport =
                HttpTransport::open(membership.server_url, membership.bureau_key.hex());
            if (!transport) return [end, error = transport.error()] { end(error); };
            line->hold(&*transport);
            const auto fetched = fetch_all(**store, *transport);
            line->hold(nullptr);
            if (!fetched) return [end, error = fetched.error()] { end(error); };
            return [end] { end({}); };
        },
        [end](const std::string& broken) {
            end(Error{ErrorCode::internal, broken, ""});
        });
}

void Enrolment::cancel() {
    if (line_) line_->cut();
    line_.reset();
    stage_ = Stage::filling;
    error_.reset();
}

}  // namespace zf
