"""The authenticator in software, at Seoul's console; and a passkey that is entered without one."""

from dataclasses import dataclass

from comity.node import passkeys
from comity.node.node import Node
from comity.node.sitting import sitting
from comity.seal import authenticator
from comity.vocabulary.names import PersonId


@dataclass
class Authenticator(authenticator.Authenticator):
    """One passkey on one device: at Seoul's console, where nothing else is said."""

    origin: str = "http://seoul.localhost:7501"
    domain: str = "seoul.localhost"


def registered(node: Node, person: str, device: Authenticator | None = None) -> Authenticator:
    """Enter a person's passkey and tell the counterparts; return the device that has it."""
    made = Authenticator() if device is None else device
    with sitting(node) as session:
        passkeys.register_in(
            session,
            PersonId(person),
            public=made.public,
            relying_party=made.domain,
            credential=made.credential,
            copied=False,
        )
    passkeys.tell(node)
    return made
