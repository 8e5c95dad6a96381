"""Every code is worded in three languages; what has no words is shown and not hidden."""

import inspect
import re
from pathlib import Path

import pytest

from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.judgements import Outcome, Verdict
from comity.acts.kinds import KINDS
from comity.agreement import shipped as shipped_texts
from comity.agreement.case import Standing
from comity.agreement.clauses import CLAUSES
from comity.agreement.clauses.consents import REASONS
from comity.agreement.origin import OTHER_ITEM, UNPROVEN
from comity.vocabulary.errors import Invalid
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Article, Party
from comity.vocabulary.phrases import phrase
from comity.wording import LANGUAGES, article_text, load, remedy_text, render, words
from comity.wording.catalogues import parameters, shipped
from tests.support.codes import SOURCE, codes_in, shipped_catalogue

CATALOGUE = shipped_catalogue()
ENGLISH = CATALOGUE.templates["en"]


def clause_codes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, kind in CLAUSES.items():
        one_class = re.compile(rf"^class {kind.__name__}\b", re.MULTILINE)
        path = Path(inspect.getfile(kind))
        assert one_class.search(path.read_text())
        for code, given in codes_in(path, f"{name}.", within=kind.__name__).items():
            found.setdefault(code, set()).update(given)
    # Why no consent holds is weighed in one place for the clauses that ask for one.
    for name, what in (("third-party", "party"), ("purpose", "purpose")):
        for reason in ("approval", *(f"consent-{one}" for one in REASONS)):
            found[f"{name}.{reason}"] = {"originator", what}
    return found


def ground_codes() -> dict[str, set[str]]:
    found = codes_in(SOURCE / "agreement" / "ground.py", "ground.")
    for path in ("agreement/gather.py", "agreement/verified.py"):
        text = (SOURCE / path).read_text()
        for code in re.findall(r'"((?:seen|at)\.[a-z-]+)"', text):
            found.setdefault(f"ground.{code}", set())
    for code in (UNPROVEN, OTHER_ITEM):
        found.setdefault(f"ground.{code}", set())
    for code in re.findall(
        r'"((?:consent|request)\.[a-z-]+)"', (SOURCE / "agreement/speaking.py").read_text()
    ):
        if code not in {kind_of_act(one) for one in KINDS}:
            found.setdefault(f"ground.{code}", set())
    for ending in ("nothing-named", "closed"):
        found |= {f"ground.{heading}.{ending}": set() for heading in ("consent", "request")}
    # A condition of the ground rules always names the counterpart.
    return {code: given | {"party"} for code, given in found.items()}


def kind_of_act(kind: type) -> str:
    return str(kind.__struct_config__.tag)


SAID = {
    **clause_codes(),
    **ground_codes(),
    **codes_in(SOURCE / "agreement" / "profile.py", "profile."),
    "house.own-affair": set(),
    "ground.agreement.none": {"party"},
}


def test_the_search_for_codes_finds_them() -> None:
    assert len(SAID) > 70
    assert SAID["third-party.approval"] == {"originator", "party"}
    assert "access.rank-never-suffices" in SAID
    assert "ground.seen.behind-checkpoint" in SAID


@pytest.mark.parametrize("code", sorted(SAID))
def test_every_finding_is_worded_with_parameters_that_it_has(code: str) -> None:
    assert code in ENGLISH
    assert parameters(ENGLISH[code]) <= SAID[code]


@pytest.mark.parametrize("name", sorted(CLAUSES))
def test_every_explanation_is_worded(name: str) -> None:
    text = Path(inspect.getfile(CLAUSES[name])).read_text()
    assert any(code == f"explain.{name}" or code.startswith(f"explain.{name}.") for code in ENGLISH)
    for code in re.findall(r'"(explain\.[a-z.-]+[a-z])"', text):
        assert code in ENGLISH


