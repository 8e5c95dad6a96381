"""Commands over a pact's history: what it was, why, what was lawful; what was skipped at home."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from comity.agreement.history import Record
from comity.cli import pacts
from comity.cli.words import say, word_in
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Party, parse_party

_TEXTS = {
    "KOR-JPN-GSOMIA": "KOR-JPN-GSOMIA-2016",
    "USA-JPN-GSOMIA": "USA-JPN-GSOMIA-2007",
    "USA-KOR-GSOMIA": "USA-KOR-GSOMIA-1987",
}
"""The text whose clauses say how long a pact lasts and how it ends. Others begin by signature."""


def history(parsed: Mapping[str, Any]) -> int:
    """Say what a pact was at a date, as known at another, in a party's view."""
    from comity.agreement.history import Rules, ask, rules_of
    from comity.agreement.text import open_bundle
    from comity.assemble.commands.agreements import bundle_of
    from comity.assemble.commands.pacts import ALWAYS, answer_of, moment
    from comity.cli.house import folder_of

    name, view = parsed["pact"], parse_party(parsed["view"])
    records = _records(name, parsed)
    rules = Rules()
    parties: tuple[Party, ...] = (Party("KOR"), Party("JPN"), Party("USA"))
    if name in _TEXTS:
        text = open_bundle(bundle_of(folder_of(_TEXTS[name])))
        rules, parties = rules_of(text), text.parties
    if view not in parties:
        raise Refused("refused.pact.view", f"the parties are {', '.join(parties)}")
    at = moment(parsed["at"])
    known = moment(parsed["known"]) if parsed.get("known") else ALWAYS
    said = answer_of(name, view, ask(records, rules, parties, at=at, known=known, view=view))
    if parsed["json"]:
        say("pact.history", said, parsed, status=0)
        return 0
    for line in pacts.history_lines(said, word_in(parsed["lang"])):
        print(line)
    return 0


def procedure(parsed: Mapping[str, Any]) -> int:
    """Say which steps of the domestic procedure were done, skipped or out of order."""
    from comity.agreement.procedure import examine
    from comity.agreement.profile import open_profile
    from comity.assemble.commands.pacts import attempts_of

    party = parse_party(parsed["party"])
    shipped = files("comity.agreement").joinpath(f"texts/profile-{party}.md")
    if not shipped.is_file():
        raise Refused("refused.pact.profile", f"no profile of {party} ships")
    attempts = examine(
        _records(parsed["pact"], parsed), open_profile(shipped.read_bytes()).procedure, party
    )
    said = attempts_of(parsed["pact"], party, attempts)
    if parsed["json"]:
        say("pact.procedure", said, parsed, status=0)
        return 0
    for line in pacts.procedure_lines(said, word_in(parsed["lang"])):
        print(line)
    return 0


def _records(name: str, parsed: Mapping[str, Any]) -> list[Record]:
    from comity.agreement.history import read_records

    if parsed.get("records"):
        source = Path(parsed["records"]).read_text()
    else:
        shipped = files("comity.agreement").joinpath("chronicle/pact-timeline.csv")
        source = shipped.read_text()
    found = [one for one in read_records(source) if one.agreement == name]
    if not found:
        raise Refused("refused.pact.unknown", f"no history of {name} is here")
    return found
