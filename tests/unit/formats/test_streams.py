"""What a stream is fed from: ships' sentences as they come in, tracks computed from launches."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from comity.formats.nmea import Damaged, Message, checksum, messages
from comity.formats.tracks import launches, track
from comity.vocabulary.errors import Invalid

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
ONE = "!AIVDM,1,1,,B,35VwAv0300QcEQ`EGcpN40jD0PUQ,0*61"


def sentence(body: str) -> str:
    return f"!{body}*{checksum(body):02X}"


def test_a_sentence_is_a_message_with_the_number_of_its_line() -> None:
    assert list(messages(["", ONE])) == [Message(1, ONE.encode())]


def test_a_changed_character_is_damage_and_is_not_passed_on() -> None:
    (found,) = messages([ONE.replace("35Vw", "35Vx")])
    assert found == Damaged(0, "the checksum does not hold")


@pytest.mark.parametrize("line", ["words", "!AIVDM", ONE + "*00 and more", "x" * 2000])
def test_what_is_no_sentence_is_told(line: str) -> None:
    (found,) = messages([line])
    assert isinstance(found, Damaged)


def test_parts_become_one_message_where_the_last_one_comes() -> None:
    parts = [sentence(f"AIVDM,2,{number},7,A,abcdef,0") for number in (1, 2)]
    assert list(messages([parts[0], ONE, parts[1]])) == [
        Message(1, ONE.encode()),
        Message(2, "\n".join(parts).encode()),
    ]


def test_a_part_that_never_comes_is_told_and_nothing_is_put_together_wrongly() -> None:
    first, second = (sentence(f"AIVDM,2,{number},7,A,abcdef,0") for number in (1, 2))
    lost = "a part of a message is missing"
    assert list(messages([first])) == [Damaged(0, lost)]
    assert list(messages([second])) == [Damaged(0, lost)]
    assert list(messages([first, first, second])) == [
        Damaged(0, lost),
        Message(2, f"{first}\n{second}".encode()),
    ]


def test_the_sample_of_real_sentences_is_read_line_by_line() -> None:
    if not DATA.is_dir():
        pytest.skip("no ../shared beside the checkout")
    lines = (DATA / "ais-sample.nmea").read_text(errors="replace").splitlines()
    found = list(messages(lines))
    whole = [one for one in found if isinstance(one, Message)]
    assert sum(one.data.count(b"\n") + 1 for one in whole) + len(found) - len(whole) == len(
        [line for line in lines if line.strip()]
    )
    assert len(whole) > 800
    assert len(found) > len(whole)


def test_the_launches_that_ship_make_tracks_that_end_where_and_as_high_as_they_say() -> None:
    table = files("comity.assemble").joinpath("sample").joinpath("launches.csv").read_text()
    found = launches(table)
    assert len(found) > 5
    for one in found:
        points = [json.loads(point) for point in track(one)]
        assert points[0]["latitude"] == pytest.approx(one.latitude, abs=1e-4)
        assert points[0]["altitude_km"] == points[-1]["altitude_km"] == 0
        assert max(each["altitude_km"] for each in points) == pytest.approx(one.apogee_km, rel=0.01)
        assert [each["second"] for each in points] == list(range(len(points)))
        assert [each["at"] for each in points] == sorted(each["at"] for each in points)


def test_a_track_goes_the_way_and_the_distance_that_the_table_states() -> None:
    text = (
        "date,time_utc,missile,latitude,longitude,apogee_km,distance_km,bearing_deg\n"
        "2026-01-01,00:00,X,0,0,100,1111.95,90\n"
        "2026-01-01,,Y,0,0,100,1000,90\n"
    )
    (one,) = launches(text)
    last = json.loads(list(track(one))[-1])
    assert last["longitude"] == pytest.approx(10, abs=0.01)
    assert last["latitude"] == pytest.approx(0, abs=0.01)


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(Invalid, match=r"invalid\.tracks"):
        launches("date,missile\n2026-01-01,X\n")
