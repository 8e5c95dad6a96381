"""Operations: what one may ask, with which structs, and what is handed to the function."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Generic, NamedTuple, TypeVar

from msgspec import Meta, Struct

from comity.acts.deeds import Role
from comity.console.pages.visit import Visit
from comity.node.node import Node
from comity.node.ports import Reading
from comity.node.receiving import absent
from comity.node.signing import Signer, by_key_file
from comity.register.rows import PersonOf
from comity.vocabulary.names import PersonId

T = TypeVar("T")

JSON: Final = "application/json"
FILE: Final = "application/octet-stream"
CSV: Final = "text/csv; charset=utf-8"

PLACES: Final = {
    "number": ("an item's number, of either registry", r"^[A-Z0-9][A-Z0-9-]{2,39}$"),
    "sheet": ("the name of a sheet of one's own", r"^[0-9a-f]{16}$"),
    "draft": ("the digest of a draft, or the beginning of it", r"^[0-9a-f]{16,96}$"),
    "list": ("the digest of a list of releases, or the beginning of it", r"^[0-9a-f]{16,96}$"),
    "by": ("the party that asked", r"^[A-Z][A-Z0-9-]{1,15}$"),
    "party": ("a counterpart", r"^[A-Z][A-Z0-9-]{1,15}$"),
    "to": ("the party that was asked", r"^[A-Z][A-Z0-9-]{1,15}$"),
    "index": ("where it stands in their correspondence", r"^(0|[1-9][0-9]{0,14})$"),
    "person": ("a person of this house", r"^[a-z][a-z0-9-]{0,40}$"),
    "passkey": ("a passkey, by its digest", r"^[0-9a-f]{96}$"),
    "token": ("a token, by the beginning of its digest", r"^[0-9a-f]{16}$"),
    "agreement": (
        "an agreement by its identifier, or by its digest",
        r"^([A-Z0-9][A-Z0-9.-]{1,39}|sha384:[0-9a-f]{96})$",
    ),
}
"""What the parts of an address are, and how they read."""


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of a list.

    Attributes:
        items: What is on it.
        next: The cursor of the page after it; empty on the last.
    """

    items: tuple[T, ...]
    next: str


class Listing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of a list is asked for.

    Attributes:
        cursor: Where the page before ended, as it said; empty: from the beginning.
        limit: The most that it has.
    """

    cursor: Annotated[str, Meta(max_length=512)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Nothing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Nothing is asked, and nothing is said."""


class Body(NamedTuple):
    """Bytes that are no JSON, and what they are called."""

    raw: bytes
    name: str


class Doing(NamedTuple, Generic[T]):
    """An act: whose node, who acts, in which language, on what, and what was sent.

    Attributes:
        place: What the address names.
        body: What was sent, decoded and within bounds.
        sign: How the person signs, where something is to be signed.
    """

    node: Node
    person: PersonId
    lang: str
    demonstration: bool
    place: Mapping[str, str]
    body: T
    sign: Signer = by_key_file


Read = Callable[[Visit, Any], Any]
"""Answers what was asked (a visit, and the query as a struct) and changes nothing."""

Run = Callable[[Doing[Any]], Any]
"""Acts, and says what came of it."""


class Operation(NamedTuple):
    """One operation of the API.

    Attributes:
        name: What it is called, in every description (``itemRead``).
        heading: Under which it is described.
        method: GET for what changes nothing.
        path: Below ``/api/v1``, with the names of its parts in braces.
        run: A :data:`Read` where the method is GET, else a :data:`Run`.
        answer: The struct of the answer; :class:`Body` where it is no JSON.
        asked: The struct of the query (GET) or of the body.
        media: What the answer is.
        kept: The answer to an idempotency key may be kept; false where it holds a content.
        signs: Its person signs the deeds that it makes, before it changes anything.
        page: The forms or files of the console that do the same, apart by spaces.
    """

    name: str
    heading: str
    method: str
    path: str
    run: Callable[..., Any]
    answer: Any
    asked: type[Struct] = Nothing
    media: str = JSON
    kept: bool = True
    page: str = ""
    signs: bool = False

    @property
    def summary(self) -> str:
        """The first line of what the function says of itself."""
        return (self.run.__doc__ or "").strip().partition("\n")[0]


def known_as(tx: Reading, person: PersonId, *wanted: Role) -> None:
    """Return if a person has one of the roles; for others there is no such operation.

    Raises:
        Refused: ``refused.absent``: the same answer as for what is not there.
    """
    row = tx.get(PersonOf, person)
    if row is None or not {one.value for one in wanted} & set(row.roles):
        raise absent()


def requires(doing: Doing[Any], *wanted: Role) -> None:
    """Return if who acts has one of the roles (:func:`known_as`)."""
    with doing.node.store.reading() as tx:
        known_as(tx, doing.person, *wanted)
