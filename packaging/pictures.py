"""Plays an invented half-year (the 2008 case without whatever is about real people, places and
firms, and a few July days made up here) and takes pictures of the window over one laptop of it.

    pictures.py ROOT
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

MORNING = "2008-07-16T09:00:00+08:00"
SIZE = "1366x768x24"
PATIENCE_S = 60
SHOTS = [  # file, screen (empty: where the program was left), language, further options
    ("today", "today", "zh-Hans", ()),
    ("records", "records", "zh-Hans", ()),
    ("coverage", "coverage", "zh-Hans", ()),
    ("map", "map", "zh-Hans", ()),
    ("conflicts", "conflicts", "zh-Hans", ()),
    ("sync", "sync", "zh-Hans", ()),
    ("settings", "settings", "zh-Hans", ()),
    ("today-zh-Hant", "today", "zh-Hant", ("--theme", "dark")),
    ("records-en", "records", "en", ()),
    ("today-contrast", "today", "zh-Hans", ("--theme", "contrast", "--scale", "1.5")),
    # Last: the window that is steered to it looks for the server, which is gone.
    ("form", "", "zh-Hans", ()),
]


def texts_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)


def invented_part(case):
    """The case without records that state a fact of the source, refer to one or name one."""
    ops, dropped, names = case["ops"], set(), set()
    for op in ops:
        if not op["synthetic"]:
            dropped.add(op["record"])
            names.update(op["set"][field] for field in ("name", "target_name", "place_name")
                         if op["set"].get(field))
    while True:
        more = {op["record"] for op in ops if op["record"] not in dropped and any(
            text in dropped or any(name in text for name in names)
            for text in texts_of(op["set"]))}
        if not more:
            break
        dropped |= more
    kept = [op for op in ops if op["record"] not in dropped and "示例" in json.dumps(
        next(one for one in ops if one["record"] == op["record"])["set"], ensure_ascii=False)]
    records = {op["record"] for op in kept}
    reviews = []
    for review in case["reviews"]:
        left = [record for record in review["records"] if record in records]
        if left:
            reviews.append(dict(review, records=left))
    return kept, reviews


def made(number, device, user, at, record, form, values, kind="create"):
    return {"op": f"X{number}", "device": device, "user": user, "at": f"2008-07-{at}:00+08:00",
            "record": record, "form": form, "kind": kind, "parents": [], "set": values,
            "synthetic": True}


def visit(number, day, place, division, lat, lon, summary, follow_up=None):
    values = {"visit_date": f"2008-07-{day}", "visitor": "staff_a", "staff_count": 2,
              "leader_present": False, "target_kind": "village", "target_name": place,
              "division": division, "purpose": ["disaster"], "summary": summary,
              "issues_found": 1, "location": {"lat": lat, "lon": lon, "accuracy_m": "12"}}
    if follow_up:
        values["follow_up_due"] = f"2008-07-{follow_up}"
    return made(number, "D2", "staff_a", f"{day}T16:{number:02}", f"pic-visit-{number}",
                "site_visit", values)


def hazard(number, day, place, division, lat, lon, text, due, user="staff_a", device="D2"):
    return made(number, device, user, f"{day}T17:{number:02}", f"pic-hazard-{number}", "hazard", {
        "found_on": f"2008-07-{day}", "found_by": user, "place_name": place, "division": division,
        "hazard_kind": "landslide", "level": "medium", "threatened_households": 6,
        "threatened_people": 23, "description": text, "responsible": user,
        "due_date": f"2008-07-{due}", "state": "open",
        "location": {"lat": lat, "lon": lon, "accuracy_m": "8"}})


def july():
    """Visits and hazards with places, one returned, one edited on two laptops at once."""
    ops = [
        visit(1, "08", "示例村一组", "511923203", "31.5712", "107.0894", "房屋无新增裂缝。"),
        visit(2, "09", "示例村三组", "511923113", "31.6031", "107.1420", "两户墙体开裂，已搬出。", "17"),
        visit(3, "10", "示例村小学", "511923104", "31.5388", "107.0417", "围墙倾斜，已设警戒。", "14"),
        visit(4, "11", "示例村五组", "511923203", "31.5533", "107.1702", "道路已抢通。"),
        hazard(5, "10", "示例村后山", "511923203", "31.5744", "107.0951", "后山有裂缝，雨天可能滑坡", "16"),
        hazard(6, "11", "示例村水库", "511923113", "31.6102", "107.1266", "坝体渗水，日夜看守", "15"),
        hazard(7, "11", "示例粮站", "511923104", "31.5471", "107.0588", "库房屋架变形，停用", "21",
               "staff_c", "D4"),
        made(8, "D2", "staff_a", "14T10:00", "pic-hazard-7", "hazard",
             {"threatened_households": 9, "action": "已转移粮食"}, "set"),
        made(9, "D4", "staff_c", "14T10:20", "pic-hazard-7", "hazard",
             {"threatened_households": 11}, "set"),
    ]
    reviews = [{"op": "SRV-X1", "device": "SRV", "user": "leader", "at": "2008-07-12T17:30:00+08:00",
                "kind": "review", "records": ["pic-visit-3"],
                "set": {"_status": "returned",
                        "_review_note": "请写明围墙的长度，并补一张照片"}}]
    return ops, reviews


def picture_case(root):
    case = json.loads((root / "common/data/case-2008h1.json").read_text(encoding="utf-8"))
    ops, reviews = invented_part(case)
    more_ops, more_reviews = july()
    case["ops"] = sorted(ops + more_ops, key=lambda op: op["at"])
    case["reviews"] = sorted(reviews + more_reviews, key=lambda review: review["at"])
    # Both edit the same hazard before either hears of the other.
    case["offline_spans"].extend({"device": device, "from": "2008-07-14", "to": "2008-07-15"}
                                 for device in ("D2", "D4"))
    for part in list(case):
        if part.startswith("expected") or part == "suspected_duplicates":
            del case[part]
    return case


def batch(client, home, *commands):
    done = subprocess.run([client, "--home", home, "batch", "--replay"], text=True, check=True,
                          stdout=subprocess.PIPE,
                          input="".join(json.dumps(one, ensure_ascii=False) + "\n"
                                        for one in commands))
    return [json.loads(line) for line in done.stdout.splitlines()]


class Clicks:
    """The window of a laptop, steered by the keys of its widgets."""

    def __init__(self, client, home, registry, environment, *options):
        self.registry, self.environment = registry, environment
        self.process = subprocess.Popen(
            [client, "--home", home, "--at", MORNING, "--ui-registry", registry, *options],
            env=environment, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def wait_for(self, key):
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self.registry.exists():
                screen = json.loads(self.registry.read_text(encoding="utf-8"))
                for item in screen["items"]:
                    if item["key"] == key and item["visible"]:
                        return item
            time.sleep(0.05)
        raise SystemExit(f"pictures: {key} did not appear on the screen")

    def click(self, key):
        item = self.wait_for(key)
        x, y = item["x"] + item["w"] // 2, item["y"] + item["h"] // 2
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True,
                       env=self.environment)


def returned_record(client, home):
    """Of the visit that came back."""
    answer, = batch(client, home, {"do": "list", "form": "site_visit", "search": "示例村小学"})
    return answer["records"][0]["record"]


def leave_a_form(client, home, registry, environment):
    """A returned visit that is being put right, as the next start of the program finds it."""
    record = returned_record(client, home)
    with Clicks(client, home, registry, environment, "--screen", "records",
                "--language", "zh-Hans") as window:
        window.click("row." + record)
        window.click("action.edit")
        window.click("field.target_name")
        subprocess.run(["xdotool", "key", "End", "type", " 1"], check=True, env=environment)
        time.sleep(2)  # the draft is put by after half a second of rest
    (home / "window.runs").unlink(missing_ok=True)  # it was ended on purpose


def take(root, work, environment):
    client = root / "build/release/client/zoufang"
    home = work / "stores" / "D2"
    # Something that is not sent yet.
    batch(client, home, {"do": "create", "at": "2008-07-16T08:40:00+08:00", "form": "site_visit",
                         "set": visit(9, "16", "示例村二组", "511923203", "31.5650", "107.1101",
                                      "饮水已恢复。")["set"]})
    out = root / "docs" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    for name, screen, language, options in SHOTS:
        if not screen:
            leave_a_form(client, home, work / "screen.json", environment)
        subprocess.run([client, "--home", home, "--language", language, "--at", MORNING,
                        *(("--screen", screen) if screen else ()), *options,
                        "--shot", out / f"{name}.png"],
                       env=environment, check=True, stderr=subprocess.DEVNULL)
        print(f"docs/pictures/{name}.png")


def main():
    root = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="zoufang-pictures.") as folder:
        work = pathlib.Path(folder)
        (work / "case.json").write_text(json.dumps(picture_case(root), ensure_ascii=False),
                                        encoding="utf-8")
        subprocess.run([root / "build/release/packaging/replay/zf_replay", "--no-window", "--case",
                        work / "case.json", "--work", work / "stores"], check=True,
                       stdout=subprocess.DEVNULL)
        readable, writable = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(writable), "-screen", "0", SIZE,
                                   "-noreset"], pass_fds=[writable], stderr=subprocess.DEVNULL)
        os.close(writable)
        try:
            with os.fdopen(readable) as number:
                display = ":" + number.readline().strip()
            take(root, work, dict(os.environ, DISPLAY=display, LIBGL_ALWAYS_SOFTWARE="1"))
        finally:
            server.terminate()
            server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
