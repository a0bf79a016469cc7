"""A comparison with everything there is to say about it, before it is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

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
    allowed: Allowed

    def allowance(self, change: Change) -> Allowance | None:
        """Return why a change is allowed; None where it is not."""
        return self.allowed.reasons.get(change)

    def place(self, change: Change) -> tuple[str, int]:
        """Return the file and the line of a change: in the new version, or of what went in the old one."""
        if change.fact.new is not None:
            return self.new.place(change.fact.new)
        return self.old.place(change.fact.old or "")

    def places(self, change: Change) -> Iterator[tuple[str, int]]:
        """List the places of a change in the old version and in the new."""
        for side, pointer in ((self.old, change.fact.old), (self.new, change.fact.new)):
            if pointer is not None:
                yield side.place(pointer)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many changes there are of each verdict, without what only people read; what is allowed is not counted."""
        found = Counter(
            change.verdict for change in self.changes if not change.fact.is_documentation and not self.allowance(change)
        )
        return {verdict: found[verdict] for verdict in VERDICTS}

    @property
    def documentation(self) -> int:
        """How many changes there are of what only people read."""
        return sum(change.fact.is_documentation for change in self.changes)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict on what is not allowed."""
        for verdict, number in self.counts.items():
            if number:
                return verdict
        return "safe"

    def by_operation(self, *, everything: bool) -> dict[str, list[Change]]:
        """Return the changes under the operation that meets each first, the worst first.

        Args:
            everything: Whether those of what only people read are among them.
        """
        groups: dict[str, list[Change]] = {}
        for change in sorted(self.changes, key=lambda it: VERDICTS.index(it.verdict)):
            if everything or not change.fact.is_documentation:
                groups.setdefault(change.places[0].operation, []).append(change)
        return groups

    @property
    def summary(self) -> str:
        """The numbers in a line."""
        counts = self.counts
        parts = [f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict]]
        if allowed := len(self.allowed.reasons):
            parts.append(f"{allowed:,} allowed")
        if self.documentation:
            parts.append(f"{self.documentation:,} of documentation")
        return ", ".join(parts) or "no changes"