def test_the_closed_sets_of_the_field_are_worded() -> None:
    wanted = {
        *(f"act.{kind.__struct_config__.tag}" for kind in KINDS),
        *(f"verdict.{one.value}" for one in Verdict),
        *(f"outcome.{one.value}" for one in Outcome),
        *(f"standing.{one.value}" for one in Standing),
        *(f"form.{one.value}" for one in Form),
        *(f"role.{one.value}" for one in Role),
        *(f"stage.{one.value}" for one in Stage),
        *(f"reserve.{one.value}" for one in Reserve),
    }
    assert wanted <= ENGLISH.keys()


def test_every_remedy_in_the_source_is_worded() -> None:
    acts = set()
    for path in (SOURCE / "agreement").rglob("*.py"):
        acts.update(re.findall(r'act="([a-z-]+\.[a-z-]+)"', path.read_text()))
    assert len(acts) > 8
    assert {f"remedy.{act}" for act in acts} <= ENGLISH.keys()


def test_a_refusal_reads_in_three_languages() -> None:
    reason = phrase("third-party.approval", originator="KOR", party="USA")
    assert [render(CATALOGUE, reason, one) for one in LANGUAGES] == [
        (
            "The item originates in Korea. To hand it to the United States needs the prior written "
            "approval of Korea."
        ),
        "이 자료는 대한민국이 생산하였다. 미국에 제공하려면 대한민국의 사전 서면 승인이 필요하다.",
        (
            "作成元は大韓民国である。アメリカ合衆国に提供するには、"
            "大韓民国の書面による事前の承認を要する。"
        ),
    ]
    told = remedy_text(CATALOGUE, "consent.ask", "ko", by=Party("JPN"), to=Party("KOR"))
    assert told == "먼저 일본이 대한민국에 승인을 요청한다."


def test_levels_are_shown_in_their_authentic_spelling() -> None:
    reason = phrase("equivalence.marked", level="JPN:gokuhi")
    shown = render(CATALOGUE, reason, "ko", names={"JPN:gokuhi": "極秘"})
    assert shown == "상응하는 極秘 등급으로 표시하였다."


@pytest.mark.parametrize(
    ("article", "told"),
    [
        ("6(a)", ["Article 6(a)", "제6조 (a)", "第6条(a)"]),
        ("21(3)", ["Article 21(3)", "제21조 (3)", "第21条(3)"]),
        ("12", ["Article 12", "제12조", "第12条"]),
    ],
)
def test_articles_are_cited_as_each_language_does(article: str, told: list[str]) -> None:
    assert [article_text(Article(article), one) for one in LANGUAGES] == told


def test_what_has_no_words_is_shown_as_its_code() -> None:
    assert render(CATALOGUE, phrase("novel.rule", party="KOR"), "ja") == "novel.rule (party=KOR)"
    assert words(CATALOGUE, "novel.rule", "en") == "novel.rule"
    assert render(CATALOGUE, phrase("third-party.approval"), "en").startswith("The item")
    told = remedy_text(CATALOGUE, "novel.act", "en", by=Party("JPN"))
    assert told == "Japan does this first: novel.act."


def test_another_language_falls_back_to_english() -> None:
    assert words(CATALOGUE, "verdict.permits", "fr") == "permits"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("대한민국", "대한민국은 영국으로"),
        ("영", "영은 영국으로"),
        ("서울", "서울은 영국으로"),
        ("3", "3은 영국으로"),
        ("2", "2는 영국으로"),
        ("KDIA", "KDIA은(는) 영국으로"),
    ],
)
def test_korean_particles_fit_the_word_before_them(value: str, told: str) -> None:
    texts = dict.fromkeys(LANGUAGES, '"x.y" = "{office}은(는) 영국(으)로"')
    assert words(load(texts), "x.y", "ko", {"office": value}) == told


