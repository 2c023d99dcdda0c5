// The first start of a laptop that belongs to no bureau yet: language, then the way in. It stands
// in the place of everything else until there are forms to fill in.
#pragma once

#include "client/ui/desk.h"
#include "client/ui/enrol_panel.h"
#include "client/ui/shell.h"

namespace zf::ui {

class WelcomeScreen {
public:
    explicit WelcomeScreen(const Desk& desk);

    [[nodiscard]] bool is_needed() const;
    /// One frame, instead of the shell's; false when it is not needed.
    bool show();
    [[nodiscard]] Enrolment& enrolment() { return panel_.enrolment(); }

private:
    void finish();

    DeviceStore& store_;
    Kit& kit_;
    Shell& shell_;
    Settings& settings_;
    EnrolPanel panel_;
    bool was_shown_ = false;
};

}  // namespace zf::ui
