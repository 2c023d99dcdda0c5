// What can be done with a record from its page.
#include <algorithm>

#include "client/app/record_list.h"
#include "client/ui/screen_record.h"
#include "common/model/changeset.h"

namespace zf::ui {
namespace {

constexpr std::size_t options_max = 50;

}  // namespace

std::optional<WriteOptions> RecordScreen::options_of_user() {
    refused_.clear();
    if (shell_.user().empty()) {
        refused_ = kit_.say("fill.choose_user");
        return std::nullopt;
    }
    return WriteOptions{shell_.user(), false, true};
}

void RecordScreen::write(const Members& entered, const char* done) {
    const auto options = options_of_user();
    if (!options) return;
    const auto saved = edit_record(store_, *options, *record_, entered);
    shell_.changed();
    if (!saved) {
        refused_ = words_.error(saved.error());
        return;
    }
    kit_.toast(std::string(kit_.say(done)), Tone::good);
    asking_ = Asking::nothing;
    page_.reset();
    kit_.ask_frame_in(0);
}

void RecordScreen::submit() {
    const auto options = options_of_user();
    if (!options) return;
    const auto saved = submit_record(store_, *options, *record_);
    shell_.changed();
    if (!saved) {
        refused_ = words_.error(saved.error());
        return;
    }
    page_.reset();
    kit_.ask_frame_in(0);
    const auto problem = std::find_if(saved->issues.begin(), saved->issues.end(),
                                      [](const Issue& one) { return one.level == Level::error; });
    if (problem == saved->issues.end()) {
        kit_.toast(std::string(kit_.say("record.submitted")), Tone::good);
        return;
    }
    // To where it can be mended.
    kit_.toast(problem->message.in(words_.language()), Tone::warning);
    if (ways_.to_edit) ways_.to_edit(*record_, problem->where);
}

void RecordScreen::show_actions() {
    kit_.begin_area("record.actions", 0, 0, true);
    if (asking_ != Asking::nothing) {
        show_asking();
        kit_.end_area();
        return;
    }
    const bool is_gone = page_->is_void || page_->joined_into.has_value();
    const bool closes = kit_.button("action.back", kit_.say("action.back"));
    kit_.same_line();
    bool edits = false, submits = false;
    if (!is_gone) {
        const bool is_returned = page_->view.status == Status::returned;
        edits =
            kit_.button("action.edit", kit_.say("action.edit"),
                        {.look = is_returned || page_->view.doc.submitted ? ButtonLook::primary
                                                                          : ButtonLook::normal});
        kit_.same_line();
        if (!page_->view.doc.submitted) {
            submits = kit_.button("action.submit", kit_.say("action.submit"),
                                  {.look = ButtonLook::primary});
            kit_.same_line();
        }
        if (!forms_of_children(store_.log().forms(), page_->view.doc.form).empty()) {
            if (kit_.button("action.child", kit_.say("action.child"))) asking_ = Asking::child;
            kit_.same_line();
        }
        if (kit_.button("action.join", kit_.say("action.join"))) asking_ = Asking::join;
        kit_.same_line();
        if (kit_.button("action.void", kit_.say("action.void"), {.look = ButtonLook::danger})) {
            asking_ = Asking::void_reason;
        }
    } else if (page_->is_void) {
        if (kit_.button("action.unvoid", kit_.say("action.unvoid"))) {
            write({{std::string(field_void), Value(false)}}, "record.unvoided");
        }
    } else if (kit_.button("action.unjoin", kit_.say("action.unjoin"))) {
        write({{std::string(field_alias), Value()}}, "record.unjoined");
    }
    kit_.end_area();
    if (asking_ != Asking::nothing) {
        reason_.clear();
        join_into_.clear();
    }
    if (edits && ways_.to_edit) ways_.to_edit(*record_, "");
    if (submits) submit();
    if (closes) close();
}

void RecordScreen::show_asking() {
    if (kit_.button("asking.cancel", kit_.say("action.cancel"))) {
        asking_ = Asking::nothing;
        return;
    }
    kit_.same_line();
    if (asking_ == Asking::void_reason) ask_void();
    if (asking_ == Asking::join) ask_join();
    if (asking_ == Asking::child) ask_child();
}

void RecordScreen::ask_void() {
    TextOptions reason;
    reason.hint = kit_.say("record.void_hint");
    reason.width = kit_.width_left() - kit_.px(220);
    const Edited edited =
        kit_.text_box("asking.reason", kit_.say("field.void_reason"), reason_, reason);
    kit_.same_line();
    ButtonOptions look;
    look.look = ButtonLook::danger;
    look.enabled = !reason_.empty();
    const bool pressed = kit_.button("asking.void", kit_.say("record.void_now"), look);
    if (!pressed && !(edited.entered && look.enabled)) return;
    write(
        {{std::string(field_void), Value(true)}, {std::string(field_void_reason), Value(reason_)}},
        "record.voided");
}

std::vector<Option> RecordScreen::records_to_join(const std::string& typed) {
    std::vector<Option> options;
    const auto add = [&](const Uuid& id, const std::string& title, const std::string& detail) {
        const bool is_there = std::any_of(options.begin(), options.end(),
                                          [&](const Option& one) { return one.id == id.text(); });
        if (id != *record_ && !is_there) options.push_back({id.text(), title, detail});
    };
    if (typed.empty()) {
        for (const Uuid& id : page_->doubles) {
            add(id, words_.title(id.text()), std::string(kit_.say("record.same_key")));
        }
    }
    RecordList list(lines_);
    ListChoice choice;
    choice.form = page_->view.doc.form;
    choice.search = typed;
    choice.language = words_.language();
    list.ask(choice);
    for (std::size_t i = 0; i < list.size() && options.size() < options_max; ++i) {
        if (const RecordLine* line = list.row(i)) add(line->id, line->title, line->day);
    }
    return options;
}

void RecordScreen::ask_join() {
    const std::string shown = join_into_.empty() ? "" : words_.title(join_into_);
    PickOptions options;
    options.width = kit_.width_left() - kit_.px(220);
    kit_.pick(
        "asking.into", kit_.say("record.join_into"), shown, join_into_,
        [this](const std::string& typed) { return records_to_join(typed); }, options);
    kit_.same_line();
    ButtonOptions look;
    look.look = ButtonLook::danger;
    look.enabled = !join_into_.empty();
    if (kit_.button("asking.join", kit_.say("record.join_now"), look)) {
        write({{std::string(field_alias), Value(join_into_)}}, "record.was_joined");
    }
}

void RecordScreen::ask_child() {
    const auto forms = forms_of_children(store_.log().forms(), page_->view.doc.form);
    std::vector<Option> options;
    for (const Form* form : forms)
        options.push_back({form->id, form->label.in(words_.language()), ""});
    std::string chosen;
    PickOptions look;
    look.width = std::min(kit_.width_left(), kit_.px(420));
    const auto find = [&](const std::string& typed) {
        std::vector<Option> found;
        for (const Option& option : options) {
            if (option.label.find(typed) != std::string::npos) found.push_back(option);
        }
        return found;
    };
    if (!kit_.pick("asking.child", kit_.say("action.child"), "", chosen, find, look)) return;
    asking_ = Asking::nothing;
    const Form* child = store_.log().forms().find(chosen);
    if (child && ways_.to_new) ways_.to_new(chosen, prefilled_from(*page_, *child));
}

}  // namespace zf::ui
