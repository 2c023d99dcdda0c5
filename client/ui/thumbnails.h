// Small pictures of attachments and files for any screen: asked for while a frame is drawn, made
// on a worker (what came into sight last goes first), put by as textures, of which about a hundred
// stay. Knows no widgets; how one is drawn is Kit::picture.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "client/app/thumbnail.h"
#include "client/app/worker.h"
#include "client/ui/textures.h"

namespace zf::ui {

class Thumbnails {
public:
    enum class State {
        waiting,     // is being made
        ready,       // `picture` is it
        no_picture,  // a file of another kind, or a picture that cannot be read
        absent       // the file is not here (yet)
    };
    struct Shown {
        State state = State::waiting;
        Picture picture;
        FileKind kind = FileKind::other;
        std::int64_t bytes = 0;
        std::optional<ImageFacts> facts;
    };

    /// `worker` must not outlive what is given here.
    Thumbnails(std::filesystem::path home, Worker& worker, Textures& textures);
    ~Thumbnails();
    Thumbnails(const Thumbnails&) = delete;
    Thumbnails& operator=(const Thumbnails&) = delete;

    /// What there is to show now; it is made when there is nothing yet. Valid until the frame ends.
    const Shown& of_attachment(const Hash256& hash);
    /// Of a file anywhere; one that has changed since is another.
    const Shown& of_file(const std::filesystem::path& file, std::int64_t changed_ms);

    /// Around each frame, on the screens' thread. `now` in seconds: what was absent is looked for
    /// again after a while.
    void begin_frame(double now);
    void end_frame();

private:
    struct Entry {
        Shown shown;
        std::optional<Hash256> hash;
        std::filesystem::path file;
        std::int64_t seen = 0;        // frame in which it was asked for last
        std::int64_t seen_since = 0;  // first frame of those in a row
        std::int64_t order = 0;       // among those of the frame
        double looked_at = 0;
        bool is_wanted = true;
    };

    const Shown& ask(const std::string& key, Entry fresh);
    void take(const std::string& key, Result<Thumbnail> made);
    void make_room();

    std::filesystem::path home_;
    Worker& worker_;
    Textures& textures_;
    std::map<std::string, Entry> entries_;
    std::int64_t frame_ = 1, asked_ = 0;
    double now_ = 0;
    bool is_busy_ = false;
};

}  // namespace zf::ui
