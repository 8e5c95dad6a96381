"""Weighing consents: the one that an act cites must hold; the others say why none does."""

from collections.abc import Callable
from typing import Final

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.parts import Position
from comity.agreement.case import Case, ConsentFact, ItemFacts
from comity.agreement.clauses.base import OWN_USE
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


def is_own_use(entry: Entry, case: Case, item: ItemFacts) -> bool:
    """Tell whether an act uses what its author received.

    To open it in order to pass it on is none, if a consent to that holds and the act names it.
    """
    if case.acting == item.originator or not isinstance(entry.deed, OWN_USE):
        return False
    if isinstance(entry.deed, deeds.Access) and isinstance(entry.deed.consent, Position):
        return weigh(case, item.originator, "third-party", lambda _: True) is not None
    return True


def mode_of(case: Case, item: ItemFacts) -> str:
    """Return what the originator's last word lets the holder itself do; empty: it said nothing.

    A restriction stays whatever becomes of the consent that it came with: who may not pass an
    item on any more may not read it for that. A permission ends with its consent, and what was
    said before it counts again.
    """
    said = [
        one.mode
        for one in case.consents
        if one.same_item
        and one.state == "granted"
        and one.originator == item.originator
        and (one.mode == "pass-on-only" or _lets_use(case, one))
    ]
    return said[-1] if said else ""


def _lets_use(case: Case, one: ConsentFact) -> bool:
    """Tell whether a consent lets the holder use the item; on paper no key has signed it."""
    ended = not isinstance(one.until, UnsetType) and case.at >= one.until
    return one.mode == "own-use" and not (one.withdrawn or ended or one.attested)
