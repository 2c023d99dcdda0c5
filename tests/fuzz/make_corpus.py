#!/usr/bin/env python3
"""Writes the hand-made part of tests/fuzz/corpus: valid inputs and broken neighbours of them. Files
named ok_... must be accepted, files named bad_... refused; the replay checks it.

    tests/fuzz/make_corpus.py         files that fuzzers have added are left alone
"""
import hashlib
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
OWN = hashlib.blake2b(bytes.fromhex(KEY), digest_size=32).hexdigest()[:32]
DEVICE = '{"id":"%s","key":"%s","name":"","revoked":false,"users":[]}' % (OWN, KEY)


def entry(body, kind, number=1):
    return '{"_format":1,"at":1,"body":%s,"kind":"%s","n":%d}' % (body, kind, number)


def zstd(descriptor, rest):
    return b"\x28\xb5\x2f\xfd" + descriptor + rest


EMPTY_BLOCK = b"\x01\x00\x00"
FILES = {
    "json": {
        "ok_odd": "[1.50,-0,1e3,18446744073709551616]", "ok_mark": b"\xef\xbb\xbf{}",
        "ok_deep": "[" * 32 + "]" * 32, "ok_text": '"\\ud83d\\ude00\\n\\u0000/\\/"',
        "bad_number": "1e999", "bad_twice": '{"a":1,"b":[],"a":2}', "bad_half": '"\\ud800"',
        "bad_deep": "[" * 33 + "]" * 33, "bad_zero": b"1\x00", "bad_utf8": b'"\xc0\xaf"'},
    "changeset": {
        "ok_valid": CHANGESET,
        "bad_cut": CHANGESET[:100],
        "bad_space": CHANGESET.replace(":", ": ", 1),
        "bad_future_format": CHANGESET.replace('"_format":1', '"_format":2'),
        "bad_unused_device": CHANGESET.replace("[1,4", "[0,4"),
        "bad_devices_twice": CHANGESET.replace(A, B),
        "bad_own_future": CHANGESET.replace("[0,6,0]", "[0,7,0]"),
        "bad_fraction": CHANGESET.replace("null", "1.5"),
        "bad_utf8": CHANGESET.encode().replace(b'"li"', b'"\xc0\xaf"'),
        "bad_deep": "[" * 40 + "]" * 40},
    "push": {"ok_valid": PUSH, "ok_empty": HEAD, "bad_cut": PUSH[:-1],
             "bad_no_head": PUSH[len(HEAD):], "bad_letter": PUSH.replace("\nA", "\nB"),
             "bad_signature": HEAD + "C AA {}\n",
             # libsodium reads this byte as a digit of base64.
             "bad_signature_byte": PUSH.encode().replace(b"\nC A", b"\nC \xc5")},
    "pull": {"ok_valid": PULL, "ok_only_trailer": HEAD + "T %s\n" % TRAILER,
             "bad_no_trailer": PULL[:PULL.index("T {")], "bad_behind": PULL + "D x\n",
             "bad_number": PULL.replace("C 3", "C 03")},
    "control": {
        "ok_enrol": '{"code":"c","name":"n","public_key":"%s","signature":"s"}' % KEY,
        "ok_enrol_answer": '{"bureau_key":"%s","device":"%s","epoch":"%s","user":"li"}'
                           % (KEY, A, EPOCH),
        "ok_session": '{"clock_ms":1,"device":"%s","head_hash":"%s","head_seq":0}' % (A, "0" * 64),
        "ok_session_answer": '{"acknowledged_hash":"","acknowledged_seq":0,"challenge":"c",'
                             '"epoch":"%s","hash_at_head":"","last_entry":1,"server_ms":1,"ssn":0}'
                             % EPOCH,
        "ok_renew": '{"public_key":"%s","signature":"s"}' % KEY,
        "ok_push_answer": '{"acknowledged_seq":1,"not_applied":[{"code":"not_allowed",'
                          '"detail":"d","seq":1,"standing":"parked"}],"received":1,"repeated":0}',
        "ok_chains": '{"chains":[{"complete_seq":4,"device":"%s"}],"epoch":"%s"}' % (A, EPOCH),
        "ok_missing": '{"missing":[{"hash":"%s","received":5}]}' % KEY,
        "ok_hashes": '{"hashes":["%s"]}' % KEY,
        "bad_error": '{"error":{"code":"busy","message":"m","where":""}}',
        "bad_speaks": '{"error":{"code":"version_unsupported","message":"m","where":"",'
                      '"speaks":{"max":3,"min":2}}}',
        "bad_list": "[]", "bad_cut": '{"code":'},
    "zstd_frame": {
        "ok_empty": zstd(b"\x20\x00", EMPTY_BLOCK),
        "ok_raw": zstd(b"\x20\x03", b"\x19\x00\x00abc"),
        # A descriptor with an 8-byte content size: a claim of 2^63 bytes.
        "bad_claim": zstd(b"\xe0" + b"\xff" * 7 + b"\x7f", EMPTY_BLOCK),
        # 100 blocks, each one byte repeated 128 KiB times: a bomb of 12.5 MiB.
        "bad_bomb": zstd(b"\x00\x58", b"\x02\x00\x10\x00" * 99 + b"\x03\x00\x10\x00"),
        "bad_window": zstd(b"\x00\x88", EMPTY_BLOCK),  # 128 MiB of the reader's memory
        "bad_behind": zstd(b"\x20\x00", EMPTY_BLOCK + b"x"), "bad_cut": b"\x28\xb5\x2f"},
    "bureau_log": {
        "ok_user": entry(USER, "user"), "ok_device": entry(DEVICE, "device"),
        "ok_revoked": entry(DEVICE.replace("false", "true"), "device"),
        "ok_forms": entry('{"catalog":{},"version":1}', "forms"),
        "ok_third_forms": entry('{"catalog":{},"version":3}', "forms"),
        "ok_tomorrow": entry('{"x":[1]}', "of_tomorrow"),
        "ok_server": entry('{"epoch":"%s","id":"%s","key":"%s"}' % (EPOCH, OWN, KEY), "server"),
        "bad_device": entry(DEVICE.replace(OWN, A), "device"),
        "bad_gap": entry(USER, "user", 2), "bad_number": entry('{"x":[1]}', "of_tomorrow", 0),
        "bad_role": entry(USER, "user").replace("staff", "x"),
        "bad_no_format": entry(USER, "user").replace('"_format":1,', ""),
        "bad_format": '{"_format":2,"n":1}'},
    "request_head": {
        "ok_get": "GET /v1/pull?after=3 HTTP/1.1\r\nHost: a\r\n\r\n",
        "ok_post": "POST /v1/push HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "ok_close": "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "ok_old": "GET / HTTP/1.0\r\n\r\n",
        "bad_chunked": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "bad_lengths": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                       "Content-Length: 4\r\n\r\n",
        "bad_folded": "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        "bad_cut": "GET / HTTP/1.1\r\nHost"},
    "texts": {"ok_decimal": "-12.50", "ok_date": "2008-02-29", "ok_half": "2008H1",
              "ok_span": "2008-05-12..2008-05-31", "bad_date": "2007-02-29",
              "bad_backwards": "2009-01-01..2008-01-01", "bad_chinese": "汶川 abc\"*",
              "bad_time": "2008-05-12T14:28:00.5+08:00", "bad_bytes": b"\xed\xa0\x80\xff"},
}

for name, files in FILES.items():
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    for old in (*(CORPUS / name).glob("ok_*"), *(CORPUS / name).glob("bad_*")):
        old.unlink()
    for file, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (CORPUS / name / file).write_bytes(data)
