// The box for a day and its calendar.
#include <algorithm>

#include "client/app/typed_value.h"
#include "client/ui/kit.h"
#include "client/ui/kit_draw.h"

namespace zf::ui {
namespace {

constexpr int days_in_week = 7;

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words(1);
    for (const char c : text) {
        if (c == ' ') {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

/// 0: Monday.
int weekday_of(const Date& date) {
    return static_cast<int>(((days_of(date) + 3) % days_in_week + days_in_week) % days_in_week);
}

}  // namespace

Edited Kit::date_box(std::string_view key, std::string_view text, std::string& value,
                     const TextOptions& options) {
    const std::string open_key = std::string(key) + ".open";
    const std::string_view open_text = say("date.pick");
    const float open_width = std::max(text_width(open_text) + px(24), target());
    TextOptions box = options;
    box.width = (options.width < 0 ? width_left() : options.width) - open_width - px(8);
    Edited edited = text_box(key, text, value, box);
    same_line(px(8));
    ButtonOptions look;
    look.enabled = options.enabled;
    look.width = open_width;
    if (button(open_key, open_text, look)) {
        const auto shown_day = read_typed_date(value);
        shown_year_ = shown_day ? shown_day->year : 0;
        shown_month_ = shown_day ? shown_day->month : 0;
        open_above(open_key);
    }
    if (calendar(open_key, value)) edited.changed = edited.left = true;
    return edited;
}

bool Kit::calendar(std::string_view key, std::string& value) {
    if (list_.key != key) return false;
    if (shown_year_ == 0) {
        shown_year_ = today_.year;
        shown_month_ = today_.month;
    }
    const float width = days_in_week * target() + (days_in_week - 1) * px(4) + px(28);
    if (!begin_above(key, width, px(470))) return false;
    const std::string name(key);
    bool picked = false;
    int step = 0;
    if (button(name + ".before", "<")) step = -1;
    same_line(px(12));
    if (button(name + ".after", ">")) step = 1;
    same_line(px(12));
    const std::string month = (shown_month_ < 10 ? "0" : "") + std::to_string(shown_month_);
    label(name + ".month",
          messages_->text("date.year_month",
                          {{"year", std::to_string(shown_year_)}, {"month", month}}));
    const int months = shown_year_ * 12 + shown_month_ - 1 + step;
    shown_year_ = std::clamp(months / 12, 1, 9999);
    shown_month_ = months % 12 + 1;
    calendar_days(key, value, picked);
    if (picked) close_above();
    end_above();
    return picked;
}

void Kit::calendar_days(std::string_view key, std::string& value, bool& picked) {
    const std::string name(key);
    const auto words = words_of(say("date.weekdays"));
    const float left = ImGui::GetCursorPosX();
    const float step = target() + px(4);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) same_line(0);
        go_to_column(left + static_cast<float>(i) * step + px(8));
        label(name + ".weekday." + std::to_string(i), words[i], Tone::quiet, target());
    }
    const Month month{shown_year_, shown_month_};
    const auto chosen = read_typed_date(value);
    const int last = last_day(month).day;
    int column = weekday_of(first_day(month));
    for (int day = 1; day <= last; ++day) {
        if (column > 0 && day > 1) same_line(0);
        go_to_column(left + static_cast<float>(column) * step);
        const Date date{month.year, month.month, day};
        ButtonOptions look;
        look.width = target();
        look.selected = chosen == date;
        const std::string day_key = name + ".day." + std::to_string(day);
        if (list_.is_fresh && (look.selected || (!chosen && date == today_))) focus(day_key);
        if (button(day_key, std::to_string(day), look)) {
            value = date.text();
            picked = true;
        }
        column = (column + 1) % days_in_week;
    }
}

}  // namespace zf::ui
