"""Each clause of the 2016 text: what it permits, asks for and forbids, by itself."""

from importlib.resources import files

import msgspec
import pytest
from msgspec import UNSET, structs

from comity.acts import deeds
from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.entries import Entry
from comity.acts.judgements import Verdict, conclude
from comity.acts.parts import Item, Label, Position
from comity.agreement.case import (
    ApprovalFact,
    AssuranceFact,
    Case,
    ConsentFact,
    HouseFacts,
    ItemFacts,
    PersonFacts,
    Standing,
)
from comity.agreement.clauses import Voice
from comity.agreement.clauses.equivalence import Corresponding, Equivalence, Tier
from comity.agreement.clauses.incidents import Incident
from comity.agreement.clauses.receipt import Receipt
from comity.agreement.parsing import parse
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
CLAUSES = {one.type: one for one in parse(SOURCE, file="agreement.md")[2]}

KOR, JPN, USA = Party("KOR"), Party("JPN"), Party("USA")
KDIA, DIH, MOD = Office("KOR/KDIA"), Office("JPN/DIH"), Office("JPN/MOD")
AT = Instant("2026-11-24T09:00:00.000Z")
LATER, EARLIER = Instant("2027-01-01T00:00:00.000Z"), Instant("2026-01-01T00:00:00.000Z")
MIL1, MIL2, MIL3 = Level("KOR:mil-1"), Level("KOR:mil-2"), Level("KOR:mil-3")
HI, GOKUHI, TOKUTEI = Level("JPN:hi"), Level("JPN:gokuhi"), Level("JPN:tokutei-himitsu")
TOKUTEI_LAW = Regime("JPN:tokutei-himitsu")
NOTHING = Digest("sha384:" + "0" * 96)
POSITION = Position(log=correspondence(KOR, JPN), index=4)
IN_FORCE = ((JPN, Standing.IN_FORCE), (KOR, Standing.IN_FORCE))

OFFERED = ItemFacts(
    originator=KOR,
    provider=KOR,
    receiver=JPN,
    level=MIL2,
    subject=Subject("dprk.missile.launch"),
    form=Form.ELECTRONIC,
    purpose=Purpose("defence.missile-warning"),
    offices=(DIH,),
    pages=4,
    annexes=1,
)
HELD = structs.replace(OFFERED, provided=True, registered=True)
DECIDED = ApprovalFact(person="park", office=KDIA, roles=(Role.RELEASING,))
WORD = AssuranceFact(
    offices=(DIH,), level=GOKUHI, until=LATER, cleared=True, needed=True, protected=True
)
CORE = Item(
    reference=Reference("KOR-1"),
    originator=KOR,
    providing=KOR,
    label=Label(level=MIL2, releasable=(), caveats=()),
    subject=OFFERED.subject,
    form=OFFERED.form,
    pages=4,
    annexes=1,
    plaintext=NOTHING,
    sources=(),
)


def stamped(deed):
    return Entry(deed=deed, at=AT, salt=bytes(16))


def release(by=KDIA, to=JPN, offices=(DIH,)):
    return stamped(
        deeds.Release(
            by=by,
            to=to,
            article=Article("1"),
            agreement=NOTHING,
            offices=offices,
            item=CORE,
            purpose=OFFERED.purpose,
            particulars=NOTHING,
        )
    )


def on_item(kind, by=DIH, **fields):
    return stamped(
        kind(by=by, to=KOR, article=Article("4"), agreement=NOTHING, item=POSITION, **fields)
    )


def receipt(by=DIH, **fields):
    terms = {"stage": Stage.DOCUMENT, "copy": 1, "pages": 4, "annexes": 1, "reserve": ()}
    return on_item(deeds.Receipt, by=by, number=Reference("JPN-1"), **{**terms, **fields})


def assign():
    return on_item(deeds.Assign, office=DIH, person=PersonId("ito"))


def opened():
    return on_item(deeds.Access, person=PersonId("ito"))


def providing(item=OFFERED, **facts):
    terms = {
        "views": IN_FORCE,
        "approvals": (DECIDED,),
        "assurances": (WORD,),
        "notified": (KDIA, DIH),
        "sealed": True,
    }
    return Case(acting=KOR, counterpart=JPN, at=AT, item=item, **{**terms, **facts})


