"""Where everything stands in a site, and how one file reaches another. Every path is relative to the site, POSIX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from posixpath import basename, dirname, join, normpath, relpath
from typing import Final
from urllib.parse import unquote, urlsplit

HOME: Final = "index.html"
REFERENCE: Final = "reference.html"
CHANGELOG: Final = "changelog.html"
CHANGELOG_TEXT: Final = "changelog.md"
DOCUMENTATION: Final = "docs/index.html"
MODELS: Final = "docs/models/"
STYLE: Final = "assets/style.css"
SCRIPT: Final = "assets/search.js"
INDEX: Final = "assets/search-index.js"
DOWNLOADS: Final = "downloads/"
FOR_MODELS: Final = "llms.txt"


def shown(pages: Iterable[str]) -> dict[str, str]:
    """Return where each page of Markdown is shown as HTML: a README becomes its folder's index."""
    all_pages = frozenset(pages)
    return {page: _shown(page, all_pages) for page in sorted(all_pages)}


def _shown(page: str, pages: frozenset[str]) -> str:
    folder, name = dirname(page), basename(page)
    if name == "README.md":
        return join(folder, "index.html")
    if name.lower() == "index.md" and join(folder, "README.md") in pages:
        return join(folder, f"{name}.html")  # no page can be called so: names of pages have no dot
    return join(folder, f"{name.removesuffix('.md')}.html")


def relative(target: str, page: str) -> str:
    """Return the link from a page to a file of the site."""
    return relpath(target, dirname(page) or ".")


def resolved(link: str, page: str, targets: Mapping[str, str]) -> str | None:
    """Return what a link of a page of Markdown becomes where the page is shown.

    Args:
        link: As the page writes it.
        page: The page's path.
        targets: Path of a file that pages may lead to -> where it is shown.

    Returns:
        The link to a file of the site, or to the web as it is; None where it leads to nothing that is published.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return link if parts.scheme in {"http", "https", "mailto"} else None
    if not parts.path:
        return link
    target = targets.get(normpath(join(dirname(page), unquote(parts.path))))
    if target is None:
        return None
    return relative(target, targets[page]) + (f"#{parts.fragment}" if parts.fragment else "")
