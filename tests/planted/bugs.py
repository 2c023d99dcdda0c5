"""Twenty-five mistakes that a careful person could make, one line each: where, what stands there, and
what the mistake makes of it. The text must occur exactly once in its file, else the list is stale."""
from typing import NamedTuple


class Bug(NamedTuple):
    name: str
    test: str  # which is built and run first
    file: str
    right: str
    wrong: str


BUGS = [
    # merge
    Bug("supersedes ignored", "merge_test", "common/merge/record_doc.cpp",
        "if (found != doc_.fields.end() && !op.supersedes.empty()) {",
        "if (found != doc_.fields.end() && op.supersedes.size() > 99) {"),
    Bug("the oldest value is shown", "merge_test", "common/merge/record_doc.cpp",
        "return display_order(a.hlc, a.dot) > display_order(b.hlc, b.dot);",
        "return display_order(a.hlc, a.dot) < display_order(b.hlc, b.dot);"),
    Bug("an older approval arriving late wins", "merge_test", "common/merge/record_doc.cpp",
        "        if (known != doc_.reviews.end() && display_order(known->second.hlc, known->second.dot) >",
        "        if (known != doc_.reviews.end() && display_order(known->second.hlc, known->second.dot) ==",
        ),
    Bug("1.50 and 1.5 are a conflict", "merge_test", "common/merge/record_view.cpp",
        "canonical_text(field ? canonical_value(*field, whole) : std::move(whole));",
        "canonical_text(field ? whole : std::move(whole));"),
    Bug("a voiding has seen everything", "merge_test", "common/merge/record_view.cpp",
        "if (!seen) unseen.push_back(value);",
        "if (!seen && false) unseen.push_back(value);"),
    # store
    Bug("nothing is ever held", "change_log_test", "common/store/log_batch.cpp",
        "        if (ref == self || is_known(ref.device, ref.seq)) return true;",
        "        if (ref == self || ref.seq > 0) return true;"),
    Bug("everything counts as delivered", "change_log_test", "common/store/log_batch.cpp",
        "    if (seq <= row.delivered_seq) return true;",
        "    if (seq >= row.delivered_seq) return true;"),
    Bug("gaps in a chain are passed over", "change_log_test", "common/store/log_batch.cpp",
        "        if (!find.step()) return;\n        ++row.complete_seq;",
        "        ++row.complete_seq;"),
    Bug("a second history under one seq is a repetition", "change_log_test", "common/store/log_batch.cpp",
        "if (find.blob(0) != arrival.signed_changeset.bytes) {",
        "if (find.blob(0).empty()) {"),
    Bug("an attachment's hash is not checked", "blob_store_test", "common/store/blob_store.cpp",
        "if (sha256(*content) != hash) {\n        fs::remove(part, error);",
        "if (content->empty()) {\n        fs::remove(part, error);"),
    # sync
    Bug("the cursor runs ahead", "sync_test", "common/sync/take_page.cpp",
        'set_fact(stores.db, "cursor", page.trailer.cursor);',
        'set_fact(stores.db, "cursor", page.trailer.cursor + 1);'),
    Bug("a new epoch keeps the old cursor", "sync_areas_test", "common/sync/take_page.cpp",
        'set_fact(db, "cursor", 0);',
        'set_fact(db, "cursor", find_fact_integer(db, "cursor").value_or(0));'),
    Bug("a clock in 2099 is followed", "change_log_test", "common/store/author.cpp",
        "    if (hlc.ms > env_.now_ms() + lead_max_ms) return;",
        "    if (hlc.ms > env_.now_ms() + lead_max_ms * lead_max_ms) return;"),
    Bug("the signature of what comes is not asked for", "sync_test", "common/store/arrival.cpp",
        "if (!verify_signature(*key, signing_bytes(arrival.hash),",
        "if (false && !verify_signature(*key, signing_bytes(arrival.hash),"),
    # server
    Bug("a chain may continue anything", "server_api_test", "server/chain_check.cpp",
        "} else if (changeset.previous != chain.last.hash) {",
        "} else if (changeset.previous == arrival.hash) {"),
    Bug("a revoked device goes on", "server_api_test", "server/api.cpp",
        "    if (device->revoked) {",
        "    if (device->revoked && device->users.empty()) {"),
    Bug("areas that begin alike are one", "change_log_test", "common/store/scope.h",
        "            if (area.starts_with(own)) return true;",
        "            if (area.substr(0, 6) == own.substr(0, 6)) return true;"),
    Bug("only the new place of a record is asked for", "server_api_test", "common/store/log_scope.cpp",
        "        if (known) areas.push_back(area_of_record(db_, touched.id));",
        "        if (known && false) areas.push_back(area_of_record(db_, touched.id));"),
    Bug("a section head approves everything", "server_api_test", "server/authorize.cpp",
        "(role == Role::section_head && last_reviewer == name_of(Role::section_head));",
        "(role == Role::section_head && last_reviewer != name_of(Role::admin));"),
    Bug("an older entry about a device wins", "bureau_log_test", "common/store/bureau_log.cpp",
        "return !find.step() || time_of(find.blob(0)) < entry.at_ms;",
        "return !find.step() || time_of(find.blob(0)) != entry.at_ms;"),
    Bug("a report is given back as another one", "frozen_report_test", "common/store/bureau_log.cpp",
        "if (has_report(reports(), *read_report_body(entry.body), entry.at_ms)) continue;",
        "if (has_body(db_, entry.kind, entry.body)) continue;"),
    # figures
    Bug("sums take what is missing for the first", "figures_test", "common/report/tally.cpp",
        "            if (entry.has_number) sum_ = sum_ + entry.number;",
        "            if (entry.has_number) sum_ = entry.number;"),
    Bug("the earliest of a group is kept", "figures_test", "common/report/tally.cpp",
        "    if (compared && *compared != 0) return *compared > 0;",
        "    if (compared && *compared != 0) return *compared < 0;"),
    Bug("the smaller record id wins a tie", "figures_test", "common/report/tally.cpp",
        "    if (entry.id != other.id) return entry.id > other.id;",
        "    if (entry.id != other.id) return entry.id < other.id;"),
    Bug("a share is not scaled", "figures_test", "common/report/figures.cpp",
        "if (a.value && b.value) result.value = quotient_of(*a.value, *b.value, scale);",
        "if (a.value && b.value) result.value = quotient_of(*a.value, *b.value, Decimal(1));"),
]