def holding(item=HELD, **facts):
    terms = {"views": IN_FORCE, "notified": (DIH, MOD), "designating": (MOD,)}
    return Case(acting=JPN, counterpart=KOR, at=AT, item=item, **{**terms, **facts})


def passing_on(to=USA, **facts):
    item = structs.replace(OFFERED, provider=JPN, receiver=to, offices=(Office(f"{to}/ANY"),))
    terms = {"views": IN_FORCE, "sealed": True, "item": item}
    return Case(acting=JPN, counterpart=to, at=AT, **{**terms, **facts})


def item(**changes):
    return structs.replace(OFFERED, **changes)


def held(**changes):
    return structs.replace(HELD, **changes)


def said(clause, entry, case):
    """Return a clause's verdict, its code without the heading, and the remedy's act."""
    finding = CLAUSES[clause].judge(entry, case)
    if finding is None:
        return None
    assert finding.agreement == "KOR-JPN-GSOMIA"
    assert finding.clause == clause
    assert finding.article == CLAUSES[clause].article
    # A requirement is exactly what has a remedy, and a judgement is read again from its bytes.
    assert (finding.verdict is Verdict.REQUIRES) == (finding.remedy is not UNSET)
    assert msgspec.json.decode(msgspec.json.encode(finding), type=type(finding)) == finding
    code = finding.reason.code.partition(".")[2]
    act = "" if finding.remedy is UNSET else f" -> {finding.remedy.act} by {finding.remedy.by}"
    return f"{finding.verdict.value} {code}{act}"


def test_an_ordinary_release_meets_every_clause_and_discretion_alone_permits_it():
    found = {name: said(name, release(), providing()) for name in CLAUSES}
    assert {name: one for name, one in found.items() if one} == {"discretion": "permits approved"}


# --- Articles 1 and 2 ------------------------------------------------------------------------


@pytest.mark.obligation("GSOMIA-1-2")
@pytest.mark.obligation("SEED-3")
@pytest.mark.parametrize(
    "approval",
    [
        None,
        structs.replace(DECIDED, roles=(Role.DESK, Role.CUSTODIAN)),
        structs.replace(DECIDED, office=DIH),
    ],
)
def test_without_a_releasing_authoritys_decision_nothing_is_released(approval):
    case = providing(approvals=() if approval is None else (approval,))
    assert said("discretion", release(), case) == "requires approval -> release.approve by KOR"


def test_two_approvals_are_of_two_persons():
    clause = structs.replace(CLAUSES["discretion"], approvals=2)
    twice = providing(approvals=(DECIDED, structs.replace(DECIDED, office=KDIA)))
    two = providing(approvals=(DECIDED, structs.replace(DECIDED, person="lee")))
    assert clause.judge(release(), twice).verdict is Verdict.REQUIRES
    assert clause.judge(release(), two).verdict is Verdict.PERMITS


@pytest.mark.obligation("SEED-1")
@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("dprk.nuclear", None),
        ("dprk", None),
        ("dprkx.nuclear", "forbids subject"),
        ("economy.trade", "forbids subject"),
    ],
)
def test_a_subject_is_within_the_agreement_or_outside(subject, expected):
    assert said("scope", release(), providing(item(subject=Subject(subject)))) == expected


@pytest.mark.obligation("GSOMIA-2-2")
def test_all_seven_forms_are_within_and_a_form_left_out_is_not():
    scope = CLAUSES["scope"]
    assert set(scope.forms) == set(Form)
    narrow = structs.replace(scope, forms=(Form.ORAL,))
    assert narrow.judge(release(), providing()).reason.code == "scope.form"


@pytest.mark.obligation("GSOMIA-2-4")
@pytest.mark.parametrize(("notified", "by"), [((DIH,), "KOR"), ((KDIA,), "JPN"), ((), "KOR")])
def test_an_office_that_was_not_notified_neither_acts_nor_is_addressed(notified, by):
    found = said("authorities", release(), providing(notified=notified))
    assert found == f"requires not-notified -> treaty.notify-authority by {by}"


# --- Article 4 -------------------------------------------------------------------------------


