"""Prints a comparison: for people, for programs, for a pull request, and as annotations of a GitHub workflow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from attrest.diffing.changes import Change, Verdict
from attrest.diffing.report import Report, Side, by_place, documentation
from attrest.diffing.telling import elsewhere, headline, operation, where
from attrest.ir import Absent
from attrest.printers import escaped, escaped_property, one_line

Paint: TypeAlias = Callable[[str, Verdict], str]
"""Colours what is said of a verdict."""

_MARKS: Final[Mapping[Verdict, str]] = {"breaking": "❌", "risky": "⚠️", "safe": "✅"}
_LEVELS: Final[Mapping[Verdict, str]] = {"breaking": "error", "risky": "warning", "safe": "notice"}
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>|#~!]")
_BACKTICKS: Final = re.compile("`+")
_LONGEST_COMMENT: Final = 200
"""How many changes a comment shows: GitHub takes 65,536 characters."""


def text(report: Report, *, everything: bool, paint: Paint) -> str:
    """Print the changes by operation, each with its reason, its places and its rule."""
    return "".join(f"{line}\n" for line in _text(report, everything=everything, paint=paint))


def _text(report: Report, *, everything: bool, paint: Paint) -> Iterator[str]:
    for title, changes in _sections(report):
        if report.python is not None:
            yield from (title, "")
        for group in by_place(changes, everything=everything).values():
            yield operation(group[0])
            for change in group:
                yield from _lines(report, change, paint)
            yield ""
        yield report.summary(changes)
        if changes is not report.python and report.python is not None:
            yield ""


def _sections(report: Report) -> Iterator[tuple[str, tuple[Change, ...]]]:
    yield "For callers of the service", report.changes
    if report.python is not None:
        yield "For Python callers of the client", report.python


def _lines(report: Report, change: Change, paint: Paint) -> Iterator[str]:
    allowance = report.allowance(change)
    word = f"allowed ({change.verdict})" if allowance else change.verdict
    place = f"{where(change)}: " if where(change) else ""
    yield f"  {paint(word, 'safe' if allowance else change.verdict)}  {place}{headline(change.fact)}"
    yield f"    {one_line(allowance.reason) if allowance else change.reason}"
    files = " → ".join(dict.fromkeys(f"{file}:{line}" for file, line in report.places(change)))
    yield f"    {', '.join(filter(None, (files, elsewhere(change))))} [{change.fact.rule}]"


def as_json(report: Report) -> str:
    """Print everything as one object."""
    content: dict[str, Any] = {
        "version": 1,
        **_judged(report, report.changes),
        "python": None if report.python is None else _judged(report, report.python),
        "unused": [each.number for each in report.allowed.unused],
        "expired": [each.number for each in report.allowed.expired],
        "first": report.first or None,
    }
    return json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n"


def _judged(report: Report, changes: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "verdict": report.verdict(changes),
        "counts": report.counts(changes),
        "documentation": documentation(changes),
        "changes": [_as_object(report, change) for change in changes],
    }


def _as_object(report: Report, change: Change) -> dict[str, Any]:
    fact, allowance = change.fact, report.allowance(change)
    return {
        "verdict": change.verdict,
        "rule": fact.rule,
        "reason": change.reason,
        "message": headline(fact),
        "direction": fact.direction,
        "area": fact.area,
        "kind": fact.kind,
        "action": fact.action,
        "subject": fact.subject or None,
        **({} if isinstance(fact.before, Absent) else {"before": fact.before}),
        **({} if isinstance(fact.after, Absent) else {"after": fact.after}),
        "old": _located(report.old, fact.old),
        "new": _located(report.new, fact.new),
        "places": [{"operation": place.operation, "steps": list(place.steps)} for place in change.places],
        "allowed": None
        if allowance is None
        else {"reason": allowance.reason, "expires": allowance.expires and allowance.expires.isoformat()},
    }


def _located(side: Side, pointer: str | None) -> dict[str, Any] | None:
    if pointer is None:
        return None
    file, line = side.place(pointer)
    return {"pointer": pointer, "file": file, "line": line}


def markdown(report: Report, *, everything: bool) -> str:
    """Print a comment for a pull request: the numbers, then a table for each operation."""
    return "\n".join(_markdown(report, everything=everything)).rstrip("\n") + "\n"


def _markdown(report: Report, *, everything: bool) -> Iterator[str]:
    left = _LONGEST_COMMENT
    for title, changes in _sections(report):
        yield f"## {title}: {_plain(report.summary(changes))}"
        shown = [change for group in by_place(changes, everything=everything).values() for change in group]
        for group in by_place(shown[: max(left, 0)], everything=everything).values():
            yield from ("", f"### {_code(operation(group[0]))}", "", "| | change | why |", "| --- | --- | --- |")
            yield from (_row(report, change) for change in group)
        left -= len(shown)
        if left < 0:
            yield from ("", f"And {min(-left, len(shown)):,} more; `attrest diff` lists all.")
        yield ""


def _row(report: Report, change: Change) -> str:
    allowance = report.allowance(change)
    place = f"{_code(where(change))}: " if where(change) else ""
    others = f" ({_plain(elsewhere(change))})" if elsewhere(change) else ""
    mark = "allowed" if allowance else f"{_MARKS[change.verdict]} {change.verdict}"
    reason = _plain(allowance.reason if allowance else change.reason)
    return f"| {mark} | {place}{_plain(headline(change.fact))}{others} | {reason} |"


def _plain(said: str) -> str:
    """Write text so that Markdown, and GitHub's mentions, take it for nothing else."""
    return _MARKUP.sub(r"\\\g<0>", one_line(said)).replace("@", "@\u200b")


def _code(said: str) -> str:
    """Write text as code in a cell of a table."""
    cell = one_line(said).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(cell)), default=0) + 1)
    pad = " " if cell.startswith("`") or cell.endswith("`") else ""
    return f"{fence}{pad}{cell}{pad}{fence}"


def github(report: Report, *, everything: bool) -> str:
    """Print workflow commands, which GitHub shows beside the lines of the new version; of the old one what went."""
    if report.first:
        return f"::notice::{escaped(report.summary(()))}\n"
    told = [change for change in report.all_changes if everything or not change.fact.is_documentation]
    return "".join(f"{_command(report, change)}\n" for change in told)


def _command(report: Report, change: Change) -> str:
    file, line = report.place(change)
    allowance = report.allowance(change)
    level = "notice" if allowance else _LEVELS[change.verdict]
    properties = {"file": file, "line": str(line), "title": f"{change.verdict}: {change.fact.rule}"}
    listed = ",".join(f"{name}={escaped_property(value)}" for name, value in properties.items())
    reason = f"allowed: {allowance.reason}" if allowance else change.reason
    place = " → ".join(filter(None, (operation(change), where(change))))
    return f"::{level} {listed}::{escaped(f'{place}: {headline(change.fact)}{chr(10)}{reason}')}"
