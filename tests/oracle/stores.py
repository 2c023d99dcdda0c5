"""One laptop's or the server's set of changesets, folded into live writes per field.

A write supersedes the writes that its author saw in the same field; what is left is live. Shown is
the greatest (hlc, device) of the live ones. Nothing here knows evenings, reviews or figures.
"""
from typing import NamedTuple

from catalogue import ALIAS, NOTES, SET_TYPES, VOID, Malformed, Row


class Write(NamedTuple):
    dot: tuple              # (device, seq, n)
    field: str
    element: object         # None for a plain field; else the element, or the id of a row
    value: object
    stamp: tuple            # hlc: (ms, counter)
    supersedes: frozenset   # of dots
    removes: bool = False
    seen: frozenset = frozenset()  # of a true _void: the dots of the record that it saw

    @property
    def rank(self):
        return (self.stamp, self.dot[0], self.dot[2])


class Changeset(NamedTuple):
    device: str
    record: str
    form: str
    writes: tuple


class Record:
    """The live writes of one record, by field. Also what an approval freezes."""

    def __init__(self, record_id, form, live=None):
        self.id, self.form = record_id, form
        self.live = live if live is not None else {}

    def frozen(self):
        return Record(self.id, self.form, {name: dict(dots) for name, dots in self.live.items()})

    def apply(self, write):
        dots = self.live.setdefault(write.field, {})
        for dot in write.supersedes:
            dots.pop(dot, None)
        if not write.removes:
            dots[write.dot] = write

    def writes(self, name):
        return list(self.live.get(name, {}).values())

    def shown_plain(self, name):
        found = self.writes(name)
        return max(found, key=lambda w: w.rank).value if found else None

    def shown_set(self, name):
        """Element -> value shown: the element itself, or the row under its id."""
        shown = {}
        for write in sorted(self.writes(name), key=lambda w: w.rank):
            shown[write.element] = write.value
        return shown

    def form_dots(self):
        return frozenset(dot for name, dots in self.live.items() if not name.startswith("_")
                         for dot in dots)

    @property
    def voided(self):
        return self.shown_plain(VOID) is True

    @property
    def alias(self):
        return self.shown_plain(ALIAS)

    def void_conflict(self):
        live = self.writes(VOID)
        voids = [w for w in live if w.value is True]
        if not voids:
            return False
        if any(w.value is False for w in live):
            return True
        return any(all(dot not in w.seen for w in voids) for dot in self.form_dots())

    def conflicts(self):
        """Field -> (kind, distinct live values)."""
        found = {}
        if self.void_conflict():
            found[VOID] = ("void", set())
        for name in self.live:
            if name == VOID or name in NOTES:
                continue
            if self.form.fields.get(name, {}).get("type") in SET_TYPES:
                split = self.split_rows(name)
                values = {row for rows in split.values() for row in rows}
            else:
                values = {w.value for w in self.writes(name)}
            if len(values) > 1:
                found[name] = ("value", values)
        return found

    def split_rows(self, name):
        """Row id -> the rows that stand against each other under it: a set's only conflict."""
        versions = {}
        for write in self.writes(name):
            if isinstance(write.value, Row):
                versions.setdefault(write.element, set()).add(write.value)
        return {row_id: rows for row_id, rows in versions.items() if len(rows) > 1}