@pytest.mark.obligation("GSOMIA-4-1")
@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (MIL2, None),
        (MIL3, None),
        (HI, None),
        (TOKUTEI, None),
        (MIL1, "forbids unmapped"),
        (Level("JPN:kimitsu"), "forbids unmapped"),
    ],
)
def test_two_levels_cross_and_nothing_above_them(level, expected):
    assert said("equivalence", release(), providing(item(level=level))) == expected


def mark(level, regime=UNSET, designation=UNSET):
    return on_item(deeds.ReMark, level=level, regime=regime, designation=designation)


@pytest.mark.obligation("GSOMIA-4-3")
@pytest.mark.parametrize(
    ("facts", "entry", "expected"),
    [
        ({"level": MIL3}, mark(HI), "permits marked"),
        ({"level": MIL3}, mark(GOKUHI), "forbids not-corresponding"),
        ({"level": MIL3}, mark(Level("JPN:none")), "forbids not-corresponding"),
        ({}, mark(HI), "forbids not-corresponding"),
        ({}, mark(GOKUHI), "permits marked-as-fallback"),
        ({}, mark(TOKUTEI), "forbids not-corresponding"),
        (
            {},
            mark(TOKUTEI, TOKUTEI_LAW),
            "requires designation -> register.designate by JPN",
        ),
        (
            {"designated": TOKUTEI_LAW, "designated_level": TOKUTEI},
            mark(TOKUTEI, TOKUTEI_LAW, POSITION),
            "permits marked-as-designated",
        ),
        (
            {"designated": TOKUTEI_LAW, "designated_level": TOKUTEI},
            mark(TOKUTEI, TOKUTEI_LAW),
            "forbids other-than-designated",
        ),
        (
            {"designated": TOKUTEI_LAW, "designated_level": TOKUTEI},
            mark(GOKUHI),
            "forbids other-than-designated",
        ),
    ],
)
def test_a_received_item_is_marked_with_the_level_that_corresponds(facts, entry, expected):
    assert said("equivalence", entry, holding(held(**facts))) == expected


@pytest.mark.obligation("GSOMIA-4-5")
@pytest.mark.parametrize(
    ("by", "regime", "level", "until", "expected"),
    [
        (MOD, TOKUTEI_LAW, TOKUTEI, LATER, "permits designated"),
        (DIH, TOKUTEI_LAW, TOKUTEI, LATER, "forbids not-designating"),
        (MOD, Regime("JPN:other"), TOKUTEI, LATER, "forbids regime"),
        (MOD, TOKUTEI_LAW, HI, LATER, "forbids regime"),
        (MOD, TOKUTEI_LAW, TOKUTEI, EARLIER, "forbids term-over"),
    ],
)
def test_the_empowered_officer_designates_for_a_term(by, regime, level, until, expected):
    entry = on_item(deeds.Designate, by=by, regime=regime, level=level, until=until)
    assert said("equivalence", entry, holding()) == expected


@pytest.mark.obligation("GSOMIA-4-6")
def test_when_a_designation_ends_an_item_falls_to_gokuhi_and_never_lower():
    ended = held(marked=TOKUTEI, marked_regime=TOKUTEI_LAW)
    assert said("equivalence", mark(GOKUHI), holding(ended)) == "permits marked-as-fallback"
    assert said("equivalence", mark(HI), holding(ended)) == "forbids not-corresponding"


@pytest.mark.obligation("GSOMIA-4-7")
def test_back_with_its_originator_an_item_has_its_own_level_again():
    returned = held(originator=JPN, level=TOKUTEI)
    assert said("equivalence", mark(TOKUTEI, TOKUTEI_LAW), holding(returned)) == "permits marked"
    assert said("equivalence", mark(GOKUHI), holding(returned)) == "forbids not-corresponding"


def test_a_level_is_dated():
    before = structs.replace(holding(), at=Instant("2014-12-09T14:59:59.999Z"))
    assert said("equivalence", mark(TOKUTEI, TOKUTEI_LAW), before) == "forbids not-corresponding"


