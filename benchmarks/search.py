"""The register at size: searches, open duties and the console's page over many items.

A seeded generator makes releases and receipts and puts them through the same fold as entering
does; titles in three languages are sealed as in earnest and read into the index, nothing is
signed. Every search is asked as a person: who may see is part of the question.
``python -m benchmarks.search --seconds 5``;
``COMITY_ITEMS=10000,100000,1000000`` says how many items, growing one register from size to size.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - a seed, so that all see the same
from typing import Final, NamedTuple

from benchmarks.figures import Figure, quantile, run
from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.documents import Particulars
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Outcome
from comity.acts.parts import Item, Label
from comity.node import finding, titling
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Space, Transaction
from comity.node.reading import seer_of
from comity.node.searching import Search
from comity.node.slips import ItemKeys, wrapped
from comity.register.fold import Effect, fold
from comity.register.leaves import Leaf
from comity.register.rows import Assignment, ItemOf, key_at
from comity.store.sqlite import SqliteStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reason,
    Reference,
    Subject,
)
from tests.support.browser import Browser
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, TurnedClock, house

SIZES: Final = tuple(
    int(one) for one in os.environ.get("COMITY_ITEMS", "300,3000,30000").split(",")
)
SEED: Final = 20161123
BATCH: Final = 50_000
"""Items of a transaction: so many share the pages of those indexes that are in no order."""
AT_ONCE: Final = 65_536
"""Titles that are read in at a time: more than in earnest, where others wait for their turn."""
ASSIGNED: Final = 500
"""One item in so many is assigned to one official, whose own searches are measured."""
RARE: Final = 9973
"""One item in so many is of a rare subject."""

OUT: Final = 0.4
"""The part of the items that this house provided."""

RARE_WORD: Final = "회항"
"""Stands in the title of one item in :data:`RARE`."""

_WORDS: Final = (
    *("북한", "미사일", "발사", "징후", "보고", "해상", "환적", "정황", "고체", "연료", "시험"),
    *("핵시설", "활동", "평가", "영상", "분석", "잠수함", "동향", "사이버", "침해"),
    *("北朝鮮", "ミサイル", "発射", "兆候", "報告", "海上", "積替え", "固体燃料", "試験", "評価"),
    *("核施設", "活動", "画像", "分析", "潜水艦", "動向", "警戒", "監視", "情報", "資料"),
    *("launch", "assessment", "maritime", "transfer", "imagery", "report", "propellant", "site"),
    *("activity", "warning", "track", "vessel", "submarine", "radar", "signal", "weekly"),
)
_BLOCKS: Final = tuple(
    "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초"
)

_START: Final = Instant("2016-11-23T00:00:00.000Z")
_NONE: Final = Digest("sha384:" + "0" * 96)
_SUBJECTS: Final = (
    "dprk.missile.launch",
    "dprk.missile.propellant",
    "dprk.maritime.transfer",
    "dprk.nuclear.site",
)
_EFFECT: Final = Effect(outcome=Outcome.LAWFUL)


class Made(NamedTuple):
    """A release as it is folded, and the words that are sealed with it, and their digest."""

    leaf: Leaf
    effect: Effect
    words: bytes
    named: Digest


def generated(draw: Random, start: int, stop: int) -> Iterator[Made]:
    """Give releases in both directions; of most of them the duty to receipt is open no more."""
    for number in range(start, stop):
        out = draw.random() < OUT
        provider, receiver = (KOR, JPN) if out else (JPN, KOR)
        rare = number % RARE == 0
        office = Office("JPN/DIH" if out else "KOR/KDIA")
        at = plus_seconds(_START, number * 60.0)
        words = encode(titled(draw, number))
        named = digest(words)
        deed = deeds.Release(
            by=Office("KOR/KDIA" if out else "JPN/DIH"),
            to=receiver,
            article=Article("1"),
            agreement=_NONE,
            offices=(office,),
            item=Item(
                reference=Reference(f"{provider}-{at[:4]}-{draw.getrandbits(40):010X}"),
                originator=provider,
                providing=provider,
                label=Label(
                    level=Level(
                        f"{provider}:{draw.choice(('mil-2', 'mil-3') if out else ('gokuhi', 'hi'))}"
                    ),
                    releasable=(),
                    caveats=(),
                ),
                subject=Subject("dprk.cyber.intrusion" if rare else draw.choice(_SUBJECTS)),
                form=Form.ELECTRONIC,
                pages=draw.randint(1, 30),
                annexes=0,
                plaintext=_NONE,
                sources=(),
            ),
            purpose=Purpose("defence.missile-warning"),
            particulars=named,
        )
        owed = Duty(
            who=receiver,
            what=Reason("delivery.receipt"),
            agreement=AgreementId("KOR-JPN-GSOMIA"),
            article=Article("12"),
            within=14 * 86400,
        )
        log = correspondence(provider, receiver)
        effect = Effect(outcome=Outcome.LAWFUL, duties=(owed,) if number % 50 == 0 else ())
        entry = Entry(deed=deed, at=at, salt=bytes(16), ciphertext=_NONE)
        yield Made(Leaf(house=KOR, log=log, index=number, entry=entry), effect, words, named)


def titled(draw: Random, number: int) -> Particulars:
    """Return words of an item: common ones, a name of two syllables, now and then a rare one."""
    words = [*draw.choices(_WORDS, k=3), "".join(draw.choices(_BLOCKS, k=2))]
    words += [RARE_WORD] if number % RARE == 0 else []
    words.append(str(number))
    return Particulars(
        salt=number.to_bytes(16),
        title=" ".join(words),
        lines=(),
        file_name="",
        media_type="text/plain",
        demonstration=True,
    )


def fill(node: Node, start: int, stop: int) -> None:
    """Fold generated releases into the register, in transactions of :data:`BATCH`.

    Each transaction draws from a seed of its own, so that a register can be filled further.
    """
    for first in range(start, stop, BATCH):
        draw = Random(f"{SEED}:{first}")  # noqa: S311 - a seed
        with node.store.transaction() as tx:
            rows = Overlay(None)
            made = list(generated(draw, first, min(stop, first + BATCH)))
            for one in made:
                rows.put(fold(rows, one.leaf, one.effect))
            items = [row for row in rows.changed.values() if isinstance(row, ItemOf)]
            tx.put(rows.changed.values())
            _seal(node, tx, made)
            tx.put(
                Assignment(
                    key=f"{one.key}|minister-kor",
                    scope=one.key,
                    person="minister-kor",
                    office="KOR/MND",
                    at=one.at,
                )
                for one in items
                if one.receiver == KOR and one.index % ASSIGNED == 1
            )


def _seal(node: Node, tx: Transaction, made: Iterable[Made]) -> None:
    """Keep titles sealed, and their keys, as a release and an arrival do."""
    suite = node.suite
    keys, papers = {}, {}
    for one in made:
        item = key_at(one.leaf.log, one.leaf.index)
        holder: Office | Party = KOR if item.startswith(f"comity/{KOR}") else Office("KOR/KDIA")
        secret = suite.generate_key()
        sealed = suite.encrypt(secret, one.named.encode(), one.words)
        slip = ItemKeys(content=secret, particulars=secret, sealed=digest(sealed))
        keys[f"{item}|{holder}"] = wrapped(node, slip, item=item, holder=holder)
        papers[slip.sealed] = sealed
    tx.save(Space.KEY, keys)
    tx.save(Space.DOCUMENT, papers)


def measure(seconds: float) -> list[Figure]:
    """Return p50 and p99 of each search in milliseconds, at each size."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "store")
        node = house(KOR, suite=FAST, clock=TurnedClock(), store=store)
        draw, there = Random(SEED), 0  # noqa: S311 - a seed
        for size in SIZES:
            before = time.perf_counter()
            fill(node, there, size)
            rate = (size - there) / (time.perf_counter() - before)
            found.append(Figure(f"folded and kept, to {size:,}", "items/s", (rate,), size=size))
            before = time.perf_counter()
            while titling.catch_up(node, most=AT_ONCE):
                pass
            rate = (size - there) / (time.perf_counter() - before)
            found.append(Figure(f"titles read in, to {size:,}", "items/s", (rate,), size=size))
            there = size
            found += _searched(node, size, draw, seconds)
        store.close()
    return found


