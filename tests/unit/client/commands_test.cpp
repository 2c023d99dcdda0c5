// The command line: exit status, what goes to which stream, and that nothing throws.
#include "client/commands.h"

#include <fstream>
#include <sstream>

#include "tests/unit/client/device_world.h"

using namespace zf;
using namespace zf::testing;

namespace {

struct Ran {
    int status = 0;
    std::string out, messages;
};

Ran run(const std::vector<std::string>& arguments, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out, messages;
    Ran ran;
    ran.status = run_client(arguments, in, out, messages);
    ran.out = out.str();
    ran.messages = messages.str();
    return ran;
}

}  // namespace

TEST_CASE("wrong usage is 2, with the usage on the message stream and nothing on the other") {
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"dance"},
             {"--home"},
             {"--colour", "red", "status"},
             {"status", "--rehearse"},
             {"status", "now"},
             {"status", "--home", "x"},
             {"enrol"},
             {"enrol", "--server", "https://127.0.0.1:9"},
             {"enrol", "--code", "abc"},
             {"enrol", "--server", "https://127.0.0.1:9", "--code"},
             {"sync", "--replay"},
             {"batch", "--rehearse"},
             {"batch", "file.json"}}) {
        const Ran ran = run(arguments);
        INFO(arguments.front());
        CHECK(ran.status == 2);
        CHECK(ran.out == "");
        CHECK(ran.messages.find("usage: zoufang") != std::string::npos);
    }
    CHECK(run({"--help"}).status == 0);
}

TEST_CASE("what cannot be met is 1, and the message says what would help") {
    ScratchFolder folder;
    const std::string home = (folder.path / "home").string();
    struct Row {
        std::vector<std::string> arguments;
        std::string says;
    };
    const std::vector<Row> rows{
        {{"--home", home}, "without a window"},
        {{"--home", home, "bundle", "export", "x"}, "zoufang enrol"},
        {{"--home", home, "bundle", "import", "x"}, "zoufang enrol"},
        {{"--home", home, "sync"}, "zoufang enrol"},
        {{"--home", home, "sync", "--rehearse"}, "zoufang enrol"},
        {{"--home", home, "enrol", "--server", "ftp://x", "--code", "c"}, "https"},
        {{"--home", home, "enrol", "--server", "http://example.com", "--code", "c"}, "not_allowed"},
        {{"--home", home, "enrol", "--server", "https://127.0.0.1:9", "--code", "c"},
         "unreachable"},
        {{"--home", home, "enrol", "--server", "https://127.0.0.1:9", "--code", "c", "--pin", "7"},
         "64 hex digits"},
        {{"--home", "/dev/null/x", "status"}, "/dev/null/x"},
    };
    for (const Row& row : rows) {
        const Ran ran = run(row.arguments);
        INFO(row.says);
        INFO(ran.messages);
        CHECK(ran.status == 1);
        CHECK(ran.out == "");
        CHECK(ran.messages.find(row.says) != std::string::npos);
    }
}

TEST_CASE("status is one JSON document, also before enrolment") {
    ScratchFolder folder;
    const Ran ran = run({"--home", (folder.path / "home").string(), "status"});
    CHECK(ran.status == 0);
    CHECK(ran.messages == "");
    const Value status = json(ran.out);
    for (const char* name : {"device", "user", "unsent_changesets", "unsent_attachments",
                             "last_sync", "conflicts", "disk", "state"}) {
        INFO(std::string(name));
        CHECK(status.find(name) != nullptr);
    }
}

