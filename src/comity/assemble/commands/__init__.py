"""Commands: one literal table from a name to a function over an opened house.

The command line and the console ask for the same functions with the same arguments; each
returns plain values that can be written as JSON. What a person may is decided below, in the
node; a command only translates.
"""

from typing import Final

from comity.assemble.commands.agreements import (
    agreement_authorities,
    agreement_notify,
    agreement_propose,
    agreement_sign,
    agreement_tree,
)
from comity.assemble.commands.asking import (
    consent_acknowledge,
    consent_ask,
    consent_grant,
    consent_list,
    consent_refuse,
    consent_withdraw,
    pass_on,
    request_answer,
    request_ask,
    request_decline,
    request_list,
    request_withdraw,
)
from comity.assemble.commands.books import (
    audit_replay,
    evidence,
    ledger_erase,
    ledger_erasures,
    ledger_show,
    rebuild,
)
from comity.assemble.commands.directives import DIRECTIVES
from comity.assemble.commands.feeds import FEEDS
from comity.assemble.commands.items import (
    assign,
    designate,
    re_mark,
    read,
    receipt,
    register_enter,
    register_list,
    register_show,
)
from comity.assemble.commands.keys import keys_believe, keys_renew, keys_revoke, keys_show
from comity.assemble.commands.lists import LISTS
from comity.assemble.commands.pacts import PACTS
from comity.assemble.commands.papers import PAPERS
from comity.assemble.commands.peers import enrol_confirm, enrol_export, peer_address, publish
from comity.assemble.commands.persons import (
    assure,
    facility_withdraw,
    link,
    person_add,
    person_clear,
    person_invite,
    person_need,
    person_passkeys,
    person_revoke,
    person_withdraw,
)
from comity.assemble.commands.profiles import PROFILES
from comity.assemble.commands.protecting import PROTECTING
from comity.assemble.commands.release import approve, decline, drafts, release, revise
from comity.assemble.commands.reports import REPORTS
from comity.assemble.commands.said import Command
from comity.assemble.commands.standing import status
from comity.assemble.commands.tokens import token_add, token_list, token_revoke

COMMANDS: Final[dict[str, Command]] = {
    "agreement.authorities": agreement_authorities,
    "agreement.notify": agreement_notify,
    "agreement.propose": agreement_propose,
    "agreement.sign": agreement_sign,
    "agreement.tree": agreement_tree,
    "approve": approve,
    "revise": revise,
    "assign": assign,
    "assure": assure,
    "consent.acknowledge": consent_acknowledge,
    "consent.ask": consent_ask,
    "consent.grant": consent_grant,
    "consent.list": consent_list,
    "consent.refuse": consent_refuse,
    "consent.withdraw": consent_withdraw,
    "console.link": link,
    "decline": decline,
    "designate": designate,
    "drafts": drafts,
    "enrol.confirm": enrol_confirm,
    "enrol.export": enrol_export,
    "evidence": evidence,
    "facility.withdraw": facility_withdraw,
    "keys.believe": keys_believe,
    "keys.renew": keys_renew,
    "keys.revoke": keys_revoke,
    "keys.show": keys_show,
    "ledger.erase": ledger_erase,
    "ledger.erasures": ledger_erasures,
    "ledger.show": ledger_show,
    "pass-on": pass_on,
    "peer.address": peer_address,
    "peer.publish": publish,
    "person.add": person_add,
    "person.clear": person_clear,
    "person.invite": person_invite,
    "person.need-to-know": person_need,
    "person.passkeys": person_passkeys,
    "person.revoke-passkey": person_revoke,
    "person.withdraw": person_withdraw,
    "read": read,
    "re-mark": re_mark,
    "rebuild": rebuild,
    "audit.replay": audit_replay,
    "receipt": receipt,
    "register.enter": register_enter,
    "register.list": register_list,
    "register.show": register_show,
    "release": release,
    "request.answer": request_answer,
    "request.ask": request_ask,
    "request.decline": request_decline,
    "request.list": request_list,
    "request.withdraw": request_withdraw,
    "status": status,
    "token.add": token_add,
    "token.list": token_list,
    "token.revoke": token_revoke,
    **DIRECTIVES,
    **FEEDS,
    **LISTS,
    **PAPERS,
    **REPORTS,
    **PROFILES,
    **{name.replace(" ", "."): command for name, command in PROTECTING.items()},
    **{name.replace(" ", "."): command for name, command in PACTS.items()},
}
"""Every command of a house."""
