"""A counterpart on paper: what it did is entered here as attested, with the paper as evidence.

The registry officer who has the paper in hand signs the entry; nobody's key of the other party
does. Each is judged by the same agreement through the one door, as that party's act. Where the
agreement asks for a key's signature it refuses, and says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

import msgspec
from msgspec import UNSET, Struct, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest, digest_of, encode
from comity.acts.deeds import AnyDeed, Role
from comity.acts.kinds import KINDS, Family, Log
from comity.acts.parts import Attestation, Paper, Written
from comity.agreement.ground import GROUND, INSTRUMENT_ARTICLE, PAPER_ARTICLE
from comity.agreement.profile import Profile, open_profile, public_part
from comity.agreement.shipped import profile_bytes
from comity.node import kept, setup
from comity.node.chancery import Act, Entered, enter_then
from comity.node.links import peer_of
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.signing import ONE_BY_ONE, Approves, Signer, by_key_file, each
from comity.vocabulary.dates import Dated
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import standing_in
from comity.vocabulary.names import (
    Caveat,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reason,
    Regime,
    Subject,
    party_of,
)
from comity.vocabulary.reading import plainly

SCAN_LIMIT: Final = 8 << 20
"""Bytes of one scanned paper."""

_CLAUSE: Final = Reason("paper")
_HAVE: Final = Reason("paper.in-hand")


class Sheet(NamedTuple):
    """One paper: what it looks like, the day it bears, and the number on it.

    Attributes:
        scan: The scanned paper, any file.
        on: The day on it, as far as it can be read.
        number: The number that its author's registry wrote on it.
        own: The number under which it is in the own book.
    """

    scan: bytes
    on: Dated
    number: str | UnsetType = UNSET
    own: str | UnsetType = UNSET

    @property
    def paper(self) -> Paper:
        """What of it stands in the entry."""
        return Paper(on=self.on, number=written(self.number), own=written(self.own))


class Handed(Struct, frozen=True, kw_only=True):
    """An item that a party on paper handed over, as its cover says.

    Attributes:
        offices: The addressed offices of this house.
        originator: Who generated it, if not who handed it over.
        content: Its scan, or what of it is known.
    """

    by: Office
    offices: tuple[Office, ...]
    level: Level
    subject: Subject
    purpose: Purpose
    title: str
    content: bytes
    pages: int = 1
    annexes: int = 0
    regime: Regime | UnsetType = UNSET
    caveats: tuple[Caveat, ...] = ()
    originator: Party | UnsetType = UNSET
    file_name: str = ""
    media_type: str = "application/pdf"


def written(number: str | UnsetType) -> str | UnsetType:
    """Return a number as it is written, if it can be kept as it is.

    Raises:
        Invalid: ``invalid.argument``: empty, too long, or with blanks around it.
    """
    if isinstance(number, UnsetType):
        return UNSET
    try:
        return msgspec.convert(number, Written)
    except msgspec.ValidationError as error:
        raise Invalid("invalid.argument", f"{number!r}: a number is 1 to 60 characters") from error


def begin(  # noqa: PLR0913 - what a link on paper begins with
    node: Node,
    absent: Party,
    *,
    profile: Profile,
    sheet: Sheet,
    by: Office,
    officer: PersonId,
    where: setup.Address,
    epochs: Sequence[tuple[Office, int, Instant]],
    sign: Signer = by_key_file,
) -> tuple[Entered, ...]:
    """Begin to keep a log for a party that keeps paper, with the note of its authorities.

    Args:
        node: This node.
        absent: The party.
        profile: Its offices as its note names them; only the public part is entered.
        sheet: That note.
        by: The office of that party that signed the note.
        officer: Who has it in hand.
        where: Where this node will be reached when the other joins.
        epochs: The epochs of this house's offices.
        sign: How the officer signs.

    Raises:
        Refused: ``refused.paper.joined``, ``refused.paper.again``, ``refused.paper.own``.
    """
    _require_other(node, absent)
    with node.store.reading() as tx:
        if peer_of(tx, absent) is not None:
            raise Refused("refused.paper.joined", absent)
        if kept.is_kept(tx, node.party, absent):
            raise Refused("refused.paper.again", absent)
    if profile.party != absent:
        raise Invalid("invalid.profile", f"the profile is {profile.party}'s, not {absent}'s")
    public = encode(public_part(profile))
    deed = deeds.NotifyAuthority(
        by=by,
        to=node.party,
        article=INSTRUMENT_ARTICLE,
        agreement=GROUND.digest,
        profile=digest(public),
    )
    keep: dict[str, bytes] = {digest(public): public}
    act = attested(node, deed, sheet, officer=officer, keep=keep, sign=each(sign))
    # Its own file first: the directory that it will join by, and the checkpoint of an empty log.
    setup.enrolment_file(node, absent, where=where, epochs=epochs)
    return enter_then(node, [act, setup.own_first(node, absent)])


def _require_other(node: Node, absent: Party) -> None:
    if absent == node.party:
        raise Refused("refused.paper.own", absent)


def begin_here(  # noqa: PLR0913 - what a link on paper begins with
    node: Node,
    absent: Party,
    raw: bytes | None,
    *,
    sheet: Sheet,
    by: Office,
    officer: PersonId,
    sign: Signer = by_key_file,
) -> tuple[Entered, ...]:
    """Begin as :func:`begin` does, as the served node that this is.

    Args:
        node: This node, served with a console.
        absent: The party.
        raw: The profile of the party's offices; nothing: the one that ships.
        sheet: The note that names its authorities.
        by: The office of that party that signed the note.
        officer: Who has it in hand.
        sign: How the officer signs.

    Raises:
        Refused: as :func:`begin`; ``refused.pact.profile``: none ships.
        Invalid: ``invalid.profile``.
        Unavailable: ``unavailable.face``: this node is not served.
    """
    _require_other(node, absent)
    if node.face is None:
        raise Unavailable("unavailable.face", "comity paper begin")
    face = node.face()
    return begin(
        node,
        absent,
        profile=open_profile(profile_bytes(absent) if raw is None else raw),
        sheet=sheet,
        by=by,
        officer=officer,
        where=setup.Address(address=face.address, certificate=face.certificate),
        epochs=face.epochs,
        sign=sign,
    )


def attested(  # noqa: PLR0913 - an act and the paper that shows it
    node: Node,
    deed: AnyDeed,
    sheet: Sheet,
    *,
    officer: PersonId,
    keep: Mapping[str, bytes] | None = None,
    sealed: Mapping[Space, Mapping[str, bytes]] | None = None,
    ciphertext: Digest | UnsetType = UNSET,
    sign: Approves = ONE_BY_ONE,
) -> Act:
    """Return the act that enters what a party on paper did, signed by the officer.

    The scan is sealed under a key of its own; its digest stands in the entry as evidence.

    Raises:
        Refused: the officer is none of the registry, or ``refused.paper.scan``.
    """
    with node.store.reading() as tx:
        office = Office(require_person(tx, officer, Role.REGISTRY).office)
    name = digest_of(deed)
    document, approval = sign(node, officer, name)
    documents = {digest_of(document): encode(document), **(keep or {})}
    spaces = {space: dict(found) for space, found in (sealed or {}).items()}
    evidence: tuple[Digest, ...] = ()
    if isinstance(ciphertext, UnsetType):
        scan, keys = _sealed_scan(node, sheet.scan, name)
        evidence = (digest(scan),)
        documents[digest(scan)] = scan
        spaces.setdefault(Space.KEY, {}).update({f"{digest(scan)}|{node.party}": keys})
    spaces[Space.DOCUMENT] = {**spaces.get(Space.DOCUMENT, {}), **documents}
    return Act(
        deed=deed,
        approvals=(approval,),
        attested=(Attestation(article=PAPER_ARTICLE, clause=_CLAUSE, reason=_HAVE, office=office),),
        evidence=evidence,
        ciphertext=ciphertext,
        keep=spaces,
        requested_by=officer,
        paper=sheet.paper,
        attests=True,
    )


def _sealed_scan(node: Node, scan: bytes, name: Digest) -> tuple[bytes, bytes]:
    """Seal a scan under a fresh key, and the key under the house's."""
    if not scan or len(scan) > SCAN_LIMIT:
        raise Refused("refused.paper.scan", f"a scan of 1 byte to {SCAN_LIMIT >> 20} MiB")
    key = node.suite.generate_key()
    sealed = node.suite.encrypt(key, name.encode(), scan)
    wrapped = node.suite.wrap(node.vault.storage(node.party), key=key, aad=digest(sealed).encode())
    return sealed, wrapped


