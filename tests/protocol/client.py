#!/usr/bin/env python3
"""A second client of the protocol, written from docs/protocol.md alone.

Shares no line with the product, so that the page is tested as well as the server: enrols with a
code, pushes two changesets of its own making (a record, then an attachment on it), pulls all that
its user may see, verifies every signature, fetches the attachment back, and prints what it saw as
one JSON object. A server does not send a laptop its own changesets; with a second code the program
enrols a second laptop, which must get them byte for byte. Exit status 1, with the reason, when
anything is not as the page says.

    client.py --server https://127.0.0.1:8443 --ca bureau.pem --code CODE [--user NAME]
              [--second-code CODE]
    client.py --self-check                      the page's test vectors, without a server

Needs Python 3 with python3-nacl, and libzstd.so.1 (part of every Debian).
"""
import argparse
import base64
import ctypes
import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import time
import urllib.parse
import uuid

import nacl.exceptions
import nacl.signing

MIB = 1 << 20
ZEROS = "0" * 64


class Broken(Exception):
    """Something is not as the page says."""


def expect(condition, message):
    if not condition:
        raise Broken(message)


# ---- section 1: bytes ----------------------------------------------------------------------


def hash_of(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified(public_key_hex, message, signature):
    try:
        nacl.signing.VerifyKey(bytes.fromhex(public_key_hex)).verify(message, signature)
    except (nacl.exceptions.BadSignatureError, ValueError):
        return False
    return True


class DeviceKey:
    def __init__(self, seed):
        self._key = nacl.signing.SigningKey(seed)
        self.public_hex = bytes(self._key.verify_key).hex()
        self.device = device_id_of(self.public_hex)

    def sign(self, message):
        return self._key.sign(message).signature


def device_id_of(public_key_hex):
    return hash_of(bytes.fromhex(public_key_hex))[:16].hex()


# ---- section 3: canonical JSON -------------------------------------------------------------


def canonical(value):
    # Python sorts names by code point, which for UTF-8 is the order of their bytes.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"),
                      allow_nan=False).encode()


def parse_canonical(data):
    def refuse(text):
        raise Broken(f"{text} is not an integer")

    value = json.loads(data.decode(), parse_float=refuse, parse_constant=refuse)
    expect(canonical(value) == data, f"these bytes are not canonical: {data[:80]!r}")
    return value


# ---- zstd, by way of the library -----------------------------------------------------------


class Zstd:
    LEVEL = 3
    FRAME_BYTES_MAX = 32 * MIB

    def __init__(self):
        self._lib = ctypes.CDLL("libzstd.so.1")
        for name in ("ZSTD_compressBound", "ZSTD_compress", "ZSTD_decompress"):
            getattr(self._lib, name).restype = ctypes.c_size_t
        self._lib.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong

    def _checked(self, size):
        expect(not self._lib.ZSTD_isError(ctypes.c_size_t(size)), "zstd refuses the frame")
        return size

    def compress(self, data):
        room = self._lib.ZSTD_compressBound(ctypes.c_size_t(len(data)))
        out = ctypes.create_string_buffer(room)
        size = self._checked(self._lib.ZSTD_compress(
            out, ctypes.c_size_t(room), data, ctypes.c_size_t(len(data)), self.LEVEL))
        return out.raw[:size]

    def decompress(self, frame):
        told = self._lib.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
        room = told if told <= self.FRAME_BYTES_MAX else self.FRAME_BYTES_MAX
        out = ctypes.create_string_buffer(max(room, 1))
        size = self._checked(self._lib.ZSTD_decompress(
            out, ctypes.c_size_t(room), frame, ctypes.c_size_t(len(frame))))
        return out.raw[:size]


# ---- section 2: transport ------------------------------------------------------------------


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(f"{status} {error['code']}: {error['message']} ({error['where']})")
        self.status, self.code = status, error["code"]


