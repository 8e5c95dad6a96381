"""Unpack the console's scripts from installed packages whose hashes the lock file pins.

They are never committed, and yet inside comity's own wheel; at run time nothing is fetched.
Run at set-up, by path, with the Python of ``.venv``.
"""

from importlib.metadata import distribution
from pathlib import Path
from typing import Final

VENDOR: Final = Path(__file__).parent.parent / "src/comity/console/static/vendor"

# Name here: the package that carries it, and its path there.
ASSETS: Final = {
    "htmx.min.js": ("django-htmx", "django_htmx/static/django_htmx/htmx-2.min.js"),
}


def unpack(name: str, package: str, path: str) -> None:
    """Copy one file out of an installed package; whole or not at all.

    Raises:
        PackageNotFoundError: the package is not installed.
        OSError: it does not carry the file, or the folder cannot be written.
    """
    content = Path(str(distribution(package).locate_file(path))).read_bytes()
    VENDOR.mkdir(parents=True, exist_ok=True)
    unfinished = VENDOR / f".{name}.part"
    unfinished.write_bytes(content)
    unfinished.replace(VENDOR / name)


def main() -> None:
    """Unpack every asset."""
    for name, (package, path) in ASSETS.items():
        unpack(name, package, path)


if __name__ == "__main__":
    main()
