"""The case file: every fact a judgement may look at, gathered beforehand, as frozen values.

Facts of the *common* case come from the two logs of the link up to the cut and from the entry
itself, so that both nodes gather the same ones. Facts of the *domestic* case (``house``) come
from the acting party's own books. Facts are enabling or disabling by type: an absent enabling
fact (an approval, an assurance, a consent) never permits; a disabling one is never optional.
"""

from enum import Enum
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from comity.acts.deeds import Role, Stage
from comity.acts.parts import Disclosed, Label, Schedule
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    AgreementId,
    Caveat,
    Level,
    Office,
    Party,
    Purpose,
    Reason,
    Reference,
    Regime,
    Subject,
)


class Standing(Enum):
    """What an agreement is in one party's view, at one cut and one instant (Article 21)."""

    UNKNOWN = "unknown"
    PROPOSED = "proposed"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    SURVIVAL = "survival"


class HandOverFact(Struct, frozen=True, kw_only=True):
    """A hand-over of a copy that is carried; ``taker`` is empty where a courier took it."""

    copy: int
    taker: str = ""


class ItemFacts(Struct, frozen=True, kw_only=True):
    """What is known of the item that an act concerns.

    Attributes:
        originator: Who generated it.
        provider: Who handed it (or would hand it) to ``receiver``.
        receiver: Who was (or would be) given it.
        level: The originator's own level.
        offices: The addressed offices of the receiver.
        provided: It already crossed (the act is a later one on it).
        registered: The receiving registry has given it a number.
        marked: The receiving party's level it is marked with, once it is.
        marked_regime: The regime in that marking.
        designated: The regime a designation in force puts it under.
        designated_level: The receiving party's level that goes with it.
        category_regime: The regime of a designation in force of another item of its originator,
            level and subject, where its marking cites that one.
        category_level: The level that goes with that.
        received: The receipts entered for it so far.
        pages: Pages and annexes as its originator stated.
        origin_purpose: What it was provided for, where it is passed on.
        agreement: The agreement under which it was provided.
        copies: Numbers and states of its copies, as this house's book has them.
        misdirected: Its receiver said that it came to the wrong place.
        carried: The hand-overs of its copies so far, in order.
        translations: How many translations its holder has made.
        disclosed: Of what was spoken or shown: its record.
        schedule: The change of level that travels with it, as its release says.
    """

    originator: Party
    provider: Party
    receiver: Party
    level: Level
    subject: Subject
    form: Form
    purpose: Purpose
    offices: tuple[Office, ...]
    regime: Regime | UnsetType = UNSET
    releasable: tuple[Party, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    provided: bool = False
    registered: bool = False
    marked: Level | UnsetType = UNSET
    marked_regime: Regime | UnsetType = UNSET
    designated: Regime | UnsetType = UNSET
    designated_level: Level | UnsetType = UNSET
    category_regime: Regime | UnsetType = UNSET
    category_level: Level | UnsetType = UNSET
    received: tuple[Stage, ...] = ()
    pages: int = 0
    annexes: int = 0
    origin_purpose: Purpose | UnsetType = UNSET
    agreement: Digest | UnsetType = UNSET
    copies: tuple[tuple[int, str], ...] = ()
    misdirected: bool = False
    carried: tuple[HandOverFact, ...] = ()
    translations: int = 0
    disclosed: Disclosed | UnsetType = UNSET
    schedule: Schedule | UnsetType = UNSET


class ApprovalFact(Struct, frozen=True, kw_only=True, cache_hash=True):
    """An approval whose signature, path and key were verified: who gave it, as the directory says.

    Attributes:
        person: Distinguishes persons; never shown in a finding.
    """

    person: str
    office: Office
    roles: tuple[Role, ...]


class AssuranceFact(Struct, frozen=True, kw_only=True, cache_hash=True):
    """The word given by the receiving party, on the cut (Article 7(5))."""

    offices: tuple[Office, ...]
    level: Level
    until: Instant
    cleared: bool
    needed: bool
    protected: bool
    controls: tuple[Reason, ...] = ()


class ConsentFact(Struct, frozen=True, kw_only=True):
    """The originator's prior written approval, on the cut.

    Attributes:
        uses: ``third-party``, ``purpose``, ``contractor`` or ``lowering``.
        state: Granted, or asked for and refused.
        cited: The act that is judged says that it uses this one.
        same_item: It is for the item at hand.
        withdrawn: The withdrawal lies within the cut.
        used: How often it was used before, on the cut.
        times: How often it may be used.
        mode: What the holder may do with the item besides: use it itself, or only pass it on;
            empty: as the agreement says.
        attested: It was given on paper, and the other party entered it: nobody's key signed it.
    """

    originator: Party
    uses: str
    third_party: Party | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    contractor: Reference | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    until: Instant | UnsetType = UNSET
    state: Literal["granted", "refused"] = "granted"
    cited: bool = True
    same_item: bool = True
    withdrawn: bool = False
    used: int = 0
    times: int = 1
    mode: Literal["", "own-use", "pass-on-only"] = ""
    attested: bool = False


class DirectiveFacts(Struct, frozen=True, kw_only=True):
    """A standing directive of the acting party, on the cut.

    Attributes:
        reference: Names its stream.
        label: What it is signed for; ``level``, ``regime``, parties and caveats must be the same.
        agreement: Under which text it was signed.
        state: ``stands``, ``suspended`` or ``withdrawn``.
        given: Observations given under it so far.
        next: The number that the next observation may have at the least.
    """

    reference: Reference
    label: Label
    subject: Subject
    since: Instant
    until: Instant
    most: int
    agreement: Digest | UnsetType = UNSET
    state: Literal["stands", "suspended", "withdrawn"] = "stands"
    given: int = 0
    next: int = 0


class NamedFacts(Struct, frozen=True, kw_only=True):
    """What is known on the cut of the earlier consent act or request that an act speaks of.

    Attributes:
        act: Its kind; its author.
        same_item: It concerns the same item (requests concern none).
        same_terms: It is for the same use.
        closed: Nothing is to be said to it any more.
        withdrawn: A consent that was taken back.
        releases: The leaves that an answer names are releases of its author, on the cut.
    """

    act: str
    author: Party
    same_item: bool = True
    same_terms: bool = True
    closed: bool = False
    withdrawn: bool = False
    releases: bool = True


class CutFacts(Struct, frozen=True, kw_only=True, cache_hash=True):
    """What is wrong with an entry's cut and time, if anything, and how old its ``seen`` is.

    Attributes:
        problem: A code of the ground rules (``seen.decreased``, ``seen.unknown``,
            ``seen.behind-checkpoint``, ``at.decreased``, ``at.before-seen``), or unset.
        age: Seconds from the counterpart's checkpoint at ``seen`` to ``at``; unset: no ``seen``.
        directory: The counterpart's directory lies within the cut.
        expired: A directory that the act rests on, of either side, has ended at ``at``.
        paper: The counterpart keeps paper: what is attested of it stands for its log, and how
            old its last word is does not count.
    """

    problem: str | UnsetType = UNSET
    age: int | UnsetType = UNSET
    directory: bool = False
    expired: bool = False
    paper: bool = False


class InstrumentFact(Struct, frozen=True, kw_only=True, cache_hash=True):
    """One instrument about one text, by its author, on the cut.

    Attributes:
        act: Its kind (``treaty.sign``).
        at: When it was entered.
        key: Its leaf.
        on: When it was done on paper, as far as it is known; empty: when it was entered.
        about: The notice, or the text that takes this one's place.
    """

    author: Party
    act: str
    at: Instant
    key: str = ""
    on: str = ""
    about: str = ""


class LifeFacts(Struct, frozen=True, kw_only=True, cache_hash=True):
    """What the text that an instrument names is, as the author of the instrument reads it.

    Attributes:
        in_force: It is in force.
        notice: Of a notice that is given: ``timely``, ``late`` or ``disputed``.
        suspended: Of what concerns an earlier notice: that one sleeps; absent where there is
            none that stands.
        of: Who gave that notice.
    """

    in_force: bool = False
    notice: str = "timely"
    suspended: bool | UnsetType = UNSET
    of: Party | UnsetType = UNSET


class MatterFacts(Struct, frozen=True, kw_only=True):
    """An earlier act on the cut, that this one refers to (``about``) or that is looked for.

    Attributes:
        act: Its kind (``visit.request``).
        level: The level it states, if it states one.
        until: Until when it holds, if it says so.
    """

    act: str
    author: Party
    at: Instant
    level: str = ""
    until: str = ""


class WordsFacts(Struct, frozen=True, kw_only=True):
    """What is known on the cut of the entry whose words are to be erased.

    Attributes:
        said: The parties that have said so before.
    """

    said: tuple[Party, ...] = ()


class FacilityFacts(Struct, frozen=True, kw_only=True):
    """What the house knows of the facility where the concerned person works (domestic only).

    Attributes:
        accredited: Levels that it may hold now.
        officer: Somebody answers for its security now.
        rostered: The person is on its list now.
        briefed: The person was briefed and not debriefed since.
    """

    accredited: tuple[Level, ...] = ()
    officer: bool = False
    rostered: bool = False
    briefed: bool = False


class PersonFacts(Struct, frozen=True, kw_only=True, cache_hash=True):
    """What the house knows of the person an act concerns (domestic only).

    Attributes:
        cleared: Levels of the clearances in force at the act's ``at``.
        needs: Subjects of the need-to-know grants in force.
        certified: Of the clearances, those whose granting authority was notified.
        attested: Of the clearances, those whose vetting authority attested on what they rest.
        nationalities: The states whose national the person is; empty where it is not known.
    """

    office: Office
    roles: tuple[Role, ...]
    cleared: tuple[Level, ...]
    needs: tuple[Subject, ...]
    certified: tuple[Level, ...] = ()
    attested: tuple[Level, ...] = ()
    nationalities: tuple[Party, ...] = ()


class HouseFacts(Struct, frozen=True, kw_only=True, cache_hash=True):
    """The acting party's own facts.

    Attributes:
        actor: Who does the act (absent: the chancery itself).
        person: Whom it concerns (the assignee, the reader).
        assigned: The item is assigned to that person.
        drafter: Distinguishes the person who laid the deed before the authority.
    """

    actor: PersonFacts | UnsetType = UNSET
    person: PersonFacts | UnsetType = UNSET
    assigned: bool = False
    drafter: str | UnsetType = UNSET
    facility: FacilityFacts = FacilityFacts()


class AttestedFacts(Struct, frozen=True, kw_only=True):
    """What stands for an act of a party on paper, which the other one entered.

    Attributes:
        keeper: Who entered it, and answers for it.
        closed: The party has joined before this entry: its own log speaks.
        signed: An officer of the keeper's registry signed it.
        shown: It names the scanned paper as evidence, and the day the paper bears.
        stated: The keeper's registry states that it has the paper.
    """

    keeper: Party
    closed: bool = False
    signed: bool = False
    shown: bool = False
    stated: bool = False


class Calendar(Struct, frozen=True, kw_only=True):
    """The working days that bind a party: ISO numbers of weekdays, and dates that are none.

    Attributes:
        zone: Whose day it is.
        rule: When its clocks are turned; one that turns them and has no rule counts as UTC.
    """

    working_days: tuple[int, ...]
    holidays: tuple[str, ...] = ()
    zone: str = "UTC"
    rule: str = ""


class Case(Struct, frozen=True, kw_only=True):
    """All facts for one judgement.

    Attributes:
        acting: The party whose act is judged.
        counterpart: The other party of the correspondence (same as ``acting`` in the house).
        at: The act's only *now*.
        views: Each party's view of the agreement that judges, on the cut.
        instruments: The instruments about the text that the act names (ground rules).
        origin_problem: A code of the ground rules: what is passed on is not proven, or not as
            it was received.
        named: The earlier consent act or request that the act speaks of.
        directive: The standing directive of its author that the act is about or rests on.
        notified: Offices whose notification is on the cut and whose dates cover ``at``.
        designating: Offices that the receiving party's public profile names as designating.
        life: What the text that an instrument names is, in its author's view.
        bundle: The text named by an instrument is carried and parses (ground rules).
        signed_exactly: The signature of a ``treaty.sign`` verifies over the text's exact bytes.
        calendars: Working days by which deadlines of the receiving party are counted; none
            known: Monday to Friday.
        own_calendars: Working days of the author, likewise.
        about: The earlier act that this one refers to, where it lies on the cut.
        words: The entry whose words are to be erased, where it has words and lies on the cut.
        incidents: Reports of this link, by the receiver of this act, without results so far.
        visited: A security survey at the receiver was done.
        surveyed: When the last one was.
        shown: Of the items that a closing list names, those that were released on the cut.
        parents: State of the agreements that the judging one rests on, as far as they are
            between the two.
        concluded: Of the agreements that the judging one waits for, those in force between the
            two, in both views.
        attested: What stands for the act, where its author keeps paper and the other entered it.
    """

    acting: Party
    counterpart: Party
    at: Instant
    cut: CutFacts = CutFacts()
    views: tuple[tuple[Party, Standing], ...] = ()
    item: ItemFacts | UnsetType = UNSET
    approvals: tuple[ApprovalFact, ...] = ()
    assurances: tuple[AssuranceFact, ...] = ()
    consents: tuple[ConsentFact, ...] = ()
    named: NamedFacts | UnsetType = UNSET
    directive: DirectiveFacts | UnsetType = UNSET
    origin_problem: str | UnsetType = UNSET
    notified: tuple[Office, ...] = ()
    designating: tuple[Office, ...] = ()
    instruments: tuple[InstrumentFact, ...] = ()
    life: LifeFacts | UnsetType = UNSET
    bundle: bool = False
    signed_exactly: bool = False
    sealed: bool = False
    house: HouseFacts | UnsetType = UNSET
    calendars: tuple[Calendar, ...] = ()
    own_calendars: tuple[Calendar, ...] = ()
    about: MatterFacts | UnsetType = UNSET
    words: WordsFacts | UnsetType = UNSET
    incidents: int = 0
    visited: bool = False
    surveyed: Instant | UnsetType = UNSET
    shown: int = 0
    parents: tuple[tuple[Digest, Standing], ...] = ()
    concluded: tuple[AgreementId, ...] = ()
    attested: AttestedFacts | UnsetType = UNSET
