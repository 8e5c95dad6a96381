"""Literate agreements: one Markdown file that lawyers read and nodes run.

Each article is a heading ``## Article N · Title {#N}`` with plain words and, in a fenced
``toml terms`` block, the clauses that the engine executes. The identity of an agreement is the
digest of the exact bytes of its bundle: text, cases, translations.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Struct

from comity.acts.canonical import decoder, digest, encode
from comity.agreement.clauses import Clause
from comity.agreement.complaints import InvalidAgreement
from comity.agreement.parsing import ArticleText, Meta_, parse, same_articles
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import AgreementId, Party, Reason


class Agreement(Struct, frozen=True, kw_only=True):
    """An agreement that parses.

    Attributes:
        digest: Of the bundle's exact bytes: its identity.
        clauses: In the order of the text.
        cases: The scenario cases, as TOML.
        translations: Other languages' texts, by language.
    """

    digest: Digest
    meta: Meta_
    articles: tuple[ArticleText, ...]
    clauses: tuple[Clause, ...]
    cases: str
    source: str
    translations: dict[str, str]

    def __hash__(self) -> int:
        """Hash the digest: equal agreements have equal digests, and the rest is long."""
        return hash(self.digest)

    @property
    def id(self) -> AgreementId:
        """What it is called in every version."""
        return self.meta.id

    @property
    def version(self) -> str:
        """Which version."""
        return self.meta.version

    @property
    def parties(self) -> tuple[Party, ...]:
        """Its parties."""
        return self.meta.parties

    def clause(self, kind: str) -> Clause | None:
        """Return the first clause of a type, or nothing."""
        return next((one for one in self.clauses if one.type == kind), None)


class Bundle(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is signed: the agreement's file, its cases and its translations, byte for byte."""

    id: AgreementId
    version: Reason
    agreement: bytes
    cases: bytes
    translations: dict[Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")], bytes]


_decode_bundle = decoder(Bundle, limit=8 << 20)


def bundle_bytes(source: bytes, cases: bytes, translations: Mapping[str, bytes]) -> bytes:
    """Return the exact bytes that identify an agreement.

    Raises:
        InvalidAgreement: the text does not parse, or a translation has other articles.
    """
    try:
        meta, _, _ = parse(source.decode(), file="agreement.md")
    except UnicodeDecodeError as error:
        raise Invalid("invalid.agreement.text", "not UTF-8") from error
    raw = encode(
        Bundle(
            id=meta.id,
            version=meta.version,
            agreement=source,
            cases=cases,
            translations=dict(translations),
        )
    )
    open_bundle(raw)
    return raw


@lru_cache(maxsize=32)
def open_bundle(raw: bytes) -> Agreement:
    """Return the agreement of a bundle.

    Raises:
        Invalid: ``invalid.document.*``; ``invalid.agreement.*`` with all complaints.
    """
    bundle = _decode_bundle(raw)
    try:
        source, cases = bundle.agreement.decode(), bundle.cases.decode()
        translations = {lang: text.decode() for lang, text in bundle.translations.items()}
    except UnicodeDecodeError as error:
        raise Invalid("invalid.agreement.text", "not UTF-8") from error
    meta, articles, clauses = parse(source, file="agreement.md")
    if (meta.id, meta.version) != (bundle.id, bundle.version):
        raise Invalid("invalid.agreement.bundle", "the bundle names another agreement")
    complaints = [
        complaint
        for lang, text in translations.items()
        for complaint in same_articles(text, articles, file=f"agreement.{lang}.md")
    ]
    if complaints:
        raise InvalidAgreement(complaints)
    return Agreement(
        digest=digest(raw),
        meta=meta,
        articles=articles,
        clauses=clauses,
        cases=cases,
        source=source,
        translations=translations,
    )
