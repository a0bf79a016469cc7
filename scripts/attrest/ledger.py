"""What became of each part of a description: it is generated exactly, degraded for a reason, or ignored by a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final, Literal, TypeAlias, get_args

import attrs

from attrest import pointers

Verdict: TypeAlias = Literal["exact", "degraded", "ignored"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_WEIGHTS: Final[Mapping[Verdict, int]] = {"exact": 0, "ignored": 1, "degraded": 2}


@attrs.frozen
class Entry:
    """The part of a description at a pointer, and, unless it is alone, all inside it that has no entry of its own."""

    pointer: str
    verdict: Verdict
    reason: str
    """Why it is degraded, or the rule that ignores it."""
    lost: bool = False
    """Whether nothing is generated for it, although no rule ignores it."""
    alone: bool = False
    """Whether this says nothing of what is inside the part."""

    @property
    def weight(self) -> int:
        """How far it is from exact, to be compared."""
        return _WEIGHTS[self.verdict] + self.lost


def exact(pointer: str) -> Entry:
    """Say that a part of a description is generated with all that it says, whatever holds for others of its kind."""
    return Entry(pointer, "exact", "")


def degraded(pointer: str, reason: str, *, alone: bool = False) -> Entry:
    """Say that a part of a description is generated, though not with all that it says.

    Args:
        pointer: The part.
        reason: What it does not say any more, or says otherwise.
        alone: Whether what is inside the part is as exact as ever.
    """
    return Entry(pointer, "degraded", reason, alone=alone)


def lost(pointer: str, reason: str) -> Entry:
    """Say that nothing could be generated for a part of a description."""
    return Entry(pointer, "degraded", reason, lost=True)


def ignored(pointer: str, rule: str) -> Entry:
    """Say that a part of a description has no influence on what is generated."""
    return Entry(pointer, "ignored", rule)


def by_pointer(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Group entries by what they are about, in the order in which they are given."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.pointer, []).append(entry)
    return {pointer: tuple(group) for pointer, group in found.items()}


def combined(entries: Iterable[Entry]) -> Entry:
    """Return the worst of what is said of one part, with all the reasons for it."""
    found = tuple(entries)
    worst = max(found, key=lambda entry: entry.weight)
    reasons = dict.fromkeys(entry.reason for entry in found if entry.verdict == worst.verdict)
    return attrs.evolve(worst, reason="; ".join(reasons))


@attrs.frozen(kw_only=True)
class Summary:
    """What became of a description, in numbers."""

    operations: int = 0
    """How many operations the description has."""
    schemas: int = 0
    """How many schemas its components have."""
    exact: int = 0
    """How many of its JSON pointers are generated with all that they say."""
    degraded: int = 0
    ignored: int = 0
    lost: int = 0
    """How many operations and schemas are not generated, although no rule ignores them."""

    @property
    def text(self) -> str:
        """The numbers on one line."""
        parts = f"{_counted(self.exact, 'part')} exact, {self.degraded:,} degraded, {self.ignored:,} ignored"
        lost = f"; {self.lost:,} not generated" if self.lost else ""
        return f"{_counted(self.operations, 'operation')}, {_counted(self.schemas, 'schema')}: {parts}{lost}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


@attrs.frozen(kw_only=True, eq=False)
class Ledger:
    """What became of every part of a description."""

    entries: tuple[Entry, ...] = ()
    """In the order of the description; what has none, and stands in nothing that has one, is exact."""
    counts: Mapping[Verdict, int] = attrs.field(factory=lambda: dict.fromkeys(VERDICTS, 0))
    """How many of the description's JSON pointers ended how."""
    operations: int = 0
    """How many operations the description has."""
    schemas: int = 0
    """How many schemas its components have."""
    editions: Mapping[str, Ledger] = attrs.field(factory=dict[str, "Ledger"])
    """Older version of OpenAPI -> what the description says less of in it; of that, no parts are counted."""

    @cached_property
    def _by_pointer(self) -> Mapping[str, tuple[Entry, ...]]:
        return by_pointer(self.entries)

    def about(self, pointer: str) -> tuple[Entry, ...]:
        """Return what became of a part: its own entries, or those of the nearest part around it that has any."""
        tokens = pointers.split(pointer)
        for length in range(len(tokens), -1, -1):
            found = self._by_pointer.get(pointers.join(tokens[:length]), ())
            if told := tuple(entry for entry in found if length == len(tokens) or not entry.alone):
                return told
        return ()

    def entry(self, pointer: str) -> Entry:
        """Return the worst that became of a part, with all the reasons for it."""
        found = self.about(pointer)
        return combined(found) if found else exact(pointer)

    @property
    def summary(self) -> Summary:
        """The ledger in numbers."""
        return Summary(
            operations=self.operations,
            schemas=self.schemas,
            lost=len({entry.pointer for entry in self.lost}),
            exact=self.counts["exact"],
            degraded=self.counts["degraded"],
            ignored=self.counts["ignored"],
        )

    @property
    def degraded(self) -> tuple[Entry, ...]:
        """What is not generated with all that it says."""
        return tuple(entry for entry in self.entries if entry.verdict == "degraded")

    @property
    def lost(self) -> tuple[Entry, ...]:
        """What is not generated at all."""
        return tuple(entry for entry in self.entries if entry.lost)
