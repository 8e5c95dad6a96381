"""The evidence file: canonical JSON, every field bound by a digest or a signature."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.canonical import decoder
from comity.acts.parts import Position
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Index, Party

EVIDENCE_LIMIT: Final = 256 << 20

Bytes = Annotated[bytes, Meta(max_length=64 << 20)]
Node48 = Annotated[bytes, Meta(min_length=48, max_length=48)]


class ProvenLeaf(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A leaf and its inclusion path to the checkpoint of its log in the same file."""

    index: Index
    leaf: Annotated[bytes, Meta(max_length=1 << 18)]
    path: Annotated[tuple[Node48, ...], Meta(max_length=53)]


class ProvenLog(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Leaves of one log under one checkpoint, signed by its owner and cosigned by the other.

    Attributes:
        log: A correspondence.
        checkpoint: The note with both signature lines; with its owner's alone where the
            counterpart keeps paper.
        leaves: In the order of their indexes.
    """

    log: LogName
    checkpoint: Annotated[bytes, Meta(max_length=1 << 16)]
    leaves: Annotated[tuple[ProvenLeaf, ...], Meta(max_length=65536)]


class ProvenNote(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A checkpoint that entries rely on, and that its log's checkpoint of the file contains it.

    Attributes:
        note: The note with its owner's line.
        path: The consistency proof (RFC 9162, 2.1.4) from its size to that of the log's
            checkpoint; empty from size 0, and between equal sizes.
    """

    note: Annotated[bytes, Meta(max_length=1 << 16)]
    path: Annotated[tuple[Node48, ...], Meta(max_length=54)]


class ProvenObservation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One observation of a stream, and its place in the tree whose root the subject's leaf holds.

    Attributes:
        observation: Its canonical form.
        index: Its place in the leaf's batch.
        path: Its inclusion path (RFC 9162, 2.1.3).
    """

    observation: Annotated[bytes, Meta(max_length=1 << 17)]
    index: Index
    path: Annotated[tuple[Node48, ...], Meta(max_length=12)]


class Evidence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What proves one item's crossing, or that of one observation of a stream.

    Attributes:
        comity: Version of this form.
        subject: The leaf that provided the item, or that gave the observation.
        parties: The two parties, in order.
        logs: Their two correspondences, and the logs in which one of them entered what the other
            did on paper, in order of name; a party on paper has no correspondence yet. Of an
            observation also its lane.
        notes: The checkpoints that entries rely on as ``seen``.
        first_directories: The signed directory of each party as exchanged at enrolment; empty
            for a party that keeps paper.
        documents: Bundles, directories, public profiles, approvals: found by their digests.
        observation: The observation that the file is about.
    """

    comity: Annotated[int, Meta(ge=1, le=1)]
    subject: Position
    parties: Annotated[tuple[Party, ...], Meta(min_length=2, max_length=2)]
    logs: Annotated[tuple[ProvenLog, ...], Meta(min_length=2, max_length=5)]
    notes: Annotated[tuple[ProvenNote, ...], Meta(max_length=65536)]
    first_directories: Annotated[tuple[Bytes, ...], Meta(min_length=2, max_length=2)]
    documents: Annotated[tuple[Bytes, ...], Meta(max_length=65536)]
    observation: ProvenObservation | UnsetType = UNSET


decode_evidence = decoder(Evidence, limit=EVIDENCE_LIMIT)
"""Strict: one byte more, less or other is refused here or by a digest or signature below."""
