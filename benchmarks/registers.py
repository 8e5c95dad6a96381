"""A register of any size: releases out of a seed, through the same fold and the same store.

Titles in three languages are sealed as in earnest and read into the index; nothing is signed, and
no leaf stands in a log. A register that is kept (:func:`kept`) is filled further another time.
"""

import gc
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random  # noqa: TID251 - a seed, so that all see the same
from typing import Final, NamedTuple

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.documents import Particulars
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Outcome
from comity.acts.parts import Item, Label
from comity.node import titling
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Space, Transaction
from comity.node.searching import Search, Seer
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
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, HeldVault, TurnedClock, house

SEED: Final = 20161123
BATCH: Final = 50_000
"""Items of a transaction: so many share the pages of those indexes that are in no order."""
AT_ONCE: Final = 65_536
"""Titles that are read in at a time: more than in earnest, where others wait for their turn."""
PORTION: Final = 250_000
"""Items after which their titles are read in."""
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

START: Final = Instant("2016-11-23T00:00:00.000Z")
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
        at = plus_seconds(START, number * 60.0)
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


@contextmanager
def kept(folder: Path) -> Iterator[Node]:
    """Open the register in this folder, or make it; the keys lie beside it, for they are none."""
    keys = folder / "keys.json"
    store = SqliteStore(folder / "store")
    try:
        if keys.exists():
            held = {name: bytes.fromhex(key) for name, key in json.loads(keys.read_text()).items()}
            node = Node(
                party=KOR,
                registry=Office("KOR/REGISTRY"),
                suite=FAST,
                store=store,
                vault=HeldVault(FAST, held),
                clock=TurnedClock(),
            )
        else:
            node = house(KOR, suite=FAST, clock=TurnedClock(), store=store)
        yield node
        vault = node.vault
        if isinstance(vault, HeldVault):
            keys.write_text(json.dumps({name: key.hex() for name, key in vault.keys.items()}))
    finally:
        store.close()


def count(node: Node) -> int:
    """Return how many items a generated register holds: the last one's number says it."""
    seer = Seer(house=KOR, person=PersonId("choi"), everything=True)
    with node.store.reading() as tx:
        found = tx.search(Search(seer=seer, limit=1))
    return found[0].index + 1 if found else 0


def grow(node: Node, stop: int) -> tuple[float, float]:
    """Fill a register to so many items, titles read in; return the items/s of each of the two."""
    there, filled, read = count(node), 0.0, 0.0
    added = max(0, stop - there)
    # What is made is kept in no ring: looking for rings among so many rows takes half the time.
    gc.disable()
    try:
        while there < stop:
            began = time.perf_counter()
            end = min(stop, there - there % PORTION + PORTION)
            fill(node, there, end)
            between = time.perf_counter()
            while titling.catch_up(node, most=AT_ONCE):
                pass
            filled += between - began
            read += time.perf_counter() - between
            there = end
            gc.collect()
    finally:
        gc.enable()
    return added / max(filled, 1e-9), added / max(read, 1e-9)
