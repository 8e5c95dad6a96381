"""Commands over the house's own keys: which there are, new ones, and stolen ones revoked."""

from pathlib import Path
from typing import Any

from comity.assemble.commands.said import Arguments, content_of, entered_of, write_out
from comity.assemble.epochs import current, keep_epochs
from comity.assemble.house import House, new_certificate
from comity.node import revoking, setup
from comity.node.assess import NodeBooks
from comity.node.overlay import Overlay
from comity.node.signers import signer_at, told
from comity.seal.certificates import certificate_fingerprint, certificate_validity
from comity.seal.fingerprints import key_id
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Party, parse_person

KINDS = ("ledger", "transport", "tls")


def keys_show(house: House, args: Arguments) -> dict[str, Any]:
    """Say which keys are in use, how many earlier ones are still here, and who knows them."""
    del args
    suite, vault, node = house.node.suite, house.vault, house.node
    _, until = certificate_validity(vault.certificate().certificate_der)
    ledger = suite.signing_public(vault.ledger())
    with house.store.reading() as tx:
        peers = [Party(row.key) for row in setup.peers(tx)]
        known = {
            peer: signer_at(
                NodeBooks(node, tx), Overlay(tx), node.party, peer, told(tx, node.party, peer)
            )
            for peer in peers
        }
    return {
        "ledger": {"key": key_id(ledger), "earlier": len(vault.ledgers()) - 1},
        "transport": {
            "key": key_id(suite.kem_public(vault.transport())),
            "earlier": len(vault.transports()) - 1,
        },
        "tls": {
            "certificate": certificate_fingerprint(vault.certificate().certificate_der),
            "until": until,
            "earlier": len(vault.certificates()) - 1,
        },
        "peers": [
            {
                "peer": peer,
                "version": 0 if one is None else one.version,
                "knows_ledger": one is not None and one.ledger == ledger,
            }
            for peer, one in known.items()
        ],
    }


def keys_renew(house: House, args: Arguments) -> dict[str, Any]:
    """Make new keys, and announce them to every counterpart under the present ones.

    If the process dies before the announcement, the next start announces them.
    """
    kinds = tuple(args.get("kind") or KINDS)
    if unknown := [one for one in kinds if one not in KINDS]:
        raise Refused("refused.keys.kind", unknown[0])
    _renew(house, kinds)
    return {"renewed": list(kinds), "published": list(keep_epochs(house))}


def keys_revoke(house: House, args: Arguments) -> dict[str, Any]:
    """Put new keys in force at once, and write a file for each counterpart's administrators.

    Until it takes the file, a counterpart does not believe this node, and nothing crosses.
    """
    node, actor = house.node, parse_person(args["as"])
    folder = Path(args["out"])
    with house.store.reading() as tx:
        peers = [Party(row.key) for row in setup.peers(tx)]
    _renew(house, KINDS)
    files = []
    for peer in peers:
        raw = revoking.revoke(
            node,
            peer,
            where=house.where(),
            epochs=current(house, node.clock.now()),
            actor=actor,
        )
        file = folder / f"{node.party}-revokes-for-{peer}.json"
        write_out(str(file), raw)
        files.append({"peer": peer, "file": str(file)})
    return {"renewed": list(KINDS), "files": files}


def keys_believe(house: House, args: Arguments) -> dict[str, Any]:
    """Take a counterpart's revocation: its former keys count no more from now on."""
    party, entered = revoking.believe(
        house.node, content_of(args["file"]), actor=parse_person(args["as"])
    )
    return {"peer": party, **entered_of(entered)}


def _renew(house: House, kinds: tuple[str, ...]) -> None:
    vault = house.vault
    if "ledger" in kinds:
        vault.renew_ledger()
    if "transport" in kinds:
        vault.renew_transport()
    if "tls" in kinds:
        now = house.node.clock.now()
        vault.replace_certificate(new_certificate(vault.party(), house.config.exchange, now))
