#!/usr/bin/env python3
"""House rules that a compiler does not know: who may include whom, sizes, formatting.

Fails with the rule's name, the place and the remedy. Run from anywhere:
    tests/tidy/tidy.py [ROOT]
Self-check (each rule must be able to fail):
    tests/tidy/tidy.py --self-check
"""
import pathlib
import re
import subprocess
import sys
import tempfile

# Rooms and what each may include besides itself. Dependencies run one way.
BASE = {"common/base"}
MODEL = BASE | {"common/model"}
MERGE = MODEL | {"common/merge"}
CODEC = MERGE | {"common/codec"}
REPORT = CODEC | {"common/report"}
STORE = CODEC | {"common/db", "common/store"}
SYNC = STORE | {"common/sync"}
ROOMS = {
    "common/base": BASE,
    "common/model": MODEL,
    "common/merge": MERGE,
    "common/codec": CODEC | {"common/report/indicator.h", "common/store/bureau_log.h"},
    "common/db": {"common/base", "common/db"},
    "common/store": STORE,
    "common/report": REPORT,
    "common/sync": SYNC,
    "client": SYNC | REPORT | {"client"},
    "client/image": BASE | {"client/image"},
    # What the user sees and does, without drawing.
    "client/app": SYNC | REPORT | {
        "client/app", "client/image", "client/bundle_commands.h", "client/device_store.h",
        "client/draft.h", "client/enrol.h", "client/http", "client/json_view.h",
        "client/put_away.h", "client/receipt_text.h", "client/receipts.h",
        "client/record_filter.h", "client/records.h", "client/repair.h", "client/sync_pass.h"},
    "server": STORE | REPORT | {"server", "common/sync/transport.h"},
    "packaging": SYNC | REPORT | {"client", "server", "packaging"},
    "tests": SYNC | REPORT | {"client", "server", "packaging", "tests"},
}
# Headers that only these files may include.
CONFINED = {
    # The disk that loses power is a VFS of SQLite.
    "sqlite3.h": {"common/db", "tests/faults/crashing_disk.cpp"},
    "nlohmann/json.hpp": {"common/codec/json.cpp"},
    "httplib.h": {"server/http", "client/http", "tests/net"},
    "sodium.h": {"common/base", "server/store", "server/routes",
                 "tests/sim/quick_crypto.cpp"},
    "zstd.h": {"common/codec/zstd_frame.cpp"},
    # What reads hostile files, and a library that reports errors by longjmp.
    "jpeglib.h": {"client/image/image_jpeg.cpp"},
    "csetjmp": {"client/image/image_jpeg.cpp"},
    "png.h": {"client/image/image_png.cpp", "client/ui/window_picture.cpp"},
    "libexif/exif-data.h": {"client/image/image_exif.cpp"},
    # What is drawn goes through the kit, so that every widget is in the registry.
    "imgui.h": {"client/ui/kit", "client/ui/theme.cpp", "client/ui/window", "client/ui/glyphs",
                "client/ui/gl_", "client/ui/run_window.cpp", "tests/ui",
                "tests/bench/empty_window.cpp"},
    "imgui_internal.h": {"client/ui/kit", "client/ui/window", "tests/ui"},
    "thread": {"server/http", "server/commands", "client/app/end_signals_posix.cpp",
               "client/app/network_linux.cpp", "client/app/worker.cpp", "packaging", "tests"},
}
# Words that reach around common/base/env.
CLOCKS = re.compile(r"\b(system_clock|steady_clock|std::time\(|gettimeofday|clock_gettime|"
                    r"std::random_device|randombytes_buf|sleep_for|usleep)\b")
CLOCK_FILES = ("common/base/env.cpp", "common/base/process_age", "server/http/", "client/http/", "tests/", "packaging/replay/")
# Entry points that may catch: everything else lets a broken machine's exception pass.
CATCHERS = ("server/api.cpp", "server/main.cpp", "server/commands", "client/main.cpp",
            "client/commands", "client/batch", "client/app/sync_run.cpp", "client/app/worker.cpp",
            "server/http/", "client/http/", "packaging/replay/",
            "tests/")
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FILE_LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX = 500, 70, 100


def under(path, places):
    return any(path == p or path.startswith(p.rstrip("/") + "/") or path.startswith(p)
               for p in places)


def room_of(path):
    return max((r for r in ROOMS if path.startswith(r + "/")), key=len, default=None)


def check_includes(path, lines, report):
    room = room_of(path)
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not match:
            continue
        name = match.group(2)
        if match.group(1) == '"':
            if not under(name, ROOMS[room]):
                report("include-direction", path, number,
                       f"{room} must not know {name}; see ARCHITECTURE.md")
        elif name in CONFINED and not under(path, CONFINED[name]):
            report("confined-header", path, number,
                   f"<{name}> belongs to {', '.join(sorted(CONFINED[name]))} only")


