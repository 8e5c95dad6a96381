"""What only signatures and kept notes can tell of an act: approvals, directories, its cut."""

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.entries import Entry
from comity.acts.kinds import Family, kind
from comity.agreement.books import Books
from comity.agreement.case import ApprovalFact
from comity.agreement.cut import Asked, cut_of, own_size
from comity.ledger.approvals import verify_approval
from comity.ledger.checkpoints import checkpoint_of
from comity.register.rows import DirectoryOf, Rows
from comity.seal.directories import Directory, follows, open_directory, read_directory
from comity.seal.fingerprints import key_id
from comity.seal.suite import SignatureType
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import correspondence, is_attested, is_feed
from comity.vocabulary.names import Party


def checked(books: Books, rows: Rows, asked: Asked, journal_size: int) -> Asked:
    """Add what only signatures and kept notes can tell: approvals, the cut, exact texts."""
    deed = asked.entry.deed
    bundle = signed = False
    if isinstance(text := getattr(deed, "text", None), str):
        bundle = _carried(books, deed, Digest(text))
    directory = directory_at(books, rows, asked.acting, asked.counterpart, own_size(asked))
    signers = directory
    if is_attested(asked.log):
        # Nobody of the party on paper signs: an officer of the keeper's registry does.
        told = cut_of(asked).theirs_size
        directory = None
        signers = directory_at(books, rows, asked.counterpart, asked.acting, told)
    if isinstance(deed, deeds.PublishDirectory):
        bundle = _follows(books, rows, asked, deed)
    if isinstance(deed, deeds.Sign) and bundle and directory is not None:
        signed = _signed_exactly(books, deed, directory)
    return Asked(
        house=asked.house,
        acting=asked.acting,
        counterpart=asked.counterpart,
        log=asked.log,
        index=asked.index,
        entry=asked.entry,
        approvals=verified_approvals(books, asked.entry, signers),
        cut_problem=cut_problem(books, asked, journal_size),
        expired=_expired(books, rows, asked, directory),
        bundle=bundle,
        signed_exactly=signed,
    )


def _carried(books: Books, deed: deeds.Deed, text: Digest) -> bool:
    """Tell whether the text that an instrument names is here; and that which takes its place."""
    found = books.agreement(text)
    if found is None or not isinstance(deed, deeds.Amend):
        return found is not None
    new = books.agreement(deed.new)
    return (
        new is not None
        and new.digest != text
        and (new.id, new.parties)
        == (
            found.id,
            found.parties,
        )
    )


def _expired(books: Books, rows: Rows, asked: Asked, own: Directory | None) -> bool:
    """Tell whether the author's directory, or the counterpart's within the cut, has ended.

    Whoever keeps the newer ones back would otherwise be served under old keys for ever (TUF,
    freeze). Only what provides stops: what protects never does.
    """
    if kind(asked.entry.deed).family is not Family.PROVIDING:
        return False
    seen = asked.entry.seen
    size = 0 if isinstance(seen, UnsetType) else seen.size
    theirs = directory_at(books, rows, asked.counterpart, asked.acting, size)
    return any(one is not None and one.expires <= asked.entry.at for one in (own, theirs))


def directory_at(
    books: Books, rows: Rows, author: Party, reader: Party, index: int
) -> Directory | None:
    """Return the author's directory in force at a position of its correspondence.

    Before its first leaf that is the directory exchanged at enrolment.
    """
    found = [
        row for row in rows.within(DirectoryOf, correspondence(author, reader)) if row.index < index
    ]
    if found:
        raw = books.document(Digest(max(found, key=lambda row: row.index).digest))
    else:
        raw = books.first_directory(author, reader)
    return None if raw is None else read_directory(raw)


