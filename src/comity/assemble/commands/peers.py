"""Commands over counterparts: enrolment, address, directory."""

from typing import Any

from msgspec import structs

from comity.assemble.commands.said import Arguments, content_of, entered_of, write_out
from comity.assemble.epochs import current
from comity.assemble.house import House, write_config
from comity.node import setup
from comity.transport.addresses import parse_address
from comity.vocabulary.names import parse_party, parse_person


def enrol_export(house: House, args: Arguments) -> dict[str, Any]:
    """Write the enrolment file for a counterpart, and say its fingerprint."""
    raw = setup.enrolment_file(
        house.node,
        parse_party(args["peer"]),
        where=house.where(),
        epochs=current(house, house.node.clock.now()),
    )
    write_out(args["out"], raw)
    _, digits = setup.read_enrolment(raw)
    return {"file": args["out"], "fingerprint": digits}


def enrol_confirm(house: House, args: Arguments) -> dict[str, Any]:
    """Enrol a counterpart whose fingerprint two persons compared."""
    first, second = (parse_person(one) for one in args["compared_by"])
    compared, published = setup.enrol(
        house.node,
        content_of(args["file"]),
        fingerprint=args["fingerprint"],
        compared_by=(first, second),
        by=house.node.registry,
    )
    return {"compared": entered_of(compared), "published": entered_of(published)}


def peer_address(house: House, args: Arguments) -> dict[str, Any]:
    """Say where a counterpart's exchange is reached from here."""
    peer, address = parse_party(args["peer"]), str(args["address"])
    # What is no address is refused here; which certificate it must show, the directory says.
    parse_address(address, b"")
    peers = {**house.config.peers, peer: address}
    house.config = structs.replace(house.config, peers=peers)
    write_config(house.directory, house.config)
    return {"peers": dict(peers)}


def publish(house: House, args: Arguments) -> dict[str, Any]:
    """Publish a new directory towards a counterpart: new persons, new epochs."""
    return entered_of(
        setup.publish_directory(
            house.node,
            parse_party(args["peer"]),
            where=house.where(),
            epochs=current(house, house.node.clock.now()),
        )
    )
