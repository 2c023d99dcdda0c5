#!/usr/bin/env python3
"""What became of a day's work, told by the programs as processes: receipts, the day's account,
what is kept back and why, making room for attachments, and rehearsals.

    test_receipts.py --server PROGRAM --client PROGRAM [NAME...]
"""
import json
import subprocess
import sys

from test_programs import HAZARD, RECORD, main

DAY, MORNING = "2008-05-14", "2008-05-14T09:00:00+08:00"
OWN_AREA, OTHER_AREA = HAZARD["division"], "511923101"


def status(laptop):
    return json.loads(laptop.run("status"))


def account(laptop, day=DAY):
    """The exit status of `reconcile`, what it says to people, and to programs."""
    def run(*options):
        return subprocess.run([laptop.programs.client, "--home", laptop.home, "reconcile", "--day",
                               day, *options], capture_output=True, text=True, check=False)
    told, given = run(), run("--json")
    assert told.returncode == given.returncode, (told, given)
    return told.returncode, told.stdout, json.loads(given.stdout)


def missing(answer):
    return {one["what"]: one["count"] for one in answer["missing"]}


def write_a_day(bureau, laptop):
    picture = bureau.folder / "p.jpg"
    picture.write_bytes(bytes(range(256)) * 4000)
    created, attached = laptop.batch(
        {"do": "create", "form": "hazard", "set": HAZARD, "record": RECORD, "at": MORNING},
        {"do": "attach", "record": RECORD, "field": "photos", "file": str(picture), "at": MORNING},
        options=["--replay"])
    assert created["ok"] and attached["ok"]
    return picture, attached["hash"]


def receipt(laptop):
    one, = json.loads(laptop.run("receipts", "--record", RECORD, "--json"))["records"]
    return one


def test_a_day_comes_home(bureau):
    """Saved, sent, stored: told by record and by day, in words and by the exit status."""
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    _, name = write_a_day(bureau, laptop)
    code, told, answer = account(laptop)
    assert code == 1 and "not everything of 2008-05-14" in told and "zoufang sync" in told, told
    assert missing(answer) == {"not_sent": 2, "attachment_not_sent": 1}, answer
    assert receipt(laptop)["saves"] == {"saved": 2, "sent": 0, "stored": 0, "applied": 0}
    laptop.sync()
    code, told, answer = account(laptop)
    assert code == 0 and "everything of 2008-05-14 is with the bureau" in told, told
    assert answer["complete"] and answer["messages"]["zh-Hans"].endswith("已全部在局里"), answer
    assert answer["records"] == 1 and answer["attachments"] == {
        "saved": 1, "stored": 1, "put_away": 0}, answer
    one = receipt(laptop)
    assert one["saves"] == {"saved": 2, "sent": 2, "stored": 2, "applied": 2}, one
    assert [(a["hash"], a["state"]) for a in one["attachments"]] == [(name, "stored")], one
    assert RECORD in laptop.run("receipts", "--since", DAY)
    assert json.loads(laptop.run("receipts", "--since", "2008-05-15", "--json"))["records"] == []
    code, told, _ = account(laptop, "2008-05-15")
    assert code == 0 and "nothing was written here" in told, told
    batch = laptop.batch({"do": "reconcile", "day": DAY}, {"do": "receipts", "record": RECORD})
    assert batch[0]["complete"] and batch[1]["records"][0]["saves"]["stored"] == 2, batch


