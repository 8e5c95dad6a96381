"""Laws of judgement: facts that enable, facts that disable, what only one house knows."""

from importlib.resources import files

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import UNSET, json, structs

from comity.acts import deeds
from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.entries import Entry
from comity.acts.judgements import Judgement, Outcome, Verdict, judgement_digest
from comity.acts.parts import Item, Label, Position
from comity.agreement.case import (
    ApprovalFact,
    AssuranceFact,
    Case,
    ConsentFact,
    CutFacts,
    HouseFacts,
    ItemFacts,
    PersonFacts,
    Standing,
)
from comity.agreement.clauses import Voice
from comity.agreement.clauses.base import hands_over
from comity.agreement.complaints import InvalidAgreement
from comity.agreement.gather import seen_by_both
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.agreement.parsing import parse
from comity.agreement.text import bundle_bytes, open_bundle
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import (
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reference,
    Regime,
    Subject,
)

SOURCE = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016/agreement.md").read_text()
PACT = open_bundle(bundle_bytes(SOURCE.encode(), b"", {}))
NOTHING = Digest("sha384:" + "0" * 96)
AT = Instant("2026-11-24T09:00:00.000Z")
WEIGHT = {Outcome.LAWFUL: 0, Outcome.REMEDIABLE: 1, Outcome.UNLAWFUL: 2}

PARTIES = [Party(one) for one in ("KOR", "JPN", "USA")]
OFFICES = [Office(one) for one in ("KOR/KDIA", "JPN/DIH", "JPN/MOD", "USA/ANY")]
LEVELS = [
    Level(one)
    for one in (
        "KOR:mil-1",
        "KOR:mil-2",
        "KOR:mil-3",
        "JPN:hi",
        "JPN:gokuhi",
        "JPN:tokutei-himitsu",
    )
]
REGIMES = [Regime("JPN:tokutei-himitsu"), Regime("JPN:other")]
SUBJECTS = [Subject(one) for one in ("dprk.missile.launch", "dprk", "economy")]
PURPOSES = [Purpose(one) for one in ("defence.missile-warning", "defence", "trade")]
INSTANTS = [Instant(f"{year}-01-01T00:00:00.000Z") for year in (2014, 2026, 2027)]


def one_of(values):
    return st.sampled_from(values)


def maybe(strategy):
    return st.one_of(st.just(UNSET), strategy)