def three_rows(**terms):
    levels = {
        "TOP SECRET": (Corresponding(MIL1), Corresponding(Level("GBR:top-secret"))),
        "SECRET": (Corresponding(MIL2), Corresponding(Level("GBR:secret"))),
        "CONFIDENTIAL": (Corresponding(MIL3),),
    }
    rows = tuple(
        Tier(name=name, rank=3 - place, levels=row)
        for place, (name, row) in enumerate(levels.items())
    )
    return Equivalence(article=Article("4"), tiers=rows, **terms)


def to_britain(level, form=Form.ELECTRONIC):
    return providing(item(receiver=Party("GBR"), level=level, form=form))


@pytest.mark.parametrize(
    ("terms", "level", "form", "code"),
    [
        ({"cap": "SECRET"}, MIL1, Form.ELECTRONIC, "above-cap"),
        ({"cap": "SECRET"}, MIL2, Form.ELECTRONIC, None),
        ({}, MIL1, Form.ELECTRONIC, None),
        ({"electronic_cap": "SECRET"}, MIL1, Form.ELECTRONIC, "above-electronic-cap"),
        ({"electronic_cap": "SECRET"}, MIL1, Form.DOCUMENTARY, None),
        ({"unmapped": "refuse"}, MIL3, Form.ELECTRONIC, "no-level-there"),
        ({"unmapped": "one-up"}, MIL3, Form.ELECTRONIC, None),
        ({"unmapped": "handling"}, MIL3, Form.ELECTRONIC, None),
        ({"unmapped": "handling"}, Level("KOR:none"), Form.ELECTRONIC, "unmapped"),
    ],
)
def test_caps_and_missing_levels_of_other_agreements(terms, level, form, code):
    found = three_rows(**terms).judge(release(), to_britain(level, form))
    assert (found and found.reason.code) == (code and f"equivalence.{code}")


@pytest.mark.parametrize(
    ("unmapped", "marked", "verdict"),
    [
        ("one-up", "GBR:secret", Verdict.PERMITS),
        ("one-up", "GBR:top-secret", Verdict.FORBIDS),
        ("handling", "KOR:mil-3", Verdict.PERMITS),
        ("refuse", "GBR:secret", Verdict.FORBIDS),
    ],
)
def test_where_a_level_is_missing_the_item_is_protected_as_the_agreement_says(
    unmapped, marked, verdict
):
    case = structs.replace(holding(held(level=MIL3)), acting=Party("GBR"))
    found = three_rows(unmapped=unmapped).judge(mark(Level(marked)), case)
    assert found.verdict is verdict


@pytest.mark.parametrize("terms", [{"cap": "COSMIC"}, {"electronic_cap": "secret"}])
def test_a_cap_that_names_no_row_is_refused(terms):
    with pytest.raises(ValueError, match="none of the rows"):
        three_rows(**terms)


@pytest.mark.obligation("GSOMIA-4-2")
def test_nothing_is_distributed_before_it_is_marked_and_marking_is_owed():
    first = "requires first -> register.re-mark by JPN"
    assert said("marking", assign(), holding()) == first
    assert said("marking", opened(), holding()) == first
    assert said("marking", assign(), holding(held(marked=GOKUHI))) is None
    (duty,) = CLAUSES["marking"].duties(release(), providing())
    assert (duty.who, duty.what, duty.article) == (JPN, "register.re-mark", "4")


def test_whether_it_is_marked_before_its_receipt_only_the_receivers_house_can_know():
    clause = CLAUSES["marking-before-receipt"]
    assert clause.voice is Voice.DOMESTIC
    found = said("marking-before-receipt", receipt(), holding())
    assert found == "requires first -> register.re-mark by JPN"
    assert said("marking-before-receipt", receipt(), holding(held(marked=GOKUHI))) is None
    assert said("marking-before-receipt", receipt(stage=Stage.PACKAGE), holding()) is None


# --- Article 6 -------------------------------------------------------------------------------


def consent(**changes):
    return structs.replace(
        ConsentFact(originator=KOR, uses="third-party", third_party=USA, until=LATER), **changes
    )


ASK = "requires approval -> consent.ask by JPN"


