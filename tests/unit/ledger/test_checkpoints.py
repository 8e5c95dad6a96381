"""Checkpoints and cosignatures: their one form, and who signed them."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha384

import pytest

from comity.ledger.checkpoints import (
    EMPTY_ROOT,
    MAXIMUM_TEXT,
    Checkpoint,
    SeenRoot,
    cosign,
    parse,
    sign_checkpoint,
    verify_checkpoint,
    verify_cosignature,
    write,
)
from comity.ledger.notes import MAXIMUM_LENGTH, note_digest, parse_note, with_line
from comity.ledger.tree import MAXIMUM_SIZE
from comity.seal.real import REAL
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.digests import digest_from_bytes, digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence, journal, parse_log, standing_in
from comity.vocabulary.names import Party
from tests.support.fast_suite import FAST, seeded

KOR, JPN, USA = Party("KOR"), Party("JPN"), Party("USA")
LOG = correspondence(KOR, JPN)
ROOT = digest_from_bytes(sha384(b"root").digest())
OTHER = digest_from_bytes(sha384(b"other").digest())
TIME = Instant("2026-11-24T10:00:00.000Z")
LATER = Instant("2026-11-24T10:00:07.123Z")
CHECKPOINT = Checkpoint(LOG, 42, ROOT, TIME, SeenRoot(17, OTHER))

ROOT_64 = b64encode(digest_to_bytes(ROOT)).decode()
OTHER_64 = b64encode(digest_to_bytes(OTHER)).decode()
EMPTY_64 = b64encode(digest_to_bytes(EMPTY_ROOT)).decode()
TEXT = (
    f"comity/KOR/to/JPN\n42\n{ROOT_64}\ntime 2026-11-24T10:00:00.000Z\nseen 17 {OTHER_64}\n"
).encode()

keys = seeded(b"checkpoints")
KOR_KEY, JPN_KEY, USA_KEY = (keys.generate_signing() for _ in range(3))
KOR_PUBLIC, JPN_PUBLIC, USA_PUBLIC = (
    keys.signing_public(key) for key in (KOR_KEY, JPN_KEY, USA_KEY)
)
SIGNED = sign_checkpoint(FAST, KOR_KEY, KOR_PUBLIC, CHECKPOINT)


def cosigned(note: bytes, time: Instant = LATER) -> bytes:
    line = cosign(FAST, JPN_KEY, JPN_PUBLIC, note, name=JPN, time=time)
    return with_line(note, line)


def refused(code: str) -> "pytest.RaisesExc[Invalid]":
    return pytest.raises(Invalid, check=lambda error: error.code == code)


# The text


def test_a_checkpoint_has_the_text_that_is_documented() -> None:
    assert write(CHECKPOINT) == TEXT
    assert parse(TEXT) == CHECKPOINT


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint(LOG, 0, EMPTY_ROOT, TIME),
        Checkpoint(LOG, 0, EMPTY_ROOT, TIME, SeenRoot(0, EMPTY_ROOT)),
        Checkpoint(LOG, MAXIMUM_SIZE, ROOT, TIME, SeenRoot(MAXIMUM_SIZE, OTHER)),
        Checkpoint(journal(KOR), 1, ROOT, TIME),
        Checkpoint(standing_in(KOR, JPN), 1, ROOT, TIME),
        Checkpoint(parse_log("comity/KOR/to/JPN/feed/SD-2026-1/999"), 1, ROOT, TIME),
        Checkpoint(
            parse_log(f"comity/{'A' * 16}/to/{'B' * 16}/feed/{'C' * 40}/999"),
            MAXIMUM_SIZE,
            ROOT,
            TIME,
            SeenRoot(MAXIMUM_SIZE, OTHER),
        ),
    ],
)
def test_writing_and_parsing_lead_back(checkpoint: Checkpoint) -> None:
    text = write(checkpoint)
    assert len(text) <= MAXIMUM_TEXT
    assert parse(text) == checkpoint


def replaced(old: str, new: str) -> bytes:
    assert TEXT.count(old.encode()) >= 1
    return TEXT.replace(old.encode(), new.encode(), 1)


BAD_FORMS = {
    "empty": b"",
    "no line feed at the end": TEXT[:-1],
    "an empty line at the end": TEXT + b"\n",
    "one more line": TEXT + b"more\n",
    "two seen lines": TEXT + f"seen 17 {OTHER_64}\n".encode(),
    "carriage returns": TEXT.replace(b"\n", b"\r\n"),
    "one carriage return": replaced("42\n", "42\r\n"),
    "a leading empty line": b"\n" + TEXT,
    "a byte order mark": b"\xef\xbb\xbf" + TEXT,
    "NUL": replaced("42", "4\0002"),
    "leading zero": replaced("\n42", "\n042"),
    "leading zero in seen": replaced("seen 17", "seen 017"),
    "plus": replaced("\n42", "\n+42"),
    "minus": replaced("\n42", "\n-42"),
    "underscore": replaced("\n42", "\n4_2"),
    "space before": replaced("\n42", "\n 42"),
    "space after": replaced("42\n", "42 \n"),
    "no size": replaced("\n42\n", "\n\n"),
    "digits of another script": replaced("\n42", "\n\u0664\u0662"),
    "too large": replaced("\n42", f"\n{MAXIMUM_SIZE + 1}"),
    "huge": replaced("\n42", "\n" + "9" * 400),
    "seen too large": replaced("seen 17", f"seen {MAXIMUM_SIZE + 1}"),
    "a short root": replaced(ROOT_64, ROOT_64[:60]),
    "a root of 47 bytes": replaced(ROOT_64, b64encode(bytes(47)).decode()),
    "a long root": replaced(ROOT_64, ROOT_64 + "AAAA"),
    "URL base64": replaced(ROOT_64, "-" + ROOT_64[1:]),
    "no time": replaced("time 2026-11-24T10:00:00.000Z\n", ""),
    "no such day": replaced("2026-11-24", "2026-02-30"),
    "the year 0": replaced("2026-11-24", "0000-11-24"),
    "another zone": replaced("00.000Z", "00.000+"),
    "no milliseconds": replaced("00.000Z", "00Z"),
    "seen before time": (
        f"{LOG}\n42\n{ROOT_64}\nseen 17 {OTHER_64}\ntime 2026-11-24T10:00:00.000Z\n"
    ).encode(),
    "Seen": replaced("seen", "Seen"),
    "two spaces": replaced("seen 17", "seen  17"),
    "a tab": replaced("seen 17", "seen\t17"),
    "no such log": replaced("to/JPN", "to/KOR"),
    "an unknown log": replaced("comity", "origin"),
    "a party outside ASCII": replaced("KOR", "K\u00d6R"),
    "a letter of another script": replaced("KOR", "\u041aOR"),
    "longer than any": TEXT + b"x" * MAXIMUM_TEXT,
}


@pytest.mark.parametrize("text", BAD_FORMS.values(), ids=BAD_FORMS)
def test_another_form_is_refused(text: bytes) -> None:
    assert text != TEXT
    with refused("invalid.checkpoint.form"):
        parse(text)


def test_size_zero_has_the_empty_root_only() -> None:
    for text in (replaced("\n42\n", "\n0\n"), replaced("seen 17", "seen 0")):
        with refused("invalid.checkpoint.root"):
            parse(text)
    assert parse(TEXT.replace(OTHER_64.encode(), EMPTY_64.encode())).seen == SeenRoot(
        17, EMPTY_ROOT
    )


@pytest.mark.parametrize("log", [journal(KOR), standing_in(KOR, JPN), journal(KOR) + "/2"])
def test_a_log_without_counterpart_has_seen_nothing(log: str) -> None:
    with refused("invalid.checkpoint.seen"):
        parse(replaced(LOG, log))


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint(LOG, -1, ROOT, TIME),
        Checkpoint(LOG, MAXIMUM_SIZE + 1, ROOT, TIME),
        Checkpoint(LOG, 42, ROOT, Instant("2026-11-24")),
        Checkpoint(LOG, 42, ROOT, Instant("2026-11-24T10:00:00.000Z\nseen 1 x")),
        Checkpoint(parse_log("comity/KOR/journal"), 42, ROOT, TIME, SeenRoot(17, OTHER)),
        Checkpoint(LOG, 0, ROOT, TIME),
        Checkpoint(LOG, 42, ROOT, TIME, SeenRoot(-1, OTHER)),
        Checkpoint(LOG, 42, ROOT, Instant("２０２６-11-24T10:00:00.000Z")),  # noqa: RUF001
    ],
)
def test_what_cannot_be_read_is_not_written_or_signed(checkpoint: Checkpoint) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.checkpoint\."):
        sign_checkpoint(FAST, KOR_KEY, KOR_PUBLIC, checkpoint)


# The owner's signature


@pytest.fixture(params=["real", "fast"])
def suite(request: pytest.FixtureRequest) -> Iterator[Suite]:
    chosen: Suite = {"real": REAL, "fast": FAST}[request.param]
    yield chosen
    chosen.forget()


def test_signed_and_cosigned_by_any_suite(suite: Suite) -> None:
    private = [suite.generate_signing() for _ in range(2)]
    public = [suite.signing_public(key) for key in private]
    note = sign_checkpoint(suite, private[0], public[0], CHECKPOINT)
    assert verify_checkpoint(suite, note, public=public[0], log=LOG) == CHECKPOINT
    line = cosign(suite, private[1], public[1], note, name=JPN, time=LATER)
    both = with_line(note, line)
    assert both.startswith(note)
    assert verify_checkpoint(suite, both, public=public[0], log=LOG) == CHECKPOINT
    assert verify_cosignature(suite, both, public=public[1], name=JPN) == LATER
    with refused("invalid.checkpoint.unsigned"):
        verify_checkpoint(suite, note, public=public[1], log=LOG)
    with refused("invalid.checkpoint.unsigned"):
        verify_cosignature(suite, both, public=public[0], name=JPN)


def test_sixteen_real_signatures_fit_into_a_note() -> None:
    line = 4 + 16 + 1 + 1 + 4 * ((4 + 8 + REAL.signature_length + 2) // 3) + 1
    assert MAXIMUM_TEXT + 1 + 16 * line <= MAXIMUM_LENGTH


def test_the_signature_covers_the_whole_text() -> None:
    line = parse_note(SIGNED).lines[0]
    FAST.verify(KOR_PUBLIC, type=SignatureType.CHECKPOINT, message=TEXT, signature=line.signature)
    for other in (
        Checkpoint(LOG, 43, ROOT, TIME, SeenRoot(17, OTHER)),
        Checkpoint(LOG, 42, OTHER, TIME, SeenRoot(17, OTHER)),
        Checkpoint(LOG, 42, ROOT, LATER, SeenRoot(17, OTHER)),
        Checkpoint(LOG, 42, ROOT, TIME, SeenRoot(18, OTHER)),
        Checkpoint(LOG, 42, ROOT, TIME, SeenRoot(17, ROOT)),
        Checkpoint(LOG, 42, ROOT, TIME),
    ):
        note = SIGNED.replace(TEXT, write(other))
        with refused("invalid.signature"):
            verify_checkpoint(FAST, note, public=KOR_PUBLIC, log=LOG)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    for log in (correspondence(JPN, KOR), journal(KOR), parse_log(LOG + "/2")):
        with refused("invalid.checkpoint.log"):
            verify_checkpoint(FAST, SIGNED, public=KOR_PUBLIC, log=log)


def test_only_the_owner_signs_a_checkpoint() -> None:
    # JPN's own key under JPN's own name: a good signature, but not of the owner.
    text = write(CHECKPOINT)
    forged = sign_checkpoint(
        FAST, JPN_KEY, JPN_PUBLIC, Checkpoint(correspondence(JPN, KOR), 42, ROOT, TIME)
    )
    line = forged.partition(b"\n\n")[2]
    for public in (KOR_PUBLIC, JPN_PUBLIC):
        with refused("invalid.checkpoint.unsigned"):
            verify_checkpoint(FAST, text + b"\n" + line, public=public, log=LOG)


# Cosignatures


def test_the_owner_does_not_cosign() -> None:
    with refused("invalid.checkpoint.signer"):
        cosign(FAST, KOR_KEY, KOR_PUBLIC, SIGNED, name=KOR, time=LATER)
    with refused("invalid.checkpoint.signer"):
        verify_cosignature(FAST, SIGNED, public=KOR_PUBLIC, name=KOR)


def test_a_checkpoint_that_is_not_cosigned_is_not_acknowledged() -> None:
    with refused("invalid.checkpoint.unsigned"):
        verify_cosignature(FAST, SIGNED, public=JPN_PUBLIC, name=JPN)
    with refused("invalid.checkpoint.unsigned"):
        verify_cosignature(FAST, cosigned(SIGNED), public=USA_PUBLIC, name=USA)


def test_a_third_party_may_cosign_as_well() -> None:
    line = cosign(FAST, USA_KEY, USA_PUBLIC, SIGNED, name=USA, time=TIME)
    note = with_line(cosigned(SIGNED), line)
    assert verify_cosignature(FAST, note, public=USA_PUBLIC, name=USA) == TIME
    assert verify_cosignature(FAST, note, public=JPN_PUBLIC, name=JPN) == LATER
    assert verify_checkpoint(FAST, note, public=KOR_PUBLIC, log=LOG) == CHECKPOINT


@pytest.mark.parametrize(
    "time",
    [
        Instant("1970-01-01T00:00:00.000Z"),
        Instant("1970-01-01T00:00:00.001Z"),
        Instant("2026-11-24T10:00:00.999Z"),
        Instant("9999-12-31T23:59:59.999Z"),
    ],
)
def test_the_time_of_a_cosignature_is_exact(time: Instant) -> None:
    note = cosigned(SIGNED, time)
    assert verify_cosignature(FAST, note, public=JPN_PUBLIC, name=JPN) == time


def test_a_cosignature_from_before_1970_is_not_made() -> None:
    with refused("invalid.checkpoint.time"):
        cosigned(SIGNED, Instant("1969-12-31T23:59:59.999Z"))


def with_blob(name: Party, blob: bytes) -> bytes:
    return with_line(SIGNED, b"\xe2\x80\x94 " + name.encode() + b" " + b64encode(blob))


def test_the_time_cannot_be_changed() -> None:
    line = parse_note(cosigned(SIGNED)).lines[1]
    stamp = int.from_bytes(line.signature[:8], "big")
    for other, code in [
        (stamp + 1, "invalid.signature"),
        (stamp - 1, "invalid.signature"),
        (0, "invalid.signature"),
        (2**53, "invalid.checkpoint.time"),
        (2**64 - 1, "invalid.checkpoint.time"),
    ]:
        blob = line.key_hash + other.to_bytes(8, "big") + line.signature[8:]
        with refused(code):
            verify_cosignature(FAST, with_blob(JPN, blob), public=JPN_PUBLIC, name=JPN)


def test_a_cosignature_that_is_cut_inside_its_time_is_refused() -> None:
    line = parse_note(cosigned(SIGNED)).lines[1]
    for length in (1, 7):
        blob = line.key_hash + line.signature[:length]
        with refused("invalid.checkpoint.time"):
            verify_cosignature(FAST, with_blob(JPN, blob), public=JPN_PUBLIC, name=JPN)


def test_a_signature_of_a_checkpoint_is_no_cosignature() -> None:
    # JPN signs the very bytes of a cosignature, but as another type.
    stamp = (0).to_bytes(8, "big")
    covered = b"cosignature/v1\ntime 1970-01-01T00:00:00.000Z\n" + TEXT
    line = parse_note(cosigned(SIGNED)).lines[1]
    for kind in SignatureType:
        signature = FAST.sign(JPN_KEY, type=kind, message=covered)
        note = with_blob(JPN, line.key_hash + stamp + signature)
        if kind is SignatureType.COSIGNATURE:
            assert verify_cosignature(FAST, note, public=JPN_PUBLIC, name=JPN)[:4] == "1970"
        else:
            with refused("invalid.signature"):
                verify_cosignature(FAST, note, public=JPN_PUBLIC, name=JPN)


# Mutation


def believed(note: bytes) -> bool:
    """Whether both signatures of a note are taken for what was signed."""
    try:
        verify_checkpoint(FAST, note, public=KOR_PUBLIC, log=LOG)
        verify_cosignature(FAST, note, public=JPN_PUBLIC, name=JPN)
    except Invalid:
        return False
    return True


def test_every_change_of_one_byte_of_a_note_is_refused() -> None:
    note = cosigned(SIGNED)
    assert believed(note)
    for at, byte in enumerate(note):
        for other in {byte ^ 1 << bit for bit in range(8)} | {0, 10, 13, 32} - {byte}:
            assert not believed(note[:at] + bytes([other]) + note[at + 1 :]), (at, other)


def test_every_cut_doubled_or_added_byte_is_refused() -> None:
    note = cosigned(SIGNED)
    for at in range(len(note)):
        assert not believed(note[:at]), at
        assert not believed(note[:at] + note[at + 1 :]), at
        for added in (note[at : at + 1], b"\n", b"\r", b" ", b"\0", b"A"):
            assert not believed(note[:at] + added + note[at:]), (at, added)


def test_the_digest_is_of_the_text_whoever_has_signed() -> None:
    expected = digest_from_bytes(sha384(TEXT).digest())
    assert note_digest(TEXT) == note_digest(SIGNED) == note_digest(cosigned(SIGNED)) == expected
