"""The node itself, its links, its people and their keys."""

from typing import Final

from comity.cli.table.parts import AS, BY, FILES, UNTIL, Command, Option

COMMANDS: Final[dict[str, Command]] = {
    "init": Command(
        "make a party's node directory: keys, database, profile",
        "comity init --node seoul --party KOR --profile profile-KOR.md --exchange 127.0.0.1:7401",
        f"{FILES}:init",
        (
            Option("--party", "whose node"),
            Option("--profile", "its national profile, or 'shipped' for the assumed one"),
            Option("--exchange", "host:port for other nodes", default="127.0.0.1:7401"),
            Option("--console", "host:port for people", default="127.0.0.1:7501"),
            Option(
                "--origin", "where browsers see the console: https://seoul.example", required=False
            ),
            Option(
                "--store",
                "where the books are: postgresql://HOST/DATABASE without a password, "
                "file:PATH or env:NAME that hold one (default: SQLite in the directory)",
                default="",
            ),
            Option(
                "--second",
                "a folder on another disk, in which every transaction is kept once more",
                default="",
            ),
            Option("--quick", "a cheap passphrase hash: demonstrations only", switch=True),
        ),
    ),
    "serve": Command(
        "run the node: exchange, links, commands",
        "comity serve --node seoul --passphrase-file seoul.pass",
        "comity.cli.serving:serve",
        (Option("--background", "return when it serves; comity stop ends it", switch=True),),
    ),
    "stop": Command(
        "stop the node that was begun with comity serve",
        "comity stop --node seoul",
        "comity.cli.serving:stop",
    ),
    "status": Command(
        "say how the node is: agreements, links, duties, alarms", "comity status", "status"
    ),
    "enrol export": Command(
        "write the enrolment file for a counterpart",
        "comity enrol export JPN --out kor-for-jpn.json",
        "enrol.export",
        (Option("peer", "the counterpart"), Option("--out", "where to write it")),
    ),
    "enrol fingerprint": Command(
        "say the fingerprint of a file's root, to be compared out of band",
        "comity enrol fingerprint jpn-for-kor.json",
        f"{FILES}:fingerprint",
        (Option("file", "an enrolment file"),),
    ),
    "enrol confirm": Command(
        "enrol a counterpart after two persons compared the fingerprint",
        "comity enrol confirm jpn.json "
        '--fingerprint "98765 43210 98765 43210 98765 43210 98765 43210 98765 43210 98765 43210" '
        "--compared-by kim --compared-by lee",
        "enrol.confirm",
        (
            Option("file", "the counterpart's enrolment file"),
            Option("--fingerprint", "what the two persons read to each other"),
            Option("--compared-by", "a person who compared it; twice", many=True),
        ),
    ),
    "peer address": Command(
        "say where a counterpart is reached from here",
        "comity peer address JPN --address 127.0.0.1:7402",
        "peer.address",
        (Option("peer", "the counterpart"), Option("--address", "host:port")),
    ),
    "peer publish": Command(
        "publish a new directory: new persons, new epochs",
        "comity peer publish JPN",
        "peer.publish",
        (Option("peer", "the counterpart"),),
    ),
    "profile show": Command(
        "say by which rules this house decides: offices, delegations, deputies, procedure",
        "comity profile show",
        "profile.show",
    ),
    "profile adopt": Command(
        "adopt another profile: offices, delegations and deputies change from now on",
        "comity profile adopt profile-KOR-2027.md --as admin",
        "profile.adopt",
        (Option("file", "the new profile; every office of the former one stays named in it"), AS),
    ),
    "keys show": Command(
        "say which keys this house uses, until when, and which counterpart knows them",
        "comity keys show",
        "keys.show",
    ),
    "keys renew": Command(
        "make new keys and announce them under the present ones; nothing stands still",
        "comity keys renew --kind ledger",
        "keys.renew",
        (
            Option(
                "--kind", "ledger, transport or tls; may be repeated (default: all)", True, False
            ),
        ),
    ),
    "keys revoke": Command(
        "put new keys in force at once: the present ones may be stolen; writes files to hand over",
        "comity keys revoke --out ./for-counterparts --as lee",
        "keys.revoke",
        (Option("--out", "an existing folder for one file per counterpart"), AS),
    ),
    "keys believe": Command(
        "take a counterpart's file that revokes its former keys",
        "comity keys believe JPN-revokes-for-KOR.json --as lee",
        "keys.believe",
        (Option("file", "the file that came by hand"), AS),
    ),
    "console link": Command(
        "make a link that signs a person in at the console, once (demonstrations only)",
        "comity console link kim",
        "console.link",
        (Option("person", "who signs in"),),
    ),
    "token add": Command(
        "make a token by which a program acts for a person over the HTTP API; it is shown once",
        "comity token add kim --name nightly-export --until 2027-06-30T00:00:00.000Z",
        "token.add",
        (
            Option("person", "for whom the program acts, with this person's roles"),
            Option("--name", "what it is for, so that it can be told from others"),
            UNTIL,
        ),
    ),
    "token list": Command(
        "list the tokens: whose, what for, until when; never the token itself",
        "comity token list",
        "token.list",
    ),
    "token revoke": Command(
        "end a token, at once and for good",
        "comity token revoke 5d1c9f0a7b3e2468",
        "token.revoke",
        (Option("id", "the token, as token list names it"),),
    ),
    "api": Command(
        "print the OpenAPI description of the HTTP API",
        "comity api > comity.json",
        "comity.cli.api:api",
    ),
    "exchange": Command("exchange with every counterpart now", "comity exchange", "exchange"),
    "person add": Command(
        "enter a person with office and roles",
        "comity person add kim --name '김민준' --office KOR/KDIA --role desk-officer",
        "person.add",
        (
            Option("person", "identifier: lower case, hyphens"),
            Option("--name", "as it is written"),
            Option("--office", "PARTY/OFFICE"),
            Option("--role", "a role; may be repeated", many=True),
            Option("--no-file", "the house keeps no key: the person registers one", switch=True),
        ),
    ),
    "person invite": Command(
        "make a link by which a person registers a passkey, once, within fifteen minutes",
        "comity person invite park",
        "person.invite",
        (Option("person", "who registers one"),),
    ),
    "person passkeys": Command(
        "say which passkeys a person registered, and whether the house keeps a key file",
        "comity person passkeys park",
        "person.passkeys",
        (Option("person", "whose"),),
    ),
    "person revoke-passkey": Command(
        "revoke a passkey: it signs nothing and nobody in from here on",
        "comity person revoke-passkey park 3fa2",
        "person.revoke-passkey",
        (Option("person", "whose"), Option("which", "the beginning of its identifier")),
    ),
    "person clear": Command(
        "record a clearance under the national procedure",
        "comity person clear abe --level JPN:gokuhi --until 2027-06-30T00:00:00.000Z",
        "person.clear",
        (
            Option("person", "who"),
            Option("--level", "SCHEME:level"),
            UNTIL,
            Option("--authority", "the office that granted it; else the registry", required=False),
            Option(
                "--attestation",
                "its word that it rests on all information available: a file that stays here",
                required=False,
            ),
        ),
    ),
    "person need-to-know": Command(
        "record why this person: a subject that the duties require (Article 7)",
        "comity person need-to-know abe --subject dprk.missile --until 2027-06-30T00:00:00.000Z",
        "person.need-to-know",
        (Option("person", "who"), Option("--subject", "what"), UNTIL),
    ),
    "person withdraw": Command(
        "end clearances, needs-to-know and entries on lists at once: named ones, or all of them",
        "comity person withdraw abe --level JPN:gokuhi",
        "person.withdraw",
        (
            Option("person", "whose"),
            Option("--level", "this clearance alone", required=False),
            Option("--subject", "the need of this subject alone", required=False),
            Option("--facility", "what is recorded of this facility alone", required=False),
            BY,
        ),
    ),
}
