"""Headers that list values with commas between them (RFC 9110 §5.6.1)."""

from __future__ import annotations

import re

DELIMITER = re.compile(r'(?<![0-9A-Za-z])"(?:\\.|[^"\\])*(?:"|\Z)|,')
"""A comma, or all of a quoted string (RFC 9110 §5.6.4), in which commas stand between nothing."""


def elements(value: str) -> list[str]:
    """Return what stands between the commas of a header, quotes and all; nothing where it is empty."""
    found: list[str] = []
    start = 0
    for match in DELIMITER.finditer(value):
        if match[0] == ",":
            found.append(value[start : match.start()].strip())
            start = match.end()
    return [*found, value[start:].strip()] if value.strip() else []
