"""What a comparison finds: changes, each one fact at one place of the description, and the verdicts on them."""

from __future__ import annotations

import json
from typing import Any, Final, Literal, TypeAlias

import attrs

from attrest.ir import ABSENT, Absent

Direction: TypeAlias = Literal["request", "response"]
"""``request`` is what callers send, ``response`` what they receive: the request of a webhook is a response here."""

Verdict: TypeAlias = Literal["breaking", "risky", "safe"]
VERDICTS: Final[tuple[Verdict, ...]] = ("breaking", "risky", "safe")
"""From the worst to the best."""

Area: TypeAlias = Literal[
    "document",
    "tag",
    "server",
    "security",
    "security scheme",
    "operation",
    "parameter",
    "header",
    "body",
    "media type",
    "response",
    "link",
    "schema",
    "component",
    "python",
]
"""What a change is in; ``document`` is the description as a whole, ``component`` what nothing uses, ``python`` the
client that is generated."""
DEPRECATABLE: Final[tuple[Area, ...]] = ("operation", "parameter", "header", "schema", "security scheme")
"""Where ``deprecated`` and ``x-sunset`` announce an end."""


def opposite(direction: Direction) -> Direction:
    """Return the other direction."""
    return "response" if direction == "request" else "request"


@attrs.frozen
class Place:
    """Where callers meet a change."""

    operation: str
    """Such as ``GET /pets`` or ``webhook newPet``; empty for what holds for all."""
    steps: tuple[str, ...] = ()
    """The way from there, such as response 200, body, items[], name."""

    def __str__(self) -> str:
        return " → ".join(filter(None, (self.operation, *self.steps)))

    def then(self, *steps: str) -> Place:
        """Return a place inside this one; ``[]`` and the like are written right behind what they are of."""
        joined = list(self.steps)
        for step in steps:
            if step.startswith(("[", "{")) and joined:
                joined[-1] += step
            else:
                joined.append(step)
        return Place(self.operation, tuple(joined))


def _compared(fact: Fact) -> str:
    return json.dumps([_told(fact.before), _told(fact.after)], sort_keys=True, default=str)


@attrs.frozen(kw_only=True)
class Fact:
    """One difference, whatever it means."""

    old: str | None
    """Where it was, as a JSON pointer into the old bundle; None where there was nothing."""
    new: str | None
    """Where it is, in the new one; None where there is nothing any more."""
    direction: Direction
    area: Area
    kind: str
    """What differs, such as ``maximum`` or ``existence``."""
    action: str
    """How it differs, such as ``lowered``."""
    subject: str = ""
    """What it is about, where the place does not say: the name of a property, a status, a media type."""
    before: Any | Absent = attrs.field(default=ABSENT, eq=False)
    after: Any | Absent = attrs.field(default=ABSENT, eq=False)
    values: str = attrs.field(init=False, repr=False, default=attrs.Factory(_compared, takes_self=True))
    """What stands for both values where facts are compared."""

    @property
    def rule(self) -> str:
        """The name of the rule that judges it, the same in both directions: ``schema.maximum.lowered``."""
        return ".".join(part.replace(" ", "-") for part in (self.area, self.kind, self.action))

    @property
    def is_documentation(self) -> bool:
        """Whether only what people read about it differs."""
        return self.kind == DOCUMENTATION

    @property
    def is_remark(self) -> bool:
        """Whether it is the same with every value: documentation, or that an end is announced."""
        return self.is_documentation or self.kind in {"deprecation", "sunset"}


DOCUMENTATION: Final = "documentation"


@attrs.frozen(kw_only=True)
class Change:
    """A fact, everywhere that callers meet it, and what it means for them."""

    fact: Fact
    places: tuple[Place, ...]
    """At least one, each operation once, in the order of the description."""
    verdict: Verdict
    reason: str


def _told(value: Any | Absent) -> Any:
    return None if isinstance(value, Absent) else [value]
