"""Says what a change is, in a line for people."""

from __future__ import annotations

import json
from typing import Any, Final

from attrest.diffing.changes import Change, Fact
from attrest.ir import Absent
from attrest.printers import one_line

_LONGEST: Final = 60
_STATUSES: Final = frozenset({"success", "redirection", "information", "error"})


def headline(fact: Fact) -> str:
    """Return what changed: what it is, its name, how it changed, and both values."""
    subject = f" {fact.subject}" if fact.subject else ""
    return one_line(f"{_noun(fact)}{subject} {_verb(fact)}{_values(fact)}")


def _noun(fact: Fact) -> str:
    if fact.is_documentation:
        return f"{fact.area}:"
    if fact.kind == "required":
        return fact.area if fact.area != "schema" else "property"
    if fact.kind == "existence" or (fact.area == "response" and fact.kind in _STATUSES):
        return fact.area
    return f"{fact.area} {fact.kind}" if fact.area in {"server", "security", "security scheme"} else fact.kind


_VERBS: Final = {
    ("required", "added"): "now required",
    ("required", "removed"): "no longer required",
    ("existence", "first"): "added, the first",
    ("property", "unlisted"): "no longer listed",
    ("variant", "added overlapping"): "added, which others may overlap with",
}


def _verb(fact: Fact) -> str:
    return _VERBS.get((fact.kind, fact.action), fact.action)


def _values(fact: Fact) -> str:
    match fact.before, fact.after:
        case Absent(), Absent():
            return ""
        case Absent(), after:
            return f": {shortened(after)}"
        case before, Absent():
            return f": {shortened(before)}"
        case before, after:
            return f": {shortened(before)} → {shortened(after)}"


def shortened(value: Any) -> str:
    """Return a value as JSON, the rest of a long one left out."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def where(change: Change) -> str:
    """Return the place inside the operation that a change is told under."""
    return one_line(" → ".join(change.places[0].steps))


def operation(change: Change) -> str:
    """Return the operation that a change is told under."""
    return one_line(change.places[0].operation) or "everywhere"


def elsewhere(change: Change) -> str:
    """Return where else callers meet a change; empty where that is nowhere."""
    others = [place.operation for place in change.places[1:]]
    if not others:
        return ""
    rest = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return one_line(f"also {', '.join(others[:3])}{rest}")
