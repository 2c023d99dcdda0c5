"""Forms as data, and values in canonical form: what is equal, what is malformed, how it prints.

Canonical values are plain Python: str, int, bool, Fraction (decimal), Instant (datetime), Point,
Row, None (no answer). Two values are the same answer exactly when they are equal here.
"""
import datetime
import json
import re
import uuid
from fractions import Fraction
from typing import NamedTuple

SET_TYPES = {"multi_choice", "ref_multi", "user_multi", "photos", "files", "signature", "repeat"}
TEXT_TYPES = {"text", "multiline", "code", "choice", "user", "photos", "files", "signature",
              "multi_choice", "user_multi"}
NOTES = {"_review_note", "_comments", "_void_reason", "_amend_reason"}
VOID, ALIAS = "_void", "_alias_of"
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
BUREAU_ZONE = datetime.timezone(datetime.timedelta(hours=8))
DECIMAL = re.compile(r"-?\d+(\.\d+)?")


class Malformed(Exception):
    """A value, field or form that a save refuses."""


class Instant(NamedTuple):
    """A datetime by its instant: milliseconds since 1970, UTC."""
    ms: int


class Point(NamedTuple):
    lat: Fraction
    lon: Fraction
    accuracy: Fraction | None


class Row(NamedTuple):
    """One row of a repeat: its answers, nulls left out, sorted by name."""
    answers: tuple

    def get(self, name):
        return dict(self.answers).get(name)


def instant_of(text):
    """RFC 3339 with a zone -> Instant."""
    if not isinstance(text, str) or not re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        raise Malformed(f"not a datetime: {text!r}")
    fraction = re.search(r"\.(\d+)", text)
    whole = re.sub(r"\.\d+", "", text).replace("Z", "+00:00")
    try:
        moment = datetime.datetime.fromisoformat(whole)
    except ValueError as error:
        raise Malformed(f"not a datetime: {text!r}") from error
    ms = int((fraction.group(1) + "000")[:3]) if fraction else 0
    return Instant(int(moment.timestamp()) * 1000 + ms)


