"""The names of the field as checked value types.

Each is a ``NewType`` over ``str`` whose pattern is checked when a document is decoded, and by
its ``parse`` function everywhere else: text that did not come through one of the two is not
of the type. All are ASCII: authentic spellings are shown from catalogues, never compared.
"""

import re
from typing import Annotated, Final, NewType

from msgspec import Meta

from comity.vocabulary.errors import Invalid

_PARTY: Final = r"[A-Z][A-Z0-9-]{1,15}"
_CODE: Final = r"[a-z0-9]+(-[a-z0-9]+)*"

PARTY: Final = rf"^{_PARTY}\Z"
OFFICE: Final = rf"^{_PARTY}/[A-Z][A-Z0-9-]{{0,23}}\Z"
LEVEL: Final = rf"^{_PARTY}:{_CODE}\Z"
SUBJECT: Final = rf"^{_CODE}(\.{_CODE}){{0,5}}\Z"
REFERENCE: Final = r"^[A-Z0-9][A-Z0-9-]{2,39}\Z"
AGREEMENT: Final = r"^[A-Z0-9][A-Z0-9.-]{1,39}\Z"
ARTICLE: Final = r"^[0-9]{1,3}([a-z])?(\([0-9a-z]{1,3}\)){0,3}\Z"
PERSON: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+){0,7}\Z"
PSEUDONYM: Final = rf"^{_PARTY}~[0-9a-f]{{24}}\Z"
REASON: Final = rf"^{_CODE}(\.{_CODE}){{0,4}}\Z"

Party = NewType("Party", Annotated[str, Meta(pattern=PARTY)])
"""A sovereign organisation: ``KOR``, ``JPN``; also a CERT or an FIU."""

Office = NewType("Office", Annotated[str, Meta(pattern=OFFICE)])
"""The unit that is addressed, with its party: ``KOR/KDIA``."""

Level = NewType("Level", Annotated[str, Meta(pattern=LEVEL)])
"""A level in the vocabulary of its scheme: ``KOR:mil-2``, ``JPN:gokuhi``."""

Regime = NewType("Regime", Annotated[str, Meta(pattern=LEVEL)])
"""A body of national law that protects an item: ``JPN:tokutei-himitsu``."""

Caveat = NewType("Caveat", Annotated[str, Meta(pattern=LEVEL)])
"""A restriction on use or release, in the scheme that defines it: ``USA:noforn``."""

Subject = NewType("Subject", Annotated[str, Meta(pattern=SUBJECT)])
"""What an item is about, from the general to the special: ``dprk.missile.launch``."""

Purpose = NewType("Purpose", Annotated[str, Meta(pattern=SUBJECT)])
"""What an item may be used for: ``defence.missile-warning``."""

Reference = NewType("Reference", Annotated[str, Meta(pattern=REFERENCE)])
"""The registered number of an item in one registry. Not sequential where others see it."""

AgreementId = NewType("AgreementId", Annotated[str, Meta(pattern=AGREEMENT)])
"""What an agreement is called in every version: ``KOR-JPN-GSOMIA``."""

Article = NewType("Article", Annotated[str, Meta(pattern=ARTICLE)])
"""A numbered passage: ``6(a)``, ``21(3)``, ``12``."""

PersonId = NewType("PersonId", Annotated[str, Meta(pattern=PERSON)])
"""An individual, at home only: ``kim-minjun``. Never leaves the house."""

Pseudonym = NewType("Pseudonym", Annotated[str, Meta(pattern=PSEUDONYM)])
"""What one counterpart sees instead of a person: ``KOR~`` and 24 hexadecimal digits."""

Reason = NewType("Reason", Annotated[str, Meta(pattern=REASON)])
"""A stable code for machines, worded for people in three languages."""

Index = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""A position, a size or a count: a whole number from 0 to 2^53 - 1."""

_party = re.compile(PARTY).match
_office = re.compile(OFFICE).match
_level = re.compile(LEVEL).match
_subject = re.compile(SUBJECT).match
_reference = re.compile(REFERENCE).match
_agreement = re.compile(AGREEMENT).match
_article = re.compile(ARTICLE).match
_person = re.compile(PERSON).match


def parse_party(text: str) -> Party:
    """Return ``text`` as a party (``invalid.party`` otherwise)."""
    if _party(text) is None:
        raise Invalid("invalid.party", "a party is 2 to 16 capitals, digits and hyphens: KOR")
    return Party(text)


def parse_office(text: str) -> Office:
    """Return ``text`` as an office (``invalid.office`` otherwise)."""
    if _office(text) is None:
        raise Invalid("invalid.office", "an office is written with its party: KOR/KDIA")
    return Office(text)


def parse_level(text: str) -> Level:
    """Return ``text`` as a level (``invalid.level`` otherwise)."""
    if _level(text) is None:
        raise Invalid("invalid.level", "a level is written with its scheme: KOR:mil-2")
    return Level(text)


def parse_subject(text: str) -> Subject:
    """Return ``text`` as a subject (``invalid.subject`` otherwise)."""
    if _subject(text) is None:
        raise Invalid("invalid.subject", "a subject is dotted lower case: dprk.missile.launch")
    return Subject(text)


def parse_purpose(text: str) -> Purpose:
    """Return ``text`` as a purpose (``invalid.purpose`` otherwise)."""
    if _subject(text) is None:
        raise Invalid("invalid.purpose", "a purpose is dotted lower case: defence.missile-warning")
    return Purpose(text)


def parse_reference(text: str) -> Reference:
    """Return ``text`` as a registered number (``invalid.reference`` otherwise)."""
    if _reference(text) is None:
        raise Invalid("invalid.reference", "a number is 3 to 40 capitals, digits and hyphens")
    return Reference(text)


def parse_agreement_id(text: str) -> AgreementId:
    """Return ``text`` as the identifier of an agreement (``invalid.agreement-id`` otherwise)."""
    if _agreement(text) is None:
        raise Invalid("invalid.agreement-id", "an agreement is named like KOR-JPN-GSOMIA")
    return AgreementId(text)


def parse_article(text: str) -> Article:
    """Return ``text`` as an article (``invalid.article`` otherwise)."""
    if _article(text) is None:
        raise Invalid("invalid.article", "an article is a number with its paragraphs: 6(a)")
    return Article(text)


def parse_person(text: str) -> PersonId:
    """Return ``text`` as a person at home (``invalid.person`` otherwise)."""
    if _person(text) is None:
        raise Invalid("invalid.person", "a person is lower case with hyphens: kim-minjun")
    return PersonId(text)


def party_of(office: Office) -> Party:
    """Return the party an office belongs to."""
    return Party(office.partition("/")[0])


def scheme_of(level: Level | Regime | Caveat) -> Party:
    """Return the party whose scheme defines a level, a regime or a caveat."""
    return Party(level.partition(":")[0])


def is_within(subject: str, scope: str) -> bool:
    """Tell whether a subject or purpose is ``scope`` itself or one of its specialities."""
    return subject == scope or subject.startswith(scope + ".")
