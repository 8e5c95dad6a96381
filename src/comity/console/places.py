"""The console's pages and forms: one literal table of each, and who finds which there."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from comity.acts.deeds import Role
from comity.console.forms import Order
from comity.console.pages import approvals, item, ledger, network, pact, register, release, today
from comity.console.pages.visit import Visit


class Page(NamedTuple):
    """A page: where it is, what it gathers, and where in the list of pages it stands."""

    path: str
    template: str
    gather: Callable[[Visit], dict[str, Any]]
    here: str


class Form(NamedTuple):
    """A form: what it does, and the page that is shown again, as typed, if it fails."""

    path: str
    run: Callable[[Order], str]
    page: str


PAGES: Final = {
    "today": Page("/", "today", today.today, "today"),
    "release": Page("/release", "release", release.begin, "release"),
    "sheet": Page("/release/{sheet:str}", "sheet", release.sheet, "release"),
    "approvals": Page("/approvals", "approvals", approvals.approvals, "approvals"),
    "approval": Page("/approvals/{draft:str}", "approval", approvals.approval, "approvals"),
    "register": Page("/register", "register", register.register, "register"),
    "item": Page("/register/{number:path}", "item", item.item, "register"),
    "pact": Page("/pact", "pact", pact.pact, "pact"),
    "network": Page("/network", "network", network.network, "network"),
    "ledger": Page("/ledger", "ledger", ledger.ledger, "ledger"),
}

FORMS: Final = (
    Form("/release/new", release.start, "release"),
    Form("/release/{sheet:str}/keep", release.kept, "sheet"),
    Form("/release/{sheet:str}/lay", release.lay, "sheet"),
    Form("/release/{sheet:str}/drop", release.throw_away, "sheet"),
    Form("/release/laid/{draft:str}/back", release.take_back, "release"),
    Form("/approvals/{draft:str}/approve", approvals.approve, "approval"),
    Form("/approvals/{draft:str}/decline", approvals.decline, "approval"),
)

NAV: Final = ("today", "release", "approvals", "register", "pact", "network", "ledger")
FOR: Final = {
    "release": frozenset({Role.DESK.value}),
    "approvals": frozenset({Role.RELEASING.value}),
}
"""Pages that are there for some roles only; for others they are absent."""
