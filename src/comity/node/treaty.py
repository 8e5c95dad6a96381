"""Instruments: an agreement is proposed, signed by both, and in force by two notifications."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, cast

import msgspec

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.deeds import Role
from comity.agreement.case import Standing
from comity.agreement.cut import EVERYTHING, Cut
from comity.agreement.gather import instruments_on
from comity.agreement.ground import GROUND, INSTRUMENT_ARTICLE
from comity.agreement.lifecycle import standing
from comity.agreement.profile import open_profile, public_part
from comity.agreement.records import EVENTS
from comity.agreement.text import Agreement, open_bundle
from comity.node.acting import enter_one
from comity.node.chancery import Entered
from comity.node.named import TRAVELLING, TRAVELS
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.signers import key_for
from comity.node.soundness import require_sound
from comity.node.supplements import require_allowed
from comity.register.rows import Instrument, ProfileOf, Rows
from comity.seal.suite import SignatureType
from comity.vocabulary.dates import EARLIEST, Dated, interval
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import AgreementId, Office, Party, PersonId, Reason
from comity.vocabulary.reading import plainly


class Known(NamedTuple):
    """An agreement that this node knows, and what it is in each party's view now."""

    agreement: Agreement
    views: tuple[tuple[Party, Standing], ...]

    @property
    def in_force(self) -> bool:
        """Whether it is in force in every party's view."""
        return bool(self.views) and all(view is Standing.IN_FORCE for _, view in self.views)


def propose(node: Node, bundle: bytes, *, to: Party, by: Office, actor: PersonId) -> Entered:
    """Put a text before a counterpart. The bundle's exact bytes travel with the entry.

    Raises:
        Invalid: the bundle does not parse.
        Refused: the actor is no signatory; a second reading complains, or a scenario case fails
            here: either stops it.
    """
    agreement = open_bundle(bundle)
    require_sound(agreement)
    with node.store.reading() as tx:
        require_person(tx, actor, Role.SIGNATORY)
        require_allowed(node, tx, agreement)
    name = digest(bundle)
    return enter_one(
        node,
        deeds.Propose(
            by=by,
            to=to,
            article=INSTRUMENT_ARTICLE,
            agreement=GROUND.digest,
            text=name,
            id=agreement.id,
            version=Reason(agreement.version),
        ),
        keep={Space.DOCUMENT: {name: bundle}},
        actor=actor,
    )


def sign(node: Node, text: Digest, *, to: Party, by: Office, actor: PersonId) -> Entered:
    """Sign a text: the house's hybrid signature over the bundle's exact bytes.

    The second reading and the scenario cases run on this side too before it signs.

    Raises:
        Refused: the actor is no signatory; ``refused.treaty.unknown-text``; a complaint; a case
            that fails; the ground rules refuse.
    """
    with node.store.reading() as tx:
        require_person(tx, actor, Role.SIGNATORY)
        bundle = tx.load(Space.DOCUMENT, text)
        # Of the directory in force where the deed will stand.
        key = key_for(node, tx, correspondence(node.party, to), EVERYTHING)
        if bundle is None:
            raise Refused("refused.treaty.unknown-text")
        require_allowed(node, tx, open_bundle(bundle))
    require_sound(open_bundle(bundle))
    signature = node.suite.sign(key.private, type=SignatureType.AGREEMENT, message=bundle)
    return enter_one(
        node,
        deeds.Sign(
            by=by,
            to=to,
            article=INSTRUMENT_ARTICLE,
            agreement=GROUND.digest,
            text=text,
            signature=signature,
        ),
        actor=actor,
    )


def notify(node: Node, text: Digest, *, to: Party, by: Office, actor: PersonId) -> Entered:
    """Notify that the legal requirements for entry into force are met (Article 21(1)).

    Raises:
        Refused: the actor is no signatory.
    """
    with node.store.reading() as tx:
        require_person(tx, actor, Role.SIGNATORY)
    return enter_one(
        node,
        deeds.NotifyRequirementsMet(
            by=by,
            to=to,
            article=INSTRUMENT_ARTICLE,
            agreement=GROUND.digest,
            text=text,
        ),
        actor=actor,
    )


