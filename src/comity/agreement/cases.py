"""Scenario cases: facts and the expected judgement, readable by a lawyer, part of the bundle.

Both nodes run them before they countersign; a failing case stops the signature. A case states
what matters; everything it does not state is as it would be if all were in order.
"""

from typing import Final

from msgspec import UNSET, Struct, UnsetType, structs

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.acts.entries import Entry
from comity.acts.judgements import Judgement, Outcome, conclude
from comity.acts.parts import Disclosed
from comity.agreement.case import (
    ApprovalFact,
    AssuranceFact,
    Case,
    CutFacts,
    DirectiveFacts,
    FacilityFacts,
    HouseFacts,
    InstrumentFact,
    ItemFacts,
    LifeFacts,
    NamedFacts,
    PersonFacts,
    Standing,
)
from comity.agreement.clauses import Voice
from comity.agreement.clauses.disclosure import SHOWN
from comity.agreement.clauses.force import EntryIntoForce
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.agreement.lifecycle import life_facts, standing
from comity.agreement.scenario import Given, Scenario
from comity.agreement.scenarios import (
    GIVES,
    STREAM,
    deed_of,
    is_instrument,
    is_originators,
    kind_of,
    label_of,
    parse_cases,
)
from comity.agreement.speaking import SPEAKS_OF, OfAnItem
from comity.agreement.text import Agreement
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Office,
    party_of,
)


class CaseResult(Struct, frozen=True, kw_only=True):
    """What became of a case."""

    article: Article
    says: str
    passed: bool
    expected: str
    found: str


def run_cases(agreement: Agreement) -> list[CaseResult]:
    """Run every scenario case of a bundle."""
    return [_result(agreement, one) for one in parse_cases(agreement.cases)]


def _result(agreement: Agreement, one: Scenario) -> CaseResult:
    judgement = judged(agreement, one)
    codes = [finding.reason.code for finding in judgement.findings]
    remedies = [remedy.act for remedy in judgement.remedies]
    due = [duty.what for duty in judgement.duties]
    expect = one.expect
    passed = (
        judgement.outcome is expect.verdict
        and (not expect.finding or expect.finding in codes)
        and (not expect.remedy or expect.remedy in remedies)
        and (not expect.duty or expect.duty in due)
        and not any(due if one == "*" else one in due for one in expect.not_due)
    )
    stated = (expect.verdict.value, expect.finding, expect.remedy, expect.duty)
    wanted = ", ".join(one for one in (*stated, *(f"no {one}" for one in expect.not_due)) if one)
    owed = f"; due: {', '.join(due)}" if expect.duty or expect.not_due else ""
    return CaseResult(
        article=one.article,
        says=one.says,
        passed=passed,
        expected=wanted,
        found=f"{judgement.outcome.value}: {', '.join(codes)}{owed}",
    )


def judged(agreement: Agreement, one: Scenario) -> Judgement:
    """Judge a case in both voices, as its actor's own node would."""
    entry = Entry(deed=deed_of(one, agreement.digest), at=one.given.at, salt=bytes(16))
    case = _lived(agreement, one, entry, _case(agreement, one))
    hop = agreement if one.act.to in agreement.parties else None
    onward = isinstance(case.item, ItemFacts) and case.item.originator != case.acting
    travels = onward and isinstance(entry.deed, deeds.Release) and hop is None
    texts = Texts(
        hop=hop,
        origins=((agreement, case),) if travels else (),
        ground=GROUND,
        profile=None,
        concerned=agreement if is_instrument(one.act) else None,
    )
    common = judge(texts, entry, case, voice=Voice.COMMON)
    domestic = judge(texts, entry, case, voice=Voice.DOMESTIC)
    home = () if domestic.outcome is Outcome.LAWFUL else domestic.findings
    if common.outcome is Outcome.LAWFUL:
        return conclude((*common.findings, *domestic.findings), common.duties)
    return conclude((*common.findings, *home), ())


def _lived(agreement: Agreement, one: Scenario, entry: Entry, case: Case) -> Case:
    """Return the case with what the agreement is by its own dates, where it states those."""
    since, acting = one.given.in_force_since, case.acting
    if isinstance(since, UnsetType):
        return case
    acts = [(party, act, since) for act in _IN_FORCE for party in sorted(agreement.parties)]
    acts += [(notice.by, "treaty.give-notice", notice.at) for notice in one.given.notices]
    facts = tuple(
        InstrumentFact(author=party, act=act, at=at, key=f"{party}#{index}")
        for index, (party, act, at) in enumerate(acts)
    )
    return structs.replace(
        case,
        views=standing(agreement, facts, at=one.given.at),
        life=life_facts(agreement, facts, entry, acting=acting, key=f"{acting}#now"),
    )


_IN_FORCE: Final = ("treaty.sign", "treaty.notify-requirements-met")
"""What brings a text into force, by whichever of the two it does."""


def _concluded(agreement: Agreement, given: Given) -> tuple[AgreementId, ...]:
    """Return what a text waits for and has: all of it but what the case says is not there."""
    force = agreement.clause("entry-into-force")
    awaited = force.arrangement_first if isinstance(force, EntryIntoForce) else ()
    return tuple(one for one in awaited if one not in given.not_concluded)


