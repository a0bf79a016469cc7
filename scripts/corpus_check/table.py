"""The facts as a table, a row at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from corpus_check.facts import Count, Facts, Verdict

_SHOWN_REASONS: Final = 8
_NAME_WIDTH: Final = 30
_UNKNOWN: Final = "-"


def heading() -> str:
    """Return the first line of the table."""
    return _line("description", (name for name, _, _ in _COLUMNS))


def row(facts: Facts) -> str:
    """Return the line of a description, and under it why it does not meet the bar."""
    reasons = facts.shortfalls
    shown = [f"    {reason}" for reason in reasons[:_SHOWN_REASONS]]
    if len(reasons) > _SHOWN_REASONS:
        shown.append(f"    and {len(reasons) - _SHOWN_REASONS} more reasons")
    return "\n".join([_line(facts.name, (show(facts) for _, _, show in _COLUMNS)), *shown])


def summary(results: Sequence[Facts], expected: int) -> str:
    """Return the last lines: how many descriptions meet the bar, and what all of them come to.

    Args:
        results: What was found out.
        expected: How many descriptions there are.
    """
    fine = sum(1 for facts in results if not facts.shortfalls)
    untried = f"; {expected - len(results)} were not tried" if len(results) < expected else ""
    verdicts = [facts.verdict for facts in results if facts.verdict is not None]
    examples = sum((_examples(verdict) for verdict in verdicts), Counter[str]())
    met = f"{fine} of {expected} meet the bar, with {sum(facts.cpu for facts in results):.0f} s of CPU{untried}"
    operations = _totals(verdict.operations for verdict in verdicts)
    schemas = _totals(verdict.schemas for verdict in verdicts)
    tried = ", ".join(f"{number} {what}" for what, number in examples.items()) or "none"
    totals = f"operations {operations}, schemas {schemas}, examples: {tried}"
    return "\n".join([met, totals, *(f"{facts.name}: {_reasons(facts)}" for facts in results if facts.shortfalls)])


def _line(name: str, cells: Iterable[str]) -> str:
    widths = [width for _, width, _ in _COLUMNS]
    return "  ".join([name.ljust(_NAME_WIDTH), *map(str.rjust, cells, widths)])


def _totals(counts: Iterable[Count]) -> str:
    kept = list(counts)
    return f"{sum(count.present for count in kept)} of {sum(count.total for count in kept)}"


def _examples(verdict: Verdict) -> Counter[str]:
    found = verdict.examples
    return Counter(
        exact=found.exact,
        respelt=found.respelt,
        failed=len(found.failures),
        invalid=found.invalid,
        untyped=len(found.untyped),
    )


def _reasons(facts: Facts) -> str:
    number = len(facts.shortfalls)
    return facts.shortfalls[0] if number == 1 else f"{facts.shortfalls[0]}, and {number - 1} more"


_Show: TypeAlias = Callable[[Facts], str]


def _judged(show: Callable[[Verdict], object]) -> _Show:
    return lambda facts: _UNKNOWN if facts.verdict is None else str(show(facts.verdict))


def _in_and_out(count: Count) -> str:
    return f"{count.total}/{count.present}"


def _shown_examples(verdict: Verdict) -> str:
    found = verdict.examples
    return f"{found.exact + found.respelt}/{len(found.failures)}/{found.invalid}"


def _known(value: object) -> str:
    return _UNKNOWN if value is None else str(value)


_COLUMNS: Final[tuple[tuple[str, int, _Show], ...]] = (
    ("result", 6, lambda facts: "FAILS" if facts.shortfalls else "ok"),
    ("operations", 10, _judged(lambda verdict: _in_and_out(verdict.operations))),
    ("schemas", 9, _judged(lambda verdict: _in_and_out(verdict.schemas))),
    ("files", 5, _judged(lambda verdict: verdict.files)),
    ("modules", 7, _judged(lambda verdict: verdict.modules)),
    ("mypy", 4, lambda facts: _known(None if facts.typing is None else len(facts.typing))),
    ("ok/failed/invalid", 17, _judged(_shown_examples)),
    ("degraded", 8, _judged(lambda verdict: verdict.degraded)),
    ("CPU s", 6, lambda facts: f"{facts.cpu:.1f}"),
    ("peer s", 6, lambda facts: _known(None if facts.peer is None else f"{facts.peer:.1f}")),
    ("MB", 5, lambda facts: str(facts.peak)),
)
"""Heading, width, and what is shown: counts of what the description has and what the client has of it, and so on."""