def notify_authorities(node: Node, *, to: Party, by: Office, actor: PersonId) -> Entered:
    """Notify the public part of the house's profile: its competent authorities (Article 2(4)).

    Raises:
        Refused: the actor is no signatory; ``refused.profile.none``.
    """
    with node.store.reading() as tx:
        require_person(tx, actor, Role.SIGNATORY)
        row = tx.get(ProfileOf, "own")
        raw = None if row is None else tx.load(Space.DOCUMENT, Digest(row.digest))
    if raw is None:
        raise Refused("refused.profile.none", "no national profile is adopted here")
    public = encode(public_part(open_profile(raw)))
    name = digest(public)
    return enter_one(
        node,
        deeds.NotifyAuthority(
            by=by,
            to=to,
            article=INSTRUMENT_ARTICLE,
            agreement=GROUND.digest,
            profile=name,
        ),
        keep={Space.DOCUMENT: {name: public}},
        actor=actor,
    )


def known(node: Node, tx: Reading, *, peer: Party | None = None) -> tuple[Known, ...]:
    """Return the agreements that this node knows, with their state now in each view.

    Args:
        node: The node.
        tx: A reading.
        peer: Those with this counterpart only, and as they stand with it.
    """
    now = node.clock.now()
    texts: dict[str, None] = {}
    for row in tx.page(Instrument, limit=100_000):
        if row.text:
            texts[row.text] = None
    found = []
    for text in texts:
        agreement = node.agreement(tx, Digest(text))
        if agreement is None or (peer is not None and peer not in agreement.parties):
            continue
        found.append(Known(agreement, views_of(node, tx, agreement, at=now, peer=peer)))
    return tuple(sorted(found, key=lambda one: (one.agreement.id, one.agreement.version)))


_WEAKEST: Final = (
    Standing.UNKNOWN,
    Standing.PROPOSED,
    Standing.SIGNED,
    Standing.SURVIVAL,
    Standing.IN_FORCE,
)


def weakest(views: Iterable[tuple[Party, Standing]]) -> Standing:
    """Return the weakest of some views; of none: unknown."""
    return min((view for _, view in views), key=_WEAKEST.index, default=Standing.UNKNOWN)


def views_of(
    node: Node, rows: Rows, agreement: Agreement, *, at: Instant, peer: Party | None = None
) -> tuple[tuple[Party, Standing], ...]:
    """Return what an agreement is in each party's view, on everything that this node holds.

    A text of several parties stands with each of them for itself; without ``peer`` the own view
    is the weakest of these.
    """
    others = [party for party in agreement.parties if party != node.party] or [node.party]
    found: dict[Party, Standing] = {}
    for other in others if peer is None else [peer]:
        cut = Cut(
            mine=correspondence(node.party, other),
            mine_size=EVERYTHING,
            theirs=correspondence(other, node.party),
            theirs_size=EVERYTHING,
            attested=(
                (standing_in(node.party, other), EVERYTHING),
                (standing_in(other, node.party), EVERYTHING),
            )
            if other != node.party
            else (),
        )
        facts = instruments_on(rows, cut, agreement.digest)
        between = tuple(sorted((node.party, other)))
        for party, view in standing(agreement, facts, at=at, between=between):
            found[party] = min(view, found.get(party, view), key=_WEAKEST.index)
    return tuple(sorted(found.items()))


def find(node: Node, tx: Reading, name: str, *, peer: Party | None = None) -> Agreement:
    """Return an agreement by identifier, ``ID@VERSION`` or digest; in force first.

    Raises:
        Refused: ``refused.treaty.unknown-text``, ``refused.treaty.ambiguous``.
    """
    identifier, _, version = name.partition("@")
    matches = [
        one
        for one in known(node, tx, peer=peer)
        if name == one.agreement.digest
        or (one.agreement.id == AgreementId(identifier) and version in ("", one.agreement.version))
    ]
    chosen = [one for one in matches if one.in_force] or matches
    if not chosen:
        raise Refused("refused.treaty.unknown-text", name)
    if len(chosen) > 1:
        raise Refused("refused.treaty.ambiguous", name)
    return chosen[0].agreement


def between(node: Node, tx: Reading, peer: Party) -> Agreement | None:
    """Return the agreement in force with a counterpart, or nothing.

    Where several are, the one of the fewest parties: what rests on others is asked for by name.
    """
    found = [one.agreement for one in known(node, tx, peer=peer) if one.in_force]
    return min(found, key=lambda one: len(one.parties), default=None)


