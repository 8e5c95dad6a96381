"""What the agreements behind an item do to its next receivers, worked out once for a search."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from comity.acts.judgements import Verdict
from comity.agreement.hops import favourable, lawful_hop
from comity.agreement.net import Hop, Net, Thing
from comity.agreement.text import Agreement
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Party


class Terms(Struct, frozen=True):
    """What the agreements behind an item do to its next receivers: whom they bar, who needs asking.

    ``others`` stands for every party that none of the travelling clauses names: they are all
    alike to it, so one of them is judged for all.
    """

    barred: frozenset[Party] = frozenset()
    asked: frozenset[Party] = frozenset()
    others_barred: bool = False
    others_asked: bool = False
    known: frozenset[Party] = frozenset()

    def joined(self, more: "Terms") -> "Terms":
        """Return what both together do: whoever is barred or asked by one of them."""
        known = self.known | more.known
        return Terms(
            barred=frozenset(p for p in known if self.bars(p) or more.bars(p)),
            asked=frozenset(p for p in known if self.asks(p) or more.asks(p)),
            others_barred=self.others_barred or more.others_barred,
            others_asked=self.others_asked or more.others_asked,
            known=known,
        )

    def bars(self, party: Party) -> bool:
        """Tell whether a party may not be given it at all."""
        return party in self.barred if party in self.known else self.others_barred

    def asks(self, party: Party) -> bool:
        """Tell whether the originator is asked before a party is given it."""
        return party in self.asked if party in self.known else self.others_asked

    def weaker(self, other: "Terms") -> bool:
        """Tell whether these terms stand in nobody's way whom the other's do not."""
        if (self.others_barred, self.others_asked) > (other.others_barred, other.others_asked):
            return False
        if self.others_asked and not other.others_asked:
            return False
        known = self.known | other.known
        return all(
            (not self.bars(p) or other.bars(p)) and (not self.asks(p) or other.asks(p))
            for p in known
        )


class Memo:
    """What one search asks again and again: a hop by itself, and what travels on from it."""

    def __init__(self, net: Net, thing: Thing) -> None:
        """Begin a search for one thing."""
        self._net, self._thing = net, thing
        self._parties = net.parties
        self._hops: dict[tuple[Digest, Party, Party], Hop | None] = {}
        self._terms: dict[Digest, Terms] = {}
        self._leading: dict[Party, list[tuple[Agreement, Party]]] = {}
        for agreement in net.agreements:
            for provider in agreement.parties:
                self._leading.setdefault(provider, []).extend(
                    (agreement, receiver) for receiver in agreement.parties if receiver != provider
                )

    def leading_from(self, party: Party) -> list[tuple[Agreement, Party]]:
        """Return to whom a party could provide, and under what."""
        return self._leading.get(party, [])

    def hop(self, agreement: Agreement, provider: Party, receiver: Party) -> Hop | None:
        """Return a hop by itself, judged once; nothing where its own agreement forbids it."""
        key = (agreement.digest, provider, receiver)
        if key not in self._hops:
            self._hops[key] = lawful_hop(self._net, self._thing, agreement, provider, receiver, ())
        return self._hops[key]

    def terms(self, agreement: Agreement) -> Terms:
        """Return what an agreement does to the receivers after it (only clauses that travel)."""
        if agreement.digest not in self._terms:
            self._terms[agreement.digest] = self._weigh(agreement)
        return self._terms[agreement.digest]

    def _weigh(self, agreement: Agreement) -> Terms:
        travelling = [one for one in agreement.clauses if one.travels]
        named = _named(travelling, self._parties) | set(agreement.parties)
        other = next((p for p in self._parties if p not in named), None)
        provider = next(p for p in agreement.parties if p != self._thing.originator)
        barred, asked = set(), set()
        for party in (*named, *(() if other is None else (other,))):
            entry, case = favourable(self._net, self._thing, agreement, provider, party)
            found = [one for c in travelling if (one := c.judge(entry, case)) is not None]
            if any(one.verdict is Verdict.FORBIDS for one in found):
                barred.add(party)
            if any(one.verdict is Verdict.REQUIRES for one in found):
                asked.add(party)
        return Terms(
            barred=frozenset(barred & named),
            asked=frozenset(asked & named),
            others_barred=other in barred,
            others_asked=other in asked,
            known=frozenset(named),
        )


def _named(clauses: Iterable[msgspec.Struct], everyone: tuple[Party, ...]) -> set[Party]:
    """Return the parties that terms name anywhere, as such or as the owner of a level."""
    parties = set(everyone)
    found: set[Party] = set()
    waiting: list[object] = [msgspec.to_builtins(one) for one in clauses]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, str):
            head = one.split(":")[0].split("/")[0]
            if head in parties:
                found.add(Party(head))
    return found
