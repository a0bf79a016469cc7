"""What a caller prefers (RFC 7240): ``Prefer: code=404`` picks the status, ``Prefer: example=empty`` the example."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import attrs

from attrest.mocking.exchange import Answer

_PREFERENCE: Final = re.compile(r'\s*([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]+)')

_IGNORED: Final = "X-Attrest-Ignored-Preferences"


@attrs.frozen
class Preferences:
    """What a request asks for beside what it is described to."""

    code: int | None = None
    example: str | None = None
    unread: tuple[str, ...] = ()
    """What it asks for in vain, since it is no status."""


def preferences(header: str | None) -> Preferences:
    """Read a Prefer header; what is not understood is ignored, as RFC 7240 §2 has it."""
    if not header:
        return Preferences()
    named = {name.lower(): value.strip('"') for name, value in _PREFERENCE.findall(header)}
    code = named.get("code", "")
    is_status = code.isascii() and code.isdigit() and 200 <= int(code) <= 599
    unread = (f"code={code}",) if code and not is_status else ()
    return Preferences(int(code) if is_status else None, named.get("example"), unread)


def told(answer: Answer, applied: Sequence[str], ignored: Sequence[str]) -> Answer:
    """Return an answer that says which preferences it follows (RFC 7240 §3), and which it does not."""
    headers = (("Preference-Applied", applied), (_IGNORED, ignored))
    answer = answer.with_headers(*((name, _in_ascii(each)) for name, each in headers if each))
    remarks = (f"Prefer: {each} is ignored: nothing like it is described" for each in ignored)
    return attrs.evolve(answer, remarks=(*answer.remarks, *remarks))


def _in_ascii(preferences: Sequence[str]) -> str:
    return ", ".join(preferences).encode("ascii", "replace").decode()
