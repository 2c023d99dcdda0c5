#include "common/base/env.h"

#include <sodium.h>

#include <chrono>

#include "common/base/sodium.h"

namespace zf {
namespace {

class SystemEnv final : public Env {
public:
    std::int64_t now_ms() override {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::floor<std::chrono::milliseconds>(now).count();
    }
    void fill_random(std::span<std::uint8_t> out) override {
        ensure_sodium();
        randombytes_buf(out.data(), out.size());
    }
};

}  // namespace

Uuid Env::new_uuid() {
    std::array<std::uint8_t, 10> random{};
    fill_random(random);
    return uuid_v7(now_ms(), random);
}

Env& system_env() {
    static SystemEnv env;
    return env;
}

ManualEnv::ManualEnv(std::uint64_t seed, std::int64_t start_ms) : now_ms_(start_ms), state_(seed) {}

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). Every
// seed gives a full-period sequence, 0 and neighbouring seeds included.
std::uint64_t ManualEnv::next_u64() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
}

void ManualEnv::fill_random(std::span<std::uint8_t> out) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i % 8 == 0) word = next_u64();
        out[i] = static_cast<std::uint8_t>(word & 0xff);
        word >>= 8;
    }
}

}  // namespace zf
