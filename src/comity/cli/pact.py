"""Commands over a pact's history: what it was, why, what was lawful; what was skipped at home."""

from collections.abc import Mapping
from typing import Any

from comity.agreement.records import Record
from comity.cli import pacts
from comity.cli.words import say, word_in
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import parse_agreement_id, parse_party


def history(parsed: Mapping[str, Any]) -> int:
    """Say what a pact was at a date, as known at another, in a party's view."""
    from comity.agreement.records import EVER, moment_of
    from comity.agreement.shipped import told
    from comity.assemble.commands.pacts import answer_of
    from comity.node.lived import require_view

    name, view = parsed["pact"], parse_party(parsed["view"])
    found = told(parse_agreement_id(name), _records(name, parsed))
    require_view(found, view)
    zone = found.zone
    at = moment_of(parsed["at"], zone)
    known = moment_of(parsed["known"], zone) if parsed.get("known") else EVER
    said = answer_of(found, view, found.ask(at=at, known=known, view=view))
    if parsed["json"]:
        say("pact.history", said, parsed, status=0)
        return 0
    for line in pacts.history_lines(said, word_in(parsed["lang"])):
        print(line)
    return 0


def procedure(parsed: Mapping[str, Any]) -> int:
    """Say which steps of the domestic procedure were done, skipped or out of order."""
    from comity.agreement import shipped
    from comity.assemble.commands.pacts import attempts_of
    from comity.node.lived import require_view

    party = parse_party(parsed["party"])
    if shipped.profile(party) is None:
        raise Refused("refused.pact.profile", party)
    found = shipped.told(parse_agreement_id(parsed["pact"]), _records(parsed["pact"], parsed))
    require_view(found, party)
    said = attempts_of(parsed["pact"], party, dict(found.attempts).get(party, ()))
    if parsed["json"]:
        say("pact.procedure", said, parsed, status=0)
        return 0
    for line in pacts.procedure_lines(said, word_in(parsed["lang"])):
        print(line)
    return 0


def _records(name: str, parsed: Mapping[str, Any]) -> tuple[Record, ...]:
    from comity.agreement.records import read_records
    from comity.agreement.shipped import chronicle
    from comity.assemble.commands.said import text_of

    if parsed.get("records"):
        told = read_records(text_of(parsed["records"]))
        found = tuple(one for one in told if one.agreement == name)
    else:
        found = chronicle(parse_agreement_id(name))
    if not found:
        raise Refused("refused.pact.unknown", name)
    return found
