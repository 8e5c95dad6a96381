"""The web of agreements: by which chain of hops an item may reach whom, and with whose consent.

A hop is lawful under its own agreement; what the agreements before it say goes with the item. Each
is asked by judging a release in which everything that the two houses can see to is in order
(approved, notified, assured, sealed, in force, fresh), so that what is left is what the texts say:
a consent to be asked for, another condition, or a prohibition. Every mapping of levels starts from
the originator's own level, at every hop.
"""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import Final

import msgspec
from msgspec import Struct, structs

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Judgement, Remedy, Verdict
from comity.acts.parts import Item, Label
from comity.agreement.case import ApprovalFact, AssuranceFact, Case, CutFacts, ItemFacts, Standing
from comity.agreement.clauses import Voice
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.agreement.text import Agreement
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reference,
    Subject,
)

_NOTHING: Final = Digest("sha384:" + "0" * 96)
_EVER: Final = Instant("9999-12-31T00:00:00.000Z")
_CONSENT: Final = "consent.ask"
_LONGEST: Final = 8
"""Hops of a route that is listed; who can be reached at all is searched without a limit."""


class Thing(Struct, frozen=True, kw_only=True):
    """What would travel: whose item, of which level, subject, form, for which purpose.

    Attributes:
        releasable: The parties named on the label; empty: the label names none.
    """

    originator: Party
    level: Level
    subject: Subject
    purpose: Purpose
    form: Form = Form.ELECTRONIC
    releasable: tuple[Party, ...] = ()


class Net(Struct, frozen=True, kw_only=True):
    """Agreements taken as in force together, at one instant."""

    agreements: tuple[Agreement, ...]
    at: Instant

    @property
    def parties(self) -> tuple[Party, ...]:
        """Everybody who is party to one of them."""
        return tuple(sorted({party for one in self.agreements for party in one.parties}))

    def joined_by(self, *more: Agreement) -> "Net":
        """Return the net as if these were in force too, instead of other versions of the same."""
        named = {one.id for one in more}
        kept = tuple(one for one in self.agreements if one.id not in named)
        return structs.replace(self, agreements=(*kept, *more))

    def without(self, *ended: AgreementId) -> "Net":
        """Return the net as if these had ended."""
        kept = tuple(one for one in self.agreements if one.id not in ended)
        return structs.replace(self, agreements=kept)


class Hop(Struct, frozen=True, kw_only=True):
    """One step of a route.

    Attributes:
        articles: The articles that speak of this step, in the order of the texts.
        called: The receiver's levels that correspond to the originator's own; several: a choice.
        consents: Whose approval is needed before this step.
        needs: Other conditions, which the parties can see to.
    """

    provider: Party
    receiver: Party
    agreement: AgreementId
    version: str
    articles: tuple[Article, ...]
    called: tuple[Level, ...]
    consents: tuple[Party, ...]
    needs: tuple[Finding, ...]


class Route(Struct, frozen=True, kw_only=True):
    """A chain of hops, each lawful once its consents are given."""

    hops: tuple[Hop, ...]

    @property
    def consents(self) -> tuple[tuple[Party, Party], ...]:
        """Whose approval is needed for whom to be given it, in order, each once."""
        found = ((asked, hop.receiver) for hop in self.hops for asked in hop.consents)
        return tuple(dict.fromkeys(found))

    @property
    def receiver(self) -> Party:
        """Where it ends."""
        return self.hops[-1].receiver


def step(  # noqa: PLR0913 - a hop where it stands
    net: Net,
    thing: Thing,
    hop: Agreement,
    *,
    provider: Party,
    receiver: Party,
    chain: Sequence[Agreement],
) -> Judgement:
    """Judge one hop with all in order: under its own agreement, and those it came by."""
    entry, case = favourable(net, thing, hop, provider, receiver)
    texts = Texts(
        hop=hop,
        origins=tuple((one, case) for one in chain),
        ground=GROUND,
        profile=None,
    )
    return judge(texts, entry, case, voice=Voice.COMMON)


