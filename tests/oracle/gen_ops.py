"""What somebody does on one laptop: each op_* looks at what the laptop shows and answers
(kind, record, form, answers), or None where there is nothing of that kind to do.
"""
import datetime

from catalogue import ALIAS, NOTES, SET_TYPES, VOID, Malformed, json_of
from gen_values import ATTACHMENTS
from rules import Context, Snapshot, has_error
from stores import Draft, Record, Write

# Forms by how often they are recorded; what is not named here is recorded now and then.
WEIGHTS = {"enterprise": 9, "enterprise_report": 12, "project": 8, "capital_arrival": 8,
           "pipeline_project": 6, "site_visit": 6, "article": 6, "donation": 3, "complaint": 5,
           "funding_support": 4, "service_matter": 5, "target": 4, "plan_item": 4,
           "duty_assignment": 3, "difficulty": 4, "project_progress": 5, "outreach_trip": 2,
           "broadcast_episode": 2}
ACTIONS = {"edit": 24, "collide": 40, "create": 20, "twin": 5, "void": 4, "unvoid": 6, "settle": 12,
           "restate": 3, "join": 8, "unjoin": 2, "stranger": 2, "malformed": 2, "rows": 6,
           "elements": 7}


class Ops:
    def __init__(self, rng, replay, values):
        self.rng, self.replay, self.values = rng, replay, values
        self.catalogue = replay.catalogue
        self.counters, self.created, self.recent = {}, [], []
        # Each case has its themes: what happens more often there, and to which forms.
        self.actions = ACTIONS | {a: 4 * ACTIONS[a] for a in rng.sample(sorted(ACTIONS), 3)}
        favoured = rng.sample(sorted(WEIGHTS), rng.randint(1, 4))
        self.form_weights = {f: WEIGHTS.get(f, 0.7) * (6 if f in favoured else 1)
                             for f in sorted(self.catalogue.forms)}

    def choose(self, device, early, not_record=None):
        """One op for a laptop; early in a case mostly new records; never on `not_record`."""
        weights = dict(self.actions)
        if early:
            weights["create"] *= 5
        for _ in range(20):
            action = self.rng.choices(list(weights), list(weights.values()))[0]
            made = getattr(self, "op_" + action)(device)
            if made is not None and made[1] != not_record:
                return made
        return self.op_create(device)

    def taken(self, device, op):
        """Remembers an op that its laptop took, for others to meet it."""
        written = dict(op["set"])
        if op["kind"] == "create":
            self.created.append((op["record"], op["form"]))
            fields = self.catalogue.forms[op["form"]].fields
            written |= {n: f["default"] for n, f in fields.items() if "default" in f}
        self.recent += [(device, device.seq, op["record"], name, value)
                        for name, value in written.items() if name not in NOTES]
        self.recent = self.recent[-40:]

    def known(self, device, form_id=None, voided=False):
        """Records on a device, by case name; those shown as voided only when asked for."""
        return [r for r in device.records.values()
                if (form_id is None or r.form.id == form_id) and r.voided == voided]

    def references(self, device):
        """Case names that a reference may be given: known here, now and then only elsewhere."""
        def records(form_id):
            names = [self.replay.names.name(r.id) for r in self.known(device, form_id)]
            if not names or self.rng.random() < 0.1:
                names = [name for name, form in self.created if form == form_id]
            return names[-6:]
        return records

    def mended(self, device, record, kind, make):
        """Tries a few times for answers that leave no error standing; now and then for none."""
        answers = make()
        if self.rng.random() < 0.15:
            return answers
        for _ in range(25):
            if answers is None or not self.leaves_error(device, record, kind, answers):
                return answers
            answers = make()
        return answers

    def leaves_error(self, device, record, kind, answers):
        trial = record.frozen()
        try:
            plans = Draft(device, trial, {"kind": kind, "set": answers}).plan()
        except Malformed:
            return False
        for n, plan in enumerate(plans):
            name, element, value, supersedes, removes = plan
            trial.apply(Write(("trial", 0, n), name, element, value, (1 << 60, 0), supersedes,
                              removes))
        others = [r for r in device.records.values() if r.id != record.id]
        shown = Snapshot([*others, trial])
        day = self.values.first_day + datetime.timedelta(days=self.values.days // 2)
        return has_error(shown.views[record.id], Context(shown, Snapshot([]), day.isoformat()))

    def op_create(self, device, form_id=None, fixed=None):
        form_id = form_id or self.rng.choices(list(self.form_weights),
                                              list(self.form_weights.values()))[0]
        needs = [f["ref"] for f in self.catalogue.forms[form_id].fields.values()
                 if f["type"] == "ref" and f.get("required")]
        if needs and not self.known(device, needs[0]) and fixed is None:
            return self.op_create(device, needs[0])
        number = self.counters[form_id] = self.counters.get(form_id, 0) + 1
        name = f"{form_id[:3]}{len(form_id)}-{number:02}"
        blank = Record(self.replay.names.id(name), self.catalogue.forms[form_id])

        def make():
            answers = self.values.record(form_id, self.references(device))
            answers.update(fixed or {})
            return answers
        answers = self.mended(device, blank, "create", make)
        return self.spoiled(name, form_id, answers)

    def spoiled(self, name, form_id, answers):
        """Now and then a required answer is left out, a check digit is wrong, a text empty."""
        form = self.catalogue.forms[form_id]
        required = [n for n, f in form.fields.items() if f.get("required") and n in answers]
        coded = [n for n, f in form.fields.items() if f["type"] == "code" and n in answers]
        texts = [n for n, f in form.fields.items() if f["type"] in ("text", "multiline")]
        dice = self.rng.random()
        if dice < 0.05 and len(required) > 1:
            del answers[self.rng.choice(required)]
        elif dice < 0.10 and coded:
            field = self.rng.choice(coded)
            answers[field] = self.values.wrong_code(form.fields[field]["constraint"]["check"])
        elif dice < 0.12 and texts:
            answers[self.rng.choice(texts)] = ""
        elif dice < 0.13 and texts:
            field = form.fields[self.rng.choice(texts)]
            answers[field["name"]] = "长" * (field["constraint"]["max_length"] + 1)
        elif dice < 0.15:
            bounded = [n for n, f in form.fields.items() if f["type"] in ("integer", "decimal")
                       and "min" in f.get("constraint", {})]
            if bounded:
                field = form.fields[self.rng.choice(bounded)]
                low = field["constraint"]["min"] - 1
                answers[field["name"]] = low if field["type"] == "integer" else str(low)
        elif dice < 0.30:
            self.spoil_hidden(form, answers)
        return "create", name, form_id, answers

    def spoil_hidden(self, form, answers):
        """A wrong answer where a hidden field does not mind, and a visible one does."""
        if "production_stopped" in form.fields:
            answers["stop_days"] = -1
            answers["production_stopped"] = self.rng.choice([True, False, None])
        elif "restated" in form.fields:
            answers["restate_reason"] = "长" * 201
            answers["restated"] = self.rng.choice([True, False, None])

    def op_twin(self, device):
        """A second record with the natural key of one made elsewhere."""
        all_records = [r for d in self.replay.devices.values() for r in d.records.values()]
        by_reference = [r for r in all_records if any(
            r.form.fields[name]["type"] == "ref" for name in r.form.natural_key)]
        if by_reference and self.rng.random() < 0.4:
            all_records = by_reference
        if not all_records:
            return None
        twin = self.rng.choice(all_records)
        shown = Snapshot([twin]).views[twin.id]
        fixed = {}
        for name in twin.form.natural_key:
            field = twin.form.fields[name]
            if shown.get(name) is not None:
                fixed[name] = json_of(twin.shown_plain(name), field, self.replay.names)
            others = self.references(device)(field["ref"]) if field["type"] == "ref" else None
            if others and self.rng.random() < 0.6:
                fixed[name] = self.rng.choice(others)  # the same, perhaps, once joins are followed
        return self.op_create(device, twin.form.id, fixed)

    def pick(self, device):
        records = self.known(device)
        if not records:
            return None
        return self.rng.choice(records[-12:] if self.rng.random() < 0.4 else records)

    def named(self, kind, record, answers):
        return kind, self.replay.names.name(record.id), record.form.id, answers

    def op_edit(self, device):
        """One to three fields of one record."""
        record = self.pick(device)
        if record is None:
            return None
        fields = [f for f in record.form.fields.values()
                  if f["type"] not in ATTACHMENTS and "computed" not in f]

        def make():
            chosen = self.rng.sample(fields, min(len(fields), self.rng.randint(1, 3)))
            return {f["name"]: self.new_answer(device, record, f) for f in chosen}
        return self.named("set", record, self.mended(device, record, "set", make))

    def new_answer(self, device, record, field):
        if field["type"] in SET_TYPES:
            return self.changed_set(device, record, field)
        in_conflict = field["name"] in record.conflicts()
        if not in_conflict and self.rng.random() < (0.05 if field.get("required") else 0.2):
            return "" if field["type"] == "text" and self.rng.random() < 0.3 else None
        answer = self.values.one(record.form.id, field, self.references(device))
        if answer is None and in_conflict:
            return json_of(record.shown_plain(field["name"]), field, self.replay.names)
        return answer

    def shown_rows(self, record, field):
        """The rows shown, as somebody would enter them again: some with their id."""
        rows = []
        for row_id, row in record.shown_set(field["name"]).items():
            answers = json_of(row, field, self.replay.names)
            if isinstance(row_id, str) and self.rng.random() < 0.8:
                answers["_row"] = row_id
            rows.append(answers)
        return rows

    def changed_set(self, device, record, field):
        """The list shown with elements taken out and put in."""
        form_id, references = record.form.id, self.references(device)
        if field["type"] == "repeat":
            rows = self.shown_rows(record, field)
            if rows and self.rng.random() < 0.4:
                rows.pop(self.rng.randrange(len(rows)))
            for n, row in enumerate(rows):
                if "_row" in row and self.rng.random() < 0.5:
                    rows[n] = self.values.row(form_id, field, references, row["_row"])
            if self.rng.random() < 0.5:
                rows.append(self.values.row(form_id, field, references))
            return rows
        shown = [json_of(v, field, self.replay.names)
                 for v in record.shown_set(field["name"]).values()]
        if shown and self.rng.random() < 0.6:
            shown.pop(self.rng.randrange(len(shown)))
        for _ in range(self.rng.randint(0, 2)):
            one = self.values.one(form_id, field, references)
            if one is not None:
                shown.append(one)
        self.rng.shuffle(shown)
        if not shown and self.rng.random() < 0.3:
            return None
        return list(dict.fromkeys(shown))

    def edit_of_type(self, device, types):
        found = [(r, f) for r in self.known(device) for f in r.form.fields.values()
                 if f["type"] in types and (f["type"] != "repeat" or self.rng.random() < 0.7)]
        if not found:
            return None
        record, field = self.rng.choice(found[-20:])
        return self.named("set", record, {field["name"]: self.changed_set(device, record, field)})

    def op_rows(self, device):
        return self.edit_of_type(device, {"repeat"})

    def op_elements(self, device):
        return self.edit_of_type(device, {"multi_choice", "ref_multi", "user_multi"})

    def unseen(self, device):
        """What others wrote lately and this laptop has not got; else anything written lately."""
        got = {(write.dot[0], write.dot[1]) for one in device.log for write in one.writes}
        here = [entry for entry in self.recent
                if self.replay.names.id(entry[2]) in device.records]
        fresh = [entry for entry in here
                 if entry[0] is not device and (entry[0].name, entry[1]) not in got]
        return [entry[2:] for entry in (fresh if fresh and self.rng.random() < 0.9 else here)]

    def op_collide(self, device):
        """The field that somebody wrote lately: another value, the same, or the same respelled;
        an edit where it was a void or a join, a void where it was an edit."""
        found = self.unseen(device)
        if not found:
            return None
        name, field_name, value = self.rng.choice(found)
        record = device.records[self.replay.names.id(name)]
        if field_name == VOID and self.rng.random() < 0.5:
            if not record.voided:
                return self.named("void", record, {VOID: True, "_void_reason": "重复登记"})
            return self.named("resolve", record, {VOID: not value})
        if record.voided:
            return None
        if field_name == ALIAS and self.rng.random() < 0.7:
            return self.joined(device, record)
        if not field_name.startswith("_") and self.rng.random() < 0.07:
            return self.named("void", record, {VOID: True, "_void_reason": "重复登记"})
        if field_name.startswith("_"):
            field_name, value = self.rng.choice(sorted(record.form.fields)), None
        field = record.form.fields.get(field_name)
        if field is None or "computed" in field or field["type"] in ATTACHMENTS:
            return None
        if field["type"] in SET_TYPES or value is None or self.rng.random() < 0.65:
            value = self.new_answer(device, record, field)
        else:
            value = self.values.respell(field, value)
        if value is None and field_name in record.conflicts():
            return None
        return self.named("set", record, {field_name: value})

    def op_void(self, device):
        record = self.pick(device)
        if self.rng.random() < 0.1:
            voided = self.known(device, voided=True)
            record = self.rng.choice(voided) if voided else record
        if record is None:
            return None
        return self.named("void", record, {VOID: True, "_void_reason": "重复登记"})

    def op_unvoid(self, device):
        """Settles or reverses a void; or meets the refusal of an edit of a voided record."""
        voided = self.known(device, voided=True)
        voided += [r for r in self.known(device) if VOID in r.conflicts()] * 3
        if not voided:
            return None
        record = self.rng.choice(voided)
        if record.voided and self.rng.random() < 0.25:
            field = self.rng.choice(sorted(record.form.fields))
            answer = self.values.one(record.form.id, record.form.fields[field],
                                     self.references(device)) \
                if record.form.fields[field]["type"] not in SET_TYPES else None
            return self.named("set", record, {field: answer})
        return self.named("resolve", record, {VOID: self.rng.random() < 0.4})

    def op_settle(self, device):
        """One or more conflicts of a record, settled by somebody who sees them."""
        found = [r for r in self.known(device) if set(r.conflicts()) - {VOID}]
        if not found:
            return None
        record = self.rng.choice(found)
        answers = {}
        for name, (_, values) in sorted(record.conflicts().items()):
            if name == VOID:
                continue
            field = record.form.fields.get(name, {"type": "ref", "name": name})
            if field["type"] == "repeat":
                answers[name] = self.changed_set(device, record, field)
                continue
            given = sorted((json_of(v, field, self.replay.names) for v in values
                            if v is not None), key=repr)
            fresh = self.values.one(record.form.id, field, self.references(device)) \
                if name != ALIAS else None
            if fresh is not None and self.rng.random() < 0.3:
                given = [fresh]
            answers[name] = self.rng.choice(given)
        plain = [n for n in answers if record.form.fields.get(n, {}).get("type") != "repeat"]
        if len(plain) < len(answers) or self.rng.random() < 0.3:
            return self.named("set", record, answers)
        return self.named("resolve", record, {n: answers[n] for n in plain})

    def op_restate(self, device):
        """A resolve where nothing is in conflict: it writes all the same."""
        record = self.pick(device)
        if record is None:
            return None
        names = [n for n, f in record.form.fields.items() if f["type"] not in SET_TYPES
                 and "computed" not in f and record.shown_plain(n) is not None]
        if not names:
            return None
        name = self.rng.choice(names)
        value = json_of(record.shown_plain(name), record.form.fields[name], self.replay.names)
        return self.named("resolve", record, {name: value})

    def op_join(self, device):
        """A join with a record of the same form, often one that others refer to or that others
        were joined into; chains and cycles come by themselves."""
        records = self.known(device)
        dice = self.rng.random()
        if dice < 0.4:
            records = [device.records[r.alias] for r in records if r.alias in device.records]
        elif dice < 0.8:
            referred = {w.value for r in records for name, field in r.form.fields.items()
                        if field["type"] == "ref" for w in r.writes(name)}
            records = [r for r in records if r.id in referred]
        records = [r for r in records if not r.voided]
        return self.joined(device, self.rng.choice(records)) if records else None

    def joined(self, device, record):
        others = [r for r in self.known(device, record.form.id) if r.id != record.id]
        if not others:
            return None
        back = [r for r in others if r.alias == record.id]
        other = self.rng.choice(back if back and self.rng.random() < 0.25 else others)
        return self.named("alias", record, {ALIAS: self.replay.names.name(other.id)})

    def op_unjoin(self, device):
        joined = [r for r in self.known(device) if r.alias is not None
                  and ALIAS not in r.conflicts()]
        return self.named("alias", self.rng.choice(joined), {ALIAS: None}) if joined else None

    def op_stranger(self, device):
        """An edit of a record that this laptop has not got."""
        found = [(n, f) for n, f in self.created
                 if self.replay.names.id(n) not in device.records]
        if not found:
            return None
        name, form_id = self.rng.choice(found)
        field = self.rng.choice([f for f in self.catalogue.forms[form_id].fields.values()
                                 if f["type"] in ("text", "integer", "decimal", "date")])
        value = self.values.one(form_id, field, self.references(device))
        return self.rng.choice(["set", "resolve"]), name, form_id, {field["name"]: value}

    def op_malformed(self, device):
        record = self.pick(device)
        if record is None:
            return None
        field, value = self.values.malformed(record.form)
        return self.named("set", record, {field: value})
