"""Routes and reach over the shipped agreements and over nets made for a question."""

from importlib.resources import files
from pathlib import Path

import pytest
from msgspec import structs

from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding, Outcome, Verdict
from comity.agreement.case import Case
from comity.agreement.clauses import Voice
from comity.agreement.clauses.discretion import Discretion
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.difference import difference
from comity.agreement.ground import GROUND
from comity.agreement.hops import favourable, step
from comity.agreement.judge import Texts, judge
from comity.agreement.net import Net, Route, Thing
from comity.agreement.network import purposes_of, reach, routes, usual_purpose
from comity.agreement.promises import lowering, obliged, stories, things, widening
from comity.agreement.shipped import in_force, newest
from comity.agreement.text import Agreement, bundle_bytes, open_bundle
from comity.cli.app import run
from comity.marking.schemes import parse_schemes
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Article, Level, Party, Purpose, Subject

NOW = Instant("2026-11-24T09:00:00.000Z")
TEXTS = files("comity.agreement").joinpath("texts")
SCHEMES = parse_schemes(files("comity.marking").joinpath("schemes.toml").read_text())


def shipped(name: str) -> Agreement:
    return open_bundle(bundle_bytes(TEXTS.joinpath(name, "agreement.md").read_bytes(), b"", {}))


PACT = shipped("KOR-JPN-GSOMIA-2016")


def made(  # noqa: PLR0913 - the features of a text
    name: str,
    parties: tuple[str, ...],
    *,
    consent: str = "prior-written",
    standing: tuple[str, ...] = (),
    levels: dict[str, str] | None = None,
    subjects: tuple[str, ...] = ("ships",),
) -> Agreement:
    """Return an agreement of this shape; ``levels`` is each row's levels, ``AAA:one BBB:one``."""
    rows = {"SECRET": " ".join(f"{party}:two" for party in ("AAA", "BBB", "CCC", "DDD", "EEE"))}
    rows = levels or rows
    tiers = "".join(
        f'  {{ name = "{row}", rank = {9 - number}, levels = ['
        + ", ".join(f'{{ level = "{one}" }}' for one in named.split())
        + "] },\n"
        for number, (row, named) in enumerate(rows.items())
    )
    listed = ", ".join(f'"{one}"' for one in parties)
    text = f"""# An agreement made for a question

```toml agreement
id = "{name}"
version = "1"
parties = [{listed}]
bindingness = "memorandum"
authentic = ["en"]
note = "Made for a question."
```

## Article 1 · All {{#1}}

Words.

```toml terms
[[clause]]
article = "1"
type = "scope"
subjects = [{", ".join(f'"{one}"' for one in subjects)}]
forms = ["electronic"]

[[clause]]
article = "1"
type = "discretion"

[[clause]]
article = "1"
type = "equivalence"
tiers = [
{tiers}]

[[clause]]
article = "1"
type = "third-party"
consent = "{consent}"
standing = [{", ".join(f'"{one}"' for one in standing)}]

[[clause]]
article = "1"
type = "purpose"
purposes = ["safety"]

[[clause]]
article = "1"
type = "entry-into-force"
by = "signature"

[[clause]]
article = "1"
type = "survival"
```
"""
    return open_bundle(bundle_bytes(text.encode(), b"", {}))


def net(*agreements: Agreement) -> Net:
    return Net(agreements=agreements, at=NOW)


def thing(subject: str = "ships", level: str = "AAA:two") -> Thing:
    return Thing(
        originator=Party(level[:3]),
        level=Level(level),
        subject=Subject(subject),
        purpose=Purpose("safety"),
    )


def names(route: Route) -> list[str]:
    return [f"{hop.provider}-{hop.receiver}" for hop in route.hops]


def test_a_third_party_is_reached_with_the_originators_consent() -> None:
    web = net(made("AB", ("AAA", "BBB")), made("BC", ("BBB", "CCC")))
    (found,) = routes(web, thing(), Party("CCC"))
    assert names(found) == ["AAA-BBB", "BBB-CCC"]
    assert found.consents == (("AAA", "CCC"),)
    assert found.hops[0].consents == ()
    assert found.hops[1].called == ("CCC:two",)


