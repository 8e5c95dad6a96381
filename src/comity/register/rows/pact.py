"""The rows of a link and of what stands in force on it: who, which directory, which text."""

from comity.register.rows.base import Row


class Peer(Row, frozen=True, kw_only=True):
    """An enrolled counterpart. Key: the party."""

    root: str
    directory: str
    compared_by: tuple[str, ...]
    index: int


class DirectoryOf(Row, frozen=True, kw_only=True):
    """A directory in force from a position. Scope: the author's correspondence."""

    log: str
    index: int
    digest: str
    version: int


class Instrument(Row, frozen=True, kw_only=True):
    """An instrument about one text, or about a pact. Scope: the text's digest; the pact.

    Attributes:
        text: The text's digest; empty where the instrument is about a pact as such.
        pact: The pact, where the instrument itself names it.
        on: When it was done on paper, as far as that is known; empty: when it was entered.
        about: The notice that it is about, or the digest of the text that takes this one's place.
        detail: The step of a negotiation; the channel of a notice.
        document: A document that it names.
    """

    log: str
    index: int
    author: str
    act: str
    text: str
    at: str
    pact: str
    on: str
    about: str
    detail: str
    document: str


class ChronicleLine(Row, frozen=True, kw_only=True):
    """What the house did or heard about a pact, from its journal. Scope: the pact.

    Attributes:
        own: It is a step of the house's own procedure.
    """

    index: int
    parties: tuple[str, ...]
    event: str
    on: str
    at: str
    document: str
    own: bool


class Authority(Row, frozen=True, kw_only=True):
    """The public profile that a party notified. Scope: the author's correspondence."""

    log: str
    index: int
    profile: str


class Assurance(Row, frozen=True, kw_only=True):
    """The word given before a release. Scope: the author's correspondence."""

    log: str
    index: int
    offices: tuple[str, ...]
    level: str
    until: str
    cleared: bool
    needed: bool
    protected: bool
    controls: tuple[str, ...] = ()
