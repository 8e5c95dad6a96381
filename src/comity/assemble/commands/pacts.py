"""Commands over the life of a pact: instruments, steps at home, and the history they make."""

from collections.abc import Callable
from typing import Any, Final

from comity.agreement.history import Answer
from comity.agreement.notices import Notice, Timeliness
from comity.agreement.procedure import Attempt
from comity.agreement.records import EVER, Record, moment_of, read_records
from comity.agreement.sorts import sort_of
from comity.agreement.timeline import Told
from comity.assemble.commands.said import Arguments, Command, content_of, entered_of, office_of
from comity.assemble.house import House
from comity.node import lived, treaty
from comity.register.rows import position_of
from comity.vocabulary.dates import parse_dated
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import AgreementId, parse_agreement_id, parse_party, parse_person

_FIELDS: Final = ("on", "channel", "step", "event")
_LEAVES: Final = ("notice", "about")


def _stated(args: Arguments) -> dict[str, Any]:
    """Return what an instrument states: each option is the field of its name."""
    fields: dict[str, Any] = {name: args[name] for name in _FIELDS if args.get(name)}
    if "on" in fields:
        parse_dated(fields["on"])
    for name in _LEAVES:
        if args.get(name):
            position = position_of(str(args[name]))
            fields[name] = {"log": position.log, "index": position.index}
    if args.get("holds"):
        fields["holds"] = str(args["holds"]) == "true"
    return fields


def _document(args: Arguments) -> bytes | None:
    if args.get("note"):
        return str(args["note"]).encode()
    return content_of(str(args["document"])) if args.get("document") else None


def _about_text(act: str) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        actor, peer = parse_person(args["as"]), parse_party(args["to"])
        fields = _stated(args)
        with house.store.reading() as tx:
            fields["text"] = treaty.find(house.node, tx, args["agreement"], peer=peer).digest
            if args.get("new"):
                fields["new"] = treaty.find(house.node, tx, args["new"], peer=peer).digest
        return entered_of(
            treaty.instrument(
                house.node,
                act,
                fields,
                to=peer,
                by=office_of(house, actor),
                actor=actor,
                document=_document(args),
            )
        )

    return command


def _about_pact(act: str) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        actor = parse_person(args["as"])
        return entered_of(
            treaty.instrument(
                house.node,
                act,
                {**_stated(args), "pact": parse_agreement_id(args["pact"])},
                to=parse_party(args["to"]),
                by=office_of(house, actor),
                actor=actor,
                document=_document(args),
            )
        )

    return command


def step(house: House, args: Arguments) -> dict[str, Any]:
    """Write down that a step of the domestic procedure was taken."""
    fields = {**_stated(args), "pact": parse_agreement_id(args["pact"])}
    actor = parse_person(args["as"])
    document = _document(args)
    return entered_of(
        treaty.at_home(house.node, "domestic.take-step", fields, actor=actor, document=document)
    )


def record(house: House, args: Arguments) -> dict[str, Any]:
    """Write down what the house learnt: who did or said what, and when."""
    fields = {**_stated(args), "pact": parse_agreement_id(args["pact"])}
    fields["parties"] = [parse_party(one) for one in args["party"]]
    actor = parse_person(args["as"])
    document = _document(args)
    return entered_of(
        treaty.at_home(house.node, "domestic.chronicle", fields, actor=actor, document=document)
    )


def take_over(house: House, args: Arguments) -> dict[str, Any]:
    """Write a table of the history of before, line by line, into the house's own book.

    Every line is entered for itself: if the process dies, what was entered stands, and the
    lines that are in the book already are not entered again.
    """
    pact, actor = parse_agreement_id(args["pact"]), parse_person(args["as"])
    parties = tuple(parse_party(one) for one in args["party"])
    told = [one for one in read_records(_text_of(args["file"])) if one.agreement == pact]
    with house.store.reading() as tx:
        held = lived.entered(tx, pact)
    entered = 0
    for one in told:
        who = parties if one.party in ("both", "all") else (parse_party(one.party),)
        if (one.date, one.event, frozenset(who)) in held:
            continue
        treaty.at_home(
            house.node,
            "domestic.chronicle",
            {"pact": pact, "parties": who, "event": one.event, "on": one.date},
            actor=actor,
            document=one.note.encode() or None,
        )
        entered += 1
    return {"entered": entered, "already": len(told) - entered}


