"""Commands: one literal table from a name to a function over an opened house.

The command line and the console ask for the same functions with the same arguments; each
returns plain values that can be written as JSON. What a person may is decided below, in the
node; a command only translates.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import UNSET

from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.judgements import Finding
from comity.agreement.text import bundle_bytes
from comity.assemble.epochs import current
from comity.assemble.house import ADMINISTRATOR, Config, House, write_config
from comity.ledger.checkpoints import checkpoint_of
from comity.node import (
    outgoing,
    people,
    proving,
    reading,
    receiving,
    releases,
    replay,
    setup,
    treaty,
    views,
)
from comity.node.alarms import alarms
from comity.node.chancery import Entered, RefusedAct
from comity.node.ports import Space
from comity.register.rows import (
    DutyOf,
    ItemOf,
    PersonOf,
    position_of,
)
from comity.vocabulary.errors import ComityError, Refused
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import (
    Article,
    Party,
    PersonId,
    Regime,
    parse_level,
    parse_office,
    parse_party,
    parse_person,
    parse_purpose,
    parse_subject,
)

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


def _entered(one: Entered) -> dict[str, Any]:
    return {
        "log": one.position.log,
        "index": one.position.index,
        "at": one.entry.at,
        "findings": [finding_of(finding) for finding in one.assessment.findings],
    }


def _person_office(house: House, person: PersonId) -> Any:  # noqa: ANN401 - an Office
    with house.store.reading() as tx:
        return parse_office(people.require_person(tx, person).office)


def person_add(house: House, args: Arguments) -> dict[str, Any]:
    """Enter a person; who releases, receipts or signs gets an approval key, kept as a file."""
    person = parse_person(args["person"])
    roles = tuple(Role(role) for role in args["roles"])
    signs = {Role.RELEASING, Role.CUSTODIAN} & set(roles)
    key = house.vault.add_person(person) if signs else None
    entered = people.add_person(
        house.node,
        person,
        name=args["name"],
        title=args.get("title", ""),
        office=parse_office(args["office"]),
        roles=roles,
        key=key,
        actor=ADMINISTRATOR,
    )
    return _entered(entered) | {"person": person, "approval_key": key is not None}


def person_clear(house: House, args: Arguments) -> dict[str, Any]:
    """Record a clearance."""
    return _entered(
        people.clear(
            house.node,
            parse_person(args["person"]),
            level=parse_level(args["level"]),
            since=house.node.clock.now(),
            until=parse_instant(args["until"]),
            authority=house.node.registry,
            actor=ADMINISTRATOR,
        )
    )


def person_need(house: House, args: Arguments) -> dict[str, Any]:
    """Record a need-to-know."""
    return _entered(
        people.grant_need_to_know(
            house.node,
            parse_person(args["person"]),
            subject=parse_subject(args["subject"]),
            until=parse_instant(args["until"]),
            actor=ADMINISTRATOR,
        )
    )


def enrol_export(house: House, args: Arguments) -> dict[str, Any]:
    """Write the enrolment file for a counterpart, and say its fingerprint."""
    raw = setup.enrolment_file(
        house.node,
        parse_party(args["peer"]),
        where=house.where(),
        epochs=current(house, house.node.clock.now()),
    )
    Path(args["out"]).write_bytes(raw)
    _, digits = setup.read_enrolment(raw)
    return {"file": args["out"], "fingerprint": digits}


def enrol_confirm(house: House, args: Arguments) -> dict[str, Any]:
    """Enrol a counterpart whose fingerprint two persons compared."""
    first, second = (parse_person(one) for one in args["compared_by"])
    compared, published = setup.enrol(
        house.node,
        Path(args["file"]).read_bytes(),
        fingerprint=args["fingerprint"],
        compared_by=(first, second),
        by=house.node.registry,
    )
    return {"compared": _entered(compared), "published": _entered(published)}


def agreement_propose(house: House, args: Arguments) -> dict[str, Any]:
    """Put a text before a counterpart, its cases run first."""
    actor = parse_person(args["as"])
    bundle = bundle_of(Path(args["folder"]))
    entered = treaty.propose(
        house.node,
        bundle,
        to=parse_party(args["to"]),
        by=_person_office(house, actor),
        actor=actor,
    )
    return _entered(entered)


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
    return {"text": text, "to": peer, "by": _person_office(house, actor), "actor": actor}


def agreement_sign(house: House, args: Arguments) -> dict[str, Any]:
    """Sign a text; its cases run on this side too."""
    return _entered(treaty.sign(house.node, **_instrument(house, args)))


def agreement_notify(house: House, args: Arguments) -> dict[str, Any]:
    """Notify that requirements are met."""
    return _entered(treaty.notify(house.node, **_instrument(house, args)))


def agreement_authorities(house: House, args: Arguments) -> dict[str, Any]:
    """Notify the house's competent authorities."""
    actor = parse_person(args["as"])
    return _entered(
        treaty.notify_authorities(
            house.node,
            to=parse_party(args["to"]),
            by=_person_office(house, actor),
            actor=actor,
        )
    )


