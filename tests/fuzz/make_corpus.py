#!/usr/bin/env python3
"""Writes the hand-made part of tests/fuzz/corpus: valid inputs and broken neighbours of them. Files
named ok_... must be accepted, files named bad_... refused; the replay checks it.

    tests/fuzz/make_corpus.py         files that fuzzers have added are left alone
"""
import base64
import hashlib
import json
import pathlib
import struct
import zlib

from nacl.signing import SigningKey

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
REPORT = ('{"by":"li","content":"%s","counted":[{"bits":"AQE","device":"%s","first":3}],'
          '"figures":"%s","number":1,"period":"2008H1","records":2,"sealed":""}'
          % (KEY, OWN, KEY))


def written(seq, ops, device="own", user="li", parents="", record=RECORD, form="sample",
            version=1):
    """A changeset as fuzz_api and fuzz_bundle_frames complete it."""
    return ('C {"_format":1,"at":1211000000000,"devices":["%s"],"hlc":[1211000000000,0],"ops":[%s],'
            '"previous":"own","records":[{"form":"%s","id":"%s"%s,"version":%d}],"seq":%d,'
            '"user":"%s"}\n'
            % (device, ops, form, record, parents, version, seq, user))


LAPTOP_KEY = bytes(SigningKey(b"\x01" + bytes(31)).verify_key)
OWN_LAPTOP = hashlib.blake2b(LAPTOP_KEY, digest_size=32).hexdigest()[:32]
NAME = '{"field":"name","value":"x"},{"field":"place","value":"511923101"}'
FIRST = written(1, NAME)
SECOND = written(2, '{"field":"name","supersedes":[[0,1,0]],"value":"y"},'
                    '{"field":"_void","saw":{"place":[[0,1,1]]},"value":true}',
                 parents=',"parents":[[0,1]]')
FAR = written(1, '{"field":"place","value":"110101001"}')
WANG = written(1, '{"field":"count","value":3}', device="other", user="wang")
CODE_CHANGE = written(1, '{"field":"rows","value":{"_row":"%s","topic":"t"}}' % RECORD)

# 16 x 8 pixels: baseline and grey, progressive, printed with four inks.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERX"
    "RTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAwT/xAAhEAEA"
    "AgEDBAMAAAAAAAAAAAABAgQDAAUREiEiMSNBgf/aAAgBAQAAPwAseHY6EiBOVqYgxrQ6vZzz1PEX8dUY7O42IkaN"
    "LFTEPJ+SY8/Sgeu3cdf/2Q==")
JPEG_PROGRESSIVE = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERX"
    "RTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wgALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAgP/2gAIAQEA"
    "AAABFP/EABcQAAMBAAAAAAAAAAAAAAAAAAABAgP/2gAIAQEAAQUCSwgVaUf/xAAaEAACAgMAAAAAAAAAAAAAAAAA"
    "AgEiUnKh/9oACAEBAAY/AstSiQnT/8QAGhAAAgIDAAAAAAAAAAAAAAAAAREAMVFhof/aAAgBAQABPyEqmTwD7UAL"
    "cWn/2gAIAQEAAAAQ/wD/xAAaEAEAAgMBAAAAAAAAAAAAAAABESEAMUGB/9oACAEBAAE/EARJQesTMoXjgwMhalni"
    "gaqxz//Z")
JPEG_INKS = base64.b64decode(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3"
    "OFBtUVdfYmdoZz5NcXlwZHhcZWdj/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABcAAQADAAAAAAAAAAAAAAAAAAIA"
    "AQP/xAAnEAACAgIABgEEAwAAAAAAAAABAwIRBCESEyIxQVEAFCMycUJhkf/aAA4EQwBNAFkASwAAPwAGKVY4ita2"
    "4OLOPLECLyG1WifAs9r0Cd6oHkKWohEpYmKwrVGBv6hvuxoCgaPqz5r4YMxY8iYiyWKvpx0di9nmdVobGz2H9yr5"
    "YmsRjOErx4dOEkwI5rK/Mi7Is99UPRO9JpY9zMdsVxfkQDMpwIjFSx2jo66QLv8Aj7uwmKlOb0zLINl97NbEGor4"
    "b4B3JFV28ADdkCV+a2Zfs5+QR+gFgj/CAPUR5HxdfMapuVHgrizsm9k9uXofoUPYjqiD/9k=")


def jpeg_with_exif(exif):
    """EXIF goes first, after the two bytes that every JPEG begins with."""
    return (JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif
            + JPEG[2:])


