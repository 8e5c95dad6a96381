"""Commands over the house's own rules: the profile in force, and a new one adopted."""

from typing import Any, Final

from msgspec import UNSET

from comity.acts.deeds import Role
from comity.agreement.profile import Profile, open_profile, public_part
from comity.assemble.commands.said import Arguments, Command, content_of, entered_of
from comity.assemble.epochs import keep_epochs
from comity.assemble.house import House
from comity.node import people, setup
from comity.node.adopted import PROFILE, adopted_at
from comity.node.clocks import BOUND
from comity.node.ports import Reading
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import parse_person


def profile_show(house: House, args: Arguments) -> dict[str, Any]:
    """Say which profile the journal adopted last, since when, and what it rules."""
    del args
    node = house.node
    with house.store.reading() as tx:
        return {"since": adopted_at(tx, node.party), **_said(_adopted(house, tx))}


def profile_adopt(house: House, args: Arguments) -> dict[str, Any]:
    """Adopt another profile: from now on the house decides by it.

    Offices that are new get their keys first: a process that dies before the adoption leaves keys
    that nobody names. One that dies after it has still to announce them, which the next start
    does. What the counterparts were told of the house stays until its authorities are notified.

    Raises:
        Refused: ``refused.person.role``; ``refused.profile.registry``: another office stamps;
            ``refused.profile.office``: an office is left out that the former one names.
        Invalid: ``invalid.profile``.
    """
    node, actor, raw = house.node, parse_person(args["as"]), content_of(args["file"])
    new = open_profile(raw)
    with house.store.reading() as tx:
        people.require_person(tx, actor, Role.ADMINISTRATOR)
        old = _adopted(house, tx)
        peers = [row.key for row in setup.peers(tx)]
    if old.digest == new.digest:
        with house.store.reading() as tx:
            return {"unchanged": True, "since": adopted_at(tx, node.party), "profile": new.digest}
    _require_goes_on(old, new)
    before = {one.office for one in old.offices}
    added = [one.office for one in new.offices if one.office not in before]
    for office in added:
        # So much earlier that a peer whose clock is behind finds the epoch begun.
        house.vault.add_office(office, since=plus_seconds(node.clock.now(), -BOUND))
    entered = setup.adopt_profile(node, raw, actor=actor)
    house.witness.keep({PROFILE: entered.entry.at})
    return {
        "profile": new.digest,
        **entered_of(entered),
        "offices": added,
        "published": list(keep_epochs(house)),
        "notify": peers if public_part(old) != public_part(new) else [],
    }


def _require_goes_on(old: Profile, new: Profile) -> None:
    if new.party != old.party:
        raise Invalid("invalid.profile", f"the profile is {new.party}'s, not {old.party}'s")
    if new.registry != old.registry:
        raise Refused("refused.profile.registry", f"{old.registry}, and not {new.registry}")
    if gone := {one.office for one in old.offices} - {one.office for one in new.offices}:
        raise Refused("refused.profile.office", ", ".join(sorted(gone)))


def _adopted(house: House, tx: Reading) -> Profile:
    profile = house.node.profile(tx, tx)
    if profile is None:
        raise Refused("refused.profile.none", "no national profile is adopted here")
    return profile


def _said(profile: Profile) -> dict[str, Any]:
    return {
        "profile": profile.digest,
        "party": profile.party,
        "registry": profile.registry,
        "zone": profile.zone,
        "rule": _or_none(profile.rule),
        "window_minutes": profile.window_minutes,
        "clearances": list(profile.clearances),
        "procedure": list(profile.procedure),
        "assumed": list(profile.assumed),
        "offices": [
            {
                "office": one.office,
                "names": dict(one.names),
                "since": one.since,
                "until": _or_none(one.until),
                "successor": _or_none(one.successor),
                "designating": one.designating,
            }
            for one in profile.offices
        ],
        "delegations": [
            {
                "office": one.office,
                "levels": list(one.levels),
                "to": list(one.to),
                "subjects": list(one.subjects),
                "approvals": one.approvals,
            }
            for one in profile.delegations
        ],
        "absences": [
            {
                "office": one.office,
                "deputy": one.deputy,
                "since": one.since,
                "until": one.until,
            }
            for one in profile.absences
        ],
    }


def _or_none(value: Any) -> str | None:  # noqa: ANN401 - a text, or unset
    return None if value is UNSET else str(value)


PROFILES: Final[dict[str, Command]] = {
    "profile.show": profile_show,
    "profile.adopt": profile_adopt,
}
"""By name."""
