"""The last look before a pouch leaves: every release and every consent in it was decided.

Written apart from the judgement that admitted them, from what was signed and what stands in the
logs: the approvals from the bytes that will leave, the keys from directories that the party root
signed, the drafter and the profile from the lines of the journal. A row of the register only says
where to look, so a row forged in the database makes nothing leave. That one was set back to an
older directory or profile of this house, genuine in its time, or that its row was deleted, is seen
by what is remembered outside the database: the greatest version and the latest adoption. A house
without the row of a profile has to have a journal in which none was adopted.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from comity.acts import deeds
from comity.acts.canonical import reader
from comity.acts.deeds import AnyDeed, Role
from comity.acts.entries import Entry
from comity.acts.parts import Approval, Schedule
from comity.agreement.profile import Profile
from comity.ledger.approvals import verify_approval
from comity.node.adopted import PROFILE, adopted_at, profile_before, profile_of, stood_before
from comity.node.lines import deeds_at, leaves_at, wrong
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.setup import pseudonym
from comity.register.rows import (
    DirectoryOf,
    Draft,
    Needs,
    Regrading,
    key_of,
)
from comity.seal.directories import Directory, open_directory
from comity.seal.fingerprints import key_id
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence, journal
from comity.vocabulary.names import Level, Office, Party, PersonId, Subject

_Decided = deeds.Release | deeds.Grant | deeds.ResumeDirective
_CALLED: Final[dict[type[AnyDeed], str]] = {
    deeds.Release: "a release",
    deeds.Grant: "a consent",
    deeds.ResumeDirective: "a directive's resumption",
}
_LAID: Final = str(deeds.LayBefore.__struct_config__.tag)


class _Laying(Struct, frozen=True, gc=False):
    """What a line of the own journal says that lays a deed before the authority."""

    kind: str
    deed: str = ""
    actor: str = ""


class _Line(Struct, frozen=True, gc=False):
    """A line of the own journal; its bytes were decoded strictly when they were entered.

    Only who laid what is asked of them, and of a list there are as many as releases leave.
    """

    deed: _Laying


_laid: Final = reader(_Line)


def require_decided(
    node: Node, tx: Reading, peer: Party, first: int, entries: Sequence[Entry]
) -> None:
    """Return if every release among these entries was approved by enough other persons.

    And every consent, and every lifting of a suspension, by enough persons; nobody drafts these.

    Args:
        node: Whose releases they are.
        tx: What it keeps.
        peer: To whom the pouch goes.
        first: The index of the first entry in the correspondence.
        entries: As decoded from the bytes that will leave.

    Raises:
        Invalid: ``invalid.dispatch``: one was not, and nothing of the pouch is sent.
    """
    found = [
        (index, entry, entry.deed)
        for index, entry in enumerate(entries, start=first)
        if isinstance(entry.deed, _Decided)
    ]
    if not found:
        return
    names = [deeds.deed_digest(deed) for _, _, deed in found if isinstance(deed, deeds.Release)]
    drafters = _drafters(tx, journal(node.party), names)
    papers = tx.load_many(
        Space.DOCUMENT,
        {one.document for _, entry, _ in found for one in _approvals(entry)},
    )
    profile = profile_of(node, tx)
    at = _directories(node, tx, peer)
    _require_latest(node, tx, peer)
    called = {who: pseudonym(node, peer, who) for who in set(drafters.values())}
    for index, entry, deed in found:
        name = deeds.deed_digest(deed)
        persons: dict[str, Office] = {}
        for approval in _approvals(entry):
            who = verify_approval(
                node.suite,
                approval,
                deed=name,
                document=papers.get(approval.document),
                directory=at(index),
            )
            if Role.RELEASING in who.roles:
                persons[who.person] = who.office
        what = next(words for kind, words in _CALLED.items() if isinstance(deed, kind))
        if not persons:
            raise wrong(f"{what} that no releasing authority approved")
        if isinstance(deed, deeds.Release) and called[drafters[name]] in persons:
            raise wrong("a release that its own drafter approved")
        if not _suffices(node, tx, peer, (index, entry.at), deed, list(persons.values()), profile):
            raise wrong(f"{what} that fewer persons approved than the profile asks for")


def _suffices(  # noqa: PLR0913 - what is let go, by whom, and under which profile
    node: Node,
    tx: Reading,
    peer: Party,
    where: tuple[int, Instant],
    deed: _Decided,
    offices: Sequence[Office],
    profile: Profile | None,
) -> bool:
    """Tell whether so many decided as the profile asks for, or as the one of that time did."""
    if profile is None:
        return True
    level, subject = _about(node, tx, peer, where, deed)

    def enough(asked: Profile) -> bool:
        return all(
            _enough(asked, level, to, subject, offices, where[1])
            for to in _towards(asked, deed, level, subject)
        )

    if enough(profile):
        return True
    # A stricter profile was adopted while the line was down: what was decided before it stands.
    then = stood_before(node, tx, correspondence(node.party, peer), where[0])
    if then is None:
        return False
    former = profile_before(node, tx, then)
    return former is None or enough(former)


def _require_latest(node: Node, tx: Reading, peer: Party) -> None:
    """Return if directory and profile are no older than what is remembered outside the database.

    What is remembered has to be there: whoever deletes the row of the profile would have as many
    persons decide as nobody asks for.
    """
    if node.witness is None:
        return
    there = latest_of(tx, node.party, peer)
    for what in (_directory_for(peer), PROFILE):
        if there.get(what, "") < node.witness.latest(what):
            raise wrong(f"{what} was set back to an older one, or is gone")


def latest_of(tx: Reading, party: Party, peer: Party) -> dict[str, str]:
    """Return what must never go back, by name, as texts that grow: to be kept, and compared.

    The version of the latest directory towards a counterpart, and when the profile was adopted.
    """
    found = {}
    log = correspondence(party, peer)
    rows = tx.within(DirectoryOf, log)
    if rows:
        last = max(row.index for row in rows)
        (published,) = deeds_at(tx, log, [last], deeds.PublishDirectory)
        found[_directory_for(peer)] = f"{published.version:016d}"
    if at := adopted_at(tx, party):
        found[PROFILE] = at
    return found


def _directory_for(peer: Party) -> str:
    return f"the directory for {peer}"


def _about(
    node: Node, tx: Reading, peer: Party, where: tuple[int, Instant], deed: _Decided
) -> tuple[Level, Subject]:
    """Return level and subject of what an act lets go: of a consent, as the item left here.

    Its level is the last that this house gave it before the act, from the leaves that say so: of
    its release also the change that it plans, from its date on.
    """
    index, at = where
    if isinstance(deed, deeds.Release):
        return deed.item.label.level, deed.item.subject
    log = correspondence(node.party, peer)
    if deed.item.log != log or deed.item.index >= index:
        raise wrong("an act on an item that this house did not provide")
    (released,) = deeds_at(tx, log, [deed.item.index], deeds.Release)
    rows = tx.within(Regrading, key_of(deed.item))
    before = {row.index for row in rows if row.log == log and row.index < index}
    level = released.item.label.level
    plan = released.item.schedule
    # A row at the release itself says that the agreement takes the date on it as notice. Forged,
    # it makes count no more than what the release plans, and not before that day.
    if deed.item.index in before and isinstance(plan, Schedule):
        due = isinstance(plan.on, str) and plan.on <= at
        level = plan.level if due else level
    lines = sorted(before - {deed.item.index})
    for regraded in deeds_at(tx, log, lines, deeds.Regrade):
        if regraded.item != deed.item:
            raise wrong("an act on an item that another regrading speaks of")
        level = regraded.level
    return level, released.item.subject


def _towards(profile: Profile, deed: _Decided, level: Level, subject: Subject) -> list[Party]:
    """Return to whom something is let go: a consent for a third party lets it go to that one too.

    To a party to which the profile delegates nothing the house releases nothing itself.
    """
    found = [deed.to]
    if isinstance(deed, deeds.Grant) and isinstance(deed.third_party, str):
        found += [deed.third_party] * bool(profile.delegated(level, deed.third_party, subject))
    return found


def _approvals(entry: Entry) -> tuple[Approval, ...]:
    return entry.approvals if isinstance(entry.approvals, tuple) else ()


def _drafters(tx: Reading, house: LogName, names: Sequence[Digest]) -> dict[Digest, PersonId]:
    """Return who laid each deed before the authority, as the journal says."""
    ask = Needs()
    for name in names:
        ask.key(name, Draft)
    rows, _ = tx.fetch(ask)
    lines: dict[Digest, int] = {}
    for name in names:
        row = rows.get((Draft, name))
        if not isinstance(row, Draft):
            raise wrong("a release that nobody laid before an authority")
        lines[name] = row.line
    found = {}
    for name, leaf in zip(names, leaves_at(tx, house, lines.values()), strict=True):
        laid = _laid(leaf).deed
        if laid.kind != _LAID:
            raise wrong("a line that says something else")
        if laid.deed != name:
            raise wrong("a release that was laid before the authority as another one")
        found[name] = PersonId(laid.actor)
    return found


def _enough(  # noqa: PLR0913 - what is let go, and who decided it when
    profile: Profile,
    level: Level,
    to: Party,
    subject: Subject,
    offices: Sequence[Office],
    at: Instant,
) -> bool:
    return any(profile.suffices(one, offices, at) for one in profile.delegated(level, to, subject))


def _directories(node: Node, tx: Reading, peer: Party) -> Callable[[int], Directory]:
    """Return what gives the own directory in force at a position, as the party root signed it."""
    log = correspondence(node.party, peer)
    root = key_id(node.suite.signing_public(node.vault.root()))
    rows = sorted(tx.within(DirectoryOf, log), key=lambda row: row.index)
    known: dict[int, Directory] = {}

    def at(index: int) -> Directory:
        last = max((row.index for row in rows if row.index < index), default=-1)
        if last not in known:
            known[last] = opened(next((row for row in rows if row.index == last), None))
        return known[last]

    def opened(row: DirectoryOf | None) -> Directory:
        if row is None:
            raw = tx.load(Space.LATEST, f"directory|{peer}")
        else:
            (published,) = deeds_at(tx, log, [row.index], deeds.PublishDirectory)
            if published.directory != row.digest:
                raise wrong("a directory that was not published")
            raw = tx.load(Space.DOCUMENT, published.directory)
        if raw is None:
            raise wrong("a release before any directory")
        hashable: Any = node.suite  # one suite per node, told apart by identity
        return _signed(hashable, raw, root)

    return at


@lru_cache(maxsize=16)
def _signed(suite: Suite, raw: bytes, root: Digest) -> Directory:
    # The same bytes under the same root are as good the second time.
    return open_directory(suite, raw, root=root)
