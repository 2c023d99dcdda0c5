// Calls of the C library and of the allocator that fail on purpose, on one thread of a test
// program: writes, fsyncs, opening and renaming of files, and operator new. Linked into a test, it
// takes the place of the library's own. Knows nothing of what the calls are about.
#pragma once

#include <cstdint>

namespace zf::testing {

/// `write`: any way to write into a file. `sync`: of files and folders. `name`: opening for
/// writing, making a folder, renaming, changing a file's length.
enum class Call { none, write, sync, name, allocation };

/// From now until it goes out of scope calls of this kind by this thread are counted, and the
/// `nth` of them fails (0: none): once, or from it on for good. Writes fail as on a full disk, with
/// half of their bytes written; the others as on a broken one. Not to be nested.
class FailingCalls {
public:
    FailingCalls(Call call, std::int64_t nth, bool for_good);
    FailingCalls(const FailingCalls&) = delete;
    FailingCalls& operator=(const FailingCalls&) = delete;
    ~FailingCalls();

    [[nodiscard]] bool has_failed() const;
    [[nodiscard]] std::int64_t count() const;
    /// No more failures from here on.
    void heal();

    /// While one is alive nothing is counted and nothing fails: for what a test itself does.
    class Pause {
    public:
        Pause();
        Pause(const Pause&) = delete;
        Pause& operator=(const Pause&) = delete;
        ~Pause();
    };
    /// Ends a pause for a while.
    class Resumption {
    public:
        Resumption();
        Resumption(const Resumption&) = delete;
        Resumption& operator=(const Resumption&) = delete;
        ~Resumption();

    private:
        int paused_;
    };
};

}  // namespace zf::testing
