"""What an agreement's articles are called and say, in each language that it is written in."""

from comity.agreement.parsing import article_number
from comity.agreement.text import Agreement


def articles_in(agreement: Agreement, lang: str) -> dict[str, tuple[str, str]]:
    """Return title and words of each article in a language, by number; its own where it has none.

    Terms stand in the text alone: a translation holds words.
    """
    told = {one.number: (one.title, one.prose) for one in agreement.articles}
    number = ""
    lines: list[str] = []
    for line in agreement.translations.get(lang, "").splitlines():
        heading = line.removeprefix("## ") if line.startswith("## ") else ""
        found = article_number(heading) if heading else ""
        if found:
            number, lines = found, []
            told[number] = (_title(heading), "")
        elif number:
            lines.append(line)
            told[number] = (told[number][0], "\n".join(lines).strip())
    return told


def _title(heading: str) -> str:
    """Return a heading without the article's number and without its anchor."""
    words = heading.partition(" {#")[0]
    return words.partition(" · ")[2].strip() or words.strip()
