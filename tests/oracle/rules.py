"""Records as somebody reads them, and the prefix expressions of forms.json over them.

A Snapshot is one reader's records (shown, or as last approved) with joins followed. A missing
operand makes a comparison hold in a rule, fail in visible_if, and stay unknown in a computed field.
"""
from fractions import Fraction

import codes
from catalogue import SET_TYPES, Instant, Row, local_date

RULE, VISIBLE, COMPUTED = "rule", "visible", "computed"


class View:
    """One record's values as its reader sees them."""

    def __init__(self, record, snapshot):
        self.record, self.snapshot = record, snapshot
        self.id, self.form = record.id, record.form
        self.voided, self.alias = record.voided, record.alias
        self.cache = {}

    @property
    def counts(self):
        return not self.voided and self.snapshot.target(self.id) == self.id

    def get(self, name):
        """The value: None, a canonical value, or a tuple for a set-typed field."""
        if name == "_id":
            return self.id
        if name not in self.cache:
            self.cache[name] = self.read(name)
        return self.cache[name]

    def read(self, name):
        field = self.form.fields.get(name)
        if field is None:
            return None
        if "computed" in field:
            return Expression(self, None, COMPUTED).value(field["computed"])
        if field["type"] == "ref":
            return self.snapshot.target(self.record.shown_plain(name))
        if field["type"] not in SET_TYPES:
            return self.record.shown_plain(name)
        shown = tuple(self.record.shown_set(name).values())
        if field["type"] == "ref_multi":
            shown = tuple(dict.fromkeys(self.snapshot.target(one) for one in shown))
        return shown or None

    def visible(self, field):
        return "visible_if" not in field or bool(
            Expression(self, None, VISIBLE).value(field["visible_if"]))


class Snapshot:
    def __init__(self, records):
        self.views = {}
        for record in records:
            self.views[record.id] = View(record, self)

    def target(self, record_id):
        """Where joins lead: the end of the chain, or the smallest id of a cycle."""
        path = []
        while record_id is not None and record_id not in path:
            path.append(record_id)
            view = self.views.get(record_id)
            if view is None or view.alias is None:
                return record_id
            record_id = view.alias
        return None if record_id is None else min(path[path.index(record_id):])

    def in_cycle(self, record_id):
        """Whether following the joins from a record comes back to it."""
        seen, at = set(), record_id
        while at in self.views and self.views[at].alias is not None and at not in seen:
            seen.add(at)
            at = self.views[at].alias
            if at == record_id:
                return True
        return False

    def of_form(self, form_id):
        return [v for v in self.views.values() if v.form.id == form_id]

    def counting(self, form_id):
        return [v for v in self.of_form(form_id) if v.counts]


class Context:
    """What an expression reads besides its own record."""

    def __init__(self, shown, approved, today):
        self.shown, self.approved, self.today = shown, approved, today


class Expression:
    def __init__(self, view, context, mode):
        self.view, self.context, self.mode = view, context, mode

    def missing(self):
        return {RULE: True, VISIBLE: False, COMPUTED: None}[self.mode]

    def value(self, expr):
        if isinstance(expr, str):
            return self.view.get(expr) if expr in self.view.form.fields else expr
        if not isinstance(expr, list):
            return expr
        op, args = expr[0], expr[1:]
        if op in COMPARE:
            left, right = self.value(args[0]), self.value(args[1])
            if left is None or right is None:
                return self.missing()
            return COMPARE[op](left, right)
        return getattr(self, NAMED[op])(*args)

    def op_in(self, operand, choices):
        found = self.value(operand)
        return found is not None and found in choices

    def op_and(self, *args):
        return all(self.value(a) for a in args)

    def op_or(self, *args):
        return any(self.value(a) for a in args)

    def op_not(self, arg):
        return not self.value(arg)

    def op_isnull(self, arg):
        return self.value(arg) is None

    def op_notnull(self, arg):
        return self.value(arg) is not None

    def op_plus(self, *args):
        parts = [self.value(a) for a in args]
        return None if any(p is None for p in parts) else sum(parts)

    def op_minus(self, left, right):
        left, right = self.value(left), self.value(right)
        return None if left is None or right is None else left - right

    def op_year(self, arg):
        found = self.value(arg)
        return None if found is None else year_of(found)

    def op_today(self):
        return self.context.today

    def op_or0(self, arg):
        found = self.value(arg)
        return 0 if found is None else found

    def op_abs_change_pct(self, left, right):
        left, right = self.value(left), self.value(right)
        if left is None or right is None or right == 0:
            return None
        return abs(Fraction(left) - right) / right * 100

    def op_related(self, reference, name):
        other = self.context.shown.views.get(self.view.get(reference))
        return None if other is None or other.voided else other.get(name)

    def op_sum_related(self, form_id, name, options):
        by = self.view.get(options["by"])
        if by is None:
            return None
        others = [v for v in self.context.approved.counting(form_id) if v.id != self.view.id]
        if form_id == self.view.form.id:
            others.append(self.view)
        return sum(v.get(name) or 0 for v in others if v.get(options["by"]) == by)

    def op_prev(self, name, options):
        order, by = options["order"], options["by"]
        mine, group = self.view.get(order), self.view.get(by)
        if mine is None or group is None:
            return None
        before = [v for v in self.context.shown.counting(self.view.form.id)
                  if v.id != self.view.id and v.get(by) == group
                  and v.get(order) is not None and v.get(order) < mine
                  and (not options.get("same_year") or year_of(v.get(order)) == year_of(mine))]
        return max(before, key=lambda v: (v.get(order), v.id)).get(name) if before else None


COMPARE = {"=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
           "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
NAMED = {"in": "op_in", "and": "op_and", "or": "op_or", "not": "op_not", "isnull": "op_isnull",
         "notnull": "op_notnull", "+": "op_plus", "-": "op_minus", "year": "op_year",
         "today": "op_today", "or0": "op_or0", "abs_change_pct": "op_abs_change_pct",
         "related": "op_related", "sum_related": "op_sum_related", "prev": "op_prev"}


def year_of(value):
    return int((local_date(value) if isinstance(value, Instant) else value)[:4])


def broken_rules(view, context):
    """The rules of the record's form that do not hold."""
    return [rule for rule in view.form.rules
            if not Expression(view, context, RULE).value(rule["expr"])]


def has_error(view, context):
    """Whether the record must stay `saved`: an empty required field, a constraint, a rule."""
    if view.voided:
        return False
    for field in view.form.fields.values():
        if "computed" in field or not view.visible(field):
            continue
        found = view.get(field["name"])
        if answer_is_wrong(field, found):
            return True
        if field["type"] == "repeat":
            for row in found or ():
                if any(answer_is_wrong(one, row.get(one["name"])) for one in field["fields"]):
                    return True
    return any(rule["level"] == "error" for rule in broken_rules(view, context))


def answer_is_wrong(field, value):
    if value is None:
        return bool(field.get("required"))
    limits = field.get("constraint", {})
    if isinstance(value, str):
        if len(value) > limits.get("max_length", len(value)):
            return True
        return "check" in limits and not codes.CHECKS[limits["check"]](value)
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return value < limits.get("min", value) or value > limits.get("max", value)
    return False


def rows_of(view, name):
    return [row for row in view.get(name) or () if isinstance(row, Row)]
