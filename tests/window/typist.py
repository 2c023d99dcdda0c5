"""What a person does at the keyboard in the program's window, also with the input method fcitx5:
going to a box, filling it, picking, attaching a file. Nothing here touches the mouse."""
import contextlib
import pathlib
import subprocess
import threading
import time

from real_window import PATIENCE_S


def goes_among(window, beginning, wanted):
    """To one of those that stand together: Tab stops at one of them, arrows go on."""
    window.tab_to(beginning, starts=True)
    while True:
        items = window.items()
        to = items[beginning + wanted]
        if to["focused"]:
            return
        at = next(item for item in items.values() if item["focused"])
        assert at["key"].startswith(beginning), at
        down, across = to["y"] - at["y"], to["x"] - at["x"]
        window.key(("Down" if down > 0 else "Up") if down else "Right" if across > 0 else "Left")
        window.wait_for(lambda now, at=at: not any(item["focused"] and item["key"] == at["key"]
                                                   for item in now["items"]), "an arrow's effect")


def goes_to_form(window, form):
    window.wait_for_item("form." + form)
    window.focus()
    goes_among(window, "form.", form)
    window.key("Return")
    window.wait_for_item("fill.title")


def strokes_of(letters, meant):
    """What is pressed for a text: by pinyin, letter by letter as it is (ended by Enter) or, from a
    list, names of keys."""
    if isinstance(letters, list):
        return letters
    return [*letters, "Return" if letters == meant else "space"]


def picks(window, key, searched=""):
    """From a list, by its search when something is searched for (a text, or letters and what they
    become by pinyin), else what is first."""
    window.tab_to(key)
    window.key("Return")
    if searched:
        window.wait_for_item(key + ".search", focused=True)
        if isinstance(searched, str):
            window.type(searched)
        else:
            window.key(*strokes_of(*searched))
        window.wait_for_item(key + ".search",
                             value=searched if isinstance(searched, str) else searched[1])
    else:
        window.wait_for(lambda now: any(item["key"].startswith(key + ".option.") and
                                        item["focused"] for item in now["items"]) or
                        any(item["key"] == key + ".search" and item["focused"]
                            for item in now["items"]), "an open list")
    window.key("Return")
    window.wait_for(lambda now: any(item["key"] == key and item["value"]
                                    for item in now["items"]), "what was picked")


def fills(window, key, text):
    window.tab_to(key)
    window.type(text)
    window.wait_for_item(key, value=text)


def chooses(window, key, option):
    goes_among(window, key + ".option.", option)
    window.key("space")
    window.wait_for_item(f"{key}.option.{option}", value="true")


def has_few(window, key):
    return any(item.startswith(key + ".option.") for item in window.items())


@contextlib.contextmanager
def input_method(folder):
    """fcitx5 with pinyin on a session bus of its own: what a program has to know of it."""
    home = pathlib.Path(folder) / "person"
    config = home / ".config" / "fcitx5"
    config.mkdir(parents=True)
    (config / "profile").write_text(
        "[Groups/0]\nName=Default\nDefault Layout=us\nDefaultIM=pinyin\n"
        "[Groups/0/Items/0]\nName=keyboard-us\n[Groups/0/Items/1]\nName=pinyin\n"
        "[GroupOrder]\n0=Default\n")
    bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = bus.stdout.readline().strip()
        yield {"HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": address,
               "XMODIFIERS": "@im=fcitx", "XDG_RUNTIME_DIR": str(home)}
    finally:
        bus.terminate()
        bus.wait()
        bus.stdout.close()


def active(display):
    """2: Chinese is typed."""
    done = subprocess.run(["fcitx5-remote"], env=display.environment, capture_output=True,
                          text=True, check=False, timeout=PATIENCE_S)
    return done.stdout.strip()


def switches_to_pinyin(display, daemon):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        subprocess.run(["fcitx5-remote", "-s", "pinyin"], env=display.environment, check=False,
                       timeout=PATIENCE_S, capture_output=True)
        if active(display) == "2":
            return
        assert daemon.poll() is None, "fcitx5 has ended"
        time.sleep(0.1)
    raise AssertionError("pinyin could not be switched on")


def waits_until_served(display):
    """Asks the bus, which would start another one if it were asked for fcitx5 itself."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        told = display.run("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus",
                           "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner",
                           "string:org.fcitx.Fcitx5")
        if "boolean true" in told:
            return
        time.sleep(0.1)
    raise AssertionError("fcitx5 did not start")


def writes(window, key, *words):
    """By the input method: letters and the characters that they become."""
    window.tab_to(key)
    text = window.items()[key]["value"]
    for letters, meant in words:
        window.key(*strokes_of(letters, meant))
        text += meant
        window.wait_for_item(key, value=text)
    return text


def picks_several(window, key, searched):
    picks(window, key, searched)
    window.key("Escape")
    window.wait_for_item(key, focused=True)


def attaches(window, key, name):
    """A file, by the built-in browser."""
    window.tab_to(key)
    window.key("Return")
    window.wait_for_item("row." + name, focused=True)
    window.key("space")
    window.tab_to("files.choose")
    window.key("Return")
    window.wait_for_item(key, focused=True)
    window.wait_for_item(key + ".count", value="1")


def switches_input(window, display, wanted):
    """As people do, by Ctrl and space: "2" is Chinese, "1" is Latin."""
    if active(display) != wanted:
        window.key("ctrl+space")
    until = time.monotonic() + PATIENCE_S
    while active(display) != wanted:
        assert time.monotonic() < until, "the input method does not switch"
        time.sleep(0.05)


class Watched:
    """Notes what stands in a box, as the registry says it, and when it was first seen there."""

    def __init__(self, window, key):
        self.window, self.key, self.seen, self.frames = window, key, [], []
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()

    def watch(self):
        while not self.ends.is_set():
            now, screen = time.monotonic(), self.window.read()
            value = next((item["value"] for item in screen["items"] if item["key"] == self.key),
                         None)
            if value is not None and (not self.seen or self.seen[-1][1] != value):
                self.seen.append((now, value))
            if not self.frames or self.frames[-1][1] != screen["frame"]:
                self.frames.append((now, screen["frame"]))
            time.sleep(0.01)

    def text_at(self, moment):
        """What had been in sight then."""
        return [value for at, value in self.seen if at <= moment][-1]

    def frames_between(self, begin, end):
        return sum(begin <= at <= end for at, _ in self.frames)