def test_a_korean_particle_to_choose_follows_the_name_of_a_party_alone() -> None:
    """What may be Latin (a level, a code, an office) takes none: nobody could choose it."""
    both = re.compile(r"(\S*)(?:은\(는\)|이\(가\)|을\(를\)|와\(과\)|과\(와\)|\(으\)로)")
    after = {one for text in CATALOGUE.templates["ko"].values() for one in both.findall(text)}
    assert after <= {
        f"{{{one}}}" for one in ("party", "originator", "provider", "keeper", "by", "to")
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_subjects_and_purposes_of_the_shipped_texts_have_names(lang: str) -> None:
    for text in shipped_texts.everything():
        for one in text.clauses:
            for kind in ("subject", "purpose"):
                for code in getattr(one, f"{kind}s", ()):
                    assert f"{kind}.{code}" in CATALOGUE.templates[lang], (kind, code)


def test_a_code_is_shown_by_its_name_or_a_broader_one_and_beside_it() -> None:
    told = phrase("explain.purpose.never", purposes="defence.missile-warning ships.none")
    assert render(CATALOGUE, told, "en") == (
        "Items are used for: missile warning (defence.missile-warning), ships.none, "
        "and for nothing else."
    )
    narrower = phrase("scope.subject", subject="dprk.missile.launch.lofted")
    assert render(CATALOGUE, narrower, "ko") == (
        "이 협정의 적용 범위 밖의 주제이다: 미사일 발사 (dprk.missile.launch.lofted)."
    )


@pytest.mark.parametrize(
    ("ko", "words_of_error"),
    [
        ('"a" = "{x}"\n"b" = "more"', "not in both"),
        ('"a" = "{y}"', "other parameters"),
        ('"a" = "{x.__class__}"', "more than a name"),
        ('"a" = "{x!r}"', "more than a name"),
        ('"a" = "{x:>9}"', "more than a name"),
        ('"a" = "{x"', "braces"),
        ('"a" = 1', "no template"),
        ('"a" = ', "ko"),
    ],
)
def test_a_catalogue_that_does_not_hold_together_is_refused(ko: str, words_of_error: str) -> None:
    with pytest.raises(Invalid, match=words_of_error) as refusal:
        load({"en": '"a" = "{x}"', "ja": '"a" = "{x}"', "ko": ko})
    assert refusal.value.code == "invalid.catalogue"


def test_a_language_that_is_missing_is_named() -> None:
    with pytest.raises(Invalid, match="ja"):
        load({"en": '"a" = "{x}"', "ko": '"a" = "{x}"'})


def test_a_language_of_the_shipped_words_is_read_when_it_is_wanted_and_once() -> None:
    asked: list[str] = []

    def read(language: str) -> str:
        asked.append(language)
        return '"a.b" = "{party}"' if language == "en" else '"a.c" = "c"'

    catalogue = shipped(read)
    assert asked == []
    assert [catalogue.template("a.b", "en") for _ in range(2)] == ["{party}", "{party}"]
    assert asked == ["en"]
    said = [catalogue.template(one, "ja") for one in ("a.c", "a.b", "a.d")]
    assert said == ["c", "{party}", None]
    assert asked == ["en", "ja"]
    assert catalogue.template("a.c", "fr") is None
    assert dict(catalogue.templates).keys() == set(LANGUAGES)


def test_the_treatys_word_for_the_roster_is_taken_for_nothing_else() -> None:
    """``docs/glossary.md``: 登録簿 is the roster, and the register is 管理簿."""
    about_it = re.compile(r"roster|not-on-list|facilities\.(lead|record)|cli\.facility\.holds")
    japanese = CATALOGUE.templates["ja"]
    wrong = {
        code for code, text in japanese.items() if "登録簿" in text and not about_it.search(code)
    }
    assert wrong == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("print.level", "console.level"),
        ("print.originator", "console.originator"),
        ("print.pages", "release.pages"),
        ("print.annexes", "release.annexes"),
    ],
)
def test_paper_and_screen_have_one_word_for_one_thing(lang: str, printed: str, shown: str) -> None:
    said = CATALOGUE.templates[lang]
    assert said[printed].casefold() == said[shown].casefold()


@pytest.mark.parametrize(("lang", "other"), [("ko", "동의"), ("ja", "同意"), ("en", "consent")])
def test_what_an_originator_gives_beforehand_is_an_approval_on_every_line(
    lang: str, other: str
) -> None:
    said = CATALOGUE.templates[lang]
    acts = [words for code, words in said.items() if code.startswith("act.consent.")]
    assert len(acts) == 5
    assert not [one for one in acts if other in one]
