"""The outcomes as a table, a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from downstream_check.outcomes import Outcome, Step

_REASON_LINES: Final = 6


def heading() -> str:
    """Return the first line of the table."""
    return _line([name for name, _, _ in _COLUMNS])


def row(outcome: Outcome) -> str:
    """Return the line of a generator, and under it why a step failed or was skipped."""
    reasons = [f"    {name}: {step.word}, {line}" for name, step in outcome.steps.items() for line in _lines(step)]
    return "\n".join([_line([show(outcome) for _, _, show in _COLUMNS]), *reasons])


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return the last line: how many generators did well, and which did not or were not tried."""
    failed = [outcome.name for outcome in outcomes if outcome.failed]
    skipped = [outcome.name for outcome in outcomes if any(step.word == "skipped" for step in outcome.steps.values())]
    parts = [f"{len(outcomes) - len(failed)} of {len(outcomes)} without a failure"]
    parts += [f"fails: {', '.join(failed)}"] if failed else []
    parts += [f"skipped, in full or in part: {', '.join(skipped)}"] if skipped else []
    return "; ".join(parts)


def _lines(step: Step) -> list[str]:
    return [line for line in step.reason.splitlines() if line.strip()][:_REASON_LINES]


def _line(cells: Sequence[str]) -> str:
    widths = [width for _, width, _ in _COLUMNS]
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _word(step: Step) -> str:
    return "-" if step.word == "none" else step.word


_COLUMNS: Final[tuple[tuple[str, int, Callable[[Outcome], str]], ...]] = (
    ("generator", 36, lambda outcome: outcome.name),
    ("version", 8, lambda outcome: outcome.version),
    ("edition", 7, lambda outcome: outcome.edition),
    ("files", 5, lambda outcome: str(outcome.files)),
    ("generates", 9, lambda outcome: _word(outcome.generates)),
    ("compiles", 8, lambda outcome: _word(outcome.compiles)),
    ("call", 7, lambda outcome: _word(outcome.calls)),
    ("seconds", 7, lambda outcome: f"{outcome.seconds:.1f}"),
)
"""Heading, width, and what is shown."""
