"""Granting a consent: by as many persons as the house's profile asks for a release of the item.

The first approval waits at home, sealed, with the exact deed that it signed; the consent is
entered with the one that makes them enough. Who grants on other terms signs another deed, and
approvals of one deed never count for another.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from msgspec import UNSET, Struct, UnsetType, structs

from comity.acts import deeds
from comity.acts.canonical import decoder, digest_of, encode
from comity.acts.deeds import Mode, Role, Uses
from comity.acts.parts import Approval
from comity.ledger.approvals import approvals_of
from comity.node.chancery import Act, Entered, RefusedAct, enter_then, judge_act, keep_refusal
from comity.node.consents import article_of, item_of, prefix_of
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.signing import Signer, by_key_file
from comity.register.rows import AskOf, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, author
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Reference

_SECOND = "profile.second-approval"


class Waiting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One person's approval of a consent that waits for another's: what it signed, and how."""

    deed: deeds.Grant
    person: PersonId
    approval: Approval


class Wanted(Struct, frozen=True, kw_only=True):
    """The terms on which a consent is given; what is left out is as asked."""

    until: Instant | UnsetType = UNSET
    times: int | None = None
    mode: Mode | UnsetType = UNSET

    def fits(self, deed: deeds.Grant) -> bool:
        """Tell whether a deed has the terms that are named."""
        return (
            self.until in (UNSET, deed.until)
            and self.times in (None, deed.times)
            and self.mode in (UNSET, deed.mode)
        )

    def mode_or(self, asked: str) -> Mode | UnsetType:
        """Return the mode that is named, or the one that was asked for."""
        if isinstance(self.mode, UnsetType) and asked:
            return Mode(asked)
        return self.mode


_decode = decoder(Waiting, limit=1 << 16)


def grant(  # noqa: PLR0913 - what a consent states
    node: Node,
    question: AskOf,
    *,
    authority: PersonId,
    until: Instant | UnsetType = UNSET,
    times: int | None = None,
    mode: Mode | UnsetType = UNSET,
    seen: str = "",
    sign: Signer = by_key_file,
) -> Entered | None:
    """Approve what was asked; the releasing authority signs the deed itself.

    Where the profile asks for two persons the first one's approval is kept, and nothing is
    entered towards the other party. Who comes second names the deed that was ``seen``, by its
    digest, and approves exactly that; on other terms it begins anew. Approving once more adds
    nothing. Terms that are left out are as asked, never as somebody else signed them meanwhile.

    Returns:
        The consent as entered; nothing while it waits for another person.

    Raises:
        Refused: the person is no releasing authority; ``refused.consent.changed``: what was seen
            does not wait, or nothing is named while another deed waits.
        RefusedAct: it was answered before, or its end has passed.
        Unavailable: ``unavailable.conflict``: somebody else approved it meanwhile.
    """
    with node.store.reading() as tx:
        row = require_person(tx, authority, Role.RELEASING)
        there = set(tx.keys(Space.DRAFT, prefix=prefix_of(question.key)))
        before = waiting(node, tx, question.key)
        wanted = Wanted(until=until, times=times, mode=mode)
        asked = asked_for(node, tx, question, wanted, by=Office(row.office))
    deed = _seen(before, seen, wanted) if seen else _named(before, asked, wanted)
    name = digest_of(deed)
    paper = sign(node, authority, [name])
    mine = approvals_of(paper, [name])[0]
    others = tuple(one.approval for one in before if one.deed == deed and one.person != authority)
    act = Act(
        deed=deed,
        approvals=(*others, mine),
        keep={Space.DOCUMENT: {mine.document: encode(paper)}},
        requested_by=authority,
    )
    if _another_wanted(node, act):
        _wait(node, question, act, Waiting(deed=deed, person=authority, approval=mine), there)
        return None
    # If the process dies before the commit the consent is not given and the first approval
    # still waits; after it both logs say so, and what waited is gone with the same commit.
    with node.store.reading() as tx:
        dropped = tx.keys(Space.DRAFT, prefix=prefix_of(question.key))
    return enter_then(node, [act], drop={Space.DRAFT: dropped})[0]


