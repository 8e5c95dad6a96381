"""No article is the node's own: an act is done under one that its agreement has."""

import re
from importlib.resources import files

import pytest

from comity.acts.kinds import KINDS, Family
from comity.agreement.text import Agreement, open_bundle
from comity.node.articles import article_of
from comity.vocabulary.names import Article
from tests.support.pair import gsomia

TEXTS = {
    one.name: open_bundle(gsomia(one.name))
    for one in files("comity.agreement").joinpath("texts").iterdir()
    if one.is_dir()
}
ACTS = [
    str(one.__struct_config__.tag)
    for one, kind in KINDS.items()
    if kind.family in (Family.PROVIDING, Family.PROTECTIVE)
]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_an_act_is_done_under_an_article_that_its_agreement_has(text: Agreement) -> None:
    numbers = {one.number for one in text.articles}
    found = {act: re.match(r"[0-9]+", article_of(text, act)) for act in ACTS}
    assert ACTS
    assert {one[0] for one in found.values() if one is not None} <= numbers


def test_the_article_is_where_the_text_speaks_of_it() -> None:
    acts = ("register.register", "register.re-mark", "register.assign", "delivery.receipt")

    def articles(name: str) -> list[str]:
        return [article_of(TEXTS[name], one) for one in acts]

    assert articles("KOR-JPN-GSOMIA-2016") == ["6(f)", "4", "7", "12"]
    assert articles("USA-KOR-GSOMIA-1987") == ["10(3)", "3", "5", "6"]
    assert articles("FIU-AA-FIU-BB-1") == ["6(5)", "2", "5(3)", "5(3)"]
    assert article_of(None, "delivery.receipt") == Article("1")
