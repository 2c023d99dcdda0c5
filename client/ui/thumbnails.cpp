#include "client/ui/thumbnails.h"

#include <algorithm>
#include <vector>

namespace zf::ui {
namespace {

constexpr std::size_t textures_max = 100, entries_max = 5000;
constexpr double look_again_seconds = 3;

}  // namespace

Thumbnails::Thumbnails(std::filesystem::path home, Worker& worker, Textures& textures)
    : home_(std::move(home)), worker_(worker), textures_(textures) {}

Thumbnails::~Thumbnails() {
    for (const auto& [key, entry] : entries_) textures_.release(entry.shown.picture.texture);
}

const Thumbnails::Shown& Thumbnails::of_attachment(const Hash256& hash) {
    Entry fresh;
    fresh.hash = hash;
    return ask(hash.hex(), std::move(fresh));
}

const Thumbnails::Shown& Thumbnails::of_file(const std::filesystem::path& file,
                                             std::int64_t changed_ms) {
    Entry fresh;
    fresh.file = file;
    return ask(file.string() + " " + std::to_string(changed_ms), std::move(fresh));
}

const Thumbnails::Shown& Thumbnails::ask(const std::string& key, Entry fresh) {
    Entry& entry = entries_.try_emplace(key, std::move(fresh)).first->second;
    if (entry.seen < frame_ - 1) entry.seen_since = frame_;
    if (entry.seen != frame_) entry.order = ++asked_;
    entry.seen = frame_;
    // An attachment may arrive with any sync; a texture may have made room for others.
    const bool is_due = now_ - entry.looked_at > look_again_seconds || now_ < entry.looked_at;
    if (entry.shown.state == State::absent && is_due) entry.is_wanted = true;
    return entry.shown;
}

void Thumbnails::begin_frame(double now) {
    now_ = now;
    ++frame_;
}

void Thumbnails::end_frame() {
    if (is_busy_) return;
    // What came into sight last, from the top.
    const std::string* next = nullptr;
    const Entry* wished = nullptr;
    for (const auto& [key, entry] : entries_) {
        if (!entry.is_wanted || entry.seen != frame_) continue;
        const bool is_better =
            !wished || entry.seen_since > wished->seen_since ||
            (entry.seen_since == wished->seen_since && entry.order < wished->order);
        if (!is_better) continue;
        next = &key;
        wished = &entry;
    }
    if (!wished) return;
    is_busy_ = true;
    worker_.post(
        "thumbnail",
        [this, key = *next, home = home_, hash = wished->hash,
         file = wished->file](Worker::Progress& progress) -> Worker::Then {
            const GiveUp gives_up = [&] { return progress.is_cancelled(); };
            auto made = hash ? thumbnail_of_attachment(home, *hash, gives_up)
                             : thumbnail_of_file(file, gives_up);
            return [this, key, made = std::move(made)] { take(key, made); };
        },
        [this, key = *next](const std::string& what) {
            take(key, fail(ErrorCode::internal, what));
        });
}

void Thumbnails::take(const std::string& key, Result<Thumbnail> made) {
    is_busy_ = false;
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    entry.is_wanted = false;
    entry.looked_at = now_;
    if (!made) {
        entry.shown.state = State::absent;
        return;
    }
    entry.shown.kind = made->kind;
    entry.shown.bytes = made->bytes;
    entry.shown.facts = made->facts;
    if (made->pixels.rgba.empty()) {
        entry.shown.state = State::no_picture;
        return;
    }
    make_room();
    textures_.release(entry.shown.picture.texture);
    entry.shown.picture = {
        textures_.upload(made->pixels.width, made->pixels.height, made->pixels.rgba),
        made->pixels.width, made->pixels.height};
    entry.shown.state = State::ready;
}

void Thumbnails::make_room() {
    const auto oldest = [&](bool with_texture) {
        auto found = entries_.end();
        std::size_t count = 0;
        for (auto at = entries_.begin(); at != entries_.end(); ++at) {
            if (with_texture && at->second.shown.picture.texture == 0) continue;
            ++count;
            const bool is_in_sight = at->second.seen >= frame_ - 1;
            if (is_in_sight) continue;
            if (found == entries_.end() || at->second.seen < found->second.seen) found = at;
        }
        return count >= (with_texture ? textures_max : entries_max) ? found : entries_.end();
    };
    for (const bool with_texture : {true, false}) {
        const auto gone = oldest(with_texture);
        if (gone == entries_.end()) continue;
        textures_.release(gone->second.shown.picture.texture);
        entries_.erase(gone);
    }
}

}  // namespace zf::ui
