#include "server/commands.h"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/unit/server/api_world.h"

namespace zf::testing {

namespace {

struct Shell {
    ScratchFolder folder;
    ManualEnv env{1, start_ms};
    std::string out, messages;

    int run(std::vector<std::string> words) {
        words.insert(words.begin(), {"--data", (folder.path / "data").string()});
        return run_bare(words);
    }
    int run_bare(const std::vector<std::string>& words) {
        std::ostringstream output, errors;
        const int status = run_command(words, env, output, errors);
        out = output.str();
        messages = errors.str();
        return status;
    }
    Value json() const {
        auto value = parse_json(out);
        ZF_ASSERT(value.has_value());
        return *value;
    }
    std::string text(std::string_view name) const { return *json().find(name)->text(); }
};

}  // namespace

TEST_CASE("a bureau from init to report, through the commands") {
    Shell shell;
    CHECK(shell.run({"status"}) == 1);
    CHECK(shell.messages.find("init") != std::string::npos);
    REQUIRE(shell.run({"init", "--admin", "boss"}) == 0);
    CHECK(shell.text("admin") == "boss");
    CHECK(shell.text("password").size() == 19);
    CHECK(shell.text("pin").size() == 64);
    CHECK(shell.run({"init"}) == 1);
    CHECK(shell.out.empty());

    REQUIRE(shell.run({"user", "add", "zhang", "--role", "staff", "--area", "511923", "--area",
                       "511921"}) == 0);
    CHECK(shell.text("user") == "zhang");
    CHECK(shell.run({"user", "add", "zhang", "--role", "staff"}) == 1);
    REQUIRE(shell.run({"user", "list"}) == 0);
    REQUIRE(shell.json().list()->size() == 2);
    const Value zhang = (*shell.json().list())[1];
    CHECK(*zhang.find("role")->text() == "staff");
    CHECK(zhang.find("areas")->list()->size() == 2);

    REQUIRE(shell.run({"enrol-code", "--user", "zhang"}) == 0);
    CHECK(shell.text("code").size() == 14);
    CHECK(parse_datetime(shell.text("expires")) == start_ms + 24 * hour_ms);
    CHECK(shell.run({"enrol-code", "--user", "li"}) == 1);
    REQUIRE(shell.run({"user", "disable", "zhang"}) == 0);
    CHECK(shell.run({"enrol-code", "--user", "zhang"}) == 1);
    CHECK(shell.run({"user", "disable", "boss"}) == 1);

    REQUIRE(shell.run({"device", "list"}) == 0);
    CHECK(shell.json().list()->empty());
    CHECK(shell.run({"device", "revoke", std::string(32, '0')}) == 1);
    REQUIRE(shell.run({"report", "--period", "2008H1"}) == 0);
    CHECK(shell.json().members()->size() == 58);
    REQUIRE(shell.run({"export"}) == 0);
    CHECK(shell.json().list()->empty());
    REQUIRE(shell.run({"export", "--form", "enterprise", "--format", "csv"}) == 0);
    CHECK(shell.out.starts_with("\xef\xbb\xbf"));
    REQUIRE(shell.run({"verify"}) == 0);
    CHECK(shell.text("verify") == "ok");
    REQUIRE(shell.run({"status"}) == 0);
    for (const char* name : {"address", "devices", "changesets", "records", "parked", "held",
                             "conflicts", "disk", "epoch", "state"}) {
        CAPTURE(std::string(name));
        CHECK(shell.json().find(name) != nullptr);
    }
    const std::string epoch = shell.text("epoch");
    const std::string backup = (shell.folder.path / "backup").string();
    REQUIRE(shell.run({"backup", backup}) == 0);
    CHECK(shell.run({"backup", backup}) == 1);
    REQUIRE(shell.run({"restore", backup}) == 0);
    CHECK(shell.text("epoch") != epoch);
}

TEST_CASE("a damaged changeset makes verify fail by name") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop(world, "zhang");
    laptop.enrol();
    laptop.write(enterprise(world, "aaaa"));
    laptop.write(enterprise(world, "bbbb"));
    laptop.push_all();
    world.store->db().execute(
        "UPDATE changeset SET bytes=CAST(replace(CAST(bytes AS TEXT), 'bbbb', 'cccc') AS BLOB)");
    Shell shell;
    CHECK(shell.run_bare({"--data", world.data().string(), "verify"}) == 1);
    CHECK(shell.messages.find(laptop.id().hex() + ":2") != std::string::npos);
    CHECK(shell.text("verify") == "damaged");
    CHECK(shell.json().find("findings")->list()->size() == 1);
}

