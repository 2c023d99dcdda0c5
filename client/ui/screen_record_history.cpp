// The history on a record's page: who wrote what, when, on which laptop, and what it replaced.
#include "client/ui/screen_record.h"
#include "common/model/changeset.h"
#include "common/model/title.h"

namespace zf::ui {

void RecordScreen::show_history() {
    kit_.label("history.about", kit_.say("history.about"), Tone::quiet);
    show_writes("writes", history_);
}

void RecordScreen::show_writes(const std::string& key, const std::vector<PageWrite>& writes) {
    const std::string& form = page_->view.doc.form;
    const Messages& messages = kit_.messages();
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const PageWrite& write = writes[i];
        const HistoryEntry& entry = write.entry;
        const std::string row = key + "." + std::to_string(i);
        kit_.begin_group();
        const std::string who = Words::minute(entry.at_ms) + "  " + entry.user + "  (" +
                                write.device + ")  ·  " + words_.field(form, entry.field);
        kit_.label(row + ".who", who, Tone::quiet);
        std::string former;
        for (const Value& value : write.former) {
            former += (former.empty() ? "" : " / ") + words_.value(form, entry.field, value);
        }
        std::string change = entry.value ? words_.value(form, entry.field, *entry.value)
                                         : std::string(kit_.say("history.removed"));
        if (entry.field == field_comments && entry.value && entry.value->list()) {
            change.clear();
            for (const Value& comment : *entry.value->list()) {
                const Value* field = comment.find("field");
                const Value* text = comment.find("text");
                if (!field || !text || !field->text() || !text->text()) continue;
                change += (change.empty() ? "" : "; ") + words_.field(form, *field->text()) + ": " +
                          *text->text();
            }
        }
        if (!former.empty()) {
            change = messages.text("history.from_to", {{"from", former}, {"to", change}});
        }
        std::string_view state;
        if (entry.set_aside) state = "history.set_aside";
        if (entry.superseded_by && !entry.set_aside) state = "history.superseded";
        if (write.is_in_force) state = "history.in_force";
        const Tone tone = write.is_in_force ? Tone::normal : Tone::quiet;
        kit_.label(row + ".what",
                   state.empty() ? change : change + "   [" + std::string(kit_.say(state)) + "]",
                   tone);
        kit_.end_group(row, who, change);
        kit_.space(6);
    }
}

}  // namespace zf::ui
