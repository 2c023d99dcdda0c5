// The widgets of every screen. Each has a stable key that does not depend on the language, and is
// in the registry of the frame with its place, value and label: tests and other programs go by
// that. Needs a current ImGui context between NewFrame and Render; knows no window, no GL, no
// records.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/ui/messages.h"
#include "client/ui/textures.h"
#include "client/ui/theme.h"
#include "common/base/date.h"

struct ImVec2;

namespace zf::ui {

struct Rect {
    float x = 0, y = 0, w = 0, h = 0;
};

/// A widget as the person sees it; texts in UTF-8.
struct WidgetState {
    std::string key;
    Rect rect;
    std::string value, label;
    bool enabled = true;
    bool is_target = true;  // takes clicks and the keyboard
    bool tab_stop = true;   // Tab stops at it
    std::string one_of;     // of those that stand together Tab stops at one, arrows reach the rest
    bool is_cut = false;    // a text that does not fit its place
    bool visible = true;    // not scrolled away
    bool focused = false;
    bool is_search = false;  // a box to search in
    int layer = 0;           // 0: the screen, 1: what opened above it, ...
};

enum class ButtonLook { normal, primary, quiet, danger };

struct ButtonOptions {
    ButtonLook look = ButtonLook::normal;
    bool enabled = true;
    bool selected = false;  // one of several that is in force
    float width = 0;        // 0: as the label needs; below 0: the rest of the line
    bool tab_stop = true;   // false: Tab passes over it, arrow keys reach it
    std::string one_of;     // the key of those it stands together with: one stop for all of them
    bool at_left = false;   // where the label stands
};

struct PictureOptions {
    std::string caption;  // below the picture; cut where it must be
    bool is_row = false;  // the caption stands beside the picture,
    std::string detail;   // and this at the right edge
    bool selected = false;
    bool tab_stop = true;
};

/// How a picture is looked at closely: 1 fits it into its place; where its middle is.
struct CloseUp {
    float zoom = 1, x = 0, y = 0;
    bool is_beyond_pixels = false;  // drawn larger than it is: more pixels would show more
};
inline constexpr float zoom_max = 16;
/// Closer or farther around the middle of the place.
void zoom(CloseUp& view, float by);

struct TextOptions {
    std::string hint;  // shown while the box is empty
    float width = -1;  // below 0: the rest of the line
    int lines = 1;     // more than 1: line breaks are taken
    bool enabled = true;
    bool secret = false;
    bool search = false;  // Enter does not go on to the next box
};

/// What happened to a box in this frame.
struct Edited {
    bool changed = false;  // the value is another one now
    bool left = false;     // the focus has gone elsewhere
    bool entered = false;  // Enter was pressed in it
};

/// Something to pick; `detail` stands behind it, quieter.
struct Option {
    std::string id, label, detail;
};
/// The options for what was typed into the search box; called only while the list is open and
/// only when what was typed has changed.
using FindOptions = std::function<std::vector<Option>(const std::string& typed)>;

struct PickOptions {
    float width = -1;
    bool enabled = true;
    bool can_clear = true;
    bool has_search = true;
};

struct Column {
    std::string key, label;
    float share = 1;     // of the width that columns which fit their texts leave
    bool sorts = false;  // its head is pressed to have the rows in its order
    bool fits = false;   // as wide as its texts in sight; the others are cut, the row opens them
    int rank = 0;        // without room for all, those of the highest rank go; 0 stays
};

struct TableData {
    std::vector<Column> columns;
    std::size_t rows = 0;
    std::function<std::string(std::size_t row)> key;  // "row." is put before it
    std::function<std::string(std::size_t row, std::size_t column)> cell;
    std::function<Tone(std::size_t row, std::size_t column)> tone;  // may be empty
    std::string sorted_by;  // key of the column whose order the rows have
    bool is_descending = false;
    std::function<void(const std::string& column)> sort;  // the head of one was pressed
};

class Kit {
public:
    Kit(Messages& messages, Theme theme);
    Kit(const Kit&) = delete;
    Kit& operator=(const Kit&) = delete;

