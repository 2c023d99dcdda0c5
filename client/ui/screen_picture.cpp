#include "client/ui/screen_picture.h"

#include <algorithm>

#include "client/app/photo_copy.h"
#include "client/put_away.h"
#include "client/ui/file_texts.h"
#include "client/ui/shell.h"
#include "common/base/private_files.h"

namespace zf::ui {
namespace {

namespace fs = std::filesystem;

constexpr float actions_height = 84;
/// What a screen shows; what a graphics card takes for sure.
constexpr int screen_side = 2048, most_side = 4096;

Result<std::int64_t> copy_out(const fs::path& home, Env& env, const Hash256& hash,
                              const fs::path& file) {
    const BlobStore blobs(home / "blobs");
    if (blobs.has(hash)) return blobs.copy_to(hash, file);
    // It was put away: the bureau has it, if it can be reached.
    auto store = DeviceStore::open(home, env);
    if (!store) return fail(store.error());
    return copy_attachment(**store, hash, file);
}

}  // namespace

PictureScreen::PictureScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      ways_(desk.ways),
      worker_(desk.worker),
      file_worker_(desk.file_worker),
      textures_(desk.textures),
      thumbnails_(desk.thumbnails) {
    shell_.add_screen("picture", [this] { show(); });
    desk.ways.to_pictures = [this](std::vector<Hash256> files, std::size_t at) {
        open(std::move(files), at);
    };
    desk.ways.to_picture = [this](const Hash256& file) { open({file}, 0); };
}

PictureScreen::~PictureScreen() {
    textures_.release(large_.texture);
}

void PictureScreen::open(std::vector<Hash256> files, std::size_t at) {
    if (files.empty()) return;
    if (shell_.current() != "picture") {
        came_from_ = shell_.current();
        opened_at_ = kit_.focused();
    }
    files_ = std::move(files);
    go_to(std::min(at, files_.size() - 1));
    shell_.go("picture");
    kit_.focus("picture.view");
}

void PictureScreen::let_go() {
    textures_.release(large_.texture);
    large_ = {};
    side_ = 0;
    ++asked_;
    if (task_ != 0) file_worker_.cancel(task_);
    task_ = 0;
}

void PictureScreen::go_to(std::size_t at) {
    let_go();
    at_ = at;
    view_ = {};
    name_ = attachment_name(store_.db(), files_[at_]);
    kit_.ask_frame_in(0);
}

void PictureScreen::step(int by) {
    if (by == 0) return;
    const std::size_t next = at_ + static_cast<std::size_t>(by);  // wraps below 0: too large
    if (next < files_.size()) go_to(next);
}

void PictureScreen::close() {
    let_go();
    shell_.go(came_from_);
    kit_.focus(opened_at_);
}

void PictureScreen::want_pixels(const Thumbnails::Shown& shown) {
    if (!shown.facts || shown.bytes == 0) return;
    const int own = std::max(shown.facts->width, shown.facts->height);
    const bool wants_more =
        side_ == screen_side && view_.is_beyond_pixels && own > screen_side && large_.texture != 0;
    if (side_ != 0 && !wants_more) return;
    side_ = wants_more ? most_side : screen_side;
    task_ = file_worker_.post(
        "picture",
        [this, asked = ++asked_, side = side_,
         file = store_.blobs().path_of(files_[at_])](Worker::Progress& progress) -> Worker::Then {
            const auto bytes =
                read_whole_file(file, static_cast<std::size_t>(BlobStore::blob_bytes_max));
            if (!bytes) return {};
            auto pixels = decode_image(*bytes, side, [&] { return progress.is_cancelled(); });
            if (!pixels) return {};
            return [this, asked, pixels = std::move(*pixels)] {
                if (asked != asked_) return;
                textures_.release(large_.texture);
                large_ = {textures_.upload(pixels.width, pixels.height, pixels.rgba), pixels.width,
                          pixels.height};
                view_.is_beyond_pixels = false;  // that was the former one's
                task_ = 0;
            };
        });
}

std::string PictureScreen::name_of_file(const Thumbnails::Shown& shown) const {
    if (!name_.empty()) return name_;
    std::string ending;
    if (shown.facts) ending = shown.facts->kind == ImageKind::png ? ".png" : ".jpg";
    if (shown.kind == FileKind::pdf) ending = ".pdf";
    constexpr std::size_t hash_digits = 8;
    return std::string(kit_.say("file.kind." + std::string(name_of(shown.kind)))) + "-" +
           files_[at_].hex().substr(0, hash_digits) + ending;
}

void PictureScreen::save_copy(const Thumbnails::Shown& shown) {
    FileWish wish;
    wish.title = kit_.say("picture.save_title");
    wish.saves = true;
    wish.name = name_of_file(shown);
    wish.chosen = [this, hash = files_[at_]](const std::vector<fs::path>& chosen) {
        Worker& worker = store_.blobs().has(hash) ? file_worker_ : worker_;
        const auto tell = [this](bool is_saved) {
            kit_.toast(std::string(kit_.say(is_saved ? "picture.saved" : "picture.not_saved")),
                       is_saved ? Tone::good : Tone::error);
        };
        worker.post(
            "save_copy",
            [tell, hash, file = chosen.front(), home = store_.home(),
             &env = store_.env()](Worker::Progress&) -> Worker::Then {
                const bool is_saved = copy_out(home, env, hash, file).has_value();
                return [tell, is_saved] { tell(is_saved); };
            },
            [tell](const std::string&) { tell(false); });
    };
    ways_.to_files(std::move(wish));
}

void PictureScreen::show() {
    if (files_.empty()) return;
    const Thumbnails::Shown shown = thumbnails_.of_attachment(files_[at_]);
    want_pixels(shown);
    show_head(shown);
    kit_.begin_area("picture.place", 0, kit_.height_left() - kit_.px(actions_height));
    show_file(shown);
    kit_.end_area();
    kit_.begin_area("picture.actions", 0, 0, true);
    show_actions(shown);
    kit_.end_area();
}

void PictureScreen::show_head(const Thumbnails::Shown& shown) {
    std::string told;
    if (shown.facts) {
        told = std::to_string(shown.facts->width) + " x " + std::to_string(shown.facts->height);
    }
    if (shown.bytes > 0) told += "   " + size_text(shown.bytes);
    if (shown.facts && !shown.facts->camera.taken.empty()) {
        const std::string& taken = shown.facts->camera.taken;
        told += "   " + taken.substr(0, 10) + " " + taken.substr(11, 5);
    }
    if (shown.facts && shown.facts->camera.place) {
        told += "   " + shown.facts->camera.place->lat + ", " + shown.facts->camera.place->lon;
    }
    if (files_.size() > 1) {
        kit_.label("picture.at",
                   kit_.messages().text("picture.at", {{"at", std::to_string(at_ + 1)},
                                                       {"count", std::to_string(files_.size())}}),
                   Tone::accent);
        kit_.same_line(kit_.px(16));
    }
    kit_.line_label("picture.name", name_of_file(shown), Tone::normal, kit_.width_left() * 0.4F,
                    true);
    kit_.same_line(kit_.px(16));
    kit_.line_label("picture.told", told, Tone::quiet, kit_.width_left(), true);
}

void PictureScreen::show_file(const Thumbnails::Shown& shown) {
    const float width = kit_.width_left(), height = kit_.height_left();
    const Picture& picture = large_.texture != 0 ? large_ : shown.picture;
    if (picture.texture != 0) {
        step(kit_.close_up("picture.view", name_of_file(shown), picture, view_, width, height));
        return;
    }
    const std::string kind(name_of(shown.kind));
    std::string text(kit_.say("file.kind." + kind));
    Tone tone = Tone::normal;
    if (shown.state == Thumbnails::State::waiting) text = kit_.say("picture.opening");
    if (shown.state == Thumbnails::State::absent) {
        text = kit_.say("picture.absent");
        tone = Tone::warning;
    } else if (shown.kind == FileKind::picture && shown.state == Thumbnails::State::no_picture) {
        text = kit_.say("picture.unreadable");
        tone = Tone::warning;
    } else if (shown.state == Thumbnails::State::no_picture) {
        text += ": " + std::string(kit_.say("picture.other_kind"));
    }
    kit_.space(48);
    kit_.label("picture.none", text, tone);
}

void PictureScreen::show_actions(const Thumbnails::Shown& shown) {
    if (kit_.button("action.back", kit_.say("action.back")) || kit_.escape_pressed()) {
        close();
        return;
    }
    int steps = kit_.pages_turned();
    const auto press = [&](const char* key, bool enabled) {
        kit_.same_line();
        return kit_.button(key, kit_.say(key), {.enabled = enabled});
    };
    if (press("picture.previous", at_ > 0)) --steps;
    if (press("picture.next", at_ + 1 < files_.size())) ++steps;
    const bool is_picture = shown.state == Thumbnails::State::ready;
    kit_.same_line(kit_.px(24));
    if (kit_.button("picture.closer", kit_.say("picture.closer"),
                    {.enabled = is_picture && view_.zoom < zoom_max})) {
        zoom(view_, 1.25F);
    }
    if (press("picture.farther", is_picture && view_.zoom > 1)) zoom(view_, 0.8F);
    if (press("picture.fit", is_picture && view_.zoom > 1)) view_ = {};
    kit_.same_line(kit_.px(24));
    const bool is_anywhere = shown.state != Thumbnails::State::absent;
    if (kit_.button("picture.save", kit_.say("picture.save"), {.enabled = is_anywhere})) {
        save_copy(shown);
    }
    if (steps != 0) step(steps);
}

}  // namespace zf::ui