class Server:
    def __init__(self, url, ca_file):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme == "https":
            # The bureau's certificate is the only authority; names and dates play no part.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_REQUIRED
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            context.load_verify_locations(ca_file)
            self._connection = http.client.HTTPSConnection(parts.hostname, parts.port or 443,
                                                           context=context, timeout=60)
        else:
            self._connection = http.client.HTTPConnection(parts.hostname, parts.port or 80,
                                                          timeout=60)
        self.authorization = None
        self.bytes_up = self.bytes_down = 0

    def ask(self, method, path, body=None, query=None, protocol="1"):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = {"Zoufang-Protocol": protocol}
        if self.authorization:
            headers["Authorization"] = self.authorization
        if body is not None:
            headers["Content-Length"] = str(len(body))
        self._connection.request(method, path, body=body, headers=headers)
        response = self._connection.getresponse()
        answer = response.read()
        self.bytes_up += len(body or b"")
        self.bytes_down += len(answer)
        if not 200 <= response.status < 300:
            error = json.loads(answer)["error"]
            expect(set(error) >= {"code", "message", "where"}, "an error lacks a member")
            raise Refused(response.status, error)
        return response, answer

    def ask_json(self, method, path, message=None, **more):
        body = None if message is None else canonical(message)
        return json.loads(self.ask(method, path, body, **more)[1])

    def put_chunk(self, path, chunk, query):
        return json.loads(self.ask("PUT", path, chunk, query=query)[1])

    def refusal(self, method, path, body=None, **more):
        """Status and slug of a request that must be refused."""
        try:
            self.ask(method, path, body, **more)
        except Refused as refused:
            return {"status": refused.status, "code": refused.code}
        raise Broken(f"{method} {path} should have been refused")


# ---- sections 4 and 5: what is signed ------------------------------------------------------


class Chain:
    """The laptop's own changesets."""

    def __init__(self, key, user):
        self.key, self.user = key, user
        self.seq, self.previous, self.clock = 0, ZEROS, (0, 0)
        self.unsent = []

    def write(self, record, form, version, ops, parents, at_ms):
        self.clock = (at_ms, 0) if at_ms > self.clock[0] else (self.clock[0], self.clock[1] + 1)
        self.seq += 1
        touched = {"form": form, "id": record, "version": version}
        if parents:
            touched["parents"] = parents
        data = canonical({"_format": 1, "at": at_ms, "devices": [self.key.device],
                          "hlc": list(self.clock), "ops": ops, "previous": self.previous,
                          "records": [touched], "seq": self.seq, "user": self.user})
        digest = hash_of(data)
        self.previous = digest.hex()
        signature = self.key.sign(b"zoufang-changeset/1\0" + digest)
        self.unsent.append((signature, data))
        return self.seq


class BureauLog:
    """Entries, verified against the pinned key; whose key is whose."""

    def __init__(self, bureau_key):
        self.bureau_key, self.last, self.keys, self.forms = bureau_key, 0, {}, {}
        self.kinds = {}

    def take(self, signature, data):
        expect(verified(self.bureau_key, b"zoufang-bureau/1\0" + hash_of(data), signature),
               "an entry is not signed by the bureau")
        entry = parse_canonical(data)
        expect(entry["_format"] == 1 and entry["n"] == self.last + 1, "an entry leaves a gap")
        self.last = entry["n"]
        kind, body = entry["kind"], entry["body"]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if kind in ("device", "server"):
            expect(device_id_of(body["key"]) == body["id"], "a device's id is not that of its key")
            self.keys[body["id"]] = body["key"]
        elif kind == "forms":
            self.forms = {form["id"]: form for form in body["catalog"]["forms"]}