TEST_CASE("review: a decision with a note and comments at fields, beside an open store") {
    ApiWorld world;
    world.put_staff("zhang");
    RawLaptop laptop{world, "zhang"};
    laptop.enrol();
    const Written placed = enterprise(world, "placed", "511921");
    laptop.write(placed);
    laptop.push_all();
    Shell shell;
    const std::string data = world.data().string(), record = placed.record.text();
    REQUIRE(shell.run_bare({"--data", data, "user", "add", "chief", "--role", "leader"}) == 0);
    REQUIRE(shell.run_bare({"--data", data, "review", record, "--user", "chief", "--decision",
                            "returned", "--note", "请核对", "--comment", "name=全称=执照上的名称",
                            "--comment", "division=到村"}) == 0);
    CHECK(shell.text("decision") == "returned");
    CHECK(shell.text("user") == "chief");
    CHECK(canonical_text(*shell.json().find("comments")) == "2");
    const auto doc = world.store->log().find_record(placed.record);
    REQUIRE(doc);
    CHECK(canonical_text(doc->notes.at("_comments").value).find("全称=执照上的名称") !=
          std::string::npos);
    CHECK(*doc->notes.at("_review_note").value.text() == "请核对");
    CHECK(shell.run_bare({"--data", data, "review", record, "--user", "chief", "--decision",
                          "returned", "--comment", "nothing=x"}) == 1);
    CHECK(shell.messages.find("no field nothing") != std::string::npos);
}

TEST_CASE("wrong usage is 2 with the usage, what cannot be is 1") {
    Shell shell;
    REQUIRE(shell.run({"init"}) == 0);
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"frobnicate"},
        {"user"},
        {"user", "add"},
        {"user", "add", "li"},
        {"user", "add", "li", "--role", "king"},
        {"user", "add", "li", "wang", "--role", "staff"},
        {"user", "list", "all"},
        {"init", "--admin"},
        {"init", "--admin", "a", "--admin", "b"},
        {"enrol-code"},
        {"device", "revoke", "xyz"},
        {"report"},
        {"report", "--period", "2008X"},
        {"report", "--period", "2008H1", "--format", "pdf"},
        {"export", "--format", "pdf"},
        {"export", "--period", "soon"},
        {"backup"},
        {"review", "xyz", "--user", "boss", "--decision", "approved"},
        {"review", std::string(36, '0'), "--user", "boss"},
        {"review", Uuid{}.text(), "--decision", "approved"},
        {"review", Uuid{}.text(), "--user", "boss", "--decision", "praised"},
        {"review", Uuid{}.text(), "--user", "boss", "--decision", "returned", "--comment", "x"},
        {"serve", "--listen", "nowhere"},
        {"serve", "--listen", "127.0.0.1:x"},
        {"serve", "--listen", "127.0.0.1:70000"},
        {"serve", "--quick"},
        {"verify", "--data", "x"},
    };
    for (const auto& words : wrong) {
        std::string joined;
        for (const std::string& word : words) joined += word + " ";
        CAPTURE(joined);
        CHECK(shell.run(words) == 2);
        CHECK(shell.out.empty());
        CHECK(shell.messages.find("usage:") != std::string::npos);
    }
    const std::vector<std::vector<std::string>> impossible{
        {"report", "--period", "2008H1", "--format", "docx"},
        {"report", "--period", "2008H1", "--format", "html"},
        {"export", "--format", "xlsx"},
        {"export", "--format", "geojson"},
        {"export", "--form", "no_such_form"},
        {"bundle", "import", "x"},
        {"bundle", "export", "--device", std::string(32, 'a'), "y"},
        {"restore", "/nowhere"},
        {"review", Uuid{}.text(), "--user", "nobody", "--decision", "approved"},
        {"review", Uuid{}.text(), "--user", "admin", "--decision", "approved"},
    };
    for (const auto& words : impossible) {
        std::string joined;
        for (const std::string& word : words) joined += word + " ";
        CAPTURE(joined);
        CHECK(shell.run(words) == 1);
        CHECK(shell.out.empty());
        CHECK(shell.messages.starts_with("zoufang-server: "));
        CHECK(shell.messages.find("usage:") == std::string::npos);
    }
    CHECK(shell.run_bare({"--store", "postgresql://x", "status"}) == 1);
    CHECK(shell.run_bare({"--help"}) == 0);
    CHECK(shell.run_bare({"--version"}) == 0);
}

}  // namespace zf::testing
