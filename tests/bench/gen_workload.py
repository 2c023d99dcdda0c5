#!/usr/bin/env python3
"""Deterministic workloads for zf_bench: the same seed gives the same bytes on every machine.

  gen_workload.py OUT [--clients 20] [--per-client 500] [--shared 200]
                      [--edit-fields 3] [--w3 10000] [--w4 100000] [--seed 20240601]

Writes
  w1/cNN.jsonl        one file per client, one {"id","f":{20 fields}} per line
  w2/base.jsonl       shared records;   w2/edits_cNN.jsonl  {"id","f":{3 fields}}
  w2/truth.json       what a lossless merge must be able to show at the end
  w3/base.jsonl w3/edits.jsonl   10 single-field edits on 10 different records
  w4/base.jsonl
  manifest.json       counts, byte sizes and a SHA-256 over everything
Same seed => same bytes on every machine.  No wall clock, no locale, no hash order.
Every W2 edit value is unique per (client, record, field) so a lost value can be counted.
"""
import argparse, hashlib, json, os, random

SUR = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIV = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国"
CITY = ["海淀区", "朝阳区", "浦东新区", "天河区", "南山区", "武侯区", "西湖区", "江宁区", "雁塔区", "洪山区"]
ROAD = ["人民路", "解放路", "建设大道", "中山路", "科技园路", "文化街", "和平大街", "长江路", "黄河路", "新华路"]
BIZ = ["机械制造", "电子科技", "食品加工", "纺织服装", "建筑安装", "物流运输", "软件信息", "农业开发", "医药销售", "餐饮管理"]
SUF = ["有限公司", "股份有限公司", "合作社", "经营部", "厂"]
TXT = "经现场核查该单位生产经营正常台账齐全从业人员与上期相比略有增加主要产品产量营业收入同比增长需补充能源消费数据联系人已更换请下次调查前电话预约"
STAT = ["正常营业", "停业", "筹建", "注销", "搬迁", "拒访"]
FIELDS = ["ent_code", "ent_name", "legal", "address", "industry", "phone", "reg_date", "visit_date",
          "employees", "revenue", "tax", "lon", "lat", "status", "has_license", "remark",
          "surveyor", "area_code", "round", "score"]
INT = {"employees", "has_license", "round"}
REAL = {"revenue", "tax", "lon", "lat", "score"}


def rid(r):
    return "%032x" % r.getrandbits(128)


def text(r, lo, hi):
    n = r.randint(lo, hi)
    return "".join(r.choice(TXT) for _ in range(n))


def rec(r):
    d = lambda: "20%02d-%02d-%02d" % (r.randint(0, 25), r.randint(1, 12), r.randint(1, 28))
    f = {
        "ent_code": "91" + "".join(r.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(16)),
        "ent_name": r.choice(CITY) + "".join(r.choice(GIV) for _ in range(2)) + r.choice(BIZ) + r.choice(SUF),
        "legal": r.choice(SUR) + "".join(r.choice(GIV) for _ in range(r.randint(1, 2))),
        "address": r.choice(CITY) + r.choice(ROAD) + str(r.randint(1, 999)) + "号" + str(r.randint(1, 30)) + "栋" + str(r.randint(101, 2909)) + "室",
        "industry": "%c%04d" % (r.choice("ABCDEFGHIJ"), r.randint(110, 9999)),
        "phone": "1" + str(r.randint(3, 9)) + "%09d" % r.randint(0, 999999999),
        "reg_date": d(), "visit_date": d(),
        "employees": r.randint(1, 5000), "revenue": round(r.uniform(1, 90000), 2),
        "tax": round(r.uniform(0, 9000), 2), "lon": round(r.uniform(75, 134), 6), "lat": round(r.uniform(18, 53), 6),
        "status": r.choice(STAT), "has_license": r.randint(0, 1), "remark": text(r, 20, 60),
        "surveyor": r.choice(SUR) + r.choice(GIV), "area_code": "%012d" % r.randint(110000000000, 659999999999),
        "round": r.randint(1, 12), "score": round(r.uniform(0, 100), 1),
    }
    return {"id": rid(r), "f": f}


