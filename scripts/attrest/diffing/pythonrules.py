"""The table of verdicts for Python callers of a generated client: kind x action x direction.

A request is what callers give: arguments, and attributes of what they make. A response is what they get.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrest.diffing.changes import Fact
from attrest.diffing.rules import Row, Ruling


def _both(ruling: Ruling) -> Row:
    return Row(ruling, ruling)


_ADDED: Final = _both(Ruling("safe", "no call and no import uses it yet"))
_REMOVED: Final = _both(Ruling("breaking", "code that names it fails"))
_RENAMED: Final = _both(Ruling("breaking", "code that uses the old name fails"))
_MOVED: Final = _both(Ruling("breaking", "code that imports it from its own module fails"))
_WIDENED: Final = Row(
    Ruling("safe", "every value that callers give is still taken"),
    Ruling("breaking", "values come of types that callers do not handle"),
)
_NARROWED: Final = Row(
    Ruling("breaking", "values that callers give are of types that are not taken any more"),
    Ruling("safe", "every value is of a type that callers handle"),
)
_CHANGED: Final = Row(
    Ruling("breaking", "values that callers give are of another type"),
    Ruling("breaking", "callers get values of another type"),
)
_REQUIRED: Final = Row(
    Ruling("breaking", "code that leaves it out fails"), Ruling("safe", "it is always there; callers cope with that")
)
_OPTIONAL: Final = Row(
    Ruling("safe", "code that gives it works as before"), Ruling("breaking", "code that relies on it finds it unset")
)
_TYPED: Final = {"widened": _WIDENED, "narrowed": _NARROWED, "changed": _CHANGED}

_NAMED: Final = (
    *("export", "credential", "server", "resource", "method", "parameter", "class", "attribute", "enum"),
    *("member", "alias", "event"),
)
"""What can come, go, and get another name."""
_IN_MODULES: Final = ("resource", "class", "enum", "alias", "event", "method")

PYTHON_TABLE: Final[Mapping[tuple[str, str], Row]] = {
    **{(kind, "added"): _ADDED for kind in _NAMED},
    **{(kind, "removed"): _REMOVED for kind in _NAMED},
    **{(kind, "renamed"): _RENAMED for kind in (*_NAMED, "package", "client") if kind != "export"},
    **{(kind, "moved"): _MOVED for kind in _IN_MODULES},
    **{(kind, action): row for kind in ("parameter", "result", "attribute", "alias") for action, row in _TYPED.items()},
    ("parameter", "added as required"): _both(Ruling("breaking", "code that does not know it fails")),
    ("attribute", "added as required"): Row(
        Ruling("breaking", "code that makes one without it fails"), Ruling("safe", "no code uses it yet")
    ),
    **{(kind, "required"): _REQUIRED for kind in ("parameter", "attribute")},
    **{(kind, "optional"): _OPTIONAL for kind in ("parameter", "attribute")},
    **{
        (kind, "default changed"): _both(Ruling("breaking", "code that leaves it out means something else"))
        for kind in ("parameter", "attribute")
    },
    ("credential", "default changed"): _both(Ruling("breaking", "the old environment variable is not read any more")),
    ("result", "delivery changed"): _both(Ruling("breaking", "what a call returns is walked over otherwise")),
    ("enum", "base changed"): _both(Ruling("breaking", "members are values of another type")),
    ("member", "value changed"): _both(Ruling("breaking", "the same name stands for another value")),
    ("exception", "added"): _both(Ruling("risky", "callers may not handle it")),
    ("exception", "removed"): _both(Ruling("safe", "code that handles it is not needed any more")),
}


def python_ruling(fact: Fact) -> Ruling:
    """Return the verdict on a fact about a client, with its reason."""
    return PYTHON_TABLE[fact.kind, fact.action].ruling(fact.direction)
