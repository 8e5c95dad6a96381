"""Finds, in the source, every code that a finding or an explanation can have."""

import ast
from importlib.resources import files
from pathlib import Path

from comity.wording import LANGUAGES, Catalogue, load

SOURCE = Path(str(files("comity")))
_SAYING = {"permits", "forbids", "requires", "_permits", "_forbids", "_requires"}


def shipped_catalogue() -> Catalogue:
    """Return the catalogue as it ships."""
    folder = files("comity.wording").joinpath("catalogue")
    return load({one: folder.joinpath(f"{one}.toml").read_text() for one in LANGUAGES})


def constants(node: ast.AST, names: dict[str, list[str]]) -> list[str]:
    """Return the strings that an expression may be; a name is looked up."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return constants(one, names) + constants(other, names)
        case ast.Name(id=name):
            return names.get(name, [])
        case _:
            return []


def codes_in(path: Path, prefix: str, *, within: str = "") -> dict[str, set[str]]:
    """Return the codes of one module (or class), each with the parameters it is said with."""
    found: dict[str, set[str]] = {}
    tree: ast.AST = ast.parse(path.read_text())
    if within:
        classes = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
        tree = next(one for one in classes if one.name == within)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        names = {
            target.id: constants(one.value, {})
            for one in ast.walk(function)
            if isinstance(one, ast.Assign)
            for target in one.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(function):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in _SAYING:
                continue
            given = {one.arg for one in call.keywords if one.arg}
            if name.endswith("requires"):
                given -= {"act", "by", "to", "article"}
            for argument in call.args:
                for code in constants(argument, names):
                    found.setdefault(f"{prefix}{code}", set()).update(given)
    return found
