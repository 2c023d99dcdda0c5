#!/usr/bin/env python3
"""Frozen reports as a script sees them: what was reported stays, what differs later is shown beside
it, laptops tell which report counts a record, and a server that was lost is given it all back.

    test_reports.py --server PROGRAM --client PROGRAM [NAME...]
"""
import hashlib
import json
import sqlite3
import subprocess
import sys

from test_lost_server import lose_server, sheet_of
from test_programs import main

FIRST, LATE = "22222222-2222-4222-8222-222222222222", "33333333-3333-4333-8333-333333333333"
HALF = ["--period", "2008H1"]


def report(bureau, *options, status=0):
    """What `report` prints, to the byte, and what it says beside it."""
    done = subprocess.run([bureau.programs.server, "--data", bureau.data, "report", *options],
                          capture_output=True, check=False)
    assert done.returncode == status, (options, done)
    return done.stdout, done.stderr.decode()


def approve_donation(bureau, laptop, record, amount):
    donation = {"recipient": "红十字会", "donated_on": "2008-05-16", "kind": "staff",
                "amount": amount, "donor_group": "staff"}
    laptop.batch({"do": "create", "form": "donation", "set": donation, "record": record},
                 {"do": "submit", "record": record})
    laptop.sync()
    approve(bureau, record)


def approve(bureau, record):
    bureau.server("review", record, "--user", "chen", "--decision", "approved")


def counted(laptop, record):
    one, = json.loads(laptop.run("receipts", "--record", record, "--json"))["records"]
    return [(c["period"], c["report"], c["by"], c["current"]) for c in one["counted"]]


def people(bureau):
    bureau.add_user("li")
    bureau.add_user("chen", role="leader")
    bureau.add_user("near", areas=["511923101"])
    return bureau.laptop("one", "li")


def test_a_report_stays_as_it_was(bureau):
    """Frozen, late data, an erratum, a second report; the first one is printed as it was."""
    laptop = people(bureau)
    approve_donation(bureau, laptop, FIRST, "100")
    plain, said = report(bureau, *HALF)
    assert said == "", said
    frozen, said = report(bureau, *HALF, "--freeze", "--user", "chen")
    assert frozen == plain and "report 1 of 2008H1" in said, said
    assert "Nothing has changed" in report(bureau, *HALF, "--freeze", "--user", "chen")[1]
    report(bureau, *HALF, "--freeze", "--user", "near", status=1)
    approve_donation(bureau, laptop, LATE, "23")
    laptop.batch({"do": "edit", "record": FIRST, "set": {"amount": "50"}})
    laptop.sync()
    approve(bureau, FIRST)
    now, said = report(bureau, *HALF)
    assert now != plain and "2 of 58 figures differ from report 1 of 2008H1" in said, said
    erratum = json.loads(report(bureau, *HALF, "--erratum", "--json")[0])
    changes = {"added": [LATE], "changed": [FIRST], "withdrawn": []}
    assert erratum["differs"] and erratum["records"] == changes, erratum
    total = erratum["figures"]["donation_total"]
    assert (total["frozen"]["value"], total["now"]["value"]) == ("100", "73"), total
    assert total["records"] == changes, total
    lines = report(bureau, *HALF, "--erratum")[0].decode()
    assert "donation_total: 100 (1 records) -> 73 (2 records)" in lines, lines
    assert report(bureau, *HALF, "--number", "1")[0] == plain
    assert report(bureau, *HALF, "--freeze")[0] == now
    assert report(bureau, *HALF, "--number", "2")[0] == now
    assert report(bureau, *HALF)[1] == ""
    listed = bureau.server("report", "--list")
    assert [(r["number"], r["by"], r["records"]) for r in listed] == [
        (1, "chen", 1), (2, None, 2)], listed
    assert listed[0]["figures"] == hashlib.blake2b(plain, digest_size=32).hexdigest()
    checked = bureau.server("verify")
    assert checked["verify"] == "ok" and checked["reports"] == 2, checked
    backup = bureau.folder / "backup"
    bureau.server("backup", backup)
    bureau.stop()
    bureau.server("restore", backup)
    bureau.start()
    assert report(bureau, *HALF, "--number", "1")[0] == plain
    assert bureau.server("verify")["reports_without_records"] == 0


