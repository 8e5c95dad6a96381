"""How a node's directory is made: all of it, or nothing."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from comity.acts.deeds import Role
from comity.agreement.profile import Profile, open_profile
from comity.assemble.clock import SystemClock
from comity.assemble.house import ADMINISTRATOR, Config, new_certificate, opened, write_config
from comity.assemble.stores import open_store, require_no_books, settled
from comity.keys.files import create
from comity.node import people, setup
from comity.seal.passphrase import Argon2id
from comity.seal.real import REAL
from comity.transport.addresses import parse_address
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import Party


def init(  # noqa: PLR0913 - what it states, by name
    directory: Path,
    *,
    party: Party,
    profile: bytes,
    exchange: str,
    console: str,
    passphrase: str,
    quick: bool = False,
    origin: str = "",
    where: str = "",
    second: str = "",
) -> Config:
    """Make a party's node directory: keys, database, profile, the administrator.

    Args:
        directory: Absent or empty.
        party: Whose node.
        profile: Its national profile.
        exchange: Host and port for other nodes.
        console: Host and port for people.
        passphrase: Opens the keys.
        origin: Where browsers see the console, if not at ``console`` itself.
        quick: A cheap passphrase hash, for demonstrations and tests only.
        where: Where the books are: as :func:`comity.assemble.stores.settled`.
        second: A folder in which every transaction is kept once more; empty: none.

    Raises:
        Refused: the directory is a node already; ``refused.init.books``: so is the database.
        Invalid: the profile does not parse; ``invalid.address``; ``invalid.origin``.
        Unavailable: as :func:`comity.assemble.stores.open_store`.
            Whatever is raised: nothing of a node is left in the directory.
    """
    terms = open_profile(profile)
    if terms.party != party:
        raise Invalid("invalid.profile", f"the profile is {terms.party}'s")
    if (directory / "node.toml").exists():
        raise Refused("refused.init.exists", str(directory))
    for address in (exchange, console):
        parse_address(address, b"")
    require_origin(origin)
    where = settled(where, Path.cwd())
    now = SystemClock().now()
    with _whole_or_nothing(directory):
        return _made(
            directory,
            Config(
                party=party,
                registry=terms.registry,
                exchange=exchange,
                console=console,
                demonstration=quick,
                origin=origin,
                store=where,
                second=str(Path(second).resolve()) if second else "",
            ),
            terms,
            profile,
            passphrase=passphrase,
            now=now,
        )


def require_origin(origin: str) -> None:
    """Return if browsers can see a console there: empty, or a scheme with a host alone.

    Raises:
        Invalid: ``invalid.origin``.
    """
    found = urlsplit(origin)
    plain = f"{found.scheme}://{found.netloc}"
    if origin and (found.scheme not in ("http", "https") or not found.hostname or origin != plain):
        raise Invalid("invalid.origin", origin)


@contextmanager
def _whole_or_nothing(directory: Path) -> Iterator[None]:
    """Take back what was made in a directory if not all of it could be made.

    What was there before stays. If the process dies here, the rest of a node stays, without
    which nothing was signed or sent: the folder is deleted by hand, or another one chosen.
    """
    there = directory.exists()
    before = set(directory.iterdir()) if there else set()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield
    except BaseException:
        for one in set(directory.iterdir()) - before:
            shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
        if not there:
            directory.rmdir()
        raise


def _made(  # noqa: PLR0913 - what it is made of
    directory: Path,
    config: Config,
    terms: Profile,
    profile: bytes,
    *,
    passphrase: str,
    now: Instant,
) -> Config:
    with closing(open_store(directory, config.party, config.store)) as store:
        require_no_books(store)
    create(
        directory / "keys",
        REAL,
        passphrase,
        party=config.party,
        offices=[one.office for one in terms.offices],
        certificate=new_certificate(config.party, config.exchange, now),
        since=plus_seconds(now, -60),
        cost=Argon2id(memory=8192, passes=1, lanes=1) if config.demonstration else None,
    )
    write_config(directory, config)
    with opened(directory, passphrase, new=True) as house:
        setup.adopt_profile(house.node, profile, actor=ADMINISTRATOR)
        people.add_person(
            house.node,
            ADMINISTRATOR,
            name="Administrator",
            office=config.registry,
            roles=(Role.ADMINISTRATOR,),
            key=None,
            actor=ADMINISTRATOR,
        )
    return config
