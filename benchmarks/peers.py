"""Judgement beside other engines, in one run: the 2016 agreement's rules on a release.

Ours judges the whole agreement and says why, what would make the act lawful, who owes what, and
the judgement's digest; the others say yes or no to an equivalent set of rules
(``peers_apart.py``). The same seeded requests go to all; the verdicts must be the same, or
nothing is measured. The engines run in turn, five times, each in a process that does nothing
else; theirs is of a virtual environment of its own, ``.peers``, made here from ``peers.txt``.
Rates are per second of processor time, so that other work on the machine counts less; p99 is as
the clock says.
"""

import time
from collections.abc import Callable
from functools import partial
from itertools import cycle
from random import Random  # noqa: TID251 - a seed, so that all see the same
from typing import Any, Final

from msgspec import UNSET

from benchmarks.apart import Apart
from benchmarks.figures import Figure, quantile, run
from comity.acts import deeds
from comity.acts.deeds import Role
from comity.acts.entries import Entry
from comity.acts.judgements import Outcome, judgement_digest
from comity.acts.parts import Disclosed, Item, Label
from comity.agreement.alike import judged
from comity.agreement.case import (
    ApprovalFact,
    AssuranceFact,
    Case,
    ConsentFact,
    CutFacts,
    ItemFacts,
    Standing,
)
from comity.agreement.clauses import Voice
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.agreement.text import open_bundle
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import EPOCH, plus_seconds
from comity.vocabulary.names import Article, Level, Office, Party, Purpose, Reference, Subject
from tests.support.pair import gsomia

SEED: Final = 20161123
REQUESTS: Final = 400
RUNS: Final = 5
NOW: Final = 1_782_896_400
BEFORE: Final = 1_372_636_800
_NOTHING: Final = Digest("sha384:" + "0" * 96)

PEERS: Final = ("cedarpy", "CEL in Rust", "regopy", "casbin")


def made_up(draw: Random) -> dict[str, Any]:
    """Return a request: in order, or with up to three things that are not."""
    acting, receiver = draw.choice((("KOR", "JPN"), ("JPN", "KOR")))
    level, assured = draw.choice(
        (("KOR:mil-2", "JPN:gokuhi"), ("KOR:mil-3", "JPN:hi"))
        if acting == "KOR"
        else (("JPN:gokuhi", "KOR:mil-2"), ("JPN:tokutei-himitsu", "KOR:mil-2"),
              ("JPN:hi", "KOR:mil-3"))
    )  # fmt: skip
    office = f"{receiver}/{draw.choice(('DIH', 'MOD', 'REGISTRY'))}"
    request = {
        "acting": acting,
        "receiver": receiver,
        "originator": acting,
        "level": level,
        "subject": draw.choice(("dprk.missile.launch", "regional.navy", "defence", "dprk")),
        "form": draw.choice(("electronic", "electronic", "documentary")),
        "purpose": draw.choice(("defence", "defence.missile-warning")),
        "office": office,
        "by_notified": True,
        "office_notified": True,
        "approved_office": f"{acting}/OFFICE",
        "releasing": True,
        "assured_level": assured,
        "assured_office": office,
        "assured_until": NOW + draw.randrange(1, 10**6),
        "cleared": True,
        "needed": True,
        "protected": True,
        "sealed": True,
        "age": draw.randrange(86_401),
        "directory": True,
        "acting_view": "in-force",
        "receiver_view": "in-force",
        "at": NOW,
        "releasable": draw.choice(([], [receiver], ["AUS", receiver])),
        "consent": False,
        "consent_until": 0,
        "recorded": True,
        "shown_at": NOW - draw.randrange(1, 10**5),
        "level_said": True,
        "attendees": draw.randrange(1, 9),
        "attending_cleared": True,
        "attending_needed": True,
    }
    spoken = {"form": draw.choice(("oral", "visual")), "sealed": False}
    slips: tuple[dict[str, Any], ...] = (
        {"subject": draw.choice(("trade", "dprkx", "defences.air"))},
        {"purpose": "trade"},
        {"form": draw.choice(("oral", "visual"))},
        spoken,
        spoken | {"recorded": False},
        spoken | {"shown_at": NOW + 1},
        spoken | {draw.choice(("level_said", "attending_cleared", "attending_needed")): False},
        spoken | {"attendees": 0},
        {"sealed": False},
        {"office": "USA/DIA", "assured_office": "USA/DIA"},
        {"by_notified": False},
        {"office_notified": False},
        {"approved_office": f"{receiver}/OFFICE"},
        {"releasing": False},
        {"level": draw.choice(("KOR:mil-1", "JPN:kimitsu"))},
        {"level": "JPN:tokutei-himitsu", "at": BEFORE},
        {"assured_level": draw.choice(("KOR:mil-3", "JPN:hi"))},
        {"assured_until": NOW},
        {"assured_office": f"{receiver}/OTHER"},
        {draw.choice(("cleared", "needed", "protected")): False},
        {"age": 86_401},
        {"directory": False},
        {draw.choice(("acting_view", "receiver_view")): "survival"},
        {"releasable": ["AUS"]},
        {"originator": "USA"},
        {"originator": "USA", "consent": True, "consent_until": NOW + 10},
        {"originator": "USA", "consent": True, "consent_until": NOW},
    )
    for slip in draw.sample(slips, draw.choice((0, 0, 1, 1, 2, 3))):
        request |= slip
    return request