@pytest.mark.obligation("GSOMIA-6-a")
@pytest.mark.obligation("GSOMIA-6-i")
@pytest.mark.parametrize(
    ("consents", "expected"),
    [
        ((), ASK),
        ((consent(),), "permits approved"),
        ((consent(until=UNSET),), "permits approved"),
        ((consent(until=EARLIER),), ASK.replace("approval", "consent-expired")),
        ((consent(until=AT),), ASK.replace("approval", "consent-expired")),
        ((consent(third_party=Party("AUS")),), ASK.replace("approval", "consent-other-use")),
        ((consent(third_party=UNSET),), ASK.replace("approval", "consent-other-use")),
        ((consent(originator=JPN),), ASK),
        ((consent(uses="purpose"),), ASK),
    ],
)
def test_an_item_goes_on_only_with_its_originators_approval(consents, expected):
    entry = release(by=DIH, to=USA, offices=(Office("USA/ANY"),))
    assert said("third-party", entry, passing_on(consents=consents)) == expected


def test_the_approval_is_asked_of_the_originator():
    finding = CLAUSES["third-party"].judge(release(by=DIH, to=USA), passing_on())
    assert (finding.remedy.by, finding.remedy.to) == (JPN, KOR)


def test_giving_it_back_to_the_originator_asks_for_nothing():
    assert said("third-party", release(by=DIH, to=KOR), passing_on(to=KOR)) is None


def test_an_item_never_goes_to_a_party_that_its_label_leaves_out():
    for allowed, expected in (((USA,), "forbids not-releasable"), ((JPN, USA), None)):
        assert said("third-party", release(), providing(item(releasable=allowed))) == expected


@pytest.mark.parametrize(
    ("terms", "verdict"),
    [
        ({"consent": "none"}, Verdict.FORBIDS),
        ({"consent": "standing-list", "standing": (USA,)}, Verdict.PERMITS),
        ({"consent": "standing-list", "standing": (JPN,)}, Verdict.REQUIRES),
    ],
)
def test_other_agreements_forbid_it_or_keep_a_list(terms, verdict):
    clause = structs.replace(CLAUSES["third-party"], **terms)
    assert clause.judge(release(by=DIH, to=USA), passing_on()).verdict is verdict


@pytest.mark.obligation("GSOMIA-6-c")
@pytest.mark.parametrize(
    ("purpose", "given", "consents", "expected"),
    [
        ("defence.missile-warning", UNSET, (), None),
        ("defence.missile-warning", "defence.missile-warning", (), None),
        ("defence.missile-warning", "defence", (), None),
        ("defence.planning", "defence.missile-warning", (), ASK),
        ("trade", UNSET, (), ASK),
        (
            "defence.planning",
            "defence.missile-warning",
            (consent(uses="purpose", purpose=Purpose("defence.planning")),),
            None,
        ),
        (
            "defence.planning",
            "defence.missile-warning",
            (consent(uses="purpose", purpose=Purpose("defence.other")),),
            ASK.replace("approval", "consent-other-use"),
        ),
    ],
)
def test_another_purpose_needs_the_originators_approval(purpose, given, consents, expected):
    case = passing_on(consents=consents)
    facts = structs.replace(case.item, purpose=Purpose(purpose), origin_purpose=given)
    case = structs.replace(case, item=facts)
    assert said("purpose", release(by=DIH, to=USA), case) == expected


def test_the_originator_itself_states_a_purpose_of_the_agreement():
    case = providing(item(purpose=Purpose("trade")))
    assert said("purpose", release(), case) == "forbids outside"


# --- Article 7 -------------------------------------------------------------------------------


def person(cleared=(), needs=(), office=DIH, roles=(Role.OFFICIAL,)):
    return PersonFacts(
        office=office,
        roles=roles,
        cleared=cleared,
        needs=tuple(Subject(one) for one in needs),
    )


def entrusted(who, marked=GOKUHI, *, assigned=True):
    house = HouseFacts(person=who, assigned=assigned)
    return holding(held(marked=marked), house=house)


@pytest.mark.obligation("GSOMIA-7-1")
def test_a_minister_is_not_entitled_by_rank_nor_by_clearance_alone():
    minister = person(cleared=(TOKUTEI,), office=MOD, roles=tuple(Role))
    found = said("access", assign(), entrusted(minister))
    assert found == "requires rank-never-suffices -> people.need-to-know by JPN"


