"""Scenario cases: facts and the expected judgement, readable by a lawyer, part of the bundle.

Both nodes run them before they countersign; a failing case stops the signature. A case states
what matters; everything it does not state is as it would be if all were in order.
"""

import tomllib
from typing import Any, Final, Literal, cast

import msgspec
from msgspec import UNSET, Struct, UnsetType

from comity.acts import deeds
from comity.acts.deeds import AnyDeed, Reserve, Role, Stage
from comity.acts.entries import Entry
from comity.acts.judgements import Judgement, Outcome, conclude
from comity.acts.kinds import KINDS, Family
from comity.acts.parts import Item, Label, Position
from comity.agreement.case import (
    ApprovalFact,
    AssuranceFact,
    Case,
    ConsentFact,
    CutFacts,
    DirectiveFacts,
    FacilityFacts,
    HandOverFact,
    HouseFacts,
    ItemFacts,
    LifeFacts,
    MatterFacts,
    PersonFacts,
    Standing,
)
from comity.agreement.clauses import Voice
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.agreement.text import Agreement
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import (
    Article,
    Caveat,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reason,
    Reference,
    Regime,
    Subject,
    party_of,
)

NOW = Instant("2026-07-01T09:00:00.000Z")
_GIVES: Final = ("release.release", "release.standing-directive", "release.observations")
_STREAM: Final = Reference("STREAM-1")
_NOTHING = Digest("sha384:" + "0" * 96)