def scan_of(node: Node, tx: Reading, evidence: Digest, deed: Digest) -> bytes:
    """Return the scanned paper behind an attested entry.

    Raises:
        Refused: ``refused.absent``: it is not kept here.
        Invalid: it is not what was sealed.
    """
    sealed = tx.load(Space.DOCUMENT, evidence)
    wrapped = tx.load(Space.KEY, f"{evidence}|{node.party}")
    if sealed is None or wrapped is None:
        raise Refused("refused.absent", "no such paper is kept here")
    key = node.suite.unwrap(node.vault.storage(node.party), wrapped=wrapped, aad=evidence.encode())
    return node.suite.decrypt(key, deed.encode(), sealed)


def require_open(tx: Reading, party: Party, absent: Party) -> None:
    """Return if a party keeps paper, and its log is kept here.

    Raises:
        Refused: ``refused.paper.not-kept``, ``refused.paper.joined``.
    """
    if not kept.is_kept(tx, party, absent):
        raise Refused("refused.paper.not-kept", absent)
    if not kept.is_open(tx, party, absent):
        raise Refused("refused.paper.joined", absent)


def enter(  # noqa: PLR0913 - what a paper states
    node: Node,
    absent: Party,
    act: str,
    fields: Mapping[str, Any],
    *,
    sheet: Sheet,
    officer: PersonId,
    keep: Mapping[str, bytes] | None = None,
    sign: Signer = by_key_file,
) -> Entered:
    """Enter what a party on paper did: a note, a signature, a receipt, a consent, a refusal.

    Args:
        node: This node.
        absent: Whose act it is.
        act: Its kind: ``treaty.sign``.
        fields: What it states, by the names of its fields; ``by`` is the office that acted.
        sheet: The paper.
        officer: Who has it in hand.
        keep: Documents that it names.
        sign: How the officer signs.

    Raises:
        Invalid: ``invalid.argument``: no such act, or a field is not right.
        Refused: ``refused.paper.not-kept``, ``refused.paper.joined``.
        RefusedAct: the agreement refuses it, as it would refuse the act itself.
    """
    with node.store.reading() as tx:
        require_open(tx, node.party, absent)
    deed = _made(node.party, act, fields)
    if party_of(deed.by) != absent:
        raise Refused("refused.paper.office", f"{absent}: {deed.by}")
    done = attested(node, deed, sheet, officer=officer, keep=keep, sign=each(sign))
    return enter_then(node, [done])[0]


