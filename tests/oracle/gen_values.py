"""Random answers for any field of forms.json: mostly valid, in several spellings, from small pools
so that laptops meet in equal and in different values.
"""
import datetime
import uuid
from fractions import Fraction

import codes
from catalogue import (BUREAU_ZONE, SET_TYPES, Malformed, decimal_of, instant_of,
                       plain_decimal)

# How often an optional field is given, where the figures or the rules need it often; and the
# values that indicators single out.
LIKELY = {
    "enterprise": {"reg_no": 0.9, "usc_code": 0.3, "deregistered_on": 0.25},
    "project": {"total_investment": 0.5, "completed_on": 0.2, "terminated_on": 0.2,
                "enterprise": 0.5},
    "capital_arrival": {"voucher_no": 0.8},
    "project_progress": {"invested_cum": 0.9, "land_levelled_mu": 0.7, "foundation_pct": 0.7},
    "pipeline_project": {"promoted_on": 0.6, "packaged_on": 0.5, "is_key": 0.6,
                         "promotion_channel": 0.7},
    "site_visit": {"companions": 0.6, "enterprise": 0.5},
    "complaint": {"closed_on": 0.7, "result": 0.7, "repeat_of": 0.2},
    "funding_support": {"apply_date": 0.8, "decided_on": 0.8, "amount_granted": 0.8,
                        "amount_applied": 0.6},
    "service_matter": {"closed_on": 0.7, "accountable": 0.4},
    "broadcast_episode": {"aired_on": 0.8, "enterprises": 0.6},
    "article": {"adoptions": 0.8}, "outreach_trip": {"leads": 0.6}, "target": {"milestones": 0.5},
    "relief_action": {"shelters_built": 0.7}, "foreign_affair": {"deaths": 0.6},
    "duty_assignment": {"to_date": 0.4, "staff": 0.7},
    "difficulty": {"expected_loss": 0.6}, "disaster_report": {"narrative": 0.5},
    "plan_item": {"metric": 0.8, "value": 0.9, "pipeline_projects": 0.7},
}
FAVOURED = {
    ("project", "project_no"): ["PC2008-001", "PC2008-002", "PC2008-003", "PC2008-004"],
    ("broadcast_episode", "program"): ["招商大视野", "招商大视野", "示例栏目"],
    ("funding_support", "fund_kind"): ["tech_innovation", "tech_innovation", "sme"],
    ("funding_support", "state"): ["granted", "paid", "applied"],
    ("target", "metric"): ["capital_arrived", "capital_out_province", "projects_signed"],
    ("target", "issuer_level"): ["city", "city", "county"],
    ("plan_item", "metric"): ["capital_out_province", "projects_signed", "capital_arrived"],
    ("promo_material", "kind"): ["brochure", "tv_film", "leaflet"],
    ("duty_assignment", "kind"): ["disaster", "disaster", "liaison"],
    ("governance_doc", "kind"): ["system", "system", "plan"],
    ("foreign_affair", "kind"): ["death_abroad", "death_abroad", "visit"],
    ("complaint", "state"): ["done", "done", "doing"],
    ("service_matter", "state"): ["done", "done", "doing"],
    ("capital_arrival", "currency"): ["CNY", "CNY", "USD"],
}
# Texts are compared byte by byte: composed and decomposed letters, full-width digits and spaces
# at the ends are other texts.
WORDS = ["示例", "柳树村", "县油料公司", "金凤丝绸", "走访", "灾情", "园区", "甲", "乙",
         "Alpha", "alpha", "\u00e9", "e\u0301", "\uff11", " x", "\U0001f3e0", "\"q\\", "100%"]
DIVISIONS = ["511923", "511923203", "511923126", "511923113205", "500000"]
ATTACHMENTS = {"photos", "files", "signature"}


def name_list(rng, count):
    """Record names, accounts: short, some not ASCII."""
    return [f"{rng.choice(['li', 'wang', 'zhao', 'chen', '员'])}_{n}" for n in range(count)]