def check_changeset(data, signature, keys):
    """Canonical form, devices table, order of dots, signature. Returns the changeset."""
    changeset = parse_canonical(data)
    devices = changeset["devices"]
    author = devices[0]
    expect(devices[1:] == sorted(set(devices[1:])) and author not in devices[1:],
           "the devices of a changeset are not in order")
    expect(author in keys, f"nothing says which key {author} has")
    expect(verified(keys[author], b"zoufang-changeset/1\0" + hash_of(data), signature),
           "the signature of a changeset does not fit")
    named = set()

    def check_list(items):
        as_ids = [[devices[item[0]]] + item[1:] for item in items]
        expect(all(a < b for a, b in zip(as_ids, as_ids[1:])), "dots do not ascend")
        named.update(devices[item[0]] for item in items)

    for record in changeset["records"]:
        expect("parents" not in record or record["parents"], "empty parents should be left out")
        check_list(record.get("parents", []))
    for op in changeset["ops"]:
        expect("value" in op or op.get("supersedes"), "an op does nothing")
        check_list(op.get("supersedes", []))
        for dots in op.get("saw", {}).values():
            check_list(dots)
    expect(named - {author} == set(devices[1:]), "devices are listed that nothing names")
    return changeset


# ---- sections 6 to 11: conversations -------------------------------------------------------


def enrol(server, key, code):
    message = b"zoufang-enrol/1\0" + code.encode() + b"\0" + key.public_hex.encode()
    answer = server.ask_json("POST", "/v1/enrol", {
        "code": code, "name": "protocol client", "public_key": key.public_hex,
        "signature": base64url(key.sign(message))})
    expect(answer["device"] == key.device, "the server gave the device another id")
    return answer


def open_session(server, key, chain):
    answer = server.ask_json("POST", "/v1/session", {
        "clock_ms": now_ms(), "device": key.device, "head_hash": chain.previous,
        "head_seq": chain.seq})
    challenge = answer["challenge"]
    expect("." not in challenge, "a challenge holds a dot")
    expect(answer["acknowledged_seq"] <= chain.seq, "fork")
    expect(answer["hash_at_head"] in ("", chain.previous), "fork")
    signature = base64url(key.sign(b"zoufang-session/1\0" + challenge.encode()))
    server.authorization = f"Zoufang {key.device}.{challenge}.{signature}"
    return answer


def push_frame(zstd, epoch, changesets):
    lines = [canonical({"_format": 1, "epoch": epoch})]
    lines += [b"C " + base64url(signature).encode() + b" " + data
              for signature, data in changesets]
    return zstd.compress(b"\n".join(lines) + b"\n")


def read_pull(zstd, frame):
    text = zstd.decompress(frame)
    expect(text.endswith(b"\n"), "the frame is cut off")
    lines = text[:-1].split(b"\n")
    head = json.loads(lines[0])
    expect(head["_format"] == 1, "another frame format")
    page = {"epoch": head["epoch"], "E": [], "D": [], "C": [], "trailer": None}
    for line in lines[1:]:
        expect(page["trailer"] is None, "something stands behind the trailer")
        kind, _, rest = line.partition(b" ")
        if kind == b"E":
            signature, _, data = rest.partition(b" ")
            page["E"].append((from_base64url(signature.decode()), data))
        elif kind == b"D":
            page["D"].append(rest.decode())
        elif kind == b"C":
            ssn, signature, data = rest.split(b" ", 2)
            page["C"].append((int(ssn), from_base64url(signature.decode()), data))
        elif kind == b"T":
            page["trailer"] = json.loads(rest)
        else:
            raise Broken(f"an unknown line: {kind!r}")
    expect(page["trailer"] is not None, "the answer has no trailer")
    return page