def test_a_laptop_tells_what_counts(bureau):
    """Over the network and by a stick, in words and for programs."""
    laptop = people(bureau)
    approve_donation(bureau, laptop, FIRST, "100")
    report(bureau, *HALF, "--freeze", "--user", "chen")
    day = bureau.server("report", "--list")[0]["frozen"][:10]
    assert counted(laptop, FIRST) == []
    laptop.sync()
    assert counted(laptop, FIRST) == [("2008H1", 1, "chen", True)]
    told = laptop.run("receipts")
    assert f"counted in report 1 of 2008H1, frozen {day}" in told, told
    answer, = laptop.batch({"do": "receipts", "record": FIRST})
    assert f"计入2008年上半年第1号报表，{day}定稿" == \
        answer["records"][0]["counted"][0]["messages"]["zh-Hans"], answer
    approve_donation(bureau, laptop, LATE, "23")
    report(bureau, *HALF, "--freeze")
    stick = bureau.folder / "stick"
    bureau.server("bundle", "export", "--device", laptop.device, stick)
    laptop.run("bundle", "import", stick)
    assert counted(laptop, LATE) == [("2008H1", 2, None, True)]
    assert counted(laptop, FIRST) == [("2008H1", 1, "chen", True), ("2008H1", 2, None, True)]


def test_nobody_is_told_of_records_elsewhere(bureau):
    """The same entry for all, which names nothing that its reader may not see."""
    laptop, far = people(bureau), bureau.laptop("far", "near")
    laptop.batch({"do": "create", "form": "relief_action", "record": FIRST, "set": {
        "action_date": "2008-05-16", "place_name": "柳树村", "division": "511923203",
        "staff_count": 4, "actions": ["shelter"], "shelters_built": 3}},
        {"do": "submit", "record": FIRST})
    laptop.sync()
    approve(bureau, FIRST)
    figures = json.loads(report(bureau, *HALF, "--freeze")[0])
    assert figures["shelters"]["records"] == 1, figures["shelters"]
    for one in (laptop, far):
        one.sync()
    assert counted(laptop, FIRST) == [("2008H1", 1, None, True)]
    assert "unknown_record" in far.run("receipts", "--record", FIRST, status=1)
    store = sqlite3.connect(f"file:{far.home}/device.db?mode=ro", uri=True)
    entry, = store.execute("SELECT bytes FROM bureau_entry WHERE kind='report'").fetchone()
    assert FIRST.encode() not in entry and b"shelters" not in entry, entry
    assert store.execute("SELECT count(*) FROM record").fetchone() == (0,)
    store.close()


def test_a_lost_server_gets_its_reports_back(bureau):
    laptop = people(bureau)
    approve_donation(bureau, laptop, FIRST, "100")
    plain = report(bureau, *HALF, "--freeze", "--user", "chen")[0]
    listed = bureau.server("report", "--list")
    laptop.sync()
    sheet = sheet_of(bureau)
    lose_server(bureau)
    bureau.server("init", "--recover", sheet)
    bureau.start()
    for _ in range(2):
        laptop.run("sync", "--server", bureau.url)
    again = bureau.server("report", "--list")
    assert again == [{**listed[0], "records_known": False}], (listed, again)
    assert report(bureau, *HALF, "--number", "1")[0] == plain
    assert report(bureau, *HALF) == (plain, "")
    assert counted(laptop, FIRST) == [("2008H1", 1, "chen", True)]
    checked = bureau.server("verify")
    assert checked["verify"] == "ok" and checked["reports_without_records"] == 1, checked
    approve_donation(bureau, laptop, LATE, "23")
    erratum = json.loads(report(bureau, *HALF, "--erratum", "--json")[0])
    assert erratum["records"]["added"] == [LATE] and not erratum["records"]["withdrawn"], erratum
    assert erratum["figures"]["donation_total"]["records"] is None, erratum
    report(bureau, *HALF, "--freeze")
    assert [r["number"] for r in bureau.server("report", "--list")] == [1, 2]


if __name__ == "__main__":
    sys.exit(main(globals()))
