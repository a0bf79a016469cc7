"""The pages of a site: which there are, and what each of them says; templates only lay it out."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from itertools import accumulate
from posixpath import dirname
from typing import Final

import attrs

from attrest.site import places
from attrest.site.access import Rows
from attrest.site.downloads import Download
from attrest.site.redoc import Redoc
from attrest.site.rendering import Section

_POLICY: Final = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)
"""The content security policy of every page but Redoc's: nothing is loaded from elsewhere."""


@attrs.frozen(kw_only=True)
class Way:
    """A link of a navigation."""

    label: str
    href: str
    is_current: bool = False
    """Whether it leads to the page that it stands on."""


@attrs.frozen(kw_only=True)
class Frame:
    """What every page has around it."""

    path: str
    """Of the page, relative to the site."""
    title: str
    """The page's own; empty on the first page."""
    site: str
    """What the description is called."""
    version: str
    tops: tuple[tuple[str, str], ...]
    """The main parts of the site: label and path."""
    trail: tuple[tuple[str, str], ...] = ()
    """The pages above this one, the topmost first: label and path."""

    def to(self, place: str) -> str:
        """Return the link to a file of the site."""
        return places.relative(place, self.path)

    @property
    def policy(self) -> str:
        """The content security policy of a page without scripts of its own."""
        return _POLICY

    @property
    def heading(self) -> str:
        """The document's title: that of the page before that of the site."""
        return f"{self.title} · {self.site}" if self.title else f"{self.site} {self.version}"

    @property
    def root(self) -> str:
        """How the page's folder reaches that of the site: empty, or ``../`` once or more."""
        return "../" * self.path.count("/")

    @property
    def navigation(self) -> tuple[Way, ...]:
        """The links to the main parts of the site."""
        return tuple(Way(label=label, href=self.to(path), is_current=path == self.path) for label, path in self.tops)

    @property
    def above(self) -> tuple[Way, ...]:
        """The links to the pages above this one."""
        return tuple(Way(label=label, href=self.to(path)) for label, path in self.trail)


@attrs.frozen(kw_only=True)
class HomePage:
    """The first page."""

    frame: Frame
    summary: str
    """HTML."""
    has_changelog: bool
    servers: Rows
    schemes: Rows
    downloads: tuple[Download, ...]
    releases: tuple[Download, ...]
    """The description as it was in each version."""
    links: tuple[Way, ...]


@attrs.frozen(kw_only=True)
class TextPage:
    """A page of Markdown."""

    frame: Frame
    content: str
    """HTML."""
    contents: tuple[Section, ...]
    source: str
    """The link to the page as Markdown."""


@attrs.frozen(kw_only=True)
class RedocPage:
    """The page of Redoc."""

    frame: Frame
    redoc: Redoc


@attrs.frozen(kw_only=True)
class Listed:
    """A line of the list for language models."""

    link: str
    note: str


@attrs.frozen(kw_only=True)
class ModelsList:
    """The file ``llms.txt``."""

    title: str
    version: str
    summary: str
    reference: tuple[Listed, ...]
    downloads: tuple[Listed, ...]
    models: tuple[Listed, ...]


def trail(page: str, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the pages above one, the topmost first: each the index of a folder that the page is in.

    Args:
        page: The page's path in the site.
        titles: Path of every page of Markdown -> its title.
    """
    if page == places.HOME:
        return ()
    folders = accumulate(dirname(page).split("/"), posixpath.join)
    indexes = [place for place in (posixpath.join(folder, "index.html") for folder in folders) if place in titles]
    return (("Home", places.HOME), *((titles[place], place) for place in indexes if place != page))
