#!/usr/bin/env python3
"""The checker checked: it reproduces the sample case's own expected lists, generated cases are the
same for the same seed, the comparison finds each kind of difference, and the arithmetic holds.

    self_check.py [NAME...]
"""
import copy
import json
import random
import subprocess
import sys
from fractions import Fraction

import codes
from catalogue import Malformed, decimal_of, instant_of, plain_decimal, rounded
from compare import differences, inner_differences
from figures import Period
from gen_case import generate
from oracle import DATA, expect, load

SAMPLE = DATA / "case-2008h1.json"


def check_sample_case():
    """Figures, conflicts, equal keys and broken rules that the sample case says itself."""
    case = load(SAMPLE)
    result = expect(case)
    for name, wanted in case["expected"].items():
        found = result["indicators"][name]
        assert (found["value"], found["display"]) == (wanted["value"], wanted["display"]), name
    wanted = [{"values": [], "kind": "value", **one} for one in case["expected_conflicts"]]
    wanted = result | {
        "conflicts": wanted, "duplicates": case["expected_key_collisions"],
        "rules": [dict(zip(("record", "rule", "level"), hit))
                  for hit in case["expected_rule_hits"]]}
    assert not list(differences(wanted, result)), list(differences(wanted, result))


def check_generator_repeats():
    """The same bytes from one seed, whatever the order of Python's sets in a process."""
    seed = 7
    program = "import json; from gen_case import generate; print(json.dumps(generate(%d, 60)))"
    texts = {subprocess.run([sys.executable, "-c", program % seed], capture_output=True, check=True,
                            cwd=DATA.parents[1] / "tests" / "oracle",
                            env={"PYTHONHASHSEED": salt}).stdout for salt in ("1", "2")}
    assert len(texts) == 1, f"seed {seed} gave {len(texts)} cases"
    assert json.loads(texts.pop()) == generate(seed, 60)


def check_generated_cases_are_lawful():
    """Ops in order of time; no two laptops at one instant; no field twice at one instant."""
    for seed in range(1, 6):
        case = generate(seed, 80)
        times = [instant_of(op["at"]) for op in case["ops"]]
        assert times == sorted(times), f"seed {seed}: not in order"
        writers, fields = {}, set()
        for op, at in zip(case["ops"], times):
            assert writers.setdefault(at, op["device"]) == op["device"], f"seed {seed}: {op['op']}"
            for name in op["set"]:
                assert (at, op["record"], name) not in fields, f"seed {seed}: {op['op']}"
                fields.add((at, op["record"], name))


def check_differences_are_found():
    """Each part of a result, spoiled, is reported."""
    result = expect(load(SAMPLE))
    program = result | {"devices": [{"device": "D1", "state": "a"}],
                        "server": result["server"] | {"state": "a", "verify": "ok"}}
    assert not list(differences(result, program)) + list(inner_differences(program))

    def spoil(change):
        spoiled = copy.deepcopy(program)
        change(spoiled)
        return list(differences(result, spoiled)) + list(inner_differences(spoiled))
    changes = {
        "case": lambda r: r.update(case="other"),
        "value": lambda r: r["indicators"]["articles"].update(value="27"),
        "records": lambda r: r["indicators"]["articles"].update(records=27),
        "missing indicator": lambda r: r["indicators"].pop("articles"),
        "conflict missing": lambda r: r["conflicts"].pop(),
        "conflict twice": lambda r: r["conflicts"].append(r["conflicts"][0]),
        "conflict values": lambda r: r["conflicts"][1]["values"].append(36),
        "conflict settled": lambda r: r["conflicts"][1].update(resolved_to=35),
        "true is not 1": lambda r: r["conflicts"][0].update(resolved_to=1),
        "duplicate": lambda r: r["duplicates"].pop(),
        "rule": lambda r: r["rules"][0].update(level="error"),
        "server records": lambda r: r["server"].update(records=1),
        "verify": lambda r: r["server"].update(verify="bad"),
        "state": lambda r: r["devices"][0].update(state="b"),
    }
    for name, change in changes.items():
        assert spoil(change), f"not found: {name}"
    same = copy.deepcopy(program)
    random.Random(1).shuffle(same["rules"])
    same["duplicates"] = [pair[::-1] for pair in reversed(same["duplicates"])]
    same["conflicts"][0]["kind"] = "void_vs_edit"
    assert not list(differences(result, same))


def check_arithmetic():
    for value, decimals, text in [
            (Fraction(12925, 10000), 2, "1.29"), (Fraction(5, 1000), 2, "0.01"),
            (Fraction(-5, 1000), 2, "-0.01"), (Fraction(-4, 1000), 2, "0.00"), (60, 1, "60.0"),
            (Fraction(129250, 2500), 1, "51.7"), (Fraction(5, 10), 0, "1"), (0, 0, "0")]:
        assert rounded(value, decimals) == text, (value, decimals)
    for text, plain in [("1.50", "1.5"), ("-0.0", "0"), ("007", "7"), ("0.0005", "0.0005"),
                        ("900719925474.0993", "900719925474.0993"), ("-12.10", "-12.1")]:
        assert plain_decimal(decimal_of(text)) == plain, text
    for text in ("1,5", "+5", ".5", "5.", "1e3", " 1", ""):
        try:
            decimal_of(text)
        except Malformed:
            continue
        raise AssertionError(f"{text!r} was taken for a decimal")
    assert instant_of("2008-05-27T11:00:00+08:00") == instant_of("2008-05-27T03:00:00.000Z")
    for name, bounds in [("2008H2", ("2008-07-01", "2008-12-31")),
                         ("2008Q1", ("2008-01-01", "2008-03-31")),
                         ("2008-02", ("2008-02-01", "2008-02-29")),
                         ("2007", ("2007-01-01", "2007-12-31")),
                         ("2008-05-12..2008-05-31", ("2008-05-12", "2008-05-31"))]:
        assert Period.bounds(name) == bounds, name


def check_codes():
    """Public numbers that carry a right check digit, and the same with a wrong one."""
    good = {"uscc18": ["91110000600037341L", "914403001922038216", "91330100799655058B",
                       "9144030071526726XG", "91110000802100433B", "91110108551385082Q",
                       "91310000132260250X"],
            "regno": ["440301103097413", "440301103448669", "330100400015575", "110108012660422",
                      "1101080126604"],
            "orgcode9": ["60003734-1", "600037341", "71526726X"],
            "division": ["511923", "511923203", "511923113205"], "gbt4754": ["C", "C14", "1421"],
            "phone": ["0827-6222333", "+8613900000000"]}
    bad = {"uscc18": ["91110000600037341M", "914403001922038261", "9111000060003734"],
           "regno": ["440301103097414", "44030110309741"], "orgcode9": ["60003734-2"],
           "division": ["51192", "5119232"], "gbt4754": ["14215", "C1", "c14"],
           "phone": ["12345", "12ab567"]}
    for table, wanted in ((good, True), (bad, False)):
        for check, texts in table.items():
            for text in texts:
                assert codes.CHECKS[check](text) is wanted, (check, text)


def main():
    checks = {name[len("check_"):]: check for name, check in globals().items()
              if name.startswith("check_")}
    failed = 0
    for name in sys.argv[1:] or checks:
        try:
            checks[name]()
            print(f"{name}: ok")
        except AssertionError as difference:
            failed += 1
            print(f"{name}: FAILED: {difference}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
