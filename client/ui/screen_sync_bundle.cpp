// Bundles to and from a USB stick, and room on this laptop's disk.
#include <algorithm>

#include "client/ui/screen_sync.h"
#include "client/ui/sync_texts.h"

namespace zf::ui {
namespace {

namespace fs = std::filesystem;

constexpr float pick_width = 420;
constexpr std::size_t digits_shown = 8;

std::string of(std::int64_t number) {
    return std::to_string(number);
}

}  // namespace

void SyncScreen::look_for_drives_in(std::vector<fs::path> roots) {
    drive_roots_ = std::move(roots);
    has_looked_ = false;
}

void SyncScreen::look_for_bundles() {
    if (has_looked_ || is_looking_) return;
    has_looked_ = is_looking_ = true;
    file_helper_.post(
        "sync.drives",
        [this, roots = drive_roots_](Worker::Progress&) -> Worker::Then {
            return [this, places = bundle_places(roots)] {
                is_looking_ = false;
                places_ = places;
            };
        },
        [this](const std::string&) { is_looking_ = false; });
}

std::string SyncScreen::name_of_device(const DeviceId& id) const {
    const auto server = store_.bureau().server();
    if (server && server->id == id) return std::string(kit_.say("sync.bundle.server"));
    const std::string digits = id.hex().substr(0, digits_shown);
    const auto device = store_.bureau().find_device(id);
    if (!device) return digits;
    std::string people;
    for (const std::string& user : device->users) people += (people.empty() ? "" : ", ") + user;
    return people + "  " + device->name + " " + digits;
}

std::vector<Option> SyncScreen::receivers(const std::string& typed) const {
    std::vector<Option> options;
    const auto offer = [&](std::string id, std::string label) {
        if (label.find(typed) != std::string::npos) {
            options.push_back({std::move(id), std::move(label), ""});
        }
    };
    offer("server", std::string(kit_.say("sync.bundle.server")));
    for (const Device& device : store_.bureau().devices()) {
        if (device.revoked || device.id == store_.device()) continue;
        offer(device.id.hex(), name_of_device(device.id));
    }
    return options;
}

void SyncScreen::show_bundle() {
    look_for_bundles();
    kit_.label("sync.bundle.about", kit_.say("sync.bundle.about"), Tone::quiet);
    if (const auto live = bundle_.live()) {
        const float done = live->whole > 0
                               ? static_cast<float>(live->bytes) / static_cast<float>(live->whole)
                               : -1;
        const std::string text = live->is_stopping
                                     ? std::string(kit_.say("sync.stopping"))
                                     : kit_.messages().text(live->is_import ? "sync.bundle.reading"
                                                                            : "sync.bundle.writing",
                                                            {{"bytes", bytes_text(live->bytes)}});
        if (kit_.progress("sync.bundle.progress", text, std::min(done, 1.0F))) bundle_.cancel();
        return;
    }
    if (bundle_outcome_) show_bundle_outcome();
    if (kit_.button("sync.bundle.look", kit_.say("sync.bundle.look"))) has_looked_ = false;
    kit_.same_line();
    kit_.align_to_box();
    kit_.label("sync.bundle.found",
               places_.empty() ? std::string(kit_.say("sync.bundle.no_drive"))
                               : kit_.messages().text(
                                     "sync.bundle.drives",
                                     {{"count", of(static_cast<std::int64_t>(places_.size()))}}),
               Tone::quiet);
    show_export();
    show_import();
}

void SyncScreen::show_export() {
    kit_.heading("sync.bundle.out", kit_.say("sync.bundle.out"));
    std::string chosen = receiver_.empty() ? "server" : receiver_;
    const auto id = parse_device_id(chosen);
    PickOptions options;
    options.width = kit_.px(pick_width);
    options.can_clear = false;
    kit_.align_to_box();
    kit_.label("sync.bundle.to.label", kit_.say("sync.bundle.to"), Tone::quiet,
               kit_.text_width(kit_.say("sync.bundle.to")) + kit_.px(4));
    kit_.same_line();
    if (kit_.pick(
            "sync.bundle.to", kit_.say("sync.bundle.to"),
            id ? name_of_device(*id) : std::string(kit_.say("sync.bundle.server")), chosen,
            [this](const std::string& typed) { return receivers(typed); }, options)) {
        receiver_ = chosen == "server" ? "" : chosen;
    }
    const auto receiver = parse_device_id(receiver_);
    const std::string name = bundle_name(store_, receiver);
    const auto write = [this, receiver](const fs::path& file) {
        bundle_outcome_.reset();
        bundle_.start({false, file, receiver});
    };
    ButtonOptions look{.look = ButtonLook::primary};
    look.enabled = !run_.is_busy();
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const std::string drive = places_[i].folder.filename().string();
        if (kit_.button("sync.bundle.write." + of(static_cast<std::int64_t>(i)),
                        kit_.messages().text("sync.bundle.write", {{"drive", drive}}), look)) {
            write(places_[i].folder / name);
        }
        kit_.same_line();
    }
    look.look = ButtonLook::normal;
    if (kit_.button("sync.bundle.write_elsewhere", kit_.say("sync.bundle.write_elsewhere"), look)) {
        FileWish wish;
        wish.title = kit_.say("sync.bundle.out");
        wish.saves = true;
        wish.name = name;
        wish.chosen = [this, write](const std::vector<fs::path>& files) {
            shell_.go("sync");
            write(files.front());
        };
        ways_.to_files(std::move(wish));
    }
}

