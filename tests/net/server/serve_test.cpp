// The real program: starts, answers over TLS, lets commands work beside it, and stops when asked.
#include <doctest/doctest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "client/http/http_transport.h"
#include "common/codec/json.h"
#include "server/commands.h"
#include "tests/unit/store/scratch_folder.h"

extern char** environ;

namespace zf::testing {

namespace {

/// A running zoufang-server; killed with its owner.
class Program {
public:
    explicit Program(std::vector<std::string> words) {
        int ends[2];
        ZF_ASSERT(::pipe(ends) == 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        words.insert(words.begin(), ZF_SERVER_PROGRAM);
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ZF_ASSERT(::posix_spawn(&pid_, ZF_SERVER_PROGRAM, &actions, nullptr, arguments.data(),
                                environ) == 0);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        output_ = ends[0];
    }
    ~Program() {
        if (pid_ > 0) end(SIGKILL);
        ::close(output_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// The next line of standard output, or what there is of it when the program has ended.
    std::string line() {
        std::string text;
        char c = 0;
        while (::read(output_, &c, 1) == 1 && c != '\n') text.push_back(c);
        return text;
    }
    /// Exit status, or minus the signal that ended it.
    int end(int signal) {
        if (signal != 0) ::kill(pid_, signal);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t pid_ = -1;
    int output_ = -1;
};

struct Data {
    ScratchFolder folder;
    std::string path = (folder.path / "data").string();
    std::string out;

    int command(std::vector<std::string> words) {
        words.insert(words.begin(), {"--data", path});
        std::ostringstream output, messages;
        const int status = run_command(words, system_env(), output, messages);
        out = output.str();
        return status;
    }
    std::string text(std::string_view name) const {
        const auto json = parse_json(out);
        ZF_ASSERT(json.has_value() && json->find(name));
        const std::string* found = json->find(name)->text();
        return found ? *found : std::string("null");
    }
};

int status_of_health(const std::string& url, const std::optional<std::string>& pin) {
    auto transport = HttpTransport::open(url, pin);
    if (!transport) return -1;
    Request request;
    request.method = "GET";
    request.path = "/v1/health";
    const auto response = transport->send(request);
    return response ? response->status : -static_cast<int>(response.error().code);
}

}  // namespace

TEST_CASE("serve prints its address first, answers, and stops on SIGTERM and SIGINT") {
    Data data;
    REQUIRE(data.command({"init"}) == 0);
    const std::string pin = data.text("pin");
    for (const int signal : {SIGTERM, SIGINT}) {
        Program server({"--data", data.path, "serve", "--listen", "127.0.0.1:0"});
        std::istringstream first(server.line());
        std::string listening, on, url, word, printed;
        first >> listening >> on >> url >> word >> printed;
        REQUIRE(listening + " " + on == "listening on");
        CHECK(url.starts_with("https://127.0.0.1:"));
        CHECK(word == "pin");
        CHECK(printed == pin);
        CHECK(status_of_health(url, pin) == 200);
        CHECK(status_of_health(url, std::string(64, '0')) ==
              -static_cast<int>(ErrorCode::pin_mismatch));

        // Commands work meanwhile; what would pull the data away does not.
        REQUIRE(data.command({"status"}) == 0);
        CHECK(data.text("address") == url);
        const std::string backup = (data.folder.path / ("b" + std::to_string(signal))).string();
        CHECK(data.command({"backup", backup}) == 0);
        CHECK(data.command({"verify"}) == 0);
        CHECK(data.command({"restore", backup}) == 1);
        CHECK(data.command({"serve", "--listen", "127.0.0.1:0"}) == 1);

        CHECK(server.end(signal) == 0);
        REQUIRE(data.command({"status"}) == 0);
        CHECK(data.text("address") == "null");
    }
}

TEST_CASE("a server that was killed leaves nothing that is in the way") {
    Data data;
    REQUIRE(data.command({"init"}) == 0);
    {
        Program server({"--data", data.path, "serve", "--listen", "127.0.0.1:0"});
        REQUIRE(server.line().starts_with("listening on "));
        CHECK(server.end(SIGKILL) == -SIGKILL);
    }
    REQUIRE(data.command({"status"}) == 0);
    CHECK(data.text("address") == "null");
    Program again({"--data", data.path, "serve", "--listen", "127.0.0.1:0"});
    CHECK(again.line().starts_with("listening on "));
    CHECK(again.end(SIGTERM) == 0);
}

TEST_CASE("plain HTTP on loopback only; ports in use and unmade data are told") {
    Data data;
    CHECK(data.command({"serve", "--listen", "127.0.0.1:0"}) == 1);
    REQUIRE(data.command({"init"}) == 0);
    CHECK(data.command({"serve", "--listen", "0.0.0.0:0", "--http"}) == 1);
    Program server({"--data", data.path, "serve", "--listen", "127.0.0.1:0", "--http"});
    const std::string line = server.line();
    REQUIRE(line.starts_with("listening on http://127.0.0.1:"));
    const std::string url = line.substr(13, line.find(' ', 13) - 13);
    CHECK(status_of_health(url, std::nullopt) == 200);
    Data other;
    REQUIRE(other.command({"init"}) == 0);
    CHECK(other.command({"serve", "--listen", url.substr(7)}) == 1);
    CHECK(server.end(SIGTERM) == 0);
}

}  // namespace zf::testing
