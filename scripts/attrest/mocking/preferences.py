"""What a caller prefers (RFC 7240): ``Prefer: code=404`` picks the status, ``Prefer: example=empty`` the example."""

from __future__ import annotations

import re
from typing import Final

import attrs

_PREFERENCE: Final = re.compile(r'\s*([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]+)')


@attrs.frozen
class Preferences:
    """What a request asks for beside what it is described to."""

    code: int | None = None
    example: str | None = None


def preferences(header: str | None) -> Preferences:
    """Read a Prefer header; what is not understood is ignored, as RFC 7240 §2 has it."""
    if not header:
        return Preferences()
    named = {name.lower(): value.strip('"') for name, value in _PREFERENCE.findall(header)}
    code = named.get("code", "")
    is_status = code.isascii() and code.isdigit() and 200 <= int(code) <= 599
    return Preferences(int(code) if is_status else None, named.get("example"))
