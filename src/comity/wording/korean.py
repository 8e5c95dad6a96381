"""Korean particles: which form follows a word depends on how the word ends.

Templates write both, ``{party}은(는)``; a person reads the one that fits. Where the ending
cannot be told (a Latin abbreviation), both stay.
"""

import re
from typing import Final

_PAIRS: Final = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
_BOTH: Final = re.compile(r"(.)(은\(는\)|이\(가\)|을\(를\)|와\(과\)|\(으\)로)")
_FIRST, _LAST, _ENDINGS, _RIEUL = 0xAC00, 0xD7A3, 28, 8

# How the digits are read: 영 일 이 삼 사 오 육 칠 팔 구, as the number of their final consonant.
_DIGITS: Final = {"0": 21, "1": 8, "2": 0, "3": 16, "4": 0, "5": 0, "6": 1, "7": 8, "8": 8, "9": 0}


def fitted(text: str) -> str:
    """Return the text with each particle in the form that fits the word before it."""
    return _BOTH.sub(_fit, text)


def _fit(found: re.Match[str]) -> str:
    before, both = found[1], found[2]
    ending = _ending(before)
    if ending is None:
        return found[0]
    with_consonant, without = _PAIRS[both]
    # After ㄹ one says 로, as after a vowel.
    closed = ending != 0 and not (both == "(으)로" and ending == _RIEUL)
    return before + (with_consonant if closed else without)


def _ending(letter: str) -> int | None:
    if _FIRST <= ord(letter) <= _LAST:
        return (ord(letter) - _FIRST) % _ENDINGS
    return _DIGITS.get(letter)
