#!/usr/bin/env python3
"""Writes the hand-made part of tests/fuzz/corpus: valid inputs and broken neighbours of them.

    tests/fuzz/make_corpus.py         files that fuzzers have added are left alone
"""
import pathlib

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
A, B = "01" + "0" * 30, "ff" + "0" * 30
EPOCH = RECORD = "00000000-0000-4000-8000-000000000001"
SIGNATURE = "A" * 86
CHANGESET = ('{"_format":1,"at":-5,"devices":["%s","%s"],"hlc":[1211000000000,2],"ops":['
             '{"field":"action","supersedes":[[1,4,1],[1,4,10]],"value":null},'
             '{"field":"photos","supersedes":[[0,6,0]]},'
             '{"field":"_void","saw":{"action":[[1,4,1]]},"value":true}],"previous":"%s",'
             '"records":[{"form":"hazard","id":"%s","parents":[[1,4]],"version":3}],'
             '"seq":7,"user":"li"}' % (B, A, "a" * 64, RECORD))
HEAD = '{"_format":1,"epoch":"%s"}\n' % EPOCH
PUSH = HEAD + "C %s %s\nA %s %s\n" % (SIGNATURE, CHANGESET, SIGNATURE, CHANGESET)
TRAILER = '{"cursor":3,"delivered":[],"entries":1,"lacking":[],"more":false,"not_applied":[]}'
PULL = HEAD + "E %s {}\nD %s\nC 3 %s %s\nT %s\n" % (SIGNATURE, RECORD, SIGNATURE, CHANGESET,
                                                   TRAILER)
KEY = "b" * 64
USER = '{"areas":["5119"],"disabled":false,"name":"li","role":"staff"}'
DEVICE = '{"id":"%s","key":"%s","name":"","revoked":false,"users":[]}' % (A, KEY)


def entry(body, kind, number=1):
    return '{"_format":1,"at":1,"body":%s,"kind":"%s","n":%d}' % (body, kind, number)


FORMS = '{"schema":"field-forms/1","choices":{},"forms":[{"name":"a","version":1,"fields":[]}]}'
INDICATORS = ('{"schema":"field-indicators/1","indicators":[{"id":"n","label":{"zh-Hans":"x",'
              '"zh-Hant":"x","en":"x"},"form":"a","unit":"x","def":{"agg":"count","form":"a"}}]}')
CASE = '{"schema":"field-case/1","case":"c","period":"2008H1","staff":[],"ops":[]}'
FILES = {
    "changeset": {
        "valid": CHANGESET,
        "cut": CHANGESET[:100],
        "space": CHANGESET.replace(":", ": ", 1),
        "future_format": CHANGESET.replace('"_format":1', '"_format":2'),
        "unused_device": CHANGESET.replace("[1,4", "[0,4"),
        "devices_twice": CHANGESET.replace(A, B),
        "own_future": CHANGESET.replace("[0,6,0]", "[0,7,0]"),
        "fraction": CHANGESET.replace("null", "1.5"),
        "bad_utf8": CHANGESET.encode().replace(b'"li"', b'"\xc0\xaf"'),
        "deep": "[" * 40 + "]" * 40},
    "push": {"valid": PUSH, "empty": HEAD, "cut": PUSH[:-1], "no_head": PUSH[len(HEAD):],
             "other_letter": PUSH.replace("\nA", "\nB"), "short_signature": HEAD + "C AA {}\n"},
    "pull": {"valid": PULL, "no_trailer": PULL[:PULL.index("T {")], "behind": PULL + "D x\n",
             "bad_number": PULL.replace("C 3", "C 03"), "only_trailer": HEAD + "T %s\n" % TRAILER},
    "control": {
        "enrol": '{"code":"c","name":"n","public_key":"%s","signature":"s"}' % KEY,
        "enrol_answer": '{"bureau_key":"%s","device":"%s","epoch":"%s","user":"li"}'
                        % (KEY, A, EPOCH),
        "session": '{"clock_ms":1,"device":"%s","head_hash":"%s","head_seq":0}' % (A, "0" * 64),
        "chains": '{"chains":[{"complete_seq":4,"device":"%s"}],"epoch":"%s"}' % (A, EPOCH),
        "missing": '{"missing":[{"hash":"%s","received":5}]}' % KEY,
        "hashes": '{"hashes":["%s"]}' % KEY,
        "error": '{"error":{"code":"busy","message":"m","where":""}}',
        "list": "[]", "cut": '{"code":'},
    # Four bytes of magic, a descriptor with an 8-byte content size: a claim of 2^63 bytes.
    "zstd_frame": {"claim": b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 7 + b"\x7f" + b"\x01\x00\x00",
                   "empty": b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00",
                   # 100 blocks, each one byte repeated 128 KiB times: a bomb of 12.5 MiB.
                   "bomb": b"\x28\xb5\x2f\xfd\x00\x58" + b"\x02\x00\x10\x00" * 99
                           + b"\x03\x00\x10\x00",
                   "behind": b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00x", "cut": b"\x28\xb5\x2f"},
    "catalogs": {"forms": FORMS, "indicators": INDICATORS, "case": CASE, "number": "1e999",
                 "odd": "[1.50,-0,1e3]", "twice": '{"a":1,"a":2}', "half": '"\\ud800"'},
    "bureau_log": {"user": entry(USER, "user"), "device": entry(DEVICE, "device"),
                   "gap": entry(USER, "user", 2), "role": entry(USER, "user").replace("staff", "x"),
                   "forms": entry('{"catalog":{},"version":1}', "forms"),
                   "tomorrow": entry('{"x":[1]}', "of_tomorrow"),
                   "server": entry('{"epoch":"%s","id":"%s","key":"%s"}' % (EPOCH, A, KEY),
                                   "server"),
                   "format": '{"_format":2,"n":1}'},
    "request_head": {
        "get": "GET /v1/pull?after=3 HTTP/1.1\r\nHost: a\r\n\r\n",
        "post": "POST /v1/push HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "chunked": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "lengths": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "folded": "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        "old": "GET / HTTP/1.0\r\n\r\n", "cut": "GET / HTTP/1.1\r\nHost"},
    "texts": {"decimal": "-12.50", "date": "2008-02-29", "no_date": "2007-02-29",
              "half": "2008H1", "span": "2008-05-12..2008-05-31", "backwards": "2009-01-01..2008-01-01",
              "chinese": "汶川 abc\"*", "time": "2008-05-12T14:28:00.5+08:00",
              "broken": b"\xed\xa0\x80\xff"},
}

for name, files in FILES.items():
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (CORPUS / name / file).write_bytes(data)
