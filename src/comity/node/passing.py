"""The wish to pass on what was received: the item as its originator made it, nothing retyped."""

from msgspec import UNSET, UnsetType

from comity.acts.documents import Particulars
from comity.node import onward, reading, releases
from comity.node.node import Node
from comity.node.people import require_person
from comity.register.rows import ItemOf, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Office, Party, PersonId, Purpose


def wish(  # noqa: PLR0913 - what a passing on states
    node: Node,
    item: ItemOf,
    *,
    to: Party,
    offices: tuple[Office, ...],
    person: PersonId,
    purpose: Purpose | UnsetType = UNSET,
) -> releases.Wish:
    """Return the wish to pass a received item on as it is; the reading is entered first.

    It is entered with the originator's consent for the party or a group that stands for it,
    where there is one: what may only be passed on is opened for that alone.

    Raises:
        Refused: ``refused.absent``, ``refused.item.not-received``.
        RefusedAct: the person may not read it (Article 7).
        Invalid: content or key is not what the skeleton commits to.
        Unavailable: content or key has not arrived yet.
    """
    with node.store.reading() as tx:
        text = node.agreement(tx, Digest(item.agreement)) if item.agreement else None
        names = onward.names_of(text, to)
        granted = onward.best(tx, item, "third-party", names, now=node.clock.now())
    consent = UNSET if granted is None else position_of(granted.key)
    reading.read(node, item, person=person, consent=consent)
    with node.store.reading() as tx:
        office = Office(require_person(tx, person).office)
        core = reading.core_of(tx, item)
    content, words = reading.opened(node, item, holder=office)
    if words is None:
        # Erased by both: it goes on under its number, and as a file of no kind that is known.
        words = Particulars(
            salt=bytes(16),
            title=item.reference,
            lines=(),
            file_name="",
            media_type="application/octet-stream",
            demonstration=False,
        )
    salt = reading.salt_of(node, item, holder=office)
    return releases.Wish(
        to=to,
        offices=offices,
        by=office,
        level=core.label.level,
        subject=core.subject,
        purpose=Purpose(item.purpose) if isinstance(purpose, UnsetType) else purpose,
        content=content,
        title=words.title,
        lines=words.lines,
        file_name=words.file_name,
        media_type=words.media_type,
        form=core.form,
        pages=core.pages,
        annexes=core.annexes,
        originator=core.originator,
        origin=position_of(item.key),
        demonstration=words.demonstration,
        label=core.label,
        salt=salt,
    )