    /// Begins the registry anew. After ImGui::NewFrame.
    void begin_frame();
    /// Draws toasts, moves the focus. Before ImGui::Render.
    void end_frame();
    /// Of the frame at hand; after end_frame, the whole of it.
    [[nodiscard]] const std::vector<WidgetState>& widgets() const { return widgets_; }
    [[nodiscard]] const WidgetState* find(std::string_view key) const;
    /// When the next frame is wanted without an input, in seconds from now; nothing: never.
    [[nodiscard]] std::optional<double> next_frame_in() const { return next_frame_in_; }
    void ask_frame_in(double seconds);
    /// Seconds on the clock of the frames (virtual in tests).
    [[nodiscard]] double now() const;

    [[nodiscard]] const Messages& messages() const { return *messages_; }
    [[nodiscard]] std::string_view say(std::string_view key) const { return messages_->text(key); }
    /// Every text in another language, from here on.
    void use_language(Language language) { messages_->use(language); }
    [[nodiscard]] const Theme& theme() const { return theme_; }
    void set_theme(Theme theme);
    /// Pixels of the screen for pixels at scale 1.
    [[nodiscard]] float px(float at_scale_1) const { return at_scale_1 * theme_.scale; }
    [[nodiscard]] float target() const { return px(target_pixels); }

    /// The day that calendars open at.
    void set_today(const Date& today) { today_ = today; }

    /// Puts the keyboard there, from the next frame on; scrolls there too.
    void focus(std::string key);
    /// The same with the caret behind what stands there, so that typing goes on.
    void continue_in(std::string key);
    /// Nothing has the keyboard: the next Tab leads to what begins a screen.
    void let_go_of_focus();
    /// Tab leads to what is drawn next when nothing has the keyboard; the last call in a frame
    /// counts.
    void tab_begins_here() { tab_begins_ = widgets_.size(); }
    /// Scrolls there when it is drawn next.
    void reveal(std::string key) { reveal_wanted_ = std::move(key); }
    /// Key of what has the keyboard; empty: nothing.
    [[nodiscard]] const std::string& focused() const { return focused_; }
    /// Escape, when no list or box above took it.
    [[nodiscard]] bool escape_pressed() const { return escape_; }

    /// What was pasted (Ctrl+V) while no text box has the keyboard.
    [[nodiscard]] std::optional<std::string> pasted() const;
    [[nodiscard]] std::string clipboard() const;
    /// "Ctrl+S", "Ctrl+Enter", "F1" and the like: true in the frame in which it was pressed,
    /// wherever the keyboard is; never while a list or box stands above the screen.
    [[nodiscard]] bool shortcut(std::string_view combination);
    /// Puts the keyboard into the screen's search box; false when it has none.
    bool focus_search();

    /// Whether a button of the mouse or a finger is down: nothing should move now.
    [[nodiscard]] bool is_pressing() const;

    // ---- places ------------------------------------------------------------------------------
    [[nodiscard]] float width_left() const;
    /// The same for what is read across, a value and what can be done with it: not all of a large
    /// screen.
    [[nodiscard]] float line_width() const;
    [[nodiscard]] float height_left() const;
    [[nodiscard]] float text_width(std::string_view text) const;
    void same_line(float gap = -1);
    void space(float at_scale_1);
    void line();
    /// A place of its own; scrolls when what is in it is taller (wheel, drag, keys). Sizes as
    /// ImGui's: 0 or below: what is left.
    void begin_area(std::string_view key, float width, float height, bool panel = false);
    void end_area();
    /// Whatever follows stands this far from the left edge of the area.
    void go_to_column(float x);
    /// Several widgets that are one for the registry: `key` with what they mean together.
    void begin_group();
    void end_group(std::string_view key, std::string_view text, std::string_view value);
    void indent(float by);