@pytest.mark.obligation("GSOMIA-7-2")
@pytest.mark.parametrize(
    ("who", "marked", "expected"),
    [
        (person((GOKUHI,), ("dprk.missile",)), GOKUHI, "permits entitled"),
        (person((TOKUTEI,), ("dprk",)), GOKUHI, "permits entitled"),
        (person((GOKUHI,), ("dprk",)), HI, "permits entitled"),
        (
            person((HI,), ("dprk",)),
            GOKUHI,
            "requires not-cleared -> people.clear by JPN",
        ),
        (
            person((GOKUHI,), ("dprk",)),
            TOKUTEI,
            "requires not-cleared -> people.clear by JPN",
        ),
        (
            person((MIL2,), ("dprk",)),
            GOKUHI,
            "requires not-cleared -> people.clear by JPN",
        ),
        (person((), ()), GOKUHI, "requires no-need-to-know -> people.need-to-know by JPN"),
        (
            person((), ("dprk.missile.launch.other",)),
            GOKUHI,
            "requires no-need-to-know -> people.need-to-know by JPN",
        ),
        (person((GOKUHI,), ("dprk",), office=KDIA), GOKUHI, "forbids not-of-this-house"),
        (UNSET, GOKUHI, "forbids not-of-this-house"),
        (person((GOKUHI,), ("dprk",)), UNSET, None),
    ],
)
def test_who_sees_an_item_is_cleared_and_needs_it(who, marked, expected):
    assert said("access", assign(), entrusted(who, marked)) == expected
    assert said("access", opened(), entrusted(who, marked)) == expected


def test_an_item_is_opened_by_whom_it_is_assigned_to():
    case = entrusted(person((GOKUHI,), ("dprk",)), assigned=False)
    assert said("access", assign(), case) == "permits entitled"
    assert said("access", opened(), case) == "requires not-assigned -> register.assign by JPN"


def test_nobody_sees_what_this_house_was_not_given():
    house = HouseFacts(person=person((MIL2,), ("dprk",)), assigned=True)
    mine = structs.replace(holding(house=house), acting=KOR)
    assert said("access", opened(), mine) == "forbids not-received"
    assert said("access", opened(), holding(item=UNSET, house=house)) == "forbids no-item"


@pytest.mark.obligation("GSOMIA-7-5")
@pytest.mark.parametrize(
    ("words", "level", "expected"),
    [
        ((WORD,), MIL2, None),
        ((structs.replace(WORD, level=TOKUTEI),), MIL2, None),
        ((structs.replace(WORD, level=HI),), MIL3, None),
        ((WORD,), MIL3, None),
        ((), MIL2, "missing"),
        ((structs.replace(WORD, level=HI),), MIL2, "missing"),
        ((structs.replace(WORD, offices=(MOD,)),), MIL2, "missing"),
        ((structs.replace(WORD, until=AT),), MIL2, "missing"),
        ((structs.replace(WORD, cleared=False),), MIL2, "missing"),
        ((structs.replace(WORD, needed=False),), MIL2, "missing"),
        ((structs.replace(WORD, protected=False),), MIL2, "missing"),
    ],
)
def test_the_receivers_word_comes_before_the_first_release(words, level, expected):
    found = said("assurance", release(), providing(item(level=level), assurances=words))
    assert found == (expected and f"requires {expected} -> people.assure by JPN")


def test_every_addressed_office_is_assured():
    two = item(offices=(DIH, MOD))
    assert said("assurance", release(), providing(two)) is not None
    both = structs.replace(WORD, offices=(DIH, MOD))
    assert said("assurance", release(), providing(two, assurances=(both,))) is None


# --- Article 12 ------------------------------------------------------------------------------


@pytest.mark.obligation("GSOMIA-12-c")
@pytest.mark.parametrize(
    ("facts", "sealed", "expected"),
    [
        ({}, True, None),
        ({}, False, "forbids unsealed"),
        ({"form": Form.EQUIPMENT}, False, "permits by-courier"),
        ({"form": Form.MAGNETIC}, True, "forbids form"),
        ({"offices": (DIH, KDIA)}, True, "forbids addressee"),
    ],
)
def test_what_a_node_sends_is_sealed_and_addressed_to_the_receiver(facts, sealed, expected):
    case = providing(item(**facts), sealed=sealed)
    assert said("transmission", release(), case) == expected


