"""Commands over a pact's history: what it was, why, what was lawful; what was skipped at home."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from comity.agreement.history import Record
from comity.cli.words import catalogue, say
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant, parse_instant
from comity.vocabulary.names import Party, parse_party
from comity.vocabulary.phrases import phrase
from comity.wording.catalogues import render

_TEXTS = {
    "KOR-JPN-GSOMIA": "KOR-JPN-GSOMIA-2016",
    "USA-JPN-GSOMIA": "USA-JPN-GSOMIA-2007",
    "USA-KOR-GSOMIA": "USA-KOR-GSOMIA-1987",
}
"""The text whose clauses say how long a pact lasts and how it ends. Others begin by signature."""


def history(parsed: Mapping[str, Any]) -> int:
    """Say what a pact was at a date, as known at another, in a party's view."""
    from comity.agreement.history import Notice, Rules, ask, rules_of
    from comity.agreement.text import open_bundle
    from comity.assemble.commands.agreements import bundle_of
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
    at = _moment(parsed["at"])
    known = _moment(parsed["known"]) if parsed.get("known") else Instant("9999-12-31T00:00:00.000Z")
    found = ask(records, rules, parties, at=at, known=known, view=view)
    said: dict[str, Any] = {
        "pact": name,
        "view": view,
        "states": [one.value for one in found.states],
        "certain": found.certain,
        "why": [_record(one) for one in found.why],
        "lawful": [one.value for one in found.permitted],
        "without_effect": [_record(one) for one in found.without_effect],
    }
    if isinstance(found.notice, Notice):
        notice = found.notice
        said["notice"] = {
            "by": notice.party,
            "given": notice.given,
            "term_end": notice.term_end,
            "deadline_by_days": notice.by_days,
            "deadline_by_clear_days": notice.by_clear_days,
            "was": notice.timeliness.value,
        }
    if parsed["json"]:
        say("pact.history", said, parsed, status=0)
        return 0
    lang = parsed["lang"]
    for state in said["states"]:
        print(f"{name} ({view}): {_word(f'pact.state.{state}', lang)}")
    if not found.certain:
        print(_word("pact.uncertain", lang))
    for one in said["lawful"]:
        print(f"  {_word(f'pact.lawful.{one}', lang)}")
    for title, lines in (("why", said["why"]), ("beside", said["without_effect"])):
        if lines:
            print(_word(f"pact.{title}", lang))
        for one in lines:
            print(f"  {one['date']} {one['party']} {one['event']} {one['note']}".rstrip())
    if "notice" in said:
        given = said["notice"]
        print(
            _word(
                f"pact.notice.{given['was']}",
                lang,
                days=given["deadline_by_days"],
                clear=given["deadline_by_clear_days"],
                end=given["term_end"],
            )
        )
    return 0


def procedure(parsed: Mapping[str, Any]) -> int:
    """Say which steps of the domestic procedure were done, skipped or out of order."""
    from comity.agreement.procedure import examine
    from comity.agreement.profile import open_profile

    party = parse_party(parsed["party"])
    shipped = files("comity.agreement").joinpath(f"texts/profile-{party}.md")
    if not shipped.is_file():
        raise Refused("refused.pact.profile", f"no profile of {party} ships")
    attempts = examine(
        _records(parsed["pact"], parsed), open_profile(shipped.read_bytes()).procedure, party
    )
    said = {
        "pact": parsed["pact"],
        "party": party,
        "attempts": [
            {
                "opened": one.opened,
                "regular": one.regular,
                "steps": [
                    {
                        "step": step.step,
                        "mark": step.mark.value,
                        "record": _record(step.record) if isinstance(step.record, Record) else None,
                    }
                    for step in one.steps
                ],
            }
            for one in attempts
        ],
    }
    if parsed["json"]:
        say("pact.procedure", said, parsed, status=0)
        return 0
    lang = parsed["lang"]
    for attempt in attempts:
        print(f"{parsed['pact']} ({party}) {attempt.opened}")
        for step in attempt.steps:
            date = step.record.date if isinstance(step.record, Record) else "-"
            mark, what = _word(f"pact.mark.{step.mark.value}", lang), step.step
            print(f"  {date:<16} {_word(f'pact.step.{what}', lang)}: {mark}")
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


def _moment(text: str) -> Instant:
    """Read an instant, or a day as its end in Korean time."""
    from comity.agreement.history import end_of_day

    return parse_instant(text) if "T" in text else end_of_day(text)


def _record(one: Record) -> dict[str, str]:
    return {"date": one.date, "party": one.party, "event": one.event, "note": one.note}


def _word(code: str, lang: str, **parameters: str) -> str:
    return render(catalogue(), phrase(code, **parameters), lang)
