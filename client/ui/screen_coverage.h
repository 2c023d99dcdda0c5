// The coverage board on the screen: which list, since when, states with counts, what is behind a
// row. What is counted is client/app/coverage.h; this draws it.
#pragma once

#include <optional>
#include <string>

#include "client/app/coverage.h"
#include "client/ui/desk.h"
#include "client/ui/flow.h"
#include "client/ui/shell.h"

namespace zf::ui {

class CoverageScreen {
public:
    /// Adds itself to the shell as "coverage".
    explicit CoverageScreen(const Desk& desk);

    /// One frame.
    void show();

private:
    void keep_fresh();
    void gather();
    void count();
    void show_choice();
    void show_since(Flow& flow);
    void show_counts();
    void show_filter();
    void show_weeks();
    void show_rows(float width, float height);
    void show_opened(const CoverageRow& row);
    void show_evidence(const CoverageEvidence& one);
    void close();
    void set_since(const Date& since, bool is_chosen);

    [[nodiscard]] std::string state_text(CoverageState state) const;
    [[nodiscard]] std::string short_text(CoverageState state) const;
    [[nodiscard]] std::string remark_of(const CoverageRow& row) const;
    [[nodiscard]] std::string away_text(const CoverageRow& row) const;
    [[nodiscard]] const CoverageRow* opened() const;

    Desk desk_;
    Kit& kit_;
    std::optional<CoverageFacts> facts_;
    CoverageBoard board_;
    CoverageChoice choice_;
    std::string list_ = "townships", since_typed_, opened_;
    std::string stamp_;  // of the store when the facts were gathered
    double looked_at_ = -1;
    bool is_gathering_ = false, is_stale_ = true, was_since_chosen_ = false;
};

}  // namespace zf::ui
