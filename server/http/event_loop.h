// The listener's one network thread: accepts, lets every connection move when its descriptor can,
// hands whole requests to the workers, minds deadlines and the memory of all together. Refuses to
// know what a request means. Everything but construction, `stop` and destruction happens on that
// thread. The implementation is Linux's epoll.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "server/http/connection.h"
#include "server/http/listen_socket.h"
#include "server/http/worker_pool.h"

namespace zf {

class EventLoop {
public:
    /// Starts the network thread and the workers. `context` null: plain HTTP.
    EventLoop(const Handler& handler, const ListenerLimits& limits, ListenSocket socket,
              SslContext context);
    /// Stops.
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

private:
    using Clock = Connection::Clock;
    struct Entry {
        std::unique_ptr<Connection> connection;
        std::size_t counted_bytes = 0;  // its share of buffered_bytes_
    };
    using Entries = std::map<std::uint64_t, Entry>;

    const ListenerLimits limits_;
    ListenSocket socket_;
    SslContext context_;
    Descriptor poll_;
    Descriptor wake_;
    std::atomic<bool> stop_wanted_ = false;
    bool stops_ = false;
    bool accepts_ = true;
    Entries entries_;
    std::uint64_t next_id_;
    std::size_t buffered_bytes_ = 0;
    std::vector<char> scratch_;
    std::unique_ptr<WorkerPool> workers_;
    std::thread thread_;

    void run();
    void wake();
    void begin_stop();
    void accept_all();
    void admit(Accepted accepted);
    bool make_room();
    void watch_accepts(bool on);
    void take_answers();
    void serve(Entries::iterator at);
    void serve_each(const std::function<bool(Connection&)>& wanted);
    void drop(Entries::iterator at);
    void hand_over(Entries::iterator at);
    void keep_memory_bounded(Entries::iterator at);
    void expire_deadlines();
    bool is_over(const Connection& connection) const;
};

}  // namespace zf
