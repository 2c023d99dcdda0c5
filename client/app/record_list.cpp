#include "client/app/record_list.h"

#include "common/base/text.h"

namespace zf {
namespace {

constexpr std::size_t read_max = 2000;  // lines kept; a screen shows some twenty

std::string order_of(const ListChoice& choice) {
    const std::string direction = choice.is_descending ? " DESC" : "";
    switch (choice.order) {
        case ListOrder::updated:
            return " ORDER BY updated_ms" + direction;
        case ListOrder::title:
            return " ORDER BY " + title_column(choice.language) + direction;
        case ListOrder::day:
            return " ORDER BY day" + direction;
        case ListOrder::status:
            return " ORDER BY status" + direction;
    }
    return "";
}

}  // namespace

void RecordList::read_ordered() {
    const ListChoice& choice = choice_;
    std::string sql =
        "SELECT n FROM line WHERE state & 3 " + std::string(choice.is_gone ? "<>0" : "=0");
    std::vector<std::string> texts;
    const auto add = [&](const std::string& condition, const std::string& text) {
        if (text.empty()) return;
        texts.push_back(text);
        sql += " AND " + condition;
        for (std::size_t at = 0; (at = sql.find('@', at)) != std::string::npos;) {
            sql.replace(at, 1, "?" + std::to_string(texts.size()));
        }
    };
    // With the plus: read in order from the order's own index, not by form and sorted then.
    add("+form=@", choice.form);
    add("(created_by=@ OR updated_by=@)", choice.by);
    add("day>=@", choice.from);
    add("day<>'' AND day<=@", choice.to);
    add("substr(area, 1, length(@))=@", choice.area);
    if (choice.status) sql += " AND status=" + std::to_string(static_cast<int>(*choice.status));
    if (choice.in_conflict) sql += " AND state & 4";
    Statement find = lines_.db().prepare(sql + order_of(choice));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        find.bind_text(static_cast<int>(i + 1), texts[i]);
    }
    ordered_.clear();
    while (find.step()) ordered_.push_back(find.integer(0));
}

void RecordList::keep_found() {
    const std::string query = search_query(choice_.search);
    if (query.empty()) {
        shown_ = ordered_;
        return;
    }
    std::vector<bool> found;
    Statement find = lines_.db().prepare("SELECT rowid FROM line_text WHERE line_text MATCH ?1");
    find.bind_text(1, query);
    while (find.step()) {
        const auto n = static_cast<std::size_t>(find.integer(0));
        if (n >= found.size()) found.resize(std::max(n + 1, found.size() * 2));
        found[n] = true;
    }
    shown_.clear();
    for (const std::int64_t n : ordered_) {
        const auto at = static_cast<std::size_t>(n);
        if (at < found.size() && found[at]) shown_.push_back(n);
    }
}

void RecordList::ask(const ListChoice& choice) {
    ListChoice former = choice_;
    const bool is_first = version_ == 0;
    const bool is_other_version = version_ != lines_.version();
    if (!is_first && !is_other_version && choice == former) return;
    choice_ = choice;
    former.search = choice.search;
    const bool is_other_order = !(former == choice);
    if (is_first || is_other_version || is_other_order) read_ordered();
    if (is_other_version || is_other_order) read_.clear();
    version_ = lines_.version();
    keep_found();
}

const RecordLine* RecordList::row(std::size_t index) {
    if (index >= shown_.size()) return nullptr;
    const std::int64_t n = shown_[index];
    const auto known = read_.find(n);
    if (known != read_.end()) return &known->second;
    auto line = lines_.find(n, choice_.language);
    if (!line) return nullptr;
    if (read_.size() >= read_max) read_.clear();
    return &read_.emplace(n, std::move(*line)).first->second;
}

const std::vector<FormCount>& RecordList::counts() {
    if (counted_version_ == lines_.version()) return counts_;
    counted_version_ = lines_.version();
    counts_.clear();
    Statement count = lines_.db().prepare(
        "SELECT form, COUNT(*) FROM line WHERE state & 3 =0 GROUP BY form ORDER BY form");
    while (count.step()) counts_.push_back({std::string(count.text(0)), count.integer(1)});
    return counts_;
}

const std::vector<std::string>& RecordList::townships() {
    if (townships_version_ == lines_.version()) return townships_;
    townships_version_ = lines_.version();
    townships_.clear();
    Statement find = lines_.db().prepare(
        "SELECT DISTINCT substr(area, 1, 9) FROM line WHERE length(area)>=9 ORDER BY 1");
    while (find.step()) townships_.emplace_back(find.text(0));
    return townships_;
}

}  // namespace zf