def test_where_nothing_may_go_on_there_is_no_route() -> None:
    web = net(made("AB", ("AAA", "BBB"), consent="none"), made("BC", ("BBB", "CCC")))
    assert routes(web, thing(), Party("CCC")) == ()
    assert [one.party for one in reach(web, thing())] == ["BBB"]


def test_the_terms_of_the_first_hop_hold_at_the_third() -> None:
    chain = (made("BC", ("BBB", "CCC")), made("CD", ("CCC", "DDD")))
    strict = made("AB", ("AAA", "BBB"), consent="none")
    listed = made("AB", ("AAA", "BBB"), consent="standing-list", standing=("CCC",))
    assert [one.party for one in reach(net(strict, *chain), thing())] == ["BBB"]
    (found,) = routes(net(listed, *chain), thing(), Party("DDD"))
    # The list of the origin's own agreement is its word for CCC; the two later texts still ask.
    assert found.consents == (("AAA", "CCC"), ("AAA", "DDD"))


def test_reach_finds_the_way_with_the_fewest_consents_even_if_it_is_longer() -> None:
    loose = {"consent": "standing-list", "standing": ("CCC", "DDD")}
    web = net(
        made("AB", ("AAA", "BBB")),
        made("BD", ("BBB", "DDD")),
        made("AC", ("AAA", "CCC"), **loose),
        made("CE", ("CCC", "EEE"), **{**loose, "standing": ("EEE", "DDD")}),
        made("ED", ("EEE", "DDD"), **loose),
    )
    found = {one.party: one.route for one in reach(web, thing())}
    assert found[Party("DDD")].consents == (("AAA", "DDD"),)
    assert set(found) == {"BBB", "CCC", "DDD", "EEE"}


def test_a_subject_that_a_hop_does_not_cover_does_not_take_it() -> None:
    web = net(made("AB", ("AAA", "BBB")), made("BC", ("BBB", "CCC"), subjects=("planes",)))
    assert [one.party for one in reach(web, thing())] == ["BBB"]


def test_what_if_an_agreement_ends_or_one_is_added() -> None:
    first, second = made("AB", ("AAA", "BBB")), made("BC", ("BBB", "CCC"))
    assert [one.party for one in reach(net(first), thing())] == ["BBB"]
    assert [one.party for one in reach(net(first).joined_by(second), thing())] == ["BBB", "CCC"]
    assert reach(net(first, second).without(AgreementId("AB")), thing()) == ()


MISSILE = Thing(
    originator=Party("KOR"),
    level=Level("KOR:mil-2"),
    subject=Subject("dprk.missile"),
    purpose=Purpose("defence"),
)
FIRST, SECOND = AgreementId("USA-KOR-GSOMIA"), AgreementId("USA-JPN-GSOMIA")


@pytest.mark.parametrize(
    ("ended", "ways", "reached"),
    [
        ((), {"TISA TISA"}, ["JPN", "USA"]),
        ((FIRST,), set(), []),
        ((SECOND,), set(), ["USA"]),
        ((FIRST, SECOND), set(), []),
    ],
)
def test_an_overlay_carries_nothing_where_what_it_rests_on_has_ended(
    ended: tuple[AgreementId, ...], ways: set[str], reached: list[str]
) -> None:
    web = net(*newest()).without(AgreementId("KOR-JPN-GSOMIA"), *ended)
    found = routes(web, MISSILE, Party("JPN"))
    assert {" ".join(hop.agreement for hop in one.hops) for one in found} >= ways
    assert bool(found) == bool(ways)
    assert [one.party for one in reach(web, MISSILE)] == reached