def exif(orientation, taken, gps):
    """A big-endian TIFF block: orientation, DateTimeOriginal, latitude and longitude in degrees."""
    text = taken + b"\0"
    first = struct.pack(">H HHIHH HHII HHII I", 3, 0x112, 3, 1, orientation, 0, 0x8769, 4, 1, 50,
                        0x8825, 4, 1, 50 + 18 + len(text), 0)
    camera = struct.pack(">H HHII I", 1, 0x9003, 2, len(text), 68, 0) + text
    at = 50 + 18 + len(text)
    place = struct.pack(">H HHI4s HHII HHI4s HHII I", 4, 1, 2, 2, b"N", 2, 5, 3, at + 54, 3, 2, 2,
                        b"E", 4, 5, 3, at + 78, 0)
    place += struct.pack(">6I 6I", gps[0], 1, 0, 1, 0, 1, gps[1], 1, 0, 1, 0, 1)
    return b"MM\0*\0\0\0\x08" + first + camera + place


def png(width, height, rows, colours=6, end=True):
    """Chunks with their checksums; colours 6 is RGBA, 3 a palette."""
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0))
            + (chunk(b"PLTE", b"\xff\x00\x00\x00\xff\x00") if colours == 3 else b"")
            + chunk(b"IDAT", zlib.compress(rows)) + (chunk(b"IEND", b"") if end else b""))


EXIF = exif(6, b"2008:05:12 14:28:04", (31, 107))


def api(request, text="", **headers):
    lines = "".join("%s: %s\n" % h for h in headers.items())
    return request + "\n" + lines + "\n" + text


def http(line, body="", *headers):
    lines = ["Host: a", "Zoufang-Protocol: 1", *headers]
    if body:
        lines.append("Content-Length: %d" % len(body))
    return line + " HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n" + body


def frames(*parts):
    return b"".join(kind.encode() + len(body).to_bytes(2, "big") + body for kind, body in parts)


def entry(body, kind, number=1):
    return '{"_format":1,"at":1,"body":%s,"kind":"%s","n":%d}' % (body, kind, number)


def zstd(descriptor, rest):
    return b"\x28\xb5\x2f\xfd" + descriptor + rest


def sample_forms():
    """The catalogue of the unit tests: every type of field."""
    header = (CORPUS.parents[2] / "tests/unit/model/sample_catalog.h").read_text(encoding="utf-8")
    return header.split('sample_text = R"(')[1].split(')";')[0]


def indicators(*definitions):
    return json.dumps({"schema": "field-indicators/1", "indicators": [
        {"id": "i%d" % n, "label": {"zh-Hans": "x", "zh-Hant": "x", "en": "x"}, "unit": "yuan",
         "def": d, "display": {"decimals": 1, "divide": "10", "suffix": "%"}}
        for n, d in enumerate(definitions)]})


def case(**changed):
    op = {"op": "1", "device": "D1", "user": "li", "at": "2008-05-12T14:28:00+08:00",
          "record": "a", "form": "sample", "kind": "create",
          "set": {"name": "x", "other": "b", "others": ["b", "c"], "_alias_of": "c",
                  "rows": [{"topic": "t", "about": "b"}]}}
    review = {"op": "2", "user": "wang", "at": "2008-05-13T14:28:00+08:00", "records": ["a"],
              "set": {"_status": "approved", "_review_note": "n"}}
    whole = {"schema": "field-case/1", "case_id": "c", "period": "2008H1", "nightly_sync": "21:30",
             "staff": [{"id": "li", "name": "李", "name_en": "Li", "device": "D1"}],
             "offline_spans": [{"device": "D1", "from": "2008-05-26", "to": "2008-05-28"}],
             "ops": [op], "reviews": [review], "expected": {"i": {"source_text": "3"}}}
    whole.update(changed)
    return json.dumps(whole, ensure_ascii=False)


LABEL = '{"zh-Hans": "甲", "zh-Hant": "甲", "en": "A"}'
SMALL_FORMS = (
    '{"schema": "field-forms/1", "units": {}, "categories": [{"id": "c", "label": LABEL}],'
    '"choice_lists": {}, "forms": [{"id": "f", "version": 1, "role": "event", "category": "c",'
    '"label": LABEL, "title": "{a}", "natural_key": ["a"], "review": {"chain": ["leader"]},'
    '"fields": [{"name": "a", "type": "text", "label": LABEL, "required": true},'
    '{"name": "n", "type": "integer", "label": LABEL},'
    '{"name": "b", "type": "integer", "label": LABEL, "computed": ["+", "n", 1]}],'
    '"rules": [{"id": "r", "expr": ["notnull", "a"], "level": "error", "message": LABEL}]}]}'
).replace("LABEL", LABEL)
COUNT = {"agg": "count", "form": "sample"}
ROWS = {"agg": "sum", "form": "sample", "field": "rows.pct", "unnest": "rows",
        "where": [{"any": [{"field": "rows.tags", "op": "contains", "value": "red"},
                           {"all": [{"field": "day", "op": "le", "value": {"$": "period.end"}},
                                    {"field": "day", "op": "gt", "value": {"$field": "until"}}]}]}],
        "period": {"rule": "year_to_date", "field": "day"}}
