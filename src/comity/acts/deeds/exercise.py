"""Exercises, and what an item was worth."""

from enum import Enum

from comity.acts.deeds.base import Outward
from comity.acts.deeds.copies import OfHolder
from comity.acts.parts import Position
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Reference


class Worth(Enum):
    """What an item was worth to who got it."""

    NEW = "new"
    CONFIRMS = "confirms"
    HELD = "already-held"


class BeginExercise(Outward, frozen=True, kw_only=True, tag="exercise.begin"):
    """An exercise begins; it ends by itself."""

    exercise: Reference
    ends: Instant


class EndExercise(Outward, frozen=True, kw_only=True, tag="exercise.end"):
    """An exercise is over before its time."""

    about: Position


class Evaluate(OfHolder, frozen=True, kw_only=True, tag="evaluate.item"):
    """What an item was worth to its receiver; nobody has to say so."""

    worth: Worth
