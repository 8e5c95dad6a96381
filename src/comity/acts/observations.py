"""Observations of a stream: what a leaf of a lane commits to, and what its sealed content holds.

Each observation is a leaf of a small tree of its own (RFC 9162), whose root stands in the entry;
its salt makes the root say nothing about the words. So one of them can be shown and proved, and
the others of its batch stay sealed.
"""

from typing import Annotated

from msgspec import Meta, Struct

from comity.acts.canonical import decoder, encode
from comity.acts.deeds.standing import MOST_TOGETHER
from comity.acts.parts import Salt
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index

DATA_LIMIT = 1 << 16
"""The most bytes of one observation."""


class Observation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """One observation.

    Attributes:
        number: Its place in the stream; the source counts, and what is not given leaves a gap.
        at: When its source made it, as the source says.
        data: What was observed, in the form that the stream's description states.
        salt: Random.
    """

    number: Index
    at: Instant
    data: Annotated[bytes, Meta(min_length=1, max_length=DATA_LIMIT)]
    salt: Salt


class Batch(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What is sealed for one leaf of a lane: its observations, numbered one after the other."""

    observations: Annotated[tuple[Observation, ...], Meta(min_length=1, max_length=MOST_TOGETHER)]


def observation_bytes(one: Observation) -> bytes:
    """Return what is hashed of an observation, and shown of it as evidence."""
    return encode(one)


decode_batch = decoder(Batch, limit=16 << 20)
decode_observation = decoder(Observation, limit=1 << 17)
