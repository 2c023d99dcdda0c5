#include "tests/faults/failing_calls_posix.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace zf::testing {
namespace {

struct Plan {
    Call call = Call::none;
    std::int64_t nth = 0, seen = 0;
    bool for_good = false, failed = false;
    int paused = 0;
};

thread_local Plan plan;

/// Counts a call; whether it is to fail.
bool meets_failure(Call call) {
    if (plan.call != call || plan.paused > 0) return false;
    ++plan.seen;
    if (plan.nth == 0 || plan.seen < plan.nth) return false;
    if (plan.seen > plan.nth && !plan.for_good) return false;
    plan.failed = true;
    return true;
}

/// The library's own function of this name.
template <class Function>
Function own(const char* name) {
    // The only way from an object pointer to a function pointer that dlsym leaves.
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

bool opens_for_writing(int flags) {
    return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
}

mode_t mode_in(int flags, va_list arguments) {
    return (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

FailingCalls::FailingCalls(Call call, std::int64_t nth, bool for_good) {
    plan = {call, nth, 0, for_good, false, 0};
}
FailingCalls::~FailingCalls() {
    plan = {};
}
bool FailingCalls::has_failed() const {
    return plan.failed;
}
std::int64_t FailingCalls::count() const {
    return plan.seen;
}
void FailingCalls::heal() {
    plan.nth = 0;
}
FailingCalls::Pause::Pause() {
    ++plan.paused;
}
FailingCalls::Pause::~Pause() {
    --plan.paused;
}
FailingCalls::Resumption::Resumption() : paused_(plan.paused) {
    plan.paused = 0;
}
FailingCalls::Resumption::~Resumption() {
    plan.paused = paused_;
}

}  // namespace zf::testing

using zf::testing::Call;
using zf::testing::meets_failure;
using zf::testing::opens_for_writing;
using zf::testing::own;

namespace {

int fail_with(int number) {
    errno = number;
    return -1;
}

void* allocate(std::size_t size) {
    if (meets_failure(Call::allocation)) throw std::bad_alloc();
    void* memory = std::malloc(size ? size : 1);
    if (!memory) throw std::bad_alloc();
    return memory;
}

}  // namespace

// ---- instead of the C library's --------------------------------------------------------------

extern "C" {

ssize_t write(int fd, const void* bytes, size_t count) {
    static const auto real = own<ssize_t (*)(int, const void*, size_t)>("write");
    if (!meets_failure(Call::write)) return real(fd, bytes, count);
    real(fd, bytes, count / 2);
    return fail_with(ENOSPC);
}

ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t offset) {
    static const auto real = own<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    if (!meets_failure(Call::write)) return real(fd, bytes, count, offset);
    real(fd, bytes, count / 2, offset);
    return fail_with(ENOSPC);
}

ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
    return pwrite64(fd, bytes, count, offset);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
    static const auto real = own<ssize_t (*)(int, const struct iovec*, int)>("writev");
    return meets_failure(Call::write) ? fail_with(ENOSPC) : real(fd, parts, count);
}

int fsync(int) {
    // No test here needs the machine's disk to turn: the crashing disk is about that.
    return meets_failure(Call::sync) ? fail_with(EIO) : 0;
}

int fdatasync(int) {
    return meets_failure(Call::sync) ? fail_with(EIO) : 0;
}

int ftruncate64(int fd, off64_t size) noexcept {
    static const auto real = own<int (*)(int, off64_t)>("ftruncate64");
    return meets_failure(Call::name) ? fail_with(EIO) : real(fd, size);
}

int ftruncate(int fd, off_t size) noexcept {
    return ftruncate64(fd, size);
}

int open64(const char* path, int flags, ...) {
    static const auto real = own<int (*)(const char*, int, ...)>("open64");
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = zf::testing::mode_in(flags, arguments);
    va_end(arguments);
    if (opens_for_writing(flags) && meets_failure(Call::name)) return fail_with(EIO);
    return real(path, flags, mode);
}

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = zf::testing::mode_in(flags, arguments);
    va_end(arguments);
    return open64(path, flags, mode);
}

int rename(const char* from, const char* to) noexcept {
    static const auto real = own<int (*)(const char*, const char*)>("rename");
    return meets_failure(Call::name) ? fail_with(EIO) : real(from, to);
}

int mkdir(const char* path, mode_t mode) noexcept {
    static const auto real = own<int (*)(const char*, mode_t)>("mkdir");
    return meets_failure(Call::name) ? fail_with(ENOSPC) : real(path, mode);
}

}  // extern "C"

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return meets_failure(Call::allocation) ? nullptr : std::malloc(size ? size : 1);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
