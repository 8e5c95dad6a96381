"""The words of the command line: the shipped catalogue, in the language that is asked for."""

import json
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final
from unicodedata import east_asian_width

from comity.marking import schemes
from comity.vocabulary.names import Reason
from comity.vocabulary.phrases import Phrase, phrase
from comity.wording.catalogues import LANGUAGES, Catalogue, render, shipped

Word = Callable[..., str]
"""What words a code and its parameters."""


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the words that ship with comity."""
    folder = files("comity.wording").joinpath("catalogue")
    return shipped(lambda lang: folder.joinpath(f"{lang}.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, str]:
    """Return how levels and regimes are spelt at home: 極秘 for ``JPN:gokuhi``."""
    return schemes.spellings(
        schemes.parse_schemes(files("comity.marking").joinpath("schemes.toml").read_text("utf-8"))
    )


def word_in(lang: str) -> Word:
    """Return what words a code and its parameters in a language."""

    def word(code: str, **parameters: str) -> str:
        return render(catalogue(), phrase(code, **parameters), lang)

    return word


def told(code: str, word: Word) -> str:
    """Return the words of a reason that was kept without its values; else the reason as it is."""
    return word(code) if catalogue().is_plain(code) else code


def named(kind: str, value: str, word: Word) -> str:
    """Return a value that the catalogue has a word for; another one as it is.

    Args:
        kind: What it is one of: ``act``, ``outcome``, ``copy``, ``role``, ``standing``.
        value: As the books have it.
        word: Words a code.
    """
    code = f"{kind}.{value}"
    return value if catalogue().template(code, LANGUAGES[0]) is None else word(code)


def padded(text: str, width: int) -> str:
    """Return a text filled up to so many columns of a terminal: a Korean letter takes two."""
    return text + " " * max(0, width - columns(text))


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: a wide letter takes two."""
    return sum(1 + (east_asian_width(one) in "WF") for one in text)


def attested_text(keeper: str, party: str, lang: str) -> str:
    """Say that one party attests what another did on paper, and that this one did not sign."""
    given = {"keeper": keeper, "absent": party}
    return render(catalogue(), Phrase(code=Reason("console.attested"), parameters=given), lang)


def signed_text(ways: list[str], word: Word) -> str:
    """Say how a person signed, after the act."""
    return "".join(f"  {word(_SIGNED[one])}" for one in ways)


_SIGNED: Final = {"passkey": "cli.signed.passkey", "key-file": "cli.signed.key-file"}


def write_whole(text: str) -> None:
    """Write a line to the standard output, all of it.

    Where Python does not buffer it (``PYTHONUNBUFFERED``) a long line to a pipe may be taken in
    part, and the library then drops the rest without a word.
    """
    sys.stdout.flush()
    left = memoryview(f"{text}\n".encode())
    while left:
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


def write_json(output: Any) -> None:  # noqa: ANN401 - any value of JSON
    """Write a result for programs."""
    write_whole(json.dumps(output, ensure_ascii=False, indent=1, sort_keys=True))