def _searched(node: Node, size: int, draw: Random, seconds: float) -> list[Figure]:
    with node.store.reading() as tx:
        choi, minister, han, park = (
            seer_of(tx, PersonId(one), house=KOR) for one in ("choi", "minister-kor", "han", "park")
        )

    with node.store.reading() as tx:
        own = tx.search(Search(seer=choi, direction="out", limit=1000))
    numbers = [one.reference for one in own]

    def ask(search: Search) -> Callable[[], object]:
        def once() -> object:
            with node.store.reading() as tx:
                return tx.search(search)

        return once

    middle = plus_seconds(_START, size * 30.0)
    client = Browser(node)
    from comity.console import sessions  # noqa: PLC0415 - what serves is measured, not its start

    keeper = Browser(node)
    client.get(f"/enter/{sessions.make_link(node, PersonId('choi'))}")
    keeper.get(f"/enter/{sessions.make_link(node, PersonId('han'))}")

    def words(text: str, person: str = "han") -> Callable[[], object]:
        who = PersonId(person)

        def once() -> object:
            with node.store.reading() as tx:
                search = Search(seer=seer_of(tx, who, house=KOR), limit=50)
                return finding.find(node, tx, search, text.split())

        return once

    rows: dict[str, Callable[[], object]] = {
        "latest, registry": ask(Search(seer=choi, limit=50)),
        "from the middle on": ask(Search(seer=choi, limit=50, before=(middle, ""))),
        "by level and direction": ask(
            Search(seer=choi, limit=50, direction="in", levels=("JPN:hi",))
        ),
        "by subject, common": ask(Search(seer=choi, limit=50, subject="dprk.missile")),
        "by subject, rare": ask(Search(seer=choi, limit=50, subject="dprk.cyber")),
        "with open duties": ask(Search(seer=choi, limit=50, open=True)),
        "releasing authority, received": ask(Search(seer=park, limit=50, subject="dprk.missile")),
        "custodian": ask(Search(seer=han, limit=50)),
        "official, own items": ask(Search(seer=minister, limit=50)),
        "page of the console": lambda: client.get("/register"),
        "page of the console, by number": lambda: client.get(f"/register?q={draw.choice(numbers)}"),
        "page of the console, a word in no title": lambda: client.get("/register?q=nowhere"),
        "page of the console, a word": lambda: keeper.get(f"/register?q={RARE_WORD}"),
        "words: 미사일": words("미사일"),
        "words: 북한 발사": words("북한 발사"),
        "words: 兆候": words("兆候"),
        "words: propellant": words("propellant"),
        "words: 회항 (rare)": words(RARE_WORD),
        "words: one number": words(str(own[-1].index), "park"),
        "words: nothing has them": words("존재하지"),
        "words: 미사일, official": words("미사일", "minister-kor"),
        "words: 발사, authority": words("발사", "park"),
        "today": lambda: client.get("/"),
    }
    return [
        figure
        for name, once in rows.items()
        for figure in _timed(f"{name}, {size:,} items", once, seconds, size)
    ]


def _timed(row: str, once: Callable[[], object], seconds: float, size: int) -> list[Figure]:
    once()
    times, worked = [], []
    began = time.perf_counter()
    for number in count():
        before, work = time.perf_counter(), time.process_time()
        once()
        worked.append(1000 * (time.process_time() - work))
        times.append(1000 * (time.perf_counter() - before))
        if number >= 20 and time.perf_counter() - began > seconds:  # noqa: PLR2004 - at least some
            break
    note = f"{len(times)} times"
    return [
        *(
            Figure(f"{row}, p{int(100 * part)}", "ms", (quantile(times, part),), note, size)
            for part in (0.5, 0.95, 0.99)
        ),
        Figure(f"{row}, p99 of the processor", "ms", (quantile(worked, 0.99),), note, size),
    ]


if __name__ == "__main__":
    run(measure, seconds=3.0)