class ActOf(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The act of a case: its kind, the office that acts, towards whom.

    Attributes:
        fields: What an act of another kind states, by the names of its fields.
    """

    kind: str
    by: Office
    to: Party
    offices: tuple[Office, ...] = ()
    level: Level | UnsetType = UNSET
    regime: Regime | UnsetType = UNSET
    stage: Stage = Stage.DOCUMENT
    pages: int = 4
    annexes: int = 0
    copy: int = 1
    reserve: tuple[Reserve, ...] = ()
    until: Instant = Instant("2027-06-30T00:00:00.000Z")
    fields: dict[str, Any] = {}


class DirectiveGiven(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A standing directive of a case; what is left out is as what is given under it."""

    absent: bool = False
    level: Level | UnsetType = UNSET
    subject: Subject | UnsetType = UNSET
    since: Instant = Instant("2026-01-01T00:00:00.000Z")
    until: Instant = Instant("2026-12-31T00:00:00.000Z")
    most: int = 1000
    state: Literal["stands", "suspended", "withdrawn"] = "stands"
    given: int = 0
    next: int = 0


class Given(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The facts of a case; what is left out is in order."""

    originator: Party | UnsetType = UNSET
    provider: Party | UnsetType = UNSET
    receiver: Party | UnsetType = UNSET
    level: Level
    subject: Subject
    purpose: Purpose
    form: Form = Form.ELECTRONIC
    offices: tuple[Office, ...] = ()
    releasable: tuple[Party, ...] = ()
    provided: bool | UnsetType = UNSET
    marked: Level | UnsetType = UNSET
    marked_regime: Regime | UnsetType = UNSET
    designated: Regime | UnsetType = UNSET
    designated_level: Level | UnsetType = UNSET
    standing: Standing = Standing.IN_FORCE
    views: dict[Party, Standing] = {}
    approved_by: tuple[str, ...] = ("one",)
    signed_by: Office | UnsetType = UNSET
    assured: Level | UnsetType | bool = UNSET
    assured_until: Instant = Instant("2027-06-30T00:00:00.000Z")
    limbs: tuple[str, ...] = ("cleared", "needed", "protected")
    controls: tuple[Reason, ...] = ()
    surveyed: Instant | UnsetType = UNSET
    attested: bool = True
    consents: tuple[ConsentFact, ...] = ()
    not_notified: tuple[Office, ...] = ()
    designating: tuple[Office, ...] = ()
    cleared: tuple[Level, ...] = ()
    needs: tuple[Subject, ...] = ()
    roles: tuple[Role, ...] = (Role.OFFICIAL,)
    assigned: bool = True
    caveats: tuple[Caveat, ...] = ()
    copies: tuple[tuple[int, str], ...] = ((1, "held"),)
    received: tuple[Stage, ...] = (Stage.DOCUMENT,)
    misdirected: bool = False
    carried: tuple[HandOverFact, ...] = ()
    translations: int = 0
    about: MatterFacts | UnsetType = UNSET
    incidents: int = 0
    visited: bool = True
    parents: dict[Digest, Standing] = {}
    rostered: bool = True
    officer: bool = True
    briefed: bool = True
    accredited: tuple[Level, ...] = ()
    nationalities: tuple[Party, ...] = ()
    directive: DirectiveGiven = DirectiveGiven()
    sealed: bool = True
    age: int = 60
    at: Instant = NOW


class Expected(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the judgement must be."""

    verdict: Outcome
    finding: str = ""
    remedy: str = ""
    duty: str = ""


class Scenario(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One case."""

    article: Article
    says: str
    act: ActOf
    given: Given
    expect: Expected


class CaseResult(Struct, frozen=True, kw_only=True):
    """What became of a case."""

    article: Article
    says: str
    passed: bool
    expected: str
    found: str


def parse_cases(source: str) -> tuple[Scenario, ...]:
    """Parse a file of cases; ``[default]`` holds facts that all of them share.

    Raises:
        Invalid: ``invalid.agreement.cases``, naming the case and what would be right.
    """
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("invalid.agreement.cases", str(error)) from error
    except (RecursionError, ValueError) as error:
        raise Invalid("invalid.agreement.cases", "nested too deeply") from error
    shared: dict[str, Any] = table.get("default", {})
    found = []
    for number, raw in enumerate(table.get("case", []), start=1):
        merged = {**raw, "given": {**shared, **raw.get("given", {})}}
        try:
            found.append(msgspec.convert(merged, Scenario))
        except msgspec.ValidationError as error:
            says = raw.get("says", "")
            raise Invalid("invalid.agreement.cases", f"case {number} ({says}): {error}") from error
    return tuple(found)


def run_cases(agreement: Agreement) -> list[CaseResult]:
    """Run every scenario case of a bundle."""
    return [_result(agreement, one) for one in parse_cases(agreement.cases)]


def _result(agreement: Agreement, one: Scenario) -> CaseResult:
    judgement = judged(agreement, one)
    codes = [finding.reason.code for finding in judgement.findings]
    remedies = [remedy.act for remedy in judgement.remedies]
    expect = one.expect
    passed = (
        judgement.outcome is expect.verdict
        and (not expect.finding or expect.finding in codes)
        and (not expect.remedy or expect.remedy in remedies)
        and (not expect.duty or expect.duty in [one.what for one in judgement.duties])
    )
    stated = (expect.verdict.value, expect.finding, expect.remedy, expect.duty)
    wanted = ", ".join(one for one in stated if one)
    return CaseResult(
        article=one.article,
        says=one.says,
        passed=passed,
        expected=wanted,
        found=f"{judgement.outcome.value}: {', '.join(codes)}",
    )


def judged(agreement: Agreement, one: Scenario) -> Judgement:
    """Judge a case in both voices, as its actor's own node would."""
    entry = Entry(deed=_deed(agreement, one), at=one.given.at, salt=bytes(16))
    case = _case(agreement, one)
    hop = agreement if one.act.to in agreement.parties else None
    onward = isinstance(case.item, ItemFacts) and case.item.originator != case.acting
    travels = onward and isinstance(entry.deed, deeds.Release) and hop is None
    texts = Texts(
        hop=hop,
        origins=((agreement, case),) if travels else (),
        ground=GROUND,
        profile=None,
        concerned=agreement if _is_instrument(one.act) else None,
    )
    common = judge(texts, entry, case, voice=Voice.COMMON)
    domestic = judge(texts, entry, case, voice=Voice.DOMESTIC)
    home = () if domestic.outcome is Outcome.LAWFUL else domestic.findings
    if common.outcome is Outcome.LAWFUL:
        return conclude((*common.findings, *domestic.findings), common.duties)
    return conclude((*common.findings, *home), ())


def _deed(agreement: Agreement, one: Scenario) -> AnyDeed:
    act, given = one.act, one.given
    common: dict[str, Any] = {
        "by": act.by,
        "to": act.to,
        "article": one.article,
        "agreement": agreement.digest,
    }
    item = Position(log=correspondence(act.to, party_of(act.by)), index=0)
    level = given.level if isinstance(act.level, UnsetType) else act.level
    match act.kind:
        case "release.release":
            return deeds.Release(
                **common,
                offices=act.offices or (Office(f"{act.to}/OFFICE"),),
                item=_item(one),
                purpose=given.purpose,
                particulars=_NOTHING,
            )
        case "release.standing-directive":
            stated = {"since": given.directive.since, "until": given.directive.until}
            return deeds.StandingDirective(
                **common,
                offices=act.offices or (Office(f"{act.to}/OFFICE"),),
                item=_item(one),
                purpose=given.purpose,
                particulars=_NOTHING,
                **{"most": given.directive.most, **stated, **act.fields},
            )
        case "release.observations":
            return deeds.Observations(
                **common,
                item=Position(log=correspondence(party_of(act.by), act.to), index=0),
                stream=_STREAM,
                label=_label(one, level),
                subject=given.subject,
                root=_NOTHING,
                **{"first": given.directive.next, "count": 1, **act.fields},
            )
        case "delivery.receipt":
            return deeds.Receipt(
                **common,
                item=item,
                stage=act.stage,
                number=Reference("R-1"),
                copy=act.copy,
                pages=act.pages,
                annexes=act.annexes,
                reserve=act.reserve,
            )
        case "register.register":
            return deeds.Register(**common, item=item, number=Reference("R-1"))
        case "register.designate":
            regime = Regime("ANY:none") if isinstance(act.regime, UnsetType) else act.regime
            return deeds.Designate(**common, item=item, regime=regime, level=level, until=act.until)
        case "register.re-mark":
            cited = UNSET if isinstance(given.designated, UnsetType) else item
            return deeds.ReMark(
                **common, item=item, level=level, regime=act.regime, designation=cited
            )
        case "register.assign":
            office = act.offices[0] if act.offices else act.by
            return deeds.Assign(**common, item=item, office=office, person=PersonId("person"))
        case "register.access":
            return deeds.Access(**common, item=item, person=PersonId("person"))
        case "people.assure":
            return deeds.Assure(
                **common,
                offices=act.offices or (act.by,),
                level=level,
                until=act.until,
                cleared=True,
                needed=True,
                protected=True,
            )
        case _:
            return _other(act, common, item)


_OUTWARD: Final = {
    str(one.__struct_config__.tag): one for one in KINDS if issubclass(one, deeds.Outward)
}


def _is_instrument(act: ActOf) -> bool:
    return KINDS[_kind_of(act)].family is Family.INSTRUMENT


def _kind_of(act: ActOf) -> type[deeds.Deed]:
    kind = _OUTWARD.get(act.kind)
    if kind is None:
        raise Invalid("invalid.agreement.cases", f"no case can hold a {act.kind}")
    return kind


def _other(act: ActOf, common: dict[str, Any], item: Position) -> AnyDeed:
    """Build any outward act from the fields that a case states.

    Raises:
        Invalid: there is no such act, or the fields are not right.
    """
    kind = _kind_of(act)
    # An act refers to its item and to an earlier act; a case need not say by which number.
    stated: dict[str, Any] = {
        name: {"log": item.log, "index": item.index}
        for name in ("item", "about")
        if name in kind.__struct_fields__
    }
    if _is_instrument(act):
        stated |= {"text": common["agreement"], "agreement": GROUND.digest}
    wanted: dict[str, Any] = {"kind": act.kind, **common, **stated, **act.fields}
    try:
        return cast("AnyDeed", msgspec.convert(wanted, kind))
    except msgspec.ValidationError as error:
        raise Invalid("invalid.agreement.cases", f"{act.kind}: {error}") from error


def _item(one: Scenario) -> Item:
    given, acting = one.given, party_of(one.act.by)
    return Item(
        reference=Reference("REF-1"),
        originator=acting if isinstance(given.originator, UnsetType) else given.originator,
        providing=acting,
        label=_label(one, given.level),
        subject=given.subject,
        form=given.form,
        pages=4,
        annexes=0,
        plaintext=_NOTHING,
        sources=(),
    )


def _label(one: Scenario, level: Level) -> Label:
    return Label(level=level, releasable=one.given.releasable, caveats=one.given.caveats)


def _directive(agreement: Agreement, one: Scenario) -> DirectiveFacts | UnsetType:
    stated = one.given.directive
    if stated.absent or not issubclass(_kind_of(one.act), deeds.OfDirective):
        return UNSET
    level, subject = stated.level, stated.subject
    return DirectiveFacts(
        reference=_STREAM,
        label=_label(one, one.given.level if isinstance(level, UnsetType) else level),
        subject=one.given.subject if isinstance(subject, UnsetType) else subject,
        since=stated.since,
        until=stated.until,
        most=stated.most,
        agreement=agreement.digest,
        state=stated.state,
        given=stated.given,
        next=stated.next,
    )


def _facts(one: Scenario) -> ItemFacts:
    act, given = one.act, one.given
    acting = party_of(act.by)
    release = act.kind in _GIVES
    own = release or act.kind.startswith("directive.")
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
        pages=4,
        caveats=given.caveats,
        copies=given.copies,
        received=given.received,
        misdirected=given.misdirected,
        carried=given.carried,
        translations=given.translations,
    )


def _case(agreement: Agreement, one: Scenario) -> Case:
    act, given = one.act, one.given
    acting = party_of(act.by)
    item = _facts(one)
    about_item = "item" in _kind_of(act).__struct_fields__
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
    role = Role.RELEASING if act.kind in (*_GIVES, "directive.resume") else Role.CUSTODIAN
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
        directive=_directive(agreement, one),
        notified=tuple(sorted(offices)),
        designating=given.designating,
        sealed=given.sealed,
        about=given.about,
        incidents=given.incidents,
        visited=given.visited,
        surveyed=given.surveyed,
        parents=tuple(given.parents.items()),
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