LATEST = {"agg": "latest", "form": "sample", "field": "amount", "order": "day",
          "latest_per": {"by": ["other", "other.colour"], "order": "month"},
          "where": [{"field": "colour", "op": "not_in", "value": ["blue"]},
                    {"field": "other.started", "op": "is_null_or_after",
                     "value": {"$": "period.year_start"}}],
          "period": {"rule": "as_of", "from": "day", "to": "until"}}
DISTINCT = {"agg": "count_distinct", "form": "sample", "field": "other.title",
            "where": [{"field": "count", "op": "ge", "value": 3}]}
VALUES = ('\n{"name":"a","count":3,"total":5,"amount":"7.25","money":"0.5","day":"2008-05-12",'
          '"until":"2008-06-01","month":"2008-05","time":"2008-05-12T14:28:00+08:00","flag":true,'
          '"colour":"red","colours":["red"],"other":"0193a1b2-4c5d-7e6f-8a9b-0c1d2e3f4a5b"}')
DOC_AUTHOR = '[[5,0],[0,1,0],"li",5]'
DOC = ('{"_format":1,"approved":{"name":true},"changesets":2,"created":%s,"devices":["%s","%s"],'
       '"fields":{"_void":[[[1,2,0],[6,0],true,{"name":[[0,1,0]]}]],'
       '"count":[[[0,1,1],[5,0],3],[[1,2,1],[6,0],4]],"name":[[[0,1,0],[5,0],"x"]]},'
       '"form":"sample","heads":[[1,2]],"id":"%s","notes":{"_review_note":[[1,2,2],[6,0],"n"]},'
       '"reviews":[["approved",[1,2,3],[6,0],"wang",6,{"name":[[0,1,0]]}]],"submitted":true,'
       '"updated":[[6,0],[1,2,0],"wang",6],"version":1}' % (DOC_AUTHOR, A, B, RECORD))
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
    "record": {
        "ok_valid": DOC, "ok_plain": DOC.replace('"approved":{"name":true},', "").replace(
            '"submitted":true,', ""),
        "ok_space": DOC.replace(",", ", ", 1), "ok_order": DOC.replace("[0,1,1]", "[1,3,1]"),
        "bad_device": DOC.replace("[1,2,3]", "[2,2,3]"), "bad_cut": DOC[:200],
        "bad_false": DOC.replace('"submitted":true', '"submitted":false')},
    "forms": {
        "ok_sample": sample_forms(), "ok_small": SMALL_FORMS,
        "bad_schema": SMALL_FORMS.replace("forms/1", "forms/2"),
        "bad_type": SMALL_FORMS.replace('"text"', '"texts"'),
        "bad_twice": SMALL_FORMS.replace('"name": "b"', '"name": "a"'),
        "bad_title": SMALL_FORMS.replace("{a}", "{c}"),
        "bad_rule": SMALL_FORMS.replace('["notnull", "a"]', '["notnull"]'),
        "bad_circle": SMALL_FORMS.replace('["+", "n"', '["+", "b"'),
        "bad_list": "[]", "bad_text": "{"},
    "rules": {
        "ok_and": '["and",["<=","day","until"],["not",["isnull","name"]],["in","colour",["red"]]]'
                  + VALUES,
        "ok_sum": '[">=",["+",["or0","amount"],"money",1],["-","count","total"]]' + VALUES,
        "ok_previous": '["<=",["abs_change_pct","count",["prev","count",{"by":"other",'
                       '"order":"day","same_year":true}]],50]' + VALUES,
        "ok_sum_related": '["<=",["sum_related","sample","amount",{"by":"other"}],"amount"]'
                          + VALUES,
        "ok_sum_with_own": '["<=",["sum_related","sample","amount",{"by":"other"}],10]' + VALUES,
        "ok_computed": '["or",["isnull","all_of"],["<","both",["+","all_of",1]]]' + VALUES,
        "ok_related": '["or",["=",["related","other","colour"],"colour"],"flag"]' + VALUES,
        "ok_year": '["=",["year","day"],["year",["today"]]]' + VALUES,
        "ok_month": '["!=","month","2008-05"]' + VALUES.replace('"2008-05"', '"May"'),
        "ok_odd_values": '["<","count","total"]' + VALUES.replace("5", '"5"'),
        "bad_operator": '["xor","flag","flag"]', "bad_count": '["not"]',
        "bad_types": '["<","day","count"]', "bad_literal": '["=","colour","green"]',
        "bad_field": '["related","other","colours"]', "bad_text": '["'},
    "indicators": {
        "ok_count": indicators(COUNT), "ok_rows": indicators(ROWS), "ok_latest": indicators(LATEST),
        "ok_distinct": indicators(DISTINCT),
        "ok_ratio": indicators(COUNT, ROWS, {"ratio": ["i1", "i0"], "scale": "100"},
                               {"minus": ["i0", "i2"]}),
        "bad_operator": indicators(DISTINCT).replace('"ge"', '"above"'),
        "bad_field": indicators(DISTINCT).replace("title", "subtitle"),
        "bad_circle": indicators({"minus": ["i1", "i0"]}, {"ratio": ["i0", "i1"]}),
        "bad_row": indicators(ROWS).replace('"unnest": "rows", ', ""),
        "bad_type": indicators(DISTINCT).replace('"value": 3', '"value": "red"'),
        "bad_twice": indicators(COUNT, COUNT).replace("i1", "i0"), "bad_list": "[]"},
    "case_file": {
        "ok_case": case(), "ok_empty": case(ops=[], reviews=[], staff=[], offline_spans=[]),
        "bad_schema": case(schema="field-case/2"), "bad_period": case(period="2008H3"),
        "bad_time": case(nightly_sync="0::30"),
        "bad_span": case(offline_spans=[{"device": "D1", "from": "2008-05-28",
                                         "to": "2008-05-26"}]),
        "bad_kind": case().replace('"create"', '"erase"'),
        "bad_at": case().replace("14:28:00", "24:28:00"), "bad_text": "{"},
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
        "ok_report": entry(REPORT, "report"),
        "ok_former_report": entry(REPORT.replace('"number"', '"former":true,"number"'), "report"),
        "bad_report_period": entry(REPORT.replace("2008H1", "2008H3"), "report"),
        "bad_report_bits": entry(REPORT.replace("AQE", "A"), "report"),
        "bad_report_first": entry(REPORT.replace('"first":3', '"first":1099511627776'), "report"),
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
    "bundle_file": {
        "ok_frames": b"W\x00\x00\x00" + frames(("H", b"{}"), ("P", b"x" * 300), ("B", b"")),
        "ok_empty": b"W\x00\x00\x00", "ok_chunks": b"W\x00\x00\x00" + frames(("A", b"y" * 17000)),
        "bad_head_byte": b"W\x00\x40\x01" + frames(("H", b"{}")),
        "bad_chunk_byte": b"W\x20\x00\x80" + frames(("H", b"{}")),
        "bad_plain": b"PA\x00\x00\x00\x03abc", "bad_long_frame": b"PA\xff\xff\xff\xff",
        "bad_signature": b"PA\x00\x00\x00\x01aZ\x00\x00\x00\x40" + b"s" * 64,
        "bad_short_end": b"PZ\x00\x00\x00\x3f" + b"s" * 63,
        "bad_head": "HZOUFANG-BUNDLE/1 %s %s %s AAAA %s" % (EPOCH, A, B, "A" * 32),
        "bad_version": "HZOUFANG-BUNDLE/2 x\n", "bad_words": "HZOUFANG-BUNDLE/1\n",
        "bad_family": "FZIP", "bad_cut": "FZOUFANG-BUNDLE/1 0000", "bad_long_head": "FZOUFANG-BUNDLE/"
        + "1" * 1100},
    "bundle_frames": {
        "ok_empty": "", "ok_push": FIRST + SECOND, "ok_pages": FIRST + "-\n" + WANG,
        "ok_hashes": 'Q {"hashes":["%s"]}\nW {"hashes":["%s"]}\n' % (KEY, KEY),
        "ok_blob": "B 0 3 abc\n", "ok_part": "B 2 9 abc\n", "ok_relayed": "A" + FAR[1:],
        "bad_gap": SECOND, "bad_kind": "X y\n",
        "bad_kind_byte": b"\xe4 y\n", "bad_offset": "B 9223372036854775807 9 abc\n", "bad_head": "H {}\n", "bad_push": "p x\n",
        "bad_hashes": 'Q {"hashes":["x"]}\n', "bad_changeset": "C {}\n"},
    "api": {
        "ok_health": api("GET /v1/health"), "ok_bureau": api("GET /v1/bureau"),
        "ok_push": api("POST /v1/push", FIRST + SECOND, body="changesets"),
        "ok_far": api("POST /v1/push", FAR, body="changesets"),
        "ok_relayed": api("POST /v1/push", "A" + WANG[1:], body="changesets"),
        "ok_unknown_form": api("POST /v1/push", written(1, NAME, form="none"), body="changesets"),
        "ok_rows": api("POST /v1/push", CODE_CHANGE, body="changesets"),
        "ok_unknown_user": api("POST /v1/push", written(1, NAME, user="zhang"), body="changesets"),
        "ok_pull": api("GET /v1/pull?after=0&entries=0&bytes=16384"),
        "ok_size": api("GET /v1/pull/size?after=0&entries=0"), "ok_own": api("GET /v1/own?after=0"),
        "ok_chains": api("GET /v1/chains", **{"as": "other"}),
        "ok_session": api("POST /v1/session", '{"clock_ms":1,"device":"%s","head_hash":"%s",'
                          '"head_seq":0}' % (OWN_LAPTOP, "0" * 64)),
        "ok_enrol": api("POST /v1/enrol", "laptop", body="enrol"),
        "ok_renew": api("POST /v1/renew", "x", body="renew"),
        "ok_entries": api("POST /v1/entries", entry(USER, "user", 9), body="entries"),
        "ok_missing": api("POST /v1/blobs/missing", '{"hashes":["%s"]}' % KEY),
        "ok_put": api("PUT /v1/blobs/%s?offset=0&total=3"
                      % hashlib.sha256(b"abc").hexdigest(), "abc"),
        "bad_put": api("PUT /v1/blobs/%s?offset=0&total=3" % KEY, "abc"),
        "bad_total": api("PUT /v1/blobs/%s?offset=9223372036854775807&total=1" % KEY, "abc"),
        "bad_blob": api("GET /v1/blobs/%s?offset=0" % KEY), "bad_nobody": api(
            "GET /v1/pull?after=0", **{"as": "nobody"}),
        "bad_version": api("GET /v1/chains", **{"zoufang-protocol": "9"}),
        "bad_gap": api("POST /v1/push", SECOND, body="changesets"),
        "bad_push": api("POST /v1/push", "x", body="frame"),
        "bad_number": api("GET /v1/pull?after=-1"), "bad_path": api("GET /v2")},
    "http": {
        "ok_health": http("GET /v1/health"),
        "ok_encoded": http("GET /v1/%68ealth"),
        "ok_pull": http("GET /v1/pull?after=0&entries=0", "", "Authorization: own"),
        "ok_missing": http("POST /v1/blobs/missing", '{"hashes":[]}', "Authorization: own"),
        "bad_twice": http("GET /v1/pull?after=0&after=1", "", "Authorization: own"),
        "bad_utf8": http("GET /v1/%ff"), "bad_zero": http("GET /v1/%00"),
        "bad_percent": http("GET /v1/%zz"), "bad_star": http("OPTIONS *"),
        "bad_method": http("DELETE /v1/health"), "bad_cut": http("POST /v1/push", "abc")[:-1],
        "bad_head": http("HEAD /v1/none"), "bad_chunked": http("POST /v1/push", "",
                                                              "Transfer-Encoding: chunked"),
        "bad_enrol": http("POST /v1/enrol", '{"code":"c","name":"n","public_key":"x",'
                          '"signature":"s"}')},
    "image": {
        "ok_jpeg": JPEG, "ok_progressive": JPEG_PROGRESSIVE, "ok_inks": JPEG_INKS,
        "ok_exif": jpeg_with_exif(EXIF), "ok_cut": JPEG[:-12],
        "ok_odd_exif": jpeg_with_exif(exif(9, b"0000:00:00 00:00:00", (1 << 31, 0))),
        "ok_exif_end": jpeg_with_exif(EXIF[:60]),
        "ok_png": png(2, 2, b"\0" + b"abcdefgh" + b"\1" + bytes(8)),
        "ok_palette": png(3, 1, b"\0\0\1\1", 3),
        "bad_none": "GIF89a", "bad_begin": JPEG[:40], "bad_empty": JPEG[:2] + JPEG[-2:],
        "bad_huge_png": png(100_000, 100_000, b""), "bad_rows": png(2, 2, b"\0"),
        "bad_checksum": png(2, 1, b"\0" + bytes(8)).replace(b"IHDR", b"IHDS"),
        "bad_huge_jpeg": JPEG.replace(b"\x08\x00\x08\x00\x10", b"\x08\xff\x00\xff\x00")},
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
