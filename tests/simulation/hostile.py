"""A counterpart that lies: it holds valid keys, and its software does what it likes."""

import json
import random
from collections.abc import Callable
from typing import Final

from msgspec import structs

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.entries import Entry, decode_entry
from comity.acts.parts import Position
from comity.node.incoming import receive
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.sitting import Sitting, sitting
from comity.register.fold import Effect
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Article, Level, Office, Party, Reference
from tests.support.pair import JPN, KOR

_OTHER: Final = {KOR: JPN, JPN: KOR}
_OFFICES: Final = {
    KOR: (Office("KOR/KDIA"), Office("KOR/REGISTRY")),
    JPN: (Office("JPN/DIH"), Office("JPN/REGISTRY")),
}
_LOWER: Final = {KOR: Level("KOR:mil-3"), JPN: Level("JPN:hi")}


def lied_to(liar: Node) -> Party:
    """Return the counterpart of a liar."""
    return _OTHER[liar.party]


def lying_log(liar: Node) -> LogName:
    """Return the log in which a liar lies."""
    return correspondence(liar.party, lied_to(liar))


def put(session: Sitting, leaf: bytes) -> None:
    """Append any bytes to the liar's own correspondence and sign what results."""
    log = lying_log(session.node)
    session.append(log, leaf, None, effect=Effect(outcome=None), assessment=None)
    session.roots.sign(log, at=session.now)


def last_entry(node: Node) -> Entry:
    """Return the liar's last decodable entry, to be twisted."""
    log = lying_log(node)
    with node.store.reading() as tx:
        leaves = tx.leaves(log, 0, tx.frontier(log).size)
    for leaf in reversed(leaves):
        try:
            return decode_entry(leaf)
        except Exception:  # noqa: BLE001, S112 - a leaf that this liar made undecodable
            continue
    raise AssertionError("no entry")


def undecodable(node: Node, dice: random.Random) -> None:
    """Leaves that are no entries: noise, an unknown field, a kind of another version."""
    entry = json.loads(encode(last_entry(node)))
    choice = dice.choice(("noise", "field", "kind"))
    if choice == "noise":
        leaf = dice.randbytes(40)
    elif choice == "field":
        leaf = json.dumps({**entry, "zz": 1}, sort_keys=True, separators=(",", ":")).encode()
    else:
        entry["deed"]["kind"] = "release.everything"
        leaf = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    with sitting(node) as session:
        put(session, leaf)


def stale_seen(node: Node, dice: random.Random) -> None:
    """An entry that claims to have seen less than entries before it."""
    del dice
    entry = last_entry(node)
    with sitting(node) as session:
        seen = structs.replace(entry.seen, size=0)  # type: ignore[type-var]
        put(session, encode(structs.replace(entry, seen=seen, salt=session.salt())))


def receipt_for_nothing(node: Node, dice: random.Random) -> None:
    """A receipt for an item that never crossed."""
    with sitting(node) as session:
        deed = deeds.Receipt(
            by=_OFFICES[node.party][0],
            to=lied_to(node),
            article=Article("12"),
            agreement=_agreement(session),
            item=Position(
                log=correspondence(lied_to(node), node.party), index=10_000 + dice.randrange(9)
            ),
            stage=deeds.Stage.DOCUMENT,
            number=Reference(f"{node.party}-R-1"),
            copy=1,
            pages=1,
            annexes=0,
            reserve=(),
        )
        put(session, _entry(session, deed))


def unapproved(node: Node, dice: random.Random) -> None:
    """A release that no releasing authority approved, or one relabelled after its approval."""
    with sitting(node) as session:
        log = lying_log(node)
        leaves = session.tx.leaves(log, 0, session.tx.frontier(log).size)
        for leaf in reversed(leaves):
            try:
                entry = decode_entry(leaf)
            except Exception:  # noqa: BLE001, S112 - as in last_entry()
                continue
            if isinstance(entry.deed, deeds.Release):
                item = structs.replace(
                    entry.deed.item,
                    label=structs.replace(entry.deed.item.label, level=_LOWER[node.party]),
                )
                deed = structs.replace(entry.deed, item=item)
                twisted = structs.replace(entry, deed=deed, salt=session.salt())
                put(session, encode(twisted))
                return
    undecodable(node, dice)


