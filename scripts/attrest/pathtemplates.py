"""Templates of paths (OpenAPI 3.2 §4.8.2)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

NAME: Final = re.compile(r"\{([^{}]*)\}")
"""A name in its braces, as it is written."""

_PARTS: Final = re.compile(r"(^|[?#])((?:\{[^{}]*\}|[^?#])*)")
"""What stands in a URL template before and behind marks that are not part of a name."""


def split(template: str) -> tuple[str, str]:
    """Return the path and the query of a URL template; a fragment only tells templates apart, and never travels."""
    parts = _PARTS.findall(template)
    return parts[0][1], next((text for mark, text in parts[1:2] if mark == "?"), "")


def template(path: str, described: Collection[str]) -> str:
    """Return a URL template with the names of parameters alone in its braces.

    Some descriptions write RFC 6570 there, ``{;id*}``, which says again what the style of the parameter says.

    Args:
        path: The template as written.
        described: The names of the path parameters that are described.
    """

    def named(expression: re.Match[str]) -> str:
        name = expression[1].lstrip("+#./;?&").removesuffix("*")
        return f"{{{name}}}" if name in described and expression[1] not in described else expression[0]

    return NAME.sub(named, path)


def names(path: str, described: Collection[str]) -> list[str]:
    """Return the names in the braces of a URL template, each once.

    Args:
        path: The template as written.
        described: The names of the path parameters that are described.
    """
    return list(dict.fromkeys(NAME.findall(template(path, described))))
