#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/assert.h"
#include "server/http/event_loop.h"

namespace zf {
namespace {

constexpr std::uint64_t listen_id = 0, wake_id = 1, first_connection_id = 2;
constexpr std::size_t scratch_bytes = 64u << 10;
/// Deadlines are seconds; looking at them this often costs nothing and is exact enough.
constexpr int tick_ms = 200;

bool watch(int poll, int operation, int descriptor, std::uint32_t events, std::uint64_t id) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    return epoll_ctl(poll, operation, descriptor, &event) == 0;
}

}  // namespace

EventLoop::EventLoop(const Handler& handler, const ListenerLimits& limits, ListenSocket socket,
                     SslContext context)
    : limits_(limits),
      socket_(std::move(socket)),
      context_(std::move(context)),
      poll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      next_id_(first_connection_id),
      scratch_(scratch_bytes) {
    ZF_ASSERT(watch(poll_.number(), EPOLL_CTL_ADD, wake_.number(), EPOLLIN, wake_id));
    ZF_ASSERT(
        watch(poll_.number(), EPOLL_CTL_ADD, socket_.descriptor.number(), EPOLLIN, listen_id));
    workers_ = std::make_unique<WorkerPool>(handler, limits_, [this] { wake(); });
    thread_ = std::thread([this] { run(); });
}

EventLoop::~EventLoop() {
    stop_wanted_ = true;
    wake();
    thread_.join();
}

void EventLoop::wake() {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the thread is about to wake anyway.
    [[maybe_unused]] const auto written = ::write(wake_.number(), &one, sizeof one);
}

void EventLoop::run() {
    std::array<epoll_event, 256> events{};
    Clock::time_point next_tick = Clock::now();
    Clock::time_point stop_deadline{};
    while (!stops_ || (!entries_.empty() && Clock::now() < stop_deadline)) {
        const bool has_deadlines = !entries_.empty() || !accepts_ || stop_wanted_;
        const int count = epoll_wait(poll_.number(), events.data(), static_cast<int>(events.size()),
                                     has_deadlines ? tick_ms : -1);
        for (int i = 0; i < count; ++i) {
            const std::uint64_t id = events[static_cast<std::size_t>(i)].data.u64;
            if (id == listen_id) {
                accept_all();
            } else if (id == wake_id) {
                std::uint64_t counter = 0;
                [[maybe_unused]] const auto got = ::read(wake_.number(), &counter, sizeof counter);
                take_answers();
            } else if (const auto at = entries_.find(id); at != entries_.end()) {
                serve(at);
            }
        }
        if (stop_wanted_ && !stops_) {
            stop_deadline = Clock::now() + std::chrono::milliseconds(limits_.stop_timeout_ms);
            begin_stop();
        }
        if (Clock::now() >= next_tick) {
            expire_deadlines();
            next_tick = Clock::now() + std::chrono::milliseconds(tick_ms);
        }
    }
    // Handlers that take longer than the grace still give their answer a chance to leave.
    workers_->finish();
    take_answers();
    entries_.clear();
}

void EventLoop::begin_stop() {
    stops_ = true;
    watch_accepts(false);
    socket_.descriptor = Descriptor();
    // A request that is here already gets its answer; idle connections end.
    serve_each([](Connection&) { return true; });
}

/// Serving one connection may end others, so the ids are gathered first.
void EventLoop::serve_each(const std::function<bool(Connection&)>& wanted) {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, entry] : entries_) {
        if (wanted(*entry.connection)) ids.push_back(id);
    }
    for (const std::uint64_t id : ids) {
        if (const auto at = entries_.find(id); at != entries_.end()) serve(at);
    }
}

void EventLoop::drop(Entries::iterator at) {
    buffered_bytes_ -= at->second.counted_bytes;
    entries_.erase(at);
}

/// Whether nothing more is owed to the client: at its end, or idle while the listener stops.
bool EventLoop::is_over(const Connection& connection) const {
    using Phase = Connection::Phase;
    if (connection.phase() == Phase::closed) return true;
    return stops_ && connection.phase() != Phase::handling && connection.phase() != Phase::writing;
}

void EventLoop::watch_accepts(bool on) {
    if (accepts_ == on || socket_.descriptor.number() < 0) return;
    const std::uint32_t events = on ? EPOLLIN : 0u;
    ZF_ASSERT(watch(poll_.number(), EPOLL_CTL_MOD, socket_.descriptor.number(), events, listen_id));
    accepts_ = on;
}

