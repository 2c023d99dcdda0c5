#!/usr/bin/env python3
"""Measures the window beside an empty one of GLFW and ImGui, in one run on one display.

    bench_window.py --server PROGRAM --client PROGRAM --empty PROGRAM [--records N]
Prints a table; what it takes as good is in docs/window.md. Nothing here passes or fails.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "programs"), str(TESTS / "window")]
from real_window import Display, Opened, Running  # noqa: E402
from test_programs import HAZARD, Bureau  # noqa: E402

REST_S, NOTCHES = 5, 400


def resident_mb(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def wait_for_rest(window):
    """Until the program has used no processor for a second."""
    calm, last = 0, -1
    while calm < 10:
        time.sleep(0.1)
        ticks = window.ticks()
        calm, last = (calm + 1 if ticks == last else 0), ticks


def measure(display, words, folder):
    """First frame, memory and processor at rest, frames while the wheel turns."""
    file = folder / "frames.json"
    with Running(display, *words, "--measure", str(file)) as window:
        found = {"first frame, ms": window.first_frame_ms()}
        wait_for_rest(window)
        before = window.ticks()
        time.sleep(REST_S)
        ticks = window.ticks() - before
        found["processor at rest, %"] = 100 * ticks / os.sysconf("SC_CLK_TCK") / REST_S
        found["memory at rest, MB"] = resident_mb(window.process)
        display.run("xdotool", "mousemove", "--window", window.window(), "700", "450")
        # 5 turns the wheel down; faster than a person does.
        display.run("xdotool", "click", "--repeat", str(NOTCHES), "--delay", "10", "5")
        wait_for_rest(window)
        found["memory after scrolling, MB"] = resident_mb(window.process)
        window.close()
    frames = sorted(time_us / 1000 for time_us in
                    json.loads(file.read_text(encoding="utf-8"))["frame_us"][3:])
    found["frame while scrolling, median, ms"] = statistics.median(frames)
    found["frame while scrolling, 99 of 100, ms"] = frames[len(frames) * 99 // 100]
    return found


def search_ms(display, laptop):
    """From a key to the list of what was found, on the screen."""
    times = []
    with Opened(display, laptop, "--screen", "records") as window:
        window.wait_for(lambda now: now["screen"] == "records")
        wait_for_rest(window)
        window.focus()
        window.key("ctrl+f")
        window.wait_for_item("records.search", focused=True)
        # A day has digits too; only the places begin with this.
        window.type("z")
        for letter in "123":
            # Not for rest: the caret of a box blinks.
            window.settle()
            rows = window.items()["records.table"]["value"]
            begun = time.monotonic()
            window.type(letter)
            while window.items()["records.table"]["value"] == rows:
                assert time.monotonic() - begun < 60, "the list did not change"
                time.sleep(0.002)
            times.append(1000 * (time.monotonic() - begun))
    return statistics.median(times)


def fill(laptop, count):
    """Records of as many places, so that each further digit finds fewer of them."""
    at, batch = 0, 5000
    while at < count:
        commands = [{"do": "create", "form": "hazard",
                     "set": dict(HAZARD, place_name=f"示例 z{number}")}
                    for number in range(at, min(at + batch, count))]
        laptop.batch(*commands)
        at += batch
        print(f"\r{min(at, count)} records", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def table(empty, own):
    print(f"{'':40}{'empty window':>14}{'Zoufang':>12}{'ratio':>8}{'more':>10}")
    for name, value in own.items():
        base = empty.get(name)
        ratio = f"{value / base:8.1f}" if base else f"{'':8}"
        more = f"{value - base:10.1f}" if base is not None else ""
        shown = f"{base:14.1f}" if base is not None else f"{'':14}"
        print(f"{name:40}{shown}{value:12.1f}{ratio}{more}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("server", "client", "empty"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--records", type=int, default=100_000)
    programs = parser.parse_args()
    # In memory where there is such a place: the time is the program's, not the disk's.
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="zoufang-bench.", dir=place))
    try:
        bureau = Bureau(programs, folder)
        bureau.add_user("li")
        laptop = bureau.laptop("one", "li")
        fill(laptop, programs.records)
        bureau.stop()
        with Display() as display:
            empty = measure(display, [programs.empty], folder)
            own = measure(display, [programs.client, "--home", str(laptop.home), "--screen",
                                    "records"], folder)
            own["search, from key to list, ms"] = search_ms(display, laptop)
        print(f"{programs.records} records in the list")
        table(empty, own)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
