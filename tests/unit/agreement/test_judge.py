"""Whole judgements: several agreements at once, two voices, the ground rules beside them."""

from importlib.resources import files

import pytest
from msgspec import UNSET, structs

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.acts.entries import Entry
from comity.acts.judgements import Outcome, Verdict, judgement_digest
from comity.acts.kinds import KINDS, Family
from comity.acts.parts import Item, Label, Position, RefusedLeaf
from comity.agreement.case import (
    ApprovalFact,
    AssuranceFact,
    Case,
    ConsentFact,
    CutFacts,
    InstrumentFact,
    ItemFacts,
    Standing,
)
from comity.agreement.clauses import Voice
from comity.agreement.gather import seen_by_both
from comity.agreement.ground import GROUND, INSTRUMENT_ARTICLE, LINK_ARTICLE
from comity.agreement.judge import Texts, judge
from comity.agreement.profile import open_profile
from comity.agreement.text import bundle_bytes, open_bundle
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reason,
    Reference,
    Subject,
)

TEXTS = files("comity.agreement").joinpath("texts")
PACT = open_bundle(
    bundle_bytes(TEXTS.joinpath("KOR-JPN-GSOMIA-2016/agreement.md").read_bytes(), b"", {})
)
SEOUL = open_profile(TEXTS.joinpath("profile-KOR.md").read_bytes())

KOR, JPN, USA, AUS = Party("KOR"), Party("JPN"), Party("USA"), Party("AUS")
KDIA, DIH = Office("KOR/KDIA"), Office("JPN/DIH")
AT, LATER = Instant("2026-11-24T09:00:00.000Z"), Instant("2027-01-01T00:00:00.000Z")
NOTHING = Digest("sha384:" + "0" * 96)
ELSEWHERE = Position(log=correspondence(KOR, JPN), index=7)


def texts(hop=PACT, origins=(), profile=None):
    return Texts(hop=hop, origins=origins, ground=GROUND, profile=profile)


def release(by=KDIA, to=JPN, agreement=PACT.digest, origin=UNSET, not_after=UNSET):
    party = Party(by.partition("/")[0])
    office = DIH if to == JPN else Office(f"{to}/ANY")
    deed = deeds.Release(
        by=by,
        to=to,
        article=Article("1"),
        agreement=agreement,
        not_after=not_after,
        offices=(office,),
        item=Item(
            reference=Reference("KOR-1"),
            originator=KOR,
            providing=party,
            label=Label(level=Level("KOR:mil-2"), releasable=(), caveats=()),
            subject=Subject("dprk.missile.launch"),
            form=Form.ELECTRONIC,
            pages=4,
            annexes=0,
            plaintext=NOTHING,
            sources=(),
        ),
        purpose=Purpose("defence.missile-warning"),
        particulars=NOTHING,
        origin=origin,
    )
    return Entry(deed=deed, at=AT, salt=bytes(16))


def case_of(acting=KOR, counterpart=JPN, **changes):
    office = DIH if counterpart == JPN else Office(f"{counterpart}/ANY")
    mine = KDIA if acting == KOR else DIH
    facts = Case(
        acting=acting,
        counterpart=counterpart,
        at=AT,
        cut=CutFacts(age=60, directory=True),
        views=((JPN, Standing.IN_FORCE), (KOR, Standing.IN_FORCE)),
        item=ItemFacts(
            originator=KOR,
            provider=acting,
            receiver=counterpart,
            level=Level("KOR:mil-2"),
            subject=Subject("dprk.missile.launch"),
            form=Form.ELECTRONIC,
            purpose=Purpose("defence.missile-warning"),
            offices=(office,),
            pages=4,
        ),
        approvals=(ApprovalFact(person="park", office=mine, roles=(Role.RELEASING,)),),
        assurances=(
            AssuranceFact(
                offices=(DIH,),
                level=Level("JPN:gokuhi"),
                until=LATER,
                cleared=True,
                needed=True,
                protected=True,
            ),
        ),
        notified=(KDIA, DIH),
        sealed=True,
    )
    return structs.replace(facts, **changes)


def common(entry=None, case=None, **kinds):
    return judge(texts(**kinds), entry or release(), case or case_of(), voice=Voice.COMMON)