def _text_of(name: str) -> str:
    try:
        return content_of(name).decode()
    except UnicodeDecodeError as error:
        raise Invalid("invalid.history", "not UTF-8") from error


def book(house: House, args: Arguments) -> dict[str, Any]:
    """Say what a pact was, as this house's own books tell it."""
    pact, view = parse_agreement_id(args["pact"]), parse_party(args["view"])
    with house.store.reading() as tx:
        told = lived.told(house.node, tx, pact)
    lived.require_view(told, view)
    zone = told.zone
    at = moment_of(args["at"], zone) if args.get("at") else house.node.clock.now()
    known = moment_of(args["known"], zone) if args.get("known") else EVER
    return answer_of(told, view, told.ask(at=at, known=known, view=view))


def steps(house: House, args: Arguments) -> dict[str, Any]:
    """Say which steps of the house's own procedure were done, skipped or out of order."""
    pact = parse_agreement_id(args["pact"])
    with house.store.reading() as tx:
        found = lived.attempts(house.node, tx, pact)
    return attempts_of(pact, house.node.party, found)


def answer_of(told: Told, view: str, found: Answer) -> dict[str, Any]:
    """Return what a pact was as plain values."""
    said: dict[str, Any] = {
        "pact": told.pact,
        "view": view,
        "zone": told.zone_name,
        "states": [one.value for one in found.states],
        "certain": found.certain,
        "why": [record_of(one) for one in found.why],
        "lawful": [one.value for one in found.permitted],
        "without_effect": [
            record_of(one) | {"sort": sort_of(one, told.parties).value}
            for one in found.without_effect
        ],
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
            "zone": told.rules.zone_name,
            "last_day_by_days": notice.last_day,
            "last_day_by_clear_days": notice.last_clear_day,
            "term_last_day": notice.term_last_day,
        }
        if found.otherwise or notice.timeliness is Timeliness.LATE:
            said["notice"]["if_it_counts_for_the_next_term"] = {
                "term_last_day": notice.next_last_day,
                "states": [one.value for one in found.otherwise or found.states],
            }
        if isinstance(found.woken, Record):
            said["notice"]["suspension_lifted_after_the_term"] = record_of(found.woken)
    return said


def attempts_of(pact: AgreementId | str, party: str, found: tuple[Attempt, ...]) -> dict[str, Any]:
    """Return attempts at a pact as plain values."""
    return {
        "pact": pact,
        "party": party,
        "attempts": [
            {
                "opened": one.opened,
                "regular": one.regular,
                "steps": [
                    {
                        "step": each.step,
                        "assumed": each.assumed,
                        "mark": each.mark.value,
                        "record": record_of(each.record)
                        if isinstance(each.record, Record)
                        else None,
                    }
                    for each in one.steps
                ],
            }
            for one in found
        ],
    }


def record_of(one: Record) -> dict[str, str]:
    """Return one line of a history as plain values; its leaf, where it has one."""
    said = {"date": one.date, "party": one.party, "event": one.event, "note": one.note}
    return {**said, "leaf": one.key} if one.key else said


PACTS: Final[dict[str, Callable[[House, Arguments], dict[str, Any]]]] = {
    "agreement acknowledge-notice": _about_text("treaty.acknowledge-notice"),
    "agreement amend": _about_text("treaty.amend"),
    "agreement give-notice": _about_text("treaty.give-notice"),
    "agreement initial": _about_text("treaty.initial"),
    "agreement law-change": _about_text("treaty.law-change"),
    "agreement ask-law": _about_text("treaty.ask-law"),
    "agreement state-law": _about_text("treaty.state-law"),
    "agreement revalidate": _about_text("treaty.revalidate"),
    "agreement postpone": _about_text("treaty.postpone-signature"),
    "agreement resume-notice": _about_text("treaty.resume-notice"),
    "agreement suspend-notice": _about_text("treaty.suspend-notice"),
    "agreement withdraw-notice": _about_text("treaty.withdraw-notice"),
    "pact announce": _about_pact("treaty.announce"),
    "pact book": book,
    "pact negotiate": _about_pact("treaty.negotiate"),
    "pact record": record,
    "pact step": step,
    "pact steps": steps,
    "pact take-over": take_over,
}
"""By the words of the command line."""
