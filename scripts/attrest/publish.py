"""Generated pages and the description -> the pages and files of a site that needs no server and no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from attrest.bundle import CHECKSUMS, checksums
from attrest.filetree import FileTree
from attrest.ir import Api, Json
from attrest.pages import markdown
from attrest.pages.reference import Page
from attrest.site import access, places, searching, sitepages, texts
from attrest.site.articles import Article, articles
from attrest.site.downloads import Download, downloads, published, releases
from attrest.site.redoc import redoc
from attrest.site.sitepages import Frame, HomePage, Listed, ModelsList, RedocPage, TextPage, Way

_LONGEST_NOTE: Final = 160
"""Characters, in lists of links."""


@attrs.frozen(kw_only=True)
class Material:
    """What a site is made of."""

    api: Api
    tree: FileTree
    """What was generated."""
    lessened: Mapping[str, int]
    """Older version of OpenAPI -> in how many places the description says less in it."""
    changelog: str | None
    """Markdown; None where there is none."""
    releases: Mapping[str, str]
    """Version -> the bundle that was released, the newest first."""
    redoc: str
    """Redoc's standalone bundle."""


@attrs.frozen(kw_only=True)
class Site:
    """A site, before its pages are laid out."""

    pages: tuple[Page, ...]
    files: Mapping[str, str]
    """Path relative to the site -> text, of what needs no template."""


def publish(material: Material) -> Site:
    """Make a site of what was generated.

    Every link between its files is relative, and ends in the name of a file: it works from a disk as from any host.
    """
    bundle = published(material.tree)
    description = json.loads(bundle["openapi.json"])
    files = downloads(bundle, str(description["openapi"])[:3], material.lessened)
    released = releases(material.releases)
    offered = {file.name: file.text for file in (*files, *released)}
    bundle = offered | {CHECKSUMS: checksums(offered)}
    written = articles(material.tree, material.changelog, (f"{places.DOWNLOADS}{name}" for name in bundle))
    framed = _Framed(material.api, {article.place: _title(article) for article in written})
    return Site(
        pages=(
            *(_page(article.place, "page.html.j2", framed.article(article)) for article in written),
            _page(places.HOME, "index.html.j2", framed.home(description, files, released)),
            _page(places.REFERENCE, "reference.html.j2", framed.redoc(material.redoc, description)),
            _page(places.FOR_MODELS, "llms.txt.j2", _models_list(material.api, (*files, *released), written)),
            _page(places.STYLE, "style.css.j2"),
            _page(places.SCRIPT, "search.js.j2"),
        ),
        files={
            **{article.source: article.text for article in written},
            **{f"{places.DOWNLOADS}{name}": text for name, text in bundle.items()},
            places.INDEX: searching.index(written),
        },
    )


def _page(path: str, template: str, page: object = None) -> Page:
    return Page(path=path, template=f"site/{template}", context={"page": page})


def _title(article: Article) -> str:
    return "Python reference" if article.place == places.DOCUMENTATION else article.rendered.title


@attrs.frozen
class _Framed:
    """Makes pages, each with what every page has around it."""

    api: Api
    titles: Mapping[str, str]
    """Path of every page of Markdown -> its title."""

    def article(self, article: Article) -> TextPage:
        return TextPage(
            frame=self._frame(article.place, self.titles[article.place]),
            content=article.rendered.html,
            contents=article.rendered.contents,
            source=places.relative(article.source, article.place),
        )

    def home(
        self, description: Mapping[str, Any], files: tuple[Download, ...], released: tuple[Download, ...]
    ) -> HomePage:
        links = texts.web_links(description.get("info"), description.get("externalDocs"))
        return HomePage(
            frame=self._frame(places.HOME, ""),
            summary=access.prose(self.api.description),
            has_changelog=places.CHANGELOG in self.titles,
            servers=access.servers(self.api),
            schemes=access.schemes(self.api),
            downloads=files,
            releases=released,
            links=tuple(Way(label=label, href=url) for label, url in links),
        )

    def redoc(self, bundle: str, description: Json) -> RedocPage:
        frame = self._frame(places.REFERENCE, "HTTP reference")
        return RedocPage(frame=frame, redoc=redoc(bundle, description))

    def _frame(self, path: str, title: str) -> Frame:
        tops = (
            ("HTTP reference", places.REFERENCE),
            ("Python reference", places.DOCUMENTATION),
            *((("Changelog", places.CHANGELOG),) if places.CHANGELOG in self.titles else ()),
        )
        return Frame(
            path=path,
            title=texts.line(title),
            site=texts.line(self.api.title),
            version=texts.line(self.api.version),
            tops=tops,
            trail=sitepages.trail(path, self.titles),
        )


def _models_list(api: Api, files: tuple[Download, ...], written: Iterable[Article]) -> ModelsList:
    return ModelsList(
        title=texts.line(api.title),
        version=texts.line(api.version),
        summary=markdown.first_sentence(api.description),
        reference=tuple(_listed(article) for article in written if not article.is_of_model),
        models=tuple(_listed(article) for article in written if article.is_of_model),
        downloads=tuple(
            Listed(link=markdown.link(file.name, f"{places.DOWNLOADS}{file.name}"), note=file.about) for file in files
        ),
    )


def _listed(article: Article) -> Listed:
    note = texts.clipped(article.rendered.summary, _LONGEST_NOTE)
    return Listed(link=markdown.link(_title(article), article.source), note=note)