def waiting(node: Node, tx: Reading, key: str) -> tuple[Waiting, ...]:
    """Return the approvals that a question's grant has while it waits for another.

    Raises:
        Invalid: ``invalid.wrapped``: somebody wrote there who has no key of this house.
    """
    storage = node.vault.storage(node.party)
    kept = tx.load_many(Space.DRAFT, tx.keys(Space.DRAFT, prefix=prefix_of(key)))
    return tuple(
        _decode(node.suite.unwrap(storage, wrapped=raw, aad=_aad(name)))
        for name, raw in sorted(kept.items())
    )


def _seen(before: Sequence[Waiting], seen: str, wanted: Wanted) -> deeds.Grant:
    """Return the deed that was seen, if it waits still and has the terms that are named.

    Who signed first may sign other terms at any time, and so between the page and the button.
    """
    for one in before:
        if wanted.fits(one.deed) and digest_of(one.deed) == seen:
            return one.deed
    raise _changed()


def _named(before: Sequence[Waiting], asked: deeds.Grant, wanted: Wanted) -> deeds.Grant:
    """Return the deed on the terms that are named, as it waits where it does.

    The office of the first who signed stands in it: the second signs the same bytes.
    """
    for one in before:
        if structs.replace(one.deed, by=asked.by) == asked:
            return one.deed
    if before and wanted == Wanted():
        raise _changed()
    return asked


def _changed() -> Refused:
    return Refused("refused.consent.changed", "another deed waits than the one that is approved")


def digest_seen(one: Waiting) -> Digest:
    """Return what names the exact deed that waits: sent back with the approval as ``seen``."""
    return digest_of(one.deed)


def mode_said(deed: deeds.Grant) -> str:
    """Return the mode that a grant states, or nothing."""
    return "" if isinstance(deed.mode, UnsetType) else deed.mode.value


def _another_wanted(node: Node, act: Act) -> bool:
    """Tell whether only another person's approval is missing.

    Raises:
        RefusedAct: something else stands in its way, whoever approves.
    """
    found = judge_act(node, act)
    codes = {one.reason.code for one in found.objections}
    if _SECOND not in codes:
        return False
    if codes != {_SECOND}:
        refusal = RefusedAct("consent.grant", found)
        keep_refusal(node, [act], refusal)
        raise refusal
    return True


def _wait(node: Node, question: AskOf, act: Act, mine: Waiting, there: AbstractSet[str]) -> None:
    """Keep an approval beside those that were there, and enter at home that it was given."""
    # Under a key of its own: two who approve at the same time do not undo each other.
    key = prefix_of(question.key) + mine.person
    sealed = node.suite.wrap(node.vault.storage(node.party), key=encode(mine), aad=_aad(key))
    decided = Act(
        deed=deeds.Approve(by=mine.deed.by, actor=mine.person, document=mine.approval.document),
        keep={**act.keep, Space.DRAFT: {key: sealed}},
    )
    # Of two who approve at the same time neither would grant it, and nobody be told.
    as_read = {prefix_of(question.key): there}
    enter_then(node, [decided], first=lambda session: session.require_as_read(as_read))


def _aad(key: str) -> bytes:
    return f"approval of {key}".encode()


def asked_for(
    node: Node, tx: Reading, question: AskOf, wanted: Wanted, *, by: Office
) -> deeds.Grant:
    """Return the deed that grants what was asked, on these terms or as asked."""
    item = item_of(tx, question.scope)
    return deeds.Grant(
        by=by,
        to=author(LogName(question.log)),
        article=article_of(node, tx, item, Uses(question.uses)),
        agreement=Digest(item.agreement),
        item=position_of(item.key),
        uses=Uses(question.uses),
        until=Instant(question.until) if isinstance(wanted.until, UnsetType) else wanted.until,
        times=question.times if wanted.times is None else wanted.times,
        third_party=Party(question.third_party) if question.third_party else UNSET,
        purpose=Purpose(question.purpose) if question.purpose else UNSET,
        contractor=Reference(question.contractor) if question.contractor else UNSET,
        level=Level(question.level) if question.level else UNSET,
        mode=wanted.mode_or(question.mode),
        ask=position_of(question.key),
    )
