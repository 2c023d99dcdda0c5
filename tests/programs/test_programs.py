#!/usr/bin/env python3
"""The two programs as a script sees them: real processes, real HTTPS on loopback, temporary
folders. Covers what the contract of the programs says, the protocol client, and damage.

    test_programs.py --server PROGRAM --client PROGRAM [NAME...]
"""
import argparse
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback

from broken_line import BrokenLine

HERE = pathlib.Path(__file__).resolve().parent
RECORD = "11111111-1111-4111-8111-111111111111"
HAZARD = {"found_on": "2008-05-14", "found_by": "li", "place_name": "柳树村", "division": "511923203",
          "hazard_kind": "fuel", "level": "small", "description": "示例", "responsible": "li",
          "due_date": "2008-05-20", "state": "open"}


class Bureau:
    """A server of its own for one test."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, pathlib.Path(folder)
        self.data = self.folder / "data"
        self.made = self.server("init", "--admin", "zhang")
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.programs.server, "--data", self.data, "serve", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline().split()
        assert line[:2] == ["listening", "on"] and line[3] == "pin", line
        self.url, self.pin = line[2], line[4]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)

    def server(self, *arguments, status=0):
        done = subprocess.run([self.programs.server, "--data", self.data, *arguments],
                              capture_output=True, text=True, check=False)
        assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else done.stderr

    def add_user(self, name, role="staff", areas=()):
        options = [word for area in areas for word in ("--area", area)]
        answer = self.server("user", "add", name, "--role", role, *options)
        assert answer["user"] == name and answer["password"]

    def laptop(self, name, user):
        code = self.server("enrol-code", "--user", user)["code"]
        laptop = Laptop(self, self.folder / name)
        laptop.device = laptop.run("enrol", "--server", self.url, "--code", code, "--pin",
                                   self.pin).strip()
        assert len(laptop.device) == 32, laptop.device
        return laptop


class Laptop:
    def __init__(self, bureau, home):
        self.programs, self.home = bureau.programs, home

    def run(self, *arguments, status=0, given=None):
        done = subprocess.run([self.programs.client, "--home", self.home, *arguments],
                              input=given, capture_output=True, text=True, check=False)
        assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout if status == 0 or arguments[0] == "batch" else done.stderr

    def batch(self, *commands, status=0, options=()):
        lines = "".join((c if isinstance(c, str) else json.dumps(c, ensure_ascii=False)) + "\n"
                        for c in commands)
        out = self.run("batch", *options, given=lines, status=status)
        answers = [json.loads(line) for line in out.splitlines()]
        assert len(answers) == len(commands), out
        return answers

    def sync(self):
        return json.loads(self.run("sync"))


def test_two_laptops_meet(bureau):
    """A conflict made apart is seen on both, settled on one, gone on the other."""
    bureau.add_user("li")
    bureau.add_user("wang")
    one, two = bureau.laptop("one", "li"), bureau.laptop("two", "wang")
    created, = one.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD})
    assert created["record"] == RECORD and created["issues"] == [], created
    assert one.sync()["pushed"] == 1
    assert two.sync()["pulled"] == 1
    one.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 35}})
    two.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 41, "action": "撤离"}})
    for laptop in (one, two, one):
        laptop.sync()
    for laptop in (one, two):
        conflict, = laptop.batch({"do": "conflicts"})[0]["conflicts"]
        assert conflict["field"] == "threatened_people" and conflict["kind"] == "value"
        assert sorted(v["value"] for v in conflict["values"]) == [35, 41]
        assert {v["user"] for v in conflict["values"]} == {"li", "wang"}
    version = next(v["version"] for v in conflict["values"] if v["value"] == 35)
    two.batch({"do": "resolve", "record": RECORD, "field": "threatened_people", "pick": version})
    two.sync()
    one.sync()
    got, conflicts = one.batch({"do": "get", "record": RECORD}, {"do": "conflicts"})
    assert got["values"]["threatened_people"] == 35 and got["values"]["action"] == "撤离"
    assert conflicts["conflicts"] == []
    states = [json.loads(laptop.run("status"))["state"] for laptop in (one, two)]
    assert states == [bureau.server("status")["state"]] * 2
    assert bureau.server("verify")["verify"] == "ok"


def test_invitation(bureau):
    """One text with all that a laptop needs; none when it is not known where the server is."""
    bureau.add_user("li")
    made = bureau.server("enrol-code", "--user", "li")
    assert made["invitation"] == f"zoufang {bureau.url} {made['code']} {bureau.pin}", made
    address = "https://sync.example:8443"
    made = bureau.server("enrol-code", "--user", "li", "--address", address)
    assert made["invitation"] == f"zoufang {address} {made['code']} {bureau.pin}", made
    bureau.stop()
    assert bureau.server("enrol-code", "--user", "li")["invitation"] is None


def test_attachment_travels(bureau):
    bureau.add_user("li")
    one, two = bureau.laptop("one", "li"), bureau.laptop("two", "li")
    picture = bureau.folder / "图片.jpg"
    picture.write_bytes(bytes(range(256)) * 12000)  # three chunks
    one.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD})
    attached, = one.batch({"do": "attach", "record": RECORD, "field": "photos",
                           "file": str(picture)})
    assert attached["bytes"] == 256 * 12000
    assert one.sync()["attachments_sent"] == 1
    assert two.sync()["attachments_fetched"] == 1
    copy = bureau.folder / "copy.jpg"
    two.batch({"do": "blob", "hash": attached["hash"], "file": str(copy)})
    assert copy.read_bytes() == picture.read_bytes()


def test_bundles_by_hand(bureau):
    """Both programs exchange everything by files: text, a photo, a review's way back, a receipt."""
    for user in ("li", "wang"):
        bureau.add_user(user)
    two, one = bureau.laptop("two", "wang"), bureau.laptop("one", "li")
    bureau.stop()
    stick = bureau.folder / "stick"
    stick.mkdir()
    photo = bureau.folder / "photo.jpg"
    photo.write_bytes(os.urandom(3_000_000))
    one.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD},
              {"do": "attach", "record": RECORD, "field": "photos", "file": str(photo)})

    # To the office, by way of a stick that was pulled out at first.
    out = json.loads(one.run("bundle", "export", stick / "one.zfb"))
    assert out["changesets"] == 2 and out["attachments"] == 1, out
    content = (stick / "one.zfb").read_bytes()
    assert len(content) == out["bytes"] and "柳树村".encode() not in content
    (stick / "half.zfb").write_bytes(content[:len(content) * 6 // 10])
    assert "beginning" in bureau.server("bundle", "import", stick / "half.zfb", status=1)
    taken = bureau.server("bundle", "import", stick / "one.zfb")
    assert taken["changesets"] == 2 and taken["attachments"] == 1, taken
    assert taken["bytes_resumed"] > len(content) // 2, taken
    again = bureau.server("bundle", "import", stick / "one.zfb")
    assert again["changesets"] == 0 and again["repeated"] == 2, again
    assert "laptop of li" not in one.run("bundle", "import", stick / "one.zfb", status=1)

    # To the other laptop directly, and back from it; damage is noticed.
    one.run("bundle", "export", stick / "two.zfb", "--device", two.device)
    damaged = bytearray((stick / "two.zfb").read_bytes())
    damaged[len(damaged) // 2] ^= 4
    (stick / "damaged.zfb").write_bytes(damaged)
    assert "damaged" in two.run("bundle", "import", stick / "damaged.zfb", status=1)
    assert json.loads(two.run("status"))["state"] != json.loads(one.run("status"))["state"]
    assert "laptop of wang" in bureau.server("bundle", "import", stick / "two.zfb", status=1)
    assert json.loads(two.run("bundle", "import", stick / "two.zfb"))["attachments"] == 1
    answers = two.batch({"do": "edit", "record": RECORD, "set": {"state": "doing"}},
                        {"do": "bundle_out", "file": str(stick / "back.zfb")})
    assert answers[1]["changesets"] >= 1, answers
    bureau.server("bundle", "import", stick / "back.zfb")

    # Receipts and what is new, from the office to both.
    for laptop in (one, two):
        bureau.server("bundle", "export", "--device", laptop.device, stick / "answer.zfb")
        (answer,) = laptop.batch({"do": "bundle_in", "file": str(stick / "answer.zfb")})
        assert answer["ok"], answer
        status = json.loads(laptop.run("status"))
        assert status["unsent_changesets"] == 0 and status["unsent_attachments"] == 0, status
        assert status["state"] == bureau.server("status")["state"]
    assert bureau.server("verify")["verify"] == "ok"
    assert not list((one.home / "incoming").iterdir()) and len(list(stick.iterdir())) == 6


def test_photo_over_a_breaking_line(bureau):
    """20 MB over a line that breaks every 300 KB: once there, by resuming, in both directions."""
    bureau.add_user("li")
    bureau.add_user("wang")
    one, two = bureau.laptop("one", "li"), bureau.laptop("two", "wang")
    photo = bureau.folder / "photo.jpg"
    content = random.Random(20080512).randbytes(20_000_000)
    photo.write_bytes(content)
    one.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD})
    attached, = one.batch({"do": "attach", "record": RECORD, "field": "photos",
                           "file": str(photo)})
    host, port = bureau.url.split("//")[1].split(":")
    line = BrokenLine(host, int(port), bytes_up=300_000)
    report = json.loads(one.run("sync", "--server", f"https://127.0.0.1:{line.port}"))
    line.close()
    assert report["attachments_sent"] == 1 and line.cuts > 60, (report, line.cuts)
    print(f"  sent {line.sent_up} bytes for {len(content)} in {line.cuts + 1} pieces")
    assert line.sent_up <= 1.1 * len(content), line.sent_up
    line = BrokenLine(host, int(port), bytes_down=300_000)
    report = json.loads(two.run("sync", "--server", f"https://127.0.0.1:{line.port}"))
    line.close()
    assert report["attachments_fetched"] == 1 and line.cuts > 60, (report, line.cuts)
    print(f"  fetched {line.sent_down} bytes for {len(content)} in {line.cuts + 1} pieces")
    assert line.sent_down <= 1.1 * len(content), line.sent_down
    two.batch({"do": "blob", "hash": attached["hash"], "file": str(bureau.folder / "out.jpg")})
    assert (bureau.folder / "out.jpg").read_bytes() == content


def test_much_text_over_a_breaking_line(bureau):
    """Pages that never get through whole become smaller, on the way up and down."""
    bureau.add_user("li")
    bureau.add_user("wang")
    one, two = bureau.laptop("one", "li"), bureau.laptop("two", "wang")
    dice = random.Random(1)
    one.batch(*({"do": "create", "form": "hazard",
                 "set": dict(HAZARD, description=dice.randbytes(1500).hex())} for _ in range(400)))
    host, port = bureau.url.split("//")[1].split(":")
    line = BrokenLine(host, int(port), bytes_up=100_000, bytes_down=100_000)
    address = f"https://127.0.0.1:{line.port}"
    assert json.loads(one.run("sync", "--server", address))["pushed"] == 400
    assert json.loads(two.run("sync", "--server", address))["pulled"] == 400
    assert line.cuts > 5, line.cuts
    line.close()


def test_bad_input_is_named(bureau):
    """Each gets a clear error with its place, and nothing is stored by halves."""
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    create = {"do": "create", "form": "hazard"}
    wrong = [
        ('{"do": "create", "form"', "malformed", None),
        ({**create, "form": "nosuch", "set": {}}, "unknown_form", "form"),
        ({**create, "set": {"nosuch": 1}}, "unknown_field", "nosuch"),
        ({**create, "set": {**HAZARD, "threatened_people": "5"}}, "wrong_type",
         "threatened_people"),
        ({**create, "form": "donation", "set": {"amount": "1.234"}}, "wrong_type", "amount"),
        ({**create, "form": "donation", "set": {"amount": 1.5}}, "wrong_type", "amount"),
        ({**create, "set": {**HAZARD, "found_on": "2008-02-30"}}, "wrong_type", "found_on"),
        ({**create, "set": {**HAZARD, "description": "字" * 400000}}, "too_large", "description"),
        ({**create, "set": {**HAZARD, "level": "nosuch"}}, "unknown_choice", "level"),
        ({"do": "create", "form": "service_matter", "set": {"on_time": True}}, "computed_field",
         "on_time"),
        ({"do": "get", "record": RECORD}, "unknown_record", "record"),
        ({"do": "nosuch"}, "unknown_command", "do"),
        ({"do": "status", "at": "2008-05-14T10:00:00+08:00"}, "not_allowed", "at"),
    ]
    answers = laptop.batch(*[command for command, _, _ in wrong], status=1)
    for answer, (command, code, where) in zip(answers, wrong):
        assert answer["ok"] is False and answer["error"]["code"] == code, (command, answer)
        assert answer["error"]["message"]
        if where:
            assert answer["error"]["where"] == where, (command, answer)
    broken = subprocess.run([laptop.programs.client, "--home", laptop.home, "batch"],
                            input=b'{"do":"create","form":"hazard","set":{"place_name":"\xff"}}\n',
                            capture_output=True, check=False)
    assert broken.returncode == 1 and b"malformed" in broken.stdout
    assert json.loads(laptop.run("status"))["records"] == 0
    # A reference to nothing is stored, with a warning.
    answer, = laptop.batch({**create, "set": {**HAZARD, "enterprise": RECORD}})
    assert [i["code"] for i in answer["issues"]] == ["unknown_reference"], answer


def test_clock_in_1970_and_2099(bureau):
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    for at in ("1970-01-01T00:00:05+08:00", "2099-12-31T23:00:00+08:00"):
        laptop.batch({"do": "create", "form": "hazard", "set": HAZARD, "at": at},
                     options=("--replay",))
    laptop.sync()
    status = bureau.server("status")
    assert status["changesets"] == 2 and status["parked"] == 0
    assert json.loads(laptop.run("status"))["state"] == status["state"]


def test_areas_and_roles(bureau):
    """Who may see and write what: out of area is parked and kept, and not shown."""
    bureau.add_user("near", areas=["511923203"])
    bureau.add_user("all")
    bureau.add_user("boss", role="admin")
    near, everywhere = bureau.laptop("near", "near"), bureau.laptop("all", "all")
    everywhere.batch({"do": "create", "form": "hazard", "set": {**HAZARD, "division": "511923101"}},
                     {"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD})
    everywhere.sync()
    near.sync()
    listed, = near.batch({"do": "list", "form": "hazard"})
    assert [r["record"] for r in listed["records"]] == [RECORD], listed
    near.batch({"do": "create", "form": "hazard", "set": {**HAZARD, "division": "511923101"}},
               {"do": "create", "form": "hazard", "set": HAZARD})
    waiting = near.sync()["waiting_on_server"]
    assert [(w["seq"], w["standing"], w["code"]) for w in waiting] == [(1, "parked", "not_allowed")]
    assert bureau.server("status")["parked"] == 1
    # An admin touches no record data: a laptop for that account fetches nothing.
    code = bureau.server("enrol-code", "--user", "boss")["code"]
    clerk = Laptop(bureau, bureau.folder / "clerk")
    said = clerk.run("enrol", "--server", bureau.url, "--code", code, "--pin", bureau.pin, status=1)
    assert "not_allowed" in said, said


def test_enrolment_is_guarded(bureau):
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    code = bureau.server("enrol-code", "--user", "li")["code"]
    wrong_pin = "0" * 64
    other = Laptop(bureau, bureau.folder / "other")
    said = other.run("enrol", "--server", bureau.url, "--code", code, "--pin", wrong_pin, status=1)
    assert "pin_mismatch" in said or "malformed" in said, said
    said = other.run("enrol", "--server", bureau.url, "--code", "AAAA-AAAA-AAAA", "--pin",
                     bureau.pin, status=1)
    assert "bad_code" in said, said
    other.run("enrol", "--server", bureau.url, "--code", code, "--pin", bureau.pin)
    third = Laptop(bureau, bureau.folder / "third")
    said = third.run("enrol", "--server", bureau.url, "--code", code, "--pin", bureau.pin, status=1)
    assert "bad_code" in said, said
    assert "not enrolled" in third.run("sync", status=1)
    bureau.server("device", "revoke", laptop.device)
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD})
    assert "device_revoked" in laptop.run("sync", status=1)
    assert bureau.server("status")["changesets"] == 0


def test_server_restarts_and_stops(bureau):
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD})
    laptop.sync()
    assert bureau.stop() == 0
    assert "unreachable" in laptop.run("sync", status=1)
    # Another port, the same store: the laptop is told where, and goes on.
    bureau.start()
    code = bureau.server("enrol-code", "--user", "li")["code"]
    laptop.run("enrol", "--server", bureau.url, "--code", code)
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD})
    laptop.sync()
    assert bureau.server("status")["records"] == 2
    # Killed at any moment, nothing that was acknowledged is gone.
    bureau.process.kill()
    bureau.process.wait()
    bureau.start()
    assert bureau.server("status")["records"] == 2
    assert bureau.server("verify")["verify"] == "ok"


