"""The decision on a draft: approved and entered, declined, or taken back by its drafter.

Who approves is never who drafted. Where the agreement or the profile asks for two persons, the
first approval is kept with the draft, and the item is entered with the second.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from msgspec import Struct, UnsetType

from comity.acts import deeds
from comity.acts.canonical import decoder, digest, encode
from comity.acts.deeds import Role
from comity.acts.parts import Approval
from comity.agreement.clauses.discretion import Discretion
from comity.ledger.approvals import approvals_of
from comity.node import again, item_keys, large, onward, window
from comity.node.chancery import Act, Entered, enter_then
from comity.node.drafts import kept_drafts
from comity.node.item_keys import ItemKeys
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.releases import (
    Instead,
    Laid,
    Waiting,
    absent_draft,
    is_sheet,
    lay_list_before,
    open_drafts,
    waiting_drafts,
)
from comity.node.signing import Signer, by_key_file
from comity.node.sitting import Sitting
from comity.register.rows import key_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Office, PersonId


class Given(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One person's approval of a draft that waits for another's."""

    person: PersonId
    office: Office
    approval: Approval


_decode_given = decoder(Given, limit=1 << 16)


def approve(
    node: Node, names: Sequence[Digest], *, authority: PersonId, sign: Signer = by_key_file
) -> tuple[Entered, ...]:
    """Approve drafts with one signature over their list, and release those that it completes.

    The authority signs the root of the deeds' digests. A draft that has all approvals
    that the agreement and the profile ask for is entered in the same transaction, judged again,
    its content sealed under its own key. Another goes on waiting, with this approval kept, and is
    not among what is returned. Approving once more adds nothing: persons are counted.

    Where the profile has a window, a draft with all its approvals leaves when that is over
    (:func:`comity.node.departing.depart`), and nothing is returned for it either.

    Raises:
        Refused: the person is no releasing authority, or drafted one of them;
            ``refused.release.leaving``: it is decided already, and in its window.
        RefusedAct: something changed since the draft, and it is not lawful any more.
        Unavailable: ``unavailable.conflict``: somebody else approved one of them meanwhile, which
            may now be decided with this approval: approve again.
    """
    with node.store.reading() as tx:
        office = Office(require_person(tx, authority, Role.RELEASING).office)
        drafts = kept_drafts(node, tx, names)
        if any(draft.drafter == authority for draft in drafts):
            raise Refused(
                "refused.release.second-person", "a release is decided by a second person"
            )
        wanted = _Wanted(node, tx)
        if wanted.window and window.leaving(node, tx, names):
            raise Refused("refused.release.leaving", "it is decided, and leaves at its time")
        before: list[tuple[Given, ...]] = []
        enough: list[bool] = []
        there: dict[str, AbstractSet[str]] = {}
        for name, draft in zip(names, drafts, strict=True):
            # Where one person is enough nobody approved it before, or it would have left; a
            # profile that asked for two then leaves that approval behind, sealed and unused.
            alone = wanted.met(draft.deed, {authority: office})
            gave = () if alone else given(node, tx, name)
            before.append(gave)
            enough.append(alone or wanted.met(draft.deed, _offices(gave) | {authority: office}))
            if not enough[-1]:
                there[f"{name}|"] = set(tx.keys(Space.DRAFT, prefix=f"{name}|"))
    paper = sign(node, authority, names)
    document = encode(paper)
    sealed: list[_Sealed] = []
    kept: dict[str, bytes] = {}
    new = approvals_of(paper, names)
    for name, draft, gave, one, ready in zip(names, drafts, before, new, enough, strict=True):
        if ready and not wanted.window:
            others = tuple(each.approval for each in gave if each.person != authority)
            sealed.append(sealed_act(draft, (*others, one)))
        else:
            # Under a key of its own: two who approve at the same time do not undo each other.
            mine = Given(person=authority, office=office, approval=one)
            kept[_given_key(name, authority)] = node.suite.wrap(
                node.vault.storage(node.party), key=encode(mine), aad=_aad(name)
            )
            if ready:
                kept |= window.kept(node, name, plus_seconds(node.clock.now(), wanted.window))
    decided = Act(
        deed=deeds.Approve(by=drafts[0].deed.by, actor=authority, document=digest(document)),
        keep={Space.DOCUMENT: {digest(document): document}, Space.DRAFT: kept},
    )
    dropped = [
        key
        for name, gave, ready in zip(names, before, enough, strict=True)
        if ready and not wanted.window
        for key in keys_of_draft(name, gave)
    ]
    # Of two who approve at the same time neither would release it, and nobody be told.
    return enter_with_keys(
        node,
        [decided],
        sealed,
        dropped,
        waiting=names,
        first=lambda session: session.require_as_read(there),
    )


