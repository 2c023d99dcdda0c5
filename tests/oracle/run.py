#!/usr/bin/env python3
"""Replays cases with the program and compares each result with the checker's.

    run.py --replay PROGRAM --seeds A..B [--case FILE]... [--ops K] [--keep DIR]

PROGRAM is run as `PROGRAM --case FILE --json --no-window`. Prints each differing seed and, last,
`N cases, M differ`; exits 1 when one differs. --keep saves a differing case and both results.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from compare import differences, inner_differences
from gen_case import generate
from oracle import expect

SECONDS_MAX = 600


def replayed(program, case_file):
    """The program's result; (None, why) when it gave none."""
    done = subprocess.run([program, "--case", case_file, "--json", "--no-window"],
                          capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    if done.returncode != 0:
        return None, f"exit {done.returncode}: {done.stderr.strip()[-2000:]}"
    try:
        return json.loads(done.stdout), None
    except json.JSONDecodeError as error:
        return None, f"no JSON on standard output: {error}"


def check(program, case, folder):
    """Differences of one case, as lines; what was computed is left in the folder."""
    case_file = folder / "case.json"
    case_file.write_text(json.dumps(case, ensure_ascii=False, indent=1), encoding="utf-8")
    ours = expect(case)
    (folder / "oracle.json").write_text(
        json.dumps(ours, ensure_ascii=False, indent=1), encoding="utf-8")
    theirs, reason = replayed(program, case_file)
    if theirs is None:
        return [reason]
    (folder / "program.json").write_text(
        json.dumps(theirs, ensure_ascii=False, indent=1), encoding="utf-8")
    return list(differences(ours, theirs)) + list(inner_differences(theirs))


def cases(options):
    """(name, case) for each one asked for."""
    for path in options.case:
        yield pathlib.Path(path).stem, json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    if options.seeds:
        first, _, last = options.seeds.partition("..")
        for seed in range(int(first), int(last or first) + 1):
            yield f"seed {seed}", generate(seed, options.ops)


def keep(folder, kept, name):
    kept = kept / name.replace(" ", "-")
    kept.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        (kept / path.name).write_bytes(path.read_bytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replay", required=True)
    parser.add_argument("--seeds")
    parser.add_argument("--case", action="append", default=[])
    parser.add_argument("--ops", type=int)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    count = differ = 0
    for name, case in cases(options):
        count += 1
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            try:
                found = check(options.replay, case, folder)
            except subprocess.TimeoutExpired:
                found = [f"no result within {SECONDS_MAX} s"]
            if found:
                differ += 1
                print(f"{name}: {len(found)} differences")
                print("".join(f"  {line}\n" for line in found), end="", flush=True)
                if options.keep:
                    keep(folder, options.keep, name)
    print(f"{count} cases, {differ} differ")
    return 1 if differ or not count else 0


if __name__ == "__main__":
    sys.exit(main())
