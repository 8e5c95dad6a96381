"""The register at size: searches, open duties and the console's page over many items.

Releases out of a seed went through the same fold as entering (``benchmarks.registers``); titles
in three languages are sealed as in earnest and read into the index. Every search is asked as a
person: who may see is part of the question. ``python -m benchmarks.search --seconds 5``;
``COMITY_ITEMS=10000,100000,1000000`` says how many items, growing one register from size to size;
``COMITY_REGISTER=FOLDER`` keeps it there, to be grown and measured further another time (what it
holds already is the least size then). Each figure is the median of five parts of the repetitions.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count as counting
from pathlib import Path
from random import Random  # noqa: TID251 - a seed, so that all see the same
from typing import Final

from benchmarks.figures import Figure, quantiles, run
from benchmarks.registers import RARE_WORD, SEED, START, count, grow, kept
from comity.node import finding
from comity.node.node import Node
from comity.node.reading import seer_of
from comity.node.searching import Search
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import PersonId
from tests.support.browser import Browser
from tests.support.pair import KOR

SIZES: Final = tuple(
    int(one) for one in os.environ.get("COMITY_ITEMS", "300,3000,30000").split(",")
)
KEPT: Final = os.environ.get("COMITY_REGISTER", "")


def measure(seconds: float) -> list[Figure]:
    """Return p50, p95 and p99 of each search in milliseconds, at each size."""
    found = []
    with _folder() as folder, kept(folder) as node:
        draw, there = Random(SEED), count(node)  # noqa: S311 - a seed
        for size in sorted({max(one, there) for one in SIZES}):
            filled, read = grow(node, size)
            if filled:
                rows = (("folded and kept", filled), ("titles read in", read))
                found += [
                    Figure(f"{row}, to {size:,}", "items/s", (rate,), size=size)
                    for row, rate in rows
                ]
            found += _searched(node, size, draw, seconds)
    return found


@contextmanager
def _folder() -> Iterator[Path]:
    if KEPT:
        yield Path(KEPT)
        return
    with tempfile.TemporaryDirectory(prefix="comity-register-") as folder:
        yield Path(folder)


def _shown(browser: Browser, path: str) -> None:
    """Ask for a page; one that is refused is no figure of it."""
    told = browser.get(path)
    if told.status_code != 200:  # noqa: PLR2004 - shown
        raise RuntimeError(f"{path}: {told.status_code}")


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

    middle = plus_seconds(START, size * 30.0)
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
        "page of the console": lambda: _shown(client, "/register"),
        "page of the console, by number": lambda: _shown(
            client, f"/register?q={draw.choice(numbers)}"
        ),
        "page of the console, a word in no title": lambda: _shown(client, "/register?q=nowhere"),
        "page of the console, a word": lambda: _shown(keeper, f"/register?q={RARE_WORD}"),
        "words: 미사일": words("미사일"),
        "words: 북한 발사": words("북한 발사"),
        "words: 兆候": words("兆候"),
        "words: propellant": words("propellant"),
        "words: 회항 (rare)": words(RARE_WORD),
        "words: one number": words(str(own[-1].index), "park"),
        "words: nothing has them": words("존재하지"),
        "words: 미사일, official": words("미사일", "minister-kor"),
        "words: 발사, authority": words("발사", "park"),
        "today": lambda: _shown(client, "/"),
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
    for number in counting():
        before, work = time.perf_counter(), time.process_time()
        once()
        worked.append(1000 * (time.process_time() - work))
        times.append(1000 * (time.perf_counter() - before))
        if number >= 49 and time.perf_counter() - began > seconds:  # noqa: PLR2004 - at least some
            break
    note = f"{len(times)} times"
    return [
        Figure(f"{row}, {what}", "ms", quantiles(values, part), note, size)
        for what, values, part in (
            ("p50", times, 0.5),
            ("p95", times, 0.95),
            ("p99", times, 0.99),
            ("p50 of the processor", worked, 0.5),
            ("p99 of the processor", worked, 0.99),
        )
    ]


if __name__ == "__main__":
    run(measure, seconds=3.0)
