// Starts libsodium before its first use. Only for the files of this directory that call it.
#pragma once

namespace zf {

/// Lets libsodium pick its implementations and open its random source. Any thread, any number
/// of times; a machine without a random source stops the program.
void ensure_sodium();

}  // namespace zf
