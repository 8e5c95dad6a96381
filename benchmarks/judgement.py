"""Judgements of a release under the 2016 agreement: common voice, with its digest, one core.

Three figures. The judgement made anew by every clause. The judgement as a node makes it, which
remembers those of acts that are alike: over releases that are all different items. And the
whole assessment with the case gathered from the register, approvals verified, both voices and
both digests, as entering and receiving do it. Cases of the first two are gathered before.
"""

import time
from collections.abc import Callable
from itertools import cycle
from typing import Final, cast

from benchmarks.figures import Figure, quantile, run
from benchmarks.houses import KIM, PARK, wish
from comity.acts import deeds
from comity.acts.canonical import encode
from comity.acts.entries import decode_entry
from comity.acts.judgements import Outcome, judgement_digest
from comity.agreement.alike import judged
from comity.agreement.assess import assess
from comity.agreement.clauses import Voice
from comity.agreement.cut import Asked
from comity.agreement.gather import seen_by_both
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.node import deciding, releases
from comity.node.assess import NodeBooks
from comity.node.ports import Transaction
from comity.node.sitting import Sitting
from comity.seal.real import REAL
from comity.vocabulary.logs import correspondence
from tests.support.pair import JPN, KOR, assure, conclude, enrol, pair

_RUNS: Final = 5
_EACH: Final = 200
_ITEMS: Final = 100


def _rate(work: Callable[[], object], seconds: float) -> tuple[float, float]:
    """Return how often per second, and the p99 of one in microseconds."""
    count = 0
    began = time.perf_counter()
    until = began + seconds
    while (now := time.perf_counter()) < until:
        for _ in range(_EACH):
            work()
        count += _EACH
    took = []
    for _ in range(1000):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1e6)
    return count / (now - began), quantile(took, 0.99)


def measure(seconds: float) -> list[Figure]:
    """Measure five runs of each, the time shared equally."""
    two = pair(suite=REAL)
    enrol(two)
    two.carry()
    conclude(two)
    assure(two)
    node = two.seoul
    laid = [
        releases.lay_before(node, wish(node.suite.random(1000)), drafter=KIM) for _ in range(_ITEMS)
    ]
    all_entered = deciding.approve(node, [one.deed for one in laid], authority=PARK)
    entered = all_entered[0]
    deed = entered.entry.deed
    if not isinstance(deed, deeds.Release) or not isinstance(deed.agreement, str):
        raise TypeError("not a release under an agreement")
    with node.store.reading() as tx:
        session = Sitting(node, cast("Transaction", tx), now=node.clock.now())
        books = NodeBooks(node, tx)
        asked = Asked(
            house=KOR,
            acting=KOR,
            counterpart=JPN,
            log=correspondence(KOR, JPN),
            index=entered.position.index,
            entry=entered.entry,
        )
        case = seen_by_both(entered.assessment.case)
        texts = Texts(hop=books.agreement(deed.agreement), origins=(), ground=GROUND, profile=None)
        if judge(texts, asked.entry, case, voice=Voice.COMMON).outcome is not Outcome.LAWFUL:
            raise RuntimeError("the release is not lawful")

        # Read back from their leaves, as a receiver has them: no two share an object.
        others = cycle(
            [
                (decode_entry(encode(one.entry)), seen_by_both(one.assessment.case))
                for one in all_entered
            ]
        )

        def remembered() -> object:
            entry, facts = next(others)
            return judgement_digest(judged(texts, entry, facts, voice=Voice.COMMON))

        def alone() -> object:
            return judgement_digest(judge(texts, asked.entry, case, voice=Voice.COMMON))

        def whole() -> object:
            made = assess(books, session.rows, asked, journal_size=session.journal_size)
            return made.common_digest, made.domestic_digest

        found = []
        for name, work in (
            ("judgement made anew, with digest", alone),
            (f"judgement of {_ITEMS} different items, with digest", remembered),
            ("assessment: gathered, both voices, digests", whole),
        ):
            _rate(work, 0.2)
            runs = [_rate(work, seconds / _RUNS / 2) for _ in range(_RUNS)]
            found.append(Figure(name, "per second", tuple(rate for rate, _ in runs)))
            found.append(Figure(f"{name}, p99", "µs", tuple(tail for _, tail in runs)))
    return found


if __name__ == "__main__":
    run(measure, seconds=20.0)
