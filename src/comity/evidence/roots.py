"""A party's root as a person confirms it: by its identifier, or by the fingerprint compared."""

from collections.abc import Iterator

from comity.agreement.origin import decode_origin
from comity.evidence.bundle import Evidence, decode_evidence
from comity.seal.directories import Directory, read_directory
from comity.seal.fingerprints import fingerprint_digits, key_id, parse_fingerprint
from comity.vocabulary.digests import Digest, parse_digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party


def root_said(raw: bytes, party: Party, said: str) -> Digest:
    """Return the identifier of the root that a person names for a party of an evidence file.

    Sixty digits name the key as well as its identifier does (:mod:`comity.seal.fingerprints`):
    of the roots that the file claims, the one with this fingerprint is taken, and the verifier
    then asks for this one.

    Args:
        raw: The evidence file.
        party: Whose root.
        said: ``sha384:`` and 96 digits, or the fingerprint's sixty digits.

    Raises:
        Invalid: ``invalid.root``: it is neither, or no root of this party in the file has that
            fingerprint; and as the file does not read.
    """
    if said.startswith("sha384:"):
        return parse_digest(said)
    try:
        digits = parse_fingerprint(said)
    except Invalid:
        raise Invalid("invalid.root", f"{party}={said[:80]}") from None
    for one in _directories(decode_evidence(raw)):
        if one.party == party and fingerprint_digits(one.root) == digits:
            return key_id(one.root)
    raise Invalid("invalid.root", f"{party}={digits}")


def _directories(evidence: Evidence) -> Iterator[Directory]:
    """Yield what the file claims of roots: those of the two parties, and of an origin."""
    yield from (read_directory(one) for one in evidence.first_directories if one)
    for raw in evidence.documents:
        try:
            yield read_directory(decode_origin(raw).directory)
        except Invalid:
            continue  # another kind of document
