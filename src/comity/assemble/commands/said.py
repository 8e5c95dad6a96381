"""What commands say and hear: plain values in, plain values out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import UNSET

from comity.acts.judgements import Finding
from comity.assemble.house import House
from comity.node import people, receiving
from comity.node.chancery import Entered, RefusedAct
from comity.register.rows import ItemOf
from comity.vocabulary.errors import ComityError, Refused, Unavailable
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


def already_of(log: str, index: int, at: str) -> dict[str, Any]:
    """Return where an act stands that was asked for again: nothing was entered anew."""
    return {"already": True, "log": log, "index": index, "at": at, "findings": []}


def office_of(house: House, person: PersonId) -> Office:
    """Return the office in which a person acts."""
    with house.store.reading() as tx:
        return parse_office(people.require_person(tx, person).office)


def item_named(house: House, args: Arguments) -> ItemOf:
    """Return the item that a command names; one that is not there is refused as absent."""
    with house.store.reading() as tx:
        return receiving.find_item(tx, house.node.party, args["item"])


def of_file(error: OSError) -> ComityError:
    """Return what an error of a file means here: a file that was named, or the disk itself."""
    why = error.strerror or str(error)
    if isinstance(error, _NAMED) and error.filename:
        return Refused("refused.file.unreadable", f"{error.filename}: {why}")
    return Unavailable("unavailable.disk", f"{error.filename}: {why}" if error.filename else why)


_NAMED: Final = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


def content_of(name: str) -> bytes:
    """Return the bytes of a file that a command names.

    Raises:
        Refused: ``refused.file.unreadable``: not there, a folder, or not to be read by the node.
    """
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Refused("refused.file.unreadable", f"{name}: {error.strerror or error}") from error


def text_of(name: str) -> str:
    """Return the text of a file that a command names.

    Raises:
        Refused: ``refused.file.unreadable``: as :func:`content_of`, or no UTF-8.
    """
    try:
        return content_of(name).decode()
    except UnicodeDecodeError:
        raise Refused("refused.file.unreadable", f"{name}: UTF-8") from None


def write_out(name: str, raw: bytes) -> None:
    """Write what a command was asked to write.

    Raises:
        Refused: ``refused.file.unwritable``: what was done stands; ask for the file again.
    """
    try:
        Path(name).write_bytes(raw)
    except OSError as error:
        raise Refused("refused.file.unwritable", f"{name}: {error.strerror or error}") from error


def size_of(name: str) -> int:
    """Return the size in bytes of a file that a command names.

    Raises:
        Refused: ``refused.file.unreadable``: not there, or not to be read by the node.
    """
    try:
        return Path(name).stat().st_size
    except OSError as error:
        raise Refused("refused.file.unreadable", f"{name}: {error.strerror or error}") from error


def require_place(name: str) -> None:
    """Require that a file could be made in the folder that a command names.

    Raises:
        Refused: ``refused.file.unwritable``: no such folder, or a folder stands there already.
    """
    place = Path(name)
    if place.is_dir() or not place.parent.is_dir():
        raise Refused("refused.file.unwritable", f"{name}: name a file in a folder that is there")