SIGNED = (ApprovalFact(person="mori", office=DIH, roles=(Role.CUSTODIAN,)),)
REGISTRAR = (ApprovalFact(person="mori", office=DIH, roles=(Role.REGISTRY,)),)
ELSEWHERE = (ApprovalFact(person="mori", office=MOD, roles=(Role.CUSTODIAN,)),)


@pytest.mark.obligation("GSOMIA-12-a3")
@pytest.mark.obligation("GSOMIA-12-a4")
@pytest.mark.parametrize(
    ("entry", "approvals", "expected"),
    [
        (receipt(), SIGNED, "permits clear"),
        (receipt(), (), "requires unsigned -> delivery.receipt by JPN"),
        (receipt(), REGISTRAR, "requires unsigned -> delivery.receipt by JPN"),
        (receipt(), ELSEWHERE, "requires unsigned -> delivery.receipt by JPN"),
        (receipt(by=MOD), ELSEWHERE, "forbids not-the-addressed-office"),
        (receipt(pages=3), SIGNED, "forbids count-without-reserve"),
        (receipt(annexes=0), SIGNED, "forbids count-without-reserve"),
        (receipt(pages=3, reserve=(Reserve.SHORT,)), SIGNED, "permits reserve"),
        (receipt(copy=2), SIGNED, "forbids copy-number"),
        (receipt(stage=Stage.PACKAGE), (), "permits package"),
    ],
)
def test_the_custodian_of_the_addressed_office_signs_after_counting(entry, approvals, expected):
    assert said("receipt", entry, holding(approvals=approvals)) == expected


def test_only_the_receiver_signs_for_an_item_and_only_for_one_that_came():
    other = held(receiver=KOR)
    assert said("receipt", receipt(), holding(other, approvals=SIGNED)) == (
        "forbids not-the-receiver"
    )
    assert said("receipt", receipt(), holding(UNSET, approvals=SIGNED)) == "forbids not-provided"


def receipts(**terms):
    return Receipt(article=Article("12"), **terms)


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ({"days": 14}, 14),
        ({"days": 0}, 0),
        # 24 November 2026 is a Tuesday: three working days later is Friday, four is Monday.
        ({"days": 3, "working_days": True}, 3),
        ({"days": 4, "working_days": True}, 6),
        ({"days": 9, "working_days": True}, 13),
        ({"days": 14, "due": "from-level", "from_levels": (MIL2,)}, 14),
        ({"days": 14, "due": "from-level", "from_levels": (MIL3,)}, None),
        ({"days": 14, "due": "never"}, None),
    ],
)
def test_a_receipt_is_owed_within_the_days_of_the_agreement(terms, days):
    found = receipts(**terms).duties(release(), providing())
    assert [one.within for one in found] == ([] if days is None else [days * 86400])
    assert all((one.who, one.what) == (JPN, "delivery.receipt") for one in found)


def query(within):
    return [(KOR, "delivery.query", within, UNSET)]


@pytest.mark.parametrize(
    ("terms", "entry", "owed"),
    [
        ({}, receipt(pages=3, reserve=(Reserve.SHORT,)), []),
        ({"query_days": 5}, receipt(), []),
        ({"query_days": 5}, receipt(pages=3, reserve=(Reserve.SHORT,)), query(5 * 86400)),
        ({"query_days": 5}, receipt(copy=7, reserve=(Reserve.UNREADABLE,)), query(5 * 86400)),
        (
            {"query_days": 5},
            receipt(reserve=(Reserve.DAMAGED, Reserve.MISDIRECTED)),
            [(JPN, "delivery.return", 14 * 86400, UNSET)],
        ),
    ],
)
def test_a_reserve_is_a_query_to_the_provider_where_the_text_says_in_how_many_days(
    terms, entry, owed
):
    found = receipts(**terms).duties(entry, holding())
    assert [(one.who, one.what, one.within, one.after) for one in found] == owed


