"""Text that a regular expression matches, for examples where a description gives none."""

from __future__ import annotations

import re

_PREFERRED = "a1A0-_ .,:/@+#~é"
"""What a character class is filled from, in this order."""
_MORE = (0, 1, 2, 5, 11, 35)
"""How often a quantifier repeats beyond its least, tried in this order."""
_LONGEST = 500
_QUANTIFIER = re.compile(r"(?P<sign>[*+?])[?+]?|\{(?P<least>\d+)(?P<comma>,(?P<most>\d*))?\}[?+]?")
_GROUP = re.compile(r"\((?:\?(?:P?<(?![=!])[^>]*>|(?P<look><?[=!])|[a-zA-Z]*:))?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_POSITION = re.compile(r"\\[AbBzZ]|[\^$]|\(\?a\)")
"""What takes no character, the flag for ASCII among it."""
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROOM = 6
"""How many characters text has at least, where it may, that has to differ from other text."""
_SIGNS = {"*": (0, _LONGEST), "+": (1, _LONGEST), "?": (0, 1)}


def matching(pattern: str, least: int = 0, most: int | None = None) -> str | None:
    """Return text that a pattern is found in; None where none comes to mind.

    Args:
        pattern: A regular expression that Python reads.
        least: How many characters the text has at least.
        most: How many it has at most; None for any number.
    """
    try:
        compiled = re.compile(pattern)
        for more in _MORE:
            text = _Maker(pattern, more).alternatives()
            for candidate in (text, text.ljust(least, text[-1:] or "x")):
                if least <= len(candidate) <= (_LONGEST if most is None else most) and compiled.search(candidate):
                    return candidate
    except (re.error, ValueError, RecursionError, OverflowError):
        return None
    return None


def distinct(pattern: str, number: int, least: int = 0, most: int | None = None) -> str | None:
    """Return text that a pattern is found in, another for nearly every number; None where none comes to mind.

    Args:
        pattern: A regular expression that Python reads.
        number: Which of the texts; the first, 0, is what ``matching`` returns.
        least: How many characters the text has at least.
        most: How many it has at most; None for any number.
    """
    first = matching(pattern, least, most)
    if first is None or number == 0:
        return first
    compiled = re.compile(pattern)
    followed = f"{first}{number}"
    if (most is None or len(followed) <= most) and compiled.search(followed):
        return followed
    return _counted(matching(pattern, max(least, _ROOM), most) or first, compiled, number)


def _counted(text: str, pattern: re.Pattern[str], number: int) -> str | None:
    """Write a number into text: its last digit where the last character is that may be another, and so on."""
    for index in reversed(range(len(text))):
        before, after = text[:index], text[index + 1 :]
        digits = [text[index], *(each for each in _ALPHABET if each != text[index])]
        digits = [each for each in digits if pattern.search(f"{before}{each}{after}")]
        number, digit = divmod(number, len(digits))
        text = f"{before}{digits[digit]}{after}"
        if number == 0:
            return text
    return None


class _Maker:
    """Reads a pattern from left to right and writes what its first alternatives match."""

    def __init__(self, pattern: str, more: int) -> None:
        self.pattern = pattern
        self.more = more
        self.at = 0

    def alternatives(self) -> str:
        first = self._sequence()
        while self.pattern.startswith("|", self.at):
            self.at += 1
            self._sequence()
        return first

    def _sequence(self) -> str:
        text = ""
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            text += self._repeated(self._atom())
        return text[:_LONGEST]

    def _atom(self) -> str:
        if self._take(_POSITION):
            return ""
        if group := self._take(_GROUP):
            inner = self.alternatives()
            self.at += 1
            return "" if group["look"] else inner
        if found := self._take(_CLASS) or self._take(_ESCAPE):
            return _character(found[0])
        self.at += 1
        character = self.pattern[self.at - 1]
        return _PREFERRED[0] if character == "." else character

    def _repeated(self, part: str) -> str:
        quantifier = self._take(_QUANTIFIER)
        if quantifier is None:
            return part
        least, most = _bounds(quantifier)
        return part * min(least + self.more, most, _LONGEST // max(1, len(part)))

    def _take(self, what: re.Pattern[str]) -> re.Match[str] | None:
        found = what.match(self.pattern, self.at)
        if found is not None:
            self.at = found.end()
        return found


def _bounds(quantifier: re.Match[str]) -> tuple[int, int]:
    if quantifier["sign"]:
        return _SIGNS[quantifier["sign"]]
    least = int(quantifier["least"])
    if quantifier["comma"] is None:
        return least, least
    return least, int(quantifier["most"] or _LONGEST)


def _character(source: str) -> str:
    """Return a character that a class or an escape stands for.

    Raises:
        ValueError: There is none among those preferred, and it is no single one.
    """
    compiled = re.compile(source)
    for character in _PREFERRED + source[-1]:
        if compiled.fullmatch(character):
            return character
    raise ValueError(source)