def test_report_and_export(bureau):
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.batch({"do": "create", "form": "complaint", "set": {
        "case_no": "XF-1", "received_on": "2008-01-22", "channel": "visit", "person_times": 1,
        "category": "power_water", "summary": "=SUM(A1)", "first_contact": "li", "handler": "li",
        "due_date": "2008-03-22", "state": "doing", "complainant": "某人"}})
    laptop.sync()
    report = bureau.server("report", "--period", "2008H1", "--format", "json")
    assert len(report) == 58 and report["complaints"] == {"value": "0", "display": "0",
                                                          "records": 0}
    exported, = bureau.server("export", "--form", "complaint", "--format", "json")
    assert exported["values"]["case_no"] == "XF-1" and "complainant" not in exported["values"]
    assert exported["status"] == "saved"
    personal, = bureau.server("export", "--form", "complaint", "--format", "json", "--personal")
    assert personal["values"]["complainant"] == "某人"
    table = subprocess.run([bureau.programs.server, "--data", bureau.data, "export", "--form",
                            "complaint", "--format", "csv"], capture_output=True, check=True)
    assert table.stdout.startswith(b"\xef\xbb\xbf") and b"'=SUM(A1)" in table.stdout


def test_backup_and_restore(bureau):
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD})
    laptop.sync()
    bureau.server("backup", str(bureau.folder / "backup"))
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD})
    laptop.sync()
    before = bureau.server("status")
    bureau.stop()
    subprocess.run(["rm", "-rf", str(bureau.data)], check=True)
    bureau.server("restore", str(bureau.folder / "backup"))
    bureau.start()
    restored = bureau.server("status")
    assert restored["epoch"] != before["epoch"] and restored["records"] == 1
    laptop.run("sync", "--server", bureau.url)
    laptop.sync()
    assert bureau.server("status")["records"] == 2, "the laptop pushes again what was lost"
    assert bureau.server("status")["state"] == before["state"]
    assert bureau.server("verify")["verify"] == "ok"


