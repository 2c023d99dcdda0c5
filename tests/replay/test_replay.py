#!/usr/bin/env python3
"""Replays two cases with the program behind packaging/demo and compares what came out: the 2008
case with what the case itself expects, and a case made by hand.

    test_replay.py --replay PROGRAM --case common/data/case-2008h1.json
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import make_mixed_case as mixed


def replay(program, case):
    done = subprocess.run([program, "--case", case, "--json", "--no-window"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def as_set(values):
    return {json.dumps(value, sort_keys=True, ensure_ascii=False) for value in values}


def check_states(result):
    assert result["server"]["verify"] == "ok"
    states = {device["state"] for device in result["devices"]}
    assert states == {result["server"]["state"]}, states


def test_2008(program, case):
    expected = json.loads(pathlib.Path(case).read_text(encoding="utf-8"))
    result = replay(program, case)
    check_states(result)
    assert len(result["indicators"]) == 58
    for name, figure in expected["expected"].items():
        found = result["indicators"][name]
        assert (found["value"], found["display"]) == (figure["value"], figure["display"]), name
    assert result["indicators"]["naive_output_sum_of_months"]["value"] == "7733.5"
    kinds = {"void_vs_edit": "void"}
    for conflict in expected["expected_conflicts"]:
        kind = kinds.get(conflict.get("kind"), conflict.get("kind", "value"))
        assert any(c["record"] == conflict["record"] and c["field"] == conflict["field"] and
                   c["kind"] == kind and c["resolved_to"] == conflict["resolved_to"] and
                   as_set(c["values"]) == as_set(conflict.get("values", []))
                   for c in result["conflicts"]), conflict
    assert len(result["conflicts"]) == len(expected["expected_conflicts"])
    assert as_set(result["duplicates"]) == as_set(expected["expected_key_collisions"])
    assert as_set([r["record"], r["rule"], r["level"]] for r in result["rules"]) == as_set(
        expected["expected_rule_hits"])


def test_mixed(program, _case):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(mixed.case(), file, ensure_ascii=False)
        file.flush()
        result = replay(program, file.name)
    check_states(result)
    for name, (value, display, records) in mixed.EXPECTED_FIGURES.items():
        found = result["indicators"][name]
        assert found == {"value": value, "display": display, "records": records}, (name, found)
    assert as_set(result["duplicates"]) == as_set(mixed.EXPECTED_DUPLICATES), result["duplicates"]
    assert result["rules"] == []
    assert result["server"]["changesets"] == mixed.EXPECTED_CHANGESETS, result["server"]
    found = [dict(c, values=sorted(as_set(c["values"]))) for c in result["conflicts"]]
    wanted = [dict(c, values=sorted(as_set(c["values"]))) for c in mixed.EXPECTED_CONFLICTS]
    assert found == wanted, (found, wanted)


def test_work_folder_and_errors(program, case):
    with tempfile.TemporaryDirectory() as work:
        done = subprocess.run([program, "--case", case, "--work", work, "--json"],
                              capture_output=True, check=False)
        assert done.returncode == 0
        assert (pathlib.Path(work) / "server" / "central.db").exists()
        assert (pathlib.Path(work) / "D1" / "device.db").exists()
        bad = pathlib.Path(work) / "bad.json"
        bad.write_text('{"schema": "field-case/1", "case_id": "x", "period": "2008H9"}')
        done = subprocess.run([program, "--case", bad], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "period" in done.stderr.lower(), done.stderr
    done = subprocess.run([program, "--nosuch"], capture_output=True, check=False)
    assert done.returncode == 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--replay", required=True)
    parser.add_argument("--case", required=True)
    options = parser.parse_args()
    for test in (test_2008, test_mixed, test_work_folder_and_errors):
        test(options.replay, options.case)
        print(f"{test.__name__} passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
