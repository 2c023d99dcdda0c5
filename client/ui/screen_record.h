// A record's page: what stands in it, what was said about it, its history, what refers to it, and
// what can be done with it. What it is made of is client/app/record_page.h; this draws it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/app/record_page.h"
#include "client/ui/desk.h"
#include "client/ui/shell.h"
#include "client/ui/words.h"

namespace zf::ui {

class RecordScreen {
public:
    /// Sets the way to a record.
    explicit RecordScreen(const Desk& desk);

    [[nodiscard]] bool is_open() const { return record_.has_value(); }
    /// One frame.
    void show();
    /// The page of a record; `back`: name of the screen to go back to.
    void open(const Uuid& record, const std::string& back);

private:
    /// What is asked before something is done.
    enum class Asking { nothing, void_reason, unvoid, join, child };

    void load();
    void close();
    void close_all();  // also those that it was come to from: back to the list
    void show_head();
    void show_notices();
    void show_tabs();
    void show_content();
    void show_field(const PageField& field);
    void show_field_history(const std::string& field);
    void show_references(const PageField& field, float width);
    void show_history();
    void show_writes(const std::string& key, const std::vector<PageWrite>& writes);
    void show_related();
    void show_records(const std::string& key, const std::vector<Uuid>& records);
    void show_files(const PageField& field, float width);
    void show_receipt();

    // screen_record_actions.cpp
    void show_actions();
    void show_asking();
    void ask_void();
    void ask_join();
    void ask_child();
    void submit();
    void write(const Members& entered, const char* done);
    [[nodiscard]] std::optional<WriteOptions> options_of_user();
    [[nodiscard]] std::vector<Option> records_to_join(const std::string& typed);

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Ways& ways_;
    RecordLines& lines_;
    Words words_;
    std::optional<Uuid> record_;
    std::vector<std::pair<Uuid, std::string>> way_;  // pages behind this one, and from where
    std::string back_;
    std::optional<RecordPage> page_;
    std::int64_t version_ = 0;   // of the lines when the page was read
    std::int64_t entries_ = -1;  // of the bureau's log, when the page was made
    std::string tab_ = "content", history_of_, refused_;
    std::vector<PageWrite> history_;  // of `history_of_`, or of the whole record
    Asking asking_ = Asking::nothing;
    std::string reason_, join_into_;
    std::optional<Uuid> next_;  // opened at the end of the frame
};

}  // namespace zf::ui
