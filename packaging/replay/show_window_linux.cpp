#include "packaging/replay/show_window_linux.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "client/draft.h"

namespace zf {
namespace {

constexpr int morning_minutes = 9 * 60;

/// Who collects in the villages, not who reviews: the laptop with the most to its name.
Laptop* find_laptop(Bureau& bureau) {
    Laptop* found = nullptr;
    std::int64_t most = -1;
    for (auto& [name, laptop] : bureau.laptops()) {
        const auto seq =
            static_cast<std::int64_t>(laptop.store->log().head_of(laptop.store->device()).seq);
        if (seq > most && laptop.store->users().size() == 1) {
            most = seq;
            found = &laptop;
        }
    }
    return found;
}

/// A check of a hazard that waits to be finished, when the case has such a form.
Result<void> begin_something(DeviceStore& store, const std::string& day) {
    if (!store.log().forms().find("hazard")) return {};
    auto draft = Draft::start(store, "hazard");
    if (!draft) return fail(draft.error());
    draft->set("found_on", day);
    draft->set("found_by", store.users().front());
    draft->set("place_name", "柳树村（示例）");
    draft->set("description", "村口油罐与民房相距不足十米");
    draft->autosave();
    return {};
}

/// Ends with its parent; an interrupt from the terminal ends the window, and the parent goes on to
/// clean up.
int run_and_wait(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const auto former = ::signal(SIGINT, SIG_IGN);
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGINT, SIG_DFL);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() == parent) ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 127 << 8;
    if (child > 0) ::waitpid(child, &status, 0);
    ::signal(SIGINT, former);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

}  // namespace

bool has_display() {
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) {
        const char* value = std::getenv(name);
        if (value && *value) return true;
    }
    return false;
}

Result<void> show_window(Bureau& bureau, const CaseFile& file, const std::string& program) {
    Laptop* laptop = find_laptop(bureau);
    if (!laptop) return fail(ErrorCode::not_found, "the case has no laptop with one user");
    std::int64_t last_ms = 0;
    for (const CaseOp& op : file.ops) last_ms = std::max(last_ms, op.at_ms);
    // The morning after the last entry: what was due then is due now.
    const Date day = next_day(date_at(last_ms, bureau_offset_minutes));
    const std::int64_t at_ms = instant_at(day, morning_minutes, bureau_offset_minutes);
    bureau.set_clock(at_ms);
    ZF_CHECK(begin_something(*laptop->store, day.text()));
    const std::string home = laptop->store->home().string();
    // Two at once would wait for each other.
    laptop->transport.reset();
    laptop->store.reset();
    const int status = run_and_wait({program, "--home", home, "--screen", "today", "--at",
                                     datetime_text(at_ms, bureau_offset_minutes)});
    if (status == 0) return {};
    return fail(ErrorCode::internal, "the window did not open, or ended badly", program);
}

}  // namespace zf