def ours(request: dict[str, Any]) -> tuple[Entry, Case]:
    """Return the entry and the case file that a request stands for."""
    acting, receiver = Party(request["acting"]), Party(request["receiver"])
    originator, level = Party(request["originator"]), Level(request["level"])
    by, office = Office(f"{acting}/OFFICE"), Office(request["office"])
    form, at = Form(request["form"]), plus_seconds(EPOCH, request["at"])
    releasable = tuple(Party(one) for one in request["releasable"])
    subject, purpose = Subject(request["subject"]), Purpose(request["purpose"])
    deed = deeds.Release(
        by=by,
        to=receiver,
        article=Article("1"),
        agreement=TEXT.digest,
        offices=(office,),
        item=Item(
            reference=Reference("REF-1"),
            originator=originator,
            providing=acting,
            label=Label(level=level, releasable=releasable, caveats=()),
            subject=subject,
            form=form,
            pages=1,
            annexes=0,
            plaintext=_NOTHING,
            sources=(),
        ),
        purpose=purpose,
        particulars=_NOTHING,
    )
    role = Role.RELEASING if request["releasing"] else Role.DESK
    consent = ConsentFact(
        originator=originator,
        uses="third-party",
        third_party=receiver,
        until=plus_seconds(EPOCH, request["consent_until"]),
    )
    disclosed = Disclosed(
        at=plus_seconds(EPOCH, request["shown_at"]),
        level_said=request["level_said"],
        attendees=request["attendees"],
        cleared=request["attending_cleared"],
        needed=request["attending_needed"],
    )
    case = Case(
        acting=acting,
        counterpart=receiver,
        at=at,
        cut=CutFacts(age=request["age"], directory=request["directory"]),
        views=tuple(
            sorted(
                (
                    (acting, Standing(request["acting_view"])),
                    (receiver, Standing(request["receiver_view"])),
                )
            )
        ),
        item=ItemFacts(
            originator=originator,
            provider=acting,
            receiver=receiver,
            level=level,
            subject=subject,
            form=form,
            purpose=purpose,
            offices=(office,),
            releasable=releasable,
            pages=1,
            disclosed=disclosed if request["recorded"] else UNSET,
        ),
        approvals=(
            ApprovalFact(person="one", office=Office(request["approved_office"]), roles=(role,)),
        ),
        assurances=(
            AssuranceFact(
                offices=(Office(request["assured_office"]),),
                level=Level(request["assured_level"]),
                until=plus_seconds(EPOCH, request["assured_until"]),
                cleared=request["cleared"],
                needed=request["needed"],
                protected=request["protected"],
            ),
        ),
        consents=(consent,) if request["consent"] else (),
        notified=tuple(
            one
            for one, told in ((by, request["by_notified"]), (office, request["office_notified"]))
            if told
        ),
        sealed=request["sealed"],
    )
    return Entry(deed=deed, at=at, salt=bytes(16)), case


TEXT: Final = open_bundle(gsomia())
TEXTS: Final = Texts(hop=TEXT, origins=(), ground=GROUND, profile=None)


def requests() -> list[dict[str, Any]]:
    """Return the requests of one seed."""
    draw = Random(SEED)  # noqa: S311 - no secret: a seed
    return [made_up(draw) for _ in range(REQUESTS)]


def verdicts(asked: list[dict[str, Any]]) -> list[bool]:
    """Return whether each is lawful, as ours judges it."""
    return [judge(TEXTS, *ours(one), voice=Voice.COMMON).outcome is Outcome.LAWFUL for one in asked]


def _measured(work: Callable[[], object], seconds: float) -> tuple[float, float]:
    count, spent = 0, time.process_time()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for _ in range(50):
            work()
        count += 50
    spent = time.process_time() - spent
    took = []
    for _ in range(1000):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1e6)
    return count / spent, quantile(took, 0.99)


def measure(seconds: float) -> list[Figure]:
    """Measure every engine in turn, five times over."""
    asked = requests()
    cases = [ours(one) for one in asked]
    said = verdicts(asked)
    apart = Apart("peers_apart.py")
    try:
        theirs = apart.ask({"requests": asked})
        for name in PEERS:
            other = [at for at, one in enumerate(theirs[name]) if one != said[at]]
            if other:
                raise RuntimeError(f"{name} judges otherwise: {asked[other[0]]}")
        print(f"{len(asked)} requests, {sum(said)} lawful: all engines agree")  # noqa: T201

        def all_of(way: Callable[..., Any]) -> Callable[[], object]:
            again = cycle(cases)

            def one() -> object:
                entry, case = next(again)
                return judgement_digest(way(TEXTS, entry, case, voice=Voice.COMMON))

            return one

        ways: dict[str, Callable[[float], tuple[float, float]]] = {
            "comity, acts alike remembered": partial(_measured, all_of(judged)),
            "comity, judged anew": partial(_measured, all_of(judge)),
        }
        for name in PEERS:
            ways[name] = partial(_theirs, apart, name)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(RUNS):
            for name, way in ways.items():
                found[name].append(way(seconds / RUNS / len(ways)))
    finally:
        apart.close()
    figures = []
    anew = Figure("", "", tuple(rate for rate, _ in found["comity, judged anew"])).middle
    for name, values in found.items():
        rates = tuple(rate for rate, _ in values)
        figures.append(Figure(f"release judged: {name}", "per processor second", rates))
        figures.append(Figure(f"release judged: {name}, p99", "µs", tuple(p for _, p in values)))
        if name in PEERS:
            figures.append(
                Figure(f"release judged: comity anew to {name}", "times as many",
                       tuple(anew / rate for rate in rates))
            )  # fmt: skip
    return figures


def _theirs(apart: Apart, name: str, seconds: float) -> tuple[float, float]:
    made = apart.ask({"engine": name, "seconds": seconds})
    return made["rate"], made["p99"]


if __name__ == "__main__":
    run(measure, seconds=30.0)