def bad_refusal(node: Node, dice: random.Random) -> None:
    """A refusal that refuses a refusal, or leaves that do not exist."""
    from comity.acts.parts import RefusedLeaf
    from comity.agreement.ground import GROUND, LINK_ARTICLE
    from comity.vocabulary.names import Reason

    with sitting(node) as session:
        deed = deeds.RefuseLeaves(
            by=_OFFICES[node.party][1],
            to=lied_to(node),
            article=LINK_ARTICLE,
            agreement=GROUND.digest,
            log=dice.choice((correspondence(lied_to(node), node.party), lying_log(node))),
            old=0,
            new=dice.randrange(1, 9999),
            refused=(RefusedLeaf(index=dice.randrange(99), code=Reason("judgement.unlawful")),),
        )
        put(session, _entry(session, deed))


def wrong_judgement(node: Node, dice: random.Random) -> None:
    """An act whose common judgement the author states otherwise than it is."""
    del dice
    entry = last_entry(node)
    with sitting(node) as session:
        seen = session.roots.seen(lied_to(session.node))
        assert seen is not None
        put(
            session,
            encode(
                structs.replace(
                    entry,
                    judgement=digest_of(("something", "else")),
                    salt=session.salt(),
                    seen=seen,
                    at=max(session.now, entry.at, seen.time),
                )
            ),
        )


LIES: Final[tuple[Callable[[Node, random.Random], None], ...]] = (
    undecodable,
    stale_seen,
    receipt_for_nothing,
    unapproved,
    bad_refusal,
    wrong_judgement,
)


def _agreement(session: Sitting):  # type: ignore[no-untyped-def]
    for line in session.tx.keys(Space.DOCUMENT):
        raw = session.tx.load(Space.DOCUMENT, line)
        if raw is not None and raw.startswith(b'{"agreement":"'):
            return line
    raise AssertionError("no bundle")


def _entry(session: Sitting, deed: deeds.AnyDeed) -> bytes:
    seen = session.roots.seen(lied_to(session.node))
    assert seen is not None
    return encode(
        Entry(
            deed=deed,
            at=max(session.now, seen.time),
            salt=session.salt(),
            seen=seen,
            judgement=digest_of(("made", "up")),
        )
    )


def fork(liar: Node, honest: Node) -> bytes:
    """Show the honest side another history of the same size, signed, and return its answer."""
    log = lying_log(liar)
    with liar.store.reading() as tx:
        size = tx.frontier(log).size

    class Undone(Exception):
        pass

    wires: list[bytes] = []
    try:
        with sitting(liar) as session:
            put(session, b"another history")
            session.close()
            sent_note = session.tx.load(Space.LATEST, f"{log}|own")
            wires.append(pouch(liar, session, size, sent_note or b"", [b"another history"]))
            raise Undone
    except Undone:
        pass
    with sitting(liar) as session:
        put(session, b"the first history")
        note = session.roots.sign(log, at=session.now)
        first = pouch(liar, session, size, note, [b"the first history"])
    receive(honest, liar.party, first)
    return receive(honest, liar.party, wires[0])


def pouch(  # noqa: PLR0913 - what goes into one
    node: Node,
    session: Sitting,
    old: int,
    note: bytes,
    leaves: list[bytes],
    documents: dict[Digest, bytes] | None = None,
    contents: dict[Digest, bytes] | None = None,
) -> bytes:
    """Return a pouch of a liar: leaves as they are, with whatever it likes to send along."""
    from comity.exchange.pouch import head_of, pack
    from comity.node.links import directory_of, token_of

    head, pieces = head_of(
        log=lying_log(node),
        old=old,
        checkpoint=note,
        leaves=leaves,
        documents=documents or {},
        contents=contents or {},
        slips=(),
    )
    return pack(
        node.suite,
        head,
        pieces=pieces,
        transport=directory_of(session.tx, lied_to(node), node.party).transport,
        token=token_of(session.tx, addressee=lied_to(node), sender=node.party),
    )


__all__ = ["LIES", "Party", "fork"]
