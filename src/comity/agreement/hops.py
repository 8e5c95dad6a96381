"""Judging one hop of a route, with everything in order that the two houses can see to."""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import UNSET

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Judgement, Remedy, Verdict
from comity.acts.parts import Disclosed, Item, Label
from comity.agreement.case import ApprovalFact, AssuranceFact, Case, CutFacts, ItemFacts, Standing
from comity.agreement.clauses import Clause, Voice
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.disclosure import SHOWN
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.network import DependsOn
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.agreement.net import Hop, Net, Thing
from comity.agreement.text import Agreement
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Article, Level, Office, Party, PersonId, Reference

_NOTHING: Final = Digest("sha384:" + "0" * 96)

_EVER: Final = Instant("9999-12-31T00:00:00.000Z")

_CONSENT: Final = "consent.ask"


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
        borrowed=rested_on(net, hop, provider, receiver),
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


def lawful_hop(  # noqa: PLR0913 - a hop where it stands
    net: Net,
    thing: Thing,
    agreement: Agreement,
    provider: Party,
    receiver: Party,
    chain: Sequence[Agreement],
) -> Hop | None:
    """Return a hop as a step of a route, with its conditions; nothing where it is forbidden."""
    judgement = step(net, thing, agreement, provider=provider, receiver=receiver, chain=chain)
    if any(one.verdict is Verdict.FORBIDS for one in judgement.findings):
        return None
    asked, needs = _conditions(judgement.findings)
    speaking = {one.id for one in (agreement, *chain)}
    return Hop(
        provider=provider,
        receiver=receiver,
        agreement=agreement.id,
        version=agreement.version,
        articles=tuple(
            dict.fromkeys(
                one.article
                for one in judgement.findings
                if one.agreement in speaking or one.agreement == GROUND.id
            )
        ),
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


def favourable(
    net: Net, thing: Thing, hop: Agreement, provider: Party, receiver: Party
) -> tuple[Entry, Case]:
    """Return a release in which everything that the two houses can see to is in order."""
    texts = (hop, *rested_on(net, hop, provider, receiver))
    named = _first(texts, "authorities")
    by, to = (
        named.addressed(one)[0] if isinstance(named, Authorities) else Office(f"{one}/OFFICE")
        for one in (provider, receiver)
    )
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
        disclosed=_record(net.at) if thing.form in SHOWN else UNSET,
    )
    sends = _first(texts, "transmission")
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
            for text in texts
            for clause in text.clauses
            if isinstance(clause, Assurance)
            for level in clause.covers.get(thing.level, ())
        ),
        notified=(by, to),
        sealed=not isinstance(sends, Transmission) or thing.form in sends.by_node,
        visited=True,
        surveyed=net.at,
        parents=_parents(net, hop, provider, receiver),
    )
    return Entry(deed=deed, at=net.at, salt=bytes(16)), case


def _parents(
    net: Net, hop: Agreement, provider: Party, receiver: Party
) -> tuple[tuple[Digest, Standing], ...]:
    """Return what each text that the hop rests on between the two is: in the net, or unknown."""
    held = {one.digest for one in rested_on(net, hop, provider, receiver)}
    return tuple(
        (text, Standing.IN_FORCE if text in held else Standing.UNKNOWN)
        for text in _rests(hop, provider, receiver)
    )


def rested_on(net: Net, hop: Agreement, provider: Party, receiver: Party) -> tuple[Agreement, ...]:
    """Return the texts of the net that a hop rests on between the two: it borrows of them."""
    wanted = _rests(hop, provider, receiver)
    if not wanted:
        return ()  # nearly always: a web has thousands of texts
    return tuple(one for one in net.agreements if one.digest in wanted)


def _rests(hop: Agreement, provider: Party, receiver: Party) -> tuple[Digest, ...]:
    return tuple(
        one.text
        for clause in hop.clauses
        if isinstance(clause, DependsOn)
        for one in clause.on
        if {provider, receiver} <= set(one.between)
    )


def _first(texts: Iterable[Agreement], kind: str) -> Clause | None:
    """Return the hop's own clause of a type, or that of a text that it rests on."""
    return next((found for one in texts if (found := one.clause(kind)) is not None), None)


def _record(at: Instant) -> Disclosed:
    """Return the record of what was spoken or shown with all in order."""
    return Disclosed(at=at, level_said=True, attendees=1, cleared=True, needed=True)
