"""The square code of a label: it holds the reference and the digest of what it names, no more."""

import io

import segno

from comity.vocabulary.digests import Digest


def code_text(reference: str, name: Digest) -> str:
    """Return what a code says: nothing of level, title, parties or offices."""
    return f"{reference} {name}"


def svg(text: str) -> str:
    """Return a text as a square code, in the vector form that scales (medium error correction)."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, border=4)
    return out.getvalue().decode()
