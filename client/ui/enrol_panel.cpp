#include "client/ui/enrol_panel.h"

#include <map>

#include "common/base/private_files.h"

namespace zf::ui {
namespace {

constexpr float names_width = 160, boxes_width = 720;
constexpr std::size_t group_digits = 4, groups_a_line = 8;
constexpr double look_again_s = 0.5;

std::string machine_name() {
    constexpr std::size_t bytes_max = 256;
    auto name = read_whole_file("/etc/hostname", bytes_max);
    if (!name) return "laptop";
    return name->substr(0, name->find_first_of(" \r\n"));
}

/// Eight groups of four digits a line, to be read out by telephone.
std::string key_lines(const std::string& hex) {
    std::string text;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        if (i > 0 && i % group_digits == 0) {
            text += i % (group_digits * groups_a_line) == 0 ? "\n" : "  ";
        }
        text += hex[i];
    }
    return text;
}

}  // namespace

EnrolPanel::EnrolPanel(const Desk& desk) : kit_(desk.kit), enrolment_(desk.store, desk.worker) {
    enrolment_.device_name = machine_name();
}

bool EnrolPanel::show() {
    switch (enrolment_.stage()) {
        case Enrolment::Stage::filling:
            show_boxes();
            return false;
        case Enrolment::Stage::comparing:
            show_comparison();
            return false;
        case Enrolment::Stage::done:
            enrolment_.cancel();
            enrolment_.code.clear();
            enrolment_.invitation.clear();
            return true;
        default:
            show_progress();
            return false;
    }
}

std::string EnrolPanel::text_of(const Error& error) const {
    // Each says what to do; what is not foreseen is told as it came.
    static const std::map<std::string, std::string, std::less<>> texts{
        {"missing_argument:server", "enrol.error.no_server"},
        {"missing_argument:code", "enrol.error.no_code"},
        {"malformed:server", "enrol.error.bad_server"},
        {"not_allowed:server", "enrol.error.bad_server"},
        {"malformed:pin", "enrol.error.bad_pin"},
        {"unreachable", "enrol.error.unreachable"},
        {"bad_code", "enrol.error.bad_code"},
        {"pin_mismatch", "enrol.error.pin_mismatch"},
        {"not_allowed", "enrol.error.not_allowed"},
        {"device_revoked", "enrol.error.revoked"},
        {"busy", "enrol.error.busy"},
        {"version_unsupported", "enrol.error.version"},
    };
    const std::string slug(facts_of(error.code).slug);
    auto found = texts.find(slug + ":" + error.where);
    if (found == texts.end()) found = texts.find(slug);
    if (found != texts.end()) return std::string(kit_.say(found->second));
    return kit_.messages().text("enrol.error.other", {{"code", slug}, {"reason", error.message}});
}

void EnrolPanel::show_error() {
    if (!enrolment_.error()) return;
    kit_.label("enrol.error", text_of(*enrolment_.error()), Tone::error, kit_.px(boxes_width));
    kit_.space(4);
}

void EnrolPanel::show_box(std::string_view key, std::string& value, std::string_view hint) {
    const std::string name(key);
    kit_.align_to_box();
    kit_.label(name + ".name", kit_.say(name), Tone::normal, kit_.px(names_width));
    kit_.same_line();
    kit_.go_to_column(kit_.px(names_width + 24));
    TextOptions options;
    options.hint = hint;
    options.width = kit_.px(boxes_width - names_width - 12);
    kit_.text_box(name, kit_.say(name), value, options);
}

void EnrolPanel::show_boxes() {
    if (enrolment_.lacks_forms()) {
        kit_.label("enrol.lacks_forms", kit_.say("enrol.lacks_forms"), Tone::normal,
                   kit_.px(boxes_width));
        show_error();
        kit_.space(8);
        if (kit_.button("enrol.fetch", kit_.say("enrol.fetch"), {.look = ButtonLook::primary})) {
            enrolment_.fetch();
        }
        return;
    }
    kit_.label("enrol.invitation.name", kit_.say("enrol.invitation"), Tone::normal,
               kit_.px(boxes_width));
    TextOptions several;
    several.lines = 3;
    several.width = kit_.px(boxes_width);
    if (kit_.text_box("enrol.invitation", kit_.say("enrol.invitation"), enrolment_.invitation,
                      several)
            .changed) {
        holds_none_ = !enrolment_.take_invitation() && !enrolment_.invitation.empty();
    }
    if (holds_none_) {
        kit_.label("enrol.no_invitation", kit_.say("enrol.no_invitation"), Tone::warning,
                   kit_.px(boxes_width));
    }
    kit_.space(8);
    kit_.label("enrol.or", kit_.say("enrol.or"), Tone::quiet);
    show_box("enrol.server", enrolment_.server_url, "https://192.168.1.5:8443");
    show_box("enrol.code", enrolment_.code, "XXXX-XXXX-XXXX");
    show_box("enrol.pin", enrolment_.pin, kit_.say("enrol.pin_hint"));
    show_box("enrol.device", enrolment_.device_name, "");
    kit_.space(8);
    show_error();
    if (kit_.button("enrol.start", kit_.say("enrol.start"), {.look = ButtonLook::primary})) {
        enrolment_.start();
    }
}

void EnrolPanel::show_comparison() {
    kit_.label("enrol.compare", kit_.say("enrol.compare"), Tone::normal, kit_.px(boxes_width));
    kit_.space(8);
    kit_.label("enrol.key", key_lines(enrolment_.learned_key()), Tone::accent);
    kit_.space(8);
    if (kit_.button("enrol.same", kit_.say("enrol.same"), {.look = ButtonLook::primary})) {
        enrolment_.confirm_key();
    }
    kit_.same_line();
    if (kit_.button("enrol.differs", kit_.say("enrol.differs"))) enrolment_.cancel();
}

void EnrolPanel::show_progress() {
    const auto stage = enrolment_.stage();
    const std::string count = std::to_string(enrolment_.fetched());
    const std::string text = stage == Enrolment::Stage::asking
                                 ? std::string(kit_.say("enrol.asking"))
                                 : kit_.messages().text("enrol.fetching", {{"count", count}});
    kit_.ask_frame_in(look_again_s);
    if (kit_.progress("enrol.progress", text, -1)) enrolment_.cancel();
}

}  // namespace zf::ui
