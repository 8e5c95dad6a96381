"""Judgement: ``judge(texts, entry, case, voice=…) -> Judgement``. Deterministic and total.

Nothing is permitted unless some clause permits; a prohibition beats a permission; an unmet
condition yields a remedy. One judgement holds the findings of every agreement concerned.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import Struct

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding, Judgement, Verdict, conclude
from comity.acts.kinds import Family, kind
from comity.agreement import ground
from comity.agreement.case import Case, LifeFacts, Standing
from comity.agreement.clauses import Clause, Voice
from comity.agreement.clauses.base import hands_over
from comity.agreement.clauses.network import DependsOn
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement
from comity.vocabulary.names import AgreementId, Article, Reason
from comity.vocabulary.phrases import phrase

_BEFOREHAND: Final = (deeds.StandingDirective, deeds.OfDirective)


class Texts(Struct, frozen=True, kw_only=True, cache_hash=True):
    """The texts that one act is judged under.

    Attributes:
        hop: The agreement between the two parties of the act; none where there is none.
        origins: The agreements in the item's chain of origin, whose travelling terms go with it.
        ground: The ground rules.
        profile: The acting party's national profile, for the domestic voice.
        borrowed: The parents of ``hop`` between the two: what protects is asked of them where
            the text itself says nothing.
        concerned: The text that an instrument is about: some of its clauses speak of that.
    """

    hop: Agreement | None
    origins: tuple[tuple[Agreement, Case], ...]
    ground: Agreement
    profile: Profile | None
    concerned: Agreement | None = None
    borrowed: tuple[Agreement, ...] = ()


PROTECTING: Final = frozenset(
    {
        "access",
        "assurance",
        "authorities",
        "compelled-disclosure",
        "contractor",
        "custody",
        "disposition",
        "dispute",
        "extract",
        "facility",
        "incident",
        "law-change",
        "marking",
        "marking-before-receipt",
        "muster",
        "receipt",
        "regrading",
        "reproduction",
        "roster",
        "storage",
        "translation",
        "transmission",
        "visit",
    }
)
"""Clauses that a text without its own borrows from those it rests on (TISA 2014, paragraph 3).

