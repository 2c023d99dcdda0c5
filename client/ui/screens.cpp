#include "client/ui/screens.h"

namespace zf::ui {

Screens::Screens(DeviceStore& store, Kit& kit, Textures& textures, std::function<void()> wake)
    : shell_(store, kit),
      worker_(std::move(wake)),
      desk_{store, kit, shell_, ways_, worker_, textures},
      fill_(desk_),
      coverage_(desk_) {}

void Screens::show() {
    worker_.collect();
    shell_.show();
}

}  // namespace zf::ui
