"""The ground rules: what holds before and beside every agreement, as a text with a digest."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.deeds import Role, kind_of
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Remedy, Verdict
from comity.acts.kinds import Family, Log, kind
from comity.agreement import speaking
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.consents import weigh
from comity.agreement.parsing import parse
from comity.agreement.text import Agreement, Bundle
from comity.vocabulary.dates import EARLIEST, Dated, interval
from comity.vocabulary.names import AgreementId, Article, Party, Reason, party_of
from comity.vocabulary.phrases import phrase

AUTHOR_ARTICLE: Final = Article("1")
INSTRUMENT_ARTICLE: Final = Article("2")
CUT_ARTICLE: Final = Article("3")
LINK_ARTICLE: Final = Article("4")
ITEM_ARTICLE: Final = Article("5")
PAPER_ARTICLE: Final = Article("6")


def _ground() -> Agreement:
    # A file of this package, read once at import: it is part of the program, like its code.
    source = files("comity.agreement").joinpath("ground.md").read_bytes()
    meta, articles, clauses = parse(source.decode(), file="ground.md")
    raw = encode(
        Bundle(id=meta.id, version=meta.version, agreement=source, cases=b"", translations={})
    )
    return Agreement(
        digest=digest(raw),
        meta=meta,
        articles=articles,
        clauses=clauses,
        cases="",
        source=source.decode(),
        translations={},
    )


GROUND: Final = _ground()
"""The ground rules; their digest stands in the agreement's place for link acts and instruments."""


def findings(entry: Entry, case: Case, *, freshness: int | None) -> tuple[Finding, ...]:
    """Return what the ground rules say of an outward act.

    Args:
        entry: The act.
        case: Its case file.
        freshness: Seconds that the counterpart's last word may be old, as the agreement says.
    """
    found = [
        _author(entry, case),
        _attested(entry, case),
        _speaking(entry, case),
        _cut(case),
        _providing(entry, case, freshness),
        _instrument(entry, case),
        _link(entry, case),
        _under(entry),
        _receipt(entry, case),
        _level(entry, case),
    ]
    return tuple(one for one in found if one is not None)


_GIVING: Final = (deeds.Release, deeds.Observations, deeds.ResumeDirective)
"""What is decided by itself, or rests on a directive; a directive is decided on as well."""

_DECIDING: Final = frozenset({"discretion", "standing-release"})
"""Clauses that say of an act whether its author decided it. What others permit opens nothing."""


