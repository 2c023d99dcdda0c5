// A draft: what a person is typing into a form. It remembers the document on which it was opened,
// and what it saves supersedes exactly what that document showed, whatever a sync brings
// meanwhile. Saved to disk at each pause; survives a kill.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/device_store.h"
#include "client/records.h"

namespace zf {

/// A draft on disk, as a list of unfinished work shows it.
struct LeftDraft {
    Uuid id, record;
    std::string form;
    bool is_new = false;
    std::int64_t changed_ms = 0;
};

class Draft {
public:
    /// A draft of a new record. Error: `unknown_form`.
    static Result<Draft> start(DeviceStore& store, const std::string& form);
    /// A draft of changes to a record as it is shown now. Error: `unknown_record`.
    static Result<Draft> open(DeviceStore& store, const Uuid& record);
    /// A draft that was left, with what was typed. Errors: `not_found`, `damaged`.
    static Result<Draft> reopen(DeviceStore& store, const Uuid& draft);
    /// Drafts that were left, the latest first.
    static std::vector<LeftDraft> list(DeviceStore& store);

    [[nodiscard]] const Uuid& id() const { return id_; }
    [[nodiscard]] const RecordDoc& opened() const { return opened_; }
    [[nodiscard]] const Members& entered() const { return entered_; }

    /// Keeps what was typed, half-typed texts included; nothing is checked.
    void set(const std::string& field, Value typed);
    /// Writes the draft to disk. Does nothing when nothing was typed since.
    void autosave();
    /// Saves what was typed as one changeset and ends the draft in the same transaction. When
    /// something is refused the draft stays as it is. Errors: those of save_entry.
    Result<Saved> commit(const WriteOptions& options);
    /// Ends the draft without saving.
    void discard();

private:
    Draft(DeviceStore& store, Uuid id, RecordDoc opened, bool is_new, std::int64_t moves);
    void remove_row();

    DeviceStore* store_;
    Uuid id_;
    RecordDoc opened_;
    bool is_new_;
    std::int64_t moves_;  // Identity::moves of `opened_`
    Members entered_;
    bool dirty_ = false;  // typed since it was last on disk
};

}  // namespace zf