def some(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


# Half of all draws are what an ordinary release would have, so that lawful acts are common.
def mostly(usual, strategy):
    return st.one_of(st.just(usual), st.just(usual), strategy)


items = st.builds(
    ItemFacts,
    originator=mostly(PARTIES[0], one_of(PARTIES)),
    provider=one_of(PARTIES),
    receiver=mostly(PARTIES[1], one_of(PARTIES)),
    level=mostly(LEVELS[1], one_of(LEVELS)),
    subject=mostly(SUBJECTS[0], one_of(SUBJECTS)),
    form=mostly(Form.ELECTRONIC, one_of(list(Form))),
    purpose=mostly(PURPOSES[0], one_of(PURPOSES)),
    offices=mostly((OFFICES[1],), some(one_of(OFFICES))),
    releasable=mostly((), some(one_of(PARTIES))),
    provided=st.booleans(),
    marked=maybe(one_of(LEVELS)),
    designated=maybe(one_of(REGIMES)),
    designated_level=maybe(one_of(LEVELS)),
    pages=st.just(4),
    annexes=st.just(0),
    origin_purpose=maybe(one_of(PURPOSES)),
)
approvals = st.builds(
    ApprovalFact,
    person=one_of(["park", "lee"]),
    office=mostly(OFFICES[0], one_of(OFFICES)),
    roles=mostly((Role.RELEASING, Role.CUSTODIAN), some(one_of(list(Role)))),
)
assurances = st.builds(
    AssuranceFact,
    offices=mostly((OFFICES[1],), some(one_of(OFFICES))),
    level=mostly(LEVELS[4], one_of(LEVELS)),
    until=mostly(INSTANTS[2], one_of(INSTANTS)),
    cleared=mostly(usual=True, strategy=st.booleans()),
    needed=mostly(usual=True, strategy=st.booleans()),
    protected=mostly(usual=True, strategy=st.booleans()),
)
consents = st.builds(
    ConsentFact,
    originator=one_of(PARTIES),
    uses=one_of(["third-party", "purpose", "contractor"]),
    third_party=maybe(one_of(PARTIES)),
    purpose=maybe(one_of(PURPOSES)),
    until=maybe(one_of(INSTANTS)),
    mode=one_of(["", "own-use", "pass-on-only"]),
)
people = st.builds(
    PersonFacts,
    office=one_of(OFFICES),
    roles=some(one_of(list(Role))),
    cleared=some(one_of(LEVELS)),
    needs=some(one_of(SUBJECTS)),
)
houses = st.builds(HouseFacts, actor=maybe(people), person=maybe(people), assigned=st.booleans())
cuts = st.builds(
    CutFacts,
    problem=mostly(UNSET, one_of(["seen.unknown", "at.decreased"])),
    age=mostly(60, maybe(st.integers(0, 200_000))),
    directory=mostly(usual=True, strategy=st.booleans()),
)
standings = mostly(Standing.IN_FORCE, one_of(list(Standing)))
cases = st.builds(
    Case,
    acting=mostly(PARTIES[0], one_of(PARTIES)),
    counterpart=mostly(PARTIES[1], one_of(PARTIES)),
    at=st.just(AT),
    cut=cuts,
    views=st.builds(lambda a, b: ((PARTIES[1], a), (PARTIES[0], b)), standings, standings),
    item=mostly(UNSET, items) | items,
    approvals=some(approvals),
    assurances=some(assurances),
    consents=some(consents),
    notified=mostly(tuple(OFFICES), some(one_of(OFFICES))),
    designating=some(one_of(OFFICES)),
    sealed=mostly(usual=True, strategy=st.booleans()),
    house=maybe(houses),
)

POSITION = Position(log=correspondence(PARTIES[0], PARTIES[1]), index=1)


@st.composite
def acts(draw):
    common = {
        "by": draw(one_of(OFFICES)),
        "to": draw(one_of(PARTIES)),
        "article": Article("1"),
        "agreement": PACT.digest,
    }
    kind = draw(one_of(["release", "receipt", "mark", "designate", "assign", "access", "assure"]))
    level, regime = draw(one_of(LEVELS)), draw(maybe(one_of(REGIMES)))
    match kind:
        case "release":
            core = Item(
                reference=Reference("REF-1"),
                originator=PARTIES[0],
                providing=PARTIES[0],
                label=Label(level=level, releasable=(), caveats=()),
                subject=SUBJECTS[0],
                form=Form.ELECTRONIC,
                pages=4,
                annexes=0,
                plaintext=NOTHING,
                sources=(),
            )
            deed = deeds.Release(
                **{**common, "by": OFFICES[0]},
                offices=(OFFICES[1],),
                item=core,
                purpose=PURPOSES[0],
                particulars=NOTHING,
            )
        case "receipt":
            deed = deeds.Receipt(
                **common,
                item=POSITION,
                stage=draw(one_of(list(Stage))),
                number=Reference("NUM-1"),
                copy=draw(st.integers(0, 2)),
                pages=draw(st.integers(3, 4)),
                annexes=0,
                reserve=draw(some(one_of(list(Reserve)))),
            )
        case "mark":
            cited = draw(maybe(st.just(POSITION)))
            deed = deeds.ReMark(
                **common, item=POSITION, level=level, regime=regime, designation=cited
            )
        case "designate":
            deed = deeds.Designate(
                **common,
                item=POSITION,
                regime=draw(one_of(REGIMES)),
                level=level,
                until=draw(one_of(INSTANTS)),
            )
        case "assign":
            deed = deeds.Assign(**common, item=POSITION, office=OFFICES[1], person=PersonId("ito"))
        case "access":
            deed = deeds.Access(**common, item=POSITION, person=PersonId("ito"))
        case _:
            deed = deeds.Assure(
                **common,
                offices=(OFFICES[1],),
                level=level,
                until=INSTANTS[2],
                cleared=True,
                needed=True,
                protected=True,
            )
    return Entry(deed=deed, at=AT, salt=bytes(16))


PARK = ApprovalFact(person="park", office=OFFICES[0], roles=(Role.RELEASING,))
MORI = ApprovalFact(person="mori", office=OFFICES[1], roles=(Role.CUSTODIAN,))
WORD = AssuranceFact(
    offices=(OFFICES[1],),
    level=LEVELS[4],
    until=INSTANTS[2],
    cleared=True,
    needed=True,
    protected=True,
)
ITO = PersonFacts(
    office=OFFICES[1], roles=(Role.OFFICIAL,), cleared=(LEVELS[4],), needs=(SUBJECTS[1],)
)


def in_order(entry):
    """Return the case in which everything an ordinary act of this kind needs is there."""
    release = isinstance(entry.deed, deeds.Release)
    item = ItemFacts(
        originator=PARTIES[0],
        provider=PARTIES[0],
        receiver=PARTIES[1],
        level=LEVELS[1],
        subject=SUBJECTS[0],
        form=Form.ELECTRONIC,
        purpose=PURPOSES[0],
        offices=(OFFICES[1],),
        provided=not release,
        marked=UNSET if release else LEVELS[4],
        pages=4,
    )
    return Case(
        acting=PARTIES[0] if release else PARTIES[1],
        counterpart=PARTIES[1] if release else PARTIES[0],
        at=AT,
        cut=CutFacts(age=60, directory=True),
        views=((PARTIES[1], Standing.IN_FORCE), (PARTIES[0], Standing.IN_FORCE)),
        item=UNSET if isinstance(entry.deed, deeds.Assure) else item,
        approvals=(PARK, MORI),
        assurances=(WORD,),
        notified=tuple(OFFICES),
        designating=(OFFICES[1],),
        sealed=True,
        house=HouseFacts(person=ITO, assigned=True),
    )


@st.composite
def situations(draw):
    """Return an act with its case: in order but for a few facts, or anything at all."""
    entry, case = draw(acts()), draw(cases)
    if draw(st.integers(0, 4)) == 0:
        return entry, case
    usual = in_order(entry)
    if draw(st.booleans()):
        by = OFFICES[0] if isinstance(entry.deed, deeds.Release) else OFFICES[1]
        to = PARTIES[1] if isinstance(entry.deed, deeds.Release) else PARTIES[0]
        entry = structs.replace(entry, deed=structs.replace(entry.deed, by=by, to=to))
    changed = draw(st.lists(one_of(Case.__struct_fields__[3:]), max_size=2, unique=True))
    other = structs.replace(usual, **{field: getattr(case, field) for field in changed})
    if "item" in changed and case.item is not UNSET and usual.item is not UNSET:
        field = draw(one_of(ItemFacts.__struct_fields__))
        item = structs.replace(usual.item, **{field: getattr(case.item, field)})
        other = structs.replace(other, item=item)
    return entry, other


def judged(entry, case, voice=Voice.COMMON):
    texts = Texts(hop=PACT, origins=(), ground=GROUND, profile=None)
    return judge(texts, entry, case, voice=voice)


def weight(entry, case, voice):
    return WEIGHT[judged(entry, case, voice).outcome]


voices = one_of(list(Voice))


@given(situations(), voices)
def test_a_judgement_is_total_deterministic_and_reads_again_from_its_bytes(situation, voice):
    entry, case = situation
    found = judged(entry, case, voice)
    assert judgement_digest(found) == judgement_digest(judged(entry, case, voice))
    assert json.decode(json.encode(found), type=Judgement) == found
    for one in found.findings:
        assert (one.verdict is Verdict.REQUIRES) == (one.remedy is not UNSET)
    assert not found.duties or found.outcome is Outcome.LAWFUL


@given(situations())
def test_a_clause_that_is_not_asked_of_what_crosses_would_say_nothing_of_it(situation):
    entry, case = situation
    assume(hands_over(entry))
    silent = [one for one in PACT.clauses if not one.of_crossing]
    assert silent
    assert [one.type for one in silent if one.judge(entry, case) is not None] == []


@given(situations())
def test_nothing_is_lawful_unless_some_clause_permits(situation):
    entry, case = situation
    found = judged(entry, case)
    if found.outcome is Outcome.LAWFUL:
        assert {one.verdict for one in found.findings} == {Verdict.PERMITS}


@given(situations(), voices, st.data())
def test_taking_an_enabling_fact_away_makes_nothing_lawful(situation, voice, data):
    entry, case = situation
    field = data.draw(
        one_of(
            ["approvals", "assurances", "consents", "notified", "designating", "sealed", "views"]
        )
    )
    sent = case.item is not UNSET and case.item.form in (Form.ELECTRONIC, Form.DOCUMENTARY)
    if field == "sealed" and not sent:
        return  # What no node carries has no sealed content: to be sealed enables nothing there.
    value = getattr(case, field)
    less = False if field == "sealed" else data.draw(st.integers(0, max(0, len(value) - 1)))
    if field == "views":
        less = tuple((party, Standing.UNKNOWN) for party, _ in value)
    elif field != "sealed":
        less = value[:less] + value[less + 1 :]
    fewer = structs.replace(case, **{field: less})
    assert weight(entry, fewer, voice) >= weight(entry, case, voice)


@given(situations(), voices, st.data())
def test_a_person_who_is_less_entitled_is_never_more_admitted(situation, voice, data):
    entry, case = situation
    house = case.house
    if house is UNSET or house.person is UNSET:
        return
    field = data.draw(one_of(["cleared", "needs"]))
    person = structs.replace(house.person, **{field: getattr(house.person, field)[1:]})
    less = structs.replace(case, house=structs.replace(house, person=person, assigned=False))
    assert weight(entry, less, voice) >= weight(entry, case, voice)


@given(situations(), voices, st.data())
def test_adding_a_disabling_fact_makes_nothing_lawful(situation, voice, data):
    entry, case = situation
    which = data.draw(one_of(["problem", "age", "directory", "releasable"]))
    if which == "releasable":
        if case.item is UNSET or case.item.releasable:
            return
        worse = structs.replace(case, item=structs.replace(case.item, releasable=(Party("NZL"),)))
    else:
        change = {"problem": "seen.behind-checkpoint", "age": 10**9, "directory": False}[which]
        worse = structs.replace(case, cut=structs.replace(case.cut, **{which: change}))
    assert weight(entry, worse, voice) >= weight(entry, case, voice)


private = st.fixed_dictionaries(
    {
        "marked": maybe(one_of(LEVELS)),
        "marked_regime": maybe(one_of(REGIMES)),
        "designated": maybe(one_of(REGIMES)),
        "designated_level": maybe(one_of(LEVELS)),
        "registered": st.booleans(),
    }
)


@given(situations(), houses, private)
def test_what_only_one_house_knows_never_enters_the_common_judgement(situation, house, facts):
    entry, case = situation
    other = structs.replace(case, house=house)
    if case.item is not UNSET:
        other = structs.replace(other, item=structs.replace(case.item, **facts))
    here, there = (judged(entry, seen_by_both(one)) for one in (case, other))
    assert judgement_digest(here) == judgement_digest(there)


@given(situations())
def test_tokyo_never_passes_on_koreas_item_on_its_own_word(situation):
    entry, case = situation
    if not isinstance(entry.deed, deeds.Release) or case.item is UNSET:
        return
    item = structs.replace(
        case.item, originator=PARTIES[0], provider=PARTIES[1], receiver=PARTIES[2]
    )
    case = structs.replace(case, acting=PARTIES[1], counterpart=PARTIES[2], item=item, consents=())
    texts = Texts(hop=None, origins=((PACT, case),), ground=GROUND, profile=None)
    found = judge(texts, entry, case, voice=Voice.COMMON)
    assert found.outcome is Outcome.UNLAWFUL
    codes = {one.reason.code: one for one in found.findings}
    assert "ground.agreement.none" in codes
    if "third-party.not-releasable" not in codes:
        assert codes["third-party.approval"].article == "6(a)"
        assert codes["third-party.approval"].remedy.to == PARTIES[0]


LINES = SOURCE.split("\n")
SCRAPS = st.one_of(
    one_of(LINES),
    one_of(["```", "[[clause]]", "[clause]", "## Article 6 · X {#6}", "clause = 1", "= ", "[a.b]"]),
    st.text(max_size=20),
)


@settings(max_examples=60)
@given(st.integers(0, len(LINES) - 1), SCRAPS, st.booleans())
def test_a_damaged_text_parses_or_is_complained_of_and_nothing_else(place, scrap, replace):
    lines = [*LINES[:place], scrap, *LINES[place + replace :]]
    try:
        meta, articles, clauses = parse("\n".join(lines), file="agreement.md")
    except InvalidAgreement as error:
        for one in error.complaints:
            assert 1 <= one.line <= len("\n".join(lines).split("\n")) + 1
            assert one.said
            assert one.instead
    else:
        assert meta.id
        assert {one.article.partition("(")[0] for one in clauses} <= {o.number for o in articles}