TEST_CASE("batch answers each line, and its status says whether all succeeded") {
    TestBureau bureau;
    Laptop laptop(bureau, 81, {"ann", "bo"});
    laptop.store.reset();
    const std::string home = (laptop.folder.path / "home").string();
    const std::string create = R"({"do":"create","form":"shop","set":{"name":"a"}})";
    Ran ran = run({"--home", home, "--user", "bo", "batch"}, create + "\n\n" + create);
    CHECK(ran.status == 0);
    std::istringstream lines(ran.out);
    std::string line;
    std::getline(lines, line);
    const std::string shop = text_part(json(line), {"record"});
    CHECK(std::getline(lines, line));
    CHECK_FALSE(std::getline(lines, line));

    ran = run({"--home", home, "batch"}, create + "\n" + R"({"do":"status"})" + "\n");
    CHECK(ran.status == 1);
    CHECK(ran.out.find("missing_argument") != std::string::npos);
    CHECK(ran.out.find(R"("unsent_changesets":2)") != std::string::npos);

    const std::string at = R"({"do":"edit","record":")" + shop +
                           R"(","set":{"name":"b"},"user":"ann","at":"2008-01-01T00:00:00Z"})";
    CHECK(run({"--home", home, "batch"}, at).status == 1);
    CHECK(run({"--home", home, "batch", "--replay"}, at).status == 0);
    ran = run({"--home", home, "batch"}, R"({"do":"get","record":")" + shop + R"("})");
    CHECK(text_part(json(ran.out), {"values", "name"}) == "b");
    // The wall clock is back; the record was made with it, so the edit of 2008 is not the latest.
    CHECK(text_part(json(ran.out), {"updated_by"}) == "ann");
}

TEST_CASE("a reader that goes away ends the batch instead of writing on unheard") {
    TestBureau bureau;
    Laptop laptop(bureau, 82);
    std::istringstream in(R"({"do":"create","form":"shop","set":{"name":"a"}})"
                          "\n"
                          R"({"do":"create","form":"shop","set":{"name":"b"}})");
    std::ostringstream out;
    out.setstate(std::ios::badbit);
    CHECK_FALSE(run_batch(*laptop.store, laptop.options, in, out));
    CHECK(laptop.changesets() == 1);
}

TEST_CASE("a damaged database is told, not thrown") {
    ScratchFolder folder;
    const auto home = folder.path / "home";
    REQUIRE(run({"--home", home.string(), "status"}).status == 0);
    std::ofstream(home / "device.db", std::ios::binary | std::ios::trunc) << std::string(8192, 'x');
    const Ran ran = run({"--home", home.string(), "status"});
    CHECK(ran.status == 1);
    CHECK(ran.messages.find("zoufang: ") == 0);
}

TEST_CASE("the window is opened as ordered, and nothing else is done") {
    std::vector<WindowOrder> orders;
    const auto open = [&](const std::vector<std::string>& arguments) {
        std::istringstream in;
        std::ostringstream out, messages;
        return run_client(arguments, in, out, messages, [&](const WindowOrder& order) {
            orders.push_back(order);
            return 7;
        });
    };
    CHECK(open({"--home", "/nowhere"}) == 7);
    CHECK(open({"--user", "li", "--screen", "form", "--language", "zh-Hant", "--scale", "1.5",
                "--theme", "dark", "--shot", "a.png", "--ui-registry", "b.json", "--at",
                "1970-01-01T08:00:01+08:00", "--measure", "c.json"}) == 7);
    REQUIRE(orders.size() == 2);
    CHECK(orders[0].home == "/nowhere");
    CHECK_FALSE(orders[0].language.has_value());
    CHECK(orders[1].user == "li");
    CHECK(orders[1].screen == "form");
    CHECK(orders[1].language == Language::zh_hant);
    CHECK(orders[1].scale == 1.5);
    CHECK(orders[1].theme == "dark");
    CHECK(orders[1].shot == "a.png");
    CHECK(orders[1].registry == "b.json");
    CHECK(orders[1].at_ms == 1000);
    CHECK(orders[1].measure == "c.json");
    for (const std::vector<std::string>& wrong :
         std::vector<std::vector<std::string>>{{"--language", "fr"},
                                               {"--at", "today"},
                                               {"--scale", "3"},
                                               {"--scale", "1x"},
                                               {"--screen", "x"},
                                               {"--theme", "x"},
                                               {"--lang", "en"},
                                               {"--shot"},
                                               {"window"},
                                               {"status", "--shot", "a.png"}}) {
        CAPTURE(wrong.front());
        CHECK(open(wrong) == 2);
    }
    CHECK(orders.size() == 2);
}
