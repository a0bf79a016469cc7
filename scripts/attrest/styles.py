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