def unique_value(r, field, client):
    if field in INT:
        return r.randint(10, 99999) * 100 + client
    if field in REAL:
        return round(r.randint(1, 99999) + (client + 1) / 1000.0, 3)
    return text(r, 6, 14) + "·c%02d" % client


def dump(path, rows):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as o:
        for x in rows:
            o.write(json.dumps(x, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    a = argparse.ArgumentParser()
    a.add_argument("out")
    for k, v in (("clients", 20), ("per-client", 500), ("shared", 200), ("edit-fields", 3), ("w3", 10000), ("w4", 100000), ("seed", 20240601)):
        a.add_argument("--" + k, type=int, default=v)
    o = a.parse_args()
    base = o.seed
    for c in range(o.clients):
        r = random.Random(base + 1000 + c)
        dump(f"{o.out}/w1/c{c:02d}.jsonl", [rec(r) for _ in range(o.per_client)])
    r = random.Random(base + 2000)
    shared = [rec(r) for _ in range(o.shared)]
    dump(f"{o.out}/w2/base.jsonl", shared)
    cells = {}
    for c in range(o.clients):
        r = random.Random(base + 3000 + c)
        rows = []
        for s in shared:
            fs = sorted(r.sample(FIELDS, o.edit_fields), key=FIELDS.index)
            e = {k: unique_value(r, k, c) for k in fs}
            for k, v in e.items():
                cells.setdefault(s["id"] + "/" + k, []).append([c, v])
            rows.append({"id": s["id"], "f": e})
        dump(f"{o.out}/w2/edits_c{c:02d}.jsonl", rows)
    truth = {"edits": sum(map(len, cells.values())), "cells_written": len(cells),
             "cells_in_conflict": sum(len(v) > 1 for v in cells.values()),
             "records": len(shared), "max_siblings": max(map(len, cells.values())),
             "lww_values_lost": sum(len(v) - 1 for v in cells.values()), "cells": cells}
    with open(f"{o.out}/w2/truth.json", "w", encoding="utf-8") as f:
        json.dump(truth, f, ensure_ascii=False, sort_keys=True)
    r = random.Random(base + 4000)
    b3 = [rec(r) for _ in range(o.w3)]
    dump(f"{o.out}/w3/base.jsonl", b3)
    ed = []
    for i in range(10):
        s = b3[(i * 997 + 13) % len(b3)]
        k = FIELDS[(i * 7 + 1) % len(FIELDS)]
        ed.append({"id": s["id"], "f": {k: unique_value(r, k, 0)}})
    dump(f"{o.out}/w3/edits.jsonl", ed)
    r = random.Random(base + 5000)
    dump(f"{o.out}/w4/base.jsonl", (rec(r) for _ in range(o.w4)))
    h, sizes = hashlib.sha256(), {}
    for d, _, fs in sorted(os.walk(o.out)):
        for f in sorted(fs):
            if f == "manifest.json":
                continue
            p = os.path.join(d, f)
            b = open(p, "rb").read()
            h.update(os.path.relpath(p, o.out).encode() + b"\0" + b)
            sizes[os.path.relpath(p, o.out)] = len(b)
    m = {"args": {k: v for k, v in vars(o).items() if k != "out"}, "sha256": h.hexdigest(),
         "w1_bytes": sum(v for k, v in sizes.items() if k.startswith("w1/")),
         "w2_edit_bytes": sum(v for k, v in sizes.items() if k.startswith("w2/edits")),
         "w3_edit_bytes": sizes["w3/edits.jsonl"], "w4_bytes": sizes["w4/base.jsonl"],
         "w2": {k: truth[k] for k in truth if k != "cells"}}
    json.dump(m, open(f"{o.out}/manifest.json", "w"), indent=1, sort_keys=True)
    print(json.dumps(m, indent=1, sort_keys=True))


main()
