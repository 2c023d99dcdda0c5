#include "common/codec/zstd_frame.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <memory>

#include "common/base/assert.h"

namespace zf {
namespace {

constexpr int level = 3;  // measured: higher levels cost time and save little on batches
/// A frame says in two bytes how much memory reading it takes, and the library allows 128 MiB of
/// it, kept by each thread. The level above needs 2 MiB.
constexpr int window_log_max = 23;

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string compress_frame(std::string_view content) {
    // Making a context costs more than compressing a small frame.
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    std::string out(ZSTD_compressBound(content.size()), '\0');
    const std::size_t size = ZSTD_compressCCtx(context.get(), out.data(), out.size(),
                                               content.data(), content.size(), level);
    ZF_ASSERT(!ZSTD_isError(size));
    out.resize(size);
    return out;
}

Result<std::string> decompress_frame(std::string_view frame, std::size_t bytes_max) {
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, window_log_max);
    std::string out;
    ZSTD_inBuffer in{frame.data(), frame.size(), 0};
    std::string chunk(ZSTD_DStreamOutSize(), '\0');
    std::size_t left = 1;
    while (left != 0) {
        ZSTD_outBuffer part{chunk.data(), chunk.size(), 0};
        const std::size_t before = in.pos;
        left = ZSTD_decompressStream(context.get(), &part, &in);
        if (ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge) {
            return fail(ErrorCode::too_large,
                        "the frame asks for a window of more than 8 MiB; compress it at a lower "
                        "level");
        }
        if (ZSTD_isError(left)) {
            return fail(ErrorCode::malformed, "this is not a zstd frame, or it was changed");
        }
        if (out.size() + part.pos > bytes_max) {
            return fail(ErrorCode::too_large,
                        "the frame unpacks to more than " + std::to_string(bytes_max) + " bytes");
        }
        out.append(chunk.data(), part.pos);
        if (left != 0 && in.pos == before && part.pos == 0) {
            return fail(ErrorCode::malformed, "the frame is cut off; send it again");
        }
    }
    if (in.pos != frame.size()) {
        return fail(ErrorCode::malformed, "there is something behind the end of the frame");
    }
    return out;
}

}  // namespace zf