def local_date(instant):
    """The calendar day of an instant in the bureau's zone, as text."""
    return datetime.datetime.fromtimestamp(instant.ms // 1000, BUREAU_ZONE).date().isoformat()


def plain_decimal(value):
    """An exact decimal without trailing zeros; the denominator has no factors but 2 and 5."""
    value = Fraction(value)
    digits, scaled = 0, value
    while scaled.denominator != 1:
        scaled, digits = scaled * 10, digits + 1
        if digits > 400:
            raise ValueError(f"{value} has no finite decimal form")
    text = str(abs(scaled.numerator))
    if digits:
        text = text.rjust(digits + 1, "0")
        text = text[:-digits] + "." + text[-digits:]
    return ("-" if value < 0 else "") + text


def rounded(value, decimals):
    """Half-up, away from zero, zeros kept: (1.225, 2) -> "1.23"."""
    scaled = abs(Fraction(value)) * 10 ** decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = str(whole).rjust(decimals + 1, "0")
    if decimals:
        text = text[:-decimals] + "." + text[-decimals:]
    return ("-" if value < 0 and whole else "") + text


def decimal_of(raw):
    if not isinstance(raw, str) or not DECIMAL.fullmatch(raw):
        raise Malformed(f"not a decimal: {raw!r}")
    return Fraction(raw)


def date_of(raw, pattern):
    if not isinstance(raw, str) or not re.fullmatch(pattern, raw):
        raise Malformed(f"not a date: {raw!r}")
    try:
        datetime.date.fromisoformat((raw + "-01")[:10])
    except ValueError as error:
        raise Malformed(f"not a date: {raw!r}") from error
    return raw


def point_of(raw):
    if not isinstance(raw, dict) or not {"lat", "lon"} <= set(raw) <= {"lat", "lon", "accuracy_m"}:
        raise Malformed(f"not a geopoint: {raw!r}")
    accuracy = raw.get("accuracy_m")
    return Point(decimal_of(raw["lat"]), decimal_of(raw["lon"]),
                 None if accuracy is None else decimal_of(accuracy))


class Names:
    """The case's local record names and the real ids that they stand for."""

    def __init__(self, case_id):
        self.case_id, self.of_id = case_id, {}

    def id(self, name):
        made = str(uuid.uuid5(NAMESPACE, f"{self.case_id}/{name}"))
        self.of_id[made] = name
        return made

    def name(self, record_id):
        return self.of_id.get(record_id, record_id)


class Form:
    def __init__(self, data):
        self.id = data["id"]
        self.fields = {field["name"]: field for field in data["fields"]}
        self.rules = data.get("rules", [])
        self.natural_key = data.get("natural_key", [])


class Catalogue:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self.forms = {form["id"]: Form(form) for form in data["forms"]}
        self.choices = {name: {item["code"] for item in items}
                        for name, items in data["choice_lists"].items()}

    def value_of(self, field, raw, names):
        """One answer (or one element of a set) in canonical form; raises Malformed."""
        kind = field["type"]
        if raw is None or (raw == "" and kind in TEXT_TYPES):
            return None
        if kind in TEXT_TYPES:
            if not isinstance(raw, str):
                raise Malformed(f"{field['name']}: not a text: {raw!r}")
            if "choices" in field and raw not in self.choices[field["choices"]]:
                raise Malformed(f"{field['name']}: {raw!r} is not in {field['choices']}")
            return raw
        if kind in ("integer", "boolean"):
            if type(raw) is not (int if kind == "integer" else bool):
                raise Malformed(f"{field['name']}: not of type {kind}: {raw!r}")
            return raw
        if kind in ("ref", "ref_multi"):
            if not isinstance(raw, str) or not raw:
                raise Malformed(f"{field['name']}: not a record: {raw!r}")
            return names.id(raw)
        if kind == "repeat":
            return self.row_of(field, raw, names)
        if kind == "decimal":
            places = raw.partition(".")[2] if isinstance(raw, str) else ""
            if len(places) > field.get("decimals", len(places)):
                raise Malformed(f"{field['name']}: at most {field['decimals']} places: {raw!r}")
            return decimal_of(raw)
        read = {"datetime": instant_of, "geopoint": point_of,
                "date": lambda v: date_of(v, r"\d{4}-\d\d-\d\d"),
                "month": lambda v: date_of(v, r"\d{4}-\d\d")}[kind]
        return read(raw)

    def row_of(self, field, raw, names):
        if not isinstance(raw, dict):
            raise Malformed(f"{field['name']}: not a row: {raw!r}")
        inner = {one["name"]: one for one in field["fields"]}
        answers = {}
        for name, value in raw.items():
            if name == "_row":
                continue
            if name not in inner:
                raise Malformed(f"{field['name']}: no field {name} in its rows")
            if inner[name]["type"] in SET_TYPES:
                elements = self.elements_of(inner[name], value, names)
                answers[name] = tuple(sorted(elements)) or None
            else:
                answers[name] = self.value_of(inner[name], value, names)
        return Row(tuple(sorted((k, v) for k, v in answers.items() if v is not None)))

    def elements_of(self, field, raw, names):
        """The elements of a set-typed answer, in the order given; null is the empty set."""
        if raw is None:
            return []
        if not isinstance(raw, list):
            raise Malformed(f"{field['name']}: not a list: {raw!r}")
        found = [self.value_of(field, one, names) for one in raw]
        if any(one is None for one in found):
            raise Malformed(f"{field['name']}: an empty element")
        return found


def json_of(value, field, names):
    """A canonical value as the result prints it: records by their case names."""
    if isinstance(value, Fraction):
        return plain_decimal(value)
    if isinstance(value, Instant):
        moment = datetime.datetime.fromtimestamp(value.ms / 1000, BUREAU_ZONE)
        return moment.isoformat(timespec="milliseconds" if value.ms % 1000 else "seconds")
    if isinstance(value, Point):
        parts = zip(("lat", "lon", "accuracy_m"), value)
        return {name: plain_decimal(part) for name, part in parts if part is not None}
    if isinstance(value, Row):
        inner = {one["name"]: one for one in field["fields"]}
        return {name: list(answer) if isinstance(answer, tuple) and not hasattr(answer, "_fields")
                else json_of(answer, inner[name], names) for name, answer in value.answers}
    if isinstance(value, str) and field["type"] in ("ref", "ref_multi"):
        return names.name(value)
    return value
