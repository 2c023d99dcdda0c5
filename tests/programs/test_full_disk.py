#!/usr/bin/env python3
"""Both programs on a real disk that is full, nearly full, or read-only: a small file system in
memory, mounted in a namespace of this test's own. Where that is not allowed it ends with 77.

    test_full_disk.py --server PROGRAM --client PROGRAM [NAME...]
"""
import contextlib
import json
import os
import subprocess
import sys
import uuid

from test_programs import HAZARD, RECORD, Bureau, Laptop, main

SKIPPED = 77
FREE_LEFT = (0, 4096, 16384, 65536, 262144)


class SmallDisk:
    """A file system of a few megabytes in `folder`."""

    def __init__(self, folder, size="24m"):
        self.folder = folder
        self.folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)

    def fill(self, free_left):
        """All of it is taken, but for so many bytes."""
        stat = os.statvfs(self.folder)
        with open(self.folder / "filler", "wb") as filler:
            filler.write(bytes(max(0, stat.f_bavail * stat.f_frsize - free_left)))

    def make_room(self):
        (self.folder / "filler").unlink()

    def remount(self, mode):
        subprocess.run(["mount", "-o", f"remount,{mode}", self.folder], check=True)

    def unmount(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


@contextlib.contextmanager
def small_disk(bureau):
    disk = SmallDisk(bureau.folder / "small")
    try:
        yield disk
    finally:
        disk.unmount()


def enrol(bureau, home, user):
    bureau.add_user(user)
    laptop = Laptop(bureau, home)
    code = bureau.server("enrol-code", "--user", user)["code"]
    laptop.run("enrol", "--server", bureau.url, "--code", code, "--pin", bureau.pin)
    return laptop


def try_run(laptop, *arguments, given=None):
    """Success or a refusal, never anything else; what was printed and what was said."""
    done = subprocess.run([laptop.programs.client, "--home", laptop.home, *arguments], input=given,
                          capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), (arguments, done.returncode, done.stdout, done.stderr)
    return done


def save_some(laptop, count):
    """The records that were answered with ok, and what was said about the others."""
    records = [str(uuid.uuid4()) for _ in range(count)]
    done = try_run(laptop, "batch", given="".join(
        json.dumps({"do": "create", "form": "hazard", "record": record,
                    "set": {**HAZARD, "description": "x" * 3000}}) + "\n" for record in records))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if not answers:  # it could not even be opened
        return [], [done.stderr]
    saved = [record for record, answer in zip(records, answers) if answer["ok"]]
    return saved, [answer["error"]["message"] for answer in answers if not answer["ok"]]


def check_whole(bureau, laptop, saved):
    laptop.sync()
    laptop.batch(*({"do": "get", "record": record} for record in saved))
    told, central = json.loads(laptop.run("status")), bureau.server("status")
    assert told["state"] == central["state"] and told["unsent_changesets"] == 0, told
    assert told["unsent_attachments"] == 0, told
    assert bureau.server("verify")["verify"] == "ok"


def test_laptop(bureau):
    """What was answered is there; what is not saved is said, with what to do."""
    with small_disk(bureau) as disk:
        laptop = enrol(bureau, disk.folder / "one", "li")
        saved, refused = save_some(laptop, 3)
        assert len(saved) == 3, refused
        said = 0
        for free_left in FREE_LEFT:
            disk.fill(free_left)
            more, refused = save_some(laptop, 40)
            saved += more
            said += len(refused)
            assert all("free space" in message for message in refused), refused[0]
            disk.make_room()
            check_whole(bureau, laptop, saved)
        assert said > 40, "the disk was never full"


def test_laptop_fetches_and_sends(bureau):
    """A sync meets the full disk: it stops, and the next one goes on."""
    with small_disk(bureau) as disk:
        bureau.add_user("li")
        writer = bureau.laptop("two", "li")
        laptop = enrol(bureau, disk.folder / "one", "wang")
        photo = bureau.folder / "photo.jpg"
        saved = []
        for number, free_left in enumerate(FREE_LEFT):
            saved += save_some(writer, 60)[0]
            photo.write_bytes(bytes([number]) * 300_000)
            writer.batch({"do": "attach", "record": saved[-1], "field": "photos",
                          "file": str(photo)})
            writer.sync()
            disk.fill(free_left)
            said = try_run(laptop, "sync").stderr
            disk.make_room()
            if free_left < 100_000:
                assert "free space" in said, (free_left, said)
            check_whole(bureau, laptop, saved)


def test_server(bureau):
    """The laptop is told, keeps everything, and the server lives on."""
    with small_disk(bureau) as disk:
        small = Bureau(bureau.programs, disk.folder)
        try:
            small.add_user("li")
            laptop = Laptop(small, bureau.folder / "one")
            code = small.server("enrol-code", "--user", "li")["code"]
            laptop.run("enrol", "--server", small.url, "--code", code, "--pin", small.pin)
            saved, stopped = [], 0
            photo = bureau.folder / "photo.jpg"
            for number, free_left in enumerate(FREE_LEFT):
                saved += save_some(laptop, 60)[0]
                photo.write_bytes(bytes([number]) * 300_000)
                laptop.batch({"do": "attach", "record": saved[-1], "field": "photos",
                              "file": str(photo)})
                disk.fill(free_left)
                done = try_run(laptop, "sync")
                if done.returncode != 0:
                    stopped += 1
                    assert "the server's" in done.stderr.lower(), done.stderr
                disk.make_room()
                check_whole(small, laptop, saved)
            assert stopped >= 2, "the disk was never full"
        finally:
            small.process.kill()
            small.process.wait()


def test_read_only(bureau):
    """Neither program writes, crashes or forgets; both say what is wrong."""
    with small_disk(bureau) as disk:
        laptop = enrol(bureau, disk.folder / "one", "li")
        laptop.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD})
        disk.remount("ro")
        done = try_run(laptop, "batch", given=json.dumps(
            {"do": "edit", "record": RECORD, "set": {"threatened_people": 35}}) + "\n")
        assert done.returncode == 1 and "Read-only file system" in done.stderr, done
        disk.remount("rw")
        check_whole(bureau, laptop, [RECORD])


if __name__ == "__main__":
    if "--inside" not in sys.argv:
        inside = ["unshare", "--user", "--map-root-user", "--mount"]
        if subprocess.run([*inside, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                          capture_output=True).returncode:
            print("skipped: no file system can be mounted here")
            sys.exit(SKIPPED)
        os.execvp(inside[0], [*inside, sys.executable, __file__, "--inside", *sys.argv[1:]])
    sys.argv.remove("--inside")
    sys.exit(main(globals()))
