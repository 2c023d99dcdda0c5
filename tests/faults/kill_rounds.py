#!/usr/bin/env python3
"""Both programs are killed (SIGKILL) while they write and while they sync, round after round, on
one growing pair of folders. After each round both open, the server's `verify` is ok, every save
that was answered is there, and a sync completes with equal states.

    kill_rounds.py --server PROGRAM --client PROGRAM [--rounds N] [--seed N] [--seconds N]
"""
import argparse
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "programs"))
import test_programs  # noqa: E402

SAVING = ("saving", "syncing", "serving", "both")


class KilledBureau(test_programs.Bureau):
    """Comes back on the same port, as a service does."""
    port = 0

    def start(self):
        deadline = time.monotonic() + 20
        while True:
            self.process = subprocess.Popen(
                [self.programs.server, "--data", self.data, "serve", "--listen",
                 f"127.0.0.1:{self.port}"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            line = self.process.stdout.readline().split()
            if line[:2] == ["listening", "on"]:
                break
            # The port may be held for a moment by what the kill left behind.
            message = self.process.communicate()[1]
            assert time.monotonic() < deadline, message
        self.url, self.pin = line[2], line[4]
        self.port = int(self.url.rsplit(":", 1)[1])
        # Nobody reads its messages: they must not fill a pipe.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def new_uuid(rng):
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def kill_later(process, seconds):
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    return timer


class Rounds:
    def __init__(self, bureau, laptop, other, seed):
        self.bureau, self.laptop, self.other, self.seed = bureau, laptop, other, seed
        self.promised = {}  # record -> (field, value) of the last answered save
        self.photo = bureau.folder / "photo.jpg"
        self.answered = self.cut = self.attached = 0

    def next_command(self, rng):
        known = sorted(self.promised)
        kind = rng.random()
        if not known or kind < 0.5:
            record = new_uuid(rng)
            return {"do": "create", "form": "outreach_trip", "record": record, "set": {
                "theme": "t" * rng.randrange(1, 100), "destination": record,
                "leads": [{"counterpart": "c", "topic": "x" * rng.randrange(200)}]}}
        record = rng.choice(known[-50:])
        if kind < 0.93:
            return {"do": "edit", "record": record, "set": {"destination": new_uuid(rng)}}
        self.photo.write_bytes(rng.randbytes(rng.randrange(1, 300_000)))
        return {"do": "attach", "record": record, "field": "photos", "file": str(self.photo)}

    def save_until_killed(self, rng, seconds):
        """Saves one after the other; what is answered with ok is promised."""
        process = subprocess.Popen(
            [self.laptop.programs.client, "--home", self.laptop.home, "batch"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        open_ended = {}
        timer = None
        while True:
            command = self.next_command(rng)
            wanted = (("destination", command["set"]["destination"])
                      if "set" in command else None)
            try:
                process.stdin.write(json.dumps(command) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except BrokenPipeError:
                line = ""
            # The clock of the kill starts when the program is up.
            timer = timer or kill_later(process, seconds)
            if not line.endswith("\n"):
                if wanted:
                    open_ended[command["record"]] = wanted
                break
            answer = json.loads(line)
            assert answer["ok"], answer
            self.answered += 1
            if wanted:
                self.promised[command["record"]] = wanted
            else:
                self.attached += 1
        timer.join()
        process.wait()
        self.cut += 1
        return open_ended

    def check_promises(self, open_ended, everything):
        records = sorted(set(self.promised) | set(open_ended))
        if not everything:
            records = records[-200:]
        if not records:
            return
        out = self.laptop.run("batch", given="".join(
            json.dumps({"do": "get", "record": record}) + "\n" for record in records),
            status=None)
        for record, line in zip(records, out.splitlines(), strict=True):
            answer = json.loads(line)
            field, value = self.promised.get(record, (None, None))
            maybe = open_ended.get(record, (None, None))[1]
            if not answer["ok"]:
                assert field is None, f"the record {record} is gone: {answer}"
                continue
            shown = answer["values"]["destination"]
            assert shown in (value, maybe), f"{record}: {shown}, promised {value}"
            self.promised[record] = ("destination", shown)

    def sync_and_kill(self, rng, victim):
        process = subprocess.Popen(
            [self.laptop.programs.client, "--home", self.laptop.home, "sync"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.0, 0.15))
        if victim != "serving":
            process.kill()
        if victim != "syncing":
            self.bureau.kill()
        process.wait()
        self.cut += 1
        if victim != "syncing":
            self.bureau.start()

    def play(self, number):
        rng = random.Random(f"{self.seed}/{number}")
        open_ended = self.save_until_killed(rng, rng.uniform(0.0, 0.08))
        self.check_promises(open_ended, everything=False)
        victim = SAVING[number % len(SAVING)]
        if victim != "saving":
            self.sync_and_kill(rng, victim)
        self.check_whole(everything=number % 25 == 0)

    def check_whole(self, everything):
        """A sync goes through, the states are equal, and the server is sound."""
        self.laptop.sync()
        state = json.loads(self.laptop.run("status"))
        assert state["unsent_changesets"] == 0 and state["unsent_attachments"] == 0, state
        central = self.bureau.server("status")
        assert central["state"] == state["state"], (central, state)
        assert self.bureau.server("verify")["verify"] == "ok"
        if everything:
            self.check_promises({}, everything=True)
            self.other.sync()
            assert json.loads(self.other.run("status"))["state"] == central["state"]


class AnyStatus(test_programs.Laptop):
    """`status=None`: whatever the exit status is."""

    def run(self, *arguments, status=0, given=None):
        if status is not None:
            return super().run(*arguments, status=status, given=given)
        done = subprocess.run([self.programs.client, "--home", self.home, *arguments],
                              input=given, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), (done.returncode, done.stderr)
        return done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True, type=os.path.abspath)
    parser.add_argument("--client", required=True, type=os.path.abspath)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="stop after this time")
    programs = parser.parse_args()
    print(f"seed {programs.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="zf-kill-") as folder:
        bureau = KilledBureau(programs, folder)
        try:
            bureau.add_user("li")
            bureau.add_user("wang")
            laptop, other = bureau.laptop("one", "li"), bureau.laptop("two", "wang")
            laptop.__class__ = AnyStatus
            rounds = Rounds(bureau, laptop, other, programs.seed)
            played = 0
            for number in range(1, programs.rounds + 1):
                if programs.seconds and time.monotonic() - began > programs.seconds:
                    break
                try:
                    rounds.play(number)
                except BaseException:
                    print(f"round {number} of seed {programs.seed}", file=sys.stderr)
                    raise
                played = number
            rounds.check_whole(everything=True)
        finally:
            bureau.process.send_signal(signal.SIGKILL)
            bureau.process.wait()
    print(f"{played} rounds, {rounds.cut} kills, {rounds.answered} saves answered, "
          f"{rounds.attached} of them attachments: nothing lost, "
          f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
