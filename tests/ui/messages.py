#!/usr/bin/env python3
"""The texts of the screens: no language lacks a key, no key is unused, none is used but absent.

    tests/ui/messages.py [ROOT]
A key counts as used when it stands as a literal in client/ui or client/app, or when a literal
there ends in "." and begins it (keys that are put together: "nav." + name).
"""
import json
import pathlib
import re
import sys

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
KEY = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
ASKED = re.compile(r'\b(?:text|say)\(\s*"([^"\\]+)"')
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def read_unique(path):
    def unique(pairs):
        names = [name for name, _ in pairs]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"{path.name}: keys given twice: {sorted(twice)}")
        return dict(pairs)

    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)


def find_problems(texts, sources):
    problems = []
    everything = set().union(*texts.values())
    for language, messages in texts.items():
        for key in sorted(everything - set(messages)):
            problems.append(f"{language}: {key} is missing")
        for key, text in messages.items():
            if not KEY.match(key):
                problems.append(f"{language}: {key} is no dotted key")
            if not text.strip():
                problems.append(f"{language}: {key} is empty")
    for key in sorted(everything):
        holes = {tuple(sorted(set(PLACEHOLDER.findall(messages.get(key, "")))))
                 for messages in texts.values()}
        if len(holes) > 1:
            problems.append(f"{key}: the languages name different placeholders: {sorted(holes)}")
    literals, asked = set(), {}
    for path, source in sources.items():
        literals.update(LITERAL.findall(source))
        for key in ASKED.findall(source):
            if KEY.match(key):
                asked.setdefault(key, path)
    beginnings = tuple(one for one in literals if re.match(r"^[a-z][a-z0-9_.]*\.$", one))
    for key in sorted(everything):
        if key not in literals and not (beginnings and key.startswith(beginnings)):
            problems.append(f"{key} is used nowhere")
    for key, path in sorted(asked.items()):
        if key not in everything:
            problems.append(f"{path}: asks for {key}, which is in no language file")
    return problems


def self_check():
    good = {one: {"a.b": "x {n}"} for one in LANGUAGES}
    source = {"f.cpp": 'text("a.b")'}
    cases = [
        (good, source, ""),
        ({**good, "en": {}}, source, "en: a.b is missing"),
        (good, {"f.cpp": ""}, "a.b is used nowhere"),
        (good, {"f.cpp": 'text("a.b") text("a.c")'}, "f.cpp: asks for a.c"),
        ({**good, "en": {"a.b": "x"}}, source, "a.b: the languages name different"),
        ({**good, "en": {"a.b": " "}}, source, "en: a.b is empty"),
    ]
    for texts, sources, expected in cases:
        found = find_problems(texts, sources)
        if (expected and not any(one.startswith(expected) for one in found)) or (
                not expected and found):
            return [f"self-check: expected {expected!r}, found {found}"]
    return []


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                        pathlib.Path(__file__).resolve().parents[2])
    texts = {one: read_unique(root / "client" / "i18n" / f"{one}.json") for one in LANGUAGES}
    sources = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
               for folder in ("client/ui", "client/app")
               for path in sorted((root / folder).rglob("*")) if path.suffix in (".h", ".cpp")}
    problems = self_check() + find_problems(texts, sources)
    for problem in problems:
        print(problem)
    print(f"{len(texts['en'])} messages, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
