"""Commands that work from files: init, fingerprint, check, explain, verify."""

from collections.abc import Mapping
from typing import Any

from comity.cli.house import here
from comity.cli.words import catalogue, say
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import parse_party


def init(parsed: Mapping[str, Any]) -> int:
    """Make a node directory."""
    from comity.agreement.shipped import profile_bytes as shipped_profile
    from comity.assemble import founding
    from comity.assemble.commands.said import content_of
    from comity.cli.house import passphrase_of

    party = parse_party(parsed["party"])
    name = parsed["profile"]
    profile = shipped_profile(party) if name == "shipped" else content_of(name)
    config = founding.init(
        here(dict(parsed)),
        party=party,
        profile=profile,
        exchange=parsed["exchange"],
        console=parsed["console"],
        passphrase=passphrase_of(parsed, new=True),
        quick=parsed["quick"],
        origin=parsed["origin"] or "",
        where=parsed["store"],
        second=parsed["second"],
    )
    said = {
        "party": config.party,
        "exchange": config.exchange,
        "console": config.console,
        "store": config.store or "store/",
    }
    say("init", said, parsed, status=0)
    return 0


def fingerprint(parsed: Mapping[str, Any]) -> int:
    """Say the fingerprint of an enrolment file's root."""
    from comity.assemble.commands.said import content_of
    from comity.node.setup import read_enrolment

    enrolment, digits = read_enrolment(content_of(parsed["file"]))
    said = {"party": enrolment.party, "to": enrolment.to, "fingerprint": digits}
    say("enrol.fingerprint", said, parsed, status=0)
    return 0


def check(parsed: Mapping[str, Any]) -> int:
    """Check an agreement's folder and run its cases."""
    from comity.agreement.cases import run_cases
    from comity.agreement.check import check as second_reading
    from comity.agreement.complaints import InvalidAgreement
    from comity.agreement.text import open_bundle
    from comity.assemble.commands.agreements import bundle_of
    from comity.cli.house import folder_of

    folder = folder_of(parsed["folder"])
    if not (folder / "agreement.md").exists():
        raise Refused("refused.agreement.no-folder", str(folder))
    try:
        agreement = open_bundle(bundle_of(folder))
        results = run_cases(agreement)
    except InvalidAgreement as error:
        wrong = {"error": error.code, "detail": "\n".join(str(one) for one in error.complaints)}
        say("agreement.check", wrong, parsed, status=4)
        return 4
    failed = [one for one in results if not one.passed]
    doubtful = second_reading(agreement)
    said: dict[str, Any] = {
        "agreement": f"{agreement.id} {agreement.version}",
        "digest": agreement.digest,
        "articles": len(agreement.articles),
        "clauses": len(agreement.clauses),
        "cases": len(results),
        "failed": [
            f"Article {one.article}: {one.says}: expected {one.expected}, found {one.found}"
            for one in failed
        ],
        "doubtful": [str(one) for one in doubtful],
    }
    status = 2 if failed or doubtful else 0
    say("agreement.check", said, parsed, status=status)
    return status


def explain(parsed: Mapping[str, Any]) -> int:
    """Say what each clause means in practice, and every term of it."""
    from comity.agreement.stated import terms_of
    from comity.agreement.text import open_bundle
    from comity.agreement.translated import articles_in
    from comity.assemble.commands.agreements import bundle_of
    from comity.cli.house import folder_of
    from comity.wording.catalogues import article_text, render

    agreement = open_bundle(bundle_of(folder_of(parsed["folder"])))
    words = parsed.get("titles") or parsed["lang"]
    if words not in {"en", "ko", "ja", *agreement.meta.authentic, *agreement.translations}:
        known = ", ".join(sorted({*agreement.meta.authentic, *agreement.translations}))
        raise Refused("refused.agreement.language", f"the text is written in: {known}")
    titles = articles_in(agreement, words)
    said: list[dict[str, Any]] = []
    for clause in agreement.clauses:
        terms, title = terms_of(clause), titles[clause.article.partition("(")[0]][0]
        said.append(
            {
                "article": clause.article,
                "heading": f"{article_text(clause.article, parsed['lang'])} · {title}",
                "title": title,
                "type": clause.type,
                "says": " ".join(render(catalogue(), one, parsed["lang"]) for one in clause.told()),
                "terms": {one.name: one.value for one in terms if not one.usual},
                "unless_said_otherwise": {one.name: one.value for one in terms if one.usual},
            }
        )
    output = {"agreement": f"{agreement.id} {agreement.version}", "clauses": said}
    say("agreement.explain", output, parsed, status=0)
    return 0


def verify(parsed: Mapping[str, Any]) -> int:
    """Verify an evidence file from nothing but itself and the roots."""
    from comity.acts import deeds
    from comity.assemble.commands.said import content_of
    from comity.evidence.roots import root_said
    from comity.evidence.verify import require_confirmed
    from comity.evidence.verify import verify as prove
    from comity.seal.real import REAL

    raw = content_of(parsed["file"])
    roots = {}
    for one in parsed.get("root") or ():
        name, _, said_root = one.partition("=")
        party = parse_party(name)
        roots[party] = root_said(raw, party, said_root)
    verified = prove(REAL, raw, roots=roots)
    deed = verified.release.deed
    said = {
        "confirmed": verified.confirmed,
        "roots": dict(verified.roots),
        "item": deed.stream
        if isinstance(deed, deeds.Observations)
        else getattr(getattr(deed, "item", None), "reference", ""),
        "acts": [
            {
                "at": one.at,
                "kind": one.kind,
                "by": one.by,
                "outcome": one.judgement.outcome.value,
                "signed": list(one.signed),
                "attested": one.attested or "",
            }
            for one in verified.statements
        ],
        "on_paper": list(verified.on_paper),
        "logs": {log: one.size for log, one in verified.sizes.items()},
    }
    if (one := verified.observation) is not None:
        said["observation"] = {
            "number": one.number,
            "at": one.at,
            "text": one.data.decode(errors="replace"),
        }
    say("verify", said, parsed, status=0)
    require_confirmed(verified)
    return 0
