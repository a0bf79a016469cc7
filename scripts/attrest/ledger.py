"""What became of each part of a description: it is generated exactly, degraded for a reason, or ignored by a rule."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

Verdict: TypeAlias = Literal["exact", "degraded", "ignored"]


@attrs.frozen
class Entry:
    """The part of a description at a pointer, and all inside it that has no entry of its own."""

    pointer: str
    verdict: Verdict
    reason: str
    """Why it is degraded, or the rule that ignores it."""


def degraded(pointer: str, reason: str) -> Entry:
    """Say that a part of a description is generated, though not with all that it says."""
    return Entry(pointer, "degraded", reason)


def ignored(pointer: str, rule: str) -> Entry:
    """Say that a part of a description has no influence on what is generated."""
    return Entry(pointer, "ignored", rule)
