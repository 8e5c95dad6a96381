"""Agreement files: what parses, and how what does not is said."""

from importlib.resources import files

import pytest

from comity.acts.canonical import digest, encode
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.complaints import InvalidAgreement
from comity.agreement.parsing import parse
from comity.agreement.text import Bundle, bundle_bytes, open_bundle
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import AgreementId, Reason

SHIPPED = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016/agreement.md").read_text()

SMALL = """# A small pact

```toml agreement
id = "SMALL"
version = "1"
parties = ["KOR", "JPN"]
bindingness = "treaty"
authentic = ["en"]
note = "For a test."
```

## Article 1 · Only {#1}

Nothing goes on.

```toml terms
[[clause]]
article = "1"
type = "third-party"
consent = "none"
```
"""


def complaints(source: str) -> tuple:
    with pytest.raises(InvalidAgreement) as caught:
        parse(source, file="pact.md")
    return caught.value.complaints


def test_the_shipped_text_has_the_treatys_articles_and_parties():
    meta, articles, clauses = parse(SHIPPED, file="agreement.md")
    assert [one.number for one in articles] == [str(n) for n in range(1, 22)]
    assert (meta.id, meta.version, meta.parties) == ("KOR-JPN-GSOMIA", "2016", ("KOR", "JPN"))
    assert {one.agreement for one in clauses} == {"KOR-JPN-GSOMIA"}
    assert all(one.prose and "```" not in one.prose for one in articles)


def test_a_paragraph_that_its_article_does_not_mark_is_told():
    lettered = SMALL.replace("Nothing goes on.", "(a) Nothing goes on. (b) Not a copy.")
    assert parse(lettered.replace('article = "1"', 'article = "1(b)"'), file="pact.md")
    wrong = lettered.replace('article = "1"', 'article = "1(z)"')
    (complaint,) = complaints(wrong)
    assert (complaint.code, complaint.article, complaint.line) == ("article", "1(z)", 17)
    assert "1(a), 1(b)" in complaint.instead
    numbered = SMALL.replace("Nothing goes on.", "1. Nothing goes on.\n2. Not a copy.")
    shifted = numbered.replace('article = "1"', 'article = "1(3)"')
    assert [one.article for one in complaints(shifted)] == ["1(3)"]


def test_a_clause_is_typed_and_knows_its_article():
    _, articles, (clause,) = parse(SMALL, file="pact.md")
    assert isinstance(clause, ThirdParty)
    assert (clause.article, clause.consent, clause.type) == ("1", "none", "third-party")
    assert articles[0].prose == "Nothing goes on."


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('type = "third-party"', 'type = "third-parties"', "unknown-clause", 17),
        ('consent = "none"', 'consent = "never"', "terms", 17),
        ('consent = "none"', 'consnt = "none"', "terms", 17),
        ('consent = "none"', 'consent = "none"\nagreement = "OTHER"', "unknown-term", 17),
        ('consent = "none"', 'consent = "none', "toml", 20),
        ('consent = "none"', f"consent = {'9' * 5000}", "toml", 16),
        ('consent = "none"', f"consent = {'[' * 3000}{']' * 3000}", "toml", 16),
        ("[[clause]]", "[clause]", "toml", 16),
        ('article = "1"', 'article = "2"', "article", 17),
        ("{#1}", "{#2}", "heading", 12),
        ("## Article 1 ·", "## Art. 1 ·", "heading", 12),
        ("toml terms", "toml term", "fence", 16),
        ('version = "1"', 'version = "1"\nfreshness = 5', "head", 3),
        ('note = "For a test."', "", "head", 3),
        ("Nothing goes on.", "Nothing \u202egoes on.", "character", 14),
        ("Nothing goes on.", "Nothing\tgoes on.", "character", 14),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_would_be_right(old, new, code, line):
    found = complaints(SMALL.replace(old, new))
    assert (found[0].code, found[0].line, found[0].file) == (code, line, "pact.md")
    assert found[0].instead
    assert str(found[0]).startswith(f"pact.md:{line}:")


def test_a_clause_above_the_first_article_is_told_so():
    clause = SMALL[SMALL.index("```toml terms") :]
    (found,) = [
        one
        for one in complaints(SMALL.replace("## Article 1", f"{clause}\n## Article 1", 1))
        if one.line < SMALL[: SMALL.index("## Article 1")].count("\n") + clause.count("\n")
    ]
    assert found.said == "the clause stands under no article"
    assert "'## Article 1 · Title {#1}'" in found.instead


def test_several_complaints_come_at_once():
    wrong = SMALL.replace('consent = "none"', 'consent = "never"') + "\n## Second\n"
    assert {one.code for one in complaints(wrong)} == {"terms", "heading"}


def test_an_article_stands_once():
    twice = SMALL + "\n## Article 1 · Again {#1}\n\nOnce more.\n"
    assert [one.code for one in complaints(twice)] == ["article-twice"]


def test_a_bundle_is_identified_by_its_exact_bytes():
    raw = bundle_bytes(SMALL.encode(), b"", {})
    assert open_bundle(raw).digest == digest(raw)
    other = bundle_bytes(SMALL.replace("goes on", "goes off").encode(), b"", {})
    assert open_bundle(other).digest != open_bundle(raw).digest


@pytest.mark.parametrize("change", ["id", "version", "space"])
def test_a_bundle_that_says_other_than_its_text_is_refused(change):
    fields = {"id": "SMALL", "version": "1", "agreement": SMALL.encode(), "cases": b""}
    if change == "space":
        raw = encode(Bundle(**fields, translations={})) + b" "
    else:
        fields[change] = AgreementId("OTHER") if change == "id" else Reason("2")
        raw = encode(Bundle(**fields, translations={}))
    with pytest.raises(Invalid):
        open_bundle(raw)


@pytest.mark.parametrize("heading", ["## 제1조 하나", "## 第1条 一", "## Article 1 · Only {#1}"])
def test_a_translation_has_the_same_articles(heading):
    raw = bundle_bytes(SMALL.encode(), b"", {"ko": f"# T\n\n{heading}\n".encode()})
    assert "ko" in open_bundle(raw).translations


@pytest.mark.parametrize("body", ["# T\n", "## 제2조 둘\n", "## 제1조\n\n## 제2조\n"])
def test_a_translation_with_other_articles_is_refused(body):
    with pytest.raises(InvalidAgreement) as caught:
        bundle_bytes(SMALL.encode(), b"", {"ko": body.encode()})
    assert caught.value.complaints[0].file == "agreement.ko.md"


def test_text_that_is_not_utf8_is_refused():
    with pytest.raises(Invalid):
        bundle_bytes(b"\xff", b"", {})
    fields = Bundle(
        id=AgreementId("SMALL"), version=Reason("1"), agreement=b"\xff", cases=b"", translations={}
    )
    with pytest.raises(Invalid):
        open_bundle(encode(fields))
