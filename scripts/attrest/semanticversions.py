"""Semantic versions, and which follows which (https://semver.org, 2.0.0)."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

import attrs

Level: TypeAlias = Literal["major", "minor", "patch"]

_NUMBER: Final = "0|[1-9][0-9]*"
_IDENTIFIER: Final = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_FORM: Final = re.compile(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?")


@attrs.frozen
class SemanticVersion:
    """A version without build metadata, which no order knows."""

    major: int
    minor: int
    patch: int
    before: tuple[str, ...] = ()
    """The identifiers of a pre-release; none of a release."""

    def __str__(self) -> str:
        numbers = f"{self.major}.{self.minor}.{self.patch}"
        return f"{numbers}-{'.'.join(self.before)}" if self.before else numbers

    @property
    def release(self) -> SemanticVersion:
        """The release that a pre-release comes before; a release itself."""
        return attrs.evolve(self, before=())

    def next(self, level: Level) -> SemanticVersion:
        """Return the smallest release that may follow with changes of a level.

        Below 1.0.0 nothing is promised but that a minor version says when something breaks. A pre-release promises
        nothing at all, so that its release may follow whatever changed.
        """
        if self.before:
            return self.release
        if level == "major" and self.major:
            return SemanticVersion(self.major + 1, 0, 0)
        if level == "patch":
            return SemanticVersion(self.major, self.minor, self.patch + 1)
        return SemanticVersion(self.major, self.minor + 1, 0)

    def breaks(self, last: SemanticVersion) -> bool:
        """Tell whether it may break what keeps to the last version."""
        return last.next("major").order <= self.release.order

    @property
    def order(self) -> tuple[tuple[int, int, int, bool], tuple[tuple[int, int, str], ...]]:
        """What orders versions (§11): numbers before texts, fewer identifiers before more, a release last."""
        identifiers = tuple((0, int(text), "") if text.isdigit() else (1, 0, text) for text in self.before)
        return (self.major, self.minor, self.patch, not self.before), identifiers


def parse(text: str) -> SemanticVersion | None:
    """Return the version that a text is; None where it is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    major, minor, patch, before = found.groups()
    return SemanticVersion(int(major), int(minor), int(patch), tuple(before.split(".")) if before else ())
