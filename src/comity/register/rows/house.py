"""The rows of a house's own people, drafts and profile."""

from comity.register.rows.base import Row


class PersonOf(Row, frozen=True, kw_only=True):
    """A person of this house. Key: the person. Scope: ``persons``."""

    office: str
    roles: tuple[str, ...]
    card: str
    approval_key: bytes
    relying_party: str
    nationalities: tuple[str, ...]
    index: int


class PasskeyOf(Row, frozen=True, kw_only=True):
    """A passkey of a person. Key: identifier of the public key. Scope: the person.

    Attributes:
        revoked: When it was revoked; empty while it signs.
    """

    public: bytes
    relying_party: str
    credential: bytes
    copied: bool
    at: str
    revoked: str
    index: int


class Clearance(Row, frozen=True, kw_only=True):
    """A clearance. Key: journal position. Scope: the person."""

    level: str
    since: str
    until: str
    authority: str
    attestation: str = ""


class Need(Row, frozen=True, kw_only=True):
    """A need-to-know grant. Key: journal position. Scope: the person."""

    subject: str
    until: str


class Draft(Row, frozen=True, kw_only=True):
    """A deed on its way to a decision. Key: the deed's digest. Scope: ``drafts``.

    Attributes:
        state: ``waiting``, ``declined`` or ``entered``.
        line: The line of the journal in which it was laid before the authority.
    """

    drafter: str
    line: int
    at: str
    state: str
    entered: str


class ApprovalOf(Row, frozen=True, kw_only=True):
    """An approval given in this house. Key: the document. Scope: ``approvals``."""

    person: str
    at: str


class ProfileOf(Row, frozen=True, kw_only=True):
    """The house's own national profile. Key: ``own``."""

    digest: str
    index: int