def given(node: Node, tx: Reading, name: Digest) -> tuple[Given, ...]:
    """Return the approvals that a draft has while it waits for another one."""
    storage = node.vault.storage(node.party)
    keys = tx.keys(Space.DRAFT, prefix=f"{name}|")
    return tuple(
        _decode_given(node.suite.unwrap(storage, wrapped=raw, aad=_aad(name)))
        for _, raw in sorted(tx.load_many(Space.DRAFT, keys).items())
    )


def _given_key(name: Digest, person: PersonId) -> str:
    return f"{name}|{person}"


def _aad(name: Digest) -> bytes:
    return f"approval of {name}".encode()


def keys_of_draft(name: Digest, gave: Sequence[Given]) -> list[str]:
    """Return the keys under which a draft, its approvals and its window are kept."""
    return [name, window.key_of_leaving(name), *(_given_key(name, one.person) for one in gave)]


def _all_of_draft(
    name: Digest, draft: Waiting, gave: Sequence[Given]
) -> dict[Space, Sequence[str]]:
    """Return what is forgotten of a draft that does not leave: its sealed content as well."""
    content = [] if draft.is_file or draft.shown else [draft.ciphertext]
    return {Space.DRAFT: keys_of_draft(name, gave), Space.CONTENT: content}


def _offices(gave: Sequence[Given]) -> dict[PersonId, Office]:
    return {one.person: one.office for one in gave}


class _Wanted:
    """How many persons the agreement and the profile ask for, read once for a list of drafts."""

    def __init__(self, node: Node, tx: Reading) -> None:
        self._node, self._tx = node, tx
        self._profile = node.profile(tx, tx)
        self._at = node.clock.now()
        self._known: dict[Hashable, bool] = {}
        self.window = 0 if self._profile is None else 60 * self._profile.window_minutes

    def met(self, deed: deeds.Release, persons: Mapping[PersonId, Office]) -> bool:
        """Tell whether these persons are enough.

        Where neither delegates anything to their offices there is nothing to wait for: the draft
        is entered, and the judgement says what stands in the way.
        """
        item = deed.item
        # All that is looked at: drafts of one list are mostly alike in it.
        alike = (deed.agreement, item.label.level, deed.to, item.subject, *persons.items())
        if alike not in self._known:
            self._known[alike] = self._met(deed, persons)
        return self._known[alike]

    def _met(self, deed: deeds.Release, persons: Mapping[PersonId, Office]) -> bool:
        text = None
        if not isinstance(deed.agreement, UnsetType):
            text = self._node.agreement(self._tx, deed.agreement)
        asked = None if text is None else text.clause("discretion")
        if isinstance(asked, Discretion) and len(persons) < asked.approvals:
            return False
        if self._profile is None:
            return True
        level, subject = deed.item.label.level, deed.item.subject
        offices = list(persons.values())
        lacking = self._profile.lacking(level, deed.to, subject, offices, self._at)
        return lacking != "second-approval"


class _Sealed(NamedTuple):
    act: Act
    keys: ItemKeys


def sealed_act(draft: Waiting, approvals: tuple[Approval, ...]) -> _Sealed:
    """Return the act that releases what waits sealed, with its keys."""
    # The sealed content is there since it was laid, under the digest that the entry states.
    keep: dict[Space, dict[str, bytes]] = {Space.WORDS: {draft.keys.sealed: draft.particulars}}
    if draft.shown:
        act = Act(deed=draft.deed, approvals=approvals, keep=keep, requested_by=draft.drafter)
        return _Sealed(act, draft.keys)
    if draft.is_file:
        keep[Space.LINK] = {large.given_key(draft.deed.to, draft.ciphertext): b"given"}
    act = Act(
        deed=draft.deed,
        approvals=approvals,
        ciphertext=draft.ciphertext,
        keep=keep,
        requested_by=draft.drafter,
    )
    return _Sealed(act, draft.keys)