def assure(house: House, args: Arguments) -> dict[str, Any]:
    """Give the word before the first release."""
    peer = parse_party(args["to"])
    actor = parse_person(args["as"])
    with house.store.reading() as tx:
        found = treaty.between(house.node, tx, peer)
    if found is None:
        raise Refused("refused.treaty.none-in-force", f"no agreement with {peer} is in force")
    return _entered(
        people.assure(
            house.node,
            peer,
            agreement=found.digest,
            article=Article("7(5)"),
            offices=tuple(parse_office(one) for one in args["offices"]),
            level=parse_level(args["level"]),
            until=parse_instant(args["until"]),
            by=_person_office(house, actor),
            actor=actor,
        )
    )


def release(house: House, args: Arguments) -> dict[str, Any]:
    """Lay a release before the releasing authority; every finding comes back with its article."""
    drafter = parse_person(args["as"])
    content = Path(args["file"]).read_bytes()
    releases.require_not_empty(content)
    source = args.get("source")
    extra: dict[str, Any] = {}
    if source:
        with house.store.reading() as tx:
            item = receiving.find_item(tx, house.node.party, source)
        extra = {
            "originator": Party(item.originator),
            "origin": position_of(item.key),
        }
    wish = releases.Wish(
        to=parse_party(args["to"]),
        offices=tuple(parse_office(one) for one in args["offices"]),
        by=_person_office(house, drafter),
        level=parse_level(args["level"]),
        subject=parse_subject(args["subject"]),
        purpose=parse_purpose(args["purpose"]),
        content=content,
        title=args["title"],
        lines=tuple(args.get("lines", ())),
        file_name=Path(args["file"]).name,
        media_type=args.get("media_type", "text/plain"),
        pages=int(args.get("pages", 1)),
        annexes=int(args.get("annexes", 0)),
        demonstration=bool(args.get("demonstration", False)),
        **extra,
    )
    laid = releases.lay_before(house.node, wish, drafter=drafter)
    return {
        "draft": laid.deed,
        "findings": [finding_of(one) for one in laid.assessment.findings],
    }


def approve(house: House, args: Arguments) -> dict[str, Any]:
    """Approve drafts with one signature and release them."""
    with house.store.reading() as tx:
        names = [releases.find_draft(tx, one) for one in args["drafts"]]
    entered = releases.approve(house.node, names, authority=parse_person(args["as"]))
    found = []
    for one in entered:
        deed = one.entry.deed
        reference = getattr(getattr(deed, "item", None), "reference", "")
        found.append(_entered(one) | {"reference": reference})
    return {"released": found}


def decline(house: House, args: Arguments) -> dict[str, Any]:
    """Decline a draft; no reason is asked for."""
    with house.store.reading() as tx:
        name = releases.find_draft(tx, args["draft"])
    return _entered(releases.decline(house.node, name, authority=parse_person(args["as"])))


def drafts(house: House, args: Arguments) -> dict[str, Any]:
    """List the drafts that wait."""
    del args
    with house.store.reading() as tx:
        return {
            "drafts": [
                {"draft": row.key, "drafter": row.drafter, "at": row.at}
                for row in releases.waiting(tx)
            ]
        }


