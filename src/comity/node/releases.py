"""Release: drafted at the desk, decided by a releasing authority, entered, sealed, sent.

No path releases anything without the originator's decision: the deed is signed by a second
person before it can be entered, and the judgement is made again at the moment of entering.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from comity.acts import deeds
from comity.acts.canonical import digest, digest_of, encode, reader
from comity.acts.contents import UNREAD, content_context
from comity.acts.deeds import Role
from comity.acts.documents import Particulars, decode_particulars
from comity.acts.parts import Disclosed, Item, Label, Position, Schedule
from comity.agreement.clauses.transmission import Transmission
from comity.exchange.pouch import CONTENT_INLINE
from comity.node import large, onward, slips, treaty
from comity.node.assess import Assessment
from comity.node.chancery import (
    Act,
    RefusedAct,
    enter_then,
    keep_refusal,
)
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.register.rows import Draft, Needs
from comity.seal.contents import sealed_length
from comity.seal.salted import Salted, salted_digest
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    Article,
    Caveat,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reference,
    Regime,
    Subject,
)

SALT = 16

INLINE = CONTENT_INLINE - (1 << 16)
"""Bytes of a file that surely fits into a pouch when it is sealed (a tag per 16 KiB)."""


class Standing(Struct, frozen=True, kw_only=True):
    """What makes a release a standing directive: since when, until when, how many at most."""

    since: Instant
    until: Instant
    most: int


class Wish(Struct, frozen=True, kw_only=True):
    """What a desk officer wants to release, before anything is signed.

    Attributes:
        content: The file's bytes.
        pieces: Gives them piece by piece instead, where the file is too large for a pouch.
        title: Short title, unclassified by rule.
        lines: Remarks.
        origin: The leaf by which this house got it, where it is another's item.
        label: The originator's own label, where the item goes on: never another.
        salt: The salt under which the originator digested the content, likewise.
        sent: It goes sealed from node to node, where the text lets its form go so; not where it
            goes by other means that the text allows.
        standing: The item is a stream, and what of it is given is decided with it.
    """

    to: Party
    offices: tuple[Office, ...]
    by: Office
    level: Level
    subject: Subject
    purpose: Purpose
    content: bytes
    title: str
    lines: tuple[str, ...] = ()
    file_name: str = ""
    media_type: str = "application/octet-stream"
    form: Form = Form.ELECTRONIC
    pages: int = 1
    annexes: int = 0
    regime: Regime | UnsetType = UNSET
    releasable: tuple[Party, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    disclosed: Disclosed | UnsetType = UNSET
    schedule: Schedule | UnsetType = UNSET
    originator: Party | UnsetType = UNSET
    origin: Position | UnsetType = UNSET
    agreement: Digest | UnsetType = UNSET
    article: Article = Article("1")
    not_after: Instant | UnsetType = UNSET
    demonstration: bool = False
    label: Label | UnsetType = UNSET
    salt: bytes | UnsetType = UNSET
    pieces: large.Pieces | None = None
    sent: bool = True
    standing: Standing | UnsetType = UNSET


class Drafted(NamedTuple):
    """A deed with the words that belong to it, open, for the eyes of those who decide on it."""

    deed: deeds.Release | deeds.StandingDirective
    particulars: Particulars
    salt: bytes
    content: bytes
    drafter: PersonId
    shown: bool = False


class Waiting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A deed with what belongs to it, as it waits for its decision.

    Content and particulars are sealed already as they will leave: whoever approves opens
    nothing. The sealed content stands where an item's does, and goes with a draft that ends.

    Attributes:
        deed: What is approved.
        drafter: Who laid it before the authority, and may not be the one.
        salt: Under which the content was digested.
        keys: The keys of the item.
        ciphertext: Digest of the sealed content.
        is_file: The content is sealed into a file: it is too large for a pouch.
        particulars: The sealed particulars.
        shown: It is spoken, shown or carried, as the text says: no content is sent with it.
    """

    deed: deeds.Release | deeds.StandingDirective
    drafter: PersonId
    salt: Annotated[bytes, Meta(min_length=SALT, max_length=SALT)]
    keys: slips.ItemKeys
    ciphertext: Digest
    particulars: bytes
    is_file: bool = False
    shown: bool = False


_decode_waiting = reader(Waiting)


class Laid(NamedTuple):
    """A draft that waits: the deed's digest, and what the agreement says of it now."""

    deed: Digest
    assessment: Assessment