def test_an_overlay_rests_on_the_very_text_it_names() -> None:
    web = net(*newest()).without(AgreementId("KOR-JPN-GSOMIA"))
    (parent,) = (one for one in web.agreements if one.id == FIRST)
    other = open_bundle(bundle_bytes(f"{parent.source}\n".encode(), b"", {}))
    assert other.digest != parent.digest
    found = routes(web.joined_by(other), MISSILE, Party("JPN"))
    assert found
    assert all(one.hops[0].agreement == FIRST for one in found)


def test_what_an_overlay_borrows_is_asked_on_its_hops() -> None:
    """TISA says nothing of how things travel: that of 1987 and 2007 do."""
    web = net(*newest()).without(AgreementId("KOR-JPN-GSOMIA"))
    (parent,) = (one for one in web.agreements if one.id == FIRST)
    sends = parent.clause("transmission")
    assert isinstance(sends, Transmission)
    on_paper = structs.replace(sends, by_node=(Form.DOCUMENTARY,), couriers=())
    clauses = tuple(on_paper if one is sends else one for one in parent.clauses)
    others = [one for one in web.agreements if one is not parent]
    assert routes(web, MISSILE, Party("JPN"))
    assert not routes(net(*others, structs.replace(parent, clauses=clauses)), MISSILE, Party("JPN"))


def brute(web: Net, what: Thing) -> dict[Party, int]:
    """Who is reached and with how few consents, by walking every simple path with all its texts."""
    best: dict[Party, int] = {}

    def walk(here: Party, seen: tuple[Party, ...], chain: tuple[Agreement, ...], asked: frozenset):
        for agreement in web.agreements:
            if here not in agreement.parties:
                continue
            for receiver in agreement.parties:
                if receiver in seen:
                    continue
                found = step(
                    web, what, agreement, provider=here, receiver=receiver, chain=chain
                ).findings
                if any(one.verdict is Verdict.FORBIDS for one in found):
                    continue
                more = asked | {
                    (one.remedy.to, receiver)
                    for one in found
                    if one.verdict is Verdict.REQUIRES and one.remedy.act == "consent.ask"
                }
                best[receiver] = min(best.get(receiver, 99), len(more))
                walk(receiver, (*seen, receiver), (*chain, agreement), more)

    walk(what.originator, (what.originator,), (), frozenset())
    return best


@pytest.mark.parametrize("seed", range(60))
def test_reach_is_what_walking_every_path_finds(seed: int) -> None:
    import random

    dice = random.Random(seed)
    parties = ["AAA", "BBB", "CCC", "DDD", "EEE"]
    agreements = [
        made(
            f"N{number}",
            tuple(dice.sample(parties, dice.choice((2, 2, 2, 3)))),
            consent=dice.choice(("prior-written", "standing-list", "none", "standing-list")),
            standing=tuple(dice.sample(parties, dice.randint(0, 3))),
            levels={"SECRET": " ".join(f"{p}:two" for p in parties if dice.random() < 0.9)}
            if dice.random() < 0.3
            else None,
        )
        for number in range(dice.randint(2, 6))
    ]
    web = net(*agreements)
    assert {one.party: len(one.route.consents) for one in reach(web, thing())} == brute(
        web, thing()
    )


def test_routes_come_in_the_order_of_their_consents_and_no_more_than_asked_for() -> None:
    web = net(
        *(
            made(f"N{one}{other}", (one, other))
            for one, other in (
                ("AAA", "BBB"),
                ("BBB", "CCC"),
                ("CCC", "DDD"),
                ("AAA", "DDD"),
                ("BBB", "DDD"),
            )
        )
    )
    found = routes(web, thing(), Party("DDD"))
    assert [len(one.consents) for one in found] == [0, 1, 2]
    assert routes(web, thing(), Party("DDD"), limit=2) == found[:2]
    assert routes(web, thing(), Party("DDD"), longest=1) == found[:1]


def test_the_shipped_agreements_keep_the_promises() -> None:
    web = net(*newest())
    assert len({one.id for one in web.agreements}) == len(web.agreements) > 2
    assert stories(web, SCHEMES) == ()
    assert len(list(things(web))) > 10