def called(hop: Agreement, level: Level, party: Party, at: Instant) -> tuple[Level, ...]:
    """Return the levels by which a party would protect an item of the originator's level."""
    for clause in hop.clauses:
        if isinstance(clause, Equivalence):
            tier = clause.tier_of(level, at)
            if tier is not None:
                found = clause.received_as(tier, party, at, own=level)
                return tuple(dict.fromkeys(one.level for one in found))
    return ()


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
    memo = _Memo(net, thing)
    # The best way so far is gone on with first, so the search ends with the last one asked for.
    queue: list[tuple[int, int, tuple[str, ...], tuple[tuple[Agreement, Party], ...], _Terms]] = []
    heappush(queue, (0, 0, (), (), _Terms()))
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
        hop = _hop(net, thing, agreement, here, receiver, chain)
        if hop is None:
            raise Invalid("invalid.route", "a route was barred when it was judged whole")
        hops.append(hop)
        chain.append(agreement)
        here = receiver
    return Route(hops=tuple(hops))


def _hop(  # noqa: PLR0913 - a hop where it stands
    net: Net,
    thing: Thing,
    agreement: Agreement,
    provider: Party,
    receiver: Party,
    chain: Sequence[Agreement],
) -> Hop | None:
    judgement = step(net, thing, agreement, provider=provider, receiver=receiver, chain=chain)
    if any(one.verdict is Verdict.FORBIDS for one in judgement.findings):
        return None
    asked, needs = _conditions(judgement.findings)
    return Hop(
        provider=provider,
        receiver=receiver,
        agreement=agreement.id,
        version=agreement.version,
        articles=tuple(dict.fromkeys(one.article for one in judgement.findings)),
        called=called(agreement, thing.level, receiver, net.at),
        consents=asked,
        needs=needs,
    )


def _conditions(findings: Iterable[Finding]) -> tuple[tuple[Party, ...], tuple[Finding, ...]]:
    asked: dict[Party, None] = {}
    needs = []
    for one in findings:
        if one.verdict is not Verdict.REQUIRES:
            continue
        if isinstance(one.remedy, Remedy) and one.remedy.act == _CONSENT:
            asked[one.remedy.to if isinstance(one.remedy.to, str) else one.remedy.by] = None
        else:
            needs.append(one)
    return tuple(asked), tuple(needs)


class Holder(Struct, frozen=True, kw_only=True):
    """Somebody who could come to hold an item, and the way with the fewest consents."""

    party: Party
    route: Route


class _Terms(Struct, frozen=True):
    """What the agreements behind an item do to its next receivers: whom they bar, who needs asking.

    ``others`` stands for every party that none of the travelling clauses names: they are all
    alike to it, so one of them is judged for all.
    """

    barred: frozenset[Party] = frozenset()
    asked: frozenset[Party] = frozenset()
    others_barred: bool = False
    others_asked: bool = False
    known: frozenset[Party] = frozenset()

    def joined(self, more: "_Terms") -> "_Terms":
        known = self.known | more.known
        return _Terms(
            barred=frozenset(p for p in known if self.bars(p) or more.bars(p)),
            asked=frozenset(p for p in known if self.asks(p) or more.asks(p)),
            others_barred=self.others_barred or more.others_barred,
            others_asked=self.others_asked or more.others_asked,
            known=known,
        )

    def bars(self, party: Party) -> bool:
        return party in self.barred if party in self.known else self.others_barred

    def asks(self, party: Party) -> bool:
        return party in self.asked if party in self.known else self.others_asked

    def weaker(self, other: "_Terms") -> bool:
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


