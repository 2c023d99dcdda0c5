#!/usr/bin/env python3
"""A random case file (field-case/1), the same for the same seed.

    gen_case.py --seed N [--ops K] [--devices D]

It drives the checker's own replay while it writes, so that each op meets what its laptop really
shows: edits of shared records while apart, settlements by somebody who saw both, joins, voids,
approvals at awkward moments, and ops that must be refused.
"""
import argparse
import datetime
import json
import random
import sys

from catalogue import BUREAU_ZONE, Catalogue
from figures import Period
from gen_ops import Ops
from gen_values import Values, name_list
from oracle import FORMS, Replay


def period_of(rng, day):
    """A period name that the case's days fall into, or nearly."""
    year, month = day.year, day.month
    end = day + datetime.timedelta(days=rng.randint(0, 40))
    return rng.choice([
        f"{year}H{(month + 5) // 6}", f"{year}Q{(month + 2) // 3}", f"{year}-{month:02}", f"{year}",
        f"{day.isoformat()}..{end.isoformat()}"])


class Generator:
    def __init__(self, seed, ops=None, devices=None):
        self.rng = rng = random.Random(f"field-case {seed}")
        self.catalogue = Catalogue(FORMS)
        self.first_day = datetime.date(rng.choice([2006, 2008, 2008, 2011]), rng.randint(1, 12),
                                       rng.randint(1, 28))
        self.days = rng.randint(10, 40)
        self.ops_wanted = ops or rng.randint(80, 200)
        devices = devices or rng.randint(2, 5)
        names = name_list(rng, devices + rng.randint(0, 3))
        staff = [{"id": name, "name": f"示例{name}", "device": f"D{n % devices + 1}"}
                 for n, name in enumerate(names)]
        nightly = rng.choice(["21:00", "21:00", "18:30", "00:00", "23:59"])
        self.nightly_ms = (int(nightly[:2]) * 60 + int(nightly[3:])) * 60000
        self.case = {"schema": "field-case/1", "case_id": f"random-{seed}",
                     "period": period_of(rng, self.first_day), "staff": staff,
                     "nightly_sync": nightly,
                     "offline_spans": self.spans(devices), "ops": [], "reviews": []}
        self.replay = Replay(self.case, self.catalogue)
        period = Period(self.case["period"])
        self.values = Values(rng, self.catalogue, names, self.first_day, self.days, period.year)
        self.values.edges = [datetime.date.fromisoformat(d) for d in (period.start, period.end)]
        self.ops = Ops(rng, self.replay, self.values)

    def spans(self, devices):
        spans = []
        for n in range(devices):
            day = self.rng.randint(0, 6)
            while day < self.days:
                length = self.rng.randint(1, 8)
                if self.rng.random() < 0.75:
                    first = self.first_day + datetime.timedelta(days=day)
                    last = first + datetime.timedelta(days=length)
                    spans.append({"device": f"D{n + 1}", "from": first.isoformat(),
                                  "to": last.isoformat()})
                day += length + self.rng.randint(1, 8)
        return spans

    # -- the calendar -------------------------------------------------------------------------
    def moments(self):
        """(day, ms of the day, what) of every event, sorted; no two laptops share an instant."""
        reviews = sorted(self.rng.sample(range(self.days), min(self.days, self.rng.randint(3, 9))))
        found = []
        used = set()
        while len(found) < self.ops_wanted:
            day, ms = self.rng.randrange(self.days), self.rng.randint(8 * 3600, 22 * 3600) * 1000
            if self.rng.random() < 0.1:
                ms += self.rng.randint(1, 999)
            if self.rng.random() < 0.03:
                ms = self.nightly_ms
            if (day, ms) not in used:
                used.add((day, ms))
                found.append((day, ms, "op"))
                if self.rng.random() < 0.05:
                    found.append((day, ms, "op again"))
        instants = sorted(used)
        for day in reviews:
            ms = self.rng.choice([17 * 3600 + 1800, 9 * 3600, self.nightly_ms // 1000]) * 1000
            if self.rng.random() < 0.3:
                day, ms = self.rng.choice(instants)
            found += [(day, ms + 60000 * n, "review") for n in range(self.rng.randint(1, 2))]
        if self.rng.random() < 0.8:
            found.append((self.days, 17 * 3600000, "review"))
        return sorted(found)

    def at(self, day, ms):
        moment = datetime.datetime.combine(self.first_day, datetime.time(), BUREAU_ZONE)
        moment += datetime.timedelta(days=day, milliseconds=ms)
        return moment.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")

    def make(self):
        for day, ms, kind in self.moments():
            if kind == "op":
                self.one_op(self.at(day, ms))
            elif kind == "op again":
                self.one_op(self.at(day, ms), again=True)
            else:
                self.one_review(self.at(day, ms), last=day == self.days)
        return self.case

    # -- ops ----------------------------------------------------------------------------------
    def one_op(self, at, again=False):
        """One op; `again`: the same person's next at the same instant, on another record."""
        before = self.case["ops"][-1] if again else None
        person = self.rng.choice(self.case["staff"])
        if before:
            person = next(p for p in self.case["staff"] if p["id"] == before["user"])
        device = self.replay.devices[person["device"]]
        early = len(self.ops.created) < 0.2 * self.ops_wanted
        made = self.ops.choose(device, early, before and before["record"])
        kind, record, form_id, answers = made
        if kind != "create" and self.rng.random() < 0.2:
            answers["_amend_reason"] = "来函更正"
        op = {"op": f"{person['device']}-{len(self.case['ops']) + 1:04}",
              "device": person["device"], "user": person["id"], "at": at, "record": record,
              "form": form_id, "kind": kind, "parents": [], "set": answers, "synthetic": True}
        self.case["ops"].append(op)
        if self.replay.step(op):
            self.ops.taken(device, op)

    # -- reviews ------------------------------------------------------------------------------
    def one_review(self, at, last):
        names = [name for name, _ in self.ops.created]
        share = 0.9 if last else self.rng.choice([0.1, 0.4, 0.7, 1.0])
        chosen = [name for name in names if self.rng.random() < share]
        if self.rng.random() < 0.2:
            chosen.append("nobody-01")
        status = self.rng.choices(["approved", "returned", "checked"],
                                  [1, 0, 0] if last else [8, 1, 1])[0]
        if not chosen:
            return
        review = {"op": f"SRV-{len(self.case['reviews']) + 1:04}", "device": "SRV",
                  "user": self.case["staff"][0]["id"], "at": at, "kind": "review",
                  "records": chosen, "set": {"_status": status}}
        if status == "returned":
            review["set"]["_review_note"] = "退回补充"
        self.case["reviews"].append(review)
        self.replay.step(review)


def generate(seed, ops=None, devices=None):
    return Generator(seed, ops, devices).make()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--ops", type=int)
    parser.add_argument("--devices", type=int)
    options = parser.parse_args()
    json.dump(generate(options.seed, options.ops, options.devices), sys.stdout,
              ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