def drafted(node: Node, wish: Wish, *, drafter: PersonId) -> Drafted:
    """Return the deed for a wish, with fresh salts and an unguessable reference."""
    suite = node.suite
    salt = suite.random(SALT) if isinstance(wish.salt, UnsetType) else wish.salt
    particulars = Particulars(
        salt=suite.random(SALT),
        title=wish.title,
        lines=wish.lines,
        file_name=wish.file_name,
        media_type=wish.media_type,
        demonstration=wish.demonstration,
    )
    agreement = wish.agreement
    if isinstance(agreement, UnsetType):
        with node.store.reading() as tx:
            found = treaty.between(node, tx, wish.to)
        agreement = UNSET if found is None else found.digest
    deed = deeds.Release(
        by=wish.by,
        to=wish.to,
        article=wish.article,
        agreement=agreement,
        not_after=wish.not_after,
        offices=tuple(sorted(set(wish.offices))),
        item=Item(
            reference=new_reference(node),
            originator=node.party if isinstance(wish.originator, UnsetType) else wish.originator,
            providing=node.party,
            label=Label(
                level=wish.level,
                releasable=wish.releasable,
                caveats=tuple(sorted(set(wish.caveats))),
                regime=wish.regime,
            )
            if isinstance(wish.label, UnsetType)
            else wish.label,
            subject=wish.subject,
            form=wish.form,
            pages=wish.pages,
            annexes=wish.annexes,
            plaintext=_plaintext(node, wish, salt),
            sources=(),
            disclosed=wish.disclosed,
            schedule=wish.schedule,
        ),
        purpose=wish.purpose,
        particulars=digest_of(particulars),
        origin=wish.origin,
    )
    if isinstance(wish.standing, Standing):
        deed = deeds.StandingDirective(**structs.asdict(deed), **structs.asdict(wish.standing))
    shown = not wish.sent or not _is_sent(node, agreement, wish.form)
    if shown and (wish.content or wish.pieces is not None):
        raise Refused("refused.release.shown", f"what is {wish.form.value} is not sent as a file")
    return Drafted(deed, particulars, salt, wish.content, drafter, shown)


def _is_sent(node: Node, agreement: Digest | UnsetType, form: Form) -> bool:
    """Tell whether a node carries items of a form under a text; else they are shown or carried."""
    if form is Form.ELECTRONIC or isinstance(agreement, UnsetType):
        return True
    with node.store.reading() as tx:
        text = node.agreement(tx, agreement)
    clause = None if text is None else text.clause("transmission")
    return not isinstance(clause, Transmission) or form in clause.by_node


def _plaintext(node: Node, wish: Wish, salt: bytes) -> Digest:
    if wish.pieces is not None:
        return UNREAD  # nothing is judged of it, and it is read once: when it is sealed
    large.require_size(node, len(wish.content))
    return salted_digest(Salted.CONTENT, wish.content, salt=salt)


def _sealed(
    node: Node, draft: Drafted, pieces: large.Pieces | None
) -> tuple[Waiting, dict[str, bytes]]:
    """Seal content and particulars under fresh keys, before the approval: as they will leave.

    Returns:
        What waits, and the sealed content under its digest; nothing where there is none to keep.
    """
    suite, deed, item = node.suite, draft.deed, draft.deed.item
    content_key, particulars_key = suite.generate_key(), suite.generate_key()
    if pieces is None:
        context = content_context(item)
        content = suite.encrypt(content_key, context, draft.salt + draft.content)
        ciphertext = digest(content)
    else:
        content = b""
        made = large.seal(node, item, pieces, salt=draft.salt, key=content_key)
        deed = structs.replace(deed, item=structs.replace(item, plaintext=made.plaintext))
        ciphertext = made.ciphertext
    particulars = suite.encrypt(
        particulars_key, draft.deed.particulars.encode(), encode(draft.particulars)
    )
    kept = {str(ciphertext): content} if content and not draft.shown else {}
    waits = Waiting(
        deed=deed,
        drafter=draft.drafter,
        salt=draft.salt,
        keys=slips.ItemKeys(
            content=content_key, particulars=particulars_key, sealed=digest(particulars)
        ),
        ciphertext=ciphertext,
        particulars=particulars,
        is_file=not kept and not draft.shown,
        shown=draft.shown,
    )
    return waits, kept


def opened(node: Node, kept: Waiting, sealed: bytes | None) -> Drafted:
    """Return a draft with its words open; those of a file stay where they are.

    Args:
        node: This node.
        kept: What waits.
        sealed: Its sealed content, where it is no file.
    """
    suite, deed = node.suite, kept.deed
    content = b""
    if sealed is not None:
        context = content_context(deed.item)
        content = suite.decrypt(kept.keys.content, context, sealed)[SALT:]
    raw = suite.decrypt(kept.keys.particulars, deed.particulars.encode(), kept.particulars)
    return Drafted(deed, decode_particulars(raw), kept.salt, content, kept.drafter, kept.shown)