def enter_with_keys(  # noqa: PLR0913 - what goes with the releases, by name
    node: Node,
    decided: Sequence[Act],
    sealed: Sequence[_Sealed],
    dropped: Sequence[str],
    *,
    waiting: Sequence[Digest],
    first: Callable[[Sitting], object] | None = None,
) -> tuple[Entered, ...]:
    """Enter releases after what decided them, keep their keys, and forget their drafts.

    Returns:
        The releases as entered, without what decided them.
    """

    def keep_keys(entered: Sequence[Entered]) -> dict[Space, dict[str, bytes]]:
        keep = {}
        for one, what in zip(entered[len(entered) - len(sealed) :], sealed, strict=True):
            item = key_of(one.position)
            keep[f"{item}|{node.party}"] = item_keys.wrapped(
                node, what.keys, item=item, holder=node.party
            )
        return {Space.KEY: keep}

    drop = {Space.DRAFT: dropped}
    # What goes on is told to its originator in the same transaction, and first: a consent that
    # one item uses up is used up for the next.
    told = [act for one in sealed for act in onward.telling(node, one.act)]
    acts = [*decided, *told, *(onward.proven(node, one.act) for one in sealed)]
    entered = enter_then(node, acts, keep=keep_keys, drop=drop, waiting=waiting, first=first)
    return entered[len(decided) + len(told) :]


def decline(node: Node, name: Digest, *, authority: PersonId) -> Entered:
    """Decline a draft. No reason is owed, none is asked for, and nobody outside learns of it.

    Raises:
        Refused: the person is no releasing authority; ``refused.release.no-draft``.
    """
    with node.store.reading() as tx:
        office = require_person(tx, authority, Role.RELEASING).office
        (draft,), gave = waiting_drafts(node, tx, [name]), given(node, tx, name)
    return _end(node, name, draft, gave, by=Office(office), actor=authority)


def revise(node: Node, name: Digest, changes: again.Changes, *, authority: PersonId) -> Laid:
    """Approve with changes: what is changed is another deed, laid before another authority.

    All that is not named stays as it was laid: caveats, releasability and the end of it too.

    Who changed it has drafted it, so a further person decides; approvals of the draft that it
    replaces count for nothing. Both are one transaction: if the process dies before its commit,
    the draft waits as it was.

    Raises:
        Refused: the person is no releasing authority; ``refused.release.no-draft``: it is
            decided, or is passed on as another originated it; ``refused.release.standing``: it
            is a standing directive, whose bounds no sheet has; ``refused.release.too-large``:
            its file is sealed already, and is laid anew by its drafter.
        RefusedAct: the agreement refuses what it would become, whoever approves.
    """
    with node.store.reading() as tx:
        office = require_person(tx, authority, Role.RELEASING).office
        (draft,), gave = waiting_drafts(node, tx, [name]), given(node, tx, name)
        (whole,) = open_drafts(node, tx, [name])
    if not isinstance(draft.deed.origin, UnsetType):
        raise absent_draft()
    if not is_sheet(whole):
        raise Refused("refused.release.standing", "a directive is laid anew by its drafter")
    if draft.is_file:
        raise Refused("refused.release.too-large", "a sealed file is laid anew by its drafter")
    ends = Act(deed=deeds.Decline(by=Office(office), actor=authority, deed=name))
    wish = again.changed(again.wish_of(whole), changes)
    instead = Instead(name, ends, _all_of_draft(name, draft, gave))
    return lay_list_before(node, [wish], drafter=authority, instead=instead)[0]


def take_back(node: Node, name: Digest, *, drafter: PersonId) -> Entered:
    """Take one's own draft back before it has left: it waits for nobody any more.

    Raises:
        Refused: ``refused.release.no-draft``: it is decided, another's, or never was.
    """
    with node.store.reading() as tx:
        office = require_person(tx, drafter).office
        (draft,), gave = waiting_drafts(node, tx, [name]), given(node, tx, name)
    if draft.drafter != drafter:
        raise absent_draft()
    return _end(node, name, draft, gave, by=Office(office), actor=drafter)


def _end(  # noqa: PLR0913 - a draft and who ends it
    node: Node,
    name: Digest,
    draft: Waiting,
    gave: Sequence[Given],
    *,
    by: Office,
    actor: PersonId,
) -> Entered:
    """Enter that a draft is not released, and forget its words with it."""
    act = Act(deed=deeds.Decline(by=by, actor=actor, deed=name))
    drop = _all_of_draft(name, draft, gave)
    entered = enter_then(node, [act], drop=drop, waiting=[name])[0]
    _forget_file(node, draft)
    return entered


def _forget_file(node: Node, draft: Waiting) -> None:
    """Delete the sealed file of a draft that will not leave, after that is entered.

    If the process dies in between, a file stays whose key was in the draft: nobody opens it.
    """
    if draft.is_file and node.files is not None:
        node.files.delete(draft.ciphertext)
