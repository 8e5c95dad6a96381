"""The tables, for both databases: made by one function from the rows of the register.

| table | what stands there |
| --- | --- |
| ``schema`` | the version of all this, and its text |
| ``log`` | each log: its number here, and its frontier |
| ``leaf`` | the leaves, by log and index, never changed |
| ``tile`` | the hashes of the tree, by log and place |
| ``space_…`` | bytes by key, one table for each space |
| ``title`` | each item and the number of its title in the index; 0: it waits to be read |
| ``row_…`` | the rows of the register, one table for each kind |

A table that is written once refuses to be changed, in the database itself: a mistake in the
program, or a hand at the database's console, meets a trigger.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from comity.node.ports import WRITE_ONCE, Space
from comity.register.rows import TABLES
from comity.store.columns import COLUMNS
from comity.store.spaces import NEVER_DROPPED
from comity.vocabulary.errors import Unavailable

VERSION: Final = 15
"""Counted up with every change of the tables; a migration comes with it."""


INDEXES: Final = (
    'CREATE INDEX row_item_at ON row_item ("at", "key")',
    # With the level: a subject and a level of which hardly one item is are found by it alone.
    'CREATE INDEX row_item_subject ON row_item ("subject", "level")',
    'CREATE INDEX row_item_level ON row_item ("level", "at", "key")',
    'CREATE INDEX row_duty_open ON row_duty ("due", "key", "scope") WHERE "discharged" = \'\'',
    'CREATE INDEX row_assignment_person ON row_assignment ("person", "scope")',
    'CREATE INDEX row_draft_drafter ON row_draft ("drafter", "entered")',
    'CREATE INDEX row_draft_waiting ON row_draft ("at", "key") WHERE "state" = \'waiting\'',
    "CREATE UNIQUE INDEX title_number ON title (number) WHERE number > 0",
    'CREATE INDEX title_waiting ON title ("at", item) WHERE number = 0',
)
"""What searches go by (:mod:`comity.store.search`)."""


@dataclass(frozen=True)
class Dialect:
    """What the two databases say differently.

    Attributes:
        types: The type of a column, by the kind of field.
        among: What follows a column that is compared with many values, bound as one.
        keyed: What follows a table that is found by its key alone and has short rows.
        guard: The statement that makes a table refuse an event.
        removal: The event, or events, by which lines go.
        before: Statements that come before all others.
    """

    types: Mapping[object, str]
    among: str
    keyed: str
    guard: str
    removal: str = "DELETE"
    before: tuple[str, ...] = ()

    def guards(self, table: str, *, changed: bool, removed: bool) -> Iterator[str]:
        """Make a table refuse that its lines are changed, or removed."""
        if changed:
            yield self.guard.format(table=table, name=f"{table}_changed", event="UPDATE")
        if removed:
            yield self.guard.format(table=table, name=f"{table}_removed", event=self.removal)


def statements(dialect: Dialect) -> tuple[str, ...]:
    """Return all statements that make the tables, in order."""
    text, number, raw = (dialect.types[kind] for kind in (str, int, bytes))
    made = [
        *dialect.before,
        f"CREATE TABLE schema (version {number} NOT NULL, statements {text} NOT NULL)",
        (
            f"CREATE TABLE log (name {text} PRIMARY KEY, number {number} NOT NULL UNIQUE,"
            f" frontier {raw} NOT NULL) {dialect.keyed}"
        ),
        (
            f"CREATE TABLE leaf (log {number} NOT NULL, position {number} NOT NULL,"
            f" leaf {raw} NOT NULL, PRIMARY KEY (log, position))"
        ),
        *dialect.guards("leaf", changed=True, removed=True),
        (
            f"CREATE TABLE tile (log {number} NOT NULL, place {number} NOT NULL,"
            f" hashes {raw} NOT NULL, PRIMARY KEY (log, place))"
        ),
    ]
    for space in Space:
        table = space_table(space)
        made.append(f"CREATE TABLE {table} (key {text} PRIMARY KEY, bytes {raw} NOT NULL)")
        once, for_ever = space in WRITE_ONCE, space in NEVER_DROPPED
        made += dialect.guards(table, changed=once, removed=for_ever)
    made.append(
        f'CREATE TABLE title (item {text} PRIMARY KEY, "at" {text} NOT NULL,'
        f" number {number} NOT NULL) {dialect.keyed}"
    )
    for name, kind in TABLES.items():
        columns = COLUMNS[kind]
        made.append(
            f"CREATE TABLE row_{name} ("
            + ", ".join(
                f'"{column}" {dialect.types[of]} NOT NULL'
                for column, of in zip(columns.names, columns.kinds, strict=True)
            )
            + f', PRIMARY KEY ("key")) {dialect.keyed}'
        )
        made.append(f'CREATE INDEX row_{name}_scope ON row_{name} ("scope", "key")')
    made += INDEXES
    return tuple(statement.strip() for statement in made)


def space_table(space: Space) -> str:
    """Return the name of a space's table."""
    return f"space_{space.value}"


def require_known(version: int, text: str, dialect: Dialect) -> None:
    """Return if tables of this version and text are those that this program makes.

    Raises:
        Unavailable: ``unavailable.schema``: made by a newer program, or by an older one from
            which no way leads here. Nothing was touched.
    """
    if version > VERSION:
        raise Unavailable("unavailable.schema", "it is newer than this program")
    if version < VERSION or text != schema_text(dialect):
        raise Unavailable("unavailable.schema", "it is older than this program")


def schema_text(dialect: Dialect) -> str:
    """Return the statements as one text, kept beside the version."""
    return ";\n".join(statements(dialect))
