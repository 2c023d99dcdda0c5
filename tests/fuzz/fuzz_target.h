// What every fuzz target shares: its one function, what a refusal must look like, and a check that
// holds in every build. Knows nothing of what is being read, nor who calls: libFuzzer
// (fuzz_main.cpp) or the replay of the corpus (replay_main.cpp).
#pragma once

#include <string_view>

#include "common/base/assert.h"
#include "common/base/error.h"
#include "common/base/text.h"

namespace zf {

enum class Verdict { refused, accepted };

/// Defined by each target: reads the bytes, asserts what must hold, and tells whether they were
/// accepted. The same bytes give the same verdict, whatever came before them.
Verdict take_input(std::string_view bytes);

/// A refusal of what came from outside names a code, says why in clean text of a bounded length,
/// and never blames the machine.
inline void check_refusal(const Error& error) {
    ZF_ASSERT(!error.message.empty() && error.message.size() <= 16'384);
    ZF_ASSERT(is_valid_utf8(error.message));
    ZF_ASSERT(is_valid_utf8(error.where));
    ZF_ASSERT(error.code != ErrorCode::internal);
    ZF_ASSERT(error_code_of(facts_of(error.code).slug) == error.code);
}

}  // namespace zf
