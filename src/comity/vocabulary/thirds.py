"""Share, protect, manage: what an agreement is for, and what each part of the software does.

Every command, page and resource belongs to exactly one of the three.
"""

from enum import Enum
from typing import Final


class Third(Enum):
    """What something is for."""

    SHARE = "share"
    PROTECT = "protect"
    MANAGE = "manage"


_SUBJECTS: Final = {
    Third.SHARE: (
        "approvals approve assure consent consents decline directive drafts exchange list lists "
        "pass-on release request requests revise support"
    ),
    Third.PROTECT: (
        "assign certificate contractor custody derive designate destroy evaluate extract "
        "facilities facility give-back hand-over holdings incident loan loans muster protection "
        "re-mark read recall receipt register regrade regrading relieve reproduce return store "
        "translate visit"
    ),
    Third.MANAGE: (
        "agreement api audit console demo dispute duties enrol evidence exercise expenses init "
        "ledger network pact paper passkeys peer people person print rebuild recover report "
        "serve status today token verify"
    ),
}

THIRD_OF: Final = {
    subject: third for third, subjects in _SUBJECTS.items() for subject in subjects.split()
}
"""By subject: the first word of a command, the name of a page, the heading of a resource."""


def third_of(subject: str) -> Third:
    """Return what a subject is for; what neither shares nor protects manages."""
    return THIRD_OF.get(subject, Third.MANAGE)
