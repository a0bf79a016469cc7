"""Finds the path of a description that a request's path is one of (OpenAPI 3.1 §4.8.8.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import attrs

from attrest import nodes, pathtemplates

T = TypeVar("T")


@attrs.define
class _Level(Generic[T]):
    """What may follow after some segments of a path."""

    literals: dict[str, _Level[T]] = attrs.field(factory=dict[str, "_Level[T]"])
    templates: list[tuple[re.Pattern[str], tuple[str, ...], _Level[T]]] = attrs.field(
        factory=list[tuple[re.Pattern[str], tuple[str, ...], "_Level[T]"]]
    )
    """Those with most written characters first."""
    end: T | None = None


class Routes(Generic[T]):
    """Templates of paths. Of several that match, the one that is concrete earlier counts."""

    def __init__(self, bases: Iterable[str] = ()) -> None:
        """Start without paths.

        Args:
            bases: Paths of servers, which may stand before those of the description.
        """
        self._root = _Level[T]()
        self._bases = sorted({base for base in bases if base}, key=len, reverse=True)

    def add(self, path: str, names: Iterable[str], end: T) -> None:
        """Add a path.

        Args:
            path: The template, as the description writes it.
            names: The path parameters that are described.
            end: What the path leads to.
        """
        level = self._root
        for segment in pathtemplates.template(path, frozenset(names)).split("/")[1:]:
            level = _next(level, segment)
        level.end = end

    def find(self, path: str) -> tuple[T, Mapping[str, str]] | None:
        """Return what a path leads to, and what stands in it for each name; None where it leads nowhere.

        Args:
            path: The path of a request, as sent.
        """
        for base in ("", *self._bases):
            if path.startswith(base):
                found = next(_walk(self._root, path[len(base) :].split("/")[1:], 0, {}), None)
                if found is not None:
                    return found
        return None


def _next(level: _Level[T], segment: str) -> _Level[T]:
    names = tuple(pathtemplates.NAME.findall(segment))
    if not names:
        return level.literals.setdefault(unquote(segment), _Level())
    pieces = pathtemplates.NAME.split(segment)
    pattern = re.compile("(.+?)".join(re.escape(piece) for piece in pieces[::2]))
    for known, taken, following in level.templates:
        if known == pattern and taken == names:
            return following
    following = _Level[T]()
    level.templates.append((pattern, names, following))
    level.templates.sort(key=lambda each: -len(each[0].pattern))
    return following


def _walk(
    level: _Level[T], segments: list[str], at: int, found: Mapping[str, str]
) -> Iterator[tuple[T, Mapping[str, str]]]:
    if at == len(segments):
        if level.end is not None:
            yield level.end, found
        return
    literal = level.literals.get(unquote(segments[at]))
    if literal is not None:
        yield from _walk(literal, segments, at + 1, found)
    for pattern, names, following in level.templates:
        if (match := pattern.fullmatch(segments[at])) is not None:
            yield from _walk(following, segments, at + 1, {**found, **dict(zip(names, match.groups(), strict=True))})


def base_paths(owners: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Return the paths of all servers of a description, of its path items and of its operations.

    A variable stands for its default and for each value that it lists.
    """
    for owner in owners:
        for server in map(nodes.mapping, nodes.sequence(owner.get("servers"))):
            variables = nodes.mapping(server.get("variables"))
            for url in _filled(str(server.get("url", "/")), variables):
                yield _path(url)


def _filled(url: str, variables: Mapping[str, Any]) -> list[str]:
    found = pathtemplates.NAME.search(url)
    if found is None:
        return [url]
    variable = nodes.mapping(variables.get(found[1]))
    values = dict.fromkeys([str(variable.get("default", "")), *map(str, nodes.sequence(variable.get("enum")))])
    return [
        filled for value in values for filled in _filled(url[: found.start()] + value + url[found.end() :], variables)
    ][:100]


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