    // ---- texts -------------------------------------------------------------------------------
    void heading(std::string_view key, std::string_view text);
    /// Wrapped at `width` (0: the rest of the line).
    void label(std::string_view key, std::string_view text, Tone tone = Tone::normal,
               float width = 0);
    /// One line; cut with an ellipsis when it does not fit, the whole text stays in the registry.
    /// `may_cut`: a value of any length, which can be read in full elsewhere.
    void line_label(std::string_view key, std::string_view text, Tone tone, float width,
                    bool may_cut = false);
    /// The next label stands as high as the text in a box beside it.
    void align_to_box();

    // ---- things to press and fill --------------------------------------------------------------
    bool button(std::string_view key, std::string_view text, const ButtonOptions& options = {});
    /// True when `checked` is another now.
    bool checkbox(std::string_view key, std::string_view text, bool& checked, bool enabled = true);
    /// A row of buttons of which one is in force; true when `chosen` is another now.
    bool tabs(std::string_view key, const std::vector<Option>& options, std::string& chosen);
    /// The same from top to bottom, for the rail; true when one was pressed, even the chosen one.
    bool rail(std::string_view key, const std::vector<Option>& options, std::string& chosen);
    Edited text_box(std::string_view key, std::string_view text, std::string& value,
                    const TextOptions& options = {});
    /// A box for a day with a calendar; the value is what stands in the box, checked by nobody.
    Edited date_box(std::string_view key, std::string_view text, std::string& value,
                    const TextOptions& options = {});
    /// A box that opens a list. Keys: KEY, KEY.search, KEY.option.ID, KEY.clear. `shown` is the
    /// label of what is chosen. True when `chosen` is another now.
    bool pick(std::string_view key, std::string_view text, const std::string& shown,
              std::string& chosen, const FindOptions& find, const PickOptions& options = {});
    /// The same for several; stays open. True when something was added or removed.
    /// A button that opens the list; true when something is `chosen` from it.
    bool pick_from(std::string_view key, std::string_view text, std::string& chosen,
                   const FindOptions& find, float width);
    bool pick_several(std::string_view key, std::string_view text, const std::string& shown,
                      std::vector<std::string>& chosen, const FindOptions& find,
                      const PickOptions& options = {});
    /// Rows of which only those in sight are asked for. The row that was activated.
    std::optional<std::size_t> table(std::string_view key, const TableData& data, float height = 0);

    // ---- pictures ----------------------------------------------------------------------------
    /// A picture to press, fitted into its place. `text` says what it is, and stands there while
    /// there is no texture.
    bool picture(std::string_view key, std::string_view text, const Picture& picture, float width,
                 float height, const PictureOptions& options = {});
    /// A picture to look at closely, by wheel and drag, by arrows, + and -, 0; the value is the
    /// zoom. How many pictures on: arrows left and right turn the page while all of it is seen.
    int close_up(std::string_view key, std::string_view text, const Picture& picture, CloseUp& view,
                 float width, float height);
    /// By the keys for that: -1, 0 or 1.
    [[nodiscard]] int pages_turned() const;
    /// Calls `draw` for those rows of a long list that are in sight; each as high as `height`.
    void only_in_sight(std::size_t rows, float height,
                       const std::function<void(std::size_t)>& draw);

    // ---- news --------------------------------------------------------------------------------
    /// A notice at the lower edge that goes by itself; key of the n-th: "toast.n".
    void toast(std::string text, Tone tone = Tone::normal);
    /// A bar (0 to 1; below 0: how far is not known) and "KEY.cancel"; true when that was pressed.
    bool progress(std::string_view key, std::string_view text, float done);

    // ---- for widgets that are drawn elsewhere (map, charts) ------------------------------------
    /// Enters the item that ImGui had last into the registry.
    void note(std::string_view key, std::string_view text, std::string_view value = {},
              bool is_target = true, bool is_cut = false);

private:
    struct Toast {
        std::string text;
        Tone tone = Tone::normal;
        double until = 0;
    };
    struct OpenList {
        std::string key, typed;
        std::vector<Option> options;
        bool is_stale = true;  // what was typed has changed since the options were found
        bool is_fresh = true;  // opened in this frame
        bool is_closing = false;
        bool gives_focus_back = true;  // to the widget it was opened from, once it is gone
    };

