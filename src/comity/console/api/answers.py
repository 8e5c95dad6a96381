"""What operations say: the structs that every description of the API is made from."""

from typing import Any

import msgspec
from msgspec import Struct

from comity.acts.deeds import kind_of
from comity.acts.judgements import Finding as Found
from comity.console.pages.judged import told
from comity.node.chancery import Entered
from comity.node.node import Node
from comity.register.rows import key_of


class Finding(Struct, frozen=True, kw_only=True):
    """What one clause says.

    Attributes:
        verdict: ``permits``, ``requires`` or ``forbids``.
        reason: Why, in the language asked for.
        act: The act that would make it lawful; empty where none is needed or none would.
        remedy: The same in words.
        ours: Whether that act is this house's.
    """

    agreement: str
    article: str
    verdict: str
    reason: str
    remedy: str
    act: str
    ours: bool


class Done(Struct, frozen=True, kw_only=True):
    """An act that was entered.

    Attributes:
        act: Its kind.
        position: Where it stands: the log, ``#`` and the index.
        number: The registered number that it made; empty where it made none.
    """

    act: str
    position: str
    at: str
    number: str
    findings: tuple[Finding, ...]


class Judged(Struct, frozen=True, kw_only=True):
    """What the agreement says of what was not entered.

    Attributes:
        word: ``lawful``, ``decide`` (only the decision of a releasing authority is missing),
            ``missing``, ``unlawful``, or ``unreadable`` with the code of what does not read.
    """

    word: str
    findings: tuple[Finding, ...]
    code: str = ""


class Duty(Struct, frozen=True, kw_only=True):
    """A duty: who owes what under which article, by when; about which item.

    Attributes:
        refused: The counterpart refused the item: nobody owes it there, and it is never overdue.
    """

    who: str
    what: str
    office: str
    article: str
    agreement: str
    due: str
    discharged: str
    overdue: bool
    refused: bool
    reference: str


def taken(values: Any, kind: Any) -> Any:  # noqa: ANN401 - any struct
    """Return plain values as a struct; what the struct does not name is left out."""
    return msgspec.convert(values, kind, strict=True)


def finding(node: Node, one: Found, lang: str) -> Finding:
    """Return a finding in words."""
    return taken(told(node, one, lang), Finding)  # type: ignore[no-any-return]


def done(node: Node, one: Entered, lang: str) -> Done:
    """Return where an act was entered, and what was found."""
    deed = one.entry.deed
    item = getattr(deed, "item", None)
    number = getattr(deed, "number", "") or getattr(item, "reference", "")
    return Done(
        act=kind_of(deed),
        position=key_of(one.position),
        at=one.entry.at,
        number=number if isinstance(number, str) else "",
        findings=tuple(finding(node, each, lang) for each in one.assessment.findings),
    )
