"""One search, the same on every store: what it finds is what the one rule lets one see."""

from pathlib import Path
from random import Random

import pytest

from comity.acts.deeds import Role
from comity.node import reading
from comity.node.reading import Deal, seer_of
from comity.node.searching import Search, place_of
from comity.register.rows import Assignment, Draft, DutyOf, ItemOf, PersonOf, Row
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party, PersonId
from tests.support.stores import PLACES

KOR, JPN, USA = Party("KOR"), Party("JPN"), Party("USA")
MIDDAY = Instant("2026-11-03T12:00:00.000Z")
"""What begins later is not owed yet."""
OFFICES = ("KOR/KDIA", "KOR/KDI_", "KOR/KDI%")
SUBJECTS = ("dprk.missile", "dprk.missile.launch", "dprk.missiles", "dprk", "other.thing")
PERSONS = {
    "desk": (Role.DESK,),
    "keeper": (Role.CUSTODIAN,),
    "authority": (Role.RELEASING,),
    "registrar": (Role.REGISTRY,),
    "guard": (Role.SECURITY,),
    "designator": (Role.DESIGNATING,),
    "minister": (Role.SIGNATORY, Role.OFFICIAL),
    "both": (Role.RELEASING, Role.CUSTODIAN),
}


def item(number: int, draw: Random) -> ItemOf:
    out = draw.random() < 0.5
    other = draw.choice((JPN, USA))
    log = f"comity/{KOR}/to/{other}" if out else f"comity/{other}/to/{KOR}"
    return ItemOf(
        key=f"{log}#{number}",
        scope=log,
        log=log,
        index=number,
        # Many of one instant: the order is settled by the key.
        at=f"2026-11-{draw.randint(1, 5):02d}T00:00:00.000Z",
        reference=f"X-{number}",
        originator=KOR if out else other,
        provider=KOR if out else other,
        receiver=other if out else KOR,
        level=draw.choice(("KOR:mil-2", "KOR:mil-3", "JPN:hi")),
        regime="",
        releasable=(),
        caveats=(),
        subject=draw.choice(SUBJECTS),
        form="electronic",
        purpose="defence",
        offices=tuple(sorted(draw.sample(OFFICES, draw.randint(1, 3)))),
        pages=1,
        annexes=0,
        plaintext="",
        ciphertext="",
        particulars="",
        agreement="",
    )


def kept(seed: int) -> list[Row]:
    draw = Random(seed)
    found: list[Row] = []
    found += [
        PersonOf(
            key=name,
            scope="persons",
            office=draw.choice(OFFICES),
            roles=tuple(role.value for role in roles),
            card="",
            approval_key=b"",
            relying_party="",
            nationalities=(),
            index=0,
        )
        for name, roles in PERSONS.items()
    ]
    for number in range(120):
        one = item(number, draw)
        found.append(one)
        if one.receiver == KOR and draw.random() < 0.4:
            person = draw.choice(tuple(PERSONS))
            key = f"{one.key}|{person}"
            found.append(
                Assignment(key=key, scope=one.key, person=person, office=OFFICES[0], at=one.at)
            )
        if one.receiver != KOR and draw.random() < 0.5:
            # Nothing of the kind is entered; if it stood there, it would let nobody see.
            person = draw.choice(("desk", "minister"))
            key = f"{one.key}|{person}"
            found.append(
                Assignment(key=key, scope=one.key, person=person, office=OFFICES[0], at=one.at)
            )
        if one.receiver != KOR and draw.random() < 0.4:
            drafter = draw.choice(tuple(PERSONS))
            found.append(
                Draft(
                    key=f"d{number}",
                    scope="drafts",
                    drafter=drafter,
                    line=number,
                    at=one.at,
                    state=draw.choice(("entered", "waiting", "declined")),
                    entered=one.key,
                )
            )
        for what in ("delivery.receipt", "register.re-mark"):
            if draw.random() < 0.5:
                found.append(
                    DutyOf(
                        key=f"{one.key}|{what}",
                        scope=one.key,
                        who=JPN,
                        what=what,
                        office="",
                        agreement="",
                        article="12",
                        since=one.at,
                        due=draw.choice(("", one.at, "2027-01-01T00:00:00.000Z")),
                        discharged=draw.choice(("", "x#1")),
                    )
                )
    return found