def _follows(books: Books, rows: Rows, asked: Asked, deed: deeds.PublishDirectory) -> bool:
    """Tell whether a directory is here, signed by the author's root, and follows the one before.

    What takes effect here verifies everything that comes after it: one that is none would
    silence the link, and every other with it.
    """
    log = correspondence(asked.acting, asked.counterpart)
    raw = books.document(deed.directory)
    if is_attested(asked.log):
        return _opens(books, asked, deed, raw)
    first = books.first_directory(asked.acting, asked.counterpart)
    if raw is None or first is None:
        return False
    below = [row for row in rows.within(DirectoryOf, log) if row.index < asked.index]
    before = first
    if below:
        kept = books.document(Digest(max(below, key=lambda row: row.index).digest))
        if kept is None:
            return False
        before = kept
    try:
        old = read_directory(before)
        new = open_directory(books.suite, raw, root=key_id(old.root))
        if new.version != deed.version:
            return False
        if raw != before:
            follows(new, old, old_digest=digest(before))
    except Invalid:
        return False
    return True


def _opens(books: Books, asked: Asked, deed: deeds.PublishDirectory, raw: bytes | None) -> bool:
    """Tell whether a directory is the first one of a party that joins, signed by its own root.

    That the root is that party's two persons of the keeper compared; the party itself signs the
    entry with its cosignature.
    """
    if raw is None:
        return False
    try:
        root = key_id(read_directory(raw).root)
        one = open_directory(books.suite, raw, root=root)
    except Invalid:
        return False
    return (one.party, one.to, one.version) == (asked.acting, asked.counterpart, deed.version)


def _signed_exactly(books: Books, deed: deeds.Sign, directory: Directory) -> bool:
    raw = books.document(deed.text)
    if raw is None:
        return False
    try:
        books.suite.verify(
            directory.ledger,
            type=SignatureType.AGREEMENT,
            message=raw,
            signature=deed.signature,
        )
    except Invalid:
        return False
    return True


def verified_approvals(
    books: Books, entry: Entry, directory: Directory | None
) -> tuple[ApprovalFact, ...]:
    """Return the approvals that verify. One that does not is as good as absent."""
    if isinstance(entry.approvals, UnsetType) or directory is None:
        return ()
    deed = deeds.deed_digest(entry.deed)
    facts: dict[str, ApprovalFact] = {}
    for approval in entry.approvals:
        try:
            who = verify_approval(
                books.suite,
                approval,
                deed=deed,
                document=books.document(approval.document),
                directory=directory,
            )
        except Invalid:
            continue
        # Distinct persons: the same person twice is one approval.
        facts[who.person] = ApprovalFact(person=who.person, office=who.office, roles=who.roles)
    return tuple(facts[person] for person in sorted(facts))


def _other_root(books: Books, asked: Asked) -> bool:
    """Tell whether an entry of a lane names another tree than its author's correspondence is.

    Where nobody holds that tree (an evidence file) there is nothing to compare: who received the
    entry did, and cosigned it.
    """
    own = correspondence(asked.acting, asked.counterpart)
    also = () if isinstance(asked.entry.also, UnsetType) else asked.entry.also
    for one in also:
        if one.log == own:
            root = books.tree_root(own, one.size)
            if root is not None and root != one.root:
                return True
    return False


def cut_problem(books: Books, asked: Asked, journal_size: int) -> str | UnsetType:
    """Check ``seen`` against the note it names (4-protocol, "The cut")."""
    seen = asked.entry.seen
    if isinstance(seen, UnsetType):
        return UNSET
    note = books.note(seen.digest)
    if note is None:
        return "seen.unknown"
    checkpoint = checkpoint_of(note)
    expected = correspondence(asked.counterpart, asked.acting)
    if (checkpoint.log, checkpoint.size, checkpoint.root, checkpoint.time) != (
        expected,
        seen.size,
        seen.root,
        seen.time,
    ):
        return "seen.unknown"
    if is_feed(asked.log) and _other_root(books, asked):
        return "head.other"
    # An entry at or after size m that claims less than the author's checkpoint of size m is
    # unlawful; only what was known when the entry was judged counts, so that a replay agrees.
    for claim in books.claims(asked.log):
        if claim.size <= asked.index and claim.journal <= journal_size and seen.size < claim.seen:
            return "seen.behind-checkpoint"
    return UNSET