def pull_all(server, zstd, epoch, bureau):
    """Everything this device may see: (ssn, changeset, its bytes), the last trailer, pages."""
    cursor, entries, pages, seen = 0, 0, 0, []
    while True:
        page = read_pull(zstd, server.ask("GET", "/v1/pull", query={
            "after": cursor, "entries": entries, "epoch": epoch})[1])
        pages += 1
        expect(page["epoch"] == epoch, "another epoch")
        for signature, data in page["E"]:
            bureau.take(signature, data)
        ssns = [ssn for ssn, _, _ in page["C"]]
        expect(ssns == sorted(set(ssns)), "changesets do not ascend by ssn")
        for ssn, signature, data in page["C"]:
            seen.append((ssn, check_changeset(data, signature, bureau.keys), data))
        trailer = page["trailer"]
        expect(trailer["cursor"] >= cursor, "the cursor goes back")
        cursor, entries = trailer["cursor"], trailer["entries"]
        expect(entries == bureau.last, "the trailer tells another last entry")
        if not trailer["more"]:
            return seen, trailer, pages
        expect(not trailer["delivered"], "delivered stands before the last page")


def send_blob(server, content):
    """In two chunks, the first one sent twice, the second one first in the wrong place."""
    name = hashlib.sha256(content).hexdigest()
    missing = server.ask_json("POST", "/v1/blobs/missing", {"hashes": [name]})["missing"]
    expect(missing == [{"hash": name, "received": 0}], "a new blob is not missing")
    path, half = f"/v1/blobs/{name}", len(content) // 2
    query = {"offset": 0, "total": len(content)}
    answer = server.put_chunk(path, content[:half], query)
    expect(answer == {"complete": False, "received": half}, "the first chunk is not there")
    refused = server.refusal("PUT", path, content[half:], query=query)
    expect(refused == {"status": 422, "code": "out_of_range"}, f"wrong offset: {refused}")
    missing = server.ask_json("POST", "/v1/blobs/missing", {"hashes": [name]})["missing"]
    expect(missing == [{"hash": name, "received": half}], "a half blob is not known as half")
    query["offset"] = half
    for _ in range(2):
        answer = server.put_chunk(path, content[half:], query)
        expect(answer == {"complete": True, "received": len(content)}, "the blob is not complete")
    expect(not server.ask_json("POST", "/v1/blobs/missing", {"hashes": [name]})["missing"],
           "a whole blob is missing")
    return name


def fetch_blob(server, name):
    content, total = b"", None
    while total is None or len(content) < total:
        response, chunk = server.ask("GET", f"/v1/blobs/{name}", query={"offset": len(content)})
        total = int(response.headers["Zoufang-Total"])
        expect(len(chunk) <= MIB and (chunk or total == 0), "a chunk of a strange size")
        content += chunk
    expect(hashlib.sha256(content).hexdigest() == name, "the blob does not fit its hash")
    return content


def now_ms():
    return int(time.time() * 1000)


# ---- the run -------------------------------------------------------------------------------


def check_from_elsewhere(arguments, zstd, first, chain, blob):
    """What the first laptop pushed, as a second one gets it."""
    key = DeviceKey(os.urandom(32))
    server = Server(arguments.server, arguments.ca)
    enrolled = enrol(server, key, arguments.second_code)
    expect(enrolled["bureau_key"] == first["bureau_key"], "two bureau keys")
    session = open_session(server, key, Chain(key, enrolled["user"]))
    bureau = BureauLog(enrolled["bureau_key"])
    changesets, _, _ = pull_all(server, zstd, session["epoch"], bureau)
    own = [data for _, changeset, data in changesets
           if changeset["devices"][0] == chain.key.device]
    expect(own == [data for _, data in chain.unsent], "the changesets came back changed")
    expect(fetch_blob(server, blob[0]) == blob[1], "the attachment came back changed")
    return {"device": key.device, "user": enrolled["user"], "changesets": len(changesets)}


def choose_form(forms):
    """A form with a text and a list of pictures or files."""
    for form in sorted(forms.values(), key=lambda form: form["id"]):
        kinds = {}
        for field in form["fields"]:
            if "computed" not in field:
                kinds.setdefault(field["type"], field["name"])
        attachment = kinds.get("photos") or kinds.get("files")
        if "text" in kinds and attachment:
            return form["id"], form.get("version", 1), kinds["text"], attachment
    raise Broken("no form has a text and an attachment")


