// `zoufang batch`: one JSON command a line in, one JSON answer a line out. For scripts, tests and
// other programs. Format: docs/batch.md.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "client/device_store.h"

namespace zf {

struct BatchOptions {
    std::optional<std::string> user;
    /// Lets commands set the clock with `at`, and save with the intent to submit ("submit": true)
    /// as each op of a case does. The store must work on the clock given here.
    SettableEnv* replay_clock = nullptr;
};

/// Runs commands until the input ends or nobody reads the answers; each is independent of the
/// others' success. Returns whether all succeeded. A broken disk is an answer, not an exception.
bool run_batch(DeviceStore& store, const BatchOptions& options, std::istream& in,
               std::ostream& out);

/// One line, one answer (without the line feed). `line_number` stands in messages about text that
/// is no command.
Value answer_command(DeviceStore& store, const BatchOptions& options, std::string_view line,
                     std::size_t line_number = 1);

}  // namespace zf
