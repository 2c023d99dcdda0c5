"""Indicators over the approved records, exactly; and the periods they are asked for."""
import calendar
import re
from fractions import Fraction

from catalogue import Instant, Malformed, decimal_of, local_date, plain_decimal, rounded
from rules import rows_of


class Period:
    """A range of days, both included; its year is the year of its end."""

    def __init__(self, name):
        self.name = name
        self.start, self.end = self.bounds(name)
        self.year = int(self.end[:4])
        self.year_start = f"{self.year:04}-01-01"

    @staticmethod
    def bounds(name):
        def months(year, first, last):
            days = calendar.monthrange(int(year), last)[1]
            return f"{year}-{first:02}-01", f"{year}-{last:02}-{days:02}"
        if ".." in name:
            start, end = name.split("..")
            return start, end
        if match := re.fullmatch(r"(\d{4})H([12])", name):
            last = 6 * int(match.group(2))
            return months(match.group(1), last - 5, last)
        if match := re.fullmatch(r"(\d{4})Q([1-4])", name):
            last = 3 * int(match.group(2))
            return months(match.group(1), last - 2, last)
        if match := re.fullmatch(r"(\d{4})-(\d\d)", name):
            return months(match.group(1), int(match.group(2)), int(match.group(2)))
        if re.fullmatch(r"\d{4}", name):
            return months(name, 1, 12)
        raise ValueError(f"no such period: {name}")

    def symbol(self, name):
        return {"period.year": self.year, "period.start": self.start, "period.end": self.end,
                "period.year_start": self.year_start, "period.end_month": self.end[:7]}[name]


def day_of(value):
    return local_date(value) if isinstance(value, Instant) else value


def within(value, first, last):
    """A day, or a month against the months of the bounds; first may be None."""
    if value is None:
        return False
    day = day_of(value)
    return (first is None or first[:len(day)] <= day) and day <= last[:len(day)]


class Item:
    """A record on its way through an indicator, with the row it was unnested to."""

    def __init__(self, view, unnested=None, row=None):
        self.view, self.unnested, self.row = view, unnested, row

    def get(self, path):
        head, _, rest = path.partition(".")
        if not rest:
            return self.view.get(head)
        if head == self.unnested:
            return self.row.get(rest)
        # Voided records are dropped before conditions are looked at: nothing is found behind one.
        other = self.view.snapshot.views.get(self.view.get(head))
        return None if other is None or other.voided else Item(other).get(rest)


class Figure:
    def __init__(self, value, records):
        self.value, self.records = value, records  # exact or None; ids


class Report:
    def __init__(self, indicators, period, approved):
        self.defs = {one["id"]: one for one in indicators}
        self.period, self.approved, self.done = Period(period), approved, {}

    def figure(self, name):
        if name not in self.done:
            self.done[name] = self.compute(self.defs[name]["def"])
        return self.done[name]

    def compute(self, definition):
        if "ratio" in definition or "minus" in definition:
            left, right = (self.figure(n) for n in definition.get("ratio") or definition["minus"])
            records = left.records | right.records
            if left.value is None or right.value is None:
                return Figure(None, records)
            if "minus" in definition:
                return Figure(left.value - right.value, records)
            if right.value == 0:
                return Figure(None, records)
            scale = decimal_of(str(definition.get("scale", "1")))
            return Figure(left.value / right.value * scale, records)
        items = self.items(definition)
        records = {item.view.id for item in items}
        return Figure(self.aggregate(definition, items), records)

    def items(self, definition):
        items = [Item(view) for view in self.approved.counting(definition["form"])]
        if "period" in definition:
            items = [i for i in items if self.in_period(definition["period"], i)]
        if "unnest" in definition:
            name = definition["unnest"]
            items = [Item(i.view, name, row) for i in items for row in rows_of(i.view, name)]
        for condition in definition.get("where", []):
            items = [i for i in items if self.holds(condition, i)]
        if "latest_per" in definition:
            items = self.latest_per(definition["latest_per"], items)
        return items

    def in_period(self, rule, item):
        period = self.period
        if rule["rule"] == "as_of":
            start, end = item.get(rule["from"]), item.get(rule["to"])
            return within(start, None, period.end) and (
                end is None or not within(end, None, period.end))
        first = {"in_period": period.start, "year_to_date": period.year_start,
                 "up_to_end": None}[rule["rule"]]
        return within(item.get(rule["field"]), first, period.end)

    def holds(self, condition, item):
        if "any" in condition:
            return any(self.holds(one, item) for one in condition["any"])
        if "all" in condition:
            return all(self.holds(one, item) for one in condition["all"])
        found, op = item.get(condition["field"]), condition["op"]
        if op == "is_null":
            return found is None
        if op == "not_null":
            return found is not None
        wanted = self.operand(condition["value"], item, found)
        if op == "is_null_or_after" and found is None:
            return True
        if found is None or wanted is None:
            return False
        return CONDITIONS[op](found, wanted)

    def operand(self, raw, item, like):
        """What a condition compares with, in the canonical form of the value beside it."""
        if isinstance(raw, dict):
            return item.get(raw["$field"]) if "$field" in raw else self.period.symbol(raw["$"])
        if isinstance(raw, list):
            return [self.operand(one, item, like) for one in raw]
        if isinstance(raw, str) and isinstance(like, (int, Fraction)):
            try:
                return decimal_of(raw)
            except Malformed:
                return raw
        return raw

    @staticmethod
    def latest_per(rule, items):
        groups = {}
        for item in items:
            groups.setdefault(tuple(item.get(name) for name in rule["by"]), []).append(item)
        return [max(group, key=lambda i: order_key(i, rule["order"])) for group in groups.values()]

    @staticmethod
    def aggregate(definition, items):
        agg = definition["agg"]
        if agg == "count":
            return Fraction(len(items))
        if agg == "latest":
            if not items:
                return None
            return max(items, key=lambda i: order_key(i, definition["order"])).get(
                definition["field"])
        values = [i.get(definition["field"]) for i in items]
        values = [v for v in values if v is not None]
        return Fraction(len(set(values)) if agg == "count_distinct" else sum(values))

    def printed(self):
        """Indicator id -> {value, display, records}."""
        return {name: self.print_one(name) for name in self.defs}

    def print_one(self, name):
        figure, one = self.figure(name), self.defs[name]
        display = one.get("display", {})
        if figure.value is None:
            return {"value": None, "display": "—", "records": len(figure.records)}
        exact = figure.value
        if "ratio" in one["def"]:
            value = rounded(exact, display.get("decimals", 0))
        else:
            value = plain_decimal(exact)
        shown = exact / decimal_of(str(display.get("divide", "1")))
        places = display.get("decimals")
        text = plain_decimal(shown) if places is None else rounded(shown, places)
        return {"value": value, "display": text + display.get("suffix", ""),
                "records": len(figure.records)}


def order_key(item, order):
    """Greatest last; nothing comes before everything, ties go to the greater id."""
    found = item.get(order)
    return (found is not None, found if found is not None else 0, item.view.id)


CONDITIONS = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "in": lambda a, b: a in b, "not_in": lambda a, b: a not in b,
    "contains": lambda a, b: b in a, "is_null_or_after": lambda a, b: a > b}
