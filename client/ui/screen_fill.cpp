#include "client/ui/screen_fill.h"

#include <algorithm>

#include "client/ui/words.h"

namespace zf::ui {
namespace {

constexpr float actions_height = 84;
constexpr double sure_for_s = 5;  // the second press of what throws a draft away

std::string key_of(std::string_view path) {
    return "field." + std::string(path);
}

bool has_open_comment(const FillSection& section) {
    for (const FillBox& box : section.boxes) {
        for (const FieldComment& comment : box.comments) {
            if (!comment.is_answered) return true;
        }
    }
    return false;
}

}  // namespace

FillScreen::FillScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      ways_(desk.ways),
      divisions_(desk.divisions),
      records_(desk.lines),
      files_(desk, [this] { return current(); }) {
    shell_.add_screen("form", [this] { show(); });
    shell_.on_leave("form", [this] { leave(); });
    desk.ways.to_edit = [this](const Uuid& record, const std::string& field) {
        open(record, field);
    };
    desk.ways.to_new = [this](const std::string& form, const Members& prefilled) {
        start(form, prefilled);
    };
    desk.ways.to_draft = [this](const Uuid& draft) { reopen(draft); };
}

void FillScreen::take(Result<FillForm> fill) {
    leave();
    if (!fill) {
        kit_.toast(text_of(fill.error()), Tone::error);
        return;
    }
    fill_.emplace(std::move(*fill));
    explained_.clear();
    came_from_ = shell_.current();
    discard_until_ = 0;
    save_waits_.reset();
    section_ = "";
    refused_.clear();
    shell_.go("form");
    go_to(fill_->left_at());
}

void FillScreen::go_to(const std::string& path) {
    std::string wanted = path;
    if (wanted.empty()) {
        for (const FillSection& section : fill_->sections()) {
            for (const FillBox& box : section.boxes) {
                if (wanted.empty() && box.is_visible && !box.field->computed) wanted = box.path;
            }
        }
    }
    kit_.reveal(key_of(wanted));
    kit_.continue_in(key_of(wanted));
}

void FillScreen::start(const std::string& form, const Members& prefilled) {
    take(FillForm::start(store_, form, prefilled));
}

void FillScreen::open(const Uuid& record, const std::string& field) {
    take(FillForm::open(store_, record));
    if (fill_ && !field.empty()) go_to(field);
}

void FillScreen::reopen(const Uuid& draft) {
    take(FillForm::reopen(store_, draft));
}

void FillScreen::choose_form() {
    close();
    shell_.go("form");
    kit_.let_go_of_focus();
}

bool FillScreen::reopen_where_left() {
    const auto draft = FillForm::left_in(store_);
    if (!draft) return false;
    reopen(*draft);
    return fill_.has_value();
}

void FillScreen::leave() {
    if (fill_) fill_->put_by();
}

void FillScreen::close() {
    leave();
    fill_.reset();
}

/// To where the form was opened from.
void FillScreen::go_back() {
    fill_.reset();
    shell_.go(came_from_);
    kit_.ask_frame_in(0);
}

void FillScreen::show() {
    if (!fill_) {
        show_choice();
        return;
    }
    show_head();
    kit_.begin_area("fill.body", 0, kit_.height_left() - kit_.px(actions_height));
    show_sections();
    kit_.end_area();
    if (fill_) show_actions();
    if (!fill_) return;
    if (save_waits_ && !files_.is_adding_to(fill_->draft())) save(*save_waits_);
    if (!fill_) return;
    if (!kit_.is_pressing()) fill_->tick(kit_.now());
    if (const auto due = fill_->due_in(kit_.now())) kit_.ask_frame_in(*due);
}

void FillScreen::show_drafts() {
    const auto drafts = Draft::list(store_);
    if (drafts.empty()) return;
    kit_.heading("fill.drafts", kit_.say("fill.drafts"));
    const FormCatalog& forms = store_.log().forms();
    for (const LeftDraft& left : drafts) {
        const Form* form = forms.find(left.form);
        std::string text = form ? form->label.in(kit_.messages().language()) : left.form;
        const std::string when = datetime_text(left.changed_ms, bureau_offset_minutes);
        text += "  " + when.substr(0, 10) + " " + when.substr(11, 5);
        ButtonOptions look;
        look.enabled = form != nullptr;
        if (kit_.button("draft." + left.id.text(), text, look)) reopen(left.id);
    }
    kit_.space(12);
}

void FillScreen::show_choice() {
    kit_.begin_area("fill.choice", 0, 0);
    show_drafts();
    if (fill_) {
        kit_.end_area();
        return;
    }
    const FormCatalog& forms = store_.log().forms();
    const Language language = kit_.messages().language();
    if (forms.forms.empty()) kit_.label("fill.no_forms", kit_.say("fill.no_forms"), Tone::quiet);
    std::string chosen;
    for (const NamedText& category : forms.categories) {
        std::vector<Option> options;
        for (const Form& form : forms.forms) {
            if (form.category == category.id) {
                options.push_back({form.id, form.label.in(language), ""});
            }
        }
        if (options.empty()) continue;
        kit_.heading("category." + category.id, category.label.in(language));
        kit_.tabs("form", options, chosen);
        kit_.space(8);
    }
    kit_.end_area();
    if (!chosen.empty()) start(chosen);
}

void FillScreen::show_head() {
    const Language language = kit_.messages().language();
    const std::string name = fill_->form().label.in(language);
    kit_.heading("fill.title",
                 kit_.messages().text(fill_->is_new() ? "fill.title_new" : "fill.title_edit",
                                      {{"form", name}}));
    kit_.same_line();
    kit_.label("fill.draft", kit_.say(fill_->is_put_by() ? "fill.put_by" : "fill.not_put_by"),
               Tone::quiet);
    if (!refused_.empty()) kit_.label("fill.refused", refused_, Tone::error);
    if (fill_->returned()) {
        const ReturnRemarks& returned = *fill_->returned();
        kit_.label("fill.returned",
                   kit_.messages().text("record.returned", {{"user", returned.by},
                                                            {"time", Words::minute(returned.at_ms)},
                                                            {"note", returned.note}}),
                   Tone::warning);
    }
    std::vector<Option> sections;
    for (const FillSection& section : fill_->sections()) {
        const bool is_table = section.id.starts_with("rows.");
        sections.push_back({section.id,
                            is_table ? label_of(*section.boxes.front().field)
                                     : std::string(kit_.say("fill.section." + section.id)),
                            ""});
        if (has_open_comment(section)) sections.back().label += " ◆";
    }
    if (sections.size() > 1 && kit_.tabs("fill.section", sections, section_)) {
        kit_.reveal("section." + section_);
    }
}

void FillScreen::show_sections() {
    // By index: what is pressed inside may close the form.
    for (std::size_t i = 0; fill_ && i < fill_->sections().size(); ++i) {
        show_section(fill_->sections()[i]);
    }
}

void FillScreen::show_section(FillSection& section) {
    const bool is_table = section.id.starts_with("rows.");
    kit_.heading("section." + section.id,
                 is_table ? label_of(*section.boxes.front().field)
                          : std::string(kit_.say("fill.section." + section.id)));
    for (FillBox& box : section.boxes) {
        if (box.is_visible) show_box(box);
        if (!fill_) return;
    }
    kit_.space(16);
}

void FillScreen::show_user_choice() {
    const auto users = store_.users();
    if (users.size() < 2) return;
    std::string chosen = shell_.user();
    const auto find = [&](const std::string& typed) {
        std::vector<Option> options;
        for (const std::string& user : users) {
            if (user.find(typed) != std::string::npos) options.push_back({user, user, ""});
        }
        return options;
    };
    PickOptions options;
    options.width = kit_.px(200);
    options.can_clear = false;
    options.has_search = false;
    if (kit_.pick("fill.user", kit_.say("fill.user"), chosen, chosen, find, options)) {
        shell_.set_user(chosen);
    }
    kit_.same_line();
}

void FillScreen::show_actions() {
    kit_.begin_area("fill.actions", 0, 0, true);
    bool closes = kit_.button("action.back", kit_.say("action.back"));
    kit_.same_line();
    show_user_choice();
    const bool saves =
        kit_.button("action.save", kit_.say("action.save")) || kit_.shortcut("Ctrl+S");
    kit_.same_line();
    const bool submits =
        kit_.button("action.submit", kit_.say("action.submit"), {.look = ButtonLook::primary}) ||
        kit_.shortcut("Ctrl+Enter");
    kit_.same_line();
    const bool is_sure = discard_until_ > kit_.now();
    if (kit_.button("action.discard", kit_.say(is_sure ? "action.discard_sure" : "action.discard"),
                    {.look = ButtonLook::danger, .tab_stop = false})) {
        if (is_sure || !fill_->has_entries()) {
            fill_->discard();
            kit_.toast(std::string(kit_.say("fill.discarded")));
            kit_.end_area();
            go_back();
            return;
        }
        // What only the draft holds is not gone by one press beside another button.
        discard_until_ = kit_.now() + sure_for_s;
    }
    if (is_sure) kit_.ask_frame_in(discard_until_ - kit_.now());
    kit_.same_line();
    kit_.align_to_box();
    const std::size_t missing = fill_->missing();
    if (missing > 0) {
        kit_.label("fill.missing",
                   kit_.messages().text("fill.missing", {{"count", std::to_string(missing)}}),
                   Tone::quiet);
    } else {
        kit_.label("fill.complete", kit_.say("fill.complete"), Tone::good);
    }
    kit_.end_area();
    if (saves || submits) save(submits);
    if (closes && fill_) {
        leave();
        go_back();
    }
}

void FillScreen::drop(const std::vector<std::filesystem::path>& files) {
    if (fill_) {
        files_.drop(*fill_, files);
    } else {
        kit_.toast(std::string(kit_.say("fill.drop_on_form")), Tone::warning);
    }
}

void FillScreen::save(bool submits) {
    refused_.clear();
    save_waits_.reset();
    if (files_.is_adding_to(fill_->draft())) {
        save_waits_ = submits;
        refused_ = kit_.say("fill.saves_soon");
        return;
    }
    if (shell_.user().empty()) {
        refused_ = kit_.say("fill.choose_user");
        kit_.focus("fill.user");
        return;
    }
    const FillOutcome outcome = fill_->save(shell_.user(), submits);
    shell_.changed();
    if (outcome.saved) {
        const bool is_short = submits && !outcome.submitted;
        const std::string_view news = outcome.submitted ? "fill.submitted"
                                      : is_short        ? "fill.saved_not_submitted"
                                                        : "fill.saved";
        kit_.toast(std::string(kit_.say(news)), is_short ? Tone::warning : Tone::good);
        go_back();
        return;
    }
    refused_ = outcome.first_problem.empty() && outcome.error ? text_of(*outcome.error)
                                                              : kit_.say("fill.look_at_field");
    if (!outcome.first_problem.empty()) go_to(outcome.first_problem);
}

}  // namespace zf::ui
