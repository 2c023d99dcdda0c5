#!/usr/bin/env python3
"""Compares two results of one case: the checker's and a program's.

    compare.py ORACLE.json DEMO.json

Prints each difference and exits 1, or exits 0. Lists and pairs count as sets, repeated entries
as often as they come; void_vs_edit is the older spelling of void.
"""
import collections
import json
import re
import sys

from catalogue import instant_of

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def canonical(value):
    """One form for what is equal: times by instant, objects by content."""
    if isinstance(value, dict):
        return tuple(sorted((k, canonical(v)) for k, v in value.items() if k != "_row"))
    if isinstance(value, list):
        return tuple(sorted((canonical(v) for v in value), key=repr))
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, str) and MOMENT.match(value):
        return instant_of(value)
    return value


def conflict_key(one):
    kind = "void" if one.get("kind") == "void_vs_edit" else one.get("kind", "value")
    return (one["record"], one["field"], kind, canonical(one.get("values", [])),
            canonical(one["resolved_to"]))


def pair_key(pair):
    return tuple(sorted(pair))


def rule_key(hit):
    return (hit["record"], hit["rule"], hit["level"])


def list_differences(name, ours, theirs, key):
    mine = collections.Counter(key(one) for one in ours)
    yours = collections.Counter(key(one) for one in theirs)
    for one in sorted((mine - yours).elements(), key=repr):
        yield f"{name}: expected, not found: {one}"
    for one in sorted((yours - mine).elements(), key=repr):
        yield f"{name}: found, not expected: {one}"


def differences(ours, theirs):
    """Every difference as a line of text."""
    for name in ("case", "period"):
        if ours[name] != theirs.get(name):
            yield f"{name}: expected {ours[name]!r}, found {theirs.get(name)!r}"
    found = theirs.get("indicators", {})
    for name in sorted(set(ours["indicators"]) | set(found)):
        if ours["indicators"].get(name) != found.get(name):
            yield (f"indicator {name}: expected {ours['indicators'].get(name)}, "
                   f"found {found.get(name)}")
    yield from list_differences("conflict", ours["conflicts"], theirs["conflicts"], conflict_key)
    yield from list_differences("duplicate", ours["duplicates"], theirs["duplicates"], pair_key)
    yield from list_differences("rule", ours["rules"], theirs["rules"], rule_key)
    if ours["server"]["records"] != theirs["server"]["records"]:
        yield (f"server records: expected {ours['server']['records']}, "
               f"found {theirs['server']['records']}")


def inner_differences(theirs):
    """What must agree within a program's own result: every state, and the log's check."""
    if theirs["server"]["verify"] != "ok":
        yield f"verify: {theirs['server']['verify']}"
    for device in theirs["devices"]:
        if device["state"] != theirs["server"]["state"]:
            yield f"state of {device['device']} differs from the server's"


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    results = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            results.append(json.load(file))
    found = list(differences(*results))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
