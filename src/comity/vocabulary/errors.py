"""The four families of errors, by who acts on them.

``Refused``: a person decides otherwise. ``Invalid``: keep as evidence. ``Unavailable``: try
again, nothing was decided. Anything else is a bug. Each concrete error has a stable dotted
code and an exit status; both are listed in ``docs/errors.md``, which a test compares with
this table. Messages never quote classified content.
"""

from typing import Final


class ComityError(Exception):
    """An error that comity means: it has a stable code and an exit status.

    Attributes:
        code: Dotted, stable, for machines (``invalid.proof``).
        detail: Plain words for people, without classified content.
    """

    family = "bug"
    exit_status = 70

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code and the words."""
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: Final = code
        self.detail: Final = detail


class Refused(ComityError):
    """The agreement, the profile or a rule of the house says no; a person decides otherwise."""

    family = "refused"
    exit_status = 2


class Invalid(ComityError):
    """Bytes that cannot be believed; they are kept as evidence."""

    family = "invalid"
    exit_status = 4


class Unavailable(ComityError):
    """Nothing was decided; the same call may succeed later."""

    family = "unavailable"
    exit_status = 75


class Unconfirmed(ComityError):
    """Consistent, but the roots were not confirmed by anybody (``comity verify`` without roots)."""

    family = "unconfirmed"
    exit_status = 3
