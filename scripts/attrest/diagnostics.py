"""What there is to say about a description: findings, each with a rule and a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import attrs

Severity: TypeAlias = Literal["error", "warning"]


@attrs.frozen
class Location:
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that is wrong, or could be better, at one place."""

    severity: Severity
    rule: str
    message: str
    pointer: str
    """JSON pointer into the bundled document (RFC 6901); empty for the whole of it."""
    location: Location
    source: str = ""
    """The line of the file, as written; empty where it is too long to show."""
    hint: str | None = None


class LoadError(Exception):
    """The description cannot be read at all; ``findings`` says why, and is never empty."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by file, line and column, and leave out what says the same thing twice."""
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(unique, key=lambda it: (it.location.file, it.location.line, it.location.column, it.rule, it.message))
    )