def called(node: Node, tx: Reading, names: Sequence[Digest]) -> dict[Digest, tuple[str, Party]]:
    """Return the title of each of some drafts that wait, and to whom it is to go.

    Contents stay sealed. Who may know is the caller's question.
    """
    found = {}
    for name, kept in zip(names, waiting_drafts(node, tx, names), strict=True):
        context = kept.deed.particulars.encode()
        raw = node.suite.decrypt(kept.keys.particulars, context, kept.particulars)
        found[name] = (decode_particulars(raw).title, kept.deed.to)
    return found


def new_reference(node: Node) -> Reference:
    """Return a reference for others to see: of this year, and not sequential."""
    year = node.clock.now()[:4]
    return Reference(f"{node.party}-{year}-{node.suite.random(5).hex().upper()}")


def judge_wish(node: Node, wish: Wish, *, drafter: PersonId) -> Assessment:
    """Judge a wish as the desk sees it: every finding with its article, nothing entered."""
    act = _sealed_act(drafted(node, wish, drafter=drafter), drafter)
    return onward.judged(node, [act])[0]


def judge_wishes(
    node: Node, wishes: Sequence[Wish], *, drafter: PersonId
) -> tuple[Assessment, ...]:
    """Judge wishes as :func:`lay_list_before` does, without what an approval remedies."""
    drafts = _drafts(node, wishes, drafter=drafter)
    asked = [_sealed_act(one, drafter) for one in drafts]
    # The approval is what they are laid before the authority for: its absence is no objection.
    return tuple(one.without("release.approve") for one in onward.judged(node, asked))


def _drafts(
    node: Node, wishes: Sequence[Wish], *, drafter: PersonId, role: Role = Role.DESK
) -> list[Drafted]:
    with node.store.reading() as tx:
        require_person(tx, drafter, role)
        under = {to: treaty.between(node, tx, to) for to in {one.to for one in wishes}}
    drafts: list[Drafted] = []
    for wish in wishes:
        if wish.pieces is None:
            require_size(wish.content)
        found = under[wish.to]
        if found is not None and isinstance(wish.agreement, UnsetType):
            wish = structs.replace(wish, agreement=found.digest)  # noqa: PLW2901 - as it is asked
        drafts.append(drafted(node, wish, drafter=drafter))
    return drafts


def _sealed_act(draft: Drafted, drafter: PersonId) -> Act:
    # To be judged the content counts as sealed, where there is one: it is, when it is laid.
    sealed = UNSET if draft.shown else draft.deed.item.plaintext
    return Act(deed=draft.deed, ciphertext=sealed, requested_by=drafter)


def lay_before(node: Node, wish: Wish, *, drafter: PersonId) -> Laid:
    """Lay a release before the releasing authority: the draft is kept, sealed.

    Findings that an approval remedies do not stand in the way; all others refuse it here.

    Raises:
        RefusedAct: the agreement refuses it, whoever approves.
        Refused: the drafter is no desk officer.
    """
    return lay_list_before(node, [wish], drafter=drafter)[0]


class Instead(NamedTuple):
    """A draft that ends in the same transaction: the act that ends it, and what is forgotten."""

    name: Digest
    act: Act
    drop: Mapping[Space, Sequence[str]]


def lay_list_before(  # noqa: PLR0913 - what goes with the drafts, by name
    node: Node,
    wishes: Sequence[Wish],
    *,
    drafter: PersonId,
    noted: Sequence[str] = (),
    also: Mapping[str, bytes] | None = None,
    instead: Instead | None = None,
) -> tuple[Laid, ...]:
    """Lay releases before the releasing authority in one transaction: all of them, or none.

    Each is a draft of its own, judged, sealed and found by its own digest; :func:`approve`
    decides over as many of them at a time as the authority sees fit. Under each of the keys in
    ``noted``, one per wish, it is noted in the same transaction which draft that wish became, and
    what is in ``also`` beside it. Laid ``instead`` of another draft, it is the releasing authority
    that drafts.

    Raises:
        RefusedAct: as :func:`lay_before`, for the first that is refused; none is laid.
        Unavailable: ``unavailable.conflict``: something is noted under one of the keys.
        Refused: as :func:`lay_before`.
    """
    role = Role.DESK if instead is None else Role.RELEASING
    drafts = _drafts(node, wishes, drafter=drafter, role=role)
    asked = [_sealed_act(one, drafter) for one in drafts]
    # The approval is what they are laid before the authority for: its absence is no objection.
    assessments = [one.without("release.approve") for one in onward.judged(node, asked)]
    for act, assessment in zip(asked, assessments, strict=True):
        if assessment.objections:
            refusal = RefusedAct("release.release", assessment)
            keep_refusal(node, [act], refusal)
            raise refusal
    laying = [_laying(node, *one) for one in zip(wishes, drafts, strict=True)]
    names = [name for name, _ in laying]
    notes = {key: name.encode() for key, name in zip(noted, names, strict=False)}
    enter_then(
        node,
        [
            *(act for _, act in laying),
            *([] if instead is None else [instead.act]),
        ],
        keep=lambda _: {Space.LINK: notes | dict(also or {})},
        drop={} if instead is None else instead.drop,
        waiting=() if instead is None else (instead.name,),
        absent=list(notes),
    )
    return tuple(
        Laid(name, assessment) for name, assessment in zip(names, assessments, strict=True)
    )


