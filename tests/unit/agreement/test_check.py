"""The second reading: what an agreement that parses may still get wrong."""

from importlib.resources import files

import pytest

from comity.agreement.check import check
from comity.agreement.text import bundle_bytes, open_bundle

FOLDER = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016")
TEXT = FOLDER.joinpath("agreement.md").read_text()
CASES = FOLDER.joinpath("cases.toml").read_text()


def read(text: str = TEXT, *, cases: str = CASES) -> list[tuple[str, int, str]]:
    bundle = bundle_bytes(text.encode(), cases.encode(), {})
    return [(one.code, one.line, one.article) for one in check(open_bundle(bundle))]


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_shipped_text_has_nothing_to_complain_of() -> None:
    assert read() == []


@pytest.mark.parametrize(
    ("old", "new", "code", "article"),
    [
        ('type = "survival"\nlasts = "for-ever"',
         'type = "term"\nyears = 1\nrenewal = "none"\nnotice_days = 9', "twice", "21(4)"),
        ('{ level = "KOR:mil-3" }', '{ level = "KOR:mil-3" }, { level = "FRA:secret" }',
         "no-party", "4"),
        ('{ level = "JPN:hi" }', '{ level = "JPN:hi" }, { level = "KOR:mil-2" }', "two-rows", "4"),
        ('since = "2014-12-09T15:00:00.000Z"',
         'since = "2014-12-09T15:00:00.000Z", until = "2014-12-09T15:00:00.000Z"', "dates", "4"),
        ('fallback = ["JPN:gokuhi", "KOR:mil-2"]', 'fallback = ["JPN:gokuhi", "JPN:hi"]',
         "fallback", "4"),
        ('fallback = ["JPN:gokuhi", "KOR:mil-2"]', 'fallback = ["KOR:mil-2"]', "no-fallback", "4"),
        ('  "JPN:hi" = ["KOR:mil-3", "KOR:mil-2"]\n', "", "no-assurance", "7(5)"),
        ('["KOR:mil-3", "KOR:mil-2"], ["JPN:hi"', '["KOR:mil-3"], ["JPN:hi"', "no-clearance", "7"),
        ('due = "always"', 'due = "from-level"', "needed", "12"),
        ('due = "always"', 'due = "from-level"\nfrom_levels = ["KOR:mil-1"]',
         "receipt-levels", "12"),
        ('counts = "any-other-state"', 'counts = "any-other-state"\nstanding = ["USA"]',
         "unused", "6(a)"),
        ('consent = "prior-written"\nper = "item"',
         'consent = "standing-list"\nstanding = ["KOR"]\nper = "item"', "standing", "6(a)"),
        ("notice_days = 90", "notice_days = 365", "notice", "21(3)"),
        ('{ level = "JPN:hi" }', '{ level = "JPN:hi" }, { level = "JPN:hi" }', "two-rows", "4"),
        ('["KOR:mil-3", "KOR:mil-2"]', '["KOR:mil-2", "KOR:mil-3"]', "contradiction", "7"),
        ('"KOR:mil-2"], ["JPN:hi"', '"KOR:mil-2", "KOR:mil-3"], ["JPN:hi"', "contradiction", "7"),
        ('"KOR:mil-2" = ["JPN:gokuhi", ', '"KOR:mil-2" = ["JPN:hi", ', "contradiction", "7(5)"),
    ],
)  # fmt: skip
def test_each_slip_is_found_where_it_stands(old: str, new: str, code: str, article: str) -> None:
    assert old in TEXT
    changed = TEXT.replace(old, new, 1)
    found = [(line, where) for one, line, where in read(changed) if one == code]
    assert len(found) >= 1
    line, where = found[0]
    assert where == article
    # The line is that on which the clause begins.
    assert changed.split("\n")[line - 1].strip() == "[[clause]]"
    assert changed.split("\n")[line] == f'article = "{article}"'


def test_a_party_without_a_level_is_named() -> None:
    changed = TEXT.replace('parties = ["KOR", "JPN"]', 'parties = ["KOR", "JPN", "USA"]')
    assert ("no-level", line_of(changed, '[[clause]]\narticle = "4"'), "4") in read(changed)


@pytest.mark.parametrize("kind", ["discretion", "entry-into-force", "survival", "equivalence"])
def test_what_an_agreement_needs_is_missed(kind: str) -> None:
    start = TEXT.rindex("[[clause]]", 0, TEXT.index(f'type = "{kind}"'))
    end = min(
        found for found in (TEXT.find("[[clause]]", start + 1), TEXT.find("```", start))
        if found > 0
    )  # fmt: skip
    assert ("missing", 1, "") in read(TEXT[:start] + TEXT[end:])


def test_a_case_of_no_article_and_an_article_without_a_case() -> None:
    changed = CASES.replace('article = "7"', 'article = "22"', 1)
    line = line_of(changed, 'article = "22"') - 1
    assert changed.split("\n")[line - 1] == "[[case]]"
    assert ("case-article", line, "22") in read(cases=changed)
    without = "[[case]]".join(one for one in CASES.split("[[case]]") if 'article = "12"' not in one)
    found = read(cases=without)
    assert ("no-case", line_of(TEXT, '[[clause]]\narticle = "12"'), "12") in found
    assert len(found) == 1


def test_an_authentic_language_that_is_not_there_and_a_head_without_freshness() -> None:
    changed = TEXT.replace('authentic = ["en"]', 'authentic = ["en", "ja"]')
    assert read(changed) == [("authentic", 1, "")]
    assert read(TEXT.replace("freshness = 86400\n", "")) == [("freshness", 1, "")]


def test_clauses_named_in_prose_or_comments_move_no_line() -> None:
    changed = TEXT.replace("## Article 1 ·", "[[clause]] is prose here.\n\n## Article 1 ·", 1)
    changed = changed.replace("notice_days = 90", "notice_days = 365")
    found = read(changed)
    assert found == [("notice", line_of(changed, '[[clause]]\narticle = "21(3)"'), "21(3)")]


@pytest.mark.parametrize("notice", ["notice_months = 12", "notice_days = 365"])
def test_notice_as_long_as_the_term_is_told_of_the_term_that_is_written(notice: str) -> None:
    changed = TEXT.replace("notice_days = 90", notice)
    (one,) = check(open_bundle(bundle_bytes(changed.encode(), CASES.encode(), {})))
    assert one.instead == f"Let {notice.split(maxsplit=1)[0]} be shorter than the term"


@pytest.mark.parametrize("parties", ['"KOR"', '"KOR", "JPN", "KOR"'])
def test_an_agreement_is_between_two_different_parties_at_least(parties: str) -> None:
    changed = TEXT.replace('"KOR", "JPN"', parties, 1)
    assert ("parties", line_of(TEXT, "parties = "), "") in read(changed)


def test_terms_in_a_translation_are_read_by_nobody_and_told() -> None:
    korean = FOLDER.joinpath("agreement.ko.md").read_text().rstrip("\n")
    terms = '\n\n```toml terms\n[[clause]]\narticle = "21"\ntype = "term"\nyears = 9\n```\n'
    bundle = bundle_bytes(TEXT.encode(), CASES.encode(), {"ko": (korean + terms).encode()})
    (one,) = check(open_bundle(bundle))
    where = (one.file, one.line, one.article)
    assert where == ("agreement.ko.md", korean.count("\n") + 3, "21")
    assert "translation" in one.said
