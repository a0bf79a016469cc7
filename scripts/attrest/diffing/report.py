"""A comparison with everything there is to say about it, before it is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

import attrs

from attrest.diffing.allowing import Allowance, Allowed
from attrest.diffing.changes import VERDICTS, Change, Verdict
from attrest.document import Document


@attrs.frozen(kw_only=True)
class Side:
    """A version, as far as places in its files are told."""

    document: Document
    shown: Callable[[str], str]
    """Gives the name of a file for people."""
    path: Callable[[str], str]
    """Gives the path of a file, of whatever revision it is."""

    def place(self, pointer: str) -> tuple[str, int]:
        """Return the file and the line of a part."""
        location = self.document.locate(pointer)
        return self.shown(location.file), location.line


@attrs.frozen(kw_only=True)
class Report:
    """What is printed."""

    old: Side
    new: Side
    changes: tuple[Change, ...]
    """What changes for callers of the service."""
    python: tuple[Change, ...] | None = None
    """What changes for Python callers of the generated client; None where that was not asked for."""
    allowed: Allowed
    first: str = ""
    """Why there is no older version, so that nothing changes; ``old`` is the new version then. Empty where there is."""

    def allowance(self, change: Change) -> Allowance | None:
        """Return why a change is allowed; None where it is not."""
        return self.allowed.reasons.get(change)

    def place(self, change: Change) -> tuple[str, int]:
        """Return the path and the line of a change: in the new version, or of what went in the old one."""
        new, old = change.fact.new, change.fact.old
        side, pointer = (self.old, old or "") if new is None else (self.new, new)
        location = side.document.locate(pointer)
        return side.path(location.file), location.line

    def places(self, change: Change) -> Iterator[tuple[str, int]]:
        """List the places of a change in the old version and in the new."""
        for side, pointer in ((self.old, change.fact.old), (self.new, change.fact.new)):
            if pointer is not None:
                yield side.place(pointer)

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """The changes for both."""
        return (*self.changes, *(self.python or ()))

    def counts(self, changes: Iterable[Change]) -> dict[Verdict, int]:
        """Return how many changes there are of each verdict, but for what only people read and what is allowed."""
        found = Counter(
            change.verdict for change in changes if not change.fact.is_documentation and not self.allowance(change)
        )
        return {verdict: found[verdict] for verdict in VERDICTS}

    def summary(self, changes: Collection[Change]) -> str:
        """Return the numbers in a line."""
        if self.first:
            return f"no older version: {self.first}"
        counts = self.counts(changes)
        parts = [f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict]]
        if allowed := sum(self.allowance(change) is not None for change in changes):
            parts.append(f"{allowed:,} allowed")
        if told := documentation(changes):
            parts.append(f"{told:,} of documentation")
        return ", ".join(parts) or "no changes"

    def verdict(self, changes: Iterable[Change]) -> Verdict:
        """Return the worst verdict on what is not allowed."""
        for verdict, number in self.counts(changes).items():
            if number:
                return verdict
        return "safe"


def documentation(changes: Iterable[Change]) -> int:
    """Return how many changes there are of what only people read."""
    return sum(change.fact.is_documentation for change in changes)


def by_place(changes: Iterable[Change], *, everything: bool) -> dict[str, list[Change]]:
    """Return the changes under the operation that meets each first, the worst first.

    Args:
        changes: The changes.
        everything: Whether those of what only people read are among them.
    """
    groups: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda it: VERDICTS.index(it.verdict)):
        if everything or not change.fact.is_documentation:
            groups.setdefault(change.places[0].operation, []).append(change)
    return groups
