#!/usr/bin/env python3
"""Laptops whose folders were copied or put back from a backup, as real processes: each goes on
under a name of its own, says so, and nobody's work is lost.

    test_identity.py --server PROGRAM --client PROGRAM [NAME...]
"""
import json
import shutil
import subprocess
import sys

from test_programs import HAZARD, RECORD, Laptop, main


def create(laptop, place, record=None):
    command = {"do": "create", "form": "hazard", "set": {**HAZARD, "place_name": place}}
    if record:
        command["record"] = record
    return laptop.batch(command)[0]["record"]


def places(laptop):
    listed, = laptop.batch({"do": "list", "form": "hazard"})
    return sorted(r["values"]["place_name"] for r in listed["records"])


def status(laptop):
    return json.loads(laptop.run("status"))


def sync(laptop):
    """The report, and what a person reads beside it."""
    done = subprocess.run([laptop.programs.client, "--home", laptop.home, "sync"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def check_one(bureau, *laptops):
    for laptop in laptops * 2:
        report, said = sync(laptop)
        assert said == "" and report["new_identity"] is None, said
    server = bureau.server("status")
    assert server["held"] == 0 and server["parked"] == 0, server
    for laptop in laptops:
        assert status(laptop)["state"] == server["state"]
        assert status(laptop)["unsent_changesets"] == 0
    assert bureau.server("verify")["verify"] == "ok"


def test_copied_folder(bureau):
    """The folder copied to a second laptop; both go on, both people's work is everywhere."""
    bureau.add_user("li")
    one = bureau.laptop("one", "li")
    create(one, "before", RECORD)
    picture = bureau.folder / "p.jpg"
    picture.write_bytes(bytes(range(256)) * 100)
    sync(one)
    create(one, "unsent when it was copied")
    shutil.copytree(one.home, bureau.folder / "two")
    two = Laptop(bureau, bureau.folder / "two")
    assert status(two)["device"] == one.device
    one.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 5}})
    create(one, "of the first")
    two.batch({"do": "edit", "record": RECORD, "set": {"action": "of the second"}},
              {"do": "attach", "record": RECORD, "field": "photos", "file": str(picture)})
    second = create(two, "of the second")
    two.batch({"do": "edit", "record": second, "set": {"action": "own edit"}})
    report, said = sync(one)
    assert report["new_identity"] is None and said == ""
    rehearsed = json.loads(two.run("sync", "--rehearse"))
    assert rehearsed["new_identity"] and rehearsed["changesets_to_send"] == 5, rehearsed
    assert status(two)["device"] == one.device, "a rehearsal changes nothing"

    report, said = sync(two)
    change = report["new_identity"]
    assert change["former"] == one.device and change["device"] != one.device
    assert change["reissued"] == 4 and report["pushed"] == 4, report
    assert "copied" in said and "nothing was lost" in said and change["device"] in said, said
    told = status(two)["identity"]
    assert told["renewed"] and told["enrolled"] and told["why"] == "folder_copied", told
    assert [f["device"] for f in told["former"]] == [one.device], told
    assert status(one)["identity"] == {"renewed": False, "enrolled": True, "former": []}
    check_one(bureau, one, two)
    everything = sorted(["before", "unsent when it was copied", "of the first", "of the second"])
    for laptop in (one, two):
        assert places(laptop) == everything
        got, = laptop.batch({"do": "get", "record": RECORD})
        assert got["values"]["threatened_people"] == 5, got
        assert got["values"]["action"] == "of the second" and len(got["values"]["photos"]) == 1
        assert got["conflicts"] == [], got
    listed = {d["device"]: d for d in bureau.server("device", "list")}
    assert listed[change["device"]]["succeeds"] == one.device, listed
    assert bureau.server("device", "revoke", one.device)["successors"] == [change["device"]]
    create(two, "the second is not revoked")
    assert sync(two)[0]["pushed"] == 1


def test_restored_folder(bureau):
    """The whole folder from a backup: what was sent since comes back, what is new is sent."""
    bureau.add_user("li")
    one = bureau.laptop("one", "li")
    create(one, "before")
    sync(one)
    create(one, "unsent in the backup")
    shutil.copytree(one.home, bureau.folder / "backup")
    create(one, "after the backup")
    sync(one)
    shutil.rmtree(one.home)
    shutil.copytree(bureau.folder / "backup", one.home)
    create(one, "in the restored folder")
    report, said = sync(one)
    assert report["new_identity"]["reissued"] == 1 and "nothing was lost" in said, (report, said)
    check_one(bureau, one)
    assert places(one) == sorted(["before", "unsent in the backup", "after the backup",
                                  "in the restored folder"])


def test_database_put_back(bureau):
    """device.db alone from an older copy: noticed without a network, before the next save."""
    bureau.add_user("li")
    one = bureau.laptop("one", "li")
    create(one, "in the copy")
    sync(one)
    shutil.copy(one.home / "device.db", bureau.folder / "old.db")
    create(one, "after the copy, sent")
    sync(one)
    for name in ("device.db-wal", "device.db-shm"):
        (one.home / name).unlink(missing_ok=True)
    shutil.copy(bureau.folder / "old.db", one.home / "device.db")
    create(one, "saved before any sync")
    told = status(one)
    assert told["device"] != one.device and told["unsent_changesets"] == 1, told
    assert told["identity"]["why"] == "database_back" and not told["identity"]["enrolled"], told
    report, said = sync(one)
    assert "database was put back" in said, said
    assert report["pushed"] == 1 and report["new_identity"]["device"] == told["device"], report
    check_one(bureau, one)
    assert places(one) == sorted(["in the copy", "after the copy, sent", "saved before any sync"])
    assert status(one)["identity"]["enrolled"]


if __name__ == "__main__":
    sys.exit(main(globals()))