def run(arguments):
    zstd, key = Zstd(), DeviceKey(os.urandom(32))
    server = Server(arguments.server, arguments.ca)
    seen = {"device": key.device}

    seen["other_version"] = server.refusal("POST", "/v1/enrol", b"{}", protocol="999")
    expect(seen["other_version"] == {"status": 426, "code": "version_unsupported"},
           "another version is not refused as the page says")
    bureau_facts = server.ask_json("GET", "/v1/bureau", protocol="999")
    expect(bureau_facts["protocol"]["min"] <= 1 <= bureau_facts["protocol"]["max"],
           "this server does not speak version 1: this client must be updated")

    enrolled = enrol(server, key, arguments.code)
    if arguments.user:
        expect(enrolled["user"] == arguments.user, f"the code is for {enrolled['user']}")
    expect(enrolled["bureau_key"] == bureau_facts["bureau_key"], "two bureau keys")
    seen["user"], seen["epoch"] = enrolled["user"], enrolled["epoch"]
    expect(enrol(server, key, arguments.code) == enrolled, "a lost answer cannot be asked again")

    seen["without_session"] = server.refusal("GET", "/v1/pull", query={"after": 0, "entries": 0})
    expect(seen["without_session"] == {"status": 401, "code": "unauthenticated"}, "no session")
    chain = Chain(key, enrolled["user"])
    session = open_session(server, key, chain)
    epoch = session["epoch"]
    bureau = BureauLog(enrolled["bureau_key"])
    before, _, _ = pull_all(server, zstd, epoch, bureau)
    expect(bureau.keys.get(key.device) == key.public_hex, "the bureau's log lacks this device")

    form, version, text_field, file_field = choose_form(bureau.forms)
    record, content = str(uuid.uuid4()), os.urandom(MIB + 4321)
    first = chain.write(record, form, version, [{"field": text_field, "value": "另一个客户端 ✓"}],
                        None, now_ms())
    # An attachment is named before it is there: changesets travel first.
    name = hashlib.sha256(content).hexdigest()
    chain.write(record, form, version, [{"field": file_field, "value": name}], [[0, first]],
                now_ms())
    frame = push_frame(zstd, epoch, chain.unsent)
    pushed = json.loads(server.ask("POST", "/v1/push", frame)[1])
    expect((pushed["acknowledged_seq"], pushed["received"], pushed["repeated"]) == (2, 2, 0),
           f"the push was answered strangely: {pushed}")
    expect(pushed["acknowledged_hash"] == chain.previous, f"another history: {pushed}")
    again = json.loads(server.ask("POST", "/v1/push", frame)[1])
    expect((again["acknowledged_seq"], again["received"], again["repeated"]) == (2, 0, 2),
           f"a repeated push has an effect: {again}")
    seen["not_applied"] = again["not_applied"]

    forged = [(chain.unsent[0][0], chain.unsent[0][1].replace("✓".encode(), "✗".encode()))]
    seen["forged"] = server.refusal("POST", "/v1/push", push_frame(zstd, epoch, forged))
    expect(seen["forged"]["code"] in ("bad_signature", "fork"), "a forged changeset is taken")
    seen["cut_frame"] = server.refusal("POST", "/v1/push", frame[:-5])
    expect(seen["cut_frame"]["code"] == "malformed", "a cut frame is taken")
    seen["other_epoch"] = server.refusal("POST", "/v1/push",
                                         push_frame(zstd, str(uuid.uuid4()), []))
    expect(seen["other_epoch"] == {"status": 409, "code": "wrong_epoch"}, "another epoch is taken")

    seen["blob_before"] = server.refusal("GET", f"/v1/blobs/{name}")
    expect(seen["blob_before"] == {"status": 404, "code": "not_found"}, "a blob before it came")
    expect(send_blob(server, content) == name, "two names")
    expect(fetch_blob(server, name) == content, "the attachment came back changed")
    seen["attachment"] = {"bytes": len(content), "hash": name}

    # Another session, as after a restart: the server knows the chain.
    session = open_session(server, key, chain)
    expect(session["acknowledged_seq"] == 2 and session["acknowledged_hash"] == chain.previous
           and session["hash_at_head"] == chain.previous, "the server knows another chain")
    bureau = BureauLog(enrolled["bureau_key"])
    changesets, trailer, pages = pull_all(server, zstd, epoch, bureau)
    expect(len(changesets) >= len(before), "something is gone")
    delivered = dict(trailer["delivered"])
    if not seen["not_applied"]:
        expect(delivered.get(key.device) == 2, "the own chain is not delivered")
    size = server.ask_json("GET", "/v1/pull/size", query={"after": 0, "entries": 0, "epoch": epoch})
    expect(size["changesets"] == len(changesets), "pull and pull/size disagree")
    if arguments.second_code:
        seen["second"] = check_from_elsewhere(arguments, zstd, enrolled, chain, (name, content))
    records = {touched["id"] for _, changeset, _ in changesets for touched in changeset["records"]}
    seen.update({
        "record": record, "form": form, "pushed": 2,
        "entries": bureau.kinds, "forms": len(bureau.forms),
        "changesets": len(changesets), "records": len(records), "pages": pages,
        "authors": sorted({changeset["devices"][0] for _, changeset, _ in changesets}),
        "clock_off_ms": session["server_ms"] - now_ms(),
        "bytes_up": server.bytes_up, "bytes_down": server.bytes_down})
    return seen


