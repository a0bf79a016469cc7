"""Reads the pages of a site: what they hold, where they lead, and what they would load."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import attrs


@attrs.define
class Element:
    """An element as it is written."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    """What stands directly in it; kept for scripts and titles."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attributes}))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.elements[-1].text += data


@cache
def elements(file: Path) -> tuple[Element, ...]:
    """Return every element of a page, in order. A page is read once, so it may not change."""
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    reader.close()
    return tuple(reader.elements)


def identifiers(file: Path) -> list[str]:
    """Return the ids of a page."""
    return [element.attributes["id"] for element in elements(file) if "id" in element.attributes]


def links(file: Path) -> Iterator[str]:
    """Return where the links of a page lead, as written."""
    for element in elements(file):
        if element.tag == "a" and "href" in element.attributes:
            yield element.attributes["href"]


def loaded(file: Path) -> Iterator[str]:
    """Return what a browser would load with a page."""
    for element in elements(file):
        if element.tag != "a":
            yield from (
                element.attributes[name]
                for name in ("src", "href", "srcset", "data", "poster")
                if name in element.attributes
            )
