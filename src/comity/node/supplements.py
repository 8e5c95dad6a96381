"""Supplementary arrangements: what rests on what, and whether a text allows more (Article 5)."""

from collections.abc import Sequence
from typing import Any, Protocol

from comity.agreement.case import Standing
from comity.agreement.clauses.forms import Supplementary
from comity.agreement.clauses.network import DependsOn
from comity.agreement.text import Agreement
from comity.node.node import Node
from comity.node.ports import Reading
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Party


def require_allowed(node: Node, tx: Reading, agreement: Agreement) -> None:
    """Return unless a text that this one rests on allows no supplementary arrangements.

    A text that says nothing of it allows them; one that is not known here says nothing here.

    Raises:
        Refused: ``refused.treaty.supplementary``.
    """
    for one in _parents(agreement):
        parent = node.agreement(tx, one.text)
        clause = None if parent is None else parent.clause("supplementary")
        if isinstance(clause, Supplementary) and not clause.allowed:
            raise Refused(
                "refused.treaty.supplementary",
                f"{one.id}, Article {clause.article}, allows no supplementary arrangements",
            )


def _parents(agreement: Agreement) -> tuple[Any, ...]:
    return tuple(
        one for clause in agreement.clauses if isinstance(clause, DependsOn) for one in clause.on
    )


class Known(Protocol):
    """An agreement that a node knows, and what it is in each party's view now."""

    @property
    def agreement(self) -> Agreement:
        """The text."""
        ...

    @property
    def views(self) -> tuple[tuple[Party, Standing], ...]:
        """What it is in each view."""
        ...

    @property
    def in_force(self) -> bool:
        """Whether it is in force in every view."""
        ...


def tree(house: Party, found: Sequence[Known]) -> list[dict[str, Any]]:
    """Return the agreements that are known here, each with those that rest on it below it.

    Each with what it is now in this house's view, and whether what it rests on is in force: a
    child is of no use while a parent between the two is not.
    """
    known = {one.agreement.digest: one for one in found}
    below: dict[Digest, list[Digest]] = {}
    tops: list[Digest] = []
    for digest, one in known.items():
        parents = [each.text for each in _parents(one.agreement) if each.text in known]
        for parent in parents:
            below.setdefault(parent, []).append(digest)
        if not parents:
            tops.append(digest)

    def told(digest: Digest) -> dict[str, Any]:
        one = known[digest]
        wanted = _parents(one.agreement)
        lacking = [
            each.id
            for each in wanted
            if house in each.between and not (each.text in known and known[each.text].in_force)
        ]
        return {
            "id": one.agreement.id,
            "version": one.agreement.version,
            "views": {party: view.value for party, view in one.views},
            "rests_on": [each.id for each in wanted],
            "falls_with": lacking,
            "below": [told(each) for each in sorted(below.get(digest, []))],
        }

    return [told(one) for one in sorted(tops, key=lambda each: known[each].agreement.id)]