def self_check(page):
    """The test vectors that the page ends in."""
    section = page.split("## 15 Test vectors")[1]
    lines = [line for block in re.findall(r"```\n(.*?)```", section, re.S)
             for line in block.splitlines()]
    key = DeviceKey(bytes(range(32)))
    expect(lines[0].endswith(key.public_hex) and lines[1].endswith(key.device), "the key")
    previous = ZEROS
    for data, digest, signature in (lines[2:5], lines[5:8]):
        changeset = check_changeset(data.encode(), from_base64url(signature),
                                    {key.device: key.public_hex})
        expect(hash_of(data.encode()).hex() == digest, "the hash of a changeset")
        expect(changeset["previous"] == previous, "the chain")
        previous = digest
    for message, signature in (
            (b"zoufang-enrol/1\x007KQ2-M9XF-R4TD\0" + key.public_hex.encode(), lines[8]),
            (b"zoufang-session/1\0Y2hhbGxlbmdl", lines[9])):
        expect(base64url(key.sign(message)) == signature, "a signature")
    zstd = Zstd()
    expect(zstd.decompress(zstd.compress(b"x" * 1000)) == b"x" * 1000, "zstd")
    return {"vectors": len(lines)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", help="https://HOST:PORT, or http:// on loopback")
    parser.add_argument("--ca", help="PEM file of the bureau's certificate")
    parser.add_argument("--code", help="a one-time enrolment code")
    parser.add_argument("--second-code", help="a code for a second laptop")
    parser.add_argument("--user", help="account that the code should be for")
    parser.add_argument("--self-check", action="store_true")
    arguments = parser.parse_args()
    try:
        if arguments.self_check:
            root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
            with open(os.path.join(root, "docs", "protocol.md"), encoding="utf-8") as page:
                result = self_check(page.read())
        else:
            if not arguments.server or not arguments.code:
                parser.error("--server and --code are needed")
            if arguments.server.startswith("https:") and not arguments.ca:
                parser.error("--ca is needed with https")
            result = run(arguments)
    except (Broken, Refused, OSError, http.client.HTTPException) as problem:
        print(f"client.py: {problem}", file=sys.stderr)
        return 1
    print(json.dumps(result, ensure_ascii=False, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
