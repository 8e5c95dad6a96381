"""What commands say and hear: plain values in, plain values out."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET

from comity.acts.judgements import Finding
from comity.assemble.house import House
from comity.node import people, receiving
from comity.node.chancery import Entered, RefusedAct
from comity.register.rows import ItemOf
from comity.vocabulary.errors import ComityError
from comity.vocabulary.names import Office, PersonId, parse_office

Arguments = Mapping[str, Any]

Command = Callable[[House, Arguments], dict[str, Any]]


def failure(error: ComityError) -> dict[str, Any]:
    """Return what went wrong: code, words, and for a refused act every finding with its article."""
    said: dict[str, Any] = {"error": error.code, "detail": error.detail, "family": error.family}
    if isinstance(error, RefusedAct):
        said["act"] = error.act
        said["findings"] = [finding_of(one) for one in error.assessment.objections]
    return said


def finding_of(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values."""
    said: dict[str, Any] = {
        "agreement": finding.agreement,
        "article": finding.article,
        "verdict": finding.verdict.value,
        "code": finding.reason.code,
        "parameters": dict(finding.reason.parameters),
    }
    if not isinstance(finding.remedy, type(UNSET)):
        remedy = finding.remedy
        said["remedy"] = {"act": remedy.act, "by": remedy.by}
        if not isinstance(remedy.to, type(UNSET)):
            said["remedy"]["to"] = remedy.to
    return said


def entered_of(one: Entered) -> dict[str, Any]:
    """Return where an act was entered, and what was found."""
    return {
        "log": one.position.log,
        "index": one.position.index,
        "at": one.entry.at,
        "findings": [finding_of(finding) for finding in one.assessment.findings],
    }


def office_of(house: House, person: PersonId) -> Office:
    """Return the office in which a person acts."""
    with house.store.reading() as tx:
        return parse_office(people.require_person(tx, person).office)


def item_named(house: House, args: Arguments) -> ItemOf:
    """Return the item that a command names; one that is not there is refused as absent."""
    with house.store.reading() as tx:
        return receiving.find_item(tx, house.node.party, args["item"])
