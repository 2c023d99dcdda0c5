#include "client/ui/fill_files.h"

#include <algorithm>

#include "client/app/file_listing.h"
#include "client/app/picture_offer.h"
#include "client/ui/file_texts.h"
#include "client/ui/thumbnails.h"

namespace zf::ui {
namespace {

namespace fs = std::filesystem;

constexpr float small_width = 128, small_height = 100;

std::string key_of(const FillBox& box) {
    return "field." + box.path;
}

bool is_photo_box(const FillBox& box) {
    return box.field->type == FieldType::photos;
}

std::vector<Hash256> hashes_of(const FillBox& box) {
    std::vector<Hash256> hashes;
    const List none;
    for (const Value& element : box.value.list() ? *box.value.list() : none) {
        const auto hash = element.text() ? parse_hash256(*element.text()) : std::nullopt;
        if (hash) hashes.push_back(*hash);
    }
    return hashes;
}

template <class Visit>
void each_file_box(std::vector<FillBox>& boxes, const Visit& visit) {
    for (FillBox& box : boxes) {
        if (!box.is_visible) continue;
        if (holds_files(box.field->type)) visit(box);
        for (FillRow& row : box.rows) each_file_box(row.boxes, visit);
    }
}

}  // namespace

FillFiles::FillFiles(const Desk& desk, std::function<FillForm*()> current)
    : store_(desk.store),
      kit_(desk.kit),
      ways_(desk.ways),
      worker_(desk.file_worker),
      thumbnails_(desk.thumbnails),
      current_(std::move(current)) {}

bool FillFiles::is_adding_to(const Uuid& draft) const {
    return std::any_of(adding_.begin(), adding_.end(),
                       [&](const Adding& one) { return one.draft == draft; });
}

void FillFiles::drop(FillForm& form, const std::vector<fs::path>& files) {
    FillBox* first = nullptr;
    FillBox* in_sight = nullptr;
    FillBox* last_used = nullptr;
    for (FillSection& section : form.sections()) {
        each_file_box(section.boxes, [&](FillBox& box) {
            const WidgetState* shown = kit_.find(key_of(box));
            if (!first) first = &box;
            if (!in_sight && shown && shown->visible) in_sight = &box;
            if (box.path == last_box_) last_used = &box;
        });
    }
    FillBox* box = last_used ? last_used : in_sight ? in_sight : first;
    if (!box) {
        kit_.toast(std::string(kit_.say("fill.no_file_box")), Tone::warning);
        return;
    }
    kit_.reveal(key_of(*box));
    kit_.focus(key_of(*box));
    add(form, *box, files);
}

void FillFiles::add(FillForm& form, FillBox& box, const std::vector<fs::path>& files) {
    if (files.empty()) return;
    last_box_ = box.path;
    // The draft is on disk from here on, so that the copies find it even when it is left meanwhile.
    form.set(box, box.value);
    form.put_by();
    for (const fs::path& file : files) {
        copy({form.draft(), box.path, {}}, file, is_photo_box(box), photo_keep(store_.db()));
    }
}

void FillFiles::copy(Adding adding, const fs::path& file, bool is_photo, PhotoKeep keep) {
    adding_.push_back(adding);
    const std::string name = file.filename().string();
    worker_.post(
        "add_file",
        [this, adding, name, file, is_photo, keep,
         home = store_.home()](Worker::Progress& progress) -> Worker::Then {
            auto added =
                copy_in(home, file, is_photo, keep, [&] { return progress.is_cancelled(); });
            return [this, adding, name, added = std::move(added)] { take(adding, name, added); };
        },
        [this, adding, name](const std::string& what) {
            take(adding, name, fail(ErrorCode::internal, what));
        });
}

void FillFiles::take(const Adding& adding, const std::string& name,
                     const Result<AddedFile>& added) {
    const auto at = std::find_if(adding_.begin(), adding_.end(), [&](const Adding& one) {
        return one.draft == adding.draft && one.path == adding.path;
    });
    if (at != adding_.end()) adding_.erase(at);
    if (!added) {
        const bool is_large = added.error().code == ErrorCode::too_large;
        kit_.toast(kit_.messages().text(is_large ? "fill.file_too_large" : "fill.file_not_read",
                                        {{"name", name}}),
                   Tone::error);
        return;
    }
    const auto kept = std::make_shared<const AddedFile>(*added);
    for (const Hash256& hash : kept->hashes) {
        added_[hash] = kept;
        names_[hash] = name;
        note_attachment_name(store_.db(), hash, name);
    }
    FillForm* form = current_();
    std::optional<FillForm> left;
    if (!form || form->draft() != adding.draft) {
        // The form was left meanwhile. A draft that was discarded is gone, and its files with it.
        auto reopened = FillForm::reopen(store_, adding.draft);
        if (!reopened) return;
        left.emplace(std::move(*reopened));
        form = &*left;
    }
    FillBox* box = form->find(adding.path);
    if (!box) {
        kit_.toast(kit_.messages().text("fill.file_not_read", {{"name", name}}), Tone::error);
        return;
    }
    form->put_files(*box, kept->hashes, adding.instead_of);
    form->put_by();
}

std::vector<Option> FillFiles::keep_options() const {
    std::vector<Option> options;
    for (const PhotoKeep keep : {PhotoKeep::reduced, PhotoKeep::original, PhotoKeep::both}) {
        const std::string name(name_of(keep));
        options.push_back({name, std::string(kit_.say("photo.keep." + name)), ""});
    }
    return options;
}

std::string FillFiles::told_of(const Hash256& hash, std::size_t at) {
    const Thumbnails::Shown& shown = thumbnails_.of_attachment(hash);
    const auto known = names_.find(hash);
    if (known == names_.end()) names_[hash] = attachment_name(store_.db(), hash);
    std::string told = names_[hash];
    if (told.empty()) {
        told = std::string(kit_.say("file.kind." + std::string(name_of(shown.kind)))) + " " +
               std::to_string(at + 1);
    }
    const auto added = added_.find(hash);
    const bool is_reduced = added != added_.end() && added->second->keep != PhotoKeep::original &&
                            added->second->hashes.front() == hash;
    if (shown.state == Thumbnails::State::absent) {
        told += "\n" + std::string(kit_.say("fill.file_not_here"));
    } else if (is_reduced) {
        told += "\n" + kit_.messages().text("photo.reduced",
                                            {{"before", size_text(added->second->bytes_before)},
                                             {"after", size_text(shown.bytes)}});
    } else if (shown.bytes > 0) {
        told += "\n" + size_text(shown.bytes);
    }
    if (shown.facts && !shown.facts->camera.taken.empty()) {
        const std::string& taken = shown.facts->camera.taken;
        told += "   " + taken.substr(0, 10) + " " + taken.substr(11, 5);
    }
    return told;
}

void FillFiles::show_choice(FillForm& form, FillBox& box, const Hash256& hash,
                            const std::string& key) {
    const auto found = added_.find(hash);
    if (found == added_.end() || !found->second->can_be_reduced) return;
    const AddedFile& added = *found->second;
    if (added.hashes.front() != hash) return;
    std::string chosen(name_of(added.keep));
    if (!kit_.tabs(key + ".keep", keep_options(), chosen)) return;
    copy({form.draft(), box.path, added.hashes}, added.source, true, *photo_keep_named(chosen));
}

/// One attachment in a line: its picture, what is known of it, what can be done. True: to go.
bool FillFiles::show_file(FillForm& form, FillBox& box, const Hash256& hash, std::size_t at,
                          float width) {
    const std::string key = key_of(box) + ".file." + std::to_string(at);
    const Thumbnails::Shown& shown = thumbnails_.of_attachment(hash);
    std::string text(kit_.say("file.kind." + std::string(name_of(shown.kind))));
    if (shown.state == Thumbnails::State::absent) text = kit_.say("file.absent");
    if (shown.state == Thumbnails::State::waiting) text = "...";
    if (kit_.picture(key, text, shown.picture, kit_.px(small_width), kit_.px(small_height),
                     {.tab_stop = false}) &&
        ways_.to_pictures) {
        ways_.to_pictures(hashes_of(box), at);
    }
    kit_.same_line(kit_.px(12));
    kit_.begin_group();
    kit_.label(key + ".told", told_of(hash, at), Tone::normal, width - kit_.px(small_width + 24));
    bool removed = false;
    if (kit_.button(key + ".remove", kit_.say("action.remove"), {.tab_stop = false})) {
        removed = true;
    }
    const auto found = added_.find(hash);
    if (found != added_.end() && found->second->can_be_reduced) {
        kit_.same_line(kit_.px(16));
        show_choice(form, box, hash, key);
    }
    kit_.end_group(key + ".group", "", "");
    return removed;
}

void FillFiles::show_buttons(FillForm& form, FillBox& box, float width) {
    const std::string key = key_of(box);
    const bool is_photos = is_photo_box(box);
    if (!box.is_empty()) kit_.space(4);
    if (kit_.button(key, kit_.say(is_photos ? "fill.choose_photos" : "fill.choose_files"))) {
        last_box_ = box.path;
        FileWish wish;
        wish.title =
            kit_.say(is_photo_box(box) ? "fill.choose_photos_title" : "fill.choose_files_title");
        wish.several = true;
        wish.filter = is_photos ? FileFilter::pictures : FileFilter::all;
        wish.chosen = [this, draft = form.draft(),
                       path = box.path](const std::vector<fs::path>& files) {
            FillForm* now = current_();
            FillBox* there = now && now->draft() == draft ? now->find(path) : nullptr;
            if (there) add(*now, *there, files);
            kit_.reveal("field." + path);
            kit_.focus("field." + path);
        };
        ways_.to_files(std::move(wish));
    }
    kit_.same_line(kit_.px(8));
    std::optional<std::string> pasted;
    if (kit_.button(key + ".paste", kit_.say("fill.paste_files"), {.tab_stop = false})) {
        pasted = kit_.clipboard();
    }
    const std::string& focused = kit_.focused();
    if (focused == key || focused.starts_with(key + ".")) {
        last_box_ = box.path;
        if (auto text = kit_.pasted()) pasted = std::move(text);
    }
    if (pasted) {
        const auto files = files_in_text(*pasted);
        if (files.empty()) kit_.toast(std::string(kit_.say("fill.nothing_to_paste")));
        add(form, box, files);
    }
    if (is_photos) {
        kit_.same_line(kit_.px(24));
        kit_.align_to_box();
        kit_.label(key + ".keep_label", kit_.say("photo.keep_label"), Tone::quiet);
        kit_.same_line(kit_.px(8));
        std::string keep(name_of(photo_keep(store_.db())));
        if (kit_.tabs(key + ".keep", keep_options(), keep)) {
            set_photo_keep(store_.db(), *photo_keep_named(keep));
        }
    }
    kit_.label(key + ".hint", kit_.say(is_photos ? "fill.hint_photos" : "fill.hint_file"),
               Tone::quiet, width);
}

void FillFiles::show(FillForm& form, FillBox& box, const std::string& label, float width) {
    const std::string key = key_of(box);
    const std::vector<Hash256> hashes = hashes_of(box);
    std::optional<Hash256> removed;
    kit_.begin_group();
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        if (show_file(form, box, hashes[i], i, width)) removed = hashes[i];
    }
    const auto adding = std::count_if(adding_.begin(), adding_.end(), [&](const Adding& one) {
        return one.draft == form.draft() && one.path == box.path;
    });
    if (adding > 0) {
        kit_.label(key + ".adding",
                   kit_.messages().text("fill.adding", {{"count", std::to_string(adding)}}),
                   Tone::accent);
    }
    show_buttons(form, box, width);
    kit_.end_group(key + ".count", label, std::to_string(hashes.size()));
    if (removed) form.put_files(box, {}, {*removed});
}

void FillFiles::show_offers(
    FillForm& form, const FillBox& box,
    const std::function<std::string(const FillBox&, const Value&)>& in_words) {
    if (!is_photo_box(box)) return;
    // Of the photo that was added last and has something to say.
    const std::vector<Hash256> hashes = hashes_of(box);
    std::vector<PictureOffer> offers;
    for (auto hash = hashes.rbegin(); hash != hashes.rend() && offers.empty(); ++hash) {
        const Thumbnails::Shown& shown = thumbnails_.of_attachment(*hash);
        if (shown.facts) offers = offers_of(form, shown.facts->camera);
    }
    std::optional<PictureOffer> taken;
    for (const PictureOffer& offer : offers) {
        const FillBox* target = form.find(offer.path);
        if (kit_.button("offer." + box.path + "." + offer.path, in_words(*target, offer.value))) {
            taken = offer;
        }
    }
    if (!taken) return;
    form.set(*form.find(taken->path), taken->value);
    kit_.toast(std::string(kit_.say("fill.offer_taken")), Tone::good);
}

}  // namespace zf::ui
