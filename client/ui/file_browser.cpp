#include "client/ui/file_browser.h"

#include <algorithm>
#include <cstdlib>

#include "client/ui/file_texts.h"
#include "client/ui/shell.h"
#include "client/ui/thumbnails.h"
#include "common/store/schema.h"

namespace zf::ui {
namespace {

namespace fs = std::filesystem;

constexpr float places_width = 236, actions_height = 84, tile_width = 184, tile_height = 176;
constexpr float row_height = 56, gap = 8;
/// How soon a drive that was put in, or a new file, is seen.
constexpr double look_again_seconds = 3;
constexpr std::string_view recent_fact = "files.recent";
constexpr std::size_t recent_max = 4;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

}  // namespace

FileBrowser::FileBrowser(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      worker_(desk.file_worker),
      thumbnails_(desk.thumbnails),
      home_(environment("HOME")),
      drive_roots_(drive_roots_of(environment("USER"))) {
    shell_.add_screen("files", [this] { show(); });
    desk.ways.to_files = [this](FileWish wish) { ask(std::move(wish)); };
}

void FileBrowser::look_in(fs::path home, std::vector<fs::path> drive_roots) {
    home_ = std::move(home);
    drive_roots_ = std::move(drive_roots);
}

std::vector<FilePlace> FileBrowser::recent_places() const {
    std::vector<FilePlace> recent;
    const std::string kept = find_fact(store_.db(), recent_fact).value_or("");
    for (const fs::path& folder : files_in_text(kept)) {
        std::error_code error;
        if (fs::is_directory(folder, error)) {
            recent.push_back({"recent", folder.filename().string(), folder});
        }
    }
    return recent;
}

void FileBrowser::remember() const {
    std::string kept = folder_.string() + "\n";
    std::size_t count = 1;
    for (const FilePlace& place : recent_places()) {
        if (place.path == folder_ || count == recent_max) continue;
        kept += place.path.string() + "\n";
        ++count;
    }
    set_fact(store_.db(), recent_fact, kept);
}

fs::path FileBrowser::begin_at() const {
    // A stick that was put in was put in for this.
    const auto places = find_places(home_, drive_roots_);
    if (!places.empty() && places.front().kind == "drive") return places.front().path;
    const auto recent = recent_places();
    if (!recent.empty()) return recent.front().path;
    return places.empty() ? home_ : places.front().path;
}

void FileBrowser::ask(FileWish wish) {
    if (shell_.current() != "files") came_from_ = shell_.current();
    wish_ = std::move(wish);
    filter_ = wish_.filter;
    order_ = filter_ == FileFilter::pictures ? FileOrder::newest : FileOrder::by_name;
    places_.clear();
    go_into(begin_at());
    shell_.go("files");
    if (wish_.saves) kit_.focus("files.name");
}

void FileBrowser::go_into(const fs::path& folder) {
    folder_ = folder;
    listing_ = {};
    chosen_.clear();
    trouble_.clear();
    is_fresh_ = true;
    look();
}

void FileBrowser::look() {
    is_looking_ = true;
    looked_at_ = kit_.now();
    worker_.post("list_folder",
                 [this, asked = ++asked_, folder = folder_, filter = filter_, order = order_,
                  home = home_, roots = drive_roots_](Worker::Progress&) -> Worker::Then {
                     auto listing = list_folder(folder, filter, order);
                     auto places = find_places(home, roots);
                     return
                         [this, asked, listing = std::move(listing), places = std::move(places)] {
                             if (asked == asked_) take(listing, places);
                         };
                 });
}

void FileBrowser::take(Result<Listing> listing, std::vector<FilePlace> places) {
    is_looking_ = false;
    places_ = std::move(places);
    trouble_.clear();
    if (!listing) {
        listing_ = {};
        trouble_ = kit_.say("files.no_folder");
        return;
    }
    listing_ = std::move(*listing);
    std::erase_if(chosen_, [&](const fs::path& path) {
        return std::none_of(listing_.files.begin(), listing_.files.end(),
                            [&](const ListedFile& file) { return file.path == path; });
    });
    if (std::exchange(is_fresh_, false) && !wish_.saves && !listing_.files.empty()) {
        kit_.focus("row." + listing_.files.front().name);
    }
}

void FileBrowser::close() {
    listing_ = {};
    ++asked_;  // what is still being looked for is nobody's
    shell_.go(came_from_);
}

void FileBrowser::choose() {
    std::vector<fs::path> chosen;
    if (wish_.saves) {
        chosen.push_back(folder_ / wish_.name);
    } else {
        // In the order in which they lie there.
        for (const ListedFile& file : listing_.files) {
            if (chosen_.contains(file.path)) chosen.push_back(file.path);
        }
    }
    remember();
    close();
    if (wish_.chosen) wish_.chosen(std::move(chosen));
}

void FileBrowser::press(const ListedFile& file) {
    if (file.kind == FileKind::folder) {
        go_into(file.path);
        return;
    }
    if (wish_.saves) {
        wish_.name = file.name;
        return;
    }
    const bool was_chosen = chosen_.contains(file.path);
    if (was_chosen && !wish_.several) {
        choose();
        return;
    }
    if (!wish_.several) chosen_.clear();
    if (was_chosen) {
        chosen_.erase(file.path);
    } else {
        chosen_.insert(file.path);
    }
}

std::string FileBrowser::name_of_place(const FilePlace& place) const {
    if (place.kind == "drive") {
        return kit_.messages().text("files.place.drive", {{"name", place.name}});
    }
    return place.name.empty() ? std::string(kit_.say("files.place." + place.kind)) : place.name;
}

void FileBrowser::show() {
    if (kit_.now() - looked_at_ > look_again_seconds && !is_looking_) look();
    kit_.ask_frame_in(look_again_seconds + 0.1);
    show_head();
    const float height = kit_.height_left() - kit_.px(actions_height);
    kit_.begin_area("files.places", kit_.px(places_width), height, true);
    show_places();
    kit_.end_area();
    kit_.same_line(kit_.px(8));
    kit_.begin_area("files.list", 0, height);
    show_files();
    kit_.end_area();
    kit_.begin_area("files.actions", 0, 0, true);
    show_actions();
    kit_.end_area();
}

void FileBrowser::show_head() {
    kit_.heading("files.title", wish_.title);
    if (kit_.button("files.up", kit_.say("files.up"), {.enabled = folder_.has_relative_path()})) {
        go_into(folder_.parent_path());
    }
    kit_.same_line();
    kit_.align_to_box();
    const std::string folder = folder_.string();
    kit_.line_label("files.folder", folder, Tone::quiet, kit_.width_left() - kit_.px(460), true);
    kit_.same_line(kit_.px(16));
    std::string order = order_ == FileOrder::newest ? "newest" : "by_name";
    const std::vector<Option> orders{{"newest", std::string(kit_.say("files.order.newest")), ""},
                                     {"by_name", std::string(kit_.say("files.order.by_name")), ""}};
    const bool orders_anew = kit_.tabs("files.order", orders, order);
    if (orders_anew) order_ = order == "newest" ? FileOrder::newest : FileOrder::by_name;
    bool filters_anew = false;
    if (wish_.filter == FileFilter::pictures) {
        kit_.same_line(kit_.px(16));
        bool all = filter_ == FileFilter::all;
        filters_anew = kit_.checkbox("files.all", kit_.say("files.all"), all);
        filter_ = all ? FileFilter::all : FileFilter::pictures;
    }
    if (orders_anew || filters_anew) look();
}

void FileBrowser::show_places() {
    std::optional<fs::path> wanted;
    const auto show = [&](const FilePlace& place) {
        ButtonOptions look;
        look.width = -1;
        look.at_left = true;
        look.selected = place.path == folder_;
        const std::string id = place.name.empty() ? place.kind : place.kind + "." + place.name;
        if (kit_.button("files.place." + id, name_of_place(place), look)) wanted = place.path;
    };
    for (const FilePlace& place : places_) show(place);
    auto recent = recent_places();
    std::erase_if(recent, [&](const FilePlace& one) {
        return std::any_of(places_.begin(), places_.end(),
                           [&](const FilePlace& place) { return place.path == one.path; });
    });
    if (!recent.empty()) {
        kit_.space(8);
        kit_.label("files.recent", kit_.say("files.recent"), Tone::quiet);
    }
    for (const FilePlace& place : recent) show(place);
    if (wanted) go_into(*wanted);
}

void FileBrowser::show_tile(const ListedFile& file, float width, float height, bool is_row) {
    const bool is_folder = file.kind == FileKind::folder;
    Picture small;
    std::string text(kit_.say("file.kind." + std::string(name_of(file.kind))));
    if (file.kind == FileKind::picture) {
        const Thumbnails::Shown& shown = thumbnails_.of_file(file.path, file.changed_ms);
        small = shown.picture;
        if (shown.state == Thumbnails::State::waiting) text = "...";
        // A tile has room to say so.
        if (shown.state == Thumbnails::State::no_picture && !is_row) {
            text = kit_.say("file.unreadable");
        }
    }
    PictureOptions options;
    options.caption = file.name;
    options.is_row = is_row;
    if (is_row && !is_folder) {
        options.detail = size_text(file.bytes) + "   " + minute_text(file.changed_ms);
    }
    options.selected = chosen_.contains(file.path);
    if (kit_.picture("row." + file.name, text, small, width, height, options)) press(file);
}

void FileBrowser::show_files() {
    if (!trouble_.empty()) {
        kit_.label("files.trouble", trouble_, Tone::error);
        return;
    }
    if (listing_.files.empty()) {
        kit_.label("files.empty", kit_.say(is_looking_ ? "files.looking" : "files.empty"),
                   Tone::quiet);
    }
    const bool is_row = filter_ != FileFilter::pictures;
    const float room = kit_.width_left(), between = kit_.px(gap);
    const float height = kit_.px(is_row ? row_height : tile_height);
    const float fitting = (room + between) / (kit_.px(tile_width) + between);
    const auto columns =
        is_row ? std::size_t{1} : static_cast<std::size_t>(std::max(fitting, 1.0F));
    const float width = (room + between) / static_cast<float>(columns) - between;
    // A copy: what is pressed may lead into another folder.
    const std::vector<ListedFile> files = listing_.files;
    kit_.only_in_sight((files.size() + columns - 1) / columns, height, [&](std::size_t row) {
        const std::size_t end = std::min((row + 1) * columns, files.size());
        for (std::size_t at = row * columns; at < end; ++at) {
            if (at > row * columns) kit_.same_line(between);
            show_tile(files[at], width, height, is_row);
        }
    });
    if (listing_.left_out > 0) {
        kit_.label(
            "files.left_out",
            kit_.messages().text("files.left_out", {{"count", std::to_string(listing_.left_out)}}),
            Tone::quiet);
    }
}

void FileBrowser::show_name() {
    TextOptions options;
    options.hint = kit_.say("files.name");
    options.width = kit_.px(420);
    options.search = true;
    const Edited edited = kit_.text_box("files.name", kit_.say("files.name"), wish_.name, options);
    kit_.same_line();
    std::error_code error;
    const bool is_name = !wish_.name.empty() && wish_.name.find('/') == std::string::npos &&
                         wish_.name != "." && wish_.name != "..";
    const bool replaces = is_name && fs::exists(folder_ / wish_.name, error);
    ButtonOptions look;
    look.look = replaces ? ButtonLook::danger : ButtonLook::primary;
    look.enabled = is_name && trouble_.empty() && !is_looking_;
    const bool pressed =
        kit_.button("files.save", kit_.say(replaces ? "files.replace" : "files.save"), look);
    if (replaces) {
        kit_.same_line();
        kit_.align_to_box();
        kit_.line_label("files.replaces", kit_.say("files.replaces"), Tone::warning,
                        kit_.width_left());
    }
    // Enter saves a new file; what is there is replaced by its button only.
    if (pressed || (edited.entered && look.enabled && !replaces)) choose();
}

void FileBrowser::show_actions() {
    if (kit_.button("action.back", kit_.say("action.back")) || kit_.escape_pressed()) {
        close();
        return;
    }
    kit_.same_line();
    if (wish_.saves) {
        show_name();
        return;
    }
    std::int64_t bytes = 0;
    for (const ListedFile& file : listing_.files) {
        if (chosen_.contains(file.path)) bytes += file.bytes;
    }
    ButtonOptions look;
    look.look = ButtonLook::primary;
    look.enabled = !chosen_.empty();
    if (kit_.button("files.choose", kit_.say("files.choose"), look)) {
        choose();
        return;
    }
    kit_.same_line();
    kit_.align_to_box();
    kit_.label("files.chosen",
               chosen_.empty() ? std::string(kit_.say("files.none_chosen"))
                               : kit_.messages().text("files.chosen",
                                                      {{"count", std::to_string(chosen_.size())},
                                                       {"size", size_text(bytes)}}),
               Tone::quiet);
}

}  // namespace zf::ui
