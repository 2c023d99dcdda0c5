#include "server/http/connection.h"

#include <algorithm>
#include <utility>

#include "common/base/assert.h"

namespace zf {
namespace {

/// What a refused client may still send before the connection is cut.
constexpr std::size_t drained_bytes_max = 32u << 20;

/// Empties a text and gives its memory back, which assignment would keep.
void release(std::string& text) {
    std::string().swap(text);
}

}  // namespace

Connection::Connection(Channel channel, std::string remote_address, const ListenerLimits& limits,
                       Clock::time_point now)
    : channel_(std::move(channel)),
      remote_address_(std::move(remote_address)),
      limits_(limits),
      phase_began_(now) {}

void Connection::enter(Phase phase, Clock::time_point now) {
    phase_ = phase;
    phase_began_ = now;
}

void Connection::advance(std::span<char> scratch, Clock::time_point now) {
    bool moves = true;
    while (moves) {
        switch (phase_) {
            case Phase::handshake: {
                const ChannelState state = channel_.handshake();
                if (state == ChannelState::closed) enter(Phase::closed, now);
                // phase_began_ stays: the handshake counts as part of the first head.
                if (state == ChannelState::moved) phase_ = Phase::head;
                moves = state == ChannelState::moved;
                break;
            }
            case Phase::head:
                moves = advance_head(scratch, now);
                break;
            case Phase::body:
                moves = advance_body(scratch, now);
                break;
            case Phase::writing:
                moves = advance_writing(now);
                break;
            case Phase::draining:
                moves = advance_draining(scratch, now);
                break;
            case Phase::handling:
            case Phase::closed:
                moves = false;
                break;
        }
    }
}

/// The way out of a read or write that moved nothing.
bool Connection::fall(const ChannelResult& result, Clock::time_point now) {
    if (result.state == ChannelState::closed) enter(Phase::closed, now);
    return false;
}

bool Connection::advance_head(std::span<char> scratch, Clock::time_point now) {
    // Whatever was left over by the last request comes first.
    if (received_.size() > searched_) {
        searched_ = received_.size();
        HeadOutcome outcome = read_head(received_, limits_);
        if (auto* refused = std::get_if<Response>(&outcome)) {
            refuse(*refused, now);
            return true;
        }
        if (auto* head = std::get_if<RequestHead>(&outcome)) {
            return begin_body(std::move(*head), now);
        }
    }
    const ChannelResult result = channel_.read(scratch);
    if (result.state != ChannelState::moved) return fall(result, now);
    if (received_.empty() && !is_first_request_) phase_began_ = now;
    received_.append(scratch.data(), result.bytes);
    return true;
}

bool Connection::begin_body(RequestHead head, Clock::time_point now) {
    const std::size_t have = std::min(head.content_length, received_.size() - head.bytes);
    body_.clear();
    body_.reserve(head.content_length);  // memory is used only as bytes arrive
    body_.append(received_, head.bytes, have);
    std::string rest = received_.substr(head.bytes + have);
    received_.swap(rest);
    searched_ = 0;
    is_first_request_ = false;
    head_ = std::move(head);
    keep_alive_ = head_.keep_alive;
    enter(Phase::body, now);
    if (head_.expects_continue && body_.empty()) {
        // The socket's buffer is empty here, so the line goes out whole or the peer is gone.
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (channel_.write(go_on).bytes != go_on.size()) enter(Phase::closed, now);
    }
    return true;
}

bool Connection::advance_body(std::span<char> scratch, Clock::time_point now) {
    const std::size_t missing = head_.content_length - body_.size();
    if (missing == 0) {
        enter(Phase::handling, now);
        return true;
    }
    const ChannelResult result = channel_.read(scratch.first(std::min(missing, scratch.size())));
    if (result.state == ChannelState::closed && keeps_part()) {
        // Nobody will read the answer, but what arrived need not be sent again.
        enter(Phase::handling, now);
        return true;
    }
    if (result.state != ChannelState::moved) return fall(result, now);
    body_.append(scratch.data(), result.bytes);
    return true;
}

/// Whether the request says that a part of its body is of use by itself.
bool Connection::keeps_part() const {
    return phase_ == Phase::body && !body_.empty() && head_.headers.contains("zoufang-partial");
}

WholeRequest Connection::take_request() {
    ZF_ASSERT(phase_ == Phase::handling);
    handled_bytes_ = body_.size();
    return {std::exchange(head_, {}), std::exchange(body_, {}), remote_address_};
}

void Connection::give_answer(std::string bytes, Clock::time_point now) {
    ZF_ASSERT(phase_ == Phase::handling);
    handled_bytes_ = 0;
    answer_ = std::move(bytes);
    sent_ = 0;
    enter(Phase::writing, now);
}

void Connection::refuse(const Response& refusal, Clock::time_point now) {
    keep_alive_ = false;
    release(body_);
    release(received_);
    answer_ = encode_refusal(refusal);
    sent_ = 0;
    enter(Phase::writing, now);
}

bool Connection::advance_writing(Clock::time_point now) {
    if (sent_ < answer_.size()) {
        const ChannelResult result = channel_.write(std::string_view(answer_).substr(sent_));
        if (result.state != ChannelState::moved) return fall(result, now);
        sent_ += result.bytes;
        return true;
    }
    release(answer_);
    if (keep_alive_) {
        enter(Phase::head, now);
    } else {
        channel_.end_sending();
        enter(Phase::draining, now);
    }
    return true;
}

/// Closing with unread bytes would reset the connection and take the answer from the client.
bool Connection::advance_draining(std::span<char> scratch, Clock::time_point now) {
    const ChannelResult result = channel_.read(scratch);
    if (result.state != ChannelState::moved) return fall(result, now);
    drained_ += result.bytes;
    if (drained_ > drained_bytes_max) enter(Phase::closed, now);
    return true;
}

std::optional<Connection::Clock::time_point> Connection::deadline() const {
    using std::chrono::milliseconds;
    const auto transfer = [this](std::size_t moved) {
        const auto extra_ms = moved * 1000 / static_cast<std::size_t>(limits_.bytes_per_second_min);
        return milliseconds(limits_.transfer_grace_ms) + milliseconds(extra_ms);
    };
    switch (phase_) {
        case Phase::handshake:
            return phase_began_ + milliseconds(limits_.head_timeout_ms);
        case Phase::head: {
            return phase_began_ +
                   milliseconds(is_idle() ? limits_.idle_timeout_ms : limits_.head_timeout_ms);
        }
        case Phase::body:
            return phase_began_ + transfer(body_.size());
        case Phase::writing:
            return phase_began_ + transfer(sent_);
        case Phase::draining:
            return phase_began_ + milliseconds(limits_.drain_timeout_ms);
        case Phase::handling:
        case Phase::closed:
            break;
    }
    return std::nullopt;
}

void Connection::expire(Clock::time_point now) {
    if (keeps_part()) {
        keep_alive_ = false;
        enter(Phase::handling, now);
        return;
    }
    const bool is_slow_request =
        phase_ == Phase::body || (phase_ == Phase::head && !received_.empty());
    if (!is_slow_request) {
        enter(Phase::closed, now);
        return;
    }
    refuse(refusal(408, ErrorCode::interrupted,
                   "The request came too slowly and was given up; send it again."),
           now);
}

std::size_t Connection::buffered_bytes() const {
    return received_.size() + body_.size() + handled_bytes_ + answer_.size();
}

}  // namespace zf