def test_a_chain_that_asks_nobody_is_told_as_the_shortest_story() -> None:
    loose = {"consent": "standing-list", "standing": ("CCC", "DDD")}
    web = net(
        made("AB", ("AAA", "BBB"), **{**loose, "standing": ("CCC",)}),
        made("BC", ("BBB", "CCC"), **loose),
        made("CD", ("CCC", "DDD"), **loose),
    )
    # AAA listed CCC. That DDD is reached rests on AAA's consent: its own agreement asks for it.
    assert widening(web) == ()
    silent = open_bundle(
        bundle_bytes(
            made("AB", ("AAA", "BBB"))
            .source.replace('type = "third-party"\nconsent = "prior-written"\nstanding = []\n', "")
            .replace('[[clause]]\narticle = "1"\n\n', "")
            .encode(),
            b"",
            {},
        )
    )
    found = widening(net(silent, made("BC", ("BBB", "CCC"), **loose)))
    assert [(one.said.code, one.said.parameters["party"]) for one in found] == [
        ("network.widening", "CCC")
    ]
    assert found[0].hops is not None
    assert names(found[0].hops) == ["AAA-BBB", "BBB-CCC"]


def test_what_a_text_lets_out_is_tried_in_every_form_and_without_a_purpose_too() -> None:
    """A breach that is open to films alone, under texts that bind to no purpose, is found."""
    unbound = '[[clause]]\narticle = "1"\ntype = "purpose"\npurposes = ["safety"]\n\n'

    def text(name: str, parties: tuple[str, ...], *, forms: str, silent: bool) -> Agreement:
        source = made(name, parties, consent="standing-list", standing=("CCC",)).source
        assert unbound in source
        source = source.replace(unbound, "").replace('forms = ["electronic"]', f"forms = {forms}")
        if silent:  # about third parties
            clause = source.index('[[clause]]\narticle = "1"\ntype = "third-party"')
            source = source[:clause] + source[source.index("[[clause]]", clause + 1) :]
        return open_bundle(bundle_bytes(source.encode(), b"", {}))

    web = net(
        text("AB", ("AAA", "BBB"), forms='["electronic", "visual"]', silent=True),
        text("BC", ("BBB", "CCC"), forms='["visual"]', silent=False),
    )
    kinds = list(things(web))
    assert {one.form for one in kinds} == {Form.ELECTRONIC, Form.VISUAL}
    assert {one.purpose for one in kinds} == {"any"}
    (story,) = widening(web)
    assert story.said.parameters["party"] == "CCC"
    bound = net(web.agreements[1], made("AB", ("AAA", "BBB")))
    assert {one.purpose for one in things(bound)} == {"safety", "any"}


def test_where_no_purpose_is_said_it_is_what_most_texts_name() -> None:
    safety, rescue = made("AB", ("AAA", "BBB")), made("CD", ("CCC", "DDD"))
    rescue = structs.replace(
        rescue,
        clauses=tuple(
            structs.replace(one, purposes=(Purpose("rescue"),)) if one.type == "purpose" else one
            for one in rescue.clauses
        ),
    )
    assert usual_purpose([safety, safety, rescue]) == "safety"
    assert usual_purpose([safety, rescue]) == "rescue"
    assert usual_purpose([]) == "any"
    assert purposes_of([safety, rescue]) == ("rescue", "safety")


def test_two_texts_that_map_one_level_to_two_heights_are_told() -> None:
    high = made("HIGH", ("KOR", "JPN"), levels={"SECRET": "KOR:mil-2 JPN:gokuhi"})
    low = made("LOW", ("KOR", "JPN"), levels={"SECRET": "KOR:mil-2 JPN:hi"})
    found = lowering(net(high, low), SCHEMES)
    assert {one.said.code for one in found} == {"network.lowering"}
    assert any(
        (one.said.parameters["low"], one.said.parameters["agreement"]) == ("JPN:hi", "LOW")
        for one in found
    )
    assert lowering(net(high), SCHEMES) == ()


