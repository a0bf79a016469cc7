"""Lists in pages: by cursor, by offset or by number, as ``x-pagination`` says or as usual names tell."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

import attrs

from attrest import nodes, pointers
from attrest.ir import ABSENT
from attrest.mocking.collections import Role, Shown, leaves, normalised
from attrest.mocking.schemata import Schemata

_CURSORS: Final = frozenset(
    {"after", "cursor", "pagetoken", "pagecursor", "startingafter", "startafter", "nexttoken", "continuationtoken"}
)
_OFFSETS: Final = frozenset({"offset", "skip", "startindex"})
_PAGES: Final = frozenset({"page", "pagenumber"})
_SIZES: Final = frozenset({"limit", "pagesize", "perpage", "size", "maxresults", "pagelimit"})
_NEXT: Final = ("endcursor", "nextcursor", "nextpagetoken", "nexttoken", "next", "continuationtoken", "cursor")
_MORE: Final = ("hasnextpage", "hasmore", "hasnext", "more")
_TOTAL: Final = ("total", "totalcount", "totalitems", "totalresults")
_USUAL_SIZE: Final = 100
NAMES: Final = _CURSORS | _OFFSETS | _PAGES | _SIZES
"""The normalised names of parameters that are about pages, and so no filters."""


@attrs.frozen
class Page:
    """A part of a list."""

    items: list[Any]
    told: Mapping[pointers.Tokens, Any]
    """What its answer says of what follows; ABSENT where it says nothing."""


class Paging:
    """How an operation cuts its list into pages."""

    def __init__(self, role: Role, shown: Shown, answers: Schemata) -> None:
        """Find out what the description, or else the names in it, say.

        Args:
            role: The operation that lists.
            shown: How its answer shows the list.
            answers: The schemas, as answers see them.
        """
        self._answers = answers
        self._schema = answers.at(shown.schema)
        written = nodes.mapping(role.operation.node.get("x-pagination"))
        names = [each.name for each in role.operation.reader.parameters if each.location == "query"]
        self.cursor = str(written["cursor"]) if "cursor" in written else _first(names, _CURSORS)
        self._offset, self._page, self._size = (_first(names, known) for known in (_OFFSETS, _PAGES, _SIZES))
        fields = leaves(answers, self._schema)
        self._next = self._place(written.get("next"), fields, _NEXT)
        self._more = self._place(written.get("more"), fields, _MORE)
        self._total = self._place(None, fields, _TOTAL)

    def _place(
        self, told: object, fields: Mapping[str, pointers.Tokens], names: tuple[str, ...]
    ) -> pointers.Tokens | None:
        if isinstance(told, str):
            return pointers.split(told)
        by_last = {normalised(at[-1]): at for at in reversed(tuple(fields.values()))}
        return next((by_last[name] for name in names if name in by_last), None)

    def page(self, items: list[Any], asked: Mapping[str, Any]) -> Page:
        """Return the page of a list that a query asks for; the first where its cursor is none that was given out."""
        size = asked.get(self._size or "", _USUAL_SIZE)
        size = size if isinstance(size, int) and size > 0 else _USUAL_SIZE
        start = self._start(asked, size)
        end = start + size
        told: dict[pointers.Tokens, Any] = {}
        if self._next is not None and (following := self._following(end, is_there=end < len(items))) is not _LEFT:
            told[self._next] = following
        if self._more is not None:
            told[self._more] = end < len(items)
        if self._total is not None:
            told[self._total] = len(items)
        return Page(items[start:end], told)

    def _start(self, asked: Mapping[str, Any], size: int) -> int:
        for name, unit in ((self._offset, 1), (self._page, size)):
            value = asked.get(name or "")
            if isinstance(value, int):
                return max(0, value * unit - (size if name == self._page else 0))
        return _position(asked.get(self.cursor or ""))

    def _following(self, end: int, *, is_there: bool) -> Any:
        """Return the cursor of the next page; where there is none, what the schema lets say so.

        A link to the next page stays as the example has it; to none, there is no link.
        """
        node = self._schema
        for token in self._next or ():
            node = self._answers.property(node, token)
        types = self._answers.types(node)
        if self._answers.flat(node).get("format") in _LINKS:
            return _LEFT if is_there else ABSENT
        if is_there:
            return end if "string" not in types else base64.b64encode(str(end).encode()).decode()
        return None if "null" in types else "" if "string" in types else _LEFT


_LINKS: Final = frozenset({"uri", "uri-reference", "url", "iri", "iri-reference"})
_LEFT: Final = object()
"""Says that a field stays as it is."""


def _first(names: list[str], known: frozenset[str]) -> str | None:
    return next((name for name in names if normalised(name) in known), None)


def _position(cursor: object) -> int:
    if isinstance(cursor, int):
        return cursor
    try:
        return max(0, int(base64.b64decode(str(cursor or ""), validate=True)))
    except (binascii.Error, ValueError):
        return 0