def _item(house: House, args: Arguments) -> ItemOf:
    with house.store.reading() as tx:
        return receiving.find_item(tx, house.node.party, args["item"])


def register_list(house: House, args: Arguments) -> dict[str, Any]:
    """List the register: every number with level, custodian and state; no title, no content."""
    del args
    with house.store.reading() as tx:
        items = [
            views.item_view(tx, item, house=house.node.party)
            for item in tx.page(ItemOf, limit=100_000)
        ]
    return {"items": sorted(items, key=lambda one: one["at"])}


def register_show(house: House, args: Arguments) -> dict[str, Any]:
    """Show an item with its timeline, duties and readers, to a person who may see it."""
    item = _item(house, args)
    with house.store.reading() as tx:
        if args.get("as"):
            reading.authorise(
                tx, parse_person(args["as"]), reading.Deal.SEE, item, house=house.node.party
            )
        return views.item_life(tx, item, house=house.node.party)


def register_enter(house: House, args: Arguments) -> dict[str, Any]:
    """Give a received item the registry's own number."""
    entered = receiving.register(house.node, _item(house, args), officer=parse_person(args["as"]))
    return _entered(entered) | {"number": getattr(entered.entry.deed, "number", "")}


def designate(house: House, args: Arguments) -> dict[str, Any]:
    """Designate a received item."""
    return _entered(
        receiving.designate(
            house.node,
            _item(house, args),
            regime=Regime(parse_level(args["regime"])),
            level=parse_level(args["level"]),
            until=parse_instant(args["until"]),
            officer=parse_person(args["as"]),
        )
    )


def re_mark(house: House, args: Arguments) -> dict[str, Any]:
    """Mark a received item with this party's level."""
    regime = args.get("regime")
    return _entered(
        receiving.re_mark(
            house.node,
            _item(house, args),
            level=parse_level(args["level"]),
            regime=Regime(parse_level(regime)) if regime else UNSET,
            officer=parse_person(args["as"]),
        )
    )


def assign(house: House, args: Arguments) -> dict[str, Any]:
    """Give an item to a person."""
    return _entered(
        receiving.assign(
            house.node,
            _item(house, args),
            person=parse_person(args["person"]),
            officer=parse_person(args["as"]),
        )
    )


def receipt(house: House, args: Arguments) -> dict[str, Any]:
    """Sign a receipt after counting."""
    return _entered(
        receiving.receipt(
            house.node,
            _item(house, args),
            custodian=parse_person(args["as"]),
            stage=Stage(args.get("stage", "document")),
            copy=args.get("copy"),
            pages=args.get("pages"),
            annexes=args.get("annexes"),
            reserve=tuple(Reserve(one) for one in args.get("reserve", ())),
        )
    )


def read(house: House, args: Arguments) -> dict[str, Any]:
    """Open an item; the reading is entered first."""
    opened = reading.read(house.node, _item(house, args), person=parse_person(args["as"]))
    if args.get("out"):
        Path(args["out"]).write_bytes(opened.content)
    words = opened.particulars
    return {
        "title": words.title,
        "lines": list(words.lines),
        "file_name": words.file_name,
        "demonstration": words.demonstration,
        "size": len(opened.content),
        "text": opened.content.decode("utf-8", "replace") if not args.get("out") else "",
    }


def ledger_show(house: House, args: Arguments) -> dict[str, Any]:
    """Say where every log stands."""
    del args
    with house.store.reading() as tx:
        logs = []
        for log in tx.logs():
            frontier = tx.frontier(log)
            acked = tx.load(Space.LATEST, f"{log}|acked") or tx.load(
                Space.LATEST, f"{log}|cosigned"
            )
            logs.append(
                {
                    "log": log,
                    "size": frontier.size,
                    "root": frontier.root.hex(),
                    "cosigned": checkpoint_of(acked).size if acked else 0,
                }
            )
    return {"logs": logs}


def link(house: House, args: Arguments) -> dict[str, Any]:
    """Make a link that signs a person in at the console; demonstration nodes only."""
    from comity.assemble.desk import console_link  # noqa: PLC0415

    return console_link(house, args["person"])