def test_kept_back(bureau):
    """A reason stays with the laptop over restarts until the bureau has taken it away."""
    bureau.add_user("li", areas=[OTHER_AREA])
    laptop = bureau.laptop("one", "li")
    write_a_day(bureau, laptop)
    rehearsed = json.loads(laptop.run("sync", "--rehearse"))
    assert rehearsed["changesets_to_send"] == 2 and rehearsed["attachments_to_send"] == 1
    assert [(w["standing"], w["code"]) for w in rehearsed["would_wait"]] == [
        ("parked", "not_allowed"), ("held", "")], rehearsed
    assert OWN_AREA in rehearsed["would_wait"][0]["detail"]
    assert bureau.server("status")["changesets"] == 0, "a rehearsal stores nothing"
    assert bureau.server("parked", "--json") == []
    laptop.sync()
    waiting = status(laptop)["waiting"]
    assert [w["records"] for w in waiting] == [[RECORD], [RECORD]], waiting
    assert OWN_AREA in waiting[0]["message"] and "administrator" in waiting[0]["message"]
    assert "earlier save" in waiting[1]["message"], waiting
    got, = laptop.batch({"do": "get", "record": RECORD})
    assert [w["seq"] for w in got["waiting"]] == [1, 2] and got["waiting"][0]["since"], got
    code, told, answer = account(laptop)
    assert code == 1 and "without effect" in told and missing(answer) == {"waiting": 2}, told
    parked = bureau.server("parked", "--json")
    assert [(p["device"], p["user"], p["seq"]) for p in parked] == [
        (laptop.device, "li", 1), (laptop.device, "li", 2)], parked
    assert parked[0]["records"][0]["record"] == RECORD and "user change" in parked[0]["remedy"]
    assert parked[1]["waits_for"] == {"device": laptop.device, "seq": 1}, parked
    assert "kept back itself" in parked[1]["remedy"], parked
    lines = subprocess.run([bureau.programs.server, "--data", bureau.data, "parked"],
                           capture_output=True, text=True, check=True).stdout
    assert RECORD in lines and OWN_AREA in lines and "what to do" in lines, lines
    bureau.server("user", "change", "li", "--everywhere")
    assert bureau.server("parked", "--json") == []
    assert len(status(laptop)["waiting"]) == 2, "only a sync can know"
    laptop.sync()
    assert status(laptop)["waiting"] == [] and account(laptop)[0] == 0


def test_making_room(bureau):
    """Only what the bureau has is put away; it comes back when it is asked for."""
    bureau.add_user("li")
    laptop = bureau.laptop("one", "li")
    picture, name = write_a_day(bureau, laptop)

    def purge(*options):
        return json.loads(laptop.run("purge", "--attachments", "--older-than", *options))

    assert purge("0") == {"rehearsal": False, "attachments": 0, "bytes": 0, "kept_younger": 0,
                          "kept_without_receipt": 1}
    laptop.sync()
    assert purge("30")["kept_younger"] == 1
    size = picture.stat().st_size
    assert purge("0", "--rehearse") | {"rehearsal": 0} == {
        "rehearsal": 0, "attachments": 1, "bytes": size, "kept_younger": 0,
        "kept_without_receipt": 0}
    kept = laptop.home / "blobs" / name[:2] / name
    assert kept.exists()
    assert purge("0")["attachments"] == 1 and not kept.exists()
    assert laptop.sync()["attachments_fetched"] == 0 and not kept.exists()
    assert receipt(laptop)["attachments"][0]["state"] == "put_away" and account(laptop)[0] == 0
    repaired = json.loads(laptop.run("repair"))
    assert repaired["found"] == [] and not kept.exists(), repaired
    copy = bureau.folder / "copy.jpg"
    laptop.batch({"do": "blob", "hash": name, "file": str(copy)})
    assert copy.read_bytes() == picture.read_bytes() and kept.exists()
    purge("0")
    bureau.stop()
    refused, = laptop.batch({"do": "blob", "hash": name, "file": str(copy)}, status=1)
    assert refused["error"]["code"] == "unreachable", refused
    assert "next sync fetches it" in refused["error"]["message"], refused
    bureau.start()
    laptop.run("sync", "--server", bureau.url)
    assert kept.read_bytes() == picture.read_bytes()


def test_rehearsal(bureau):
    """Both directions, and the conflict that is to come."""
    bureau.add_user("li")
    one, two = bureau.laptop("one", "li"), bureau.laptop("two", "li")
    write_a_day(bureau, one)
    one.sync()
    rehearsed = json.loads(two.run("sync", "--rehearse"))
    assert rehearsed["changesets_to_fetch"] == 2 and rehearsed["bytes_to_fetch"] > 500, rehearsed
    two.sync()
    one.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 35}})
    two.batch({"do": "edit", "record": RECORD, "set": {"threatened_people": 41}})
    one.sync()
    before = bureau.server("status")
    rehearsed = json.loads(two.run("sync", "--rehearse"))
    assert rehearsed["would_conflict"] == [
        {"record": RECORD, "field": "threatened_people", "kind": "value"}], rehearsed
    assert rehearsed["would_wait"] == [] and rehearsed["judged"] == 1, rehearsed
    assert {k: v for k, v in bureau.server("status").items() if not k.startswith("disk")} == {
        k: v for k, v in before.items() if not k.startswith("disk")}
    two.sync()
    conflict, = two.batch({"do": "conflicts"})[0]["conflicts"]
    assert conflict["field"] == "threatened_people"


if __name__ == "__main__":
    sys.exit(main(globals()))
