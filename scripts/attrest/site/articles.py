"""The site's pages of Markdown, each as text and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from attrest.filetree import FileTree
from attrest.site import places
from attrest.site.downloads import BUNDLE
from attrest.site.rendering import Rendered, render

_REFERENCE = "docs/"


@attrs.frozen(kw_only=True)
class Article:
    """A page of Markdown."""

    source: str
    """Where the site keeps its text."""
    place: str
    """Where the site shows it."""
    text: str
    rendered: Rendered

    @property
    def is_of_model(self) -> bool:
        """Whether it is about a single model."""
        return self.place.startswith(places.MODELS) and self.place != f"{places.MODELS}index.html"


def articles(tree: FileTree, changelog: str | None, downloads: Iterable[str]) -> tuple[Article, ...]:
    """Turn the generated reference, and a changelog, into pages.

    Args:
        tree: What was generated.
        changelog: Markdown; None where there is none.
        downloads: The places of the other files that pages may lead to.
    """
    files = frozenset(downloads)
    texts = {path: _led_to_downloads(path, text) for path, text in tree.files.items() if path.startswith(_REFERENCE)}
    if changelog is not None:
        texts[places.CHANGELOG_TEXT] = changelog
    shown = places.shown(texts)
    targets = {**shown, **{file: file for file in files}}
    return tuple(_article(source, shown[source], text, targets) for source, text in sorted(texts.items()))


def _article(source: str, place: str, text: str, targets: Mapping[str, str]) -> Article:
    rendered = render(text, lambda link: places.resolved(link, source, targets))
    return Article(source=source, place=place, text=text, rendered=rendered)


def _led_to_downloads(path: str, text: str) -> str:
    """Return a page with its links to the description leading into the folder of downloads."""
    old, new = (places.relative(folder, path) for folder in (BUNDLE, places.DOWNLOADS))
    return text.replace(f"]({old}/", f"]({new}/")
