// One line per record as lists show it, kept in HOME/lists.db beside the change log and brought up
// to date from it, a few records at a time. Nothing in it is data: it is made anew when it does not
// fit the log. Only the window's thread writes it; the log is only read, so that a sync on another
// thread is never waited for. A line tells how its record was when it was written down: what
// depends on the day (a rule with `today`) may lag behind until the record is looked at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "common/merge/record_view.h"

namespace zf {

/// Bits of a line's state; stored in lists.db.
inline constexpr std::int64_t line_voided = 1, line_joined = 2, line_conflict = 4, line_pending = 8;

struct RecordLine {
    Uuid id;
    std::string form, title;  // personal values masked
    std::string day;          // of the form's date field; empty: none
    std::string area;         // division code; empty: none
    std::string due;          // see deadlines.h
    Status status = Status::saved;
    std::int64_t state = 0;
    std::int64_t updated_ms = 0;
    std::string updated_by, created_by;
};

class RecordLines {
public:
    explicit RecordLines(DeviceStore& store);
    RecordLines(const RecordLines&) = delete;
    RecordLines& operator=(const RecordLines&) = delete;

    /// Takes over at most about so many records that have changed. True when a line is another now.
    bool catch_up(std::size_t count_max);
    /// Whether the last catch_up has left something for the next.
    [[nodiscard]] bool is_behind() const { return is_behind_; }
    /// How many records are still to be taken over.
    [[nodiscard]] std::int64_t behind();
    /// Another number whenever a line is another.
    [[nodiscard]] std::int64_t version() const { return version_; }

    Db& db() { return db_; }
    [[nodiscard]] DeviceStore& store() { return store_; }

    /// The line of a row number; nothing when it has gone.
    std::optional<RecordLine> find(std::int64_t n, Language language);

private:
    struct Batch;
    void fit_to_log();
    void clear();
    void sweep();
    void take_over(std::int64_t n, const Uuid& id, std::int64_t revision, bool is_own,
                   Batch& batch);
    void write(std::int64_t n, const RecordDoc& doc, std::int64_t revision, Batch& batch,
               bool& is_other_title);
    void mark_around(const RecordDoc& doc, bool has_closing);
    std::size_t take_marked(std::size_t count_max, Batch& batch);
    void remove(std::int64_t n);
    [[nodiscard]] std::int64_t number(const char* name);
    void set_number(const char* name, std::int64_t value);

    DeviceStore& store_;
    Db db_;
    std::int64_t revision_ = 0, dropped_ = 0;
    std::int64_t version_ = 1;
    bool has_marks_ = true;
    bool is_behind_ = true;
};

/// The column of a language's titles.
std::string title_column(Language language);

}  // namespace zf
