#include "client/ui/screen_welcome.h"

#include <algorithm>
#include <utility>

#include "client/ui/language_tabs.h"

namespace zf::ui {
namespace {

constexpr float content_width = 800;

}  // namespace

WelcomeScreen::WelcomeScreen(const Desk& desk)
    : store_(desk.store),
      kit_(desk.kit),
      shell_(desk.shell),
      settings_(desk.settings),
      panel_(desk) {}

bool WelcomeScreen::is_needed() const {
    return !store_.membership() || store_.log().forms().forms.empty();
}

bool WelcomeScreen::show() {
    if (!is_needed()) {
        if (std::exchange(was_shown_, false)) finish();
        return false;
    }
    // What the text asks for, Ctrl+V, works at once.
    if (!std::exchange(was_shown_, true)) kit_.focus("enrol.invitation");
    const float width = std::min(kit_.px(content_width), kit_.width_left());
    const float left = (kit_.width_left() - width) / 2;
    kit_.go_to_column(left);
    kit_.begin_area("welcome", width, 0);
    kit_.space(8);
    kit_.heading("welcome.title", kit_.say("welcome.title"));
    language_tabs(kit_, settings_, "settings.language");
    kit_.space(8);
    kit_.label("welcome.about", kit_.say("welcome.about"), Tone::quiet);
    kit_.space(12);
    panel_.show();
    kit_.end_area();
    return true;
}

void WelcomeScreen::finish() {
    const auto users = store_.users();
    if (users.size() == 1) shell_.set_user(users.front());
    shell_.changed();
    kit_.toast(std::string(kit_.say("welcome.done")), Tone::good);
}

}  // namespace zf::ui
