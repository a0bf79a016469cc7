"""A loaded description: one tree, and where each part of it was written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

import attrs

from attrest import pointers
from attrest.diagnostics import Finding, Location, Severity
from attrest.ledger import Entry
from attrest.positions import Place, Positions, Source
from attrest.trees import is_list, is_mapping

Version: TypeAlias = Literal["3.0", "3.1", "3.2"]


_FULL_VERSION: Final = re.compile(r"3\.[012]\.\d+(?:-.+)?")


def is_full_version(version: object) -> bool:
    """Tell whether a version is written as the standard asks (OpenAPI 3.1 §4.1): text, with a patch number."""
    return isinstance(version, str) and _FULL_VERSION.fullmatch(version) is not None


@attrs.frozen(eq=False)
class Document:
    """A description as one tree, whichever files it was written in."""

    path: Path
    """The root file."""
    tree: dict[str, Any] = attrs.field(repr=False)
    """The description with only ``#/…`` references: what stood in other files is in ``components`` or in its place."""
    sources: tuple[Source, ...]
    """Every file that was read, the root first."""
    findings: tuple[Finding, ...]
    """What loading found."""
    positions: Positions = attrs.field(repr=False)
    entries: tuple[Entry, ...] = ()
    """What became of parts of it that are not in the tree as they were written."""

    @property
    def version(self) -> Version:
        """The OpenAPI version without its patch number."""
        return cast(Version, str(self.tree["openapi"])[:3])

    def place(self, pointer: str) -> Place:
        """Find where a node was written: its key in a mapping, its start in a list; the nearest ancestor if unknown.

        A reference on the way is followed where the pointer goes on behind it.
        """
        place = Place(self.sources[0], 0)
        node: Any = self.tree
        for token in pointers.split(pointer):
            node = self._behind_references(node, token)
            found = self.positions.find(node, int(token) if is_list(node) and token.isdigit() else token)
            place = found or place
            node = pointers.step(node, token)
        return place

    def _behind_references(self, node: Any, token: str) -> Any:
        seen: set[str] = set()
        while is_mapping(node) and token not in node:
            reference = node.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#") or reference in seen:
                break
            seen.add(reference)
            node = pointers.resolve(self.tree, pointers.split(pointers.parse_reference(reference).fragment))
        return node

    def locate(self, pointer: str) -> Location:
        """Find the file, line and column where a node was written; those of the nearest ancestor if unknown."""
        return self.place(pointer).location

    def line(self, location: Location) -> str:
        """Give the line of a file as written, without its line end; empty where there is none."""
        for source in self.sources:
            if source.name == location.file:
                return source.line(location.line)
        return ""

    def display(self, pointer: str) -> str:
        """Say where a node was written as ``file:line``, the file relative to the root file's folder."""
        place = self.place(pointer)
        return f"{place.source.display}:{place.location.line}"

    def finding(
        self,
        severity: Severity,
        rule: str,
        message: str,
        pointer: str,
        hint: str | None = None,
        at: Place | None = None,
    ) -> Finding:
        """Make a finding about a node.

        Args:
            severity: Whether it is an error or a warning.
            rule: The name of the rule.
            message: What is wrong.
            pointer: The JSON pointer of the node.
            hint: What to do about it.
            at: Where it is, when that is not where the node is.
        """
        return finding_at(at or self.place(pointer), severity, rule, message, pointer, hint)


def finding_at(
    place: Place, severity: Severity, rule: str, message: str, pointer: str = "", hint: str | None = None
) -> Finding:
    """Make a finding about a place in a file."""
    location = place.location
    return Finding(
        severity=severity,
        rule=rule,
        message=message,
        pointer=pointer,
        location=location,
        source=place.source.shown_line(location.line),
        hint=hint,
    )
