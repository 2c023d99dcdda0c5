// The boxes and steps by which a laptop, or one more person on it, comes into a bureau. What
// happens is client/app/enrolment.h; this draws it, on the first screen and in the settings.
#pragma once

#include <string>

#include "client/app/enrolment.h"
#include "client/ui/desk.h"

namespace zf::ui {

class EnrolPanel {
public:
    explicit EnrolPanel(const Desk& desk);

    /// One frame. True when a laptop or a person has just been enrolled, once.
    bool show();
    [[nodiscard]] Enrolment& enrolment() { return enrolment_; }

private:
    void show_boxes();
    void show_box(std::string_view key, std::string& value, std::string_view hint);
    void show_comparison();
    void show_progress();
    void show_error();
    [[nodiscard]] std::string text_of(const Error& error) const;

    Kit& kit_;
    Enrolment enrolment_;
    bool holds_none_ = false;  // what was pasted is no invitation
};

}  // namespace zf::ui
