#include "client/ui/file_texts.h"

#include "common/base/date.h"

namespace zf::ui {

std::string size_text(std::int64_t bytes) {
    constexpr std::int64_t kib = 1024, mib = kib * kib;
    if (bytes < kib) return std::to_string(bytes) + " B";
    if (bytes < mib) return std::to_string((bytes + kib / 2) / kib) + " KB";
    const std::int64_t tenths = (bytes * 10 + mib / 2) / mib;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

std::string minute_text(std::int64_t unix_ms) {
    if (unix_ms == 0) return {};
    const std::string text = datetime_text(unix_ms, bureau_offset_minutes);
    return text.substr(0, 10) + " " + text.substr(11, 5);
}

}  // namespace zf::ui
