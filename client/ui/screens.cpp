#include "client/ui/screens.h"

namespace zf::ui {

Screens::Screens(DeviceStore& store, Kit& kit, Textures& textures, std::function<void()> wake)
    : kit_(kit),
      shell_(store, kit),
      thumbnails_(store.home(), file_worker_, textures),
      worker_(wake),
      file_worker_(std::move(wake)),
      desk_{store, kit, shell_, ways_, worker_, textures, file_worker_, thumbnails_},
      fill_(desk_),
      files_(desk_),
      coverage_(desk_) {}

void Screens::show() {
    worker_.collect();
    file_worker_.collect();
    thumbnails_.begin_frame(kit_.now());
    shell_.show();
    thumbnails_.end_frame();
}

}  // namespace zf::ui