def test_levels_that_no_scheme_ranks_are_compared_by_the_tables() -> None:
    rows = {"SECRET": "NOR:secret FIN:secret", "RESTRICTED": "NOR:restricted FIN:restricted"}
    other = {"SECRET": "NOR:restricted FIN:secret"}
    one = made("ONE", ("NOR", "FIN"), levels=rows)
    two = made("TWO", ("NOR", "FIN"), levels=other)
    found = [one.said for one in lowering(net(one, two), SCHEMES)]
    assert [(said.code, said.parameters) for said in found] == [
        (
            "network.unlike",
            {"level": "FIN:secret", "party": "NOR", "low": "NOR:secret", "agreement": "ONE"}
            | {"high": "NOR:restricted", "other": "TWO"},
        ),
        (
            "network.unlike",
            {"level": "NOR:restricted", "party": "FIN", "low": "FIN:restricted"}
            | {"agreement": "ONE", "high": "FIN:secret", "other": "TWO"},
        ),
    ]
    same = made("TOO", ("NOR", "FIN"), levels=dict(reversed(rows.items())))
    assert lowering(net(one, same), SCHEMES) == ()
    assert found[0] in [story.said for story in stories(net(one, two), SCHEMES)]


POLAR = Path("tests/agreements/NOR-POLAR-1/agreement.md").read_text()
"""A text with a clause on each way by which an item could be let through."""


def opened(source: str) -> Agreement:
    return open_bundle(bundle_bytes(source.encode(), b"", {}))


@pytest.mark.parametrize("form", [Form.ORAL, Form.VISUAL, Form.ELECTRONIC])
@pytest.mark.parametrize("approvals", [0, 2])
def test_what_lets_pass_does_not_decide(form: Form, approvals: int) -> None:
    """A permitted way, a list and a record open nothing under a text on which nobody decides."""
    ways = {"transmission", "third-party", "disclosure", "scope", "equivalence", "assurance"}
    text = opened(POLAR)
    kept = tuple(one for one in text.clauses if one.type in ways | {"entry-into-force", "survival"})
    sends = text.clause("transmission")
    assert isinstance(sends, Transmission)
    by_hand = structs.replace(sends, by_node=(), couriers=("diplomatic",))
    clauses = tuple(by_hand if one is sends else one for one in kept)
    text = structs.replace(text, clauses=clauses)
    what = next(one for one in things(net(text)) if one.originator == "NOR" and one.form is form)
    entry, case = favourable(net(text), what, text, Party("NOR"), Party("POLAR"))
    case = structs.replace(case, approvals=case.approvals[:approvals])
    texts = Texts(hop=text, origins=(), ground=GROUND, profile=None)
    found = judge(texts, entry, case, voice=Voice.COMMON)
    assert found.outcome is Outcome.UNLAWFUL
    assert any(one.verdict is Verdict.PERMITS for one in found.findings)
    assert [one.reason.code for one in found.objections] == ["ground.undecided"]
    assert obliged(net(text)) == ()
    assert reach(net(text), what) == ()
    decided = structs.replace(text, clauses=(*clauses, Discretion(article=Article("1"))))
    texts = structs.replace(texts, hop=decided)
    lawful = judge(texts, entry, case, voice=Voice.COMMON).outcome
    assert lawful is (Outcome.LAWFUL if approvals else Outcome.REMEDIABLE)


class Generous(Discretion, frozen=True, kw_only=True, tag="discretion"):
    """A rule that no agreement of this family may have: it decides alone, and obliges."""

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        del entry, case
        return self.permits("approved")

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        del entry
        return (self.duty(case.acting, "release.release"),)


