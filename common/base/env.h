// The only way to the wall clock, to randomness and to new ids, so that tests and replays can
// put their own in its place.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "common/base/ids.h"

namespace zf {

class Env {
public:
    virtual ~Env() = default;
    /// Milliseconds since 1970-01-01 UTC as this machine believes; may be wrong, may jump.
    virtual std::int64_t now_ms() = 0;
    /// Cryptographic randomness (a test may give reproducible bytes instead).
    virtual void fill_random(std::span<std::uint8_t> out) = 0;

    Uuid new_uuid();
};

/// The machine's own clock and random source.
Env& system_env();

/// Another Env whose clock can be set by hand for a while: replays of what happened long ago with
/// the machine's own randomness.
class SettableEnv final : public Env {
public:
    explicit SettableEnv(Env& machine) : machine_(machine) {}
    std::int64_t now_ms() override { return set_ms_ ? *set_ms_ : machine_.now_ms(); }
    void fill_random(std::span<std::uint8_t> out) override { machine_.fill_random(out); }
    /// Nothing gives the machine's clock back.
    void set_now_ms(std::optional<std::int64_t> ms) { set_ms_ = ms; }

private:
    Env& machine_;
    std::optional<std::int64_t> set_ms_;
};

/// A clock that is set by hand and randomness from a seed: for replays and tests.
class ManualEnv final : public Env {
public:
    explicit ManualEnv(std::uint64_t seed, std::int64_t start_ms = 0);
    std::int64_t now_ms() override { return now_ms_; }
    void fill_random(std::span<std::uint8_t> out) override;
    void set_now_ms(std::int64_t ms) { now_ms_ = ms; }
    std::uint64_t next_u64();

private:
    std::int64_t now_ms_;
    std::uint64_t state_;
};

}  // namespace zf