def test_damage_is_found(bureau):
    """One changed byte of a stored changeset: verify says which one and fails."""
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD},
                 {"do": "create", "form": "hazard", "set": HAZARD})
    laptop.sync()
    bureau.stop()
    with sqlite3.connect(bureau.data / "central.db") as db:
        key, content = db.execute("SELECT key, bytes FROM changeset ORDER BY key LIMIT 1 OFFSET 1"
                                  ).fetchone()
        changed = bytearray(content)
        at = changed.index("柳".encode()) + 2
        changed[at] ^= 1
        db.execute("UPDATE changeset SET bytes=? WHERE key=?", (bytes(changed), key))
    answer = bureau.server("verify", status=1)
    assert answer["verify"] != "ok"
    assert any(f"{laptop.device}:2" in finding["where"] for finding in answer["findings"]), answer
    bureau.start()


def test_wrong_usage(bureau):
    assert "usage" in bureau.server("nosuch", status=2)
    assert "usage" in Laptop(bureau, bureau.folder / "x").run("nosuch", status=2)
    bureau.server("user", "add", "li", "--role", "nosuch", status=2)
    bureau.server("report", "--period", "2008X9", status=2)


def test_protocol_client(bureau):
    """A program written from docs/protocol.md alone enrols, pushes, pulls, fetches a blob."""
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD})
    laptop.sync()
    code = bureau.server("enrol-code", "--user", "li")["code"]
    client = HERE.parent / "protocol" / "client.py"
    done = subprocess.run([sys.executable, client, "--server", bureau.url, "--ca",
                           bureau.data / "tls" / "bureau.pem", "--code", code, "--user", "li"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert bureau.server("status")["records"] == 2
    assert bureau.server("verify")["verify"] == "ok"
    assert laptop.sync()["pulled"] >= 2
    assert json.loads(laptop.run("status"))["state"] == bureau.server("status")["state"]
    vectors = subprocess.run([sys.executable, client, "--self-check"], capture_output=True,
                             text=True, check=False)
    assert vectors.returncode == 0, vectors.stderr


def run_test(name, test, programs):
    with tempfile.TemporaryDirectory(prefix="zoufang-test.") as folder:
        bureau = None
        try:
            bureau = Bureau(programs, folder)
            test(bureau)
            return True
        except Exception:  # a failure of any kind is this test's result
            print(f"{name} FAILED")
            traceback.print_exc()
            return False
        finally:
            if bureau and bureau.process and bureau.process.poll() is None:
                bureau.process.kill()
                bureau.process.wait()


def main(found):
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--client", required=True)
    parser.add_argument("names", nargs="*")
    programs = parser.parse_args()
    os.environ.pop("XDG_DATA_HOME", None)
    tests = {name: test for name, test in found.items() if name.startswith("test_")
             and (not programs.names or name in programs.names)}
    failed = [name for name, test in tests.items() if not run_test(name, test, programs)]
    print(f"{len(tests) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main(globals()))
