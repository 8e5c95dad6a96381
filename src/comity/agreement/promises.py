"""What must hold of a web of agreements, searched exhaustively; a breach is told as a short story.

No widening without the originator's consent, no lowering and no ratcheting up on any chain or
round trip, no duty to provide (design, promise 7 and Article 1). The searches are over the
finite space of parties, levels, subjects and agreements of one net; a story names the shortest
chain that breaks a promise.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from msgspec import Struct, structs

from comity.acts.judgements import Outcome
from comity.agreement.clauses import Voice
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.ground import GROUND
from comity.agreement.hops import called, favourable, rested_on
from comity.agreement.judge import Texts, judge
from comity.agreement.net import Net, Route, Thing
from comity.agreement.network import ANY, purposes_of, reach
from comity.agreement.text import Agreement
from comity.marking.schemes import UNRANKED, Schemes, rank
from comity.vocabulary.names import Level, Party, scheme_of
from comity.vocabulary.phrases import Phrase, phrase


class Story(Struct, frozen=True, kw_only=True):
    """A breach: what happens, and by which chain (empty where a single act breaks the promise)."""

    said: Phrase
    hops: Route | None = None


def stories(net: Net, schemes: Schemes) -> tuple[Story, ...]:
    """Return the shortest story per promise, party and level that some agreement breaks."""
    return (*widening(net), *lowering(net, schemes), *obliged(net))


def things(net: Net) -> Iterator[Thing]:
    """Go through every kind of item that some agreement of the net lets out of its originator.

    Every level, subject, purpose and form that a text names. A text that binds to no purpose is
    tried with those that the other texts name, and with one that none does.
    """
    seen = set()
    known = purposes_of(net.agreements)
    for agreement in net.agreements:
        levels = [
            one.level
            for clause in agreement.clauses
            if isinstance(clause, Equivalence)
            for tier in clause.tiers
            for one in tier.levels
        ]
        subjects = [
            subject for c in agreement.clauses if isinstance(c, Scope) for subject in c.subjects
        ]
        forms = [form for c in agreement.clauses if isinstance(c, Scope) for form in c.forms]
        purposes = purposes_of([agreement]) or (*known, ANY)
        for level, subject, purpose, form in product(levels, subjects, purposes, forms):
            thing = Thing(
                originator=scheme_of(level),
                level=level,
                subject=subject,
                purpose=purpose,
                form=form,
            )
            if thing.originator in agreement.parties and thing not in seen:
                seen.add(thing)
                yield thing


def widening(net: Net) -> tuple[Story, ...]:
    """Return where an item reaches somebody without a word of its originator.

    The originator's word is its own release, its signature under the agreement of the step, or
    a consent that the step asks for. A standing list of an agreement that it signed is its word.
    """
    found: dict[tuple[Party, Party], Story] = {}
    for thing in things(net):
        for holder in reach(net, thing):
            for number, hop in enumerate(holder.route.hops):
                signed = any(
                    one.id == hop.agreement and thing.originator in one.parties
                    for one in net.agreements
                )
                listed = _listed(net, holder.route, number)
                if number == 0 or signed or listed or thing.originator in hop.consents:
                    continue
                chain = Route(hops=holder.route.hops[: number + 1])
                key = (thing.originator, hop.receiver)
                story = Story(
                    said=phrase(
                        "network.widening",
                        originator=thing.originator,
                        level=thing.level,
                        party=hop.receiver,
                        agreement=hop.agreement,
                    ),
                    hops=chain,
                )
                other = found.get(key)
                if other is None or (
                    other.hops is not None and len(other.hops.hops) > len(chain.hops)
                ):
                    found[key] = story
    return tuple(found[key] for key in sorted(found))


def _listed(net: Net, route: Route, number: int) -> bool:
    """Tell whether an agreement that the item came by, signed by its originator, lists the hop."""
    origin, hop = route.hops[0], route.hops[number]
    for agreement in net.agreements:
        if agreement.id == origin.agreement and origin.provider in agreement.parties:
            for clause in agreement.clauses:
                if isinstance(clause, ThirdParty) and clause.lists(hop.receiver):
                    return True
    return False


def lowering(net: Net, schemes: Schemes) -> tuple[Story, ...]:
    """Return where one level of one party ends at different heights by different agreements.

    A level is always mapped from the originator's own, and at its originator it is itself, so a
    chain cannot lower it step by step. What is left are texts that contradict each other: the
    same level of the same originator, for the same receiver, lower under one agreement than
    under another. Where no scheme ranks the receiver's levels, they have to be the same ones.
    """
    found: list[Story] = []
    for (level, party), ends in sorted(_ends(net).items()):
        ranked = [(rank(schemes, one), one, text) for text, got in ends for one in got]
        if all(height != UNRANKED for height, _, _ in ranked):
            found += _two_heights(schemes, level, party, ends)
        else:
            found += _two_names(level, party, ends)
    return tuple(found)


class _End(NamedTuple):
    """What a level is at a party under an agreement: its levels there, which correspond."""

    agreement: Agreement
    levels: tuple[Level, ...]


def _ends(net: Net) -> dict[tuple[Level, Party], list[_End]]:
    """Return what each originator's level is at each other party, by every agreement's table."""
    found: dict[tuple[Level, Party], list[_End]] = {}
    for agreement in net.agreements:
        levels = (
            one.level
            for clause in agreement.clauses
            if isinstance(clause, Equivalence)
            for tier in clause.tiers
            for one in tier.levels
        )
        for level, party in product(dict.fromkeys(levels), agreement.parties):
            got = called(agreement, level, party, net.at)
            if got and party != scheme_of(level):
                found.setdefault((level, party), []).append(_End(agreement, got))
    return found


def _two_heights(
    schemes: Schemes, level: Level, party: Party, ends: Sequence[_End]
) -> Iterator[Story]:
    heights = [
        (*min((rank(schemes, one), one) for one in got), agreement.id) for agreement, got in ends
    ]
    low, high = min(heights), max(heights)
    if low[0] < high[0]:
        yield _two("network.lowering", level, party, low[1:], high[1:])


def _two_names(level: Level, party: Party, ends: Sequence[_End]) -> Iterator[Story]:
    first = ends[0]
    for other in ends[1:]:
        if set(first.levels) != set(other.levels):
            ways = ((" ".join(one.levels)[:120], one.agreement.id) for one in (first, other))
            yield _two("network.unlike", level, party, *ways)
            return


def _two(
    code: str, level: Level, party: Party, low: tuple[str, str], high: tuple[str, str]
) -> Story:
    return Story(
        said=phrase(
            code,
            level=level,
            party=party,
            low=low[0],
            agreement=low[1],
            high=high[0],
            other=high[1],
        )
    )


def _story(code: str, level: Level, agreement: Agreement) -> Story:
    return Story(said=phrase(code, level=level, agreement=agreement.id))


def obliged(net: Net) -> tuple[Story, ...]:
    """Return where an agreement obliges to provide, or lets something out that nobody decided.

    Every kind of item, in every direction: no lawful release creates a duty to release, and
    none is lawful without an approval of the party that provides.
    """
    found: dict[tuple[str, str], Story] = {}
    for thing in things(net):
        for agreement in net.agreements:
            if thing.originator not in agreement.parties:
                continue
            for receiver in agreement.parties:
                if receiver == thing.originator:
                    continue
                entry, case = favourable(net, thing, agreement, thing.originator, receiver)
                texts = Texts(
                    hop=agreement,
                    origins=(),
                    ground=GROUND,
                    profile=None,
                    borrowed=rested_on(net, agreement, thing.originator, receiver),
                )
                lawful = judge(texts, entry, case, voice=Voice.COMMON)
                if any(duty.what.startswith("release.") for duty in lawful.duties):
                    found["network.duty-to-provide", agreement.id] = _story(
                        "network.duty-to-provide", thing.level, agreement
                    )
                undecided = structs.replace(case, approvals=())
                outcome = judge(texts, entry, undecided, voice=Voice.COMMON).outcome
                if outcome is Outcome.LAWFUL:
                    found["network.undecided", agreement.id] = _story(
                        "network.undecided", thing.level, agreement
                    )
    return tuple(found[key] for key in sorted(found))
