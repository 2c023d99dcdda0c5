#!/usr/bin/env python3
"""Plants each bug of bugs.py into a copy of the tree, builds, runs the tests, and says which test
caught it. A bug that builds and passes everything is a hole in the suite: exit status 1.

    tests/planted/run.py [--only WORD] [--keep DIR]     all of it takes about a quarter of an hour
    tests/planted/run.py --check                        only whether each bug still has its place
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from bugs import BUGS

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Cheap tests first; the rest only for what these let pass. Tidy would name the planted text itself.
STAGES = [["-E", "simulation|program|replay|rebuild|oracle|fuzz|fault|kill|tidy|planted|serve|net"],
          ["-R", "simulation|replay|rebuild_from"],
          ["-R", "program|oracle|fuzz|fault|kill|serve|net"]]


def find_stale():
    stale = []
    for bug in BUGS:
        text = (ROOT / bug.file).read_text(encoding="utf-8") if (ROOT / bug.file).exists() else ""
        if text.count(bug.right) != 1:
            stale.append(f"{bug.name}: its text stands {text.count(bug.right)} times in {bug.file}")
    return stale


def copy_tree(target):
    """What is there already stays as it is: a file that gets its old time back would leave the
    object of a bug that was planted in it in place."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            copy = target / name
            if copy.exists() and copy.read_bytes() == (ROOT / name).read_bytes():
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy)
            shutil.copymode(ROOT / name, copy)


def build(tree, *targets):
    for command in (["cmake", "--preset", "release"],
                    ["cmake", "--build", "--preset", "release", *targets]):
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stdout[-2000:] + done.stderr[-2000:]
    return None


def failing_tests(tree, bug):
    """Names of failing tests of the first stage that has any: the test that is expected to catch
    it, then everything. Or the compiler's messages."""
    is_unit = bug.test.endswith("_test")
    problem = build(tree, "--target", bug.test) if is_unit else None
    if problem:
        return None, problem
    for stage in [["-R", f"^{bug.test}$"], *STAGES]:
        if not (is_unit and stage[1] == f"^{bug.test}$"):
            problem = build(tree)
            if problem:
                return None, problem
        done = subprocess.run(["ctest", "--test-dir", "build/release", "-j2", "--timeout", "900",
                               *stage], cwd=tree, capture_output=True, text=True, check=False)
        failed = re.findall(r"^\s*\d+ - (\S+) \((?:Failed|Timeout|SEGFAULT|.*Exception.*)\)",
                            done.stdout, re.MULTILINE)
        if failed:
            return failed, None
    return [], None


def run(only, tree):
    copy_tree(tree)
    problem = build(tree)
    if problem:
        sys.exit("the tree itself does not build:\n" + problem)
    missed = []
    chosen = [bug for bug in BUGS if only in bug.name]
    for bug in chosen:
        began = time.monotonic()
        file = tree / bug.file
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(bug.right, bug.wrong), encoding="utf-8")
        failed, problem = failing_tests(tree, bug)
        file.write_text(text, encoding="utf-8")
        verdict = "does not build" if problem else ", ".join(failed) or "NOT CAUGHT"
        print(f"{bug.name}: {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
        if problem:
            print(problem)
        if not failed:
            missed.append(bug.name)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} caught")
    return not missed


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--keep", metavar="DIR", help="work there and leave the tree behind")
    options = parser.parse_args()
    stale = find_stale()
    for line in stale:
        print(line)
    if stale or options.check:
        print(f"{len(BUGS) - len(stale)} passed, {len(stale)} failed")
        sys.exit(1 if stale else 0)
    if options.keep:
        pathlib.Path(options.keep).mkdir(parents=True, exist_ok=True)
        sys.exit(0 if run(options.only, pathlib.Path(options.keep)) else 1)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if run(options.only, pathlib.Path(folder)) else 1)


if __name__ == "__main__":
    main()