void EventLoop::accept_all() {
    while (accepts_) {
        if (entries_.size() >= limits_.connections_max && !make_room()) {
            watch_accepts(false);  // newcomers wait in the kernel's queue until one leaves
            return;
        }
        std::optional<Accepted> accepted;
        switch (accept_connection(socket_.descriptor.number(), accepted)) {
            case AcceptState::nobody:
                return;
            case AcceptState::exhausted:
                if (!make_room()) watch_accepts(false);
                return;
            case AcceptState::accepted:
                admit(std::move(*accepted));
                break;
        }
    }
}

/// Ends the connection that nobody has needed for the longest time; false when all are busy.
bool EventLoop::make_room() {
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
        if (!at->second.connection->can_make_room()) continue;
        if (oldest == entries_.end() ||
            at->second.connection->phase_began() < oldest->second.connection->phase_began()) {
            oldest = at;
        }
    }
    if (oldest == entries_.end()) return false;
    drop(oldest);
    return true;
}

void EventLoop::admit(Accepted accepted) {
    const int descriptor = accepted.descriptor.number();
    const std::uint64_t id = next_id_++;
    Entry entry;
    entry.connection =
        std::make_unique<Connection>(Channel(std::move(accepted.descriptor), context_.get()),
                                     std::move(accepted.remote_address), limits_, Clock::now());
    const auto at = entries_.emplace_hint(entries_.end(), id, std::move(entry));
    // Edge-triggered in both directions: a connection always moves until nothing moves.
    constexpr std::uint32_t events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    if (watch(poll_.number(), EPOLL_CTL_ADD, descriptor, events, id)) {
        serve(at);
    } else {
        drop(at);  // the system is out of memory for it
    }
}

void EventLoop::take_answers() {
    for (FinishedWork& done : workers_->take_finished()) {
        const auto at = entries_.find(done.connection);
        if (at == entries_.end()) continue;
        at->second.connection->give_answer(std::move(done.answer), Clock::now());
        serve(at);
    }
}

void EventLoop::serve(Entries::iterator at) {
    Connection& connection = *at->second.connection;
    const bool was_handling = connection.phase() == Connection::Phase::handling;
    connection.advance(scratch_, Clock::now());
    if (!was_handling && connection.phase() == Connection::Phase::handling) hand_over(at);
    if (is_over(connection)) {
        drop(at);
        if (!stops_) watch_accepts(true);
        return;
    }
    if (!accepts_ && !stops_ && connection.can_make_room()) watch_accepts(true);
    keep_memory_bounded(at);
}

void EventLoop::hand_over(Entries::iterator at) {
    workers_->submit({at->first, at->second.connection->take_request()});
}

void EventLoop::keep_memory_bounded(Entries::iterator at) {
    Connection& connection = *at->second.connection;
    buffered_bytes_ -= at->second.counted_bytes;
    at->second.counted_bytes = connection.buffered_bytes();
    buffered_bytes_ += at->second.counted_bytes;
    if (buffered_bytes_ <= limits_.buffered_bytes_max) return;
    if (connection.phase() == Connection::Phase::body) {
        connection.refuse(refusal(503, ErrorCode::busy,
                                  "Too much is arriving at once; send the request again in a "
                                  "while."),
                          Clock::now());
        serve(at);
        return;
    }
    // Whoever has been reading an answer the longest makes room, and can ask again.
    while (buffered_bytes_ > limits_.buffered_bytes_max) {
        auto slowest = entries_.end();
        for (auto other = entries_.begin(); other != entries_.end(); ++other) {
            const Connection& candidate = *other->second.connection;
            if (other == at || candidate.phase() != Connection::Phase::writing) continue;
            if (slowest == entries_.end() ||
                candidate.phase_began() < slowest->second.connection->phase_began()) {
                slowest = other;
            }
        }
        if (slowest == entries_.end()) return;
        drop(slowest);
    }
}

void EventLoop::expire_deadlines() {
    const Clock::time_point now = Clock::now();
    serve_each([now](Connection& connection) {
        const auto deadline = connection.deadline();
        if (!deadline || now < *deadline) return false;
        connection.expire(now);
        return true;
    });
    if (!stops_ && entries_.size() < limits_.connections_max) watch_accepts(true);
}

}  // namespace zf
