"""A text is read a second time, and its scenario cases are run, before this house stands by it."""

from functools import lru_cache

from comity.agreement.cases import run_cases
from comity.agreement.check import check
from comity.agreement.text import Agreement
from comity.vocabulary.errors import Refused


def require_sound(agreement: Agreement) -> None:
    """Return where a second reading has no complaint and every scenario case holds.

    Each side asks before it proposes and before it signs.

    Raises:
        Refused: ``refused.treaty.check``, naming the first complaint with file, line and article
            and what would be right; ``refused.treaty.cases``, naming the first case that fails.
    """
    if (wrong := _wrong(agreement)) is not None:
        raise Refused(*wrong)


# Both are pure: what they said of the same bytes they say again, so a text that is proposed and
# then signed is read once. Equal agreements have equal bytes.
@lru_cache(maxsize=8)
def _wrong(agreement: Agreement) -> tuple[str, str] | None:
    """Return the code of a refusal and what it names; nothing where the text is sound."""
    complaints = check(agreement)
    if complaints:
        first = complaints[0]
        article = f", Article {first.article}" if first.article else ""
        at = f"{first.file}:{first.line}{article}: {first.said}. {first.instead}"
        return "refused.treaty.check", f"{len(complaints)} complaints; the first is at {at}"
    results = tuple(run_cases(agreement))
    failed = [one for one in results if not one.passed]
    if failed:
        under = f"Article {failed[0].article}: {failed[0].says}"
        many = f"{len(failed)} of {len(results)} scenario cases fail"
        return "refused.treaty.cases", f"{many}; the first is under {under}"
    return None
