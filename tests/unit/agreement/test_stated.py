"""A clause is read back whole: every term with its value; articles in any language of the text."""

from pathlib import Path

import msgspec
import pytest

from comity.agreement import shipped
from comity.agreement.stated import in_words, terms_of
from comity.agreement.text import open_bundle
from comity.agreement.translated import articles_in
from comity.assemble.commands.agreements import bundle_of

TRIALS = Path(__file__).parents[2] / "agreements"
TEXTS = [one for name in shipped.chronicled() for one in shipped.versions(name)]


def test_no_term_is_left_out_and_only_what_the_text_says_is_not_usual() -> None:
    assert TEXTS
    for clause in (clause for text in TEXTS for clause in text.clauses):
        found = {one.name: one for one in terms_of(clause)}
        fields = {one.encode_name: one for one in msgspec.structs.fields(clause)}
        assert found.keys() == fields.keys() - {"article", "agreement"}
        for name, term in found.items():
            kept = getattr(clause, fields[name].name)
            assert term.usual == (kept == fields[name].default)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (0, "0"),
        ("", "—"),
        ([], "—"),
        (["a", "b"], "a, b"),
        ({"a": 1, "b": ["c"]}, "a 1, b c"),
        ([{"a": 1}, {"a": 2}], "a 1; a 2"),
    ],
)
def test_a_value_stands_on_one_line(value: object, words: str) -> None:
    assert in_words(value) == words


def test_articles_are_called_as_a_fourth_language_calls_them() -> None:
    polar = open_bundle(bundle_of(TRIALS / "NOR-POLAR-1"))
    (lang,) = set(polar.translations) - {"en", "ko", "ja"}
    told = articles_in(polar, lang)
    assert list(told) == [one.number for one in polar.articles]
    for one in polar.articles:
        name, words = told[one.number]
        assert name
        assert name != one.title
        assert "{#" not in name
        assert words
    # What a language does not hold is as in the text.
    assert articles_in(polar, "fr") == {n.number: (n.title, n.prose) for n in polar.articles}
