"""Judgements of a release under the 2016 agreement: common voice, with its digest, one core.

Three figures. The judgement made anew by every clause. The judgement as a node makes it, which
remembers those of acts that are alike: over releases that are all different items. And the
whole assessment with the case gathered from the register, approvals verified, both voices and
both digests, as entering and receiving do it. Cases of the first two are gathered before.

Sizes: how many different items come round, and how many facts of the same kind (words of
assurance and consents) lie in the case beside the one that counts, which is the last to be met.
"""

import time
from collections.abc import Callable
from itertools import cycle
from typing import Final, cast

from msgspec import structs

from benchmarks.figures import Figure, quantile, run
from benchmarks.houses import KIM, PARK, wish
from comity.acts import deeds
from comity.acts.canonical import encode
from comity.acts.entries import decode_entry
from comity.acts.judgements import Outcome, judgement_digest
from comity.agreement.alike import judged
from comity.agreement.assess import assess
from comity.agreement.case import Case, ConsentFact
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
from comity.vocabulary.names import Office
from tests.support.pair import JPN, KOR, assure, conclude, enrol, pair

_RUNS: Final = 5
_EACH: Final = 200
SIZES: Final = (10, 100, 1000)
_FACTS: Final = (1, 10, 100)


def _rate(work: Callable[[], object], seconds: float) -> tuple[float, float, float]:
    """Return how often per second, the p99 in microseconds, how often per processor second."""
    count, spent = 0, time.process_time()
    began = time.perf_counter()
    until = began + seconds
    while (now := time.perf_counter()) < until:
        for _ in range(_EACH):
            work()
        count += _EACH
    spent = time.process_time() - spent
    took = []
    for _ in range(1000):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1e6)
    return count / (now - began), quantile(took, 0.99), count / spent


def measure(seconds: float) -> list[Figure]:
    """Measure five runs of each, the time shared equally."""
    two = pair(suite=REAL)
    enrol(two)
    two.carry()
    conclude(two)
    assure(two)
    node = two.seoul
    laid = [
        releases.lay_before(node, wish(node.suite.random(1000)), drafter=KIM)
        for _ in range(SIZES[-1])
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
        read = [
            (decode_entry(encode(one.entry)), seen_by_both(one.assessment.case))
            for one in all_entered
        ]

        def remembered(count: int) -> Callable[[], object]:
            others = cycle(read[:count])

            def one() -> object:
                entry, facts = next(others)
                return judgement_digest(judged(texts, entry, facts, voice=Voice.COMMON))

            return one

        def anew(count: int) -> Callable[[], object]:
            many = crowded(case, count)

            def one() -> object:
                return judgement_digest(judge(texts, asked.entry, many, voice=Voice.COMMON))

            return one

        def whole() -> object:
            made = assess(books, session.rows, asked, journal_size=session.journal_size)
            return made.common_digest, made.domestic_digest

        ways: list[tuple[str, int, Callable[[], object]]] = [
            *(("judgement made anew, facts: …", size, anew(size)) for size in _FACTS),
            *(
                ("judgement, acts alike, with digest, items: …", size, remembered(size))
                for size in SIZES
            ),
            ("assessment: gathered, both voices, digests", 0, whole),
        ]
        found = []
        for name, size, work in ways:
            _rate(work, 0.2)
            runs = [_rate(work, seconds / _RUNS / len(ways)) for _ in range(_RUNS)]
            row = name.replace("…", f"{size:,}")
            for what, unit, at in (
                ("", "per second", 0),
                (", p99", "µs", 1),
                (", per processor second", "per second", 2),
            ):
                found.append(Figure(f"{row}{what}", unit, tuple(one[at] for one in runs), "", size))
    return found


def crowded(case: Case, count: int) -> Case:
    """Return the case with so many assurances and consents, of which the last one counts.

    The others are of other offices and for other parties: a judgement looks at them and passes.
    """
    assured, other = case.assurances[-1], Office("JPN/OTHER")
    assurances = [structs.replace(assured, offices=(other,)) for _ in range(count - 1)]
    consent = ConsentFact(originator=JPN, uses="third-party", third_party=KOR, same_item=False)
    return structs.replace(
        case, assurances=(*assurances, assured), consents=(consent,) * (count - 1)
    )


if __name__ == "__main__":
    run(measure, seconds=20.0)