def reach(net: Net, thing: Thing) -> tuple[Holder, ...]:
    """Return everybody who could ever come to hold an item, each by the way with fewest consents.

    An exhaustive search over (who holds it, what travels with it). A state is left out only where
    another one reaches the same party with no more consents, in no more hops, and with terms
    that stand in nobody's way whom its own do not; so nobody is missed.
    """
    memo = _Memo(net, thing)
    best: dict[Party, Holder] = {}
    settled: dict[Party, list[tuple[int, int, _Terms]]] = {}
    queue: list[tuple[int, int, tuple[str, ...], Party, _Terms, tuple[Hop, ...]]] = []
    heappush(queue, (0, 0, (), thing.originator, _Terms(), ()))
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


class _Memo:
    """What one search asks again and again: a hop by itself, and what travels on from it."""

    def __init__(self, net: Net, thing: Thing) -> None:
        self._net, self._thing = net, thing
        self._parties = net.parties
        self._hops: dict[tuple[Digest, Party, Party], Hop | None] = {}
        self._terms: dict[Digest, _Terms] = {}
        self._leading: dict[Party, list[tuple[Agreement, Party]]] = {}
        for agreement in net.agreements:
            for provider in agreement.parties:
                self._leading.setdefault(provider, []).extend(
                    (agreement, receiver) for receiver in agreement.parties if receiver != provider
                )

    def leading_from(self, party: Party) -> list[tuple[Agreement, Party]]:
        return self._leading.get(party, [])

    def hop(self, agreement: Agreement, provider: Party, receiver: Party) -> Hop | None:
        key = (agreement.digest, provider, receiver)
        if key not in self._hops:
            self._hops[key] = _hop(self._net, self._thing, agreement, provider, receiver, ())
        return self._hops[key]

    def terms(self, agreement: Agreement) -> _Terms:
        """Return what an agreement does to the receivers after it (only clauses that travel)."""
        if agreement.digest not in self._terms:
            self._terms[agreement.digest] = self._weigh(agreement)
        return self._terms[agreement.digest]

    def _weigh(self, agreement: Agreement) -> _Terms:
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
        return _Terms(
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


def favourable(
    net: Net, thing: Thing, hop: Agreement, provider: Party, receiver: Party
) -> tuple[Entry, Case]:
    """Return a release in which everything that the two houses can see to is in order."""
    by, to = Office(f"{provider}/OFFICE"), Office(f"{receiver}/OFFICE")
    item = Item(
        reference=Reference("ANY"),
        originator=thing.originator,
        providing=provider,
        label=Label(level=thing.level, releasable=thing.releasable, caveats=()),
        subject=thing.subject,
        form=thing.form,
        pages=1,
        annexes=0,
        plaintext=_NOTHING,
        sources=(),
    )
    deed = deeds.Release(
        by=by,
        to=receiver,
        article=Article("1"),
        agreement=hop.digest,
        offices=(to,),
        item=item,
        purpose=thing.purpose,
        particulars=_NOTHING,
    )
    facts = ItemFacts(
        originator=thing.originator,
        provider=provider,
        receiver=receiver,
        level=thing.level,
        subject=thing.subject,
        form=thing.form,
        purpose=thing.purpose,
        offices=(to,),
        releasable=thing.releasable,
        pages=1,
        origin_purpose=thing.purpose,
    )
    sends = hop.clause("transmission")
    case = Case(
        acting=provider,
        counterpart=receiver,
        at=net.at,
        cut=CutFacts(age=0, directory=True),
        views=tuple((party, Standing.IN_FORCE) for party in sorted(hop.parties)),
        item=facts,
        approvals=tuple(
            ApprovalFact(person=PersonId(name), office=by, roles=(Role.RELEASING,))
            for name in ("first", "second")
        ),
        assurances=tuple(
            AssuranceFact(
                offices=(to,), level=level, until=_EVER, cleared=True, needed=True, protected=True
            )
            for clause in hop.clauses
            if isinstance(clause, Assurance)
            for level in clause.covers.get(thing.level, ())
        ),
        notified=(by, to),
        sealed=not isinstance(sends, Transmission) or thing.form in sends.by_node,
    )
    return Entry(deed=deed, at=net.at, salt=bytes(16)), case