def _laying(node: Node, wish: Wish, draft: Drafted) -> tuple[Digest, Act]:
    waits, content = _sealed(node, draft, wish.pieces)
    name = deeds.deed_digest(waits.deed)
    sealed = node.suite.wrap(
        node.vault.storage(node.party), key=encode(waits), aad=f"draft {name}".encode()
    )
    act = Act(
        deed=deeds.LayBefore(by=draft.deed.by, actor=draft.drafter, deed=name),
        keep={Space.DRAFT: {name: sealed}, Space.CONTENT: content},
    )
    return name, act


def open_draft(node: Node, tx: Reading, name: Digest) -> Drafted:
    """Return a draft that waits, to be read.

    Raises:
        Refused: ``refused.release.no-draft``.
    """
    return open_drafts(node, tx, [name])[0]


def open_drafts(node: Node, tx: Reading, names: Sequence[Digest]) -> list[Drafted]:
    """Return drafts that wait, to be read, in the order of their names.

    Raises:
        Refused: ``refused.release.no-draft``: one of them does not wait here.
    """
    drafts = waiting_drafts(node, tx, names)
    sealed = contents_of(tx, drafts)
    return [opened(node, one, sealed.get(one.ciphertext)) for one in drafts]


def contents_of(tx: Reading, drafts: Iterable[Waiting]) -> Mapping[str, bytes]:
    """Return the sealed contents of drafts, those of files apart, by their digests."""
    return tx.load_many(
        Space.CONTENT, [one.ciphertext for one in drafts if not (one.is_file or one.shown)]
    )


def waiting_drafts(node: Node, tx: Reading, names: Sequence[Digest]) -> list[Waiting]:
    """Return drafts that wait, sealed as they will leave, in the order of their names.

    Raises:
        Refused: ``refused.release.no-draft``: one of them does not wait here.
    """
    ask = Needs()
    for name in names:
        ask.key(name, Draft)
    rows, kept = Overlay(tx), tx.load_many(Space.DRAFT, names)
    rows.fetch(ask)
    storage = node.vault.storage(node.party)
    drafts = []
    for name in names:
        raw, row = kept.get(name), rows.get(Draft, name)
        if raw is None or row is None or row.state != "waiting":
            raise Refused("refused.release.no-draft", "no such draft waits here")
        aad = f"draft {name}".encode()
        drafts.append(_decode_waiting(node.suite.unwrap(storage, wrapped=raw, aad=aad)))
    return drafts


def waiting(tx: Reading) -> tuple[Draft, ...]:
    """Return the drafts that wait for a decision, the oldest first."""
    return tx.waiting_drafts()


def find_draft(tx: Reading, text: str) -> Digest:
    """Return the waiting draft whose digest begins with ``text`` (with or without its prefix).

    Raises:
        Refused: ``refused.release.no-draft``.
    """
    wanted = text.removeprefix("sha384:")
    found = [row.key for row in waiting(tx) if row.key.removeprefix("sha384:").startswith(wanted)]
    if not wanted or len(found) != 1:
        raise Refused("refused.release.no-draft", f"not exactly one waiting draft is {text}")
    return Digest(found[0])


def is_sheet(draft: Drafted) -> bool:
    """Tell whether a draft can be a sheet again, which its drafter changes.

    What another originated goes on as it is: as a sheet it would become the house's own. And a
    sheet has no bounds of a stream: a directive would come back as a release of its description.
    """
    own = isinstance(draft.deed.origin, UnsetType)
    return own and not isinstance(draft.deed, deeds.StandingDirective)


def absent_draft() -> Refused:
    """Return the one answer for a draft that is decided, another's, or never was."""
    return Refused("refused.release.no-draft", "no such draft waits here")


def require_size(content: bytes) -> None:
    """Return if a content fits into a pouch when it is sealed.

    Raises:
        Refused: ``refused.release.too-large``.
    """
    if sealed_length(SALT + len(content)) > CONTENT_INLINE:
        most = f"{CONTENT_INLINE >> 20} MiB"
        raise Refused("refused.release.too-large", f"a content of more than {most} is not carried")


def require_not_empty(content: bytes) -> None:
    """Return if there is something to release.

    Raises:
        Invalid: ``invalid.content``.
    """
    if not content:
        raise Invalid("invalid.content", "the file is empty")


__all__ = [
    "Drafted",
    "Laid",
    "Wish",
    "find_draft",
    "judge_wish",
    "lay_before",
    "lay_list_before",
    "waiting",
]
