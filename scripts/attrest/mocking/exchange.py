"""What goes in and out: requests as they arrive, what is wrong with them, and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import unquote_plus

import attrs

from attrest import pointers

Place: TypeAlias = Literal["path", "query", "querystring", "header", "cookie", "body", "method", "security"]
Pairs: TypeAlias = Sequence[tuple[str, str]]
"""Names, decoded, and values, as sent."""

_LONGEST: Final = 200
"""The most characters of a value that are repeated to whoever sent it."""


@attrs.frozen(kw_only=True)
class Request:
    """A request as it arrived."""

    method: str
    path: str
    """As it was sent, with its percent-encoding."""
    query: str = ""
    """What stands behind the question mark, as it was sent."""
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    """Names in lower case; the values of a repeated one are joined as RFC 9110 §5.3 says."""
    body: bytes = b""


@attrs.frozen(kw_only=True)
class Violation:
    """One thing in which a request is not as it is described."""

    place: Place
    name: str = ""
    """The parameter; empty for a body."""
    pointer: str = ""
    """Where in the value of the parameter, or in the body (RFC 6901)."""
    expected: str
    got: Any = None
    described: str
    """The pointer in the description that says so."""

    def as_json(self) -> dict[str, Any]:
        """Return it as an error is told to the caller."""
        return {
            "in": self.place,
            **({"name": self.name} if self.name else {}),
            "pointer": self.pointer,
            "expected": self.expected,
            "got": _shortened(self.got),
            "description": pointers.as_fragment(self.described),
        }

    def __str__(self) -> str:
        subject = " ".join(filter(None, (self.place, self.name, self.pointer)))
        got = "" if self.got is None else f", got {json.dumps(_shortened(self.got), ensure_ascii=False)}"
        return f"{subject}: expected {self.expected}{got} ({pointers.as_fragment(self.described)})"


def _shortened(value: Any) -> Any:
    """Return a JSON value as it is told: a long one as the beginning of its text."""
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode()
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return json.loads(text) if len(text) <= _LONGEST else _shortened(text)


@attrs.frozen(kw_only=True)
class Answer:
    """What is answered."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    parts: tuple[bytes, ...] | None = None
    """The body in parts that are sent one after the other; None where it is sent in one."""
    remarks: tuple[str, ...] = ()
    """What there is to say about it to whoever runs the server."""

    def with_headers(self, *headers: tuple[str, str]) -> Answer:
        """Return it with more headers."""
        return attrs.evolve(self, headers=(*self.headers, *headers))


def pairs(text: str, separator: str = "&") -> list[tuple[str, str]]:
    """Take a query, or the cookies of a header, apart; values stay as sent."""
    split = (each.strip().partition("=") for each in text.split(separator) if each.strip())
    return [(unquote_plus(name), value) for name, _, value in split]