def _directive(agreement: Agreement, one: Scenario) -> DirectiveFacts | UnsetType:
    stated = one.given.directive
    if stated.absent or not issubclass(kind_of(one.act), deeds.OfDirective):
        return UNSET
    level, subject = stated.level, stated.subject
    return DirectiveFacts(
        reference=STREAM,
        label=label_of(one, one.given.level if isinstance(level, UnsetType) else level),
        subject=one.given.subject if isinstance(subject, UnsetType) else subject,
        since=stated.since,
        until=stated.until,
        most=stated.most,
        agreement=agreement.digest,
        state=stated.state,
        given=stated.given,
        next=stated.next,
    )


def _named(one: Scenario) -> NamedFacts | UnsetType:
    """Return what a consent act speaks of; what is not stated is in order.

    Of an answer to a request nothing was asked, unless a case says so.
    """
    act = one.act
    made = kind_of(act)
    if not isinstance(one.given.named, UnsetType) or not issubclass(made, OfAnItem):
        return one.given.named
    if made not in SPEAKS_OF:
        return UNSET
    kind, own = SPEAKS_OF[made]
    acknowledges = issubclass(made, deeds.AcknowledgeWithdrawal)
    author = party_of(act.by) if own else act.to
    return NamedFacts(act=kind, author=author, withdrawn=acknowledges)


def _record(given: Given) -> Disclosed | UnsetType:
    """Return the record of a disclosure; one that is not stated is in order."""
    if isinstance(given.disclosed, Disclosed):
        return given.disclosed
    if not given.disclosed or given.form not in SHOWN:
        return UNSET
    return Disclosed(at=given.at, level_said=True, attendees=1, cleared=True, needed=True)


def _facts(one: Scenario) -> ItemFacts:
    act, given = one.act, one.given
    acting = party_of(act.by)
    release = act.kind in GIVES
    own = release or act.kind.startswith("directive.") or is_originators(act)
    provider = acting if own else act.to
    receiver = act.to if own else acting
    if not isinstance(given.receiver, UnsetType):
        receiver = given.receiver
    if not isinstance(given.provider, UnsetType):
        provider = given.provider
    offices = act.offices if release else given.offices
    return ItemFacts(
        originator=provider if isinstance(given.originator, UnsetType) else given.originator,
        provider=provider,
        receiver=receiver,
        level=given.level,
        subject=given.subject,
        form=given.form,
        purpose=given.purpose,
        offices=offices or (Office(f"{receiver}/OFFICE") if release else act.by,),
        releasable=given.releasable,
        provided=not release if isinstance(given.provided, UnsetType) else given.provided,
        registered=True,
        marked=given.marked,
        marked_regime=given.marked_regime,
        designated=given.designated,
        designated_level=given.designated_level,
        category_regime=given.category_regime,
        category_level=given.category_level,
        pages=4,
        caveats=given.caveats,
        copies=given.copies,
        received=given.received,
        misdirected=given.misdirected,
        carried=given.carried,
        translations=given.translations,
        disclosed=_record(given),
        schedule=given.schedule,
    )


def _case(agreement: Agreement, one: Scenario) -> Case:
    act, given = one.act, one.given
    acting = party_of(act.by)
    item = _facts(one)
    about_item = "item" in kind_of(act).__struct_fields__
    offices = {act.by, *item.offices, *act.offices} - set(given.not_notified)
    assured = given.assured
    assurances: tuple[AssuranceFact, ...] = ()
    if isinstance(assured, str):
        assurances = (
            AssuranceFact(
                offices=item.offices,
                level=assured,
                until=given.assured_until,
                cleared="cleared" in given.limbs,
                needed="needed" in given.limbs,
                protected="protected" in given.limbs,
                controls=given.controls,
            ),
        )
    signer = act.by if isinstance(given.signed_by, UnsetType) else given.signed_by
    releases = act.kind in (*GIVES, "directive.resume", "consent.grant")
    role = Role.RELEASING if releases else Role.CUSTODIAN
    return Case(
        acting=acting,
        counterpart=act.to,
        at=given.at,
        cut=CutFacts(age=given.age, directory=True),
        views=tuple(
            (party, given.views.get(party, given.standing)) for party in sorted(agreement.parties)
        ),
        item=item if about_item else UNSET,
        approvals=tuple(
            ApprovalFact(person=person, office=signer, roles=(role,))
            for person in given.approved_by
        ),
        assurances=assurances,
        consents=given.consents,
        named=_named(one),
        directive=_directive(agreement, one),
        notified=tuple(sorted(offices)),
        designating=given.designating,
        sealed=given.form not in SHOWN if isinstance(given.sealed, UnsetType) else given.sealed,
        about=given.about,
        incidents=given.incidents,
        visited=given.visited,
        surveyed=given.surveyed,
        parents=tuple(given.parents.items()),
        concluded=_concluded(agreement, given),
        bundle=True,
        life=LifeFacts(in_force=given.standing is Standing.IN_FORCE),
        house=HouseFacts(
            person=PersonFacts(
                office=act.by,
                roles=given.roles,
                cleared=given.cleared,
                needs=given.needs,
                certified=given.cleared,
                attested=given.cleared if given.attested else (),
                nationalities=given.nationalities,
            ),
            assigned=given.assigned,
            facility=FacilityFacts(
                accredited=given.accredited,
                officer=given.officer,
                rostered=given.rostered,
                briefed=given.briefed,
            ),
        ),
    )
