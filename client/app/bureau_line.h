// A connection to a server that a job on the worker holds and the thread of the screens can cut,
// and the one question that can be asked of a server without telling it anything.
#pragma once

#include <mutex>
#include <string>

#include "common/base/result.h"

namespace zf {

class HttpTransport;

class BureauLine {
public:
    /// By the job: nothing when it has no connection (any more).
    void hold(HttpTransport* one);
    /// From any thread: what is sent ends with `interrupted`, now and later.
    void cut();

private:
    std::mutex mutex_;
    HttpTransport* transport_ = nullptr;
    bool is_cut_ = false;
};

/// What the server proves to be: the bureau's key as hex; empty over plain HTTP. Errors: those of
/// HttpTransport::send, and what the server answered.
Result<std::string> ask_for_key(HttpTransport& transport);

}  // namespace zf
