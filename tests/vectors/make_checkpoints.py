"""Write the vectors of checkpoints: each differs from a right one in one thing.

Run once; ML-DSA-87 draws a number, so the files of another run would be others, equally right.
The private keys are two seeds of 32 equal bytes: 1 and 2 for KOR (the key of the examples in
docs/protocol.md), 3 and 4 for JPN, 5 and 6 for USA. Where a text is not right it is signed all
the same, so that nothing but its form is wrong.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha384
from pathlib import Path
from typing import Any

from comity.ledger.notes import MAXIMUM_LENGTH, KeyUse, key_hash
from comity.seal.real import REAL
from comity.seal.suite import SignatureType
from comity.vocabulary.names import Party

KEYS = {"KOR": bytes([1]) * 32 + bytes([2]) * 32, "JPN": bytes([3]) * 32 + bytes([4]) * 32}
KEYS["USA"] = bytes([5]) * 32 + bytes([6]) * 32
PUBLIC = {party: REAL.signing_public(key) for party, key in KEYS.items()}
USE = {"checkpoint": KeyUse.CHECKPOINT, "cosignature": KeyUse.COSIGNATURE}

LOG, TIME, AT = "comity/KOR/to/JPN", "2026-11-24T10:00:00.000Z", "2026-11-24T10:00:07.123Z"
MOMENT = 1_795_514_407_123
ED25519, ORDER = 64, 2**252 + 27742317777372353535851937790883648493

Edit = Callable[[bytes], bytes]


def base64(raw: bytes) -> str:
    return b64encode(raw).decode()


ROOT, OTHER, EMPTY = (base64(sha384(one).digest()) for one in (b"root", b"other", b""))
LINES = {"log": LOG, "size": "42", "root": ROOT, "time": f"time {TIME}", "seen": f"seen 17 {OTHER}"}


def text(**other: str | None) -> bytes:
    """Return the text of a checkpoint with other lines, or without those that are None."""
    return "".join(f"{line}\n" for line in {**LINES, **other}.values() if line is not None).encode()


def line(blob: bytes, name: str = "KOR") -> bytes:
    return f"— {name} {base64(blob)}\n".encode()


def signed(
    over: bytes, name: str = "KOR", *, as_type: str = "checkpoint", use: str = "checkpoint"
) -> bytes:
    """Return what stands in base64 in an owner's line."""
    signature = REAL.sign(KEYS[name], type=SignatureType(as_type), message=over)
    return key_hash(Party(name), USE[use], PUBLIC[name]) + signature


def cosigned(  # noqa: PLR0913 - what may be otherwise, by keyword
    over: bytes,
    name: str = "JPN",
    *,
    time: str = AT,
    stamp: bytes | None = None,
    as_type: str = "cosignature",
    use: str = "cosignature",
) -> bytes:
    """Return what stands in base64 in a cosigner's line."""
    stamp = MOMENT.to_bytes(8, "big") if stamp is None else stamp
    message = f"cosignature/v1\ntime {time}\n".encode() + over
    signature = REAL.sign(KEYS[name], type=SignatureType(as_type), message=message)
    return key_hash(Party(name), USE[use], PUBLIC[name]) + stamp + signature


def flipped(blob: bytes, at: int, bit: int = 1) -> bytes:
    return blob[:at] + bytes([blob[at] ^ bit]) + blob[at + 1 :]


def whole(over: bytes, *lines: bytes) -> bytes:
    return over + b"\n" + b"".join(lines)


def sharing(name: str) -> str:
    """Return the kind of refusal of the forms below that is not that of the form."""
    if name in {"size-zero-other-root", "seen-zero-other-root"}:
        return "invalid.checkpoint.root"
    if name in {"seen-in-journal", "seen-in-standing-in"}:
        return "invalid.checkpoint.seen"
    return "invalid.checkpoint.form"


