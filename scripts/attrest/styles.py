"""Where parameters travel, and the styles that they can have there (OpenAPI 3.2 §4.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from attrest.ir import Style

Location: TypeAlias = Literal["path", "query", "querystring", "header", "cookie"]

STYLES: Final[Mapping[Location, tuple[Style, ...]]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
}
"""The styles of each location, the usual one first (OpenAPI 3.2 §4.12.3); the whole query travels by media type."""
LOCATIONS: Final[Mapping[str, Location]] = {**{location: location for location in STYLES}, "querystring": "querystring"}
EXPLODED: Final = frozenset[Style]({"form", "cookie"})
"""The styles that explode unless they say otherwise."""
HEADERS_BY_OTHER_MEANS: Final = frozenset({"accept", "content-type", "authorization"})
"""Headers, in lower case, that no parameter describes (OpenAPI 3.2 §4.12.2.1)."""
_OF_WHOLE_QUERY: Final[tuple[Style, ...]] = ("form",)


def usual(location: Location) -> Style:
    """Return the style of a parameter that does not say which it has."""
    return _styles(location)[0]


def known(location: Location, written: object) -> Style | None:
    """Return the style that is written; None where parameters of a location cannot have it."""
    return next((style for style in _styles(location) if style == written), None)


def _styles(location: Location) -> tuple[Style, ...]:
    return STYLES.get(location, _OF_WHOLE_QUERY)
