// What every answer of the server must be like, for targets that send it requests. Knows no store.
#pragma once

#include "common/codec/wire.h"
#include "common/sync/transport.h"
#include "tests/fuzz/fuzz_target.h"

namespace zf::testing {

/// An answer is a success, or an error of the catalogue with its status; never the machine's.
inline void check_answer(const Response& response) {
    ZF_ASSERT(response.headers.contains("cache-control"));
    if (response.status == 200) return;
    const Error error = decode_error(response.body, response.status);
    check_refusal(error);
    ZF_ASSERT(facts_of(error.code).http_status == response.status);
    ZF_ASSERT(error.code != ErrorCode::busy);
}

}  // namespace zf::testing
