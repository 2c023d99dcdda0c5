#!/usr/bin/env python3
"""What a person types into the real window reaches the bureau: by keyboard alone, through kill -9,
with an input method, with rare characters.

    test_typing.py --server PROGRAM --client PROGRAM [NAME...]
"""
import contextlib
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "programs"))
from real_window import PATIENCE_S, Display, Opened  # noqa: E402
from test_programs import HAZARD, main  # noqa: E402

RARE = "𠮷田䶮㙓😀"


def enrolled(bureau):
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.sync()
    return laptop


def goes_to_form(window, form):
    window.wait_for_item("form." + form)
    window.focus()
    window.tab_to("form." + form)
    window.key("Return")


def picks(window, key, searched=""):
    """From a list, by its search when something is searched for, else what is first."""
    window.tab_to(key)
    window.key("Return")
    if searched:
        window.wait_for_item(key + ".search", focused=True)
        window.type(searched)
        window.wait_for_item(key + ".search", value=searched)
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
    """Among a few that stand beside each other."""
    window.tab_to(f"{key}.option.{option}")
    window.key("space")
    window.wait_for_item(f"{key}.option.{option}", value="true")


def has_few(window, key):
    return any(item.startswith(key + ".option.") for item in window.items())


def test_by_keyboard_alone_through_a_kill(bureau):
    """At most the last second of typing is missing; what was sent is on the other laptop."""
    laptop = enrolled(bureau)
    bureau.add_user("wang")
    other = bureau.laptop("two", "wang")
    whole = "Fuel tank stands nine metres from the nearest house, walls cracked"
    with Display() as display:
        with Opened(display, laptop, "--screen", "form") as window:
            goes_to_form(window, "hazard")
            window.wait_for_item("field.found_on")
            fills(window, "field.found_on", "2008-05-14")
            for key, option in (("hazard_kind", "fuel"), ("level", "small"), ("state", "open")):
                if has_few(window, "field." + key):
                    chooses(window, "field." + key, option)
                else:
                    picks(window, "field." + key)
            window.tab_to("field.description")
            begun = time.monotonic()
            typed = 0
            while time.monotonic() - begun < 3:
                window.type(whole[typed])
                typed += 1
                time.sleep(0.05)
                if typed == len(whole):
                    break
            window.wait_for_item("field.description", value=whole[:typed])
            seen = [(time.monotonic(), typed)]
            time.sleep(1)
            window.kill()
        with Opened(display, laptop) as window:
            window.wait_for_item("field.description", value=whole[:seen[0][1]])
            news = window.wait_for_item("shell.news")
            assert news["text"], news
            # It opens where it was left: typing goes on in the same box.
            window.wait_for_item("field.description", focused=True)
            window.focus()
            window.key("End")
            window.type(" now")
            window.wait_for_item("field.description", value=whole[:typed] + " now")
            fills(window, "field.place_name", "Liushu village")
            fills(window, "field.division", "511923203")
            fills(window, "field.due_date", "20080520")
            for key in ("found_by", "responsible"):
                if not window.items()["field." + key]["value"]:
                    picks(window, "field." + key)
            window.key("ctrl+Return")
            window.wait_for(lambda now: all(item["key"] != "field.division"
                                            for item in now["items"]), "the end of the form")
            assert window.close() == 0
    laptop.sync()
    other.sync()
    listed, = other.batch({"do": "list", "form": "hazard"})
    record, = listed["records"]
    got, = other.batch({"do": "get", "record": record["record"]})
    assert got["values"]["description"] == whole[:typed] + " now", got
    assert got["status"] == "submitted", got
    with Display() as display, Opened(display, laptop) as window:
        window.wait_for(lambda now: now["frame"] >= 2)
        assert "shell.news" not in window.items()  # it ended properly


def test_rare_characters(bureau):
    """Pasted, focused, left, saved, synced and exported, they are what they were."""
    laptop = enrolled(bureau)
    record = "22222222-2222-4222-8222-222222222222"
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": record})
    with Display() as display, Opened(display, laptop, "--screen", "form") as window:
        goes_to_form(window, "hazard")
        window.wait_for_item("field.place_name")
        display.copy(RARE)
        window.tab_to("field.place_name")
        window.key("ctrl+v")
        window.wait_for_item("field.place_name", value=RARE)
        # Looked at once more, and left again.
        window.key("Tab")
        window.wait_for_item("field.place_name", focused=False)
        window.tab_to("field.place_name", back=True)
        window.key("End", "Tab")
        window.wait_for_item("field.place_name", focused=False, value=RARE)
        # Copied back out of the window.
        window.tab_to("field.place_name", back=True)
        window.key("ctrl+a", "ctrl+c")
        assert display.run("xclip", "-selection", "clipboard", "-o") == RARE
        # The font of the texts has no picture of the emoji, of all others it has.
        assert window.read()["missing_characters"] <= 1
        window.key("ctrl+s")
        window.wait_for(lambda now: all(item["key"] != "field.place_name"
                                        for item in now["items"]), "the end of the form")
        assert window.close() == 0
    laptop.sync()
    exported = bureau.server("export", "--form", "hazard", "--format", "json")
    assert RARE in {one["values"].get("place_name") for one in exported}, exported


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


def test_pinyin(bureau):
    """Letters become characters; keys of the composition stay there; the daemon's death is
    survived and told."""
    laptop = enrolled(bureau)
    with tempfile.TemporaryDirectory() as folder, input_method(folder) as environment:
        with Display(environment=environment) as display:
            daemon = subprocess.Popen(["fcitx5"], env=display.environment,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                waits_until_served(display)
                composes(display, daemon, laptop)
            finally:
                if daemon.poll() is None:
                    daemon.kill()
                daemon.wait()


def composes(display, daemon, laptop):
    key = "field.place_name"
    with Opened(display, laptop, "--screen", "form", "--language", "zh-Hans") as window:
        goes_to_form(window, "hazard")
        window.wait_for_item(key)
        window.tab_to(key)
        switches_to_pinyin(display, daemon)
        window.type("nihao")
        window.key("space")
        window.wait_for_item(key, value="你好")
        # These belong to the composition: the text in the box stays.
        window.type("ni")
        window.key("BackSpace", "BackSpace")
        window.type("ni")
        window.key("Escape")
        window.type("hao")
        window.key("Return")
        window.wait_for_item(key, value="你好hao", focused=True)
        # Without a composition they are the box's own.
        window.key("BackSpace", "BackSpace", "BackSpace")
        window.wait_for_item(key, value="你好", focused=True)
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        window.wait_for_item("status.notice")
        window.type("x")
        window.wait_for(lambda now: now["frame"] > 0)
        assert window.process.poll() is None
        window.key("ctrl+s")
        window.wait_for(lambda now: all(item["key"] != key for item in now["items"]),
                        "the end of the form")
    listed, = laptop.batch({"do": "list", "form": "hazard"})
    got, = laptop.batch({"do": "get", "record": listed["records"][0]["record"]})
    assert got["values"]["place_name"].startswith("你好"), got


if __name__ == "__main__":
    sys.exit(main(globals()))
