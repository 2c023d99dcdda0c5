// What receivers say: known sentences, damage of every kind, pieces of any size, and asking one.
#include "client/app/nmea.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "client/app/receiver_posix.h"
#include "common/base/env.h"
#include "tests/unit/store/scratch_folder.h"

using namespace zf;
using namespace zf::testing;

namespace {

// The example of the NMEA 0183 descriptions: 48°07.038' N, 11°31.000' E.
constexpr std::string_view gga =
    "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
constexpr std::string_view rmc =
    "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A";
constexpr std::string_view tpv =
    R"({"class":"TPV","mode":3,"lat":31.5642,"lon":107.1013,"eph":6.5,"time":"2008-05-12"})";

std::string with_sum(const std::string& body) {
    unsigned sum = 0;
    for (const char c : body) sum ^= static_cast<unsigned char>(c);
    constexpr std::string_view digits = "0123456789ABCDEF";
    return "$" + body + "*" + digits[sum / 16] + digits[sum % 16];
}

bool never() {
    return false;
}

/// Listens on loopback as gpsd would, tells one thing, and closes.
class SmallGpsd {
public:
    explicit SmallGpsd(std::string tells) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(socket_, 1) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port = ntohs(address.sin_port);
        thread_ = std::thread([this, tells = std::move(tells)] {
            const int caller = ::accept(socket_, nullptr, nullptr);
            char asked[128];
            const ssize_t count = ::read(caller, asked, sizeof asked);
            watched = std::string_view(asked, count > 0 ? static_cast<std::size_t>(count) : 0)
                          .starts_with("?WATCH=");
            if (::write(caller, tells.data(), tells.size()) < 0) watched = false;
            ::close(caller);
        });
    }
    ~SmallGpsd() {
        if (thread_.joinable()) thread_.join();
        ::close(socket_);
    }
    void join() { thread_.join(); }
    int port = 0;
    bool watched = false;

private:
    int socket_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("places are read from sentences of any talker, with the side and the accuracy") {
    const auto fix = read_nmea(gga);
    REQUIRE(fix.has_value());
    CHECK(fix->at.lat == doctest::Approx(48.1173));
    CHECK(fix->at.lon == doctest::Approx(11.516667));
    CHECK(fix->accuracy_m == doctest::Approx(4.5));
    CHECK(read_nmea(rmc)->at.lat == doctest::Approx(48.1173));
    CHECK_FALSE(read_nmea(rmc)->accuracy_m.has_value());
    CHECK(read_nmea(std::string(gga) + "\r").has_value());
    const auto south = read_nmea(with_sum("BDGGA,1,3330.0,S,07030.0,W,2,10,1.2,1,M,,,,"));
    REQUIRE(south.has_value());
    CHECK(south->at.lat == doctest::Approx(-33.5));
    CHECK(south->at.lon == doctest::Approx(-70.5));
}

TEST_CASE("what is damaged, incomplete or without a fix is no place") {
    for (const std::string& bad :
         {std::string(), std::string("$"), std::string("$GPGGA*"), std::string(gga.substr(1)),
          with_sum("GPGGA,1,4807.038,N,01131.000,E,0,08,0.9"),  // no fix
          with_sum("GPGGA,1,4807.038,N,01131.000,E,,08,0.9"),
          with_sum("GPRMC,1,V,4807.038,N,01131.000,E,0,0"),
          with_sum("GPGGA,1,4860.038,N,01131.000,E,1,08,0.9"),  // 60 minutes
          with_sum("GPGGA,1,9100.000,N,01131.000,E,1,08,0.9"),
          with_sum("GPGGA,1,4807.038,E,01131.000,N,1,08,0.9"),
          with_sum("GPGGA,1,-4807.03,N,01131.000,E,1,08,0.9"), with_sum("GPGGA,1,,,,,1,08,0.9"),
          with_sum("GPGGA,1,4807.038,N"), with_sum("GPGSV,3,1,11,03,03,111,00,04,15,270,00,06"),
          with_sum("GGA,1,1,N,1,E,1,1,1"), std::string(gga.substr(0, gga.size() - 2)) + "48"}) {
        CHECK_MESSAGE(!read_nmea(bad).has_value(), bad);
    }
    CHECK(is_nmea(with_sum("GPGSV,3,1,11")));
}

TEST_CASE("no single changed character passes for a sentence") {
    ManualEnv random(7);
    for (std::size_t at = 0; at < gga.size(); ++at) {
        for (int i = 0; i < 20; ++i) {
            std::string changed(gga);
            changed[at] = static_cast<char>(random.next_u64() % 256);
            // A checksum may be written in small letters.
            if (changed == gga ||
                (at > gga.size() - 3 && std::tolower(changed[at]) == std::tolower(gga[at]))) {
                continue;
            }
            CHECK_MESSAGE(!read_nmea(changed).has_value(), changed);
        }
    }
}

TEST_CASE("anything at all may arrive, in pieces of any size, and the lines are the same") {
    ManualEnv random(8);
    for (int round = 0; round < 300; ++round) {
        std::string bytes;
        const std::string_view seeds[] = {gga, rmc, tpv, "\n", "\r\n", "$*", "{", ",,,"};
        for (int i = 0; i < 40; ++i) {
            if (random.next_u64() % 3 == 0) {
                bytes += static_cast<char>(random.next_u64() % 256);
            } else {
                bytes += seeds[random.next_u64() % std::size(seeds)];
            }
        }
        LineCutter whole, pieces;
        const auto at_once = whole.take(bytes);
        std::vector<std::string> bit_by_bit;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = 1 + random.next_u64() % 9;
            for (auto& line : pieces.take(bytes.substr(at, size))) {
                bit_by_bit.push_back(std::move(line));
            }
            at += size;
        }
        CHECK(at_once == bit_by_bit);
        for (const std::string& line : at_once) {
            for (const auto& fix : {read_nmea(line), read_gpsd(line)}) {
                if (!fix) continue;
                CHECK(std::abs(fix->at.lat) <= 90);
                CHECK(std::abs(fix->at.lon) <= 180);
            }
        }
    }
    LineCutter cutter;
    CHECK(cutter.take(std::string(LineCutter::line_bytes_max + 1, 'x') + "\n").empty());
    CHECK(cutter.take("good\n") == std::vector<std::string>{"good"});
}