TEXTS = {
    "size-leading-zero": ("A size with a leading zero", text(size="042")),
    "size-zero-twice": ("Size zero written with two digits", text(size="00", root=EMPTY)),
    "size-plus": ("A size with a sign", text(size="+42")),
    "size-negative": ("A size below zero", text(size="-42")),
    "size-2-53": ("A size of 2^53", text(size="9007199254740992")),
    "size-17-digits": ("A size of seventeen digits", text(size="10000000000000000")),
    "size-space": ("A space after the size", text(size="42 ")),
    "size-arabic": ("A size in other digits", text(size="٤٢")),
    "size-missing": ("No size", text(size=None)),
    "size-twice": ("The line of the size twice", text(size="42\n42")),
    "size-zero-other-root": ("Size zero with the root of something", text(size="0")),
    "root-missing": ("No root", text(root=None)),
    "root-47-bytes": ("A root of 47 bytes, with padding", text(root=base64(b"\1" * 47))),
    "root-padded": ("A root of 48 bytes with padding that it does not need", text(root=ROOT + "=")),
    "root-url-alphabet": (
        "A root in the other alphabet of base64",
        text(root=ROOT.replace("+", "-").replace("/", "_")),
    ),
    "root-hexadecimal": ("A root in hexadecimal", text(root=sha384(b"root").hexdigest())),
    "time-missing": ("No time", text(time=None)),
    "time-twice": ("The line of the time twice", text(time=f"time {TIME}\ntime {TIME}")),
    "time-no-word": ("A time without its word", text(time=TIME)),
    "time-capital": ("The word of the time in capitals", text(time=f"TIME {TIME}")),
    "time-seconds": ("A time without milliseconds", text(time="time 2026-11-24T10:00:00Z")),
    "time-microseconds": ("A time in microseconds", text(time="time 2026-11-24T10:00:00.000000Z")),
    "time-offset": ("A time with an offset", text(time="time 2026-11-24T10:00:00+00:00")),
    "time-lower-case": ("A time in small letters", text(time=f"time {TIME.lower()}")),
    "time-february-30": ("A day that does not exist", text(time="time 2026-02-30T10:00:00.000Z")),
    "time-leap-second": ("Second 60", text(time="time 2026-12-31T23:59:60.000Z")),
    "time-hour-24": ("Hour 24", text(time="time 2026-11-24T24:00:00.000Z")),
    "time-two-spaces": ("Two spaces before the time", text(time=f"time  {TIME}")),
    "seen-leading-zero": ("What was seen with a leading zero", text(seen=f"seen 017 {OTHER}")),
    "seen-2-53": ("What was seen of 2^53", text(seen=f"seen 9007199254740992 {OTHER}")),
    "seen-without-root": ("What was seen without its root", text(seen="seen 17")),
    "seen-twice": ("Two lines of what was seen", text(seen=f"seen 17 {OTHER}\nseen 17 {OTHER}")),
    "seen-before-time": (
        "What was seen before the time",
        text(time=LINES["seen"], seen=LINES["time"]),
    ),
    "seen-zero-other-root": ("Nothing seen, and a root of it", text(seen=f"seen 0 {OTHER}")),
    "seen-in-journal": ("What was seen in a journal", text(log="comity/KOR/journal")),
    "seen-in-standing-in": (
        "What was seen in a log that stands for a missing one",
        text(log="comity/KOR/for/JPN"),
    ),
    "line-unknown": ("A line that nobody knows", text(seen=LINES["seen"] + "\nremark none")),
    "line-carriage-returns": (
        "Lines ended by carriage return and line feed",
        text().replace(b"\n", b"\r\n"),
    ),
    "line-one-carriage-return": ("One carriage return", text(size="42\r")),
    "line-tab": ("A tab for a space", text(time=f"time\t{TIME}")),
    "line-nul": ("A zero byte", text(size="42\0")),
    "line-not-ascii": ("A letter that is not ASCII", text(log="comity/KÖR/to/JPN")),
    "line-byte-order-mark": ("A byte order mark", b"\xef\xbb\xbf" + text()),
    "line-empty-first": ("An empty line in front", b"\n" + text()),
    "log-of-its-owner": ("A party that corresponds with itself", text(log="comity/KOR/to/KOR")),
    "log-small-letters": ("A log in small letters", text(log="comity/kor/to/jpn")),
    "log-successor-one": ("A successor with the number 1", text(log=f"{LOG}/1")),
    "log-another-way": ("A way that no log goes", text(log="comity/KOR/with/JPN")),
    "log-path": ("A log that is a path", text(log="comity/KOR/to/../JPN")),
}

