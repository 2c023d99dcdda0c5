#include "client/single_instance_linux.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <utility>

namespace zf {

Result<SingleInstance> SingleInstance::take(const std::filesystem::path& home) {
    std::error_code error;
    std::filesystem::create_directories(home, error);
    const std::filesystem::path file = home / "window.lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return fail(ErrorCode::internal, "the data folder cannot be written; check its rights",
                    home.string());
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return SingleInstance(descriptor);
    ::close(descriptor);
    return fail(ErrorCode::not_allowed,
                "a window for this data folder is open already; go on there", home.string());
}

SingleInstance::~SingleInstance() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

SingleInstance::SingleInstance(SingleInstance&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace zf
