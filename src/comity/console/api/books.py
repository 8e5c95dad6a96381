"""The books: where every log stands, its signed checkpoint; folding again; a file verified."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.acts.deeds import Role
from comity.console.api.operation import (
    Doing,
    Listing,
    Nothing,
    Operation,
    Page,
    known_as,
    requires,
)
from comity.console.api.paging import paged
from comity.console.pages import ledger as pages
from comity.console.pages.visit import Visit
from comity.evidence.verify import verify as verified
from comity.node import replay
from comity.node.ports import Space
from comity.node.receiving import absent
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party

_KEEPERS = (Role.REGISTRY, Role.SECURITY, Role.ADMINISTRATOR)
_NOTES = ("acked", "cosigned", "own")


class LogOf(Struct, frozen=True, kw_only=True):
    """Where a log stands, and how many of its leaves the counterpart has cosigned."""

    log: str
    size: int
    root: str
    cosigned: int


class Named(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A log by its name."""

    log: LogName


class Checkpoint(Struct, frozen=True, kw_only=True):
    """The latest checkpoint of a log with the most signatures, as a signed note."""

    log: str
    note: str


class Otherwise(Struct, frozen=True, kw_only=True):
    """A column that is kept otherwise than the logs say."""

    where: str
    what: str


class Rebuilt(Struct, frozen=True, kw_only=True):
    """What came of folding everything again; no differences: the register follows from the logs."""

    leaves: int
    rows: int
    differences: tuple[Otherwise, ...]


class Evidence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An evidence file in base64, and the roots it is to be verified under, by party."""

    file: Annotated[bytes, Meta(min_length=1, max_length=16 << 20)]
    roots: Annotated[dict[Party, Digest], Meta(max_length=8)] = {}


class Statement(Struct, frozen=True, kw_only=True):
    """An act that the file proves; ``signed``: by ``passkey``, or a custodied ``key-file``."""

    log: str
    index: int
    at: str
    by: str
    kind: str
    outcome: str
    signed: tuple[str, ...] = ()


class Verified(Struct, frozen=True, kw_only=True):
    """What a file proves; ``confirmed``: under the roots that were given."""

    confirmed: bool
    statements: tuple[Statement, ...]
    roots: dict[str, str]


def logs(visit: Visit, asked: Listing) -> Page[LogOf]:
    """List where every log stands."""
    return paged(
        pages.ledger(visit)["logs"],
        asked,
        key=lambda one: (one["log"],),
        shown=lambda one: LogOf(
            log=one["log"], size=one["size"], root=one["root"], cosigned=one["cosigned"]
        ),
    )


def checkpoint(visit: Visit, asked: Named) -> Checkpoint:
    """Give the latest signed checkpoint of a log."""
    known_as(visit.tx, visit.person, *_KEEPERS)
    for use in _NOTES:
        note = visit.tx.load(Space.LATEST, f"{asked.log}|{use}")
        if note is not None:
            return Checkpoint(log=asked.log, note=note.decode())
    raise absent()


def rebuild(doing: Doing[Nothing]) -> Rebuilt:
    """Fold everything again from the logs and compare every column of the register."""
    requires(doing, *_KEEPERS)
    found = replay.rebuild(doing.node)
    return Rebuilt(
        leaves=found.leaves,
        rows=found.rows,
        differences=tuple(Otherwise(where=one.where, what=one.what) for one in found.differences),
    )


def verify(doing: Doing[Evidence]) -> Verified:
    """Verify an evidence file as a stranger would: nothing of this house is looked at."""
    found = verified(doing.node.suite, doing.body.file, roots=doing.body.roots)
    return Verified(
        confirmed=found.confirmed,
        statements=tuple(
            Statement(
                log=one.log,
                index=one.index,
                at=one.at,
                by=one.by,
                kind=one.kind,
                outcome=one.judgement.outcome.value,
                signed=one.signed,
            )
            for one in found.statements
        ),
        roots={str(party): str(root) for party, root in found.roots.items()},
    )


OPERATIONS = (
    Operation("ledgerLogs", "ledger", "GET", "/ledger", logs, Page[LogOf], Listing),
    Operation(
        "ledgerCheckpoint", "ledger", "GET", "/ledger/checkpoint", checkpoint, Checkpoint, Named
    ),
    Operation("ledgerRebuild", "ledger", "POST", "/ledger/rebuild", rebuild, Rebuilt),
    Operation("evidenceVerify", "ledger", "POST", "/evidence/verify", verify, Verified, Evidence),
)
"""Of the books."""