def instrument(  # noqa: PLR0913 - what it states, by name
    node: Node,
    act: str,
    fields: Mapping[str, Any],
    *,
    to: Party,
    by: Office,
    actor: PersonId,
    document: bytes | None = None,
) -> Entered:
    """Enter an instrument that changes a pact's state, or an announcement, which does not.

    Args:
        node: The node.
        act: Its kind: ``treaty.give-notice``.
        fields: What it states, by the names of its fields.
        to: The counterpart.
        by: The office that acts.
        actor: Who acts: a signatory.
        document: The note itself, which is kept here and named by its digest. What is told of
            a law travels with the entry; other notes stay here.

    Raises:
        Refused: ``refused.person.role``; ``refused.document.too-large``; the ground rules or
            the text refuse.
        Invalid: ``invalid.argument``: no such act, or a field is not right.
    """
    kind = INSTRUMENTS.get(act)
    if kind is None:
        raise Invalid("invalid.argument", f"{act} is no instrument")
    if document is not None and kind in TRAVELLING and len(document) > TRAVELS:
        raise Refused(
            "refused.document.too-large", f"more than {TRAVELS >> 20} MiB: send it another way"
        )
    with node.store.reading() as tx:
        require_person(tx, actor, Role.SIGNATORY)
    wanted = {
        **fields,
        "kind": act,
        "by": by,
        "to": to,
        "article": INSTRUMENT_ARTICLE,
        "agreement": GROUND.digest,
    }
    return enter_one(
        node,
        _made(kind, wanted, document),
        keep=_kept(document),
        actor=actor,
    )


def at_home(
    node: Node,
    act: str,
    fields: Mapping[str, Any],
    *,
    actor: PersonId,
    document: bytes | None = None,
) -> Entered:
    """Write a step of the domestic procedure, or what the house learnt, into the journal.

    Raises:
        Refused: ``refused.person.unknown``; ``refused.pact.date-ahead``: nowhere has it begun.
        Invalid: ``invalid.argument``; ``invalid.pact.event``, with the events that there are.
    """
    kind = _AT_HOME.get(act)
    if kind is None:
        raise Invalid("invalid.argument", f"{act} is no line of the house's history")
    if kind is deeds.Chronicle:
        _require_event(fields.get("event"))
    with node.store.reading() as tx:
        office = require_person(tx, actor).office
    wanted = {**fields, "kind": act, "by": office, "actor": actor}
    deed = _made(kind, wanted, document)
    on = getattr(deed, "on", "")
    # What is still to come would stand in the book as done; an instrument is judged alike.
    if on and interval(Dated(on), EARLIEST)[0] > node.clock.now():
        raise Refused("refused.pact.date-ahead", on)
    return enter_one(node, deed, keep=_kept(document), actor=actor)


def _require_event(event: object) -> None:
    """Return if a history knows such an event: of another nobody would read what it meant."""
    if event not in EVENTS:
        known = ", ".join(sorted(EVENTS))
        raise Invalid("invalid.pact.event", f"{event or 'nothing'}; there are {known}")


_AT_HOME: Final[dict[str, type[deeds.Deed]]] = {
    "domestic.take-step": deeds.TakeStep,
    "domestic.chronicle": deeds.Chronicle,
}


def _made(kind: type[deeds.Deed], wanted: dict[str, Any], document: bytes | None) -> deeds.AnyDeed:
    if document is not None:
        wanted["document"] = digest(document)
    try:
        return cast("deeds.AnyDeed", msgspec.convert(wanted, kind))
    except msgspec.ValidationError as error:
        raise Invalid("invalid.argument", f"{wanted['kind']}: {plainly(error, kind)}") from error


def _kept(document: bytes | None) -> dict[Space, dict[str, bytes]]:
    return {} if document is None else {Space.DOCUMENT: {digest(document): document}}


INSTRUMENTS: Final[dict[str, type[deeds.Deed]]] = {
    str(one.__struct_config__.tag): one
    for one in (
        deeds.Negotiate,
        deeds.Announce,
        deeds.Initial,
        deeds.PostponeSignature,
        deeds.GiveNotice,
        deeds.AcknowledgeNotice,
        deeds.SuspendNotice,
        deeds.ResumeNotice,
        deeds.WithdrawNotice,
        deeds.Amend,
        deeds.LawChange,
        deeds.AskLaw,
        deeds.StateLaw,
        deeds.Revalidate,
    )
}
"""The instruments that state what they are about by their fields alone, by tag."""
