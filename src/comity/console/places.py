"""The console's pages and forms: one literal table of each, and who finds which there."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from comity.acts.deeds import Role
from comity.console.forms import Order
from comity.console.pages import (
    approvals,
    compare,
    consents,
    custody,
    history,
    importing,
    item,
    keeping,
    ledger,
    network,
    onward,
    pact,
    papers,
    passkeys,
    people,
    register,
    release,
    requests,
    series,
    today,
)
from comity.console.pages.visit import Visit


class Page(NamedTuple):
    """A page: where it is, what it gathers, and where in the list of pages it stands."""

    path: str
    template: str
    gather: Callable[[Visit], dict[str, Any]]
    here: str


class Form(NamedTuple):
    """A form: what it does, and the page that is shown again, as typed, if it fails.

    Attributes:
        proof: Its person must have shown a passkey a short while ago, if there is one to show.
        signs: Its person signs the deeds that it makes; ``run`` gives them to the order's ``sign``
            before it changes anything, every time.
        first: What is done before that is asked: keeps what was typed.
    """

    path: str
    run: Callable[[Order], str]
    page: str
    proof: bool = False
    signs: bool = False
    first: Callable[[Order], object] | None = None


PAGES: Final = {
    "today": Page("/", "today", today.today, "today"),
    "release": Page("/release", "release", release.begin, "release"),
    "sheet": Page("/release/{sheet:str}", "sheet", release.sheet, "release"),
    "series": Page("/series", "series", series.series, "release"),
    "list": Page("/series/{list:str}", "list", series.one, "release"),
    "approvals": Page("/approvals", "approvals", approvals.approvals, "approvals"),
    "approval": Page("/approvals/{draft:str}", "approval", approvals.approval, "approvals"),
    "register": Page("/register", "register", register.register, "register"),
    "item": Page("/register/{number:path}", "item", item.item, "register"),
    "onward": Page("/onward/{number:path}", "onward", onward.onward, "register"),
    "keeping": Page("/keeping", "keeping", keeping.keeping, "register"),
    "people": Page("/people", "people", people.people, "register"),
    "facilities": Page("/facilities", "facilities", people.places, "register"),
    "reports": Page("/reports", "reports", keeping.reports, "register"),
    "papers": Page("/paper", "papers", papers.papers, "register"),
    "paper_begin": Page("/paper/begin", "paper_begin", papers.begin_page, "register"),
    "paper_act": Page("/paper/{party:str}/new", "paper_act", papers.enter_page, "register"),
    "paper_item": Page("/paper/{party:str}/item", "paper_item", papers.item_page, "register"),
    "paper_register": Page(
        "/paper/{party:str}/register", "paper_register", importing.imported, "register"
    ),
    "paper": Page("/paper/{party:str}", "paper", papers.paper, "register"),
    "attested_of_us": Page("/attested/{party:str}", "attested_of_us", papers.keeper, "register"),
    "requests": Page("/requests", "requests", requests.requests_page, "requests"),
    "request_new": Page("/requests/new", "request_new", requests.ask_page, "requests"),
    "request": Page("/requests/{key:path}", "request", requests.request, "requests"),
    "consents": Page("/consents", "consents", consents.consents_page, "consents"),
    "consent_new": Page("/consents/new", "consent_new", consents.ask_page, "consents"),
    "consent": Page("/consents/{key:path}", "consent", consents.consent, "consents"),
    "pact": Page("/pact", "pact", pact.pacts, "pact"),
    "history": Page("/pact/{agreement:str}", "history", history.history, "pact"),
    "articles": Page("/pact/{agreement:str}/articles", "articles", pact.articles, "pact"),
    "compare": Page("/pact/{agreement:str}/compare", "compare", compare.compare, "pact"),
    "network": Page("/network", "network", network.network, "network"),
    "passkeys": Page("/passkeys", "passkeys", passkeys.passkeys, "passkeys"),
    "ledger": Page("/ledger", "ledger", ledger.ledger, "ledger"),
}

FORMS: Final = (
    Form("/release/new", release.start, "release"),
    Form("/release/{sheet:str}/keep", release.kept, "sheet"),
    Form("/release/{sheet:str}/lay", release.lay, "sheet", proof=True, first=release.kept),
    Form("/release/{sheet:str}/drop", release.throw_away, "sheet"),
    Form("/release/laid/{draft:str}/back", release.take_back, "release"),
    Form("/series", series.send, "series"),
    Form("/series/{list:str}/lay", series.lay, "list", proof=True),
    Form("/series/{list:str}/drop", series.drop, "list"),
    Form("/series/{list:str}/approve", series.approve, "list", signs=True),
    Form("/approvals/{draft:str}/approve", approvals.approve, "approval", signs=True),
    Form("/approvals/{draft:str}/change", approvals.change, "approval"),
    Form("/approvals/{draft:str}/revise", approvals.revise, "approval", proof=True),
    Form("/approvals/{draft:str}/decline", approvals.decline, "approval"),
    Form("/register/{number:path}/number", custody.number, "item"),
    Form("/register/{number:path}/designate", custody.designate, "item"),
    Form("/register/{number:path}/mark", custody.mark, "item"),
    Form("/register/{number:path}/assign", custody.assign, "item"),
    Form("/register/{number:path}/need", custody.need, "item"),
    Form("/register/{number:path}/receipt", custody.receipt, "item", signs=True),
    Form("/register/{number:path}/erase", custody.erase, "item", signs=True),
    Form("/directives/{number:path}/suspend", keeping.suspend, "item", proof=True),
    Form("/directives/{number:path}/withdraw", keeping.withdraw, "item", proof=True),
    Form("/people/clear", people.clear, "people", proof=True),
    Form("/people/need", people.need, "people", proof=True),
    Form("/people/told", people.tell, "people", proof=True),
    Form("/people/withdraw", people.withdraw, "people", proof=True),
    Form("/facilities/withdraw", people.withdraw_place, "facilities", proof=True),
    Form("/facilities/enter", people.enter, "facilities", proof=True),
    Form("/onward/{number:path}", onward.pass_on, "onward", proof=True),
    Form("/paper/begin", papers.begin, "paper_begin", signs=True),
    Form("/paper/{party:str}/new", papers.enter, "paper_act", signs=True),
    Form("/paper/{party:str}/item", papers.item, "paper_item", signs=True),
    Form("/paper/{party:str}/register", importing.bring, "paper_register"),
    Form("/paper/{party:str}/register/enter", importing.go_on, "paper_register", signs=True),
    Form("/paper/{party:str}/register/forget", importing.forget, "paper_register"),
    Form("/paper/{party:str}/{index:int}/dispute", papers.dispute, "attested_of_us"),
    Form("/requests/new", requests.ask, "request_new"),
    Form("/requests/{key:path}/answer", requests.answer, "request"),
    Form("/requests/{key:path}/decline", requests.decline, "request"),
    Form("/requests/{key:path}/withdraw", requests.withdraw, "request"),
    Form("/requests/{key:path}/erase", requests.erase, "request", signs=True),
    Form("/consents/new", consents.ask, "consent_new"),
    Form("/consents/{key:path}/grant", consents.grant, "consent", signs=True),
    Form("/consents/{key:path}/refuse", consents.refuse, "consent", signs=True),
    Form("/consents/{key:path}/withdraw", consents.withdraw, "consent", signs=True),
    Form("/consents/{key:path}/acknowledge", consents.acknowledge, "consent"),
    Form("/passkeys/{key:str}/revoke", passkeys.revoke, "passkeys", proof=True),
)

NAV: Final = (
    "today",
    "release",
    "approvals",
    "register",
    "requests",
    "consents",
    "pact",
    "network",
    "ledger",
)
FOR: Final = {
    "release": frozenset({Role.DESK.value}),
    "approvals": frozenset({Role.RELEASING.value}),
    "requests": frozenset(
        {Role.DESK.value, Role.RELEASING.value, Role.REGISTRY.value, Role.SECURITY.value}
    ),
    "consents": frozenset({Role.DESK.value, Role.RELEASING.value, Role.REGISTRY.value}),
}
"""Pages that are there for some roles only; for others they are absent."""
