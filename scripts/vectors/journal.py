#!/usr/bin/env python3
"""The journal a second time, from its description alone (docs/decisions/0004-journal.md).

Shares nothing with the Rust code: naive recursion instead of a frontier, its own canonical JSON,
its own Ed25519, the standard library only. Two uses:

    journal.py vectors > crates/platform/journal/tests/data/journal.json
    journal.py verify EXPORT --key KEY [--checkpoint FILE]...

`verify` prints one JSON object: size, root, proven, first_bad, and the codes of what is wrong, and
ends with 0 where nothing is. Both implementations must say the same of every export.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32


class Wrong(Exception):
    """Not what it should be."""


# Hashes and the tree: RFC 6962, section 2.1, word for word ------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(leaf):
    return sha256(b"\x00" + leaf)


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(hashes):
    """MTH(D[n])."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return sha256(b"\x01" + root(hashes[:k]) + root(hashes[k:]))


def path(m, hashes):
    """PATH(m, D[n])."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if m < k:
        return path(m, hashes[:k]) + [root(hashes[k:])]
    return path(m - k, hashes[k:]) + [root(hashes[:k])]


def subproof(m, hashes, complete):
    """SUBPROOF(m, D[n], b)."""
    if m == len(hashes):
        return [] if complete else [root(hashes)]
    k = split(len(hashes))
    if m <= k:
        return subproof(m, hashes[:k], complete) + [root(hashes[k:])]
    return subproof(m - k, hashes[k:], False) + [root(hashes[:k])]


# Canonical JSON: RFC 8785 without binary floats ------------------------------------------------


def quote(text):
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
    out = []
    for char in text:
        code = ord(char)
        if code in short:
            out.append(short[code])
        elif code < 0x20:
            out.append("\\u%04x" % code)
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def canonical_text(value, depth=0):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise Wrong("integer")
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if depth + 1 > MAX_DEPTH:
        raise Wrong("depth")
    if isinstance(value, list):
        return "[" + ",".join(canonical_text(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        members = (quote(n) + ":" + canonical_text(value[n], depth + 1) for n in names)
        return "{" + ",".join(members) + "}"
    raise Wrong("type")


def canonical(value):
    return canonical_text(value).encode("utf-8")


def strict_json(data):
    """JSON without doubled members, fractions, exponents, NaN."""

    def members(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise Wrong("a member twice")
        return dict(pairs)

    def refuse(_):
        raise Wrong("number")

    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=members,
            parse_float=refuse,
            parse_constant=refuse,
        )
    except (ValueError, RecursionError) as error:
        raise Wrong("json") from error


# Commitments -----------------------------------------------------------------------------------


def pointer_token(name):
    return "/" + name.replace("~", "~0").replace("/", "~1")


def commitment(seed, pointer, value):
    salt = hmac.new(seed, pointer.encode("utf-8"), hashlib.sha256).digest()
    return {"#": sha256(b"\x02" + salt + canonical(value)).hex()}


def reaches(patterns, name):
    return [rest[1:] for rest in patterns if rest and rest[0] in ("*", name)]


def commit(value, patterns, seed, pointer=""):
    if isinstance(value, list):
        return [
            commit(item, reaches(patterns, str(i)), seed, pointer + pointer_token(str(i)))
            for i, item in enumerate(value)
        ]
    if isinstance(value, dict):
        readable = all(
            (re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) is not None)
            or (not name.startswith("#") and reaches(patterns, name))
            for name in value
        )
        if not readable:
            return commitment(seed, pointer, value)
        return {
            name: commit(item, reaches(patterns, name), seed, pointer + pointer_token(name))
            for name, item in value.items()
        }
    if any(rest == [] for rest in patterns):
        return value
    return commitment(seed, pointer, value)


def commit_body(body, clear, seed):
    return commit(body, [path_.split(".") for path_ in clear], seed)


# Ed25519: RFC 8032, section 5.1, in affine steps on extended coordinates -------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - x2) % P != 0 or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)
NEUTRAL = (0, 1, 1, 0)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    c = 2 * a[3] * b[3] * D % P
    d = 2 * a[2] * b[2] % P
    g, h, i, j = f - e, d - c, d + c, f + e
    return (g * h % P, i * j % P, h * i % P, g * j % P)


def times(n, point):
    out = NEUTRAL
    while n:
        if n & 1:
            out = add(out, point)
        point = add(point, point)
        n >>= 1
    return out


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | ((x & 1) << 255)).to_bytes(32, "little")


def decompress(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def secret_scalar(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return (scalar & ((1 << 254) - 8)) | (1 << 254), digest[32:]


def public_key(seed):
    return compress(times(secret_scalar(seed)[0], BASE))


def challenge(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % L


def ed25519_sign(seed, message):
    scalar, prefix = secret_scalar(seed)
    public = compress(times(scalar, BASE))
    r = challenge(prefix, message)
    point = compress(times(r, BASE))
    s = (r + challenge(point, public, message) * scalar) % L
    return point + s.to_bytes(32, "little")


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    # Points of small order are refused, as strict verifiers do.
    if any(compress(times(8, point)) == compress(NEUTRAL) for point in (a, r)):
        return False
    h = challenge(signature[:32], public, message)
    return compress(times(s, BASE)) == compress(add(r, times(h, a)))


# Checkpoints: C2SP signed notes ----------------------------------------------------------------


def strict_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Wrong("base64") from error
    if base64.b64encode(data).decode() != text:
        raise Wrong("base64")
    return data


def decimal(text):
    if re.fullmatch(r"0|[1-9][0-9]*", text) is None or int(text) >= 2**64:
        raise Wrong("number")
    return int(text)


def check_origin(origin):
    match = re.fullmatch(r"xingcun/[a-z0-9.-]{1,40}/(0|-?[1-9][0-9]*)/sha256", origin)
    if match is None:
        raise Wrong("origin")
    return int(match[1])


def key_id(name, public):
    return sha256(name.encode() + b"\n\x01" + public)[:4]


def read_key(text):
    origin, identity, typed = text.split("+", 2)
    check_origin(origin)
    typed = strict_base64(typed)
    public = typed[1:]
    if typed[:1] != b"\x01" or key_id(origin, public).hex() != identity:
        raise Wrong("key")
    return origin, public


def sign_checkpoint(origin, size, tree_root, seed):
    text = f"{origin}\n{size}\n{base64.b64encode(tree_root).decode()}\n"
    signature = key_id(origin, public_key(seed)) + ed25519_sign(seed, text.encode())
    return f"{text}\n\u2014 {origin} {base64.b64encode(signature).decode()}\n"


def read_note(note):
    """(origin, size, root), and the signatures, which are not verified yet."""
    if len(note.encode()) > 256 << 10 or any(ord(c) < 32 and c != "\n" for c in note):
        raise Wrong("note")
    blank = note.rfind("\n\n")
    if blank < 0 or not note.endswith("\n"):
        raise Wrong("note")
    text, lines = note[: blank + 1], note[blank + 2 :].split("\n")[:-1]
    if not 1 <= len(lines) <= 64:
        raise Wrong("note")
    signatures = []
    for line in lines:
        match = re.fullmatch(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
        if match is None or len(strict_base64(match[2])) < 5:
            raise Wrong("note")
        signatures.append((match[1], strict_base64(match[2])))
    parts = text.split("\n")
    if len(parts) != 4:
        raise Wrong("checkpoint")
    tree_root = strict_base64(parts[2])
    if len(tree_root) != 32:
        raise Wrong("checkpoint")
    check_origin(parts[0])
    return (parts[0], decimal(parts[1]), tree_root), text.encode(), signatures


def verify_note(note, key):
    """(size, root), or the code of what is wrong."""
    origin, public = key
    try:
        (found, size, tree_root), text, signatures = read_note(note)
    except Wrong:
        return "journal-checkpoint-unreadable"
    if found != origin:
        return "journal-checkpoint-of-another"
    code = "journal-checkpoint-not-signed"
    for name, signature in signatures:
        if name == origin and signature[:4] == key_id(origin, public):
            if not ed25519_verify(public, text, signature[4:]):
                return "journal-checkpoint-false-signature"
            code = None
    return code or (size, tree_root)


# Leaves and exports ----------------------------------------------------------------------------

MEMBERS = "v tenant at actor via command name outcome body rows".split()
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAME = re.compile(r"[a-z0-9_.-]{1,64}")


def read_leaf(data):
    """A leaf from its canonical bytes."""
    leaf = strict_json(data)
    if not isinstance(leaf, dict) or sorted(leaf) != sorted(MEMBERS) or leaf["v"] != 1:
        raise Wrong("leaf")
    actor = leaf["actor"]
    ids = [leaf["command"]] + [actor[name] for name in ("account", "person", "on_behalf")]
    if len(actor) != 3 or UUID.fullmatch(ids[0]) is None:
        raise Wrong("leaf")
    if any(id_ is not None and UUID.fullmatch(id_) is None for id_ in ids):
        raise Wrong("leaf")
    if leaf["via"] not in ("browser", "api", "cli", "job"):
        raise Wrong("leaf")
    if leaf["outcome"] not in ("accepted", "denied", "revealed"):
        raise Wrong("leaf")
    for name in [leaf["name"], *leaf["rows"]]:
        if NAME.fullmatch(name) is None:
            raise Wrong("leaf")
    for digests in leaf["rows"].values():
        for digest in digests:
            if re.fullmatch(r"[0-9a-f]{64}", digest) is None:
                raise Wrong("leaf")
    if canonical(leaf) != data:
        raise Wrong("leaf")
    return leaf


class Export:
    """The lines of an export, and what is wrong with them as lines."""

    def __init__(self, data):
        self.codes = []
        self.notes = []
        self.leaves = []
        self.origin = None
        lines = data.split(b"\n")
        unended = lines.pop()
        if not lines or lines[0] != b"xingcun-journal 1":
            self.codes.append("journal-not-an-export")
            return
        ended = False
        for line in lines[1:]:
            if ended:
                self.codes.append("journal-after-end")
                return
            ended = self.line(line)
        if unended:
            self.codes.append("journal-after-end" if ended else "journal-line")
        if not ended:
            self.codes.append("journal-cut-short")

    def line(self, line):
        """Whether it was the last one."""
        try:
            word, _, rest = line.partition(b" ")
            if word == b"origin":
                check_origin(rest.decode())
                self.origin = rest.decode()
            elif word == b"checkpoint":
                note = strict_json(rest)
                if not isinstance(note, str):
                    raise Wrong("checkpoint")
                self.notes.append(note)
            elif word == b"leaf":
                number, recorded, data = rest.split(b" ", 2)
                if re.fullmatch(rb"[0-9a-f]{64}", recorded) is None:
                    raise Wrong("hash")
                recorded = bytes.fromhex(recorded.decode())
                self.leaves.append((decimal(number.decode()), recorded, data))
            elif word == b"end":
                if decimal(rest.decode()) != len(self.leaves):
                    self.codes.append("journal-count")
                return True
            else:
                raise Wrong("word")
        except (Wrong, ValueError):
            self.codes.append("journal-line")
        return False


def verify(data, kept, key):
    export = Export(data)
    codes = list(export.codes)
    if export.origin is not None and export.origin != key[0]:
        codes.append("journal-other-origin")
    signed = []
    for is_kept, notes in ((False, export.notes), (True, kept)):
        for note in notes:
            answer = verify_note(note, key)
            if isinstance(answer, str):
                codes.append(answer)
            else:
                signed.append((*answer, is_kept))

    recorded, contents, bad, commands = [], [], set(), set()
    expected = 0
    for number, hash_, data_ in export.leaves:
        try:
            leaf = read_leaf(data_)
        except (Wrong, KeyError, TypeError, AttributeError):
            leaf = None
        if leaf_hash(data_) != hash_:
            bad.add(number)
            codes.append("journal-leaf-garbled" if leaf is None else "journal-leaf-changed")
        elif leaf is None:
            codes.append("journal-leaf-unreadable")
        if leaf is not None:
            if leaf["tenant"] != check_origin(key[0]):
                codes.append("journal-leaf-of-another-tenant")
            if leaf["command"] in commands:
                codes.append("journal-command-twice")
            commands.add(leaf["command"])
        if number < expected:
            bad.add(number)
            codes.append("journal-order")
            continue
        if number > expected:
            bad.add(expected)
            codes.append("journal-gap")
        expected = number + 1
        if number == len(recorded):
            recorded.append(hash_)
            contents.append(leaf_hash(data_))

    def agrees(size, tree_root):
        if size > len(recorded):
            return None
        return tree_root in (root(recorded[:size]), root(contents[:size]))

    judged = [(size, agrees(size, tree_root), is_kept) for size, tree_root, is_kept in signed]
    good = {size for size, verdict, _ in judged if verdict}
    proven = max(good, default=0)
    first = min(bad, default=None)
    first_bad = None if first is None else [first, first + 1]
    altered = False
    for size, verdict, _ in sorted(judged):
        if verdict is not False:
            continue
        before = max((other for other in good if other < size), default=0)
        if size <= proven:
            codes.append("journal-fork")
        elif not altered:
            altered = True
            codes.append("journal-stretch-changed")
        if first_bad is None or before < first_bad[0]:
            first_bad = [before, size]
    present = max(expected, len(recorded))
    own = max((size for size, _, is_kept in judged if not is_kept), default=0)
    outside = max((size for size, _, is_kept in judged if is_kept), default=0)
    if own > present:
        codes.append("journal-tail-missing")
    elif outside > present:
        codes.append("journal-older")
    return {
        "size": len(recorded),
        "root": root(contents).hex(),
        "proven": proven,
        "first_bad": first_bad,
        "codes": sorted(codes),
    }


# Vectors ---------------------------------------------------------------------------------------

TREE_LEAVES = [
    b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno", b"x" * 100,
    b"\xff", b"tenth", b"eleventh", b"twelfth",
]  # fmt: skip

BODY = {
    "round": "2026q4",
    "village": "018bcfe5-687b-7fff-bfff-ffffffffffff",
    "items": [
        {"item": "A1", "value": "12.5", "note": "张三 “13800138000”\n\t\u0001\u007f😀"},
        {"item": "A2", "value": None, "done": True, "count": -9007199254740991},
    ],
    "marks": {"1.2.3": 5, "~/": {"x": [1, 2]}},
    "phones": {"13800138000": "李四"},
    "empty": {},
    "list": [],
}
CLEAR = ["round", "items.*.item", "marks.*", "marks.~/.x.1"]


def sample_leaf(number):
    hex_ = f"{number:02x}"
    return {
        "v": 1,
        "tenant": 1,
        "at": 1790000000000 + number * 60000,
        "actor": {
            "account": f"01a0c450-6c01-7101-8101-0000000000{hex_}",
            "person": f"01a0c450-6c01-7202-8202-0000000000{hex_}",
            "on_behalf": None,
        },
        "via": ["browser", "api", "cli", "job"][number % 4],
        "command": f"01a0c450-6c01-7303-8303-0000000000{hex_}",
        "name": "round.declare",
        "outcome": ["accepted", "denied", "revealed"][number % 3],
        "body": commit_body(BODY, CLEAR, bytes([number]) * 32),
        "rows": {"value_event": [sha256(bytes([number, row])).hex() for row in range(number % 3)]},
    }


def vectors():
    texts = [
        BODY,
        {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
        ["\u20ac$\u000f\nA'B\"\\\\\"/\b\f\t\r\u007f\u001f\u2028", MAX_INTEGER, -1, 0, True, False, None],
    ]
    hashes = [leaf_hash(leaf) for leaf in TREE_LEAVES]
    origin, seed = "xingcun/9f2c11aa/1/sha256", bytes([7]) * 32
    public = public_key(seed)
    typed = base64.b64encode(b"\x01" + public).decode()
    leaves = [canonical(sample_leaf(number)) for number in range(9)]
    leaf_hashes = [leaf_hash(leaf) for leaf in leaves]
    notes = [sign_checkpoint(origin, size, root(leaf_hashes[:size]), seed) for size in (0, 4, 9)]
    lines = ["xingcun-journal 1", f"origin {origin}"]
    lines += ["checkpoint " + canonical_text(note) for note in notes]
    lines += [
        f"leaf {number} {leaf_hash(leaf).hex()} {leaf.decode()}"
        for number, leaf in enumerate(leaves)
    ]
    lines += [f"end {len(leaves)}", ""]
    return {
        "canonical": [{"value": value, "text": canonical_text(value)} for value in texts],
        "commitment": {
            "body": BODY,
            "clear": CLEAR,
            "seed": (bytes(range(32))).hex(),
            "leaf_body": commit_body(BODY, CLEAR, bytes(range(32))),
        },
        "tree": {
            "leaves": [leaf.hex() for leaf in TREE_LEAVES],
            "roots": [root(hashes[:n]).hex() for n in range(len(hashes) + 1)],
            "inclusion": [
                {"index": m, "size": n, "proof": [h.hex() for h in path(m, hashes[:n])]}
                for n in range(1, len(hashes) + 1)
                for m in range(n)
            ],
            "consistency": [
                {"old": m, "new": n, "proof": [h.hex() for h in subproof(m, hashes[:n], True)]}
                for n in range(1, len(hashes) + 1)
                for m in range(1, n + 1)
            ],
        },
        "checkpoint": {
            "seed": seed.hex(),
            "origin": origin,
            "key": f"{origin}+{key_id(origin, public).hex()}+{typed}",
            "size": 4,
            "root": root(leaf_hashes[:4]).hex(),
            "note": notes[1],
        },
        "export": "\n".join(lines),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("vectors")
    check = commands.add_parser("verify")
    check.add_argument("export")
    check.add_argument("--key", required=True)
    check.add_argument("--checkpoint", action="append", default=[])
    arguments = parser.parse_args()
    if arguments.command == "vectors":
        json.dump(vectors(), sys.stdout, indent=1, ensure_ascii=True)
        print()
        return 0
    with open(arguments.export, "rb") as file:
        data = file.read()
    kept = []
    for name in arguments.checkpoint:
        with open(name, encoding="utf-8", newline="") as file:
            kept.append(file.read())
    report = verify(data, kept, read_key(arguments.key))
    print(json.dumps(report))
    return 1 if report["codes"] else 0


if __name__ == "__main__":
    sys.exit(main())
