"""Release: drafted at the desk, decided by a releasing authority, entered, sealed, sent.

No path releases anything without the originator's decision: the deed is signed by a second
person before it can be entered, and the judgement is made again at the moment of entering.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import UNSET, UnsetType, structs

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.node import onward, treaty
from comity.node.assess import Assessment
from comity.node.chancery import (
    Act,
    RefusedAct,
    enter_then,
    keep_refusal,
)
from comity.node.drafts import (
    absent_draft,
    called,
    find_draft,
    is_sheet,
    open_draft,
    open_drafts,
    sealed,
    waiting,
    waiting_drafts,
)
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Space
from comity.node.sitting import Sitting
from comity.node.waits import Waiting, wrapped
from comity.node.wishes import (
    INLINE,
    Drafted,
    Standing,
    Wish,
    drafted,
    new_reference,
    require_not_empty,
    require_size,
)
from comity.register.links import erased
from comity.register.rows import ItemOf, key_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.names import (
    PersonId,
)


class Laid(NamedTuple):
    """A draft that waits: the deed's digest, and what the agreement says of it now."""

    deed: Digest
    assessment: Assessment


def judge_wish(node: Node, wish: Wish, *, drafter: PersonId) -> Assessment:
    """Judge a wish as the desk sees it: every finding with its article, nothing entered."""
    act = _sealed_act(drafted(node, wish, drafter=drafter), drafter)
    return onward.judged(node, [act])[0]


def judge_wishes(
    node: Node, wishes: Sequence[Wish], *, drafter: PersonId
) -> tuple[Assessment, ...]:
    """Judge wishes as :func:`lay_list_before` does, without what an approval remedies."""
    drafts = _drafts(node, wishes, drafter=drafter)
    asked = [_sealed_act(one, drafter) for one in drafts]
    # The approval is what they are laid before the authority for: its absence is no objection.
    return tuple(one.without("release.approve") for one in onward.judged(node, asked))


def _drafts(
    node: Node, wishes: Sequence[Wish], *, drafter: PersonId, role: Role = Role.DESK
) -> list[Drafted]:
    with node.store.reading() as tx:
        require_person(tx, drafter, role)
        under = {to: treaty.between(node, tx, to) for to in {one.to for one in wishes}}
    drafts: list[Drafted] = []
    for wish in wishes:
        if wish.pieces is None:
            require_size(wish.content)
        found = under[wish.to]
        if found is not None and isinstance(wish.agreement, UnsetType):
            wish = structs.replace(wish, agreement=found.digest)  # noqa: PLW2901 - as it is asked
        drafts.append(drafted(node, wish, drafter=drafter))
    return drafts


def _sealed_act(draft: Drafted, drafter: PersonId) -> Act:
    # To be judged the content counts as sealed, where there is one: it is, when it is laid.
    ciphertext = UNSET if draft.shown else draft.deed.item.plaintext
    return Act(deed=draft.deed, ciphertext=ciphertext, requested_by=drafter)


def lay_before(node: Node, wish: Wish, *, drafter: PersonId) -> Laid:
    """Lay a release before the releasing authority: the draft is kept, sealed.

    Findings that an approval remedies do not stand in the way; all others refuse it here.

    Raises:
        RefusedAct: the agreement refuses it, whoever approves.
        Refused: the drafter is no desk officer.
    """
    return lay_list_before(node, [wish], drafter=drafter)[0]


class Instead(NamedTuple):
    """A draft that ends in the same transaction: the act that ends it, and what is forgotten."""

    name: Digest
    act: Act
    drop: Mapping[Space, Sequence[str]]


def lay_list_before(  # noqa: PLR0913 - what goes with the drafts, by name
    node: Node,
    wishes: Sequence[Wish],
    *,
    drafter: PersonId,
    noted: Sequence[str] = (),
    also: Mapping[str, bytes] | None = None,
    instead: Instead | None = None,
) -> tuple[Laid, ...]:
    """Lay releases before the releasing authority in one transaction: all of them, or none.

    Each is a draft of its own, judged, sealed and found by its own digest; :func:`approve`
    decides over as many of them at a time as the authority sees fit. Under each of the keys in
    ``noted``, one per wish, it is noted in the same transaction which draft that wish became, and
    what is in ``also`` beside it. Laid ``instead`` of another draft, it is the releasing authority
    that drafts.

    Raises:
        RefusedAct: as :func:`lay_before`, for the first that is refused; none is laid.
        Unavailable: ``unavailable.conflict``: something is noted under one of the keys.
        Refused: as :func:`lay_before`.
    """
    role = Role.DESK if instead is None else Role.RELEASING
    drafts = _drafts(node, wishes, drafter=drafter, role=role)
    asked = [_sealed_act(one, drafter) for one in drafts]
    # The approval is what they are laid before the authority for: its absence is no objection.
    assessments = [one.without("release.approve") for one in onward.judged(node, asked)]
    for act, assessment in zip(asked, assessments, strict=True):
        if assessment.objections:
            refusal = RefusedAct("release.release", assessment)
            keep_refusal(node, [act], refusal)
            raise refusal
    laying = [_laying(node, *one) for one in zip(wishes, drafts, strict=True)]
    names = [name for name, _ in laying]
    notes = {key: name.encode() for key, name in zip(noted, names, strict=False)}
    enter_then(
        node,
        [
            *(act for _, act in laying),
            *([] if instead is None else [instead.act]),
        ],
        keep=lambda _: {Space.LINK: notes | dict(also or {})},
        drop={} if instead is None else instead.drop,
        waiting=() if instead is None else (instead.name,),
        absent=list(notes),
        first=lambda session: _require_words(session, drafts),
    )
    return tuple(
        Laid(name, assessment) for name, assessment in zip(names, assessments, strict=True)
    )


def _require_words(session: Sitting, drafts: Sequence[Drafted]) -> None:
    """Return if no draft has the words of a received item that were erased since they were read.

    Raises:
        Unavailable: ``unavailable.conflict``: the item is opened again, and goes on without.
    """
    for one in drafts:
        origin = one.deed.origin
        if isinstance(origin, UnsetType) or erased(session.rows, key_of(origin)) is None:
            continue
        item = session.rows.get(ItemOf, key_of(origin))
        if item is None or one.particulars.title != item.reference:
            raise Unavailable("unavailable.conflict", "its words were erased in the meantime")


def _laying(node: Node, wish: Wish, draft: Drafted) -> tuple[Digest, Act]:
    waits, content = sealed(node, draft, wish.pieces)
    name = deeds.deed_digest(waits.deed)
    act = Act(
        deed=deeds.LayBefore(by=draft.deed.by, actor=draft.drafter, deed=name),
        keep={Space.DRAFT: {name: wrapped(node, waits, name)}, Space.CONTENT: content},
    )
    return name, act


__all__ = [
    "INLINE",
    "Drafted",
    "Instead",
    "Laid",
    "Standing",
    "Waiting",
    "Wish",
    "absent_draft",
    "called",
    "drafted",
    "find_draft",
    "is_sheet",
    "judge_wish",
    "judge_wishes",
    "lay_before",
    "lay_list_before",
    "new_reference",
    "open_draft",
    "open_drafts",
    "require_not_empty",
    "require_size",
    "waiting",
    "waiting_drafts",
]