class Values:
    """Answers for one case: its users, its days, its records."""

    def __init__(self, rng, catalogue, users, first_day, days, year):
        self.rng, self.catalogue, self.users = rng, catalogue, users
        self.first_day, self.days, self.year = first_day, days, year
        self.edges = []  # days that a period begins or ends on
        self.lists = {name: sorted(items) for name, items in catalogue.choices.items()}

    def day(self):
        if self.edges and self.rng.random() < 0.15:
            base, spread = self.rng.choice(self.edges), 1
        else:
            base, spread = self.first_day, self.days + 20
        return base + datetime.timedelta(days=self.rng.randint(-spread, spread))

    def date(self):
        return self.day().isoformat()

    def moment(self):
        text = f"{self.date()}T{self.rng.randint(0, 23):02}:{self.rng.choice(['00', '30'])}:00"
        return text + self.rng.choice(["+08:00", "+08:00", "Z", "+00:00"])

    def decimal(self, field):
        limits, places = field.get("constraint", {}), field.get("decimals", 2)
        top = int(min(limits.get("max", 400), 400))
        whole = self.rng.choice([0, 1, 2, 10, self.rng.randint(0, top), self.rng.randint(0, top)])
        digits = self.rng.choice([0, 0, 1, 2, places])
        digits = min(digits, places) if whole < top else 0
        text = str(whole)
        if "max" not in limits and self.rng.random() < 0.03:
            # More digits than a double holds, and still exact.
            text, digits = "900719925474", places and min(places, 4)
        if digits:
            text += "." + "".join(self.rng.choice("05725") for _ in range(digits))
        if limits.get("min") is None and self.rng.random() < 0.1 and Fraction(text):
            text = "-" + text
        return self.respell_decimal(Fraction(text), places)

    def respell_decimal(self, value, places):
        """The same number, perhaps with zeros behind it."""
        text = plain_decimal(value)
        room = places - (len(text.split(".")[1]) if "." in text else 0)
        if room and self.rng.random() < 0.5:
            text += ("" if "." in text else ".") + "0" * self.rng.randint(1, room)
        return text

    def respell(self, field, value):
        """The same answer, perhaps in another spelling."""
        try:
            if field["type"] == "decimal":
                return self.respell_decimal(decimal_of(value), field["decimals"])
            if field["type"] == "datetime":
                zone = self.rng.choice([BUREAU_ZONE, datetime.timezone.utc])
                moment = datetime.datetime.fromtimestamp(instant_of(value).ms // 1000, zone)
                return moment.isoformat(timespec=self.rng.choice(["seconds", "milliseconds"]))
            if field["type"] == "geopoint":
                return {name: self.respell_decimal(decimal_of(part), 6)
                        for name, part in value.items()}
        except Malformed:
            pass  # somebody's wrong answer: say it again as it is
        return value

    def code(self, check):
        rng = self.rng
        if check == "uscc18":
            organisation = "PDY" + f"{rng.randint(1, 30):05}"
            body = "91511923" + organisation + codes.orgcode9_digit(organisation)
            return body + codes.uscc18_digit(body)
        if check == "orgcode9":
            body = "PDY" + f"{rng.randint(1, 30):05}"
            return body + rng.choice(["-", ""]) + codes.orgcode9_digit(body)
        if check == "regno":
            body = "9999990000" + f"{rng.randint(1, 12):04}"
            return body[:13] if rng.random() < 0.1 else body + codes.regno_digit(body)
        if check == "phone":
            return rng.choice(["0827-6222333", "+8613900000000", "6222333"])
        if check == "division":
            return rng.choice(DIVISIONS)
        return rng.choice(["C14", "C1421", "14", "1421", "F52"])

    def wrong_code(self, check):
        good = self.code(check)
        if check in ("phone", "division", "gbt4754"):
            return {"phone": "12ab567", "division": "51192", "gbt4754": "14215X"}[check]
        last = good[-1]
        return good[:-1] + ("1" if last != "1" else "2") if len(good) != 13 else good + "9"

    def text(self, form_id, field):
        limit = field.get("constraint", {}).get("max_length", 40)
        made = self.rng.choice(WORDS) + str(self.rng.randint(1, 6))
        if self.rng.random() < 0.02:
            made = "长" * limit
        return made[:limit]

    def integer(self, field):
        limits = field.get("constraint", {})
        if limits.get("min") == 1990:
            return self.year + self.rng.choice([0, 0, 0, 0, -1, 1])
        low = limits.get("min", 0)
        return self.rng.randint(low, min(low + self.rng.choice([1, 5, 40]), limits.get("max", 200)))

    def one(self, form_id, field, records):
        """A valid answer, or None when there is none to give (a reference to nothing)."""
        rng, kind = self.rng, field["type"]
        favoured = FAVOURED.get((form_id, field["name"]))
        if favoured and rng.random() < 0.8:
            return rng.choice(favoured)
        if kind in ("choice", "multi_choice"):
            return rng.choice(self.lists[field["choices"]])
        if kind == "code":
            return self.code(field["constraint"]["check"])
        if kind in ("text", "multiline"):
            return self.text(form_id, field)
        if kind in ("ref", "ref_multi"):
            known = records(field["ref"])
            return rng.choice(known) if known else None
        if kind in ("user", "user_multi"):
            return rng.choice(self.users)
        if kind == "geopoint":
            return self.point()
        made = {"integer": lambda: self.integer(field), "decimal": lambda: self.decimal(field),
                "date": self.date, "month": lambda: self.date()[:7], "datetime": self.moment,
                "boolean": lambda: rng.random() < 0.5}
        return made[kind]()

    def point(self):
        point = {"lat": self.rng.choice(["31.56", "31.560", "31.5"]), "lon": "107.10"}
        if self.rng.random() < 0.5:
            point["accuracy_m"] = self.rng.choice(["12", "12.0", "30"])
        return point

    def row(self, form_id, field, records, row_id=None):
        row = {}
        for inner in field["fields"]:
            if inner["type"] in SET_TYPES or (not inner.get("required")
                                              and self.rng.random() < 0.6):
                continue
            if inner.get("required") and self.rng.random() < 0.03:
                continue
            answer = self.one(form_id, inner, records)
            if answer is not None:
                row[inner["name"]] = answer
        if row_id or self.rng.random() < 0.5:
            row["_row"] = row_id or str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        return row

    def answer(self, form_id, field, records):
        """A valid answer to a whole field: a list for a set-typed one."""
        if field["type"] == "repeat":
            return [self.row(form_id, field, records) for _ in range(self.rng.randint(0, 3))]
        if field["type"] in SET_TYPES:
            least = 1 if field.get("required") else 0
            made = [self.one(form_id, field, records) for _ in range(self.rng.randint(least, 3))]
            return list(dict.fromkeys(one for one in made if one is not None))
        return self.one(form_id, field, records)

    def likely(self, form_id, field):
        if field.get("required"):
            return 1.0
        if "default" in field:
            return 0.3
        return LIKELY.get(form_id, {}).get(field["name"], 0.25)

    def record(self, form_id, records):
        """The answers of a new record."""
        answers = {}
        for field in self.catalogue.forms[form_id].fields.values():
            if field["type"] in ATTACHMENTS or "computed" in field:
                continue
            if self.rng.random() < self.likely(form_id, field):
                answer = self.answer(form_id, field, records)
                if answer is not None:
                    answers[field["name"]] = answer
            elif self.rng.random() < (0.4 if "default" in field else 0.1):
                answers[field["name"]] = None
        return answers

    def malformed(self, form):
        """(field, value) that a save refuses."""
        bad = {"integer": ["12", 1.5], "decimal": ["1,5", "abc", 12],
               "date": ["2008-02-30", "2008.6.30"], "month": ["2008-13", "2008-05-01"],
               "datetime": ["2008-05-27 11:00", "2008-05-27"],
               "boolean": ["yes", 1], "geopoint": [{"lat": "31.5"}, "31.5,107.1"],
               "multi_choice": ["routine"], "text": [5]}
        found = [(f["name"], self.rng.choice(bad[f["type"]])) for f in form.fields.values()
                 if f["type"] in bad]
        found += [("no_such_field", "x")]
        found += [(f["name"], True) for f in form.fields.values() if "computed" in f]
        return self.rng.choice(found)
