"""What a desk officer wants to release, and the deed that says so; nothing is signed yet."""

from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType, structs

from comity.acts import deeds
from comity.acts.canonical import digest_of
from comity.acts.contents import UNREAD
from comity.acts.documents import Particulars, fitting
from comity.acts.parts import Disclosed, Item, Label, Position, Schedule
from comity.agreement.clauses import Clause
from comity.agreement.clauses.disclosure import SHOWN
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.transmission import Transmission
from comity.exchange.pouch import CONTENT_INLINE
from comity.node import large, treaty
from comity.node.articles import article_of
from comity.node.node import Node
from comity.node.waits import SALT
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
    article: Article | UnsetType = UNSET
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


def drafted(node: Node, wish: Wish, *, drafter: PersonId) -> Drafted:
    """Return the deed for a wish, with fresh salts and an unguessable reference."""
    suite = node.suite
    salt = suite.random(SALT) if isinstance(wish.salt, UnsetType) else wish.salt
    particulars = fitting(
        Particulars(
            salt=suite.random(SALT),
            title=wish.title,
            lines=wish.lines,
            file_name=wish.file_name,
            media_type=wish.media_type,
            demonstration=wish.demonstration,
        )
    )
    with node.store.reading() as tx:
        if isinstance(wish.agreement, UnsetType):
            text = treaty.between(node, tx, wish.to)
        else:
            text = node.agreement(tx, wish.agreement)
    agreement = wish.agreement if text is None else text.digest
    article = wish.article
    if isinstance(article, UnsetType):
        article = article_of(text, "release.release")
    deed = deeds.Release(
        by=wish.by,
        to=wish.to,
        article=article,
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
        if not wish.sent or _goes_otherwise(node, agreement, wish.form):
            form = wish.form.value
            raise Refused("refused.release.shown", f"what is {form} is not sent as a file")
        shown = False  # it never crosses, with a file or without: under which article is judged
    return Drafted(deed, particulars, salt, wish.content, drafter, shown)


def _is_sent(node: Node, agreement: Digest | UnsetType, form: Form) -> bool:
    """Tell whether a node carries items of a form under a text; else they are shown or carried."""
    if form is Form.ELECTRONIC:
        return True
    clause = _clause(node, agreement, "transmission")
    return not isinstance(clause, Transmission) or form in clause.by_node


def _goes_otherwise(node: Node, agreement: Digest | UnsetType, form: Form) -> bool:
    """Tell whether what no node carries crosses under a text in another way: shown, or carried."""
    scope = _clause(node, agreement, "scope")
    if isinstance(scope, Scope) and form not in scope.forms:
        return False
    way = _clause(node, agreement, "transmission")
    return form in SHOWN or not isinstance(way, Transmission) or bool(way.couriers)


def _clause(node: Node, agreement: Digest | UnsetType, kind: str) -> Clause | None:
    if isinstance(agreement, UnsetType):
        return None
    with node.store.reading() as tx:
        text = node.agreement(tx, agreement)
    return None if text is None else text.clause(kind)


def _plaintext(node: Node, wish: Wish, salt: bytes) -> Digest:
    if wish.pieces is not None:
        return UNREAD  # nothing is judged of it, and it is read once: when it is sealed
    large.require_size(node, len(wish.content))
    return salted_digest(Salted.CONTENT, wish.content, salt=salt)


def new_reference(node: Node) -> Reference:
    """Return a reference for others to see: of this year, and not sequential."""
    year = node.clock.now()[:4]
    return Reference(f"{node.party}-{year}-{node.suite.random(5).hex().upper()}")


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
