#!/usr/bin/env python3
"""What a replay of a case must print, computed from the written semantics alone.

    oracle.py CASE [--forms FILE] [--indicators FILE]

Prints the result of `packaging/demo --json` without the state hashes. It shares no code with the
programs under test: in-memory sets of writes, no network, exact fractions.
"""
import argparse
import datetime
import json
import pathlib
import sys

from catalogue import BUREAU_ZONE, VOID, Catalogue, Malformed, Names, instant_of, json_of
from figures import Report
from rules import Context, Snapshot, broken_rules, has_error
from stores import Store

DATA = pathlib.Path(__file__).resolve().parents[2] / "common" / "data"
FORMS, INDICATORS = DATA / "forms.json", DATA / "indicators.json"


class Run:
    """An unbroken run of evenings on which one field was in conflict."""

    def __init__(self, record, field, kind, first):
        self.record, self.field, self.kind, self.first = record, field, kind, first
        self.values, self.resolved_to = set(), None
        self.rows = set()  # of a repeat: the ids of the rows that stood against each other


class Replay:
    """Devices, server and evenings of one case. `step` and `finish` drive it event by event."""

    def __init__(self, case, catalogue):
        self.case, self.catalogue = case, catalogue
        self.names = Names(case["case_id"])
        self.devices = {}
        for person in case["staff"]:
            self.devices.setdefault(person["device"],
                                    Store(person["device"], catalogue, self.names))
        self.server = Store("server", catalogue, self.names)
        self.approved = {}
        self.refused, self.reviews_refused = [], []
        self.runs, self.open_runs, self.evenings = [], {}, 0
        hour, minute = case["nightly_sync"].split(":")
        self.nightly = datetime.time(int(hour), int(minute))
        self.next_evening, self.last_day = None, None

    # -- time ---------------------------------------------------------------------------------
    def evening_ms(self, day):
        moment = datetime.datetime.combine(day, self.nightly, BUREAU_ZONE)
        return int(moment.timestamp()) * 1000

    def pass_evenings(self, until_ms):
        """Every evening that lies before an event; one at the event's own instant waits."""
        while self.evening_ms(self.next_evening) < until_ms:
            self.evening()

    def evening(self):
        day = self.next_evening.isoformat()
        online = [name for name in sorted(self.devices) if not any(
            span["device"] == name and span["from"] <= day < span["to"]
            for span in self.case["offline_spans"])]
        self.sync(online)
        self.look_for_conflicts()
        self.next_evening += datetime.timedelta(days=1)

    def sync(self, online):
        for name in online:
            device = self.devices[name]
            for changeset in device.outbox:
                self.server.apply(changeset)
            device.outbox = []
        for name in online:
            device = self.devices[name]
            for changeset in self.server.log[device.cursor:]:
                if changeset.device != name:
                    device.apply(changeset)
            device.cursor = len(self.server.log)

    # -- events -------------------------------------------------------------------------------
    def step(self, event):
        """One op or review; the evenings before it come first. True when it was taken."""
        at = instant_of(event["at"])
        day = datetime.datetime.fromtimestamp(at.ms // 1000, BUREAU_ZONE).date()
        if self.next_evening is None:
            self.next_evening = day
        self.pass_evenings(at.ms)
        self.last_day = day
        if "records" in event:
            return self.review(event, day.isoformat())
        try:
            self.devices[event["device"]].save(event, at.ms)
            return True
        except Malformed as reason:
            self.refused.append((event["op"], str(reason)))
            return False

    def review(self, event, today):
        status = event["set"]["_status"]
        for name in event["records"]:
            record = self.server.records.get(self.names.id(name))
            if record is None:
                self.reviews_refused.append((event["op"], name, "unknown"))
            elif status in ("approved", "checked"):
                reason = self.bar(record, today)
                if reason:
                    self.reviews_refused.append((event["op"], name, reason))
                elif status == "approved":
                    self.approved[record.id] = record.frozen()
        return True

    def bar(self, record, today):
        """Why a record cannot be checked or approved now; None when it can."""
        if record.conflicts():
            return "in conflict"
        shown = Snapshot(self.server.records.values())
        if shown.in_cycle(record.id):
            return "joined in a cycle"
        context = Context(shown, Snapshot(self.approved.values()), today)
        return "saved" if has_error(shown.views[record.id], context) else None

    def finish(self):
        """The evenings up to the last event's, the closing sync, and the result."""
        while self.last_day and self.next_evening <= self.last_day:
            self.evening()
        self.sync(sorted(self.devices))
        self.look_for_conflicts()

    # -- conflicts ----------------------------------------------------------------------------
    def look_for_conflicts(self):
        found = {}
        for record in self.server.records.values():
            for field, (kind, values) in record.conflicts().items():
                found[record.id, field] = (kind, values)
        for key in [k for k in self.open_runs if k not in found]:
            self.close(self.open_runs.pop(key))
        for key, (kind, values) in found.items():
            if key not in self.open_runs:
                self.open_runs[key] = Run(*key, kind, self.evenings)
                self.runs.append(self.open_runs[key])
            self.open_runs[key].values |= values
            self.open_runs[key].rows |= set(self.server.records[key[0]].split_rows(key[1]))
        self.evenings += 1

    def close(self, run):
        record = self.server.records[run.record]
        field = record.form.fields.get(run.field, {"type": "ref"})
        if field["type"] == "repeat":
            shown = record.shown_set(run.field)
            left = sorted((row_id for row_id in run.rows if row_id in shown), key=str)
            run.resolved_to = json_of(shown[left[0]], field, self.names) if left else None
        elif run.field == VOID:
            run.resolved_to = record.shown_plain(VOID)
        else:
            run.resolved_to = json_of(record.shown_plain(run.field), field, self.names)

    def printed_conflicts(self):
        printed = []
        for run in self.runs:
            record = self.server.records[run.record]
            field = record.form.fields.get(run.field, {"type": "ref"})
            values = sorted((json_of(v, field, self.names) for v in run.values), key=value_order)
            printed.append((self.names.name(run.record), run.field, run.first, {
                "record": self.names.name(run.record), "field": run.field, "kind": run.kind,
                "values": values, "resolved_to": run.resolved_to}))
        return [entry[-1] for entry in sorted(printed, key=lambda e: e[:3])]

    # -- result -------------------------------------------------------------------------------
    def duplicates(self):
        shown, keys = Snapshot(self.server.records.values()), {}
        for view in shown.views.values():
            key = tuple(view.get(name) for name in view.form.natural_key)
            if key and all(part is not None for part in key):
                keys.setdefault((view.form.id, key), []).append(self.names.name(view.id))
        pairs = [[a, b] for names in map(sorted, keys.values())
                 for i, a in enumerate(names) for b in names[i + 1:]]
        return sorted(pairs)

    def rules(self, approved):
        context = Context(approved, approved, str(self.last_day))
        found = [{"record": self.names.name(view.id), "rule": rule["id"], "level": rule["level"]}
                 for view in approved.views.values() if view.counts
                 for rule in broken_rules(view, context)]
        return sorted(found, key=lambda hit: (hit["record"], hit["rule"]))

    def result(self, indicators):
        approved = Snapshot(self.approved.values())
        report = Report(indicators, self.case["period"], approved)
        return {"case": self.case["case_id"], "period": self.case["period"],
                "indicators": report.printed(), "conflicts": self.printed_conflicts(),
                "duplicates": self.duplicates(), "rules": self.rules(approved),
                "server": {"records": len(self.server.records)}}


def value_order(value):
    """null, then numbers, then text by code point."""
    if value is None:
        return (0, 0, "")
    if isinstance(value, (int, float)):
        return (1, value, "")
    return (2, 0, value if isinstance(value, str) else json.dumps(value, sort_keys=True))


def events_of(case):
    """Ops and reviews in time: at equal times ops in file order, then reviews."""
    events = [(instant_of(op["at"]), 0, n, op) for n, op in enumerate(case["ops"])]
    events += [(instant_of(one["at"]), 1, n, one) for n, one in enumerate(case["reviews"])]
    return [event[-1] for event in sorted(events, key=lambda e: e[:3])]


def replay(case, catalogue):
    run = Replay(case, catalogue)
    for event in events_of(case):
        run.step(event)
    run.finish()
    return run


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def expect(case, forms=FORMS, indicators=INDICATORS):
    """The result of a case, as a dictionary."""
    return replay(case, Catalogue(forms)).result(load(indicators)["indicators"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case")
    parser.add_argument("--forms", default=FORMS)
    parser.add_argument("--indicators", default=INDICATORS)
    options = parser.parse_args()
    result = expect(load(options.case), options.forms, options.indicators)
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
