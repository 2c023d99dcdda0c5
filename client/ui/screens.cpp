#include "client/ui/screens.h"

namespace zf::ui {
namespace {

constexpr std::size_t lines_per_frame = 60;

}  // namespace

Screens::Screens(DeviceStore& store, Kit& kit, Textures& textures, std::function<void()> wake,
                 SyncSeams seams)
    : kit_(kit),
      shell_(store, kit),
      thumbnails_(store.home(), file_worker_, textures),
      worker_(wake),
      file_worker_(wake),
      sync_worker_(std::move(wake)),
      lines_(store),
      desk_{store, kit, shell_, ways_, worker_, textures, file_worker_, thumbnails_, lines_},
      fill_(desk_),
      files_(desk_),
      records_(desk_),
      record_(desk_),
      coverage_(desk_),
      map_(desk_),
      sync_(desk_, sync_worker_, std::move(seams)) {
    shell_.add_screen("records", [this] { record_.is_open() ? record_.show() : records_.show(); });
}

void Screens::drop(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return;
    if (shell_.current() == "form") {
        fill_.drop(files);
    } else {
        kit_.toast(std::string(kit_.say("fill.drop_on_form")), Tone::warning);
    }
}

void Screens::show() {
    worker_.collect();
    file_worker_.collect();
    sync_worker_.collect();
    sync_.tick();
    // A few at a time: a pull of 100,000 records must not hold up a frame.
    lines_.catch_up(lines_per_frame);
    if (lines_.is_behind()) kit_.ask_frame_in(0);
    thumbnails_.begin_frame(kit_.now());
    shell_.show();
    thumbnails_.end_frame();
}

}  // namespace zf::ui