def codes(judgement):
    return [one.reason.code for one in judgement.findings]


def test_an_ordinary_release_is_lawful_and_obliges_the_receiver():
    found = common()
    assert found.outcome is Outcome.LAWFUL
    assert codes(found) == ["discretion.approved"]
    assert [(one.who, one.what) for one in found.duties] == [
        (JPN, "register.re-mark"),
        (JPN, "delivery.receipt"),
    ]


@pytest.mark.obligation("GSOMIA-6-a")
@pytest.mark.parametrize("third", [USA, AUS])
def test_tokyo_may_not_pass_on_koreas_item_and_the_missing_agreement_hides_nothing(third):
    case = case_of(JPN, third, views=(), notified=())
    found = common(release(DIH, third, UNSET, ELSEWHERE), case, hop=None, origins=((PACT, case),))
    assert found.outcome is Outcome.UNLAWFUL
    article = next(one for one in found.findings if one.reason.code == "third-party.approval")
    assert (article.agreement, article.article) == ("KOR-JPN-GSOMIA", "6(a)")
    assert (article.remedy.act, article.remedy.by, article.remedy.to) == ("consent.ask", JPN, KOR)
    assert "ground.agreement.none" in codes(found)


def test_what_travels_with_an_item_are_the_conditions_on_it_and_no_others():
    case = case_of(JPN, USA, views=(), notified=(), approvals=(), assurances=(), sealed=False)
    found = common(release(DIH, USA, UNSET, ELSEWHERE), case, hop=None, origins=((PACT, case),))
    assert {one.clause for one in found.findings} == {"third-party", "ground"}


def test_an_approval_to_pass_it_on_does_not_stand_in_for_an_agreement():
    granted = ConsentFact(originator=KOR, uses="third-party", third_party=USA, until=LATER)
    case = case_of(JPN, USA, consents=(granted,))
    found = common(release(DIH, USA, UNSET, ELSEWHERE), case, hop=None, origins=((PACT, case),))
    assert found.outcome is Outcome.UNLAWFUL
    assert codes(found)[0] == "third-party.approved"


@pytest.mark.parametrize("hop", [None, GROUND, PACT])
def test_an_agreement_between_others_is_none(hop):
    found = common(release(to=AUS), case_of(counterpart=AUS), hop=hop)
    assert found.outcome is Outcome.UNLAWFUL
    assert "ground.agreement.none" in codes(found)


def test_nothing_is_permitted_unless_some_clause_permits():
    silent = structs.replace(
        PACT, clauses=tuple(one for one in PACT.clauses if one.type != "discretion")
    )
    found = common(hop=silent)
    assert (found.outcome, found.findings) == (Outcome.UNLAWFUL, ())


def test_every_objection_is_in_one_judgement_and_a_prohibition_beats_a_remedy():
    case = case_of(approvals=(), assurances=(), sealed=False)
    found = common(case=case)
    assert codes(found) == ["discretion.approval", "assurance.missing", "transmission.unsealed"]
    assert found.outcome is Outcome.UNLAWFUL
    assert [one.reason.code for one in found.objections] == codes(found)
    assert found.duties == ()


@pytest.mark.parametrize(
    ("changes", "code", "outcome"),
    [
        ({"cut": CutFacts(age=86400, directory=True)}, None, Outcome.LAWFUL),
        (
            {"cut": CutFacts(age=86401, directory=True)},
            "ground.seen.stale",
            Outcome.REMEDIABLE,
        ),
        ({"cut": CutFacts(directory=True)}, "ground.seen.stale", Outcome.REMEDIABLE),
        ({"cut": CutFacts(age=1)}, "ground.seen.no-directory", Outcome.REMEDIABLE),
        (
            {"cut": CutFacts(problem="seen.decreased", age=1, directory=True)},
            "ground.seen.decreased",
            Outcome.UNLAWFUL,
        ),
    ],
)
def test_a_release_rests_on_the_others_fresh_word(changes, code, outcome):
    found = common(case=case_of(**changes))
    assert found.outcome is outcome
    assert code is None or code in codes(found)


def test_an_author_speaks_for_itself():
    found = common(release(by=DIH))
    assert "ground.author.other-party" in codes(found)
    assert found.outcome is Outcome.UNLAWFUL


