"""What is hidden in a file is shown before it leaves; a hostile file harms nobody."""

import struct
import subprocess
import zlib

import pytest

from comity.console.hidden import child, looking
from comity.console.hidden.found import LONGEST, MOST, Hidden, State
from tests.console.test_deciding import TYPED, begun, signed_in, waiting
from tests.support.hidden import W, docx
from tests.support.pair import Pair, assure, conclude, enrol, pair


def pairs(found: Hidden) -> set[tuple[str, str]]:
    return {(one.what, one.value) for one in found.hints}


def test_a_text_file_tells_who_wrote_and_changed_it() -> None:
    found = child.look(docx(word__vbaProject_DOT_bin=b"x", word__comments_DOT_xml="<c/>"))
    assert (found.state, found.kind) == (State.LOOKED, "docx")
    assert pairs(found) == {
        ("author", "Kim Analyst"),
        ("last-changed-by", "Lee Chief"),
        ("tracked", "Choi Editor 2026-11-01T00:00:00Z"),
        ("hidden-text", ""),
        ("script", "word/vbaProject.bin"),
        ("comments", "word/comments.xml"),
    }


def exif(order: str) -> bytes:
    """A TIFF structure with an artist and a place, in either order of bytes."""
    artist = b"Park Photographer\0"
    gps_at = 8 + 2 + 2 * 12 + 4
    degrees_at = gps_at + 2 + 4 * 12 + 4
    artist_at = degrees_at + 48
    mark = b"II*\0" if order == "<" else b"MM\0*"
    first = struct.pack(f"{order}H", 2)
    first += struct.pack(f"{order}HHII", 0x013B, 2, len(artist), artist_at)
    first += struct.pack(f"{order}HHII", 0x8825, 4, 1, gps_at) + struct.pack(f"{order}I", 0)
    gps = struct.pack(f"{order}H", 4)
    gps += struct.pack(f"{order}HHI", 1, 2, 2) + b"N\0\0\0"
    gps += struct.pack(f"{order}HHII", 2, 5, 3, degrees_at)
    gps += struct.pack(f"{order}HHI", 3, 2, 2) + b"E\0\0\0"
    gps += struct.pack(f"{order}HHII", 4, 5, 3, degrees_at + 24) + struct.pack(f"{order}I", 0)
    degrees = struct.pack(f"{order}12I", 40, 1, 30, 1, 0, 1, 129, 1, 15, 1, 36, 1)
    return mark + struct.pack(f"{order}I", 8) + first + gps + degrees + artist


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_picture_tells_where_it_was_taken(order: str) -> None:
    body = b"Exif\0\0" + exif(order)
    jpeg = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xda\0\2\xff\xd9"
    found = child.look(jpeg)
    assert pairs(found) == {
        ("author", "Park Photographer"),
        ("location", "40.50000 N 129.26000 E"),
    }


def test_a_drawing_tells_its_author() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + b"\0\0\0\0"

    png = b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"Author\0Kim") + chunk(b"eXIf", exif("<"))
    assert ("author", "Kim") in pairs(child.look(png))
    assert ("location", "40.50000 N 129.26000 E") in pairs(child.look(png))


def test_a_pdf_tells_its_author_also_where_it_is_packed() -> None:
    packed = zlib.compress(b"<< /Author (Kim Analyst) /Creator <FEFF0057> >>")
    pdf = (
        b"%PDF-1.7\n1 0 obj << /Filter /FlateDecode >> stream\n"
        + packed
        + b"\nendstream\n%%EOF\n/Title (Draft \\(2\\)) /JavaScript\n%%EOF"
    )
    assert pairs(child.look(pdf)) == {
        ("author", "Kim Analyst"),
        ("software", "W"),
        ("title", "Draft (2)"),
        ("script", ""),
        ("revisions", "1"),
    }


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>'
HOSTILE = {
    "an entity": docx(docProps__app_DOT_xml=BOMB),
    "deep": docx(docProps__app_DOT_xml="<a>" * 100_000),
    "cut": docx()[:-40],
    "exif that points out": b"\xff\xd8\xff\xe1\0\x12Exif\0\0II*\0\xff\xff\xff\x7f",
    "no marker": b"\xff\xd8\xff\xe1\0\4xxxxxxxxxxxx",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_said_to_be_broken(name: str) -> None:
    assert child.look(HOSTILE[name]).state is State.BROKEN


def test_a_large_part_is_read_to_a_bound() -> None:
    bomb = docx(docProps__app_DOT_xml="<a>" + " " * (64 << 20) + "</a>")
    assert len(bomb) < 1 << 18
    assert looking.look(bomb).state is State.LOOKED


def test_what_is_told_is_bounded_and_steers_no_screen() -> None:
    many = "".join(f'<w:ins w:author="{n}\u202e{"x" * 300}"/>' for n in range(MOST + 9))
    found = child.look(docx(word__document_DOT_xml=f'<w:d xmlns:w="{W}">{many}</w:d>'))
    assert (len(found.hints), found.more) == (MOST, True)
    assert all(len(one.value) <= LONGEST and "\u202e" not in one.value for one in found.hints)


def test_other_kinds_are_said_not_to_be_looked_into() -> None:
    assert child.look(b"plain words").state is State.NOT_LOOKED
    assert child.look(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").state is State.NOT_LOOKED


def test_the_child_does_it_and_dies_within_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pairs(looking.look(docx())) >= {("author", "Kim Analyst")}
    # A child that never ends is ended, and its file is called broken.
    monkeypatch.setattr(looking, "SECONDS", 0.01)
    assert looking.look(docx(word__other_DOT_xml="<a/>")).state is State.BROKEN


def test_a_child_that_says_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in (b"", b"{}", b'{"state":"looked","hints":[["<b>","x"]]}', b"x" * (1 << 17)):
        done = subprocess.CompletedProcess([], 0, stdout=said)
        monkeypatch.setattr(subprocess, "run", lambda *_, done=done, **__: done)
        assert looking.look(b"never seen " + said[:40]).state is State.BROKEN


def test_the_sheet_and_the_decision_show_it_before_it_leaves() -> None:
    two: Pair = pair()
    enrol(two)
    two.carry()
    conclude(two)
    assure(two)
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    place = begun(kim)
    fields = {key: word for key, word in TYPED.items() if key != "text"}
    kim.post(f"{place}/keep", fields, files={"file": ("report.docx", docx())})
    shown = kim.get(place).text
    assert "Kim Analyst" in shown
    assert "Tracked changes" in shown
    assert kim.post(f"{place}/lay", fields).status_code == 303
    (draft,) = waiting(park)
    assert "Kim Analyst" in park.get(draft).text
