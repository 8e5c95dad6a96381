"""Weighing consents: the one that an act cites must hold; the others say why none does."""

from collections.abc import Callable
from typing import Final

from msgspec import UnsetType

from comity.agreement.case import Case, ConsentFact
from comity.vocabulary.names import Party

REASONS: Final = (
    "withdrawn",
    "expired",
    "used-up",
    "not-cited",
    "attested",
    "refused",
    "other-use",
    "other-item",
)
"""Which reason is said where several consents fail: the nearest to a valid one."""


def weigh(
    case: Case, originator: Party, uses: str, fits: Callable[[ConsentFact], bool]
) -> str | None:
    """Return nothing where a consent holds; else why it does not (``approval``: there is none)."""
    found = {
        _fault(case, one, fits)
        for one in case.consents
        if one.originator == originator and one.uses == uses
    }
    if "" in found:
        return None
    reason = next((one for one in REASONS if one in found), "")
    return f"consent-{reason}" if reason else "approval"


def _fault(case: Case, one: ConsentFact, fits: Callable[[ConsentFact], bool]) -> str:
    if not one.same_item:
        return "other-item"
    if not fits(one):
        return "other-use"
    if one.state == "refused":
        return "refused"
    if one.withdrawn:
        return "withdrawn"
    if not isinstance(one.until, UnsetType) and case.at >= one.until:
        return "expired"
    if one.used >= one.times:
        return "used-up"
    if one.attested:
        # Prior written approval travels as the originator's own signed leaf: the third party
        # judges that. Another's word that there is one on paper is not it.
        return "attested"
    return "" if one.cited else "not-cited"