@pytest.mark.parametrize(
    ("terms", "reserve", "owed"),
    [
        ({}, Reserve.SHORT, []),
        ({"unanswered": "receiver"}, None, []),
        ({"unanswered": "receiver"}, Reserve.SHORT, [(JPN, 0, "delivery.query")]),
        (
            {"unanswered": "provider", "within_hours": 2},
            Reserve.SHORT,
            [(KOR, 7200, "delivery.query")],
        ),
        ({"unanswered": "receiver"}, Reserve.MISDIRECTED, [(JPN, 0, "delivery.return")]),
    ],
)
def test_a_possible_loss_is_told_by_whom_the_text_says_once_a_query_is_overdue(
    terms, reserve, owed
):
    clause = Incident(article=Article("17"), **terms)
    entry = receipt(reserve=() if reserve is None else (reserve,))
    found = clause.duties(entry, holding())
    assert [(one.who, one.within, one.after) for one in found] == owed
    assert all(one.what == "incident.report" for one in found)


def test_what_follows_a_duty_that_no_clause_makes_is_not_owed():
    permitted = CLAUSES["survival"].permits("protects")
    clause = Incident(article=Article("17"), unanswered="receiver")
    short = receipt(reserve=(Reserve.SHORT,))
    (later,) = clause.duties(short, holding())
    assert conclude((permitted,), (later,)).duties == ()
    (first,) = receipts(query_days=5).duties(short, holding())
    assert conclude((permitted,), (first, later)).duties == (first, later)


# --- Article 21 ------------------------------------------------------------------------------


def views(kor, jpn):
    return ((JPN, jpn), (KOR, kor))


@pytest.mark.obligation("GSOMIA-21-1")
@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (IN_FORCE, None),
        ((), "forbids unknown"),
        (
            views(Standing.UNKNOWN, Standing.IN_FORCE),
            "requires not-in-force -> treaty.propose by KOR",
        ),
        (
            views(Standing.IN_FORCE, Standing.PROPOSED),
            "requires not-in-force -> treaty.sign by KOR",
        ),
        (
            views(Standing.SIGNED, Standing.SIGNED),
            "requires not-in-force -> treaty.notify-requirements-met by KOR",
        ),
        (views(Standing.IN_FORCE, Standing.SURVIVAL), "forbids lapsed"),
    ],
)
def test_nothing_is_provided_unless_it_is_in_force_in_every_view(seen, expected):
    assert said("entry-into-force", release(), providing(views=seen)) == expected


ASSURE = stamped(
    deeds.Assure(
        by=DIH,
        to=KOR,
        article=Article("7(5)"),
        agreement=NOTHING,
        offices=(DIH,),
        level=GOKUHI,
        until=LATER,
        cleared=True,
        needed=True,
        protected=True,
    )
)


@pytest.mark.parametrize(
    ("seen", "provided", "verdict"),
    [
        (views(Standing.SIGNED, Standing.IN_FORCE), UNSET, "permits"),
        (views(Standing.IN_FORCE, Standing.SIGNED), UNSET, "requires"),
        (views(Standing.SURVIVAL, Standing.SURVIVAL), UNSET, "forbids"),
        (views(Standing.SURVIVAL, Standing.SURVIVAL), HELD, "permits"),
        ((), UNSET, "requires"),
    ],
)
def test_other_acts_need_it_in_force_in_their_authors_view(seen, provided, verdict):
    found = said("entry-into-force", ASSURE, holding(provided, views=seen))
    assert found.split()[0] == verdict


@pytest.mark.obligation("GSOMIA-21-4")
@pytest.mark.parametrize("entry", [receipt(), assign(), opened(), mark(GOKUHI)])
@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (views(Standing.SURVIVAL, Standing.SURVIVAL), "permits protects"),
        (views(Standing.SIGNED, Standing.IN_FORCE), "permits protects"),
        (views(Standing.SIGNED, Standing.PROPOSED), "forbids never-in-force"),
        ((), "forbids never-in-force"),
    ],
)
def test_what_protects_goes_on_in_any_view_and_after_the_end(entry, seen, expected):
    assert said("survival", entry, holding(views=seen)) == expected


def test_what_protects_concerns_an_item_that_this_party_was_given():
    assert said("survival", assign(), holding(item=UNSET)) == "forbids not-provided"
    assert said("survival", assign(), holding(OFFERED)) == "forbids not-provided"
    assert said("survival", mark(GOKUHI), holding(held(receiver=KOR))) == "forbids not-the-holder"
    assert said("survival", release(), providing()) is None
