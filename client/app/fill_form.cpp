#include "client/app/fill_form.h"

#include <algorithm>
#include <utility>

#include "client/app/last_time.h"
#include "client/app/typed_value.h"
#include "common/base/assert.h"
#include "common/store/schema.h"

namespace zf {
namespace {

constexpr double rest_seconds = 0.5;
/// What was typed is on disk after so long, also in the middle of a sentence.
constexpr double put_by_seconds = 0.5;
constexpr std::string_view place_fact = "fill.place";

/// Boxes in their order on the screen, those of rows behind their table.
template <class Boxes, class Visit>
void each_box(Boxes& boxes, const Visit& visit) {
    for (auto& box : boxes) {
        visit(box);
        for (auto& row : box.rows) each_box(row.boxes, visit);
    }
}

template <class Sections, class Visit>
void each_box_of(Sections& sections, const Visit& visit) {
    for (auto& section : sections) each_box(section.boxes, visit);
}

const Value* member_of(const Members& members, std::string_view name) {
    for (const auto& [member, value] : members) {
        if (member == name) return &value;
    }
    return nullptr;
}

}  // namespace

FillForm::FillForm(DeviceStore& store, Draft draft, bool is_new)
    : store_(&store), draft_(std::make_unique<Draft>(std::move(draft))), is_new_(is_new) {}

Result<FillForm> FillForm::over(DeviceStore& store, Draft draft, bool is_new) {
    const Form* form = store.log().forms().find(draft.opened().form);
    if (!form) {
        return fail(ErrorCode::unknown_form,
                    "there is no form " + draft.opened().form + " on this laptop; sync first",
                    "form");
    }
    FillForm fill(store, std::move(draft), is_new);
    auto copy = std::make_shared<Form>(*form);
    if (!is_new && fill.draft_->opened().reviews.contains(ReviewKind::approved)) {
        // An amendment asks for its reason like for any other value.
        Field reason;
        reason.name = field_amend_reason;
        reason.type = FieldType::multiline;
        reason.required = true;
        copy->fields.insert(copy->fields.begin(), std::move(reason));
    }
    fill.form_ = std::move(copy);
    fill.sections_ = sections_of(*fill.form_);
    fill.read_values();
    fill.find_comments();
    fill.find_last_time();
    fill.show_or_hide();
    fill.shows_all_ = !is_new;
    fill.check();
    return fill;
}

Result<FillForm> FillForm::start(DeviceStore& store, const std::string& form,
                                 const Members& prefilled) {
    auto draft = Draft::start(store, form);
    if (!draft) return fail(draft.error());
    for (const auto& [name, value] : prefilled) draft->set(name, value);
    return over(store, std::move(*draft), true);
}

Result<FillForm> FillForm::open(DeviceStore& store, const Uuid& record) {
    auto draft = Draft::open(store, record);
    if (!draft) return fail(draft.error());
    return over(store, std::move(*draft), false);
}

Result<FillForm> FillForm::reopen(DeviceStore& store, const Uuid& id) {
    auto draft = Draft::reopen(store, id);
    if (!draft) return fail(draft.error());
    const bool is_new = draft->opened().changesets == 0;
    auto fill = over(store, std::move(*draft), is_new);
    if (!fill) return fill;
    const std::string place = find_fact(store.db(), place_fact).value_or("");
    const std::string prefix = id.text() + " ";
    if (place.starts_with(prefix)) fill->left_at_ = place.substr(prefix.size());
    return fill;
}

std::optional<Uuid> FillForm::left_in(DeviceStore& store) {
    const std::string place = find_fact(store.db(), place_fact).value_or("");
    const auto id = parse_uuid(place.substr(0, place.find(' ')));
    if (!id) return std::nullopt;
    for (const LeftDraft& left : Draft::list(store)) {
        if (left.id == *id) return id;
    }
    return std::nullopt;
}

void FillForm::read_values() {
    const FieldValues shown = shown_values(draft_->opened(), form_.get());
    for (FillSection& section : sections_) {
        for (FillBox& box : section.boxes) {
            const Value* entered = member_of(draft_->entered(), box.field->name);
            const auto found = shown.find(box.field->name);
            if (entered) {
                show_value(box, *entered);
                box.is_touched = true;
            } else if (found != shown.end()) {
                show_value(box, found->second);
            } else if (is_new_ && box.field->default_value) {
                // What `create` writes for a field that was not named.
                show_value(box, *box.field->default_value);
            } else {
                show_value(box, Value());
            }
        }
    }
}

void FillForm::find_comments() {
    if (is_new_) return;
    // As it is now: what was opened may be older than the review.
    const auto doc = store_->log().find_record(record());
    if (doc) returned_ = remarks_of_return(*store_, *doc);
    if (!returned_) return;
    for (const FieldComment& comment : returned_->comments) {
        FillBox* box = find(comment.field);
        if (!box) continue;
        box->comments.push_back(comment);
        if (left_at_.empty() && !comment.is_answered) left_at_ = box->path;
    }
}

FillBox* FillForm::find(std::string_view path) {
    FillBox* found = nullptr;
    each_box_of(sections_, [&](FillBox& box) {
        if (box.path == path) found = &box;
    });
    return found;
}

std::string FillForm::top_path(const FillBox& box) const {
    return box.path.substr(0, box.path.find('.'));
}

void FillForm::find_last_time() {
    last_subject_ = subject_of(*form_, values());
    last_ = is_new_ ? values_of_last_time(*store_, *form_, last_subject_)
                    : shown_values(draft_->opened(), form_.get());
    show_last_time();
}

void FillForm::show_last_time() {
    for (FillSection& section : sections_) {
        for (FillBox& box : section.boxes) {
            const auto found = last_.find(box.field->name);
            const bool fits = !box.field->computed && !holds_files(box.field->type) &&
                              box.field->type != FieldType::repeat;
            box.last = fits && found != last_.end() ? found->second : Value();
        }
    }
}

FieldValues FillForm::values() const {
    FieldValues values;
    for (const FillSection& section : sections_) {
        for (const FillBox& box : section.boxes) {
            if (box.field->computed || box.field->name == field_amend_reason) continue;
            if (!box.is_empty()) values[box.field->name] = canonical_value(*box.field, box.value);
        }
    }
    return values;
}

void FillForm::apply(FillBox& top) {
    if (top.field->type == FieldType::repeat) top.value = value_of_rows(top);
    draft_->set(top.field->name, top.value);
    unsaved_ = unchecked_ = has_changed_ = true;
    show_or_hide();
}

void FillForm::changed(FillBox& box) {
    box.is_touched = true;
    FillBox* top = find(top_path(box));
    ZF_ASSERT(top != nullptr);
    apply(*top);
}

void FillForm::typed(FillBox& box) {
    box.value = read_typed(*box.field, box.typed);
    typed_at_ = box.path;
    changed(box);
}

void FillForm::left(FillBox& box) {
    if (!unchecked_) return;
    box.typed = typed_text(*box.field, box.value);
    checks_soon_ = true;
}

void FillForm::reached(const FillBox& box) {
    if (at_ == box.path) return;
    at_ = box.path;
    has_changed_ = true;
}

void FillForm::set(FillBox& box, Value value) {
    show_value(box, value);
    changed(box);
    const std::string subject = subject_of(*form_, values());
    if (is_new_ && subject != last_subject_) find_last_time();
    check();
}

void FillForm::same_as_last(FillBox& box) {
    set(box, box.last);
}

void FillForm::add_row(FillBox& box) {
    box.rows.push_back(empty_row(box));
    number_rows(box);
}

void FillForm::remove_row(FillBox& box, std::size_t row) {
    ZF_ASSERT(row < box.rows.size());
    box.rows.erase(box.rows.begin() + static_cast<std::ptrdiff_t>(row));
    number_rows(box);
    changed(box);
    check();
}

void FillForm::put_files(FillBox& box, const std::vector<Hash256>& added,
                         const std::vector<Hash256>& instead_of) {
    List files = box.value.list() ? *box.value.list() : List{};
    const auto place = [&](const Hash256& hash) {
        return std::find(files.begin(), files.end(), Value(hash.hex()));
    };
    for (const Hash256& hash : added) {
        if (place(hash) == files.end()) files.emplace_back(hash.hex());
    }
    for (const Hash256& hash : instead_of) {
        const bool stays = std::find(added.begin(), added.end(), hash) != added.end();
        if (!stays && place(hash) != files.end()) files.erase(place(hash));
    }
    set(box, files.empty() ? Value() : Value(std::move(files)));
}

void FillForm::tick(double now) {
    if (has_changed_) {
        rests_since_ = now;
        if (!waits_since_) waits_since_ = now;
    }
    has_changed_ = false;
    if (std::exchange(checks_soon_, false)) check();
    // Whoever types without a pause loses no more than whoever stops: only messages wait for rest.
    if (waits_since_ && now - *waits_since_ >= put_by_seconds) {
        waits_since_.reset();
        put_by();
    }
    if (!rests_since_ || now - *rests_since_ < rest_seconds) return;
    rests_since_.reset();
    if (unchecked_) check();
}

std::optional<double> FillForm::due_in(double now) const {
    if (checks_soon_) return 0;
    if (has_changed_) return std::min(rest_seconds, put_by_seconds);
    std::optional<double> due;
    const auto at = [&](const std::optional<double>& since, double seconds) {
        if (!since) return;
        const double left = std::max(seconds - (now - *since), 0.0);
        due = due ? std::min(*due, left) : left;
    };
    at(rests_since_, rest_seconds);
    at(waits_since_, put_by_seconds);
    return due;
}

void FillForm::put_by() {
    draft_->autosave();
    unsaved_ = false;
    note_place();
}

void FillForm::note_place() {
    if (draft_->entered().empty()) return;
    const std::string place = draft_->id().text() + " " + at_;
    if (place == noted_) return;
    set_fact(store_->db(), place_fact, place);
    noted_ = place;
}

std::vector<FillForm::Remark> FillForm::remarks() const {
    std::vector<Remark> remarks;
    for (const FillMessage& message : loose_) remarks.push_back({"", message});
    each_box_of(sections_, [&](const FillBox& box) {
        for (const FillMessage& message : box.messages) remarks.push_back({box.path, message});
    });
    return remarks;
}

std::size_t FillForm::missing() const {
    std::size_t missing = 0;
    each_box_of(sections_, [&](const FillBox& box) {
        if (box.field->required && box.is_visible && box.is_empty()) ++missing;
    });
    return missing;
}

FillOutcome FillForm::save(const std::string& user, bool submits) {
    FillOutcome outcome;
    outcome.record = record();
    shows_all_ = shows_all_ || submits;
    check();
    if (submits) {
        for (const Remark& remark : remarks()) {
            if (remark.message.level != Level::error) continue;
            outcome.first_problem = remark.path;
            if (remark.path.empty()) outcome.error = Error{ErrorCode::not_submittable, "", ""};
            return outcome;
        }
    }
    const WriteOptions options{user};
    const auto saved = draft_->commit(options);
    if (!saved) {
        // Where a value is refused its box says why.
        FillBox* box = find(path_of_issue(saved.error().where));
        if (!box) {
            outcome.error = saved.error();
            return outcome;
        }
        box->is_touched = true;
        check();
        outcome.first_problem = box->path;
        if (box->messages.empty()) outcome.error = saved.error();
        return outcome;
    }
    outcome.saved = true;
    set_fact(store_->db(), place_fact, "");
    remember_last_time(*store_, form_->id, saved->record);
    if (!submits) return outcome;
    const auto submitted = submit_record(*store_, options, saved->record);
    outcome.submitted = submitted.has_value() && submitted->written;
    if (!submitted) outcome.error = submitted.error();
    return outcome;
}

void FillForm::discard() {
    draft_->discard();
    set_fact(store_->db(), place_fact, "");
}

}  // namespace zf