    enum class Scroll : std::uint8_t { none, page_up, page_down, home, end };
    struct Area {
        std::size_t first_widget = 0;
    };

    void move_focus(int step);
    /// To the first row below a search box, else back into the box.
    void focus_found(std::string_view search);
    void take_scroll_keys();
    void scroll_by_keys();
    void draw_toasts();
    bool framed_button(std::string_view key, std::string_view text, float width, float height,
                       const ButtonOptions& options, bool at_left);
    bool pick_box(std::string_view key, std::string_view text, const std::string& shown,
                  const PickOptions& options);
    /// The option of the open list of `key` that was pressed in this frame.
    std::optional<std::string> list_of(std::string_view key, const FindOptions& find,
                                       const PickOptions& options,
                                       const std::vector<std::string>& chosen, bool stays);
    std::optional<std::string> list_content(const FindOptions& find, const PickOptions& options,
                                            const std::vector<std::string>& chosen, bool stays);
    /// Opens what stands above the screen, below the last item; true while it is open.
    bool begin_above(std::string_view key, float width, float height_max);
    void end_above();
    void open_above(std::string_view key);
    void close_above();
    bool calendar(std::string_view key, std::string& value);
    void calendar_days(std::string_view key, std::string& value, bool& picked);
    void drag_to_scroll();
    void draw_tick(const ImVec2& at);
    int close_up_keys(CloseUp& view) const;
    void draw_caption(const PictureOptions& options, const ImVec2& from, const ImVec2& to,
                      float below);
    /// Enters the area at hand as a place that takes no clicks.
    void note_place(std::string_view key, std::string_view value);
    std::vector<float> column_widths(const std::string& key, const TableData& data, float width);
    void table_head(std::string_view key, const TableData& data, const std::vector<float>& widths);
    void table_row(const TableData& data, std::size_t row, const std::vector<float>& widths,
                   std::vector<float>& needed, std::optional<std::size_t>& activated);

    Messages* messages_;
    Theme theme_;
    std::vector<WidgetState> widgets_, former_;
    [[nodiscard]] bool caret_blinks() const;
    double used_at_ = 0;  // the last key, letter or move of the pointer, as `now`
    std::optional<double> next_frame_in_;
    std::string focus_wanted_, reveal_wanted_, focused_;
    std::string continues_in_;     // the box whose caret goes to its end
    std::string text_active_;      // the box that has the keyboard
    bool text_has_lines_ = false;  // several
    int focus_frames_ = 0;         // since it was wanted
    int layer_ = 0, top_layer_ = 0;
    std::size_t tab_begins_ = 0,
                former_tab_begins_ = 0;  // of the widgets, by the number of those before
    int tab_key_ = -1, escape_key_ = -1;
    bool escape_ = false;
    /// Of a table, since its columns, the language or the scale were others: what they are, and
    /// the widest text that was in sight in each.
    struct SeenTexts {
        std::string of;
        std::vector<float> needed;
    };
    std::map<std::string, SeenTexts, std::less<>> seen_;
    std::vector<Toast> toasts_;
    OpenList list_;  // what stands above the screen; no key: nothing
    Date today_;
    int shown_year_ = 0, shown_month_ = 0;  // of the open calendar
    std::vector<Area> areas_;               // those that are open now
    std::array<int, 4> scroll_keys_{-1, -1, -1, -1};
    Scroll scroll_ = Scroll::none;
    unsigned scroll_area_ = 0, scroll_area_next_ = 0;  // that keys leaf through
    float scroll_rank_ = 0;
    const void* dragged_ = nullptr;  // the area that follows the finger
};

}  // namespace zf::ui