class Store:
    def __init__(self, name, catalogue, names):
        self.name, self.catalogue, self.names = name, catalogue, names
        self.records, self.log, self.outbox = {}, [], []
        self.seq, self.clock, self.cursor = 0, (0, -1), 0

    def apply(self, changeset):
        self.log.append(changeset)
        record = self.records.get(changeset.record)
        if record is None:
            record = Record(changeset.record, self.catalogue.forms[changeset.form])
            self.records[changeset.record] = record
        for write in changeset.writes:
            record.apply(write)
            self.clock = max(self.clock, write.stamp)

    def tick(self, ms):
        last_ms, counter = self.clock
        self.clock = (ms, 0) if ms > last_ms else (last_ms, counter + 1)
        return self.clock

    def save(self, op, ms):
        """What the op's author writes on this store; raises Malformed when it is refused."""
        record_id = self.names.id(op["record"])
        form = self.catalogue.forms.get(op["form"])
        record = self.records.get(record_id)
        if form is None:
            raise Malformed(f"no form {op['form']}")
        if op["kind"] == "create":
            if record is not None:
                raise Malformed("the record exists already")
        elif record is None:
            raise Malformed("the record is unknown on this device")
        elif record.form is not form:
            raise Malformed("the record is of another form")
        elif record.voided and set(op["set"]) - NOTES - {VOID}:
            raise Malformed("the record is voided")
        draft = Draft(self, record or Record(record_id, form), op)
        planned = draft.plan()
        stamp = self.tick(ms)
        self.seq += 1
        writes = tuple(draft.write_of((self.name, self.seq, n), stamp, *plan)
                       for n, plan in enumerate(planned))
        changeset = Changeset(self.name, record_id, form.id, writes)
        self.apply(changeset)
        self.outbox.append(changeset)
        return changeset


class Draft:
    """One save: what was shown, what was entered, and the writes that make the difference."""

    def __init__(self, store, record, op):
        self.store, self.record, self.op = store, record, op
        self.catalogue, self.names = store.catalogue, store.names
        self.always = op["kind"] == "resolve"
        self.creates = op["kind"] == "create"

    def plan(self):
        """(field, element, value, superseded dots, removes) for each write, in order."""
        planned = []
        entered = dict(self.op["set"])
        if self.creates:
            for name, field in self.record.form.fields.items():
                if "default" in field and name not in entered:
                    entered[name] = field["default"]
        for name, raw in entered.items():
            if name in NOTES:
                if raw is not None and not isinstance(raw, str):
                    raise Malformed(f"{name}: not a text")
                continue
            planned += self.plan_field(name, raw)
        return planned

    def plan_field(self, name, raw):
        if name == VOID:
            if not isinstance(raw, bool):
                raise Malformed("_void is true or false")
            return self.plan_plain(name, raw)
        if name == ALIAS:
            return self.plan_plain(name, None if raw is None else self.names.id(raw))
        field = self.record.form.fields.get(name)
        if field is None or "computed" in field:
            raise Malformed(f"{name} cannot be set")
        if field["type"] == "repeat":
            return self.plan_rows(field, raw)
        if field["type"] in SET_TYPES:
            given = self.catalogue.elements_of(field, raw, self.names)
            return self.plan_set(name, {one: one for one in given})
        return self.plan_plain(name, self.catalogue.value_of(field, raw, self.names))

    def plan_plain(self, name, value):
        if not self.always and value == self.record.shown_plain(name):
            return []
        dots = frozenset(self.record.live.get(name, {}))
        return [(name, None, value, dots, False)]

    def plan_rows(self, field, raw):
        rows = self.catalogue.elements_of(field, raw, self.names)
        ids = [one.get("_row") for one in raw or []]
        shown = self.record.shown_set(field["name"])
        free = [i for i in shown if i not in ids]
        given = {}
        for number, (row, row_id) in enumerate(zip(rows, ids)):
            if row_id is None:
                row_id = next((i for i in free if shown[i] == row), None)
                if row_id is None:
                    row_id = (self.store.name, self.store.seq + 1, field["name"], number)
                else:
                    free.remove(row_id)
            elif row_id in given:
                raise Malformed(f"{field['name']}: row {row_id} twice")
            given[row_id] = row
        return self.plan_set(field["name"], given)

    def plan_set(self, name, given):
        shown, planned = self.record.shown_set(name), []
        for element, value in given.items():
            if self.always or element not in shown or shown[element] != value:
                planned.append((name, element, value, self.dots(name, element), False))
        for element in shown:
            if element not in given:
                planned.append((name, element, None, self.dots(name, element), True))
        return planned

    def dots(self, name, element):
        return frozenset(w.dot for w in self.record.writes(name) if w.element == element)

    def write_of(self, dot, stamp, name, element, value, supersedes, removes):
        seen = self.record.form_dots() if name == VOID and value is True else frozenset()
        return Write(dot, name, element, value, stamp, supersedes, removes, seen)
