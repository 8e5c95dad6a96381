"""Commands over agreements: proposed, signed, notified."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from comity.acts.deeds import Role
from comity.agreement.text import bundle_bytes
from comity.assemble.commands.said import Arguments, already_of, entered_of, office_of
from comity.assemble.house import House
from comity.node import people, supplements, treaty
from comity.node.chancery import Entered
from comity.register.rows import Instrument
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import parse_party, parse_person


def agreement_propose(house: House, args: Arguments) -> dict[str, Any]:
    """Put a text before a counterpart, its cases run first."""
    actor = parse_person(args["as"])
    bundle = bundle_of(Path(args["folder"]))
    entered = treaty.propose(
        house.node,
        bundle,
        to=parse_party(args["to"]),
        by=office_of(house, actor),
        actor=actor,
    )
    return entered_of(entered)


def bundle_of(folder: Path) -> bytes:
    """Return the bundle of a folder: ``agreement.md``, ``cases.toml``, ``agreement.<lang>.md``."""
    cases = folder / "cases.toml"
    return bundle_bytes(
        (folder / "agreement.md").read_bytes(),
        cases.read_bytes() if cases.exists() else b"",
        {
            file.name.split(".")[1]: file.read_bytes()
            for file in sorted(folder.glob("agreement.*.md"))
        },
    )


def _instrument(house: House, args: Arguments) -> dict[str, Any]:
    actor = parse_person(args["as"])
    peer = parse_party(args["to"])
    with house.store.reading() as tx:
        text = treaty.find(house.node, tx, args["agreement"], peer=peer).digest
    return {"text": text, "to": peer, "by": office_of(house, actor), "actor": actor}


def agreement_sign(house: House, args: Arguments) -> dict[str, Any]:
    """Sign a text; its cases run on this side too. Once signed it is not signed again."""
    return _once(house, args, "treaty.sign", treaty.sign)


def agreement_notify(house: House, args: Arguments) -> dict[str, Any]:
    """Notify that requirements are met; once it is done, say where that stands."""
    return _once(house, args, "treaty.notify-requirements-met", treaty.notify)


def _once(house: House, args: Arguments, act: str, run: Callable[..., Entered]) -> dict[str, Any]:
    stated = _instrument(house, args)
    with house.store.reading() as tx:
        people.require_person(tx, stated["actor"], Role.SIGNATORY)
        for one in tx.within(Instrument, stated["text"]):
            if one.act == act and one.log == correspondence(house.node.party, stated["to"]):
                return already_of(one.log, one.index, one.at)
    return entered_of(run(house.node, **stated))


def agreement_tree(house: House, args: Arguments) -> dict[str, Any]:
    """Say which agreements rest on which, and what each is now."""
    del args
    with house.store.reading() as tx:
        known = treaty.known(house.node, tx)
    return {"agreements": supplements.tree(house.node.party, known)}


def agreement_authorities(house: House, args: Arguments) -> dict[str, Any]:
    """Notify the house's competent authorities."""
    actor = parse_person(args["as"])
    return entered_of(
        treaty.notify_authorities(
            house.node,
            to=parse_party(args["to"]),
            by=office_of(house, actor),
            actor=actor,
        )
    )
