"""Commands that work from files: init, serve, fingerprint, check, explain, verify."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from comity.cli.house import here
from comity.cli.words import SIGNED, attested_text, catalogue, say
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import parse_party


def init(parsed: Mapping[str, Any]) -> int:
    """Make a node directory."""
    from comity.assemble import house
    from comity.cli.house import passphrase_of

    party = parse_party(parsed["party"])
    name = parsed["profile"]
    profile = (
        files("comity.agreement").joinpath(f"texts/profile-{party}.md").read_bytes()
        if name == "shipped"
        else Path(name).read_bytes()
    )
    config = house.init(
        here(dict(parsed)),
        party=party,
        profile=profile,
        exchange=parsed["exchange"],
        console=parsed["console"],
        passphrase=passphrase_of(parsed, new=True),
        quick=parsed["quick"],
        origin=parsed["origin"] or "",
        where=parsed["store"],
    )
    said = {
        "party": config.party,
        "exchange": config.exchange,
        "console": config.console,
        "store": config.store or "store/",
    }
    say("init", said, parsed, status=0)
    return 0


def serve(parsed: Mapping[str, Any]) -> int:
    """Run the node until it is told to stop."""
    from comity.assemble.serve import serve as run
    from comity.cli.house import passphrase_of

    def ready(node: Any) -> None:  # noqa: ANN401 - a Served
        config = node.house.config
        said = {"serving": config.party, "exchange": config.exchange, "console": config.console}
        print(
            json.dumps(said)
            if parsed["json"]
            else f"serving {config.party}: exchange {config.exchange}, console {config.seen_at()}",
            flush=True,
        )

    run(here(dict(parsed)), passphrase_of(parsed), ready=ready)
    return 0


def fingerprint(parsed: Mapping[str, Any]) -> int:
    """Say the fingerprint of an enrolment file's root."""
    from comity.node.setup import read_enrolment

    enrolment, digits = read_enrolment(Path(parsed["file"]).read_bytes())
    said = {"party": enrolment.party, "to": enrolment.to, "fingerprint": digits}
    say("enrol.fingerprint", said, parsed, status=0)
    return 0


def check(parsed: Mapping[str, Any]) -> int:
    """Check an agreement's folder and run its cases."""
    from comity.agreement.cases import run_cases
    from comity.agreement.check import check as second_reading
    from comity.agreement.text import InvalidAgreement, open_bundle
    from comity.assemble.commands.agreements import bundle_of
    from comity.cli.house import folder_of

    folder = folder_of(parsed["folder"])
    if not (folder / "agreement.md").exists():
        raise Refused("refused.agreement.no-folder", f"there is no agreement.md in {folder}")
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
    """Say what each clause means in practice."""
    from comity.agreement.text import open_bundle
    from comity.assemble.commands.agreements import bundle_of
    from comity.cli.house import folder_of
    from comity.wording.catalogues import article_text, render

    agreement = open_bundle(bundle_of(folder_of(parsed["folder"])))
    lang = parsed["lang"]
    said = {
        f"{article_text(one.article, lang)} · {one.type}": render(catalogue(), one.explain(), lang)
        for one in agreement.clauses
    }
    say("agreement.explain", said, parsed, status=0)
    return 0


def _attested(keeper: str, by: str, parsed: Mapping[str, Any]) -> str:
    return attested_text(keeper, by.partition("/")[0], parsed["lang"])


def verify(parsed: Mapping[str, Any]) -> int:
    """Verify an evidence file from nothing but itself and the roots."""
    from comity.acts import deeds
    from comity.evidence.verify import require_confirmed
    from comity.evidence.verify import verify as prove
    from comity.seal.real import REAL
    from comity.vocabulary.digests import parse_digest

    roots = {}
    for one in parsed.get("root") or ():
        party, _, identifier = one.partition("=")
        roots[parse_party(party)] = parse_digest(identifier)
    file = Path(parsed["file"])
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise Invalid("invalid.evidence.file", f"{file}: {error.strerror}") from error
    verified = prove(REAL, raw, roots=roots)
    deed = verified.release.deed
    said = {
        "confirmed": verified.confirmed,
        "roots": dict(verified.roots),
        "item": deed.stream
        if isinstance(deed, deeds.Observations)
        else getattr(getattr(deed, "item", None), "reference", ""),
        "acts": [
            f"{one.at} {one.kind} by {one.by}: {one.judgement.outcome.value}"
            + "".join(SIGNED[way] for way in one.signed)
            + ("" if one.attested is None else f" ({_attested(one.attested, one.by, parsed)})")
            for one in verified.statements
        ],
        "on_paper": list(verified.on_paper),
        "logs": {log: f"{one.size} leaves" for log, one in verified.sizes.items()},
    }
    if (one := verified.observation) is not None:
        said["observation"] = f"{one.number} at {one.at}: {one.data.decode(errors='replace')}"
    say("verify", said, parsed, status=0)
    require_confirmed(verified)
    return 0
