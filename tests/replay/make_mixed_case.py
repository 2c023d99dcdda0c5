"""A second case, made by hand: what the 2008 case does not have. Three laptops, one of them away
for days; equal values in other spelling, chains, null against a value, sets, rows, void against
edit taken back, a conflict left open, a refused approval, an amendment that waits."""

ROW = "aaaaaaaa-0000-4000-8000-000000000001"


def donation(day, amount, **more):
    return {"donated_on": day, "kind": "staff", "amount": amount, "donor_group": "staff",
            "recipient": "灾区", **more}


def case():
    ops, reviews = [], []

    def op(day, time, device, user, kind, record, form, values):
        ops.append({"op": f"{device}-{len(ops):04d}", "device": device, "user": user,
                    "at": f"2009-{day}T{time}:00+08:00", "record": record, "form": form,
                    "kind": kind, "parents": [], "set": values})

    complaint = {"case_no": "C1", "received_on": "2009-01-05", "channel": "visit",
                 "person_times": 3, "category": "power_water", "summary": "x",
                 "first_contact": "ann", "handler": "ann", "due_date": "2009-03-01",
                 "state": "doing"}
    op("01-05", "09:00", "A", "ann", "create", "don-1", "donation", donation("2009-01-05", "1.50"))
    op("01-05", "09:01", "A", "ann", "create", "don-2", "donation", donation("2009-01-05", "1"))
    op("01-05", "09:02", "A", "ann", "create", "don-3", "donation",
       donation("2009-01-05", "10", receipt_no="R1"))
    op("01-05", "09:03", "A", "ann", "create", "dut-1", "duty_assignment",
       {"task": "t", "kind": "disaster", "leader_count": 1, "staff_count": 2,
        "staff": ["ann", "bob"], "from_date": "2009-01-01"})
    op("01-05", "09:04", "A", "ann", "create", "cmp-1", "complaint", complaint)
    op("01-05", "09:05", "A", "ann", "create", "art-1", "article",
       {"title": "t", "kind": "info", "author": "ann", "submitted_on": "2009-01-05",
        "adoptions": [{"_row": ROW, "outlet": "甲", "level": "city", "adopted_on": "2009-01-06"}]})
    # A is away from the evening of the 6th up to that of the 9th.
    op("01-07", "09:00", "A", "ann", "set", "don-1", "donation", {"amount": "2.50"})
    op("01-07", "09:01", "A", "ann", "set", "don-2", "donation", {"amount": "3"})
    op("01-07", "09:02", "A", "ann", "set", "don-2", "donation", {"amount": "4"})
    op("01-07", "09:03", "A", "ann", "set", "don-3", "donation", {"receipt_no": None})
    op("01-07", "09:04", "A", "ann", "set", "dut-1", "duty_assignment", {"staff": ["bob"]})
    op("01-07", "09:05", "A", "ann", "void", "cmp-1", "complaint",
       {"_void": True, "_void_reason": "double"})
    op("01-07", "09:06", "A", "ann", "set", "art-1", "article",
       {"adoptions": [{"_row": ROW, "outlet": "乙", "level": "city",
                       "adopted_on": "2009-01-06"}]})
    op("01-07", "10:00", "B", "bob", "set", "don-1", "donation", {"amount": "2.5"})
    op("01-07", "10:01", "B", "bob", "set", "don-2", "donation", {"amount": "9"})
    op("01-07", "10:02", "B", "bob", "set", "don-3", "donation", {"receipt_no": "R2"})
    op("01-07", "10:03", "B", "bob", "set", "dut-1", "duty_assignment",
       {"staff": ["cat", "ann", "bob"]})
    op("01-07", "10:04", "B", "bob", "set", "cmp-1", "complaint",
       {"state": "done", "closed_on": "2009-01-07", "result": "ok"})
    op("01-07", "10:05", "B", "bob", "set", "art-1", "article",
       {"adoptions": [{"_row": ROW, "outlet": "丙", "level": "city",
                       "adopted_on": "2009-01-06"}]})
    # Voided as far as C shows it: this edit is skipped.
    op("01-10", "08:00", "C", "cat", "set", "cmp-1", "complaint", {"person_times": 9})
    op("01-10", "09:00", "C", "cat", "resolve", "cmp-1", "complaint", {"_void": False})
    op("01-10", "09:01", "C", "cat", "set", "don-3", "donation", {"receipt_no": "R3"})
    op("01-11", "09:00", "C", "cat", "resolve", "art-1", "article",
       {"adoptions": [{"_row": ROW, "outlet": "乙", "level": "city",
                       "adopted_on": "2009-01-06"}]})
    reviews.append({"op": "S-1", "device": "SRV", "user": "boss", "at": "2009-01-12T10:00:00+08:00",
                    "kind": "review", "set": {"_status": "approved"},
                    "records": ["don-1", "don-2", "don-3", "dut-1", "cmp-1", "art-1", "nobody"]})
    # An amendment after approval waits: the approved 2.5 stands.
    op("01-13", "09:00", "B", "bob", "set", "don-1", "donation", {"amount": "100"})
    return {"schema": "field-case/1", "case_id": "mixed", "period": "2009Q1",
            "staff": [{"id": u, "name": u, "device": d}
                      for u, d in (("ann", "A"), ("bob", "B"), ("cat", "C"))],
            "nightly_sync": "21:00", "ops": ops, "reviews": reviews,
            "offline_spans": [{"device": "A", "from": "2009-01-06", "to": "2009-01-09"}]}


def row(outlet):
    return {"_row": ROW, "outlet": outlet, "level": "city", "adopted_on": "2009-01-06"}


EXPECTED_FIGURES = {"donation_total": ("12.5", "12.5", 2), "complaints": ("1", "1", 1),
                    "complaint_persons": ("3", "3", 1), "articles": ("1", "1", 1),
                    "adoption_events": ("1", "1", 1), "relief_staff": ("2", "2", 1),
                    "on_time_rate": (None, "—", 0), "projects_total": ("0", "0", 0)}
EXPECTED_CONFLICTS = [
    {"record": "art-1", "field": "adoptions", "kind": "value", "values": [row("乙"), row("丙")],
     "resolved_to": row("乙")},
    {"record": "cmp-1", "field": "_void", "kind": "void", "values": [], "resolved_to": False},
    {"record": "don-2", "field": "amount", "kind": "value", "values": ["4", "9"],
     "resolved_to": None},
    {"record": "don-3", "field": "receipt_no", "kind": "value", "values": [None, "R2"],
     "resolved_to": "R3"},
]
# Two donations of one day, kind and recipient have the same natural key: three records, 3 pairs.
EXPECTED_DUPLICATES = [["don-1", "don-2"], ["don-1", "don-3"], ["don-2", "don-3"]]
EXPECTED_CHANGESETS = 28  # 24 entries less the one skipped, reviews of 6 records less one
