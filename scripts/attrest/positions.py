"""Where each part of a tree was written.

Positions are kept per container (mapping or list), keyed by its identity, so that a subtree keeps its places when it
is moved. Whoever makes a container of a tree therefore records it here, and keeps it alive.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from attrest.diagnostics import Location
from attrest.trees import is_list, is_mapping

Offsets: TypeAlias = Mapping[str, int] | Sequence[int]
"""Where each key of a mapping, or each item of a list, starts: characters from the start of the file's text."""

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_LONGEST_LINE: Final = 240


@attrs.frozen(eq=False)
class Source:
    """One file that was read."""

    display: str
    """The path relative to the folder of the root file, in POSIX form; of a remote file its URL."""
    name: str
    """The path as the user would write it: beside the root file as that was given."""
    path: str
    """The absolute path, or the URL."""
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    text: str = attrs.field(repr=False)
    is_local: bool = True
    """Whether it is a file of this machine."""
    part_of: str | None = None
    """The path or URL of the file that what it says became part of, if it did."""

    @property
    def base(self) -> str:
        """The path or URL that the references in it start from."""
        return self.part_of or self.path

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def location(self, offset: int) -> Location:
        """Turn an offset into the text, in characters, into a place."""
        line = bisect_right(self._line_starts, offset)
        return Location(self.name, line, offset - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Give the text of a line, counted from 1, without its line end; empty past the end of the file."""
        start, end = self._span(number)
        return self.text[start:end].rstrip("\r\n")

    def shown_line(self, number: int) -> str:
        """Give the text of a line as ``line`` does, and nothing if it is too long to show, as that of minified JSON."""
        start, end = self._span(number)
        return self.line(number) if end - start <= _LONGEST_LINE else ""

    def _span(self, number: int) -> tuple[int, int]:
        starts = self._line_starts
        if not 1 <= number <= len(starts):
            return 0, 0
        return starts[number - 1], starts[number] if number < len(starts) else len(self.text)


@attrs.frozen
class Place:
    """An offset, in characters, into the text of a file."""

    source: Source
    offset: int

    @property
    def location(self) -> Location:
        """The place as line and column."""
        return self.source.location(self.offset)


class Positions:
    """The places of all containers of a description."""

    def __init__(self) -> None:
        self._containers: dict[int, tuple[Source, Offsets]] = {}
        self._moved: dict[tuple[int, str | int], Place] = {}
        self._kept: list[Any] = []
        self._later: list[Callable[[], None]] = []

    def record(self, container: Any, source: Source, offsets: Offsets) -> None:
        """Say where the keys or items of a container were written."""
        self._containers[id(container)] = (source, offsets)

    def keep(self, container: Any) -> None:
        """Keep a container alive, since its identity must not pass to another one."""
        self._kept.append(container)

    def move(self, container: Any, key: str | int, place: Place) -> None:
        """Say where one key or item of a container was written when that is not the container's own file."""
        self._moved[id(container), key] = place

    def remove(self, items: list[Any], index: int) -> None:
        """Take an item of a list away, and its place."""
        places = [self.find(items, each) for each in range(len(items))]
        del items[index], places[index]
        self._containers.pop(id(items), None)
        for each in range(len(places) + 1):
            self._moved.pop((id(items), each), None)
        for each, place in enumerate(places):
            if place:
                self.move(items, each, place)

    def record_later(self, record: Callable[[], None]) -> None:
        """Put off recording a file until somebody asks for a place."""
        self._later.append(record)

    def complete(self) -> None:
        """Record now what was put off."""
        later, self._later = self._later, []
        for record in later:
            record()

    def source_of(self, container: Any) -> Source | None:
        """Give the file that a container was written in."""
        self.complete()
        found = self._containers.get(id(container))
        return found[0] if found else None

    def find(self, container: Any, key: str | int) -> Place | None:
        """Give the place of a key of a mapping, or of an item of a list."""
        self.complete()
        if moved := self._moved.get((id(container), key)):
            return moved
        found = self._containers.get(id(container))
        if found is None:
            return None
        source, offsets = found
        try:
            return Place(source, offsets[key])  # type: ignore[index]  # a string for a mapping, a number for a list
        except (KeyError, IndexError, TypeError):
            return None

    def copy(self, value: Any) -> Any:
        """Copy a tree; the copy has the places of the original."""
        copied = self.copy_container(value)
        if is_mapping(copied):
            for key, child in copied.items():
                copied[key] = self.copy(child)
        elif is_list(copied):
            copied[:] = [self.copy(child) for child in copied]
        return copied

    def copy_container(self, value: Any) -> Any:
        """Copy a mapping or a list, and nothing that it holds; the copy has the places of the original."""
        if not (is_mapping(value) or is_list(value)):
            return value
        copied: Any = value.copy()
        if found := self._containers.get(id(value)):
            self._containers[id(copied)] = found
        for key in value if is_mapping(value) else range(len(value)):
            if moved := self._moved.get((id(value), key)):
                self._moved[id(copied), key] = moved
        return copied