def test_a_clause_that_decides_alone_or_obliges_to_provide_is_told() -> None:
    text = made("OPEN", ("AAA", "BBB"))
    assert obliged(net(text)) == ()
    generous = tuple(
        Generous(article=one.article, agreement=one.agreement) if one.type == "discretion" else one
        for one in text.clauses
    )
    found = obliged(net(structs.replace(text, clauses=generous)))
    assert [(one.said.code, one.said.parameters["agreement"]) for one in found] == [
        ("network.duty-to-provide", "OPEN"),
        ("network.undecided", "OPEN"),
    ]


def test_the_same_text_has_no_difference_and_a_change_is_told_by_its_meaning() -> None:
    assert difference(PACT, PACT, at=NOW) == ()
    source = PACT.source.replace('cap = "SECRET"', 'cap = "CONFIDENTIAL"')
    assert source != PACT.source
    lower = open_bundle(bundle_bytes(source.encode(), b"", {}))
    found = difference(PACT, lower, at=NOW)
    assert found
    for one in found:
        assert ("4(3)" in [a for a, _ in one.new.objections]) or any(
            code == "equivalence.above-cap" for _, code in one.new.objections
        )
        assert set(one.where["level"]) <= {
            "KOR:mil-2",
            "JPN:gokuhi",
            "JPN:tokutei-himitsu",
        }
        assert one.where["act"] == ("release.release",)


def test_a_withdrawn_wording_changes_nothing_that_is_judged() -> None:
    reworded = open_bundle(bundle_bytes(PACT.source.replace("may", "can").encode(), b"", {}))
    assert difference(PACT, reworded, at=NOW) == ()


@pytest.mark.parametrize(
    ("at", "without"),
    [
        ("2013-01-01", {"KOR-JPN-GSOMIA", "TISA", "TRILATERAL-WARNING"}),
        ("2014-12-30", {"KOR-JPN-GSOMIA", "TRILATERAL-WARNING"}),
        ("2016-11-23", {"KOR-JPN-GSOMIA", "TRILATERAL-WARNING"}),
        ("2016-11-24", {"TRILATERAL-WARNING"}),
        ("2019-11-23", {"TRILATERAL-WARNING"}),
        ("2023-12-20", set()),
    ],
)
def test_of_another_day_the_web_holds_what_was_in_force_then(at: str, without: set[str]) -> None:
    # In the course of the day of which only the day is known it is in force perhaps: not here.
    found = in_force(Instant(f"{at}T03:00:00.000Z"))
    assert {one.id for one in newest()} - {one.id for one in found} == without


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("notice_days = 90", "notice_days = 30", "term notice_days: 90 → 30"),
        ('renewal = "automatic"', 'renewal = "none"', "term renewal: automatic → none"),
    ],
)
def test_terms_that_no_act_shows_are_told_beside_the_acts(
    was: str, becomes: str, told: str, tmp_path: Path, capsys
) -> None:
    source = TEXTS.joinpath("KOR-JPN-GSOMIA-2016", "agreement.md").read_text("utf-8")
    assert was in source
    (tmp_path / "agreement.md").write_text(source.replace(was, becomes, 1), "utf-8")
    assert run(["agreement", "diff", "KOR-JPN-GSOMIA-2016", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-3:] == [
        "Written otherwise, though no act that was tried shows it:",
        "  Article 21",
        f"    {told}",
    ]


def test_a_route_of_another_day_names_what_it_leaves_out(capsys) -> None:
    asked = ["network", "route", "KOR", "JPN", "--level", "KOR:mil-2", "--subject", "dprk.missile"]
    assert run([*asked, "--at", "2013-01-01T00:00:00.000Z"]) == 0
    told = capsys.readouterr().out
    assert "KOR-JPN-GSOMIA 2016" not in told
    assert told.endswith("left out: KOR-JPN-GSOMIA TISA TRILATERAL-WARNING.\n")
    ended = ["--without", "KOR-JPN-GSOMIA", "--without", "USA-JPN-GSOMIA"]
    assert run([*asked, "--at", "2013-01-01T00:00:00.000Z", *ended]) == 2
    assert capsys.readouterr().out.endswith("left out: TISA TRILATERAL-WARNING.\n")