@pytest.mark.parametrize("until", [AT, LATER])
def test_an_approval_holds_until_its_last_instant(until):
    assert common(release(not_after=until)).outcome is Outcome.LAWFUL


def test_an_approval_lapses():
    early = Instant("2026-11-24T08:59:59.999Z")
    found = common(release(not_after=early))
    assert found.outcome is Outcome.UNLAWFUL
    assert "ground.author.approval-lapsed" in codes(found)


@pytest.mark.obligation("GSOMIA-6-i")
def test_who_passes_on_what_it_received_never_names_itself_the_originator():
    entry = release(DIH, USA, UNSET, ELSEWHERE)
    core = structs.replace(entry.deed.item, originator=JPN)
    entry = structs.replace(entry, deed=structs.replace(entry.deed, item=core))
    case = case_of(JPN, USA)
    case = structs.replace(case, item=structs.replace(case.item, originator=JPN))
    found = common(entry, case, hop=None, origins=((PACT, case),))
    assert "ground.author.not-the-originator" in codes(found)


# --- ground rules ----------------------------------------------------------------------------


def instrument(kind, agreement=GROUND.digest, **fields):
    deed = kind(by=KDIA, to=JPN, article=INSTRUMENT_ARTICLE, agreement=agreement, **fields)
    return Entry(deed=deed, at=AT, salt=bytes(16))


PROPOSE = instrument(
    deeds.Propose, text=PACT.digest, id=AgreementId("KOR-JPN-GSOMIA"), version=Reason("2016")
)
SIGN = instrument(deeds.Sign, text=PACT.digest, signature=b"s")
NOTIFY = instrument(deeds.NotifyRequirementsMet, text=PACT.digest)
OWN = InstrumentFact(author=KOR, act="treaty.sign", at=AT)
THEIRS = InstrumentFact(author=JPN, act="treaty.sign", at=AT)


@pytest.mark.parametrize(
    ("entry", "facts", "outcome", "code"),
    [
        (PROPOSE, {"bundle": True}, Outcome.LAWFUL, "instrument.entered"),
        (PROPOSE, {}, Outcome.UNLAWFUL, "instrument.text-not-carried"),
        (
            SIGN,
            {"bundle": True, "signed_exactly": True},
            Outcome.LAWFUL,
            "instrument.entered",
        ),
        (SIGN, {"bundle": True}, Outcome.UNLAWFUL, "instrument.signature"),
        (SIGN, {"signed_exactly": True}, Outcome.UNLAWFUL, "instrument.text-not-carried"),
        (
            NOTIFY,
            {"bundle": True, "instruments": (OWN,)},
            Outcome.LAWFUL,
            "instrument.entered",
        ),
        (
            NOTIFY,
            {"bundle": True, "instruments": (THEIRS,)},
            Outcome.REMEDIABLE,
            "instrument.not-signed",
        ),
    ],
)
def test_instruments_are_carried_exact_and_in_order(entry, facts, outcome, code):
    found = common(entry, case_of(item=UNSET, **facts), hop=GROUND)
    assert (found.outcome, codes(found)) == (outcome, [f"ground.{code}"])


REFUSE = deeds.RefuseLeaves(
    by=KDIA,
    to=JPN,
    article=LINK_ARTICLE,
    agreement=GROUND.digest,
    log=correspondence(JPN, KOR),
    old=0,
    new=1,
    refused=(RefusedLeaf(index=0, code=Reason("leaf.opaque")),),
)


def test_link_acts_need_no_agreement():
    found = common(Entry(deed=REFUSE, at=AT, salt=bytes(16)), case_of(item=UNSET), hop=GROUND)
    assert (found.outcome, codes(found)) == (Outcome.LAWFUL, ["ground.link.entered"])


@pytest.mark.parametrize("named", [PACT.digest, UNSET, NOTHING])
def test_instruments_and_link_acts_name_the_ground_rules(named):
    for deed in (REFUSE, SIGN.deed):
        entry = Entry(deed=structs.replace(deed, agreement=named), at=AT, salt=bytes(16))
        case = case_of(item=UNSET, bundle=True, signed_exactly=True)
        found = common(entry, case, hop=None)
        assert found.outcome is Outcome.UNLAWFUL
        assert "ground.agreement.other" in codes(found)


