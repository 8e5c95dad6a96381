"""Questions about the web of agreements, answered from the texts alone."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from comity.acts.judgements import Remedy
from comity.agreement.net import Net, Route, Thing
from comity.agreement.shipped import in_force, newest
from comity.agreement.text import Agreement, open_bundle
from comity.assemble.clock import SystemClock
from comity.cli.words import catalogue, say, spellings
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant, parse_instant
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Level,
    Party,
    Purpose,
    Subject,
    parse_party,
    scheme_of,
)
from comity.vocabulary.phrases import Phrase, phrase
from comity.wording.catalogues import article_text, remedy_text, render


def route(parsed: Mapping[str, Any]) -> int:
    """Say by which lawful routes an item may reach a party."""
    from comity.agreement.network import routes

    origin, receiver = parse_party(parsed["origin"]), parse_party(parsed["receiver"])
    net = _net(parsed)
    found = [
        (thing, one)
        for thing in _things(net, parsed, origin)
        for one in routes(net, thing, receiver)
    ]
    said = {"routes": [{"subject": thing.subject, **_route(one)} for thing, one in found]}
    if parsed["json"]:
        say("network.route", said, parsed, status=0)
    elif not found:
        print(_word(phrase("network.no-route", originator=origin, party=receiver), parsed))
    else:
        for thing, one in found:
            print(thing.subject)
            for line in _told(one, parsed):
                print(f"  {line}")
    if not parsed["json"]:
        _left_out(net, parsed)
    return 0 if found else 2


def reach(parsed: Mapping[str, Any]) -> int:
    """Say who could ever come to hold an item, each by the way with the fewest consents."""
    from comity.agreement.network import reach as search

    origin = parse_party(parsed["from"])
    net = _net(parsed)
    found = [
        (thing, holder) for thing in _things(net, parsed, origin) for holder in search(net, thing)
    ]
    if parsed["json"]:
        holders = [
            {"subject": thing.subject, "party": one.party, **_route(one.route)}
            for thing, one in found
        ]
        say("network.reach", {"holders": holders}, parsed, status=0)
    elif not found:
        print(_word(phrase("network.nobody"), parsed))
    else:
        for thing, one in found:
            print(f"{one.party}  {thing.subject}")
            for line in _told(one.route, parsed):
                print(f"  {line}")
    if not parsed["json"]:
        _left_out(net, parsed)
    return 0


def check(parsed: Mapping[str, Any]) -> int:
    """Prove the promises over all agreements together; tell the shortest breach of each."""
    from comity.agreement.promises import stories, things
    from comity.marking.schemes import parse_schemes

    net = _net(parsed)
    schemes = parse_schemes(files("comity.marking").joinpath("schemes.toml").read_text())
    found = stories(net, schemes)
    kept = phrase(
        "network.kept",
        agreements=str(len(net.agreements)),
        items=str(sum(1 for _ in things(net))),
    )
    if parsed["json"]:
        told = [
            {
                "code": one.said.code,
                "parameters": one.said.parameters,
                "hops": [] if one.hops is None else _route(one.hops)["hops"],
            }
            for one in found
        ]
        say("network.check", {"breaches": told}, parsed, status=0)
    for one in found if not parsed["json"] else ():
        print(f"✗ {_word(one.said, parsed)}")
        for line in () if one.hops is None else _told(one.hops, parsed):
            print(f"    {line}")
    if not found and not parsed["json"]:
        print(f"✓ {_word(kept, parsed)}")
    if not parsed["json"]:
        _left_out(net, parsed)
    return 2 if found else 0


def diff(parsed: Mapping[str, Any]) -> int:
    """Say which classes of act two texts answer differently."""
    from comity.agreement.compared import unshown
    from comity.agreement.difference import difference
    from comity.cli import compared as written

    old, new = _agreement(parsed["old"]), _agreement(parsed["new"])
    if parsed.get("by_article"):
        return _by_article(old, new, parsed)
    found = difference(old, new, at=_at(parsed))
    quiet = unshown(old, new, found)
    if parsed["json"]:
        told = [
            {
                "acts": one.acts,
                "where": one.where,
                "old": _answer(one.old),
                "new": _answer(one.new),
            }
            for one in found
        ]
        both = {"differences": told, "unshown": written.values(quiet)}
        say("agreement.diff", both, parsed, status=0)
        return 0
    if not found:
        print(_word(phrase("network.same"), parsed))
    for one in found:
        codes = phrase(
            "network.answers",
            acts=str(one.acts),
            old=one.old.outcome,
            new=one.new.outcome,
        )
        print(_word(codes, parsed))
        for name, values in sorted(one.where.items()):
            print(f"    {name}: {', '.join(values)}")
        for mark, answer in (("-", one.old), ("+", one.new)):
            for article, code in answer.objections:
                print(f"  {mark} {article_text(Article(article), parsed['lang'])}: {code}")
            for what, article, within in answer.duties:
                due = "" if within < 0 else f" ≤ {within} s"
                print(f"  {mark} {article_text(Article(article), parsed['lang'])}: {what}{due}")
    if quiet:
        print(_word(phrase("network.unshown"), parsed))
    for line in written.lines(quiet, parsed):
        print(f"  {line}")
    return 0


def _by_article(old: Agreement, new: Agreement, parsed: Mapping[str, Any]) -> int:
    from comity.agreement.compared import compared
    from comity.cli import compared as told

    found = compared(old, new, at=_at(parsed))
    if parsed["json"]:
        say("agreement.diff", {"articles": told.values(found)}, parsed, status=0)
        return 0
    for line in told.lines(found, parsed):
        print(line)
    if not found:
        print(_word(phrase("network.same"), parsed))
    return 0


def _answer(one: Any) -> dict[str, Any]:  # noqa: ANN401 - an Answer
    return {
        "outcome": one.outcome,
        "objections": [{"article": article, "code": code} for article, code in one.objections],
        "remedies": list(one.remedies),
        "duties": [
            {"what": what, "article": article, "within": within}
            for what, article, within in one.duties
        ],
    }


def _route(one: Route) -> dict[str, Any]:
    return {
        "hops": [
            {
                "from": hop.provider,
                "to": hop.receiver,
                "agreement": f"{hop.agreement} {hop.version}",
                "articles": list(hop.articles),
                "called": list(hop.called),
                "consents": list(hop.consents),
                "needs": [finding.reason.code for finding in hop.needs],
            }
            for hop in one.hops
        ],
        "consents": [{"of": of, "for": to} for of, to in one.consents],
    }


def _told(one: Route, parsed: Mapping[str, Any]) -> Iterator[str]:
    lang = parsed["lang"]
    for hop in one.hops:
        names = spellings()
        levels = " / ".join(names.get(level, level) for level in hop.called)
        line = f"{hop.provider} → {hop.receiver}  {hop.agreement} {hop.version}"
        if levels:
            line += f"  {_word(phrase('network.called', levels=levels), parsed)}"
        if hop.articles:
            line += f"  ({', '.join(article_text(article, lang) for article in hop.articles)})"
        yield line
        for party in hop.consents:
            yield f"    … {_word(phrase('network.consent', party=party), parsed)}"
        for finding in hop.needs:
            yield f"    … {_word(finding.reason, parsed)}"
            if isinstance(finding.remedy, Remedy):
                way = remedy_text(catalogue(), finding.remedy.act, lang, by=finding.remedy.by)
                yield f"      → {way}"


def _word(said: Phrase, parsed: Mapping[str, Any]) -> str:
    return render(catalogue(), said, parsed["lang"], names=spellings())


def _net(parsed: Mapping[str, Any]) -> Net:
    """Return the shipped agreements (the newest version of each) in force then, as asked."""
    at = _at(parsed)
    net = Net(agreements=in_force(at), at=at)
    net = net.joined_by(*(_agreement(name) for name in parsed.get("with") or ()))
    ended = tuple(AgreementId(name) for name in parsed.get("without") or ())
    if unknown := set(ended) - {one.id for one in (*newest(), *net.agreements)}:
        raise Refused("refused.agreement.unknown", ", ".join(unknown))
    return net.without(*ended)


def _left_out(net: Net, parsed: Mapping[str, Any]) -> None:
    """Tell which agreements were not in force at the instant that was asked about."""
    used = {*(parsed.get("without") or ()), *(one.id for one in net.agreements)}
    others = [one.id for one in newest() if one.id not in used]
    if others:
        print(_word(phrase("network.not-in-force", agreements=" ".join(others)), parsed))


def _agreement(name: str) -> Agreement:
    from comity.assemble.commands.agreements import bundle_of
    from comity.cli.house import folder_of

    folder = folder_of(name)
    if not (folder / "agreement.md").exists():
        raise Refused("refused.agreement.no-folder", str(folder))
    return open_bundle(bundle_of(folder))


def _things(net: Net, parsed: Mapping[str, Any], origin: Party) -> list[Thing]:
    """Return what would travel: of the subject asked for, or of each that a text names."""
    from comity.agreement.clauses.scope import Scope
    from comity.agreement.network import usual_purpose

    level = Level(parsed["level"])
    if scheme_of(level) != origin:
        raise Refused("refused.network.level", f"{origin}: {level}")
    try:
        form = Form(parsed["form"])
    except ValueError as error:
        raise Invalid("invalid.network.form", parsed["form"]) from error
    subjects = (
        [parsed["subject"]]
        if parsed.get("subject")
        else sorted(
            {
                subject
                for one in net.agreements
                if origin in one.parties
                for clause in one.clauses
                if isinstance(clause, Scope)
                for subject in clause.subjects
            }
        )
    )
    its = (one for one in net.agreements if origin in one.parties)
    purpose = Purpose(parsed["purpose"]) if parsed.get("purpose") else usual_purpose(its)
    return [
        Thing(
            originator=origin,
            level=level,
            subject=Subject(subject),
            purpose=purpose,
            form=form,
        )
        for subject in subjects
    ]


def _at(parsed: Mapping[str, Any]) -> Instant:
    given = parsed.get("at")
    return parse_instant(given) if given else SystemClock().now()
