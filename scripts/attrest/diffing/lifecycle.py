"""How something ends: whether it was deprecated before, and whether the date that was announced has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import attrs

from attrest import nodes
from attrest.diffing.views import Part


@attrs.frozen
class Lifecycle:
    """Tells what was announced."""

    today: dt.date

    def removal(self, node: Any, deprecated: Part | None = None, sunset: Part | None = None) -> str:
        """Return in which way something went.

        Args:
            node: It, as it was.
            deprecated: What it said of its being deprecated, where that is not in the node itself.
            sunset: What it said of its end, likewise.
        """
        written = nodes.mapping(node)
        end = sunset_of(sunset.node if sunset else written.get("x-sunset"))
        if end is not None:
            return "removed after sunset" if end <= self.today else "removed before sunset"
        is_deprecated = (deprecated.node if deprecated else written.get("deprecated")) is True
        return "removed when deprecated" if is_deprecated else "removed"


def sunset_of(written: Any) -> dt.date | None:
    """Return the date of an ``x-sunset``, written as a date or as a time (RFC 3339); None where it is neither."""
    try:
        return dt.date.fromisoformat(str(written)[:10])
    except ValueError:
        return None


def sunset_actions(old: Any, new: Any) -> Iterator[str]:
    """Tell how an announced end moved."""
    before, after = sunset_of(old), sunset_of(new)
    if before == after:
        return
    if before is None:
        yield "added"
    elif after is None:
        yield "removed"
    else:
        yield "later" if after > before else "earlier"