def _made(house: Party, act: str, fields: Mapping[str, Any]) -> AnyDeed:
    of = ACTS.get(act)
    if of is None:
        raise Invalid("invalid.argument", f"{act} cannot be done on paper")
    wanted: dict[str, Any] = {"kind": act, "to": house, **fields}
    if kind_family(of) is Family.INSTRUMENT:
        wanted |= {"agreement": GROUND.digest, "article": INSTRUMENT_ARTICLE}
    if of is deeds.Sign:
        wanted["signature"] = b""  # the signature is on the paper
    try:
        return cast("AnyDeed", msgspec.convert(wanted, of, strict=False))
    except msgspec.ValidationError as error:
        raise Invalid("invalid.argument", f"{act}: {plainly(error, of)}") from error


def kind_family(of: type[deeds.Deed]) -> Family:
    """Return the family of a kind of deed."""
    return KINDS[of].family


ACTS: Final[dict[str, type[deeds.Deed]]] = {
    str(of.__struct_config__.tag): of
    for of, where in KINDS.items()
    if where.log is Log.CORRESPONDENCE
    and where.family is not Family.LINK
    and not issubclass(of, deeds.Release | deeds.OnwardReleased | deeds.OfDirective)
}
"""What a party on paper can do that its counterpart enters, but handing items over, by tag."""


def log_of(node: Node, absent: Party) -> str:
    """Return the name of the log that is kept for a party."""
    return standing_in(node.party, absent)
