"""Printed sheets, read back: every word is there in every language, and nothing too much."""

import io

import pytest
from pypdf import PdfReader

from comity.acts.canonical import digest_of
from comity.node import reading, receiving
from comity.node.node import Node
from comity.printing import data, render
from comity.printing.codes import code_text
from comity.register.rows import ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Office
from tests.scenarios.test_paper import CHOI, agreed, assured, handed, released
from tests.support.fast_suite import FAST
from tests.support.pair import KOR, Pair, pair

AT = Instant("2026-11-24T09:00:00.000Z")
LANGS = ("en", "ko", "ja")

try:
    render.font_folder()
except Unavailable:
    pytest.skip("no Noto CJK fonts here", allow_module_level=True)


@pytest.fixture(scope="module")
def two() -> Pair:
    houses = pair(suite=FAST)
    agreed(houses)
    assured(houses)
    return houses


@pytest.fixture(scope="module")
def given(two: Pair) -> ItemOf:
    return released(two)


def sheet(node: Node, item: ItemOf, kind: str, lang: str, stage: str = "document") -> bytes:
    with node.store.reading() as tx:
        found = data.of_item(node, tx, item, kind, lang=lang, stage=stage)
    return render.pdf(kind, found, lang=lang, at=AT)


def pages(raw: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages]


@pytest.mark.parametrize("lang", LANGS)
def test_the_inner_cover_bears_level_and_addressee_and_the_outer_one_nothing(
    two: Pair, given: ItemOf, lang: str
) -> None:
    inner, outer = pages(sheet(two.seoul, given, "cover", lang))
    assert inner.count("군사Ⅱ급비밀") == 2  # at the head and at the foot
    assert inner.count("SECRET") == 2
    for text in (given.reference, "JPN/DIH", data.say("print.addressee-only", lang)):
        assert text in inner
    assert "KOR/REGISTRY" in outer
    for text in ("군사", "SECRET", given.reference, "DIH", "KDIA", "dprk", str(given.agreement)):
        assert text not in outer
    assert "Launch assessment" not in inner + outer


@pytest.mark.parametrize("lang", LANGS)
def test_a_label_names_the_copy_and_its_code_holds_reference_and_digest_only(
    two: Pair, given: ItemOf, lang: str
) -> None:
    (text,) = pages(sheet(two.seoul, given, "label", lang))
    assert given.reference in text
    assert "1 / 1" in text
    assert "SECRET" not in text
    with two.seoul.store.reading() as tx:
        name = digest_of(reading.core_of(tx, given))
    assert code_text(given.reference, name) == f"{given.reference} {name}"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("stage", ["document", "package"])
def test_a_receipt_form_asks_for_the_counts_and_bears_no_level(
    two: Pair, given: ItemOf, lang: str, stage: str
) -> None:
    (text,) = pages(sheet(two.seoul, given, "receipt", lang, stage))
    whole = "".join(text.split())
    for code in (f"receipt.{stage}", f"receipt.{stage}.lead", "clear", "signature", "send-back"):
        assert "".join(data.say(f"print.{code}", lang).split()) in whole
    counted = "".join(data.say("print.counted-pages", lang).split())
    assert (counted in whole) == (stage == "document")
    for text in ("군사", "SECRET", "dprk", "Launch"):
        assert text not in whole


@pytest.mark.parametrize("lang", LANGS)
def test_a_muster_sheet_lists_every_copy_that_is_held(two: Pair, lang: str) -> None:
    items = [handed(two, f"情電第{lang}{n}号") for n in range(30)]
    receiving.register(two.seoul, items[0], officer=CHOI)
    receiving.re_mark(two.seoul, items[0], level=Level("KOR:mil-2"), officer=CHOI)
    with two.seoul.store.reading() as tx:
        found = data.of_muster(tx, house=KOR, lang=lang, at=AT)
    text = pages(render.pdf("muster", found, lang=lang, at=AT))
    assert len(text) > 1
    for one in items:
        assert one.reference in "".join(text)
    for page in text:
        assert "군사Ⅱ급비밀" in page
    second = "".join(data.say("print.second-person", lang).split())
    assert second in "".join(text[-1].split())


def test_what_is_not_held_is_not_mustered(two: Pair) -> None:
    with two.seoul.store.reading() as tx, pytest.raises(Refused) as refusal:
        data.of_muster(tx, house=KOR, lang="en", at=AT, office=Office("KOR/NONE"))
    assert refusal.value.code == "refused.print.nothing"


def test_the_same_sheet_is_the_same_bytes(two: Pair, given: ItemOf) -> None:
    assert sheet(two.seoul, given, "cover", "ja") == sheet(two.seoul, given, "cover", "ja")


def test_what_looks_like_markup_is_printed_as_it_is(two: Pair, given: ItemOf) -> None:
    with two.seoul.store.reading() as tx:
        found = data.of_item(two.seoul, tx, given, "label", lang="en")
    evil = '#read("/etc/passwd") *a* $b$'
    (text,) = pages(render.pdf("label", found | {"number": evil}, lang="en", at=AT))
    assert "".join(evil.split()) in "".join(text.split())


def test_a_child_that_fails_says_nothing_of_what_it_was_given() -> None:
    with pytest.raises(Unavailable) as failure:
        render.pdf("label", {"reference": "a secret word"}, lang="en", at=AT)
    assert failure.value.code == "unavailable.print"
    assert "secret" not in failure.value.detail


def test_what_was_received_goes_back_to_who_provided_it_and_has_no_cover(two: Pair) -> None:
    item = handed(two, "情電第77号")
    (form,) = pages(sheet(two.seoul, item, "receipt", "en"))
    after = form.partition(data.say("print.send-back", "en"))[2]
    assert "Japan" in after
    assert "JPN/" in after
    assert "KOR" not in after
    with pytest.raises(Refused) as refusal:
        sheet(two.seoul, item, "cover", "en")
    assert refusal.value.code == "refused.print.not-sent"
    assert [one for one, _, _ in data.offered(item, KOR)] == [
        "label",
        "receipt",
        "package",
        "certificate",
    ]


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "DEMONSTRATION · "), ("ko", "시연 · "), ("ja", "実演 · ")]
)
def test_a_cover_names_its_agreement_and_says_in_its_language_that_it_is_fictional(
    two: Pair, given: ItemOf, lang: str, word: str
) -> None:
    with two.seoul.store.reading() as tx:
        found = data.of_item(two.seoul, tx, given, "cover", lang=lang, demonstration=True)
        text = two.seoul.agreement(tx, Digest(given.agreement))
    assert text is not None
    assert found["agreement"].startswith(f"{text.id} {text.version} · ")
    inner, _ = pages(render.pdf("cover", found, lang=lang, at=AT))
    lines = [one.strip() for one in inner.splitlines()]
    # Each stands in a line of its own, at the head and at the foot, and none ends in a stroke.
    assert lines.count(found["marking"]) == 2
    assert lines.count(found["demonstration"]) == 2
    assert found["demonstration"].startswith(word)
