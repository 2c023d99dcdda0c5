// One client's connection as a state machine: handshake, head, body, handling, writing, and back
// to the next head. Moves as far as the bytes allow and never waits; holds the deadlines, measured
// on a clock that is given to it. Refuses to know descriptors of others, threads and handlers.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "server/http/channel.h"
#include "server/http/http_engine.h"
#include "server/http/limits.h"

namespace zf {

class Connection {
public:
    /// Monotonic; says nothing about the date.
    using Clock = std::chrono::steady_clock;
    enum class Phase { handshake, head, body, handling, writing, draining, closed };

    Connection(Channel channel, std::string remote_address, const ListenerLimits& limits,
               Clock::time_point now);

    /// Reads, writes and changes phase until nothing moves. Ends in `handling` when a request has
    /// arrived whole (take_request), in `closed` when the connection is over. `scratch` is a
    /// buffer that all connections share.
    void advance(std::span<char> scratch, Clock::time_point now);

    /// The request that arrived; call once when advance has ended in `handling`.
    WholeRequest take_request();
    /// The answer's wire bytes; only in `handling`. Continue with advance.
    void give_answer(std::string bytes, Clock::time_point now);
    /// Sends a refusal and ends; only before `handling`. Continue with advance.
    void refuse(const Response& refusal, Clock::time_point now);
    /// What a deadline that has passed means: a refusal for a request that came too slowly (or,
    /// when a part of its body is of use, `handling` with that), the end for everything else.
    /// Continue with advance.
    void expire(Clock::time_point now);

    [[nodiscard]] Phase phase() const { return phase_; }
    /// Between two requests, with nothing of the next one here.
    [[nodiscard]] bool is_idle() const {
        return phase_ == Phase::head && received_.empty() && !is_first_request_;
    }
    /// Nothing is lost when it is closed to make room: idle, or only waiting for the peer to end.
    [[nodiscard]] bool can_make_room() const { return is_idle() || phase_ == Phase::draining; }
    /// None while the handler works.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const;
    [[nodiscard]] Clock::time_point phase_began() const { return phase_began_; }
    /// Memory of bodies and answers that this connection is the reason for.
    [[nodiscard]] std::size_t buffered_bytes() const;
    [[nodiscard]] int descriptor() const { return channel_.descriptor(); }

private:
    Channel channel_;
    std::string remote_address_;
    const ListenerLimits& limits_;
    Phase phase_ = Phase::handshake;
    Clock::time_point phase_began_;
    bool is_first_request_ = true;
    std::string received_;  // bytes not yet understood: a head in part, or the next request
    std::size_t searched_ = 0;
    RequestHead head_;
    std::string body_;
    std::size_t handled_bytes_ = 0;  // body given away with take_request
    bool keep_alive_ = true;
    std::string answer_;
    std::size_t sent_ = 0;
    std::size_t drained_ = 0;

    void enter(Phase phase, Clock::time_point now);
    bool advance_head(std::span<char> scratch, Clock::time_point now);
    bool advance_body(std::span<char> scratch, Clock::time_point now);
    bool advance_writing(Clock::time_point now);
    bool advance_draining(std::span<char> scratch, Clock::time_point now);
    bool begin_body(RequestHead head, Clock::time_point now);
    bool fall(const ChannelResult& result, Clock::time_point now);
    bool keeps_part() const;
};

}  // namespace zf