SEARCHES = (
    {},
    {"direction": "in"},
    {"direction": "out", "other": JPN},
    {"levels": ("KOR:mil-2", "JPN:hi")},
    {"subject": "dprk.missile"},
    {"subject": "dprk.missile", "open": True, "levels": ("KOR:mil-3",)},
    {"subject": "nothing"},
    {"open": True},
    {"among": ()},
    {"among": tuple(f"comity/KOR/to/JPN#{number}" for number in range(40))},
)


@pytest.mark.parametrize("bound", [4000, 10])
@pytest.mark.parametrize("kind", sorted(PLACES))
def test_a_search_finds_what_may_be_seen_and_nothing_else(
    kind: str, bound: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.store.search.FEW", bound)
    with PLACES[kind](tmp_path) as opened:
        store = opened()
        rows = kept(7)
        with store.transaction() as tx:
            tx.put(rows)
        every = sorted(
            (one for one in rows if isinstance(one, ItemOf)),
            key=lambda one: (one.at, one.key),
            reverse=True,
        )
        with store.reading() as tx:
            for person in PERSONS:
                seer = seer_of(tx, PersonId(person), house=KOR)
                mine = [one for one in every if may(tx, person, one)]
                assert tx.search(Search(seer=seer, limit=1000)) == tuple(mine), person
                for terms in SEARCHES:
                    search = Search(seer=seer, limit=1000, **terms)
                    assert tx.search(search) == tuple(
                        one for one in mine if like(rows, one, **terms)
                    ), (person, terms)
                for limit in (1, 5, 20):
                    assert tx.search(Search(seer=seer, limit=limit)) == tuple(mine[:limit])
                paged: list[ItemOf] = []
                before = None
                while page := tx.search(Search(seer=seer, limit=7, before=before)):
                    paged += page
                    before = place_of(page[-1])
                assert paged == mine
                open_ = [
                    one
                    for one in rows
                    if isinstance(one, DutyOf)
                    and not one.discharged
                    and one.since <= MIDDAY
                    and any(each.key == one.scope for each in mine)
                ]
                open_.sort(key=lambda one: (not one.due, one.due, one.key))
                assert tx.open_duties(seer, at=MIDDAY, limit=1000) == tuple(open_)
                assert tx.open_duties(seer, at=MIDDAY, limit=3) == tuple(open_[:3])
            waiting = [one for one in rows if isinstance(one, Draft) and one.state == "waiting"]
            waiting.sort(key=lambda one: (one.at, one.key))
            assert tx.waiting_drafts() == tuple(waiting)
            nobody = seer_of(tx, PersonId("stranger"), house=KOR)
            assert tx.search(Search(seer=nobody, limit=1000)) == ()
            assert tx.open_duties(nobody, at=MIDDAY, limit=1000) == ()
        store.close()


def may(tx: object, person: str, one: ItemOf) -> bool:
    try:
        reading.authorise(tx, PersonId(person), Deal.SEE, one, house=KOR)  # type: ignore[arg-type]
    except Refused:
        return False
    return True


def like(  # noqa: PLR0913 - as a search states it
    rows: list[Row],
    one: ItemOf,
    *,
    direction: str = "",
    other: str = "",
    levels: tuple[str, ...] = (),
    subject: str = "",
    open: bool = False,  # noqa: A002 - as a search states it
    among: tuple[str, ...] | None = None,
) -> bool:
    owed = any(
        isinstance(each, DutyOf) and each.scope == one.key and not each.discharged for each in rows
    )
    return (
        direction in ("", "in" if one.receiver == KOR else "out")
        and other in ("", one.receiver, one.provider)
        and (not levels or one.level in levels)
        and (not subject or (one.subject + ".").startswith(subject + "."))
        and (not open or owed)
        and (among is None or one.key in among)
    )
