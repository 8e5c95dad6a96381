"""The pact: its articles and what is open under each, its instruments."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from comity.acts.deeds import Role
from comity.agreement.text import bundle_bytes
from comity.console.api.answers import Done, done
from comity.console.api.drafts import Offices
from comity.console.api.operation import Doing, Listing, Nothing, Operation, Page, requires
from comity.console.api.paging import paged
from comity.console.api.today import Head, head
from comity.console.pages import pact as pages
from comity.console.pages.visit import Visit
from comity.node import people, treaty
from comity.node.people import require_person
from comity.node.receiving import absent
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Article, Level, Office, Party

Text = Annotated[str, Meta(max_length=1 << 20)]


class ArticleOf(Struct, frozen=True, kw_only=True):
    """An article in the language asked for.

    Attributes:
        terms: What its clauses mean here.
        open: Duties under it about items that this person may see.
    """

    number: str
    title: str
    prose: str
    terms: tuple[str, ...]
    open: int
    overdue: int


class Pact(Struct, frozen=True, kw_only=True):
    """An agreement with its articles."""

    head: Head
    name: str
    articles: tuple[ArticleOf, ...]


class Proposal(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text that is put before a counterpart.

    Attributes:
        source: ``agreement.md``.
        cases: ``cases.toml``; they are run before the text leaves.
        translations: ``agreement.<language>.md`` by language.
    """

    to: Party
    source: Text
    cases: Text = ""
    translations: Annotated[
        dict[Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")], Text], Meta(max_length=8)
    ] = {}


class Towards(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The counterpart."""

    to: Party


class Word(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """For which offices the word is given, to which level, until when."""

    to: Party
    offices: Offices
    level: Level
    until: Instant


def listed(visit: Visit, asked: Listing) -> Page[Head]:
    """List the agreements that are known here."""
    return paged(
        pages.pact(visit)["agreements"],
        asked,
        key=lambda one: (one["id"], one["version"], one["digest"]),
        shown=head,
    )


def pact(visit: Visit, asked: Nothing) -> Pact:
    """Show an agreement, its articles in plain words with what is open under each."""
    del asked
    name = visit.place["agreement"]
    for one in pages.pact(visit)["agreements"]:
        if name in (one["id"], one["digest"]):
            articles = [
                ArticleOf(
                    number=each["number"],
                    title=each["title"],
                    prose=str(each["prose"]),
                    terms=tuple(each["terms"]),
                    open=each["open"],
                    overdue=each["overdue"],
                )
                for each in one["articles"]
            ]
            return Pact(head=head(one), name=one["name"], articles=tuple(articles))
    raise absent()


def _office(doing: Doing[Any]) -> Office:
    requires(doing, Role.SIGNATORY)
    with doing.node.store.reading() as tx:
        return Office(require_person(tx, doing.person).office)


def propose(doing: Doing[Proposal]) -> Done:
    """Put a text before a counterpart, its cases run first."""
    office, body = _office(doing), doing.body
    bundle = bundle_bytes(
        body.source.encode(),
        body.cases.encode(),
        {lang: text.encode() for lang, text in body.translations.items()},
    )
    entered = treaty.propose(doing.node, bundle, to=body.to, by=office, actor=doing.person)
    return done(doing.node, entered, doing.lang)


def _instrument(doing: Doing[Towards]) -> dict[str, Any]:
    office, peer = _office(doing), doing.body.to
    with doing.node.store.reading() as tx:
        text = treaty.find(doing.node, tx, doing.place["agreement"], peer=peer).digest
    return {"text": text, "to": peer, "by": office, "actor": doing.person}


def sign(doing: Doing[Towards]) -> Done:
    """Sign a text; its cases are run on this side too."""
    return done(doing.node, treaty.sign(doing.node, **_instrument(doing)), doing.lang)


def notify(doing: Doing[Towards]) -> Done:
    """Notify that the requirements for entry into force are met."""
    return done(doing.node, treaty.notify(doing.node, **_instrument(doing)), doing.lang)


def authorities(doing: Doing[Towards]) -> Done:
    """Notify the house's competent authorities."""
    office = _office(doing)
    entered = treaty.notify_authorities(doing.node, to=doing.body.to, by=office, actor=doing.person)
    return done(doing.node, entered, doing.lang)


def assure(doing: Doing[Word]) -> Done:
    """Give the word before the first release: cleared, needed officially, protected."""
    office, body = _office(doing), doing.body
    with doing.node.store.reading() as tx:
        text = treaty.between(doing.node, tx, body.to)
    if text is None:
        raise Refused("refused.treaty.none-in-force", f"no agreement with {body.to} is in force")
    clause = text.clause("assurance")
    entered = people.assure(
        doing.node,
        body.to,
        agreement=text.digest,
        article=Article("7(5)") if clause is None else clause.article,
        offices=body.offices,
        level=body.level,
        until=body.until,
        by=office,
        actor=doing.person,
    )
    return done(doing.node, entered, doing.lang)


_PACT = "/pact/{agreement}"
OPERATIONS = (
    Operation("pactList", "pact", "GET", "/pact", listed, Page[Head], Listing),
    Operation("pactPropose", "pact", "POST", "/pact", propose, Done, Proposal),
    Operation("pactShow", "pact", "GET", _PACT, pact, Pact),
    Operation("pactSign", "pact", "POST", f"{_PACT}/sign", sign, Done, Towards),
    Operation("pactNotify", "pact", "POST", f"{_PACT}/notify", notify, Done, Towards),
    Operation("authoritiesNotify", "pact", "POST", "/authorities", authorities, Done, Towards),
    Operation("assure", "pact", "POST", "/assurances", assure, Done, Word),
)
"""Of the pact."""
