"""Standing directives: suspended, lifted, withdrawn, looked at.

A directive is laid, approved and entered as any release (:mod:`comity.node.releases`,
:mod:`comity.node.deciding`): its draft has a :class:`~comity.node.releases.Standing`. What is
given under it is in :mod:`comity.node.lanes`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import structs

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import Role
from comity.acts.parts import Approval
from comity.ledger.approvals import approvals_of
from comity.node import releases, treaty
from comity.node.articles import article_of
from comity.node.chancery import Act, Entered, enter
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.receiving import find_item
from comity.node.signing import Signer, by_key_file
from comity.register.rows import (
    DirectiveTurn,
    ItemOf,
    LaneGap,
    LaneOf,
    StandingOf,
    position_of,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office, Party, PersonId


class View(NamedTuple):
    """A directive as it stands at an instant, with the account of its stream.

    Attributes:
        state: ``not-yet``, ``stands``, ``suspended``, ``withdrawn``, ``expired``, ``used-up``.
        lane: What was given; nothing before the first observation.
        gaps: Numbers that were not given.
    """

    row: StandingOf
    item: ItemOf
    state: str
    turns: tuple[DirectiveTurn, ...]
    lane: LaneOf | None
    gaps: tuple[LaneGap, ...]


def suspend(node: Node, item: ItemOf, *, officer: PersonId) -> Entered:
    """Let nothing more be given, at once, until that is lifted; one person is enough.

    Raises:
        Refused: the person is neither a releasing authority nor a security officer.
        RefusedAct: it is not this house's, suspended already, or withdrawn.
    """
    deed = deeds.SuspendDirective(**_stated(node, item, officer, Role.RELEASING, Role.SECURITY))
    return enter(node, [Act(deed=deed, requested_by=officer)])[0]


def withdraw(node: Node, item: ItemOf, *, officer: PersonId) -> Entered:
    """End a directive at once and for ever; one person is enough.

    Raises:
        Refused, RefusedAct: as :func:`suspend`.
    """
    deed = deeds.WithdrawDirective(**_stated(node, item, officer, Role.RELEASING, Role.SECURITY))
    return enter(node, [Act(deed=deed, requested_by=officer)])[0]


def resume(
    node: Node, item: ItemOf, *, authorities: Sequence[PersonId], sign: Signer = by_key_file
) -> Entered:
    """Lift a suspension: as many releasing authorities sign as decide a release.

    Raises:
        Refused: one of them is no releasing authority.
        RefusedAct: it is not suspended, or more persons have to sign.
    """
    with node.store.reading() as tx:
        for person in authorities:
            require_person(tx, person, Role.RELEASING)
    deed = deeds.ResumeDirective(**_stated(node, item, authorities[0], Role.RELEASING))
    name = digest_of(deed)
    approvals: list[Approval] = []
    papers: dict[str, bytes] = {}
    for person in dict.fromkeys(authorities):
        paper = sign(node, person, [name])
        approvals += approvals_of(paper, [name])
        papers[digest_of(paper)] = encode(paper)
    act = Act(
        deed=deed,
        approvals=tuple(approvals),
        keep={Space.DOCUMENT: papers},
        requested_by=authorities[0],
    )
    return enter(node, [act])[0]


def _stated(node: Node, item: ItemOf, officer: PersonId, *roles: Role) -> dict[str, Any]:
    """Return what every act about a directive states."""
    with node.store.reading() as tx:
        office = Office(require_person(tx, officer, *roles).office)
        article = article_of(
            node.agreement(tx, Digest(item.agreement)), "release.standing-directive"
        )
    return {
        "by": office,
        "to": Party(item.receiver if item.provider == node.party else item.provider),
        "article": article,
        "agreement": Digest(item.agreement),
        "item": position_of(item.key),
    }


def beforehand(node: Node, wish: releases.Wish) -> releases.Wish:
    """Return a wish under the agreement in force that lets something be decided beforehand.

    Where there is none it is left as it is: the judgement says what stands in the way.
    """
    with node.store.reading() as tx:
        found = [
            one.agreement
            for one in treaty.known(node, tx, peer=wish.to)
            if one.in_force and one.agreement.clause("standing-release") is not None
        ]
    agreement = min(found, key=lambda one: len(one.parties), default=None)
    if agreement is None:
        return wish
    return structs.replace(
        wish,
        agreement=agreement.digest,
        article=article_of(agreement, "release.standing-directive"),
    )


def find(tx: Reading, house: Party, text: str) -> ItemOf:
    """Return the stream whose directive has this reference or number.

    Raises:
        Refused: ``refused.absent``: there is no such item, or it is no stream.
    """
    item = find_item(tx, house, text)
    if tx.get(StandingOf, item.key) is None:
        raise Refused("refused.absent", f"{text} is no standing directive")
    return item


def listed(node: Node) -> tuple[View, ...]:
    """Return all directives that this house gave or was given, the latest first."""
    with node.store.reading() as tx:
        return views(tx, now=node.clock.now())


def views(tx: Reading, *, now: Instant) -> tuple[View, ...]:
    """Return all directives as they stand at an instant, the latest first."""
    found = [view(tx, row, now=now) for row in tx.page(StandingOf, limit=100_000)]
    return tuple(sorted(found, key=lambda one: (one.item.at, one.row.key), reverse=True))


def view(tx: Reading, row: StandingOf, *, now: Instant) -> View:
    """Return a directive as it stands at an instant."""
    item = tx.get(ItemOf, row.key)
    assert item is not None  # noqa: S101 - both rows are folded from one leaf
    turns = tuple(sorted(tx.within(DirectiveTurn, row.key), key=lambda one: one.index))
    lane = tx.get(LaneOf, row.lane)
    return View(
        row=row,
        item=item,
        state=_state(row, turns, lane, now),
        turns=turns,
        lane=lane,
        gaps=tuple(sorted(tx.within(LaneGap, row.lane), key=lambda one: one.first)),
    )


def _state(
    row: StandingOf, turns: Sequence[DirectiveTurn], lane: LaneOf | None, now: Instant
) -> str:
    if any(one.act == "directive.withdraw" for one in turns):
        return "withdrawn"
    if now >= row.until:
        return "expired"
    if lane is not None and lane.given >= row.most:
        return "used-up"
    if turns and turns[-1].act == "directive.suspend":
        return "suspended"
    return "not-yet" if now < row.since else "stands"