TEST_CASE("reports of gpsd give a place from mode 2 on") {
    const auto fix = read_gpsd(tpv);
    REQUIRE(fix.has_value());
    CHECK(fix->at == GeoPoint{31.5642, 107.1013});
    CHECK(fix->accuracy_m == doctest::Approx(6.5));
    CHECK(read_gpsd(R"({"class":"TPV","mode":2,"lat":1,"lon":2,"epx":3,"epy":4})")->accuracy_m ==
          doctest::Approx(5));
    CHECK_FALSE(read_gpsd(R"({"class":"TPV","mode":1,"lat":1,"lon":2})").has_value());
    CHECK_FALSE(read_gpsd(R"({"class":"SKY","mode":3,"lat":1,"lon":2})").has_value());
    CHECK_FALSE(read_gpsd(R"({"class":"TPV","mode":3,"lat":91,"lon":2})").has_value());
    CHECK_FALSE(read_gpsd(R"({"class":"TPV","mode":3,"lat":"1","lon":2})").has_value());
    CHECK_FALSE(read_gpsd("[]").has_value());
}

TEST_CASE("a receiver is asked: a file, gpsd, none, one without a place, one that is given up") {
    ScratchFolder folder;
    const std::string file = (folder.path / "nmea").string();
    std::ofstream(file) << with_sum("GPGSV,1") << "\r\n" << rmc << "\r\n" << gga << "\r\n";
    ReceiverWish wish;
    wish.device = file;
    const auto from_file = ask_receiver(wish, system_env(), never);
    REQUIRE(from_file.has_value());
    CHECK(from_file->accuracy_m == doctest::Approx(4.5));  // not the rough place that came first

    std::ofstream(file) << rmc << "\n";
    CHECK(ask_receiver(wish, system_env(), never).has_value());
    std::ofstream(file) << with_sum("GPGSV,1") << "\n";
    CHECK(ask_receiver(wish, system_env(), never).error().code == ErrorCode::unreachable);
    wish.device += ".none";
    CHECK(ask_receiver(wish, system_env(), never).error().code == ErrorCode::not_found);

    SmallGpsd gpsd(R"({"class":"VERSION"})"
                   "\n" +
                   std::string(tpv) + "\n");
    ReceiverWish near;
    near.gpsd_port = gpsd.port;
    near.devices_folder = folder.path.string();
    const auto from_gpsd = ask_receiver(near, system_env(), never);
    gpsd.join();
    CHECK(gpsd.watched);
    REQUIRE(from_gpsd.has_value());
    CHECK(from_gpsd->at == GeoPoint{31.5642, 107.1013});

    near.gpsd_port = 1;  // nobody listens there
    CHECK(ask_receiver(near, system_env(), never).error().code == ErrorCode::not_found);
    std::ofstream(folder.path / "ttyUSB0") << gga << "\n";
    CHECK(ask_receiver(near, system_env(), never).has_value());
    CHECK(ask_receiver(near, system_env(), [] { return true; }).error().code ==
          ErrorCode::interrupted);
}
