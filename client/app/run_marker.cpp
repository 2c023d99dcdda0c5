#include "client/app/run_marker.h"

#include <system_error>

#include "common/base/private_files.h"

namespace zf {

RunMarker::RunMarker(const std::filesystem::path& home) : file_(home / "window.runs") {
    std::error_code unknown;
    former_was_cut_off_ = std::filesystem::exists(file_, unknown);
    // A disk that takes no hint only costs a notice.
    (void)write_hint_file(file_, "");
}

RunMarker::~RunMarker() {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

}  // namespace zf
