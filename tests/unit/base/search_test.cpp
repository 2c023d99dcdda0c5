// searchable() and search_query() against the index they are made for.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "common/base/env.h"
#include "common/base/text.h"
#include "common/db/db.h"

namespace {

using namespace zf;

class Index {
public:
    explicit Index(const std::vector<std::string>& rows) : db_(Db::open(":memory:")) {
        db_.execute("CREATE VIRTUAL TABLE search USING fts5(body, tokenize='unicode61')");
        for (const std::string& row : rows) {
            const std::string body = searchable(row);
            Statement add = db_.prepare("INSERT INTO search(body) VALUES(?1)");
            add.bind_text(1, body).run();
        }
    }
    /// Row numbers from 1, ascending. Throws when the query is not valid.
    std::vector<int> find(std::string_view typed) {
        std::vector<int> found;
        const std::string query = search_query(typed);
        if (query.empty()) return found;
        Statement find = db_.prepare("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY 1");
        find.bind_text(1, query);
        while (find.step()) found.push_back(static_cast<int>(find.integer(0)));
        return found;
    }

private:
    Db db_;
};

using Rows = std::vector<int>;

TEST_CASE("search: what is found") {
    Index index({
        /* 1 */ "平昌县大寨乡柳树村",
        /* 2 */ "江口镇 柳 村 树",
        /* 3 */ "𠮷野家、𪚥",
        /* 4 */ "PC2008-029 Wode Bamboo ltd",
        /* 5 */ "四川沃德ABC竹业（集团）",
        /* 6 */ "ＰＣ２００９－００１",
        /* 7 */ "say \"hello\" NOT world",
        /* 8 */ "Élan Я",
        /* 9 */ "2008年5月12日",
    });
    struct Row {
        std::string typed;
        Rows found;
    };
    for (const Row& row : std::vector<Row>{
             {"柳", {1, 2}},
             {"树", {1, 2}},
             {"柳树村", {1}},  // the characters follow each other
             {"柳 村", {1, 2}},
             {"村柳", {}},
             {"𠮷", {3}},
             {"𪚥", {3}},
             {"𠮷野", {3}},
             {"𠮸", {}},
             {"wode", {4}},
             {"WODE", {4}},
             {"ＷＯＤＥ", {4}},
             {"wod", {4}},        // the last word is a prefix
             {"wod bamboo", {}},  // the others are not
             {"bamboo wod", {4}},
             {"pc200", {4, 6}},
             {"PC2008-0", {4}},
             {"pc2009-001", {6}},
             {"沃德a", {5}},
             {"沃德abc竹", {5}},
             {"abc竹业", {5}},
             {"集团", {5}},
             {"（集团）", {5}},
             {"竹业集团", {5}},
             {"hello", {7}},
             {"\"hello\"", {7}},
             {"say \"hello", {7}},
             {"NOT world", {7}},
             {"hello NOT world", {7}},
             {"hello OR wode", {}},
             {"élan", {8}},
             {"elan", {8}},
             {"я", {8}},
             {"5月", {9}},
             {"2008年", {9}},
             {"008年", {}},
             {"柳　树", {1, 2}},
             {"、 柳 、", {1, 2}},
             {"柳，", {1, 2}},
             {"", {}},
             {"  ", {}},
             {"\"", {}},
             {"、。", {}},
         }) {
        CAPTURE(row.typed);
        CAPTURE(search_query(row.typed));
        CHECK(index.find(row.typed) == row.found);
    }
}

TEST_CASE("search: a query is quoted words, and nothing when nothing is left") {
    CHECK(search_query("柳树村") == "\"柳 树 村 \"");
    CHECK(search_query("Ab cd") == "\"ab\" \"cd\"*");
    CHECK(search_query("a\"b") == "\"a\"\"b\"*");
    CHECK(search_query("-") == "");
    CHECK(search_query("\"*^(){}:+") == "");
    CHECK(search_query("　，。") == "");
}

TEST_CASE("search: whatever is typed is a valid query") {
    Index index({"abc 平昌"});
    for (const std::string& typed : std::vector<std::string>{"abc\"",
                                                             "\"abc",
                                                             "abc*",
                                                             "abc AND",
                                                             "OR",
                                                             "NOT abc",
                                                             "NEAR(abc 平昌)",
                                                             "body:abc",
                                                             "{body}:abc",
                                                             "^abc",
                                                             "abc + 平",
                                                             "(abc",
                                                             "abc)",
                                                             "abc;--",
                                                             "'",
                                                             "abc'",
                                                             std::string("abc\0\"", 5),
                                                             "abc\xff\"",
                                                             "\xe5",
                                                             "😀",
                                                             "😀 abc",
                                                             "abc 😀"}) {
        CAPTURE(typed);
        CHECK_NOTHROW(index.find(typed));
    }
    constexpr std::uint64_t seed = 14;
    CAPTURE(seed);
    ManualEnv env(seed);
    const std::vector<std::string> pieces{
        "\"", "*",  "(",  ")",    ":",    "^",    "-",    "+",    " ", "a", "Z", "9",  "平",
        "𠮷", "，", "　", "AND ", "NEAR", "\x01", "\xff", "\xe5", "é", "—", "😀", "\\", "'"};
    for (int i = 0; i < 3000; ++i) {
        std::string typed;
        for (std::uint64_t n = env.next_u64() % 8; n > 0; --n) {
            typed += pieces[env.next_u64() % pieces.size()];
        }
        CAPTURE(typed);
        CHECK_NOTHROW(index.find(typed));
    }
}

TEST_CASE("search: each single Chinese character of a text finds it") {
    const std::string text = "巴中市平昌县招商引资局㐀龥𠮷𫝀々〇";
    Index index({"无关", text});
    for (std::size_t at = 0; at < text.size();) {
        std::string one;
        append_utf8(one, next_code_point(text, at));
        CAPTURE(one);
        CHECK(index.find(one) == Rows{2});
    }
}

}  // namespace