What may cross, to whom and for what, and how long, each text says for itself.
"""


def judge(texts: Texts, entry: Entry, case: Case, *, voice: Voice) -> Judgement:
    """Judge an act in one voice."""
    if not isinstance(entry.deed, deeds.Outward):
        return _at_home(texts, entry, case)
    if voice is Voice.DOMESTIC:
        return _domestic(texts, entry, case)
    return _common(texts, entry, case)


def _common(texts: Texts, entry: Entry, case: Case) -> Judgement:
    hop = texts.hop
    freshness = None if hop is None else hop.meta.fresh
    found: list[Finding] = []
    duties: list[Duty] = []
    # Of the chain of origin first: what the originator's agreement says stands in front.
    for agreement, facts in texts.origins:
        found += _of(agreement, entry, facts, travelling=True)
    found += ground.findings(entry, case, freshness=freshness)
    family = kind(entry.deed).family
    if family not in (Family.LINK, Family.INSTRUMENT):
        if hop is None or not _binds(hop, case):
            found.append(_no_agreement(case))
        else:
            found += _standing(hop, entry)
            found += _of(hop, entry, case)
            found += ground.undecided(entry, found)
            for clause in _sorted(hop).owing:
                duties += clause.duties(entry, case)
            for clause in borrowed(texts, Voice.COMMON):
                if (finding := clause.judge(entry, case)) is not None:
                    found.append(finding)
                duties += clause.duties(entry, case)
    elif texts.concerned is not None and isinstance(case.life, LifeFacts) and case.life.in_force:
        for clause in texts.concerned.clauses:
            if not clause.of_instruments:
                continue
            if (finding := clause.judge(entry, case)) is not None:
                found.append(finding)
            duties += clause.duties(entry, case)
    return conclude(tuple(found), tuple(duties))


def _standing(hop: Agreement, entry: Entry) -> tuple[Finding, ...]:
    """Say that nothing is decided beforehand under a text that does not provide for it.

    Whoever could give a stream under any text would have a release that nobody decided on.
    """
    beforehand = isinstance(entry.deed, _BEFOREHAND)
    if not beforehand or hop.clause("standing-release") is not None:
        return ()
    return (
        Finding(
            agreement=AgreementId("GROUND"),
            article=ground.ITEM_ARTICLE,
            clause=Reason("ground"),
            verdict=Verdict.FORBIDS,
            reason=phrase("ground.standing.not-agreed"),
        ),
    )


def _binds(hop: Agreement, case: Case) -> bool:
    """Tell whether a text can bind the two: a text that was only proposed permits nothing.

    Which acts are lawful when is said by the clauses on force and survival. A text without them
    would, in a proposal that nobody signed, permit whatever its author likes.
    """
    if not {case.acting, case.counterpart} <= set(hop.parties):
        return False
    if _sorted(hop).has_life:
        return True
    return bool(case.views) and all(
        view in (Standing.IN_FORCE, Standing.SURVIVAL) for _, view in case.views
    )


def borrowed(texts: Texts, voice: Voice) -> tuple[Clause, ...]:
    """Return the clauses of its parents that protect beside the text, or in its place.

    In its place where the text itself says nothing; beside it where it says that the stricter of
    two decides.
    """
    if texts.hop is None or not texts.borrowed:
        return ()
    rests = texts.hop.clause("depends-on")
    if isinstance(rests, DependsOn) and rests.where_both == "stricter":
        own = set[Reason]()
    else:
        own = {one.type for one in texts.hop.clauses}
    return tuple(
        clause
        for parent in texts.borrowed
        for clause in parent.clauses
        if clause.voice is voice and clause.type in PROTECTING - own
    )


class _Sorted(NamedTuple):
    """The clauses of a text by what they do, in its order: sorted once, asked for every act.

    A clause that has no rule of its own says nothing of any act, and is not asked.

    Attributes:
        judging: Those with a rule, in the common voice.
        crossing: Of these, those that may say something of what crosses: most acts do.
        travelling: Of these, those whose terms go with an item.
        owing: Those that oblige, in the common voice.
        at_home: Those with a rule, in the domestic voice.
        has_life: The text says when acts under it are lawful.
    """

    judging: tuple[Clause, ...]
    crossing: tuple[Clause, ...]
    travelling: tuple[Clause, ...]
    owing: tuple[Clause, ...]
    at_home: tuple[Clause, ...]
    has_life: bool


@lru_cache(maxsize=256)
def _sorted(agreement: Agreement) -> _Sorted:
    common = [one for one in agreement.clauses if one.voice is Voice.COMMON]
    judging = tuple(one for one in common if type(one).judge is not Clause.judge)
    return _Sorted(
        judging=judging,
        crossing=tuple(one for one in judging if one.of_crossing),
        travelling=tuple(one for one in judging if one.travels),
        owing=tuple(one for one in common if type(one).duties is not Clause.duties),
        at_home=tuple(one for one in agreement.clauses if one.voice is Voice.DOMESTIC),
        has_life=agreement.clause("entry-into-force") is not None
        and agreement.clause("survival") is not None,
    )


def _of(
    agreement: Agreement, entry: Entry, case: Case, *, travelling: bool = False
) -> Sequence[Finding]:
    clauses = _sorted(agreement)
    asked = clauses.crossing if hands_over(entry) else clauses.judging
    found = []
    for clause in clauses.travelling if travelling else asked:
        finding = clause.judge(entry, case)
        if finding is not None:
            found.append(finding)
    return found


def _domestic(texts: Texts, entry: Entry, case: Case) -> Judgement:
    found: list[Finding] = []
    if texts.hop is not None:
        for clause in _sorted(texts.hop).at_home:
            finding = clause.judge(entry, case)
            if finding is not None:
                found.append(finding)
    asked = (clause.judge(entry, case) for clause in borrowed(texts, Voice.DOMESTIC))
    found += [finding for finding in asked if finding is not None]
    if texts.profile is not None:
        found += texts.profile.judge(entry, case)
    return conclude((*found, _house_permits()), ())


def _at_home(texts: Texts, entry: Entry, case: Case) -> Judgement:
    """Judge an act that stays in the house: the profile may forbid, nothing else speaks."""
    found = () if texts.profile is None else texts.profile.judge(entry, case)
    return conclude((*found, _house_permits()), ())


def _house_permits() -> Finding:
    return Finding(
        agreement=AgreementId("PROFILE"),
        article=Article("1"),
        clause=Reason("house"),
        verdict=Verdict.PERMITS,
        reason=phrase("house.own-affair"),
    )


def _no_agreement(case: Case) -> Finding:
    """Say that nothing is agreed for this hop; it hides no other finding."""
    return Finding(
        agreement=AgreementId("GROUND"),
        article=ground.AUTHOR_ARTICLE,
        clause=Reason("ground"),
        verdict=Verdict.FORBIDS,
        reason=phrase("ground.agreement.none", party=case.counterpart),
    )
