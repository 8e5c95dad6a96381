"""What is done with an item besides receiving and reading it; facilities; one function for all.

Every act of these headings states its own fields; what an agreement says of them is judged at
the one door like everything else. So one use case serves them all: it finds the item, says who
acts for which office, and enters.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.kinds import KINDS, Family
from comity.node import treaty
from comity.node.articles import article_of
from comity.node.chancery import Act, Entered, enter
from comity.node.named import TRAVELLING, TRAVELS
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Space
from comity.register.rows import ItemOf, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import Office, Party, PersonId, party_of
from comity.vocabulary.reading import plainly

BY_TAG: Final = {str(one.__struct_config__.tag): one for one in KINDS}

_OTHERWISE: Final = frozenset(
    {
        "consent.acknowledge-withdrawal",
        "consent.withdraw",
        "delivery.receipt",
        "register.access",
        "register.assign",
        "register.designate",
        "register.re-mark",
        "register.register",
    }
)
"""Acts on an item that are done by a use case of their own, with its own roles."""

_ROLES: Final = (
    deeds.Role.REGISTRY,
    deeds.Role.CUSTODIAN,
    deeds.Role.SECURITY,
    deeds.Role.DESIGNATING,
)


def is_on_an_item(act: str) -> bool:
    """Tell whether an act protects an item, and is done on it by :func:`protect`."""
    made = BY_TAG.get(act)
    return (
        made is not None
        and act not in _OTHERWISE
        and "item" in made.__struct_fields__
        and KINDS[made].family is Family.PROTECTIVE
        and not issubclass(made, deeds.OfDirective)
    )


def protect(
    node: Node, item: ItemOf, act: str, fields: Mapping[str, Any], *, officer: PersonId
) -> Entered:
    """Enter an act on an item: destroy, return, reproduce, translate, muster, report, regrade.

    Args:
        node: Whose act it is.
        item: What it concerns.
        act: The kind of act (``register.destroy``).
        fields: What it states, by the names of its fields; numbers may be written as text.
        officer: Who does it: a registry officer, a custodian, a security officer.

    Raises:
        Invalid: ``invalid.act``: no act of this kind is done on an item, or its fields are not
            right.
        Refused: the person has none of the roles.
        RefusedAct: the agreement refuses it.
    """
    if not is_on_an_item(act):
        raise Invalid("invalid.act", f"{act} is no act on an item")
    with node.store.reading() as tx:
        row = require_person(tx, officer, *_ROLES)
        agreement = node.agreement(tx, Digest(item.agreement))
    other = item.provider if item.receiver == node.party else item.receiver
    stated = {
        "by": row.office,
        "to": Party(other),
        "article": article_of(agreement, act),
        "agreement": item.agreement,
        "item": msgspec.to_builtins(position_of(item.key)),
    }
    return _enter(node, act, {**fields, **stated}, officer)


def at_facility(node: Node, act: str, fields: Mapping[str, Any], *, officer: PersonId) -> Entered:
    """Enter a line about a facility or a briefing: roster, officer, accreditation.

    Raises:
        Invalid: ``invalid.act``.
        Refused: the person is no security officer and no administrator; ``refused.person.unknown``:
            whom it names is not entered here; ``refused.facility.elsewhere``.
    """
    if act not in FACILITY:
        raise Invalid("invalid.act", f"{act} is no act of a facility")
    with node.store.reading() as tx:
        row = require_person(tx, officer, deeds.Role.SECURITY, deeds.Role.ADMINISTRATOR)
        if "person" in fields:
            require_person(tx, PersonId(fields["person"]))
    place = str(fields.get("facility", ""))
    if place and party_of(Office(place)) != node.party:
        raise Refused("refused.facility.elsewhere", place)
    return _enter(node, act, {**fields, "by": row.office, "actor": officer}, officer)


def towards(  # noqa: PLR0913 - what is done, towards whom, under what, by whom
    node: Node,
    peer: Party,
    act: str,
    fields: Mapping[str, Any],
    *,
    officer: PersonId,
    under: str = "",
    document: bytes | None = None,
) -> Entered:
    """Enter an act towards a counterpart about no item: visit, contractor, dispute, support.

    Args:
        node: Whose act it is.
        peer: Towards whom.
        act: The kind of act (``visit.request``).
        fields: What it states, by the names of its fields.
        officer: Who does it.
        under: The agreement, as a command names it; the one in force with the counterpart
            where it is empty. After its end it is named: a dispute may still be raised.
        document: What goes with it: a visitors' list, a report. It travels, and is not secret.

    Raises:
        Invalid: ``invalid.act``: no act of this kind, or its fields are not right; no document
            goes with it.
        Refused: ``refused.document.too-large``; the person has none of the roles;
            ``refused.treaty.none-in-force``.
        RefusedAct: the agreement refuses it.
    """
    if act not in TOWARDS:
        raise Invalid("invalid.act", f"{act} is no act towards a counterpart")
    with node.store.reading() as tx:
        row = require_person(tx, officer, *_ROLES, deeds.Role.SIGNATORY)
        agreement = (
            treaty.find(node, tx, under, peer=peer) if under else treaty.between(node, tx, peer)
        )
    if agreement is None:
        raise Refused("refused.treaty.none-in-force", peer)
    stated = {
        "by": row.office,
        "to": peer,
        "article": article_of(agreement, act),
        "agreement": agreement.digest,
    }
    if document is None:
        return _enter(node, act, {**fields, **stated}, officer)
    field = TRAVELLING.get(BY_TAG[act])
    if field is None:
        raise Invalid("invalid.act", f"no document goes with {act}")
    if len(document) > TRAVELS:
        raise Refused(
            "refused.document.too-large", f"more than {TRAVELS >> 20} MiB: send it another way"
        )
    name = digest(document)
    return _enter(node, act, {**fields, **stated, field: name}, officer, {name: document})


TOWARDS: Final = frozenset(
    str(one.__struct_config__.tag)
    for one in (
        deeds.RequestVisit,
        deeds.PermitVisit,
        deeds.DeclineVisit,
        deeds.CloseVisit,
        deeds.FollowUp,
        deeds.OpenInspection,
        deeds.ProposeContractor,
        deeds.ApproveContractor,
        deeds.DeclineContractor,
        deeds.RaiseDispute,
        deeds.Consult,
        deeds.Settle,
        deeds.AskHoldings,
        deeds.StateHoldings,
        deeds.RequestSupport,
        deeds.TransferSupport,
        deeds.SettleSupport,
        deeds.BeginExercise,
        deeds.EndExercise,
        deeds.NoteExpense,
    )
)


FACILITY: Final = frozenset(
    str(one.__struct_config__.tag)
    for one in (
        deeds.Accredit,
        deeds.AppointOfficer,
        deeds.Brief,
        deeds.Debrief,
        deeds.EnrolOnRoster,
    )
)


def _enter(
    node: Node,
    act: str,
    fields: Mapping[str, Any],
    officer: PersonId,
    documents: Mapping[str, bytes] | None = None,
) -> Entered:
    try:
        # Not strict: at a command line a number is text. The deed is checked as it is decoded.
        deed: Any = msgspec.convert({"kind": act, **fields}, BY_TAG[act], strict=False)
    except msgspec.ValidationError as error:
        raise Invalid("invalid.act", f"{act}: {plainly(error, BY_TAG[act])}") from error
    keep = {Space.DOCUMENT: documents or {}}
    return enter(node, [Act(deed=deed, keep=keep, requested_by=officer)])[0]