def undecided(entry: Entry, found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Article 5: nothing is given that its author did not decide, by itself or beforehand.

    A way that is open (by courier, to a party on a list, with a record) is no decision. Under a
    text that has no clause on who decides, nothing is given.

    Args:
        entry: The act.
        found: What is said of it; what is forbidden already is not forbidden twice.
    """
    if not found or not isinstance(entry.deed, _GIVING):
        return ()  # Where nothing is said, nothing is permitted.
    if any(one.verdict is Verdict.FORBIDS or one.clause in _DECIDING for one in found):
        return ()
    return (_forbids(ITEM_ARTICLE, "undecided"),)


def _author(entry: Entry, case: Case) -> Finding | None:
    """Article 1: an office of the author acts, and says truly whose an item is."""
    if party_of(entry.deed.by) != case.acting:
        return _forbids(AUTHOR_ARTICLE, "author.other-party")
    deed = entry.deed
    until = deed.not_after if isinstance(deed, deeds.Outward) else UNSET
    if not isinstance(until, UnsetType) and case.at > until:
        return _forbids(AUTHOR_ARTICLE, "author.approval-lapsed")
    if isinstance(deed, deeds.Release):
        received = not isinstance(deed.origin, UnsetType)
        if received and deed.item.originator == case.acting:
            # Naming oneself would wash the originator's conditions off what one received.
            return _forbids(AUTHOR_ARTICLE, "author.not-the-originator")
        if not isinstance(case.origin_problem, UnsetType):
            return _forbids(AUTHOR_ARTICLE, case.origin_problem)
    return None


def _level(entry: Entry, case: Case) -> Finding | None:
    """Article 5: a holder that could lower an item alone would open it to whom it likes."""
    deed, item = entry.deed, case.item
    if not isinstance(deed, deeds.Regrade) or not isinstance(item, ItemFacts):
        return None
    if item.originator == case.acting:
        return None
    reason = weigh(case, item.originator, "lowering", lambda one: one.level == deed.level)
    if reason is None:
        return None
    return Finding(
        agreement=AgreementId("GROUND"),
        article=ITEM_ARTICLE,
        clause=Reason("ground"),
        verdict=Verdict.REQUIRES,
        reason=phrase(f"regrading.{reason}", originator=item.originator, level=deed.level),
        remedy=Remedy(act=Reason("consent.ask"), by=case.acting, to=item.originator),
    )


def _attested(entry: Entry, case: Case) -> Finding | None:
    """Article 6: what one on paper did, the other's registry enters with the paper as evidence."""
    facts = case.attested
    if isinstance(facts, UnsetType):
        return None
    if facts.closed:
        return _forbids(PAPER_ARTICLE, "paper.joined")
    if isinstance(entry.deed, deeds.PublishDirectory):
        return None  # its last entry: the directory is its own evidence
    if kind(entry.deed).family is Family.LINK or kind(entry.deed).log is not Log.CORRESPONDENCE:
        return _forbids(PAPER_ARTICLE, "paper.not-on-paper")
    if not facts.shown or not facts.stated:
        return _forbids(PAPER_ARTICLE, "paper.no-evidence")
    if not facts.signed:
        return _forbids(PAPER_ARTICLE, "paper.unsigned")
    return None


def _speaking(entry: Entry, case: Case) -> Finding | None:
    """Article 1: consents are the originator's, questions the holder's, answers the asked's."""
    code = speaking.problem(entry, case)
    if code is None:
        return None
    if code == speaking.UNSIGNED:
        return _requires(case, code, act="consent.grant", article=AUTHOR_ARTICLE)
    return _forbids(AUTHOR_ARTICLE, code)


def _cut(case: Case) -> Finding | None:
    """Article 3: time and cut."""
    problem = case.cut.problem
    return None if isinstance(problem, UnsetType) else _forbids(CUT_ARTICLE, problem)


def _providing(entry: Entry, case: Case, freshness: int | None) -> Finding | None:
    """Article 3: nothing is provided without the other's directory, or on an old word."""
    if kind(entry.deed).family is not Family.PROVIDING:
        return None
    if case.cut.paper:
        return (
            _requires(case, "seen.directory-expired", act="link.directory")
            if (case.cut.expired)
            else None
        )
    if not case.cut.directory:
        return _requires(case, "seen.no-directory")
    if case.cut.expired:
        return _requires(case, "seen.directory-expired", act="link.directory")
    age = case.cut.age
    if freshness is not None and (isinstance(age, UnsetType) or age > freshness):
        return _requires(case, "seen.stale")
    return None


def _instrument(entry: Entry, case: Case) -> Finding | None:
    """Article 2: carried, exact, in order."""
    deed = entry.deed
    if kind(deed).family is not Family.INSTRUMENT:
        return None
    if isinstance(deed, deeds.NotifyAuthority):
        return _permits(INSTRUMENT_ARTICLE, "instrument.authority")
    if isinstance(on := getattr(deed, "on", None), str) and _ahead(Dated(on), case):
        return _forbids(INSTRUMENT_ARTICLE, "instrument.date-ahead")
    if isinstance(deed, deeds.Negotiate | deeds.Announce):
        return _permits(INSTRUMENT_ARTICLE, "instrument.entered")
    if not case.bundle:
        return _forbids(INSTRUMENT_ARTICLE, "instrument.text-not-carried")
    by_hand = not isinstance(case.attested, UnsetType)
    if isinstance(deed, deeds.Sign) and not by_hand and not case.signed_exactly:
        return _forbids(INSTRUMENT_ARTICLE, "instrument.signature")
    if isinstance(deed, deeds.NotifyRequirementsMet):
        signed = any(
            one.author == case.acting and one.act == "treaty.sign" for one in case.instruments
        )
        if not signed:
            return _requires(
                case, "instrument.not-signed", act="treaty.sign", article=INSTRUMENT_ARTICLE
            )
    problem = _notice(deed, case)
    return problem or _permits(INSTRUMENT_ARTICLE, "instrument.entered")


def _ahead(on: Dated, case: Case) -> bool:
    """Tell whether a date has begun nowhere on earth yet."""
    return interval(on, EARLIEST)[0] > case.at


_OWN: Final = deeds.SuspendNotice | deeds.ResumeNotice | deeds.WithdrawNotice
_OF_A_TEXT_IN_FORCE: Final = deeds.GiveNotice | deeds.Amend | deeds.AcknowledgeNotice | _OWN
_OF_WHAT_CROSSED: Final = deeds.Receipt | speaking.OfAnItem


def _notice(deed: deeds.Deed, case: Case) -> Finding | None:
    """Article 2: what ends a text, or keeps it, is about a text in force and a notice that stands.

    A notice is moved by its author alone: who could withdraw the other's would bind it for ever.
    After the end nothing brings a text back but a new one.
    """
    if not isinstance(deed, _OF_A_TEXT_IN_FORCE):
        return None
    life = case.life
    if isinstance(life, UnsetType) or not life.in_force:
        return _forbids(INSTRUMENT_ARTICLE, "instrument.not-in-force")
    if isinstance(deed, deeds.GiveNotice | deeds.Amend):
        return None
    if isinstance(life.suspended, UnsetType):
        return _forbids(INSTRUMENT_ARTICLE, "instrument.no-notice")
    own = life.of == case.acting
    if own == isinstance(deed, deeds.AcknowledgeNotice):
        return _forbids(INSTRUMENT_ARTICLE, "instrument.whose-notice")
    if isinstance(deed, deeds.SuspendNotice) and life.suspended:
        return _forbids(INSTRUMENT_ARTICLE, "instrument.suspended")
    if isinstance(deed, deeds.ResumeNotice) and not life.suspended:
        return _forbids(INSTRUMENT_ARTICLE, "instrument.not-suspended")
    return None


def _link(entry: Entry, case: Case) -> Finding | None:
    """Article 4: link acts need no agreement; a directory is carried, and follows the last."""
    if kind(entry.deed).family is not Family.LINK:
        return None
    if isinstance(entry.deed, deeds.PublishDirectory) and not case.bundle:
        return _forbids(LINK_ARTICLE, "link.directory")
    if isinstance(entry.deed, deeds.EraseParticulars) and (problem := _erasing(case)):
        return problem
    return _permits(LINK_ARTICLE, "link.entered", act=kind_of(entry.deed))


ERASES: Final = (Role.REGISTRY, Role.SECURITY)
"""Who signs that words are to be erased: officers who keep the book, and open no content by it."""


def _erasing(case: Case) -> Finding | None:
    """Article 4: words are erased by both, each once, over the signature of an officer of each.

    Nobody can so erase the evidence of what only the own house did: the other one agrees to it,
    and the entry itself stays.
    """
    words = case.words
    if isinstance(words, UnsetType):
        return _forbids(LINK_ARTICLE, "erasing.no-words")
    if {case.acting, case.counterpart} <= set(words.said):
        return _forbids(LINK_ARTICLE, "erasing.erased")
    if case.acting in words.said:
        return _forbids(LINK_ARTICLE, "erasing.again")
    signed = any(
        party_of(one.office) == case.acting and set(ERASES) & set(one.roles)
        for one in case.approvals
    )
    if not signed:
        return _requires(
            case, "erasing.unsigned", act="link.erase-particulars", article=LINK_ARTICLE
        )
    return None


def _under(entry: Entry) -> Finding | None:
    """Articles 2 and 4: instruments and link acts name these rules in the agreement's place."""
    deed = entry.deed
    family = kind(deed).family
    if family not in (Family.INSTRUMENT, Family.LINK) or not isinstance(deed, deeds.Outward):
        return None
    if deed.agreement == GROUND.digest:
        return None
    article = LINK_ARTICLE if family is Family.LINK else INSTRUMENT_ARTICLE
    return _forbids(article, "agreement.other")


def _receipt(entry: Entry, case: Case) -> Finding | None:
    """Article 5: a receipt is under the agreement of what it is for.

    Under another agreement it would be judged by that one's terms, and discharge a duty of this.
    """
    deed, item = entry.deed, case.item
    if not isinstance(deed, _OF_WHAT_CROSSED) or not isinstance(item, ItemFacts):
        return None
    if item.agreement in (UNSET, deed.agreement):
        return None
    return _forbids(ITEM_ARTICLE, "agreement.not-the-items")


def _permits(article: Article, code: str, **parameters: str) -> Finding:
    return _finding(article, Verdict.PERMITS, code, parameters)


def _forbids(article: Article, code: str) -> Finding:
    return _finding(article, Verdict.FORBIDS, code, {})


def _finding(article: Article, verdict: Verdict, code: str, parameters: dict[str, str]) -> Finding:
    return Finding(
        agreement=AgreementId("GROUND"),
        article=article,
        clause=Reason("ground"),
        verdict=verdict,
        reason=phrase(f"ground.{code}", **parameters),
    )


def _requires(
    case: Case, code: str, *, act: str = "link.exchange", article: Article = CUT_ARTICLE
) -> Finding:
    return Finding(
        agreement=AgreementId("GROUND"),
        article=article,
        clause=Reason("ground"),
        verdict=Verdict.REQUIRES,
        reason=phrase(f"ground.{code}", party=case.counterpart),
        remedy=Remedy(act=Reason(act), by=Party(case.acting), to=Party(case.counterpart)),
    )
