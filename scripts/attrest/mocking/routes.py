"""Finds the path of a description that a request's path is one of (OpenAPI 3.1 §4.8.8.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, product, zip_longest
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import attrs

from attrest import nodes, pathtemplates
from attrest.mocking.exchange import Pairs, pairs

T = TypeVar("T")


@attrs.frozen
class _Pattern:
    """A part of a template that has names in it."""

    expression: re.Pattern[str]
    names: tuple[str, ...]
    written: int
    """How many characters stand in it beside the names."""

    def match(self, text: str) -> dict[str, str] | None:
        """Return what stands in a text for each name, if the text is one of these."""
        found = self.expression.fullmatch(text)
        return None if found is None else dict(zip(self.names, found.groups(), strict=True))


@attrs.frozen
class _End(Generic[T]):
    """What a path leads to, if the query has what the template says of it."""

    query: tuple[tuple[str, _Pattern], ...]
    target: T

    def match(self, query: Pairs) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for name, pattern in self.query:
            matches = (pattern.match(value) for key, value in query if key == name)
            match = next((each for each in matches if each is not None), None)
            if match is None:
                return None
            found |= match
        return found


@attrs.define
class _Level(Generic[T]):
    """What may follow after some segments of a path."""

    literals: dict[str, _Level[T]] = attrs.field(factory=dict[str, "_Level[T]"])
    templates: list[tuple[_Pattern, _Level[T]]] = attrs.field(factory=list[tuple[_Pattern, "_Level[T]"]])
    """Those with most written characters first."""
    ends: list[_End[T]] = attrs.field(factory=list[_End[T]])
    """Those that ask most of the query first."""


class Routes(Generic[T]):
    """Templates of paths. Of several that match, the one that is concrete earlier counts."""

    def __init__(self, bases: Iterable[str] = ()) -> None:
        """Start without paths.

        Args:
            bases: Paths of servers, which may stand before those of the description; names in braces for any segment.
        """
        self._root = _Level[T]()
        patterns = sorted(map(_pattern, {base for base in bases if base}), key=lambda each: (each.names, -each.written))
        self._bases = [re.compile(f"{each.expression.pattern}(?=/)") for each in patterns]

    def add(self, path: str, names: Iterable[str], target: T) -> None:
        """Add a path.

        Args:
            path: The template, as the description writes it; some bring a query with them.
            names: The path parameters that are described.
            target: What the path leads to.
        """
        before, query = pathtemplates.split(pathtemplates.template(path, frozenset(names)))
        level = self._root
        for segment in before.split("/")[1:]:
            level = _next(level, segment)
        level.ends.append(_End(tuple((name, _pattern(value)) for name, value in pairs(query)), target))
        level.ends.sort(key=lambda end: -len(end.query))

    def find(self, path: str, query: Pairs) -> tuple[T, Mapping[str, str]] | None:
        """Return what a path leads to, and what stands in it for each name; None where it leads nowhere.

        Args:
            path: The path of a request, as sent.
            query: Its query.
        """
        bases = (match.end() for base in self._bases if (match := base.match(path)))
        tried = (_walk(self._root, path[end:].split("/")[1:], query, {}) for end in chain((0,), bases))
        return next(chain.from_iterable(tried), None)


def _next(level: _Level[T], segment: str) -> _Level[T]:
    if not pathtemplates.NAME.search(segment):
        return level.literals.setdefault(unquote(segment), _Level())
    pattern = _pattern(segment)
    for known, following in level.templates:
        if known == pattern:
            return following
    following = _Level[T]()
    level.templates.append((pattern, following))
    level.templates.sort(key=lambda each: -each[0].written)
    return following


def _pattern(written: str) -> _Pattern:
    pieces = pathtemplates.NAME.split(written)
    texts = list(map(unquote, pieces[::2]))
    expression = "([^/]+?)".join("".join(map(_letter, text)) for text in texts)
    return _Pattern(re.compile(expression), tuple(pieces[1::2]), len("".join(texts)))


def _letter(letter: str) -> str:
    """Return an expression for a letter that may be sent as it is or percent-encoded."""
    encoded = "".join(f"%{byte:02X}" for byte in letter.encode(errors="surrogatepass"))
    return f"(?:{re.escape(letter)}|(?i:{encoded}))"


def _walk(
    level: _Level[T], segments: Sequence[str], query: Pairs, found: Mapping[str, str]
) -> Iterator[tuple[T, Mapping[str, str]]]:
    if not segments:
        for end in level.ends:
            if (match := end.match(query)) is not None:
                yield end.target, {**found, **match}
        return
    segment, *rest = segments
    literal = level.literals.get(unquote(segment))
    if literal is not None:
        yield from _walk(literal, rest, query, found)
    for pattern, following in level.templates:
        if (match := pattern.match(segment)) is not None:
            yield from _walk(following, rest, query, {**found, **match})


def base_paths(owners: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Return the paths of all servers of a description, of its path items and of its operations.

    A variable stands for its default and for each value that it lists; one that lists none stays in braces as well.
    """
    for owner in owners:
        for server in map(nodes.mapping, nodes.sequence(owner.get("servers"))):
            variables = nodes.mapping(server.get("variables"))
            for url in islice(_filled(str(server.get("url", "/")), variables), 100):
                yield _path(url)


def _filled(url: str, variables: Mapping[str, Any]) -> Iterator[str]:
    pieces = pathtemplates.NAME.split(url)
    choices = [_values(name, nodes.mapping(variables.get(name))) for name in pieces[1::2]]
    for values in product(*choices):
        yield "".join(chain.from_iterable(zip_longest(pieces[::2], values, fillvalue="")))


def _values(name: str, variable: Mapping[str, Any]) -> list[str]:
    listed = list(map(str, nodes.sequence(variable.get("enum")))) or [f"{{{name}}}"]
    return list(dict.fromkeys([str(variable.get("default", listed[0])), *listed]))


def _path(url: str) -> str:
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
    return path if path.startswith("/") else ""
