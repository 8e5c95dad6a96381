"""The network: parties and agreements as a drawing, what leads through them, and what if."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from comity.agreement import shipped
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.scope import Scope
from comity.agreement.net import Net, Route, Thing
from comity.agreement.network import purposes_of, reach, routes, usual_purpose
from comity.agreement.text import Agreement
from comity.console.pages import web
from comity.console.pages.visit import Visit
from comity.console.words import catalogue, known_schemes, marking_of_all, spellings, vocabulary
from comity.node import treaty
from comity.vocabulary.forms import Form
from comity.vocabulary.names import AgreementId, Level, Party, Purpose, Subject, scheme_of
from comity.wording import render

MOST, LONGEST = 8, 4
"""How many routes are told of, and of how many hops."""

_ANYBODY: Final = ""
_FORMS: Final = frozenset(one.value for one in Form)


class Asked(NamedTuple):
    """What is asked of the web, as typed.

    Attributes:
        to: Whom it is to reach; empty: whoever could come to hold it.
        without: The agreement taken as ended; empty: none.
        joined: The text taken as in force too, as ``ID@VERSION``; empty: none.
    """

    origin: str
    level: str
    subject: str
    purpose: str
    form: str
    to: str
    without: str
    joined: str


class Found(NamedTuple):
    """The web as it is asked about, and the answer.

    Attributes:
        texts: What is drawn: also what is taken as ended.
    """

    asked: Asked
    texts: tuple[Agreement, ...]
    routes: tuple[Route, ...]


def texts_of(visit: Visit) -> dict[AgreementId, Agreement]:
    """Return the texts that routes are looked for under: the newest that ship, and those here."""
    known = {one.agreement.id: one.agreement for one in treaty.known(visit.node, visit.tx)}
    found = {one.id: one for one in shipped.newest()} | known
    return {name: found[name] for name in sorted(found)}


def others(visit: Visit) -> dict[str, Agreement]:
    """Return the texts that could be taken as in force too, as ``ID@VERSION``."""
    used = {one.digest for one in texts_of(visit).values()}
    held = [one.agreement for one in treaty.known(visit.node, visit.tx)]
    found = {f"{one.id}@{one.version}": one for one in (*shipped.everything(), *held)}
    return {name: one for name, one in sorted(found.items()) if one.digest not in used}


def searched(visit: Visit) -> Found:
    """Return the web as it is asked about, and what leads through it."""
    texts, more = texts_of(visit), others(visit)
    asked = _asked(visit, texts, more)
    if asked.joined:
        joined = more[asked.joined]
        texts = texts | {joined.id: joined}
    net = Net(agreements=tuple(texts.values()), at=visit.now)
    if asked.without:
        net = net.without(AgreementId(asked.without))
    return Found(asked, tuple(texts.values()), _found(net, asked))


def network(visit: Visit) -> dict[str, Any]:
    """Return the drawing of all texts known here, and the answer to what is asked of it."""
    found = searched(visit)
    asked, texts = found.asked, found.texts
    known = {one.agreement.digest: one for one in treaty.known(visit.node, visit.tx)}
    hubs = web.hubs_of(texts)
    return {
        "asked": asked,
        "query": dict(asked._asdict()),
        "parties": parties_of(texts),
        "hubs": hubs,
        "levels": _levels(Party(asked.origin), texts),
        "subjects": subjects_of(texts),
        "purposes": purposes_of(texts),
        "forms": tuple(one.value for one in Form),
        "others": tuple(others(visit)),
        "texts": [
            {
                "id": one.id,
                "version": one.version,
                "parties": one.parties,
                "hub": tuple(party for party, of in hubs.items() if one.id in of),
                "views": {who: view.value for who, view in known[one.digest].views}
                if one.digest in known
                else {},
                "ended": one.id == asked.without,
                "joined": bool(asked.joined) and asked.joined == f"{one.id}@{one.version}",
            }
            for one in texts
        ],
        "routes": [_told(route) for route in found.routes],
        "picture": drawing(found),
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def drawing(found: Found) -> dict[str, Any]:
    """Return the drawing of what was found."""
    return web.drawn(
        found.texts,
        found.routes,
        origin=found.asked.origin,
        ended=found.asked.without,
        joined=found.asked.joined.partition("@")[0],
    )


def in_words(visit: Visit, found: Found) -> str:
    """Return what was found as lines of text."""
    say = vocabulary(visit.lang, "UTC")
    t, party = say["t"], say["party"]
    asked = found.asked
    subject, purpose = (
        say["code_label"](kind, code)
        for kind, code in (("subject", asked.subject), ("purpose", asked.purpose))
    )
    thing = (party(asked.origin), say["level"](asked.level), subject, purpose)
    lines = [" · ".join((*thing, t(f"form.{asked.form}")))]
    if asked.without:
        lines.append(f"{t('network.without')}: {asked.without}")
    if asked.joined:
        lines.append(f"{t('network.joined')}: {asked.joined}")
    lines += [""] if found.routes else ["", _nothing(asked, t, party)]
    for route in found.routes:
        lines.append(party(route.receiver))
        lines += [f"  {one}" for one in _hops(route, visit.lang, say)]
    return "\n".join(lines) + "\n"


def _nothing(asked: Asked, t: Any, party: Any) -> str:  # noqa: ANN401 - the page's own words
    if not asked.to:
        return str(t("network.nobody"))
    return str(t("network.no-route", originator=party(asked.origin), party=party(asked.to)))


def _hops(route: Route, lang: str, say: dict[str, Any]) -> Iterator[str]:
    t, party, level = say["t"], say["party"], say["level"]
    for hop in route.hops:
        articles = ", ".join(say["art"](one) for one in hop.articles)
        called = " / ".join(level(one) for one in hop.called)
        told = f" · {t('network.called', levels=called)}" if called else ""
        way = f"{party(hop.provider)} → {party(hop.receiver)} · {hop.agreement} {hop.version}"
        yield f"{way}{told} ({articles})"
        for who in hop.consents:
            yield f"  - {t('network.consent', party=party(who))}"
        for finding in hop.needs:
            yield f"  - {render(catalogue(), finding.reason, lang, names=spellings())}"


def _asked(visit: Visit, texts: dict[AgreementId, Agreement], more: dict[str, Agreement]) -> Asked:
    """Return what is asked; what no text knows is taken as not asked."""
    given = {name: visit.asked.get(name, "").strip() for name in Asked._fields}
    joined = given["joined"] if given["joined"] in more else ""
    known = (*texts.values(), *((more[joined],) if joined else ()))
    parties, subjects = parties_of(known), subjects_of(known)
    origin = given["origin"] if given["origin"] in parties else visit.node.party
    levels, purposes = _levels(Party(origin), known), purposes_of(known)
    return Asked(
        origin=origin,
        level=given["level"] if given["level"] in levels else (levels[0] if levels else ""),
        subject=given["subject"]
        if given["subject"] in subjects
        else (subjects[0] if subjects else ""),
        purpose=given["purpose"] if given["purpose"] in purposes else usual_purpose(known),
        form=given["form"] if given["form"] in _FORMS else Form.ELECTRONIC.value,
        to=given["to"] if given["to"] in parties and given["to"] != origin else _ANYBODY,
        without=given["without"] if given["without"] in texts else "",
        joined=joined,
    )


def _found(net: Net, asked: Asked) -> tuple[Route, ...]:
    if not asked.level or not asked.subject or not asked.purpose:
        return ()
    thing = Thing(
        originator=Party(asked.origin),
        level=Level(asked.level),
        subject=Subject(asked.subject),
        purpose=Purpose(asked.purpose),
        form=Form(asked.form),
    )
    if asked.to:
        return routes(net, thing, Party(asked.to), limit=MOST, longest=LONGEST)
    return tuple(one.route for one in reach(net, thing))


def _told(route: Route) -> dict[str, Any]:
    return {
        "to": route.receiver,
        "hops": [
            {
                "provider": hop.provider,
                "receiver": hop.receiver,
                "agreement": f"{hop.agreement} {hop.version}",
                "articles": hop.articles,
                "called_as": " / ".join(spellings().get(one, one) for one in hop.called),
                "consents": hop.consents,
                "needs": [finding.reason for finding in hop.needs],
            }
            for hop in route.hops
        ],
    }


def parties_of(texts: tuple[Agreement, ...]) -> tuple[Party, ...]:
    """Return everybody who is party to one of some texts."""
    return tuple(sorted({party for one in texts for party in one.parties}))


def _levels(party: Party, texts: tuple[Agreement, ...]) -> tuple[Level, ...]:
    """Return a party's levels, lowest first: of its scheme; without one, those of the tables."""
    scheme = known_schemes().get(party)
    if scheme is not None:
        return tuple(one.level for one in scheme.level)
    ranks = {
        one.level: tier.rank
        for text in texts
        for clause in text.clauses
        if isinstance(clause, Equivalence)
        for tier in clause.tiers
        for one in tier.levels
        if scheme_of(one.level) == party
    }
    return tuple(sorted(ranks, key=lambda level: (ranks[level], level)))


def subjects_of(texts: tuple[Agreement, ...]) -> tuple[Subject, ...]:
    """Return every subject that some texts name."""
    return tuple(
        sorted(
            {
                subject
                for one in texts
                for clause in one.clauses
                if isinstance(clause, Scope)
                for subject in clause.subjects
            }
        )
    )
