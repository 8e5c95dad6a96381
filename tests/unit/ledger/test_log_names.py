"""The names of logs."""

import msgspec
import pytest

from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import (
    LogKind,
    LogName,
    correspondence,
    counterpart,
    directive_of,
    feed,
    journal,
    kind_of,
    owner,
    parse_log,
    predecessor,
    register_ledger,
    standing_in,
    successor,
)
from comity.vocabulary.names import Party, Reference

KOR, JPN = Party("KOR"), Party("JPN")
LANE = Reference("SD-2026-1")

KNOWN = [
    (correspondence(KOR, JPN), "comity/KOR/to/JPN", LogKind.CORRESPONDENCE, JPN, None),
    (feed(KOR, JPN, LANE), "comity/KOR/to/JPN/feed/SD-2026-1", LogKind.FEED, JPN, LANE),
    (standing_in(KOR, JPN), "comity/KOR/for/JPN", LogKind.STANDING_IN, JPN, None),
    (register_ledger(KOR, JPN), "comity/KOR/register/JPN", LogKind.REGISTER, JPN, None),
    (journal(KOR), "comity/KOR/journal", LogKind.JOURNAL, None, None),
]


@pytest.mark.parametrize(("log", "text", "kind", "other", "lane"), KNOWN)
def test_a_name_says_what_the_log_is(
    log: LogName, text: str, kind: LogKind, other: Party | None, lane: Reference | None
) -> None:
    assert log == text
    for name in (log, successor(log), successor(successor(log))):
        assert parse_log(name) == name
        assert msgspec.convert(name, LogName) == name
        assert (kind_of(name), owner(name), counterpart(name)) == (kind, KOR, other)
        assert directive_of(name) == lane


@pytest.mark.parametrize("log", [row[0] for row in KNOWN])
def test_successors_are_numbered_from_two_to_999(log: LogName) -> None:
    assert predecessor(log) is None
    line = [log]
    for number in range(2, 1000):
        line.append(successor(line[-1]))
        assert line[-1] == f"{log}/{number}"
        assert predecessor(line[-1]) == line[-2]
    with pytest.raises(Invalid, match=r"^invalid\.log-name"):
        successor(line[-1])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "comity",
        "comity/KOR",
        "comity/KOR/to",
        "comity/KOR/to/",
        "comity/KOR/to/KOR",
        "comity/KOR/to/KOR/2",
        "comity/KOR/to/KOR/feed/SD-2026-1",
        "comity/KOR/register/KOR",
        "comity/KOR/for/KOR",
        "comity/KOR/journal/JPN",
        "comity/KOR/journal/",
        "comity/KOR/to/JPN/0",
        "comity/KOR/to/JPN/1",
        "comity/KOR/to/JPN/02",
        "comity/KOR/to/JPN/1000",
        "comity/KOR/to/JPN/2/3",
        "comity/KOR/to/JPN/feed",
        "comity/KOR/to/JPN/feed/SD",
        "comity/KOR/register/JPN/feed/SD-2026-1",
        "comity/KOR/for/JPN/feed/SD-2026-1",
        "comity/kor/to/JPN",
        "comity/K/to/JPN",
        "comity/KOR/to/J PN",
        "comity/KOR/from/JPN",
        "Comity/KOR/to/JPN",
        "/comity/KOR/to/JPN",
        "comity//KOR/to/JPN",
        "comity/KOR/to/JPN\n",
        "comity/KOR/to/JPN\x00",
        "comity/KOR/to/JPN\u0130",
        "comity/KOR/to/" + "J" * 17,
    ],
)
def test_what_is_no_name_is_refused_in_both_ways_in(text: str) -> None:
    with pytest.raises(Invalid, match=r"^invalid\.log-name"):
        parse_log(text)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, LogName)


def test_a_party_whose_name_begins_like_the_owner_is_another_party() -> None:
    assert counterpart(correspondence(KOR, Party("KOREA"))) == "KOREA"
    assert counterpart(correspondence(Party("KOREA"), KOR)) == "KOR"
