"""A display without a screen (Xvfb) with a window manager, and the program's window on it: what
is on it is read from the registry, keys and clicks come through xdotool."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

PATIENCE_S = 60  # for a machine that does much else; nothing waits for it to pass


class Display:
    """An X server of its own, larger than the window with its frame."""

    def __init__(self, size="1500x900", environment=None):
        self.size, self.more = size, environment or {}

    def __enter__(self):
        readable, writable = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writable), "-screen", "0", self.size + "x24", "-noreset"],
            pass_fds=[writable], stderr=subprocess.DEVNULL)
        os.close(writable)
        with os.fdopen(readable) as number:
            name = number.readline().strip()
        assert name, "Xvfb did not start"
        self.environment = dict(os.environ, DISPLAY=":" + name, LIBGL_ALWAYS_SOFTWARE="1",
                                LC_ALL="C.UTF-8", **self.more)
        self.manager = subprocess.Popen(["openbox"], env=self.environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        # A window manager may take its time to say good-bye.
        self.manager.kill()
        self.manager.wait()
        self.server.terminate()
        self.server.wait()

    def run(self, *words, given=None):
        return subprocess.run(words, env=self.environment, input=given, check=True, text=True,
                              stdout=subprocess.PIPE, timeout=PATIENCE_S).stdout

    def copy(self, text):
        """Puts a text into the clipboard."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            file.write(text)
            file.seek(0)
            # It goes on in the background, and must not hold a pipe of ours open.
            subprocess.run(["xclip", "-selection", "clipboard"], stdin=file, check=True,
                           env=self.environment, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=PATIENCE_S)


class Running:
    """A program with one window."""

    def __init__(self, display, *words):
        self.display = display
        self.process = subprocess.Popen(words, env=display.environment, stderr=subprocess.PIPE,
                                        text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stderr.close()

    def first_frame_ms(self):
        words = self.process.stderr.readline().split()
        assert words[:2] == ["first", "frame"], words
        return int(words[2])

    def ticks(self):
        """Of the processor, that the program has used."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1]
        return sum(int(number) for number in fields.split()[11:13])

    def window(self):
        """Its number, when it stands."""
        found = self.display.run("xdotool", "search", "--sync", "--onlyvisible", "--pid",
                                 str(self.process.pid))
        return found.split()[-1]

    def focus(self):
        self.display.run("xdotool", "windowfocus", "--sync", self.window())

    def close(self):
        """As a person does, by the window manager."""
        self.focus()
        self.display.run("xdotool", "key", "alt+F4")
        return self.process.wait(timeout=PATIENCE_S)

    def key(self, *keys):
        self.display.run("xdotool", "key", "--delay", "30", *keys)

    def type(self, text):
        """Latin letters and digits; xdotool cannot be trusted with others."""
        assert text.isascii(), text
        self.display.run("xdotool", "type", "--delay", "30", text)


class Opened(Running):
    """The window of a laptop, with what is on it."""

    def __init__(self, display, laptop, *options):
        self.registry = pathlib.Path(laptop.home) / "screen.json"
        self.registry.unlink(missing_ok=True)
        super().__init__(display, str(laptop.programs.client), "--home", str(laptop.home),
                         "--ui-registry", str(self.registry), *options)

    def read(self):
        return json.loads(self.registry.read_text(encoding="utf-8"))

    def items(self):
        """By key; of two with the same the one that lies above."""
        return {item["key"]: item for item in self.read()["items"]}

    def wait_for(self, condition, what="a screen"):
        """The first screen that fits; its file is written with each frame."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self.registry.exists() and condition(self.read()):
                return self.read()
            assert self.process.poll() is None, "the window has closed"
            time.sleep(0.02)
        raise AssertionError(f"{what} did not come: " +
                             json.dumps(self.read(), ensure_ascii=False)[:4000])

    def wait_for_item(self, key, **members):
        """The item of that key, as soon as its members are as given."""
        def fits(screen):
            return any(item["key"] == key and all(item[name] == value
                                                  for name, value in members.items())
                       for item in screen["items"])
        self.wait_for(fits, f"{key} {members}")
        return self.items()[key]

    def click(self, key):
        item = self.wait_for_item(key, visible=True)
        self.display.run("xdotool", "mousemove", "--window", self.window(),
                         str(item["x"] + item["w"] // 2), str(item["y"] + item["h"] // 2),
                         "click", "1")

    def settle(self):
        """Until a while passes without a frame: what was pressed has its effect."""
        last, since = -1, time.monotonic()
        while time.monotonic() - since < 0.15:
            frame = self.read()["frame"]
            if frame != last:
                last, since = frame, time.monotonic()
            time.sleep(0.01)

    def tab_to(self, key, most=80, back=False, starts=False):
        """Goes there by the keyboard alone; `starts`: to what has a key that begins so."""
        def focused(screen):
            return [item["key"] for item in screen["items"] if item["focused"]]
        if not focused(self.read()):
            self.settle()  # a screen that has just come may still give the keyboard to something
        for _ in range(most):
            before = focused(self.read())
            if any(one.startswith(key) if starts else one == key for one in before):
                return
            self.key("shift+Tab" if back else "Tab")
            self.wait_for(lambda now, before=before: focused(now) not in ([], before),
                          f"the next stop after {before}")
        raise AssertionError(f"{key} is not reached by Tab: " + " ".join(
            item["key"] for item in self.read()["items"] if item["focused"]))