def check_words(path, lines, report):
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        if CLOCKS.search(code) and not under(path, CLOCK_FILES):
            report("clock", path, number, "time and randomness come from common/base/env")
        if re.search(r"\bcatch\s*\(", code) and not under(path, CATCHERS):
            report("catch", path, number, "exceptions are caught at the entry points only")
        if MARKS.search(line):
            report("mark", path, number, "finish it, or write an issue")
        if len(line) > COLUMNS_MAX:
            report("columns", path, number, f"{len(line)} columns; at most {COLUMNS_MAX}")


def check_sizes(path, lines, report):
    if len(lines) > FILE_LINES_MAX:
        report("file-size", path, 1, f"{len(lines)} lines; at most {FILE_LINES_MAX}: split it")
    start = None
    for number, line in enumerate(lines, 1):
        # A definition starts in column 0 and its body ends with a closing brace there.
        if re.match(r"^[A-Za-z_][^;=]*\)[^;]*\{\s*$", line) or (
                start is None and line.startswith("{")):
            start = number
        elif line.startswith("}") and start is not None:
            if number - start - 1 > FUNCTION_LINES_MAX and not path.startswith("tests/"):
                report("function-size", path, start,
                       f"{number - start - 1} lines; at most {FUNCTION_LINES_MAX}")
            start = None


def check_header(path, lines, report):
    if not path.endswith(".h"):
        return
    if not lines or not lines[0].startswith("//"):
        report("header-opening", path, 1, "say in 2-6 lines what this is and refuses to know")
    if "#pragma once" not in lines:
        report("pragma-once", path, 1, "headers start with #pragma once")


def check_format(root, files, report):
    done = subprocess.run(["clang-format", "--dry-run", *files], cwd=root, capture_output=True,
                          text=True, check=False)
    for line in done.stderr.splitlines():
        match = re.match(r"(\S+?):(\d+):\d+: warning: code should be clang-formatted", line)
        if match:
            report("format", match.group(1), int(match.group(2)), "run packaging/format")


def sources(root):
    found = []
    for top in ("common", "client", "server", "tests", "packaging"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".h", ".cpp") and "build" not in path.parts:
                found.append(path.relative_to(root).as_posix())
    return found


def run(root, with_format=True):
    findings = []

    def report(rule, path, number, message):
        findings.append(f"{path}:{number}: [{rule}] {message}")

    files = sources(root)
    for path in files:
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        for check in (check_includes, check_words, check_sizes, check_header):
            check(path, lines, report)
    if with_format and files:
        check_format(root, files, report)
    return files, sorted(set(findings))


def self_check():
    """Every rule finds its own offence in a small tree made for it."""
    offences = {
        "include-direction": ("common/base/a.h", '// x\n#pragma once\n#include "common/model/v.h"\n'),
        "confined-header": ("common/model/a.cpp", "#include <sqlite3.h>\n"),
        "clock": ("common/store/a.cpp", "auto t = std::chrono::system_clock::now();\n"),
        "catch": ("common/store/b.cpp", "void f() {\n    try {\n    } catch (int) {\n    }\n}\n"),
        "mark": ("common/store/c.cpp", "// TO" + "DO later\n"),
        "columns": ("common/store/d.cpp", "// " + "x" * 120 + "\n"),
        "file-size": ("common/store/e.cpp", "\n" * 600),
        "function-size": ("common/store/f.cpp", "void f() {\n" + "    g();\n" * 90 + "}\n"),
        "header-opening": ("common/store/g.h", "#pragma once\n"),
        "pragma-once": ("common/store/h.h", "// what it is\n"),
        "format": ("common/store/i.cpp", "int   x=1 ;\n"),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / ".clang-format").write_text("BasedOnStyle: Google\nIndentWidth: 4\n")
        for path, text in offences.values():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        _, findings = run(root)
    missed = [rule for rule, (path, _) in offences.items()
              if not any(f.startswith(path) and f"[{rule}]" in f for f in findings)]
    if missed:
        print("rules that did not find their offence: " + ", ".join(missed))
        return 1
    print(f"{len(offences)} rules can fail")
    return 0


def main():
    if "--self-check" in sys.argv:
        return self_check()
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                        pathlib.Path(__file__).resolve().parents[2])
    files, findings = run(root)
    for finding in findings:
        print(finding)
    print(f"{len(files)} files, {len(findings)} findings")
    return 1 if findings or not files else 0


if __name__ == "__main__":
    sys.exit(main())
