"""Sheets on paper: cover, label, receipt form, certificate of an item; the muster sheet."""

from typing import Any, Final

from comity.acts.deeds import Role
from comity.console.pages import item as items
from comity.console.pages import visit as visits
from comity.printing import data
from comity.vocabulary.names import parse_office

SHEETS: Final = ("cover", "label", "receipt", "certificate")
"""The sheets of one item."""


def of_item(visit: visits.Visit, sheet: str, *, stage: str = "document") -> tuple[Any, str]:
    """Return what stands on a sheet of the item that the address names, and what it is called.

    Raises:
        Refused: ``refused.absent``: it is not here, or not this person's to know of;
            ``refused.print.not-sent``: a cover of what this house received.
    """
    row = items.visible(visit)
    found = data.of_item(
        visit.node,
        visit.tx,
        row,
        sheet,
        lang=visit.lang,
        demonstration=visit.demonstration,
        stage="package" if stage == "package" else "document",
    )
    return found, f"{row.reference}-{sheet}.pdf"


def of_muster(visit: visits.Visit, *, only: str = "") -> dict[str, Any]:
    """Return what stands on the muster sheet, to the registry; of one office where it is named.

    Raises:
        Refused: ``refused.absent``: who asks is none of the registry; ``refused.print.nothing``.
    """
    visits.require(visit, Role.REGISTRY)
    return data.of_muster(
        visit.tx,
        house=visit.node.party,
        lang=visit.lang,
        at=visit.now,
        office=parse_office(only) if only else None,
        demonstration=visit.demonstration,
    )
