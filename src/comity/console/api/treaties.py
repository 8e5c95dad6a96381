"""The pact: its articles and what is open under each, its instruments."""

from typing import Annotated, Any

from msgspec import Meta, Struct, structs

from comity.acts.deeds import Role
from comity.agreement.compared import compared
from comity.agreement.text import bundle_bytes
from comity.console.api.answers import Done, Duty, done, taken
from comity.console.api.drafts import Offices
from comity.console.api.operation import Doing, Listing, Operation, Page, requires
from comity.console.api.paging import paged
from comity.console.api.today import Head, head
from comity.console.pages import compare as comparing
from comity.console.pages import pact as pages
from comity.console.pages.visit import Visit
from comity.node import people, treaty
from comity.node.articles import article_of
from comity.node.people import require_person
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Office, Party

Text = Annotated[str, Meta(max_length=1 << 20)]


class ArticleOf(Struct, frozen=True, kw_only=True):
    """An article in the language asked for.

    Attributes:
        terms: What its clauses mean here.
        state: What it is now: ``in-force``, ``on-notice``, ``notice-suspended``, ``goes-on`` (the
            pact has ended, for what was provided it goes on), ``at-rest``, ``signed``,
            ``proposed``, ``text`` (not put before anybody here), ``words`` (no terms to execute).
        duties: Open ones under it about items that this person may see.
    """

    number: str
    title: str
    prose: str
    terms: tuple[str, ...]
    state: str
    open: int
    overdue: int
    duties: tuple[Duty, ...]


class ParentOf(Struct, frozen=True, kw_only=True):
    """An agreement that another rests on, and what that is here."""

    id: str
    standing: str


class Pact(Struct, frozen=True, kw_only=True):
    """An agreement with its articles.

    Attributes:
        versions: All that are known here or ship, the oldest first.
        parents: What it rests on.
    """

    head: Head
    name: str
    versions: tuple[str, ...]
    parents: tuple[ParentOf, ...]
    articles: tuple[ArticleOf, ...]


Version = Annotated[str, Meta(max_length=120)]


class Which(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which version, by its name or the digest of its text; the one in force by default."""

    version: Version = ""


class TwoVersions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which two versions of a pact; what is in force against what was proposed, by default."""

    old: Version = ""
    new: Version = ""


class ChangeOf(Struct, frozen=True, kw_only=True):
    """One thing that changes under an article.

    Attributes:
        effect: ``wider``, ``condition``, ``narrower``, ``reason`` (judged alike, for another
            reason), ``new-duty``, ``duty-gone``, ``sooner``, ``later``.
        what: The code of what stands, or stood, in the way; of a duty: the act owed.
        acts: How many classes of act it changes.
        where: Per feature of an act, the values for which it does.
        before: The outcome; of a duty, within how many seconds (-1: no time is set).
    """

    effect: str
    what: str
    acts: int
    where: dict[str, tuple[str, ...]]
    before: str
    after: str


class TermsOf(Struct, frozen=True, kw_only=True):
    """A term that is written otherwise: what only the one text has of it, and the other.

    Attributes:
        term: Empty: only one of the two has a clause of this type in the article.
    """

    clause: str
    term: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class ComparedOf(Struct, frozen=True, kw_only=True):
    """An article in both versions."""

    article: str
    title: str
    changes: tuple[ChangeOf, ...]
    terms: tuple[TermsOf, ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """Two versions of a pact, and the articles under which something changes."""

    pact: str
    old: str
    new: str
    articles: tuple[ComparedOf, ...]


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
        pages.pacts(visit)["agreements"],
        asked,
        key=lambda one: (one["id"], one["version"], one["digest"]),
        shown=head,
    )


def pact(visit: Visit, asked: Which) -> Pact:
    """Show a version of an agreement: its articles in plain words, their state, what is due."""
    shown = pages.articles(visit._replace(asked={"version": asked.version}))
    return Pact(
        head=head(shown["text"]),
        name=shown["named"],
        versions=tuple(one["digest"] for one in shown["versions"]),
        parents=tuple(taken(one, ParentOf) for one in shown["text"]["parents"]),
        articles=tuple(
            taken(one | {"prose": str(one["prose"])}, ArticleOf) for one in shown["articles"]
        ),
    )


def compare(visit: Visit, asked: TwoVersions) -> Comparison:
    """Compare two versions by meaning: per article what is wider, narrower, newly owed."""
    found = pages.versions(visit)
    old, new = comparing.pair(found, asked.old, asked.new)
    names = pages.titles(old.agreement, visit.lang) | pages.titles(new.agreement, visit.lang)
    lines = compared(old.agreement, new.agreement, at=visit.now) if old is not new else ()
    return Comparison(
        pact=new.agreement.id,
        old=old.agreement.digest,
        new=new.agreement.digest,
        articles=tuple(
            ComparedOf(
                article=one.article,
                title=names.get(one.article, ""),
                changes=tuple(
                    ChangeOf(**(structs.asdict(each) | {"effect": each.effect.value}))
                    for each in one.changes
                ),
                terms=tuple(TermsOf(**structs.asdict(each)) for each in one.terms),
            )
            for one in lines
        ),
    )


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
        raise Refused("refused.treaty.none-in-force", body.to)
    entered = people.assure(
        doing.node,
        body.to,
        agreement=text.digest,
        article=article_of(text, "people.assure"),
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
    Operation("pactShow", "pact", "GET", _PACT, pact, Pact, Which),
    Operation("pactCompare", "pact", "GET", f"{_PACT}/compare", compare, Comparison, TwoVersions),
    Operation("pactSign", "pact", "POST", f"{_PACT}/sign", sign, Done, Towards),
    Operation("pactNotify", "pact", "POST", f"{_PACT}/notify", notify, Done, Towards),
    Operation("authoritiesNotify", "pact", "POST", "/authorities", authorities, Done, Towards),
    Operation("assure", "pact", "POST", "/assurances", assure, Done, Word),
)
"""Of the pact."""
