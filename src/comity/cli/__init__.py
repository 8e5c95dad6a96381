"""Commands and exit statuses. ``comity --help`` imports no room of the house."""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    from comity.cli.app import run

    raise SystemExit(run(arguments))