def rebuild(house: House, args: Arguments) -> dict[str, Any]:
    """Fold everything again from the logs and compare every column."""
    del args
    rebuilt = replay.rebuild(house.node)
    return {
        "leaves": rebuilt.leaves,
        "rows": rebuilt.rows,
        "differences": [one._asdict() for one in rebuilt.differences],
    }


def evidence(house: House, args: Arguments) -> dict[str, Any]:
    """Write the evidence file of an item."""
    raw = proving.evidence_for(house.node, _item(house, args))
    Path(args["out"]).write_bytes(raw)
    return {"file": args["out"], "bytes": len(raw), "roots": roots(house)}


def roots(house: House) -> dict[str, str]:
    """Return the identifiers of the roots that this house knows, its own first."""
    from comity.seal.fingerprints import key_id  # noqa: PLC0415

    own = house.node.suite.signing_public(house.node.vault.root())
    with house.store.reading() as tx:
        return {house.node.party: key_id(own)} | {row.key: row.root for row in setup.peers(tx)}


def status(house: House, args: Arguments) -> dict[str, Any]:
    """Say how the node is: agreements, links, duties, drafts, alarms."""
    del args
    node = house.node
    now = node.clock.now()
    with house.store.reading() as tx:
        links = []
        for row in setup.peers(tx):
            peer = Party(row.key)
            mine = tx.frontier(correspondence(node.party, peer))
            theirs = tx.frontier(correspondence(peer, node.party))
            links.append(
                {
                    "peer": peer,
                    "out": mine.size,
                    "acknowledged": outgoing.acknowledged(tx, node.party, peer),
                    "in": theirs.size,
                }
            )
        duties = [one for one in tx.page(DutyOf, limit=100_000) if not one.discharged]
        return {
            "party": node.party,
            "at": now,
            "agreements": [
                {
                    "id": one.agreement.id,
                    "version": one.agreement.version,
                    "digest": one.agreement.digest,
                    "in_force": one.in_force,
                    "views": {party: view.value for party, view in one.views},
                }
                for one in treaty.known(node, tx)
            ],
            "links": links,
            "duties": [
                views.duty_view(one) | {"overdue": bool(one.due) and one.due < now}
                for one in duties
            ],
            "drafts": len(releases.waiting(tx)),
            "alarms": alarms(tx),
            "persons": [
                {"person": row.key, "office": row.office, "roles": list(row.roles)}
                for row in tx.within(PersonOf, "persons")
            ],
        }


def peer_address(house: House, args: Arguments) -> dict[str, Any]:
    """Say where a counterpart's exchange is reached from here."""
    peers = {**house.config.peers, parse_party(args["peer"]): str(args["address"])}
    house.config = Config(
        party=house.config.party,
        registry=house.config.registry,
        exchange=house.config.exchange,
        console=house.config.console,
        peers=peers,
        demonstration=house.config.demonstration,
    )
    write_config(house.directory, house.config)
    return {"peers": dict(peers)}


def publish(house: House, args: Arguments) -> dict[str, Any]:
    """Publish a new directory towards a counterpart: new persons, new epochs."""
    return _entered(
        setup.publish_directory(
            house.node,
            parse_party(args["peer"]),
            where=house.where(),
            epochs=current(house, house.node.clock.now()),
        )
    )


COMMANDS: Final[dict[str, Command]] = {
    "agreement.authorities": agreement_authorities,
    "agreement.notify": agreement_notify,
    "agreement.propose": agreement_propose,
    "agreement.sign": agreement_sign,
    "approve": approve,
    "assign": assign,
    "assure": assure,
    "console.link": link,
    "decline": decline,
    "designate": designate,
    "drafts": drafts,
    "enrol.confirm": enrol_confirm,
    "enrol.export": enrol_export,
    "evidence": evidence,
    "ledger.show": ledger_show,
    "peer.address": peer_address,
    "peer.publish": publish,
    "person.add": person_add,
    "person.clear": person_clear,
    "person.need-to-know": person_need,
    "read": read,
    "re-mark": re_mark,
    "rebuild": rebuild,
    "receipt": receipt,
    "register.enter": register_enter,
    "register.list": register_list,
    "register.show": register_show,
    "release": release,
    "status": status,
}
"""Every command of a house."""
