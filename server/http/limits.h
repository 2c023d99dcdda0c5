// What the listener grants one client and all clients together, with the reasons for the numbers.
#pragma once

#include <cstddef>

namespace zf {

struct ListenerLimits {
    /// An attachment travels in pieces far below this; a push batch is smaller still.
    std::size_t body_bytes_max = 12u << 20;
    /// Request line and header lines together. Browsers send about 1 KiB.
    std::size_t head_bytes_max = 16u << 10;
    std::size_t head_lines_max = 64;
    /// Far above a county's laptops, well below the usual limit of 1024 or more descriptors.
    std::size_t connections_max = 900;
    /// Bodies and answers in memory of all connections together; beyond it new bodies are told to
    /// come again and the slowest reader is dropped. Keeps the process under 100 MB.
    std::size_t buffered_bytes_max = 48u << 20;
    /// More than cores: handlers wait for the store's one writer.
    std::size_t worker_threads = 8;
    /// From accepting (TLS handshake included), or from the first byte, to the end of the head.
    int head_timeout_ms = 10'000;
    /// A connection without a request in progress.
    int idle_timeout_ms = 60'000;
    /// A body may take this long, and a second more for every bytes_per_second_min that arrived;
    /// an answer likewise. A satellite telephone manages 1 KiB/s.
    int transfer_grace_ms = 30'000;
    int bytes_per_second_min = 1024;
    /// After a refusal, the rest of the request is read and dropped for so long, so that the
    /// client gets to read the refusal.
    int drain_timeout_ms = 5'000;
    /// How long stop() lets answers travel.
    int stop_timeout_ms = 1'500;
};

}  // namespace zf
