#!/usr/bin/env python3
"""The server's folder is gone: with the sheet of the bureau's key everything comes back from the
laptops, and without it they are not taken in by a stranger.

    test_lost_server.py --server PROGRAM --client PROGRAM [NAME...]
"""
import json
import shutil
import subprocess
import sys

from test_programs import HAZARD, RECORD, main


def sheet_of(bureau):
    sheet = bureau.folder / "sheet"
    sheet.write_text(subprocess.run(
        [bureau.programs.server, "--data", bureau.data, "bureau-key"], capture_output=True,
        text=True, check=True).stdout)
    return sheet


def status(laptop):
    return json.loads(laptop.run("status"))


def lose_server(bureau):
    assert bureau.stop() == 0
    shutil.rmtree(bureau.data)


def test_everything_comes_back(bureau):
    """Records, conflicts, attachments, people, also what one laptop alone had from another."""
    for user in ("li", "wang", "gone"):
        bureau.add_user(user)
    one, two = bureau.laptop("one", "li"), bureau.laptop("two", "wang")
    lost = bureau.laptop("lost", "gone")
    photo = bureau.folder / "photo.jpg"
    photo.write_bytes(bytes(range(256)) * 9000)
    lost.batch({"do": "create", "form": "hazard", "set": {**HAZARD, "place_name": "只在路上"}})
    lost.sync()
    one.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD},
              {"do": "attach", "record": RECORD, "field": "photos", "file": str(photo)})
    for laptop in (one, two):
        laptop.sync()
    one.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 35}})
    two.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 41}})
    for laptop in (one, two, one):
        laptop.sync()
    before = bureau.server("status")
    people, devices = bureau.server("user", "list"), bureau.server("device", "list")
    two.batch({"do": "create", "form": "hazard", "set": {**HAZARD, "place_name": "还没送"}})
    sheet = sheet_of(bureau)
    lose_server(bureau)
    shutil.rmtree(lost.home)

    made = bureau.server("init", "--recover", sheet)
    assert made["pin"] == bureau.pin
    bureau.start()
    given_back = sum(json.loads(laptop.run("sync", "--server", bureau.url))["given_back"]
                     for laptop in (one, two))
    assert given_back > 0, "what the third laptop had made lies with the others"
    for laptop in (one, two):
        laptop.sync()
    after = bureau.server("status")
    assert after["epoch"] != before["epoch"] and after["conflicts"] == before["conflicts"] == 1
    assert after["records"] == before["records"] + 1, (before, after)
    assert after["changesets"] == before["changesets"] + 1, (before, after)
    for laptop in (one, two):
        told = status(laptop)
        assert told["state"] == after["state"] and told["unsent_changesets"] == 0, told
        assert told["unsent_attachments"] == 0, told
    assert {u["user"] for u in bureau.server("user", "list")} >= {u["user"] for u in people}
    assert {d["device"] for d in bureau.server("device", "list")} == {d["device"] for d in devices}
    verified = bureau.server("verify")
    assert verified["verify"] == "ok" and verified["gaps"] == 0, verified
    # A new laptop gets the photo from the rebuilt server.
    third = bureau.laptop("third", "li")
    assert third.sync()["attachments_fetched"] == 1
    assert status(third)["state"] == after["state"]


def test_another_bureau_is_no_bureau(bureau):
    """`init` without the sheet makes another bureau: the laptops say so, send nothing, keep all."""
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    laptop.batch({"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD})
    laptop.sync()
    laptop.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 35}})
    sheet = sheet_of(bureau)
    before = status(laptop)
    lose_server(bureau)
    bureau.server("init")
    bureau.start()
    said = laptop.run("sync", "--server", bureau.url, status=1)
    assert "pin_mismatch" in said, said
    assert status(laptop) == before, "nothing is sent to a stranger, and nothing forgotten"
    assert bureau.server("status")["changesets"] == 0
    # The sheet is found after all.
    lose_server(bureau)
    bureau.server("init", "--recover", sheet)
    bureau.start()
    laptop.run("sync", "--server", bureau.url)
    assert bureau.server("status")["state"] == status(laptop)["state"]
    assert status(laptop)["unsent_changesets"] == 0
    assert bureau.server("verify")["verify"] == "ok"


if __name__ == "__main__":
    sys.exit(main(globals()))
