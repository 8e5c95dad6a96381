"""Key files: a passphrase opens the master key, the master key opens every other file.

``master`` holds 32 random bytes under the passphrase; changing the passphrase writes that one
file, and opening costs one derivation whatever the number of keys. Every other file is wrapped
under the master key with its own name bound to it, so that two files cannot be exchanged. What
is lost with the passphrase is lost: there is no second way in.

The directory is for one process (the node holds its lock) and one user. All keys are in memory
once opened. A removed file is gone from the directory, not from backups or from the cells of a
flash disk: a destroyed epoch counts as gone when those are, too.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from comity.acts.canonical import encode
from comity.keys.folder import check_folder, read_files, remove_file, sync_folder, write_file
from comity.keys.names import DESTROYED, bound, is_key_file, storage_name
from comity.keys.vault import FileVault, office_secrets
from comity.seal.certificates import NodeCertificate
from comity.seal.passphrase import Cost, open_with_passphrase, seal_with_passphrase
from comity.seal.suite import Suite
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office, Party

_MASTER: Final = "master"


def create(  # noqa: PLR0913 - everything that a house begins with, by name
    directory: Path,
    suite: Suite,
    passphrase: str,
    *,
    party: Party,
    offices: Iterable[Office],
    certificate: NodeCertificate,
    since: Instant,
    cost: Cost | None = None,
) -> FileVault:
    """Make all keys of a new node and open them; the directory is there whole, or not at all.

    Args:
        directory: Where; absent or empty.
        suite: Makes the keys.
        passphrase: Will open them.
        party: Whose node.
        offices: Each gets a storage key and its first epoch.
        certificate: TLS certificate and key of the exchange.
        since: When the first epochs begin.
        cost: How dear one guess of the passphrase is; ``best_cost()`` if not told.

    Raises:
        Refused: ``refused.keys.exist``: the directory holds something; nothing was touched.
            ``refused.passphrase``: it is empty. ``refused.keys.office``: another party's.
        Unavailable: ``unavailable.disk``.
    """
    master = suite.random(32)
    sealed = seal_with_passphrase(passphrase, master, cost=cost)
    secrets = {
        "house": party.encode(),
        "root": suite.generate_signing(),
        "ledger": suite.generate_signing(),
        "transport": suite.generate_kem(),
        "tls": encode(certificate),
        storage_name(party): suite.generate_key(),
    }
    for office in offices:
        secrets |= office_secrets(suite, party, office, since)
    try:
        if directory.exists() and any(directory.iterdir()):
            raise _exist(directory)
        directory.parent.mkdir(parents=True, exist_ok=True)
        # Mode 0700. Without its name no node uses it, so a crash in here leaves no half keys.
        made = Path(mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    except OSError as error:
        raise Unavailable("unavailable.disk", f"{directory}: {error.strerror}") from error
    try:
        for name, secret in secrets.items():
            write_file(made, name, suite.wrap(master, key=secret, aad=bound(name)))
        write_file(made, _MASTER, sealed)
        # Onto a directory that somebody filled meanwhile the rename fails, and nothing is lost.
        made.rename(directory)
        sync_folder(directory.parent)
    except OSError as error:
        raise _exist(directory) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return FileVault(directory, suite, master, secrets)


def open_vault(directory: Path, suite: Suite, passphrase: str) -> FileVault:
    """Open all keys of a node.

    An epoch whose destruction was under way when the process died is destroyed here.

    Raises:
        Invalid: ``invalid.passphrase``: another passphrase, or ``master`` was changed.
            ``invalid.sealed-secret``: ``master`` is no such file. ``invalid.keys``: a file was
            changed, renamed, is from elsewhere or missing.
        Refused: ``refused.keys.none``, ``refused.keys.mode``, ``refused.keys.size``,
            ``refused.passphrase``.
        Unavailable: ``unavailable.disk``.
    """
    files = _files(directory)
    master = open_with_passphrase(passphrase, files.pop(_MASTER))
    for name in files:
        if is_key_file(name) is None:
            raise Invalid("invalid.keys", f"{name} is not a key file")
    destroyed = frozenset(name for name in files if name.endswith(DESTROYED))
    for mark in destroyed:
        # The mark stood before the key went: whoever finds both finishes the work.
        del files[mark]
        if files.pop(mark.removesuffix(DESTROYED), None) is not None:
            remove_file(directory, mark.removesuffix(DESTROYED))
    secrets = {name: _unwrap(suite, master, name, raw) for name, raw in files.items()}
    return FileVault(directory, suite, master, secrets, destroyed=destroyed)


def change_passphrase(directory: Path, old: str, new: str, *, cost: Cost | None = None) -> None:
    """Seal the master key under another passphrase; the other files stay as they are.

    Whoever has a copy of the old ``master`` still opens it with the old passphrase.

    Raises:
        Invalid: ``invalid.passphrase``, ``invalid.sealed-secret``.
        Refused: ``refused.keys.none``, ``refused.keys.mode``, ``refused.passphrase``.
        Unavailable: ``unavailable.disk``: one of the two passphrases holds.
    """
    master = open_with_passphrase(old, _files(directory)[_MASTER])
    write_file(directory, _MASTER, seal_with_passphrase(new, master, cost=cost))


def _files(directory: Path) -> dict[str, bytes]:
    check_folder(directory)
    files = read_files(directory)
    if _MASTER not in files:
        raise Refused("refused.keys.none", str(directory))
    return files


def _unwrap(suite: Suite, master: bytes, name: str, raw: bytes) -> bytes:
    try:
        secret = suite.unwrap(master, wrapped=raw, aad=bound(name))
    except Invalid as error:
        raise Invalid("invalid.keys", f"{name} was changed, or is from elsewhere") from error
    return secret


def _exist(directory: Path) -> Refused:
    return Refused("refused.keys.exist", str(directory))
