"""What the parser makes of schemas: which are classes, and how it merges those that are composed."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class GraphField:
    """A property of a class."""

    pointer: str | None
    """The schema that describes it; None where the parser made it up."""
    required: bool


@attrs.frozen(kw_only=True)
class GraphClass:
    """A schema that is a class."""

    key: str
    """What the parser calls it: no two classes alike."""
    pointer: str
    """The schema; classes that it is merged into stand at the same one."""
    is_copy: bool
    """Whether the schema is there once more, where something is composed of it."""
    bases: tuple[str, ...]
    """The keys of the classes that it extends."""
    fields: Mapping[str, GraphField]
    """Its own fields, by wire name."""


@attrs.frozen(kw_only=True)
class GraphUnion:
    """A schema that comes to one of several classes."""

    members: tuple[str, ...]
    """The keys of the classes."""
    is_open: bool
    """Whether something else than a class is among the members."""


@attrs.frozen(kw_only=True)
class Graph:
    """The classes and unions of a description's schemas."""

    classes: Mapping[str, GraphClass]
    """By their keys."""
    unions: Mapping[str, GraphUnion]
    """By the pointers of their schemas."""

    def fields(self, key: str) -> dict[str, GraphField]:
        """Return all fields of a class, those of what it extends among them; the nearest one counts."""
        found: dict[str, GraphField] = {}
        for base in self.classes[key].bases:
            found |= self.fields(base)
        return found | dict(self.classes[key].fields)
