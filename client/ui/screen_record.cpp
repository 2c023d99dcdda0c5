#include "client/ui/screen_record.h"

#include <algorithm>

#include "client/app/fill_box.h"
#include "client/receipt_text.h"
#include "common/model/changeset.h"
#include "common/store/receipts.h"
#include "common/store/record_changes.h"

namespace zf::ui {
namespace {

constexpr float label_width = 240, actions_height = 84;
constexpr std::size_t listed_max = 200;  // records that refer to one, on its page

}  // namespace

RecordScreen::RecordScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      ways_(desk.ways),
      lines_(desk.lines),
      words_(desk) {
    desk.ways.to_record = [this](const Uuid& record) { open(record, shell_.current()); };
    shell_.on_again("records", [this] { close_all(); });
}

void RecordScreen::open(const Uuid& record, const std::string& back) {
    if (record_ && shell_.current() == "records" && *record_ != record) {
        way_.emplace_back(*record_, back_);
    } else if (!record_ || shell_.current() != "records") {
        way_.clear();
        back_ = back;
    }
    record_ = record;
    tab_ = "content";
    history_of_.clear();
    refused_.clear();
    asking_ = Asking::nothing;
    page_.reset();
    shell_.go("records");
    kit_.ask_frame_in(0);
}

void RecordScreen::close() {
    // In a list, the row that it was opened from.
    const std::string row = "row." + record_->text();
    if (!way_.empty()) {
        const auto [record, back] = way_.back();
        way_.pop_back();
        const std::string first_back = back;
        record_.reset();
        auto rest = std::move(way_);
        open(record, first_back);
        way_ = std::move(rest);
        back_ = first_back;
        return;
    }
    record_.reset();
    page_.reset();
    shell_.go(back_);
    kit_.focus(row);
}

void RecordScreen::close_all() {
    way_.clear();
    record_.reset();
    page_.reset();
}

void RecordScreen::load() {
    // Each of these only grows: the sum is another whenever one of them is.
    std::int64_t version = record_revision(store_.db());
    if (store_.membership()) {
        version +=
            store_.log().delivered_of(store_.device()) + stored_of(store_.db(), store_.device());
    }
    const std::int64_t entries = store_.bureau().last_entry();  // of frozen reports
    if (page_ && version_ == version && entries_ == entries) return;
    version_ = version;
    entries_ = entries;
    auto page = load_page(store_, *record_);
    history_.clear();
    if (!page) {
        page_.reset();
        refused_ = words_.error(page.error());
        return;
    }
    page_.emplace(std::move(*page));
    if (tab_ != "history" && history_of_.empty()) return;
    if (auto history = load_history(store_, *record_, history_of_)) history_ = std::move(*history);
}

void RecordScreen::show() {
    load();
    bool closes = kit_.escape_pressed() && asking_ == Asking::nothing;
    if (kit_.escape_pressed()) asking_ = Asking::nothing;
    if (page_) {
        show_head();
        show_tabs();
        kit_.begin_area("record.body", 0, kit_.height_left() - kit_.px(actions_height));
        kit_.tab_begins_here();
        show_notices();
        if (tab_ == "content") show_content();
        if (tab_ == "history") show_history();
        if (tab_ == "related") show_related();
        if (tab_ == "receipt") show_receipt();
        kit_.end_area();
        show_actions();
    } else {
        kit_.label("record.refused", refused_, Tone::error);
        closes = kit_.button("action.back", kit_.say("action.back")) || closes;
    }
    if (closes) close();
    if (next_) {
        const Uuid record = *next_;
        next_.reset();
        open(record, back_);
    }
}

void RecordScreen::show_head() {
    const RecordDoc& doc = page_->view.doc;
    kit_.heading("record.title", title_of_record(store_, doc, words_.language()));
    std::string state = words_.form(doc.form) + "  ·  ";
    state += page_->is_void       ? std::string(kit_.say("state.voided"))
             : page_->joined_into ? std::string(kit_.say("state.joined"))
                                  : words_.status(page_->view.status);
    kit_.label("record.state", state,
               page_->is_void || page_->joined_into ? Tone::quiet : tone_of(page_->view.status));
    kit_.same_line(kit_.px(24));
    kit_.line_label(
        "record.updated",
        kit_.messages().text("record.updated", {{"user", doc.updated.user},
                                                {"time", Words::minute(doc.updated.at_ms)}}),
        Tone::quiet, kit_.width_left(), true);
}

void RecordScreen::show_tabs() {
    const std::size_t related = page_->children.size() + page_->joined.size();
    const std::vector<Option> tabs{
        {"content", std::string(kit_.say("record.tab.content")), ""},
        {"history", std::string(kit_.say("record.tab.history")), ""},
        {"related",
         kit_.messages().text("record.tab.related", {{"count", std::to_string(related)}}), ""},
        {"receipt", std::string(kit_.say("record.tab.receipt")), ""}};
    if (!kit_.tabs("record.tab", tabs, tab_)) return;
    history_of_.clear();
    if (tab_ != "history") return;
    if (auto history = load_history(store_, *record_, "")) history_ = std::move(*history);
}

void RecordScreen::show_notices() {
    if (!refused_.empty()) kit_.label("record.refused", refused_, Tone::error);
    if (page_->returned) {
        const ReturnRemarks& returned = *page_->returned;
        kit_.label("record.returned",
                   kit_.messages().text("record.returned", {{"user", returned.by},
                                                            {"time", Words::minute(returned.at_ms)},
                                                            {"note", returned.note}}),
                   page_->view.status == Status::returned ? Tone::warning : Tone::quiet);
    }
    if (page_->is_void) {
        kit_.label("record.void",
                   kit_.messages().text("record.void", {{"reason", page_->void_reason}}),
                   Tone::warning);
    }
    if (page_->joined_into) {
        kit_.align_to_box();
        const std::string title = words_.title(page_->joined_into->text());
        kit_.label("record.joined", kit_.messages().text("record.joined", {{"title", title}}),
                   Tone::warning, kit_.width_left() - kit_.px(140));
        kit_.same_line();
        if (kit_.button("record.joined.open", kit_.say("action.open"))) next_ = page_->joined_into;
    }
    if (page_->is_pending) {
        kit_.label("record.pending", kit_.say("record.pending"), Tone::accent);
    }
    if (!page_->view.conflicts.empty()) {
        kit_.align_to_box();
        kit_.label("record.conflicts",
                   kit_.messages().text("record.conflicts",
                                        {{"count", std::to_string(page_->view.conflicts.size())}}),
                   Tone::error, kit_.width_left() - kit_.px(180));
        kit_.same_line();
        if (kit_.button("record.conflicts.open", kit_.say("record.settle"),
                        {.look = ButtonLook::primary}) &&
            ways_.to_conflicts) {
            ways_.to_conflicts(*record_);
        }
    }
    for (std::size_t i = 0; i < page_->doubles.size() && i < 3; ++i) {
        const std::string key = "record.double." + std::to_string(i);
        kit_.align_to_box();
        kit_.label(key,
                   kit_.messages().text("record.double",
                                        {{"title", words_.title(page_->doubles[i].text())}}),
                   Tone::warning, kit_.width_left() - kit_.px(140));
        kit_.same_line();
        if (kit_.button(key + ".open", kit_.say("action.open"))) next_ = page_->doubles[i];
    }
}

void RecordScreen::show_content() {
    for (const Issue& issue : page_->errors) {
        kit_.label("record.error." + issue.where,
                   std::string(kit_.say("fill.error")) + issue.message.in(words_.language()) +
                       " (" + words_.field(page_->view.doc.form, issue.where) + ")",
                   Tone::error);
    }
    for (const PageSection& section : page_->sections) {
        const bool is_table = section.id.starts_with("rows.");
        const bool has_any =
            std::any_of(section.fields.begin(), section.fields.end(), [](const PageField& field) {
                return !is_empty_value(field.value) || !field.comments.empty() || field.is_conflict;
            });
        if (!has_any) continue;
        kit_.heading("section." + section.id,
                     is_table ? section.fields.front().field->label.in(words_.language())
                              : std::string(kit_.say("fill.section." + section.id)));
        for (const PageField& field : section.fields) {
            const bool is_shown = !is_empty_value(field.value) || field.field->required ||
                                  !field.comments.empty() || field.is_conflict;
            if (is_shown) show_field(field);
        }
        kit_.space(8);
    }
    for (const auto& [name, value] : page_->unknown) {
        kit_.label("field." + name, name + "  " + canonical_text(value), Tone::quiet);
    }
}

void RecordScreen::show_field(const PageField& field) {
    const Field& definition = *field.field;
    const std::string& name = definition.name;
    const float room = kit_.line_width();
    const float history_width = kit_.px(96);
    kit_.align_to_box();
    kit_.label("label." + name, definition.label.in(words_.language()), Tone::quiet,
               kit_.px(label_width));
    kit_.same_line(0);
    kit_.go_to_column(kit_.px(label_width + 24));
    const float width = room - kit_.px(label_width + 24) - history_width - kit_.px(16);
    kit_.begin_group();
    if (definition.type == FieldType::ref || definition.type == FieldType::ref_multi) {
        show_references(field, width);
    } else if (definition.type == FieldType::repeat && field.value.list()) {
        std::size_t n = 0;
        for (const Value& row : *field.value.list()) {
            kit_.label("row_of." + name + "." + std::to_string(n++),
                       words_.value(page_->view.doc.form, name, row), Tone::normal, width);
        }
    } else if (holds_files(definition.type) && field.value.list()) {
        show_files(field, width);
    } else {
        kit_.align_to_box();
        kit_.label("value." + name, words_.value(definition, field.value), Tone::normal, width);
    }
    kit_.end_group("field." + name, definition.label.in(words_.language()),
                   words_.value(definition, field.value));
    kit_.same_line(0);
    kit_.go_to_column(room - history_width);
    const bool is_open = history_of_ == name;
    if (kit_.button("history." + name, kit_.say("record.history"),
                    {.look = ButtonLook::quiet,
                     .selected = is_open,
                     .width = history_width,
                     .tab_stop = false})) {
        history_of_ = is_open ? "" : name;
        history_.clear();
        if (!is_open) {
            if (auto history = load_history(store_, *record_, name)) history_ = std::move(*history);
        }
    }
    kit_.indent(kit_.px(label_width + 12));
    if (field.is_conflict) {
        kit_.label("conflict." + name, kit_.say("record.field_conflict"), Tone::error);
    }
    for (std::size_t i = 0; i < field.comments.size(); ++i) {
        const FieldComment& comment = field.comments[i];
        kit_.label(
            "comment." + name + "." + std::to_string(i),
            kit_.messages().text(comment.is_answered ? "record.comment_answered" : "record.comment",
                                 {{"user", page_->returned->by}, {"text", comment.text}}),
            comment.is_answered ? Tone::quiet : Tone::warning);
    }
    kit_.indent(-kit_.px(label_width + 12));
    if (history_of_ == name) show_writes("writes", history_);
}

void RecordScreen::show_references(const PageField& field, float width) {
    std::vector<std::string> targets;
    if (field.value.text()) targets.push_back(*field.value.text());
    if (const List* list = field.value.list()) {
        for (const Value& one : *list) {
            if (one.text()) targets.push_back(*one.text());
        }
    }
    if (targets.empty()) {
        kit_.label("value." + field.field->name, words_.value(*field.field, field.value),
                   Tone::normal, width);
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const std::string key = "reference." + field.field->name + "." + std::to_string(i);
        const auto id = parse_uuid(targets[i]);
        const bool is_here = id && store_.log().find_record(*id);
        const float needed = kit_.text_width(words_.title(targets[i])) + kit_.px(32);
        ButtonOptions look;
        look.enabled = is_here;
        look.width = std::min(needed, width);
        if (kit_.button(key, words_.title(targets[i]), look)) next_ = id;
    }
}

void RecordScreen::show_related() {
    if (page_->children.empty() && page_->joined.empty()) {
        kit_.label("related.none", kit_.say("record.no_children"), Tone::quiet);
    }
    show_records("child", page_->children);
    if (!page_->joined.empty()) {
        kit_.heading("related.joined", kit_.say("record.joined_here"));
        show_records("joined", page_->joined);
    }
}

void RecordScreen::show_records(const std::string& key, const std::vector<Uuid>& records) {
    std::size_t shown = 0;
    for (const Uuid& id : records) {
        if (++shown > listed_max) break;
        const auto doc = store_.log().find_record(id);
        if (!doc) continue;
        const std::string text = words_.form(doc->form) + "  " +
                                 title_of_record(store_, *doc, words_.language()) + "  ·  " +
                                 words_.status(status_of(store_.log(), *doc, store_.today()));
        if (kit_.button(key + "." + id.text(), text, {.width = -1})) next_ = id;
    }
}

void RecordScreen::show_files(const PageField& field, float width) {
    std::size_t n = 0;
    for (const PageFile& file : page_->files) {
        if (file.field != field.field->name) continue;
        const std::string size = file.is_here ? std::to_string((file.bytes + 1023) / 1024) + " KB"
                                              : std::string(kit_.say("fill.file_not_here"));
        const std::string text =
            kit_.messages().text("record.file",
                                 {{"number", std::to_string(n + 1)}, {"size", size}}) +
            (file.is_at_bureau ? "  ·  " + std::string(kit_.say("record.file_there")) : "");
        const std::string key = "file." + file.field + "." + std::to_string(n++);
        if (ways_.to_picture && file.is_here) {
            const float needed = std::min(kit_.text_width(text) + kit_.px(32), width);
            if (kit_.button(key, text, {.width = needed})) ways_.to_picture(file.hash);
        } else {
            kit_.label(key, text, Tone::normal, width);
        }
    }
}

void RecordScreen::show_receipt() {
    const SaveCounts& saves = page_->saves;
    const Messages& messages = kit_.messages();
    const auto line = [&](const char* key, std::int64_t count) {
        const bool is_all = count == saves.saved;
        kit_.label(key,
                   messages.text(key, {{"count", std::to_string(count)},
                                       {"all", std::to_string(saves.saved)}}),
                   is_all ? Tone::good : Tone::warning);
    };
    line("receipt.saved", saves.saved);
    line("receipt.sent", saves.sent);
    line("receipt.stored", saves.stored);
    for (const WaitingThere& waiting : page_->waiting) {
        kit_.label("receipt.waiting." + std::to_string(waiting.what.seq),
                   words_of(waiting.what).in(words_.language()), Tone::warning);
    }
    const std::int64_t there =
        std::count_if(page_->files.begin(), page_->files.end(),
                      [](const PageFile& file) { return file.is_at_bureau; });
    if (!page_->files.empty()) {
        kit_.label(
            "receipt.files",
            messages.text("receipt.files", {{"count", std::to_string(there)},
                                            {"all", std::to_string(page_->files.size())}}),
            there == static_cast<std::int64_t>(page_->files.size()) ? Tone::good : Tone::warning);
    }
    for (const auto& [kind, review] : page_->view.doc.reviews) {
        kit_.label("receipt.review." + std::string(name_of(kind)),
                   messages.text("receipt.review",
                                 {{"status", kit_.say("status." + std::string(name_of(kind)))},
                                  {"user", review.user},
                                  {"time", Words::minute(review.at_ms)}}));
    }
    for (std::size_t i = 0; i < page_->counted.size(); ++i) {
        kit_.label("receipt.counted." + std::to_string(i),
                   words_of(page_->counted[i]).in(words_.language()), Tone::good);
    }
}

}  // namespace zf::ui
