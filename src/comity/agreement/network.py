"""The web of agreements: by which chain of hops an item may reach whom, and with whose consent.

A hop is lawful under its own agreement; what the agreements before it say goes with the item. Each
is asked by judging a release in which everything that the two houses can see to is in order
(approved, notified, assured, sealed, in force, fresh), so that what is left is what the texts say:
a consent to be asked for, another condition, or a prohibition. Every mapping of levels starts from
the originator's own level, at every hop.
"""

from collections import Counter
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Final

from msgspec import Struct, structs

from comity.agreement.clauses.purpose import Purpose as Bound
from comity.agreement.hops import lawful_hop
from comity.agreement.net import Hop, Net, Route, Thing
from comity.agreement.text import Agreement
from comity.agreement.travelling import Memo, Terms
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party, Purpose

ANY: Final = Purpose("any")
"""What is asked for where no text binds to a purpose."""

_LONGEST: Final = 8
"""Hops of a route that is listed; who can be reached at all is searched without a limit."""


def purposes_of(texts: Iterable[Agreement]) -> tuple[Purpose, ...]:
    """Return every purpose that some texts name."""
    return tuple(sorted(_named(texts)))


def usual_purpose(texts: Iterable[Agreement]) -> Purpose:
    """Return the purpose that most texts name: what is asked of where nothing is said.

    Of several, the first by name; ``ANY`` where no text names one.
    """
    named = _named(texts)
    return max(sorted(named), key=lambda one: named[one], default=ANY)


def _named(texts: Iterable[Agreement]) -> Counter[Purpose]:
    clauses = (one for text in texts for one in text.clauses)
    return Counter(one for each in clauses if isinstance(each, Bound) for one in each.purposes)


def routes(
    net: Net, thing: Thing, to: Party, *, limit: int = 32, longest: int = _LONGEST
) -> tuple[Route, ...]:
    """Return the lawful routes to a party that visit nobody twice.

    Those with fewer consents come first, then the shorter, then in the order of their names.

    Args:
        net: The agreements in force.
        thing: What would travel.
        to: Whom it is to reach.
        limit: At most so many are returned.
        longest: Routes of more hops are not looked for.
    """
    memo = Memo(net, thing)
    # The best way so far is gone on with first, so the search ends with the last one asked for.
    queue: list[tuple[int, int, tuple[str, ...], tuple[tuple[Agreement, Party], ...], Terms]] = []
    heappush(queue, (0, 0, (), (), Terms()))
    found: list[Route] = []
    while queue and len(found) < limit:
        asked, length, names, steps, terms = heappop(queue)
        here = steps[-1][1] if steps else thing.originator
        if here == to and steps:
            found.append(_in_full(net, thing, steps))
            continue
        if length == longest:
            continue
        visited = {thing.originator, *(receiver for _, receiver in steps)}
        for agreement, receiver in memo.leading_from(here):
            if receiver in visited or (steps and terms.bars(receiver)):
                continue
            hop = memo.hop(agreement, here, receiver)
            if hop is None:
                continue
            more = len(hop.consents) or int(bool(steps) and terms.asks(receiver))
            heappush(
                queue,
                (
                    asked + more,
                    length + 1,
                    (*names, receiver, agreement.id, agreement.digest),
                    (*steps, (agreement, receiver)),
                    terms.joined(memo.terms(agreement)),
                ),
            )
    return tuple(found)


def _in_full(net: Net, thing: Thing, steps: Iterable[tuple[Agreement, Party]]) -> Route:
    """Judge each hop of a way with every agreement that the item came by."""
    hops: list[Hop] = []
    chain: list[Agreement] = []
    here = thing.originator
    for agreement, receiver in steps:
        hop = lawful_hop(net, thing, agreement, here, receiver, chain)
        if hop is None:
            raise Invalid("invalid.route", "a route was barred when it was judged whole")
        hops.append(hop)
        chain.append(agreement)
        here = receiver
    return Route(hops=tuple(hops))


class Holder(Struct, frozen=True, kw_only=True):
    """Somebody who could come to hold an item, and the way with the fewest consents."""

    party: Party
    route: Route


def reach(net: Net, thing: Thing) -> tuple[Holder, ...]:
    """Return everybody who could ever come to hold an item, each by the way with fewest consents.

    An exhaustive search over (who holds it, what travels with it). A state is left out only where
    another one reaches the same party with no more consents, in no more hops, and with terms
    that stand in nobody's way whom its own do not; so nobody is missed.
    """
    memo = Memo(net, thing)
    best: dict[Party, Holder] = {}
    settled: dict[Party, list[tuple[int, int, Terms]]] = {}
    queue: list[tuple[int, int, tuple[str, ...], Party, Terms, tuple[Hop, ...]]] = []
    heappush(queue, (0, 0, (), thing.originator, Terms(), ()))
    while queue:
        consents, length, names, here, terms, hops = heappop(queue)
        kept = settled.setdefault(here, [])
        if any(c <= consents and n <= length and t.weaker(terms) for c, n, t in kept):
            continue
        kept.append((consents, length, terms))
        if hops and here not in best:
            best[here] = Holder(party=here, route=Route(hops=hops))
        for agreement, receiver in memo.leading_from(here):
            if receiver == thing.originator or any(hop.receiver == receiver for hop in hops):
                continue
            hop = memo.hop(agreement, here, receiver)
            if hop is None or (hops and terms.bars(receiver)):
                continue
            if hops and terms.asks(receiver) and thing.originator not in hop.consents:
                hop = structs.replace(hop, consents=(*hop.consents, thing.originator))
            onward = (*hops, hop)
            entry = (
                len(Route(hops=onward).consents),
                length + 1,
                (*names, receiver, agreement.id, agreement.digest),
                receiver,
                terms.joined(memo.terms(agreement)),
                onward,
            )
            heappush(queue, entry)
    return tuple(best[party] for party in sorted(best))
