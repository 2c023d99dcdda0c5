#!/usr/bin/env python3
"""The real window on a display of its own (Xvfb): it opens over an enrolled laptop, misses no
character, uses no processor at rest, and can be pictured.

    test_window.py --server PROGRAM --client PROGRAM [NAME...]
"""
import os
import pathlib
import signal
import struct
import subprocess
import sys
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "programs"))
from real_window import PATIENCE_S, Display, Opened  # noqa: E402
from test_programs import main  # noqa: E402
from typist import goes_to_form  # noqa: E402

def picture(display, laptop, *options):
    """Size and rows of a PNG as the program writes it: 8 bits of red, green and blue."""
    file = pathlib.Path(laptop.home) / "picture.png"
    screen = pathlib.Path(laptop.home) / "screen.json"
    order = [laptop.programs.client, "--home", laptop.home, "--shot", str(file), "--ui-registry",
             str(screen), *options]
    done = subprocess.run(order, env=display.environment, check=False, timeout=2 * PATIENCE_S,
                          capture_output=True, text=True)
    assert done.returncode == 0, (done.stderr, screen.read_text(encoding="utf-8")[:4000])
    data = file.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert (depth, kind) == (8, 2)
    packed, at = b"", 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        if name == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    return (width, height), zlib.decompress(packed)


def enrolled(bureau):
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.sync()
    return laptop


def test_it_opens_and_rests(bureau):
    """Every character has its picture; after the first frames nothing is drawn without a cause."""
    laptop = enrolled(bureau)
    with Display() as display, Opened(display, laptop, "--language", "zh-Hans") as window:
        screen = window.wait_for(lambda now: now["frame"] >= 2)
        assert screen["screen"] == "today" and screen["missing_characters"] == 0, screen
        assert any(one["text"] == "走访记录" for one in screen["items"]), screen
        assert screen["language"] == "zh-Hans"
        assert window.first_frame_ms() > 0
        # Frames come to an end by themselves, and with them the use of the processor.
        frame, ticks, calm = -1, -1, 0
        until = time.monotonic() + PATIENCE_S
        while calm < 20 and time.monotonic() < until:
            time.sleep(0.1)
            now = window.read()["frame"], window.ticks()
            calm = calm + 1 if now == (frame, ticks) else 0
            frame, ticks = now
        assert calm == 20, "two seconds without any work did not come"


def test_the_session_ends(bureau):
    """Asked to end by a signal, it puts by what was typed to the last letter, and is not taken for
    one that was cut off."""
    laptop = enrolled(bureau)
    typed = ""
    with Display() as display:
        for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with Opened(display, laptop, *([] if typed else ["--screen", "form"])) as window:
                if typed:
                    window.wait_for_item("field.description", focused=True, value=typed)
                    window.focus()
                    assert "shell.news" not in window.items()
                else:
                    goes_to_form(window, "hazard")
                    window.tab_to("field.description")
                window.type("Tank nine metres off")
                typed += "Tank nine metres off"
                window.wait_for_item("field.description", value=typed)
                window.process.send_signal(ending)
                assert window.process.wait(timeout=PATIENCE_S) == 0


def test_one_window_for_a_folder(bureau):
    """A second one is told where to go on."""
    laptop = enrolled(bureau)
    with Display() as display, Opened(display, laptop, "--language", "en") as window:
        window.wait_for(lambda now: now["frame"] >= 1)
        second = subprocess.run([laptop.programs.client, "--home", laptop.home], env=display.environment,
                                capture_output=True, text=True, check=False,
                                timeout=PATIENCE_S)
        assert second.returncode == 1 and "open already" in second.stderr, second


def test_pictures(bureau):
    """Each theme, language and scale is drawn: texts and grounds, not one colour."""
    laptop = enrolled(bureau)
    seen = set()
    with Display() as display:
        for language, theme, scale in [("zh-Hans", "light", "1"), ("zh-Hant", "dark", "1.5"),
                                       ("en", "contrast", "2")]:
            size, pixels = picture(display, laptop, "--language", language, "--theme", theme,
                                   "--scale", scale)
            # As large as the scale asks, and no larger than the screen.
            room = tuple(int(side) for side in display.size.split("x"))
            wanted = [float(scale) * side for side in (1366, 768)]
            assert size[0] == min(wanted[0], room[0]), size
            assert min(wanted[1], room[1] - 60) <= size[1] <= room[1], size  # under its frame
            # Each row is a filter and what it left: texts leave much, one colour nothing.
            assert len(set(pixels)) > 100, (language, theme, len(set(pixels)))
            seen.add(hash(pixels))
    assert len(seen) == 3


def test_window_manager_that_does_not_answer(bureau):
    """The program does not wait to be seen: it hung where openbox had only just started."""
    laptop = enrolled(bureau)
    with Display() as display:
        with Opened(display, laptop) as window:
            assert window.close() == 0  # by its frame: the manager is there
        display.manager.send_signal(signal.SIGSTOP)
        try:
            size, _ = picture(display, laptop)
        finally:
            display.manager.send_signal(signal.SIGCONT)
        assert size[0] > 1000, size


def test_without_a_display(bureau):
    """A message with the remedy, and the other commands go on as ever."""
    laptop = enrolled(bureau)
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    told = subprocess.run([laptop.programs.client, "--home", laptop.home], env=environment,
                          capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert told.returncode == 1 and "display" in told.stderr, told
    laptop.run("status")


if __name__ == "__main__":
    sys.exit(main(globals()))
