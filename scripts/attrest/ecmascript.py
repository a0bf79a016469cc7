"""Regular expressions of ECMAScript, which JSON Schema writes (2020-12 §6.4), as Python reads them."""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Final

_SPACE: Final = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_SAME: Final = frozenset("dDwWbBtnvfr")
"""The letters that mean the same behind a backslash, as long as Python counts ASCII alone."""
_ASCII: Final = re.compile(r"\\[dDwWbB]")
_QUANTIFIER: Final = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}")
_GROUP: Final = re.compile(r"\(\?(?:[:=!]|<[=!]|<(?P<name>[^>=!][^>]*)>)")
_CODE: Final = re.compile(
    r"\\(?:x(?P<two>[0-9A-Fa-f]{2})|u\{(?P<any>[0-9A-Fa-f]{1,8})\}|c(?P<control>[A-Za-z])|(?P<zero>0)(?![0-9])"
    r"|u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})|u(?P<four>[0-9A-Fa-f]{4}))"
)
"""A character by its number."""
_BACK: Final = re.compile(r"\\(?:k<(?P<name>[^>]+)>|(?P<number>[1-9][0-9]?))")


@cache
def translated(pattern: str) -> str | None:
    """Return a pattern for Python's ``re.search``, which finds it exactly where ECMAScript would.

    None where Python cannot say the same, such as properties of Unicode, or the pattern is none of ECMAScript's.
    """
    try:
        spelt = _Translation(pattern).spelt()
        flagged = f"(?a){spelt}" if _ASCII.search(spelt) else spelt
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(flagged)
    except (_UntranslatableError, re.error, RecursionError, OverflowError, Warning):
        return None
    return flagged


class _UntranslatableError(Exception):
    """Python has nothing for this."""


class _Translation:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def spelt(self) -> str:
        """Return the pattern as Python reads it, with ASCII alone as digits and letters of words."""
        parts: list[str] = []
        while self._at < len(self._pattern):
            parts.append(self._term())
        return "".join(parts)

    def _term(self) -> str:
        match self._pattern[self._at]:
            case "\\":
                return self._escape()
            case "[":
                return self._class()
            case "(":
                return self._group()
            case "*" | "+" | "?" | "{":
                return self._quantifier()
            case "$":
                return self._taken(1, r"\Z")
            case ".":
                return self._taken(1, r"[^\n\r\u2028\u2029]")
            case character:
                return self._taken(1, character)

    def _taken(self, length: int, spelt: str) -> str:
        self._at += length
        return spelt

    def _found(self, form: re.Pattern[str]) -> re.Match[str] | None:
        found = form.match(self._pattern, self._at)
        self._at = found.end() if found else self._at
        return found

    def _group(self) -> str:
        if not self._pattern.startswith("(?", self._at):
            return self._taken(1, "(")
        found = self._found(_GROUP)
        if found is None:
            raise _UntranslatableError
        return found[0] if found["name"] is None else f"(?P<{found['name']}>"

    def _quantifier(self) -> str:
        found = self._found(_QUANTIFIER)
        if found is None:
            raise _UntranslatableError
        lazy = "?" if self._pattern.startswith("?", self._at) else ""
        self._at += len(lazy)
        if self._pattern.startswith("+", self._at):
            raise _UntranslatableError
        return found[0] + lazy

    def _escape(self) -> str:
        """Return what a backslash outside of a class stands for."""
        if found := self._found(_BACK):
            return found[0] if found["name"] is None else f"(?P={found['name']})"
        match self._pattern[self._at + 1 : self._at + 2]:
            case "s":
                return self._taken(2, f"[{_SPACE}]")
            case "S":
                return self._taken(2, f"[^{_SPACE}]")
            case _:
                return self._character()

    def _character(self) -> str:
        """Return what a backslash stands for that means the same inside of a class and outside."""
        if found := self._found(_CODE):
            return _numbered(found)
        letter = self._pattern[self._at + 1 : self._at + 2]
        if letter in _SAME and letter:
            return self._taken(2, f"\\{letter}")
        if not letter or letter.isalnum():
            raise _UntranslatableError
        return self._taken(2, letter if letter in "/_" or not letter.isascii() else f"\\{letter}")

    def _class(self) -> str:
        is_negated = self._pattern.startswith("[^", self._at)
        self._at += 2 if is_negated else 1
        members, has_others = self._members()
        if has_others:
            return _with_others(members, is_negated=is_negated)
        if not members:
            return r"[\s\S]" if is_negated else r"(?!)"
        return f"[{'^' if is_negated else ''}{members}]"

    def _members(self) -> tuple[str, bool]:
        """Return what a class lists, and whether all that is no space is in it too."""
        parts: list[str] = []
        has_others = False
        while not self._pattern.startswith("]", self._at):
            if self._at >= len(self._pattern):
                raise _UntranslatableError
            start = self._pattern[self._at : self._at + 2]
            if start == r"\S":
                has_others = True
                self._at += 2
            elif start == r"\s":
                parts.append(self._taken(2, _SPACE))
            elif start[0] == "\\":
                parts.append(self._character())
            else:
                parts.append(self._taken(1, f"\\{start[0]}" if start[0] in "[&~|^" else start[0]))
            if start in {r"\s", r"\S", r"\d", r"\D", r"\w", r"\W"} and self._pattern.startswith("-", self._at):
                parts.append(self._taken(1, r"\-"))
        self._at += 1
        return "".join(parts), has_others


def _with_others(members: str, *, is_negated: bool) -> str:
    """Return a class of some characters and all that are no space; negated, of the spaces that it does not list."""
    if is_negated:
        return f"(?:(?![{members}])[{_SPACE}])" if members else f"[{_SPACE}]"
    return f"(?:[{members}]|[^{_SPACE}])" if members else f"[^{_SPACE}]"


def _numbered(found: re.Match[str]) -> str:
    """Return a character that is written by its number."""
    if found["control"]:
        return f"\\x{ord(found['control']) % 32:02x}"
    if found["zero"]:
        return r"\x00"
    if found["high"]:
        high, low = int(found["high"], 16), int(found["low"], 16)
        return f"\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"
    if found["any"]:
        return f"\\U{int(found['any'], 16):08x}"
    return found[0]
