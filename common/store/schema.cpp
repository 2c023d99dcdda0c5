#include "common/store/schema.h"

#include <array>
#include <charconv>

namespace zf {
namespace {

// A changeset's key packs its device's number and its seq (device * 2^40 + seq), so that one
// b-tree holds the log in chain order without a second index. Record ids are random; documents
// therefore live in a rowid table and only the 16 bytes are in the index. SQLite takes the index
// changeset_waiting only for a query that itself says standing<>0.
constexpr std::array<std::string_view, 9> steps{R"sql(
CREATE TABLE fact(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE device(
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  head_seq INTEGER NOT NULL DEFAULT 0,
  head_hash BLOB,
  delivered_seq INTEGER NOT NULL DEFAULT 0);
CREATE TABLE changeset(
  key INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL,
  signature BLOB NOT NULL,
  ssn INTEGER,
  received_ms INTEGER NOT NULL,
  standing INTEGER NOT NULL,
  park_code TEXT,
  park_detail TEXT);
CREATE UNIQUE INDEX changeset_ssn ON changeset(ssn) WHERE ssn IS NOT NULL;
CREATE INDEX changeset_waiting ON changeset(standing) WHERE standing <> 0;
CREATE TABLE held(changeset INTEGER PRIMARY KEY, waits_for BLOB NOT NULL);
CREATE INDEX held_for ON held(waits_for);
CREATE TABLE record(
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  form TEXT NOT NULL,
  doc TEXT NOT NULL,
  natural_key TEXT,
  alias BLOB,
  approved_alias BLOB,
  area TEXT,
  area_from BLOB,
  heads INTEGER NOT NULL,
  conflicts INTEGER NOT NULL);
CREATE INDEX record_form ON record(form, id);
CREATE INDEX record_natural_key ON record(form, natural_key) WHERE natural_key IS NOT NULL;
CREATE INDEX record_alias ON record(alias) WHERE alias IS NOT NULL;
CREATE INDEX record_approved_alias ON record(approved_alias) WHERE approved_alias IS NOT NULL;
CREATE INDEX record_area_from ON record(area_from) WHERE area_from IS NOT NULL;
CREATE INDEX record_apart ON record(heads) WHERE heads > 1;
CREATE TABLE record_changeset(
  record INTEGER NOT NULL, ordinal INTEGER NOT NULL, changeset INTEGER NOT NULL,
  PRIMARY KEY(record, ordinal)) WITHOUT ROWID;
CREATE TABLE reference(
  target BLOB NOT NULL, record INTEGER NOT NULL, PRIMARY KEY(target, record)) WITHOUT ROWID;
CREATE TABLE attachment(hash BLOB PRIMARY KEY, settled INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX attachment_open ON attachment(hash) WHERE settled=0;
CREATE TABLE conflict(
  record INTEGER NOT NULL, field TEXT NOT NULL, kind INTEGER NOT NULL,
  PRIMARY KEY(record, field, kind)) WITHOUT ROWID;
CREATE TABLE area_move(
  n INTEGER PRIMARY KEY, ssn INTEGER NOT NULL, record BLOB NOT NULL,
  from_area TEXT, to_area TEXT);
CREATE INDEX area_move_ssn ON area_move(ssn);
CREATE VIRTUAL TABLE search USING fts5(body, tokenize='unicode61', columnsize=0);
CREATE TABLE search_todo(record INTEGER PRIMARY KEY);
CREATE TABLE bureau_entry(
  n INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,
  bytes BLOB NOT NULL, signature BLOB NOT NULL);
CREATE INDEX bureau_entry_subject ON bureau_entry(kind, subject, n);
)sql",
                                                // Relayed chains may have gaps; what came before
                                                // this step had none.
                                                R"sql(
ALTER TABLE device ADD COLUMN complete_seq INTEGER NOT NULL DEFAULT 0;
UPDATE device SET complete_seq=head_seq;
)sql",
                                                R"sql(
CREATE TABLE set_aside(
  hash BLOB PRIMARY KEY, device BLOB NOT NULL, seq INTEGER NOT NULL,
  bytes BLOB NOT NULL, signature BLOB NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX set_aside_place ON set_aside(device, seq);
)sql",
                                                R"sql(
CREATE TABLE former_entry(n INTEGER PRIMARY KEY, bytes BLOB NOT NULL, signature BLOB NOT NULL);
)sql",
                                                // What was settled before is known to be with the
                                                // bureau since the last sync at the latest.
                                                R"sql(
CREATE TABLE attachment_receipt(
  hash BLOB PRIMARY KEY, since_ms INTEGER NOT NULL, put_away INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO attachment_receipt
  SELECT hash, (SELECT value FROM fact WHERE name='last_sync_ms'), 0 FROM attachment
  WHERE settled=1 AND EXISTS (SELECT 1 FROM fact WHERE name='last_sync_ms');
CREATE TABLE waiting_there(
  seq INTEGER PRIMARY KEY, standing TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
  since_ms INTEGER NOT NULL);
)sql",
                                                // See record_changes.h.
                                                R"sql(
ALTER TABLE record ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE record SET revision=n;
CREATE INDEX record_revision ON record(revision);
)sql",
                                                // On servers: see server/freeze.h.
                                                R"sql(
CREATE TABLE frozen_content(hash BLOB PRIMARY KEY, content BLOB NOT NULL);
)sql",
                                                // On laptops: those among them that others wrote
                                                // are asked for in each sync.
                                                R"sql(
CREATE INDEX changeset_unnumbered ON changeset(ssn) WHERE ssn IS NULL;
)sql",
                                                // When its record came to name it, by the writer's
                                                // clock; what was noted before this step goes last.
                                                R"sql(
ALTER TABLE attachment ADD COLUMN named_ms INTEGER NOT NULL DEFAULT 0;
DROP INDEX attachment_open;
CREATE INDEX attachment_open ON attachment(named_ms DESC, hash) WHERE settled=0;
)sql"};

}  // namespace

void open_schema(Db& db) {
    migrate(db, steps);
}

std::optional<std::string> find_fact(Db& db, std::string_view name) {
    Statement find = db.prepare("SELECT value FROM fact WHERE name=?1");
    find.bind_text(1, name);
    if (!find.step()) return std::nullopt;
    return std::string(find.text(0));
}

void set_fact(Db& db, std::string_view name, std::string_view value) {
    Statement set = db.prepare(
        "INSERT INTO fact(name, value) VALUES(?1, ?2) "
        "ON CONFLICT(name) DO UPDATE SET value=excluded.value");
    set.bind_text(1, name).bind_text(2, value).run();
}

std::optional<std::int64_t> find_fact_integer(Db& db, std::string_view name) {
    const auto text = find_fact(db, name);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (code != std::errc() || end != text->data() + text->size()) return std::nullopt;
    return value;
}

void set_fact(Db& db, std::string_view name, std::int64_t value) {
    set_fact(db, name, std::string_view(std::to_string(value)));
}

}  // namespace zf
