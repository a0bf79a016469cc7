"""Reads the parameters of a query as strictly as the description states them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar
from urllib.parse import unquote_plus

import attrs

T = TypeVar("T")

MOST_IDS: Final = 100
RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


@attrs.frozen
class Refused(Exception):  # noqa: N818 - it is an answer, not a defect
    """The service refuses a request."""

    status: int
    message: str
    """The reason, for people."""
    headers: Mapping[str, str] = attrs.field(factory=dict)


def parse_time(text: str) -> datetime:
    """The instant that an RFC 3339 text names, in UTC and cut to milliseconds.

    Raises:
        ValueError: It is no RFC 3339 date-time; one without an offset is none.
    """
    if not RFC_3339.fullmatch(text):
        raise ValueError(f"not an RFC 3339 date-time with an offset: {text}")
    instant = datetime.fromisoformat(text.upper()).astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def parse_boolean(text: str) -> bool:
    """True or false.

    Raises:
        ValueError: It is neither.
    """
    if text not in {"true", "false"}:
        raise ValueError(f"neither true nor false: {text}")
    return text == "true"


def _plain(text: str) -> str:
    return text


class Query:
    """The parameters of one request."""

    def __init__(self, text: str) -> None:
        """Take a query apart; ``text`` is what follows the question mark."""
        self._raw: dict[str, str] = {}
        for pair in filter(None, text.split("&")):
            encoded, _, value = pair.partition("=")
            name = unquote_plus(encoded)
            if name in self._raw:
                raise Refused(400, f"{name}: given twice")
            self._raw[name] = value

    def optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        """One value, or None where it is absent."""
        if name not in self._raw:
            return None
        try:
            return parse(unquote_plus(self._raw[name]))
        except ValueError as problem:
            raise Refused(400, f"{name}: {problem}") from None

    def required(self, name: str, parse: Callable[[str], T]) -> T:
        """One value that has to be there."""
        value = self.optional(name, parse)
        if value is None:
            raise Refused(400, f"{name}: missing")
        return value

    def text(self, name: str) -> str:
        """A text that has to be there, and not be empty."""
        value = self.required(name, _plain)
        if not value:
            raise Refused(400, f"{name}: empty")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text, or None where it is absent."""
        return self.optional(name, _plain)

    def ids(self, name: str) -> list[str]:
        """1 to 100 ids that have to be there."""
        found = self.optional_ids(name)
        if found is None:
            raise Refused(400, f"{name}: missing")
        return found

    def optional_ids(self, name: str) -> list[str] | None:
        """1 to 100 ids, or None where they are absent."""
        found = self._items(name)
        if found is not None and len(found) > MOST_IDS:
            raise Refused(400, f"{name}: at most {MOST_IDS} ids, got {len(found)}")
        return found

    def one_of(self, name: str, known: Collection[str]) -> list[str] | None:
        """Values of an enum, or None where they are absent."""
        found = self._items(name)
        if found is not None and (strange := [item for item in found if item not in known]):
            raise Refused(400, f"{name}: unknown value {strange[0]}")
        return found

    def _items(self, name: str) -> list[str] | None:
        """A list as ``style: form, explode: false`` sends it: commas part items, an encoded comma belongs to one."""
        if name not in self._raw:
            return None
        items = [unquote_plus(item) for item in self._raw[name].split(",")]
        if not all(items):
            raise Refused(400, f"{name}: an empty item")
        return items


def matches(value: str, wanted: Collection[str] | None) -> bool:
    """Whether a filter lets the value through; an absent filter lets all through."""
    return wanted is None or value in wanted
