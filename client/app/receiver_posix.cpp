#include "client/app/receiver_posix.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <vector>

namespace zf {
namespace {

constexpr int poll_ms = 100;  // how soon a cancel is noticed
constexpr std::string_view watch = "?WATCH={\"enable\":true,\"json\":true}\n";

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

/// A connection to gpsd on this machine; not open when nobody listens there.
Descriptor connect_gpsd(int port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* plain = reinterpret_cast<const sockaddr*>(&address);
    if (!socket.is_open()) return Descriptor(-1);
    if (::connect(socket.number(), plain, sizeof address) != 0) {
        if (errno != EINPROGRESS) return Descriptor(-1);
        pollfd wanted{socket.number(), POLLOUT, 0};
        int failed = 0;
        socklen_t size = sizeof failed;
        const bool is_there =
            ::poll(&wanted, 1, poll_ms) == 1 &&
            ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0;
        if (!is_there) return Descriptor(-1);
    }
    const auto sent = ::send(socket.number(), watch.data(), watch.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(watch.size()) ? std::move(socket) : Descriptor(-1);
}

Descriptor open_device(const std::string& path) {
    Descriptor device(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!device.is_open() || ::isatty(device.number()) != 1) return device;
    termios settings{};
    if (::tcgetattr(device.number(), &settings) != 0) return device;
    ::cfmakeraw(&settings);
    // The usual speed; receivers at USB do not care.
    ::cfsetispeed(&settings, B9600);
    ::cfsetospeed(&settings, B9600);
    ::tcsetattr(device.number(), TCSANOW, &settings);
    return device;
}

Descriptor find_device(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("ttyACM") || name.starts_with("ttyUSB")) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
        Descriptor device = open_device(folder + "/" + name);
        if (device.is_open()) return device;
    }
    return Descriptor(-1);
}

Descriptor find_receiver(const ReceiverWish& wish) {
    if (!wish.device.empty()) return open_device(wish.device);
    Descriptor gpsd = connect_gpsd(wish.gpsd_port);
    return gpsd.is_open() ? std::move(gpsd) : find_device(wish.devices_folder);
}

std::optional<ReceiverFix> read_line(const std::string& line) {
    return line.starts_with("{") ? read_gpsd(line) : read_nmea(line);
}

}  // namespace

Result<ReceiverFix> ask_receiver(const ReceiverWish& wish, Env& env,
                                 const std::function<bool()>& gives_up) {
    const Descriptor receiver = find_receiver(wish);
    if (!receiver.is_open()) {
        return fail(ErrorCode::not_found, "there is no receiver here; plug it in, or start gpsd",
                    wish.device);
    }
    LineCutter cutter;
    std::optional<ReceiverFix> rough;  // a place without accuracy
    const std::int64_t begun = env.now_ms();
    std::array<char, 1024> bytes{};
    while (std::abs(env.now_ms() - begun) < wish.time_ms) {
        if (gives_up()) return fail(ErrorCode::interrupted, "cancelled");
        pollfd wanted{receiver.number(), POLLIN, 0};
        if (::poll(&wanted, 1, poll_ms) <= 0) continue;
        const ssize_t count = ::read(receiver.number(), bytes.data(), bytes.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count <= 0) break;  // the end of a file, a receiver that was pulled out
        for (const std::string& line :
             cutter.take({bytes.data(), static_cast<std::size_t>(count)})) {
            const auto fix = read_line(line);
            if (fix && fix->accuracy_m) return *fix;
            if (fix) rough = fix;
        }
    }
    if (rough) return *rough;
    return fail(ErrorCode::unreachable,
                "the receiver tells no place yet; go into the open and wait some minutes",
                wish.device);
}

}  // namespace zf
