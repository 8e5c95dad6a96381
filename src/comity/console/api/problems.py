"""What went wrong, as problem details (RFC 9457): code, article, words and the way out.

What is absent and what is forbidden are one problem, byte for byte: nothing of the request, of
the thing or of the rule stands in it.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from comity.console.pages.judged import told
from comity.console.words import catalogue, has_words
from comity.node.chancery import RefusedAct
from comity.node.node import Node
from comity.vocabulary.errors import ComityError
from comity.wording import words

MEDIA: Final = "application/problem+json"

STATUS: Final = {
    "refused.session.none": 401,
    "refused.absent": 404,
    "refused.api.method": 405,
    "refused.api.too-large": 413,
    "refused.api.media": 415,
    "refused.api.rate": 429,
    "refused.api.key-reused": 422,
    "refused.api.key-spent": 409,
    "unavailable.api.busy": 409,
    "unavailable.api.unknown": 409,
}
"""Statuses of codes that have one of their own."""

_FAMILY: Final = {"refused": 403, "invalid": 422, "unavailable": 503, "unconfirmed": 409}
_HIDDEN: Final = frozenset(
    {
        "refused.absent",
        "refused.consent.unknown",
        "refused.release.no-draft",
        "refused.request.unknown",
    }
)
"""Codes that say of a thing that it is not there: the one answer stands for them."""


class Objection(Struct, frozen=True, kw_only=True):
    """One clause that stands in the way of an act.

    Attributes:
        article: Where it stands in the agreement.
        act: The act that would make it lawful; empty where nothing would.
        remedy: The same in words.
    """

    agreement: str
    article: str
    verdict: str
    reason: str
    act: str
    remedy: str


class Problem(Struct, frozen=True, kw_only=True):
    """Problem details (RFC 9457, section 3.1) with what this house adds.

    Attributes:
        type: Names the kind of problem: ``urn:comity:`` and the code.
        title: What happened, in the language that was asked for.
        code: The stable code, as ``docs/errors.md`` lists it.
        family: Who acts next: ``refused``, ``invalid``, ``unavailable``, ``unconfirmed``.
        detail: What exactly, where there is more to say.
        objections: Of a refused act each article that objects, with its way out.
    """

    type: str
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    code: str
    family: str
    detail: str = ""
    objections: tuple[Objection, ...] = ()


def problem_of(node: Node, error: ComityError, lang: str) -> Problem:
    """Return an error as problem details."""
    if error.code in _HIDDEN:
        return _absent(lang)
    refused = error.assessment.objections if isinstance(error, RefusedAct) else ()
    return Problem(
        type=f"urn:comity:{error.code}",
        title=_title(error.code, lang),
        status=STATUS.get(error.code, _FAMILY.get(error.family, 500)),
        code=error.code,
        family=error.family,
        detail=error.detail,
        objections=tuple(
            Objection(
                agreement=one["agreement"],
                article=one["article"],
                verdict=one["verdict"],
                reason=one["reason"],
                act=one["act"],
                remedy=one["remedy"],
            )
            for one in (told(node, finding, lang) for finding in refused)
        ),
    )


def _absent(lang: str) -> Problem:
    return Problem(
        type="urn:comity:refused.absent",
        title=_title("refused.absent", lang),
        status=404,
        code="refused.absent",
        family="refused",
    )


def _title(code: str, lang: str) -> str:
    return words(catalogue(), code if has_words(code) else "console.failed", lang)


def encoded(problem: Problem) -> bytes:
    """Return problem details as bytes."""
    return msgspec.json.encode(problem)
