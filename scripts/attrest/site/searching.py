"""The index that a site is searched by: an entry for each page, and for each section that somebody would look for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrest.ir import Json
from attrest.site import scripts
from attrest.site.articles import Article

_KINDS: tuple[tuple[str, str, str], ...] = (
    ("docs/sdks/", "Resource", "Method"),
    ("docs/events/", "Events", "Event"),
    ("docs/errors/", "Errors", "Errors"),
    ("changelog", "Changes", "Changes"),
    ("", "Guide", "Guide"),
)
"""Where a path begins -> what its page is, and what a section of it is."""


def index(articles: Iterable[Article]) -> str:
    """Return the index as a script, which a page can load where it could not fetch data."""
    entries = [entry for article in articles for entry in _entries(article)]
    return f"window.siteIndex = {scripts.data(entries)};\n"


def _entries(article: Article) -> Iterator[Json]:
    page, path = article.rendered, article.place
    if article.is_of_model:  # about one thing: nobody looks for its sections
        names = dict.fromkeys(name for section in page.sections for name in section.names)
        yield [page.title, "Model", path, page.summary, " ".join(names)]
        return
    whole, part = next((whole, part) for start, whole, part in _KINDS if path.startswith(start))
    for section in page.sections:
        is_part = section.level == 2
        place = f"{path}#{section.anchor}" if is_part else path
        yield [section.title, part if is_part else whole, place, section.summary, " ".join(section.names)]
