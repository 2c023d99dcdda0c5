// Reads from a record, in one go, the cells that all indicators of its form ask for: its own
// fields, those of the records that its references lead to, and those of its unnested rows.
// Knows which cells are wanted, not what for.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/date.h"
#include "common/model/form.h"
#include "common/report/approved_records.h"
#include "common/report/cell.h"

namespace zf {

/// Where a wanted cell is found after reading, and the type that it was read by.
struct CellPlace {
    std::size_t at = 0;  // 0: the cell that is always missing
    FieldType type = FieldType::text;
};

class RecordReader {
public:
    /// `today` is what computed fields take for it. The arguments outlive the reader.
    RecordReader(const Form& form, const FormCatalog& forms, const ApprovedRecords& records,
                 const Date& today);

    /// Asks for a field; the same path twice is one cell. A path that leads nowhere, or none,
    /// gives the cell that is always missing. Before the first `read` only.
    CellPlace want(std::string_view path, std::string_view unnest);

    /// Reads the wanted cells outside rows. Texts in them lie in the record's values.
    void read(const ApprovedRecord& record);
    /// Reads the wanted cells of one row of the repeat field; after `read`.
    void read_row(std::string_view unnest, const Members& row);

    [[nodiscard]] const Cell& at(std::size_t place) const { return cells_[place]; }

private:
    struct Reference;
    // A stored field that is wanted.
    struct Leaf {
        std::string name;
        FieldType type;
        std::size_t at;                        // 0: a reference that is only followed
        std::unique_ptr<Reference> reference;  // of fields of type ref
    };
    // A wanted field that is calculated, or the record's id.
    struct Derived {
        std::string name;
        FieldType type;
        std::size_t at;
        const Field* computed;  // nothing: the id
        const Form* form;
    };
    // A record or row in which fields are read: the root, what a reference leads to, a row.
    struct Source {
        std::vector<Leaf> leaves;  // by name, as values are
        std::vector<Derived> derived;
    };
    // What a reference led to before: many records lead to few.
    struct KnownTarget {
        Uuid id;                  // end of the joins
        std::vector<Cell> cells;  // of the target's source, in save_cells' order
    };
    struct Reference {
        Source target;
        std::unordered_map<Uuid, KnownTarget, UuidHash> known;
    };

    static Leaf& leaf_in(Source& source, const std::string& name, FieldType type);
    CellPlace place_of(std::size_t& at, FieldType type);
    void clear(const Source& source);
    void read_leaf(const Leaf& leaf, const Value* value);
    void follow(const Leaf& leaf, const Value* value);
    KnownTarget& read_target(const Uuid& id, Reference& reference);
    void read_record(const Source& source, const ApprovedRecord& record);
    void save_cells(const Source& source, std::vector<Cell>& cells) const;
    void restore_cells(const Source& source, const std::vector<Cell>& cells, std::size_t& next);
    [[nodiscard]] Cell compute_cell(const Derived& derived, const ApprovedRecord& record);

    const Form& form_;
    const FormCatalog& forms_;
    const ApprovedRecords& records_;
    Date today_;
    Source root_;
    std::vector<std::pair<std::string, Source>> rows_;  // by repeat field
    std::vector<Cell> cells_;
    std::set<std::string, std::less<>> computed_texts_;  // what cells of computed fields point into
};

}  // namespace zf
