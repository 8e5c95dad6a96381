"""One deed, entered by itself: the shape of most use cases."""

from collections.abc import Mapping, Sequence

from comity.acts.deeds import AnyDeed
from comity.acts.parts import Approval
from comity.node.chancery import Act, Entered, enter
from comity.node.node import Node
from comity.node.ports import Space
from comity.vocabulary.names import PersonId


def enter_one(
    node: Node,
    deed: AnyDeed,
    *,
    actor: PersonId,
    approvals: Sequence[Approval] = (),
    keep: Mapping[Space, Mapping[str, bytes]] | None = None,
) -> Entered:
    """Enter one deed through the one door, with what goes in with it in the same transaction.

    Raises:
        RefusedAct: The judgement refuses it; the refusal is kept in the journal.
    """
    act = Act(deed=deed, approvals=tuple(approvals), keep=keep or {}, requested_by=actor)
    return enter(node, [act])[0]