void SyncScreen::show_import() {
    kit_.heading("sync.bundle.in", kit_.say("sync.bundle.in"));
    const auto read = [this](const fs::path& file) {
        bundle_outcome_.reset();
        bundle_.start({true, file, {}});
    };
    ButtonOptions look;
    look.enabled = !run_.is_busy();
    std::int64_t number = 0;
    for (const BundlePlace& place : places_) {
        for (const fs::path& file : place.bundles) {
            const std::string key = "sync.bundle.file." + of(number++);
            if (kit_.button(key, kit_.say("sync.bundle.read"), look)) read(file);
            kit_.same_line();
            kit_.align_to_box();
            kit_.label(key + ".name",
                       place.folder.filename().string() + " / " + file.filename().string());
        }
    }
    if (number == 0 && !places_.empty()) {
        kit_.label("sync.bundle.no_files", kit_.say("sync.bundle.no_files"), Tone::quiet);
    }
    if (kit_.button("sync.bundle.read_elsewhere", kit_.say("sync.bundle.read_elsewhere"), look)) {
        FileWish wish;
        wish.title = kit_.say("sync.bundle.in");
        wish.chosen = [this, read](const std::vector<fs::path>& files) {
            shell_.go("sync");
            read(files.front());
        };
        ways_.to_files(std::move(wish));
    }
}

void SyncScreen::show_bundle_outcome() {
    const Messages& messages = kit_.messages();
    const BundleOutcome& outcome = *bundle_outcome_;
    if (outcome.error) {
        const std::string trouble(bundle_trouble_of(*outcome.error, outcome.was_stopped));
        kit_.label(
            "sync.bundle.outcome",
            messages.text("sync.bundle.error." + trouble, {{"reason", outcome.error->message}}),
            outcome.was_stopped ? Tone::warning : Tone::error);
        return;
    }
    const BundleSummary& summary = outcome.summary;
    if (!outcome.order.is_import) {
        kit_.label("sync.bundle.outcome",
                   messages.text("sync.bundle.written", {{"bytes", bytes_text(summary.bytes)},
                                                         {"file", outcome.order.file.string()},
                                                         {"files", of(summary.attachments)},
                                                         {"saves", of(summary.changesets)},
                                                         {"to", name_of_device(summary.to)}}),
                   Tone::good);
        return;
    }
    kit_.label("sync.bundle.outcome",
               messages.text("sync.bundle.taken", {{"files", of(summary.attachments)},
                                                   {"from", name_of_device(summary.from)},
                                                   {"repeated", of(summary.repeated)},
                                                   {"saves", of(summary.changesets)}}),
               Tone::good);
    if (!summary.errors.empty()) {
        const auto count = static_cast<std::int64_t>(summary.errors.size());
        kit_.label(
            "sync.bundle.left_out",
            messages.text("sync.bundle.left_out",
                          {{"count", of(count)}, {"reason", summary.errors.front().message}}),
            Tone::warning);
    }
    show_waiting(summary.not_applied, "sync.waiting.title");
}

void SyncScreen::make_room(bool rehearses) {
    const auto days = std::stoll(days_);
    is_making_room_ = true;
    room_.reset();
    room_is_rehearsal_ = rehearses;
    helper_.post(
        "sync.room",
        [this, home = store_.home(), &env = job_env_, days,
         rehearses](Worker::Progress&) -> Worker::Then {
            auto store = DeviceStore::open(home, env);
            Result<PutAway> done = store ? put_away_older(**store, days, rehearses)
                                         : Result<PutAway>(fail(store.error()));
            return [this, done = std::move(done)] {
                is_making_room_ = false;
                room_ = done;
                counted_at_ = -1;
            };
        },
        [this](const std::string& broken) {
            is_making_room_ = false;
            room_ = Result<PutAway>(fail(ErrorCode::internal, broken));
        });
}

void SyncScreen::show_room() {
    const Messages& messages = kit_.messages();
    kit_.label("sync.room.about", kit_.say("sync.room.about"), Tone::quiet);
    std::vector<Option> ages;
    for (const char* days : {"30", "90", "180", "365"}) {
        ages.push_back({days, messages.text("sync.room.days", {{"days", days}}), ""});
    }
    if (kit_.tabs("sync.room.age", ages, days_)) room_.reset();
    kit_.space(8);
    ButtonOptions look;
    look.enabled = !is_making_room_;
    if (kit_.button("sync.room.rehearse", kit_.say("sync.room.rehearse"), look)) make_room(true);
    kit_.same_line();
    ButtonOptions act{.look = ButtonLook::primary};
    act.enabled = room_ && *room_ && room_is_rehearsal_ && (*room_)->attachments > 0;
    if (kit_.button("sync.room.put_away", kit_.say("sync.room.put_away"), act)) make_room(false);
    if (is_making_room_) {
        kit_.label("sync.room.told", kit_.say("sync.account.drawing_up"), Tone::quiet);
    }
    if (!room_) return;
    if (!*room_) {
        kit_.label("sync.room.told",
                   messages.text("sync.error.other", {{"reason", room_->error().message}}),
                   Tone::error);
        return;
    }
    const PutAway& done = **room_;
    kit_.label("sync.room.told",
               messages.text(room_is_rehearsal_ ? "sync.room.would" : "sync.room.done",
                             {{"bytes", bytes_text(done.bytes)},
                              {"count", of(done.attachments)},
                              {"unknown", of(done.kept_without_receipt)},
                              {"younger", of(done.kept_younger)}}),
               room_is_rehearsal_ ? Tone::normal : Tone::good);
}

}  // namespace zf::ui