CHANGED = {
    "size": (text(size="43"), "The size changed after signing"),
    "root": (text(root=OTHER), "The root changed after signing"),
    "time": (text(time="time 2026-11-24T10:00:00.001Z"), "The time changed after signing"),
    "seen": (text(seen=None), "What was seen taken away after signing"),
    "log": (text(log=f"{LOG}/2"), "The log's successor named after signing"),
}


def right() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield what is accepted of an owner: its name, what it says, the note, the log."""
    own = signed(text())
    good = whole(text(), line(own))
    yield "right", "As it should be", good, LOG
    shapes = {
        "without-seen": ("Nothing of the other log held yet", {"seen": None}),
        "size-zero": ("A log of no leaves", {"size": "0", "root": EMPTY, "seen": None}),
        "seen-zero": ("The other log held, and empty", {"seen": f"seen 0 {EMPTY}"}),
        "size-largest": ("A size of 2^53 - 1", {"size": "9007199254740991"}),
        "leap-day": ("A day that is not in every year", {"time": "time 2028-02-29T23:59:59.999Z"}),
        "journal": ("A journal", {"log": "comity/KOR/journal", "seen": None}),
        "register": ("A register", {"log": "comity/KOR/register/JPN", "seen": None}),
        "standing-in": ("A log that stands in", {"log": "comity/KOR/for/JPN", "seen": None}),
        "lane": ("The lane of a directive", {"log": "comity/KOR/to/JPN/feed/SD-2026-1"}),
        "successor": ("A log that goes on where one was closed", {"log": f"{LOG}/999"}),
    }
    for name, (says, other) in shapes.items():
        over = text(**other)
        yield f"right-{name}", says, whole(over, line(signed(over))), str(other.get("log", LOG))
    second = line(cosigned(text()), "JPN")
    yield "right-cosigned", "With the line of the other party", good + second, LOG
    yield (
        "right-cosigner-first",
        "The lines in another order",
        whole(text(), second, line(own)),
        LOG,
    )
    stranger = line(bytes(5), "USA")
    yield (
        "right-line-of-a-stranger",
        "A line that nobody verifies who asks the owner",
        good + stranger,
        LOG,
    )
    others = [line(bytes(5), f"P{number}") for number in range(10, 25)]
    yield "right-sixteen-lines", "Sixteen lines", whole(text(), line(own), *others), LOG


def lines() -> Iterator[tuple[str, str, str, bytes]]:
    """Yield notes whose lines are not right: name, what it says, code, note."""
    own, over = signed(text()), text()
    good, form = whole(over, line(own)), "invalid.checkpoint.lines"
    # An owner's line fills its base64; a cosigner's leaves two bits of it to spare.
    both = whole(over, line(own), line(cosigned(over), "JPN"))
    yield "no-last-line-feed", "No line feed at the end", form, good[:-1]
    yield "no-lines", "No signature lines", form, over + b"\n"
    yield "no-empty-line", "No empty line before the signatures", form, over + line(own)
    yield "two-empty-lines", "Two empty lines", form, over + b"\n\n" + line(own)
    yield "empty-line-at-end", "An empty line at the end", form, good + b"\n"
    yield "bytes-at-end", "Bytes after the last line", form, good + b"x"
    yield "owner-twice", "The owner's line twice", form, good + line(own)
    stranger = line(bytes(5), "USA")
    yield "stranger-twice", "Two lines of a stranger", form, good + stranger + stranger
    others = [line(bytes(5), f"P{number}") for number in range(10, 26)]
    yield "seventeen-lines", "Seventeen lines", form, whole(over, line(own), *others)
    yield "hyphen", "A hyphen for the dash", form, good.replace("—".encode(), b"-")
    yield "two-spaces", "Two spaces in a line", form, good.replace("— ".encode(), "—  ".encode())
    yield "name-small", "The name in small letters", form, good.replace(b" KOR ", b" kor ")
    yield "line-carriage-return", "A carriage return after a line", form, good[:-1] + b"\r\n"
    yield "line-space", "A space after a line", form, good[:-1] + b" \n"
    assert both.endswith(b"=\n")
    yield "no-padding", "Base64 without its padding", form, both[:-2] + b"\n"
    yield "more-padding", "Base64 with padding that it does not need", form, good[:-1] + b"=\n"
    spare = bytes([both[-3] + 1])
    yield "spare-bits", "A spare bit of base64 set", form, both[:-3] + spare + b"=\n"
    url = good.replace(b"+", b"-")
    assert b"-" in url.partition(b"\n\n")[2]
    yield "url-alphabet", "The other alphabet of base64", form, whole(over, url[len(over) + 1 :])
    yield "key-hash-alone", "Four bytes and no signature", form, whole(over, line(own[:4]))


def signatures() -> Iterator[tuple[str, str, str, bytes]]:
    """Yield notes that the owner did not sign as they stand."""
    over, own = text(), signed(text())
    hashed, first, second = own[:4], own[4 : 4 + ED25519], own[4 + ED25519 :]
    none, wrong = "invalid.checkpoint.unsigned", "invalid.signature"
    later = signed(text(size="43"))

    def note(blob: bytes, name: str = "KOR") -> bytes:
        return whole(over, line(blob, name))

    yield "key-hash-flip", "A bit of the key's hash", none, note(flipped(own, 0))
    yield "key-hash-zero", "Zeros for the key's hash", none, note(bytes(4) + own[4:])
    other_use = signed(over, use="cosignature")
    yield "key-hash-of-cosigner", "The hash of the key as a cosigner's", none, note(other_use)
    another = line(cosigned(over), "JPN")
    yield "owner-missing", "The owner's line is missing", none, whole(over, another)
    yield "owner-other-name", "The owner's line under another name", none, note(own, "JPN")
    yield "signed-by-another", "Signed by the other party", none, note(signed(over, "JPN"))
    yield "ed25519-flip", "A bit of the Ed25519 half", wrong, note(flipped(own, 10))
    top = flipped(own, 67, 128)
    yield "ed25519-last-flip", "The last bit of the Ed25519 half", wrong, note(top)
    yield "mldsa-flip", "A bit of the ML-DSA half", wrong, note(flipped(own, 2000))
    yield "mldsa-last-flip", "A bit of the last byte", wrong, note(own[:-1] + bytes([own[-1] ^ 1]))
    number = int.from_bytes(first[32:], "little") + ORDER
    again = first[:32] + number.to_bytes(32, "little")
    yield "ed25519-other-form", "The order added to S", wrong, note(hashed + again + second)
    yield "halves-swapped", "The halves in another order", wrong, note(hashed + second + first)
    mixed = hashed + later[4 : 4 + ED25519] + second
    yield "ed25519-of-another-text", "The Ed25519 half of the size after", wrong, note(mixed)
    mixed = hashed + first + later[4 + ED25519 :]
    yield "mldsa-of-another-text", "The ML-DSA half of the size after", wrong, note(mixed)
    theirs = signed(over, "JPN")
    mixed = hashed + theirs[4 : 4 + ED25519] + second
    yield "ed25519-of-another-key", "The other party's Ed25519 half", wrong, note(mixed)
    mixed = hashed + first + theirs[4 + ED25519 :]
    yield "mldsa-of-another-key", "The other party's ML-DSA half", wrong, note(mixed)
    yield "ed25519-zero", "Zeros for the Ed25519 half", wrong, note(hashed + bytes(64) + second)
    yield "mldsa-zero", "Zeros for the ML-DSA half", wrong, note(hashed + first + bytes(4627))
    yield "ed25519-alone", "The Ed25519 half alone", wrong, note(hashed + first)
    yield "mldsa-alone", "The ML-DSA half alone", wrong, note(hashed + second)
    yield "cut-short", "A signature without its last byte", wrong, note(own[:-1])
    yield "one-byte-more", "A signature with one byte more", wrong, note(own + b"\0")
    for kind in ("cosignature", "directory", "approval", "agreement", "revocation"):
        blob = signed(over, as_type=kind)
        yield f"type-{kind}", f"A signature of the type {kind}", wrong, note(blob)
        mixed = hashed + blob[4 : 4 + ED25519] + second
        if kind == "cosignature":
            yield "type-of-one-half", "The Ed25519 half of another type", wrong, note(mixed)
            mixed = hashed + first + blob[4 + ED25519 :]
            yield "type-of-other-half", "The ML-DSA half of another type", wrong, note(mixed)
    for name, (changed, says) in CHANGED.items():
        yield f"changed-{name}", says, wrong, whole(changed, line(own))


def cosignatures() -> Iterator[tuple[str, str, str, bytes, str]]:
    """Yield what a cosigner is asked of: name, what it says, code, note, whose cosignature."""
    over, good = text(), cosigned(text())
    own = line(signed(over))
    hashed, stamp, signature = good[:4], good[4:12], good[12:]
    none, wrong, never = (
        "invalid.checkpoint.unsigned",
        "invalid.signature",
        "invalid.checkpoint.time",
    )

    def note(blob: bytes, name: str = "JPN") -> bytes:
        return whole(over, own, line(blob, name))

    yield "right", "As it should be", "accepted", note(good), "JPN"
    third = cosigned(over, "USA")
    yield "right-by-a-third", "A third party's", "accepted", note(third, "USA"), "USA"
    early = cosigned(over, time="1970-01-01T00:00:00.000Z", stamp=bytes(8))
    yield "right-1970", "At the beginning of the count", "accepted", note(early), "JPN"
    late = (253_402_300_799_999).to_bytes(8, "big")
    last = cosigned(over, time="9999-12-31T23:59:59.999Z", stamp=late)
    yield "right-9999", "At the last instant of the calendar", "accepted", note(last), "JPN"
    alone = whole(over, line(good, "JPN"))
    yield "right-owner-missing", "Nothing is said of the owner's line", "accepted", alone, "JPN"
    yield "missing", "There is no cosignature", none, whole(over, own), "JPN"
    yield "of-another", "Another party's cosignature", none, note(third, "USA"), "JPN"
    yield "owner", "The owner cosigns its own log", "invalid.checkpoint.signer", note(good), "KOR"
    yield "key-hash-flip", "A bit of the key's hash", none, note(flipped(good, 3)), "JPN"
    other = cosigned(over, use="checkpoint")
    yield "key-hash-of-owner", "The hash of the key as an owner's", none, note(other), "JPN"
    yield "without-time", "A signature without its time", never, note(hashed + signature), "JPN"
    yield "time-7-bytes", "Seven bytes of a time and nothing more", never, note(good[:11]), "JPN"
    yield "time-alone", "A time and no signature", wrong, note(hashed + stamp), "JPN"
    yield "time-other", "Another time than was signed", wrong, note(flipped(good, 11)), "JPN"
    turned = cosigned(over, stamp=stamp[::-1])
    yield "time-little-endian", "A time with its last byte first", never, note(turned), "JPN"
    beyond = (253_402_300_800_000).to_bytes(8, "big")
    after = cosigned(over, time="9999-12-31T23:59:59.999Z", stamp=beyond)
    yield "time-10000", "A time after the calendar", never, note(after), "JPN"
    seconds = cosigned(over, stamp=(MOMENT // 1000).to_bytes(8, "big"))
    yield "time-seconds", "A time in seconds", wrong, note(seconds), "JPN"
    blob = cosigned(over, as_type="checkpoint")
    yield "type-checkpoint", "A signature of the type checkpoint", wrong, note(blob), "JPN"
    bare = REAL.sign(KEYS["JPN"], type=SignatureType.COSIGNATURE, message=over)
    blob = hashed + stamp + bare
    yield "over-the-text-alone", "A signature over the text alone", wrong, note(blob), "JPN"
    later = cosigned(text(size="43"))
    yield "of-another-size", "A cosignature of the size after", wrong, note(later), "JPN"
    yield "ed25519-flip", "A bit of the Ed25519 half", wrong, note(flipped(good, 20)), "JPN"
    yield "mldsa-flip", "A bit of the ML-DSA half", wrong, note(flipped(good, 3000)), "JPN"
    mixed = good[: 12 + ED25519] + later[12 + ED25519 :]
    yield "halves-mixed", "The ML-DSA half of the size after", wrong, note(mixed), "JPN"
    zero = text(size="042")
    blob = whole(zero, line(signed(zero)), line(cosigned(zero), "JPN"))
    yield "text-leading-zero", "A text that is none", "invalid.checkpoint.form", blob, "JPN"


def main() -> None:
    folder = Path(__file__).with_name("checkpoints")
    folder.mkdir(exist_ok=True)

    def write(file: str, says: str, expect: str, note: bytes, **asked: object) -> None:
        found: dict[str, Any] = {"says": says, "expect": expect, "note": base64(note), **asked}
        written = json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / f"{file}.json").write_text(written, encoding="utf-8")

    owner = {"public": base64(PUBLIC["KOR"]), "log": LOG}
    for name, says, note, log in right():
        write(name, says, "accepted", note, **(owner | {"log": log}))
    good = whole(text(), line(signed(text())))
    for name, (says, over) in TEXTS.items():
        asked = owner
        for log in ("comity/KOR/journal", "comity/KOR/for/JPN"):
            asked = asked | {"log": log} if over.startswith(log.encode() + b"\n") else asked
        write(name, says, sharing(name), whole(over, line(signed(over))), **asked)
    for name, says, code, note in lines():
        write(name, says, code, note, **owner)
    # One line of a stranger fills what is left of the longest note: 4 characters for 3 bytes.
    head = "— USA "
    room = MAXIMUM_LENGTH - len(good) - len(head.encode()) - 1
    more = {"text": head, "repeat": "A", "times": room // 4 * 4, "close": "\n"}
    write("right-long", "A note with one very long line", "accepted", good, **owner, append=more)
    more = more | {"times": room // 4 * 4 + 4}
    code = "invalid.checkpoint.length"
    write("too-long", "A note longer than any", code, good, **owner, append=more)
    for name, says, code, note in signatures():
        asked = owner
        if name == "changed-log":
            asked = owner | {"log": f"{LOG}/2"}
        write(name, says, code, note, **asked)
    write("log-asked-other", "A checkpoint of another log", "invalid.checkpoint.log", good,
          **(owner | {"log": "comity/KOR/to/USA"}))  # fmt: skip
    theirs, code = {"public": base64(PUBLIC["JPN"]), "log": LOG}, "invalid.checkpoint.unsigned"
    write("key-asked-other", "Another key than signed", code, good, **theirs)
    for name, says, code, note, party in cosignatures():
        asked = {"public": base64(PUBLIC[party]), "name": party}
        write(f"cosignature-{name}", says, code, note, **asked)


if __name__ == "__main__":
    main()