def test_the_ground_rules_have_the_articles_that_findings_name():
    assert [one.number for one in GROUND.articles] == ["1", "2", "3", "4", "5", "6"]
    assert GROUND.digest != PACT.digest


# --- two voices ------------------------------------------------------------------------------


def test_what_only_one_house_knows_does_not_change_the_common_judgement():
    entry = Entry(
        deed=deeds.Receipt(
            by=DIH,
            to=KOR,
            article=Article("12"),
            agreement=PACT.digest,
            item=ELSEWHERE,
            stage=deeds.Stage.DOCUMENT,
            number=Reference("JPN-1"),
            copy=1,
            pages=4,
            annexes=0,
            reserve=(),
        ),
        at=AT,
        salt=bytes(16),
    )
    here = case_of(JPN, KOR)
    item = structs.replace(here.item, provider=KOR, receiver=JPN, offices=(DIH,), provided=True)
    signed = (ApprovalFact(person="mori", office=DIH, roles=(Role.CUSTODIAN,)),)
    bare = structs.replace(here, item=item, approvals=signed)
    marked = structs.replace(
        bare, item=structs.replace(item, marked=Level("JPN:gokuhi"), registered=True)
    )
    shared = [common(entry, seen_by_both(one)) for one in (bare, marked)]
    assert shared[0].outcome is Outcome.LAWFUL
    assert judgement_digest(shared[0]) == judgement_digest(shared[1])
    own = [judge(texts(), entry, one, voice=Voice.DOMESTIC) for one in (bare, marked)]
    assert [one.outcome for one in own] == [Outcome.REMEDIABLE, Outcome.LAWFUL]


@pytest.mark.obligation("GSOMIA-1-1")
@pytest.mark.parametrize(
    ("office", "level", "code"),
    [
        (KDIA, "KOR:mil-2", None),
        (KDIA, "KOR:mil-1", "profile.not-delegated"),
        (Office("KOR/MND"), "KOR:mil-2", "profile.not-delegated"),
    ],
)
def test_the_profile_adds_who_releases_what(office, level, code):
    case = case_of(approvals=(ApprovalFact(person="p", office=office, roles=(Role.RELEASING,)),))
    case = structs.replace(case, item=structs.replace(case.item, level=Level(level)))
    found = judge(texts(profile=SEOUL), release(), case, voice=Voice.DOMESTIC)
    spoken = [one.reason.code for one in found.findings if one.verdict is not Verdict.PERMITS]
    assert spoken == ([] if code is None else [code])
    assert found.outcome is (Outcome.LAWFUL if code is None else Outcome.UNLAWFUL)


def test_a_profile_that_wants_two_persons_asks_for_the_second():
    one = SEOUL.delegations[0]
    strict = structs.replace(SEOUL, delegations=(structs.replace(one, approvals=2),))
    found = judge(texts(profile=strict), release(), case_of(), voice=Voice.DOMESTIC)
    assert "profile.second-approval" in codes(found)
    assert found.outcome is Outcome.REMEDIABLE
    second = ApprovalFact(person="lee", office=KDIA, roles=(Role.RELEASING,))
    both = case_of(approvals=(*case_of().approvals, second))
    found = judge(texts(profile=strict), release(), both, voice=Voice.DOMESTIC)
    assert found.outcome is Outcome.LAWFUL


def test_an_act_at_home_is_the_profiles_affair_alone():
    def enter(office):
        deed = deeds.EnterPerson(
            by=KDIA,
            actor=PersonId("admin"),
            person=PersonId("park"),
            office=office,
            roles=(Role.OFFICIAL,),
            card=NOTHING,
        )
        entry = Entry(deed=deed, at=AT, salt=bytes(16))
        own = texts(hop=None, profile=SEOUL)
        return judge(own, entry, case_of(item=UNSET), voice=Voice.DOMESTIC).outcome

    assert enter(KDIA) is Outcome.LAWFUL
    assert enter(DIH) is Outcome.UNLAWFUL


def test_every_kind_of_act_towards_another_is_of_a_family_that_is_judged():
    for kind, where in KINDS.items():
        assert issubclass(kind, deeds.Outward) == (where.family is not Family.HOUSE) or (
            kind is deeds.Blank
        )
