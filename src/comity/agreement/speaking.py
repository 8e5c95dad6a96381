"""Who may say what of consents and requests: the ground rules' first article, act by act.

Only the originator approves, refuses and takes back; only the holder asks and acknowledges; an
answer is given to what was asked of its author. This holds whatever an agreement says.
"""

from typing import Final

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.deeds import Role, Uses
from comity.acts.deeds.consent import Terms
from comity.acts.entries import Entry
from comity.agreement.case import Case, ItemFacts, NamedFacts
from comity.vocabulary.logs import author, reader
from comity.vocabulary.names import party_of

UNSIGNED: Final = "consent.unsigned"
"""The one problem that has a remedy: a releasing authority of the originator signs."""

_Holders = deeds.Ask | deeds.AcknowledgeWithdrawal | deeds.OnwardReleased
OriginatorsAct = deeds.Grant | deeds.Refuse | deeds.Withdraw
"""What only the originator says of an item that it provided."""
OfAnItem = _Holders | OriginatorsAct
"""Acts about a consent: each concerns an item and stands under the agreement that it came under."""
_Requests = deeds.Answer | deeds.DeclineRequest | deeds.WithdrawRequest
SPEAKS_OF: Final[dict[type, tuple[str, bool]]] = {
    deeds.Grant: ("consent.ask", False),
    deeds.Refuse: ("consent.ask", False),
    deeds.Withdraw: ("consent.grant", True),
    deeds.AcknowledgeWithdrawal: ("consent.grant", False),
    deeds.Answer: ("request.request", False),
    deeds.DeclineRequest: ("request.request", False),
    deeds.WithdrawRequest: ("request.request", True),
}
"""The kind that each act speaks of, and whether that one is the author's own."""


def problem(entry: Entry, case: Case) -> str | None:
    """Return the code of what is wrong with a consent act or an answer, or nothing."""
    deed = entry.deed
    found = None
    if isinstance(deed, OfAnItem):
        found = _of_the_item(deed, case)
    if found is None and isinstance(deed, Terms):
        found = _terms(deed, case)
    if found is None and type(deed) in SPEAKS_OF:
        found = _spoken_of(deed, case)
    on_paper = not isinstance(case.attested, UnsetType)
    if found is None and isinstance(deed, deeds.Grant) and not on_paper and not _signed(case):
        return UNSIGNED
    return found


def _of_the_item(deed: _Holders | OriginatorsAct, case: Case) -> str | None:
    item = case.item
    if not isinstance(item, ItemFacts) or not item.provided:
        return "consent.no-item"
    holder = isinstance(deed, _Holders)
    giver, taker = (case.counterpart, case.acting) if holder else (case.acting, case.counterpart)
    if (author(deed.item.log), reader(deed.item.log)) != (giver, taker):
        return "consent.no-item"
    if item.originator != giver:
        # A hub provides what it did not originate; it cannot approve in the originator's place.
        return "consent.not-the-originator"
    if isinstance(deed, deeds.OnwardReleased) and deed.third_party in (giver, taker):
        return "consent.no-third-party"
    return None


def _terms(deed: Terms, case: Case) -> str | None:
    given = {
        Uses.THIRD_PARTY: deed.third_party,
        Uses.PURPOSE: deed.purpose,
        Uses.CONTRACTOR: deed.contractor,
        Uses.LOWERING: deed.level,
    }
    said = {uses for uses, value in given.items() if not isinstance(value, UnsetType)}
    goes_on = deed.uses is Uses.THIRD_PARTY
    if said != {deed.uses} & given.keys() or not (goes_on or isinstance(deed.mode, UnsetType)):
        return "consent.terms"
    if deed.third_party in (case.acting, case.counterpart):
        return "consent.no-third-party"
    if deed.until <= case.at:
        return "consent.over"
    return None


def _spoken_of(deed: deeds.Deed, case: Case) -> str | None:
    if isinstance(deed, deeds.Grant) and isinstance(deed.ask, UnsetType):
        return None  # approved without having been asked
    heading = "request" if isinstance(deed, _Requests) else "consent"
    act, own = SPEAKS_OF[type(deed)]
    named = case.named
    author = case.acting if own else case.counterpart
    if not isinstance(named, NamedFacts) or (named.act, named.author) != (act, author):
        return f"{heading}.nothing-named"
    if not named.same_item:
        return "consent.other-item"
    if not named.same_terms:
        return "consent.other-terms"
    if named.closed:
        return f"{heading}.closed"
    if isinstance(deed, deeds.AcknowledgeWithdrawal) and not named.withdrawn:
        return "consent.not-withdrawn"
    if not named.releases:
        return "request.no-such-release"
    return None


def _signed(case: Case) -> bool:
    return any(
        Role.RELEASING in one.roles and party_of(one.office) == case.acting
        for one in case.approvals
    )
