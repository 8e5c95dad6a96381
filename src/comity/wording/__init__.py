"""Phrases rendered in English, Korean and Japanese from a catalogue that is handed in.

A reason travels as a code with coded values; its sentence is made where a person reads it, in
that person's language. A code that the catalogue does not know is shown as it is: a newer
counterpart may speak of what this version has no words for, and nothing is hidden.
"""

from comity.wording.catalogues import (
    LANGUAGES,
    Catalogue,
    Names,
    article_text,
    coded_name,
    load,
    remedy_text,
    render,
    words,
)

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "Names",
    "article_text",
    "coded_name",
    "load",
    "remedy_text",
    "render",
    "words",
]
