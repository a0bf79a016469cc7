"""A description while it is put right."""

from __future__ import annotations

from typing import Any

from attrest import pointers
from attrest.document import Document
from attrest.edits import Edits
from attrest.ledger import Entry, degraded, lost
from attrest.objects import Placed, referable, walk


class Draft:
    """A copy of a description's tree, and what was lost on the way."""

    def __init__(self, document: Document) -> None:
        """Start from a description."""
        self.version = document.version
        self.entries: dict[Entry, None] = dict.fromkeys(document.entries)
        self.referable = referable(document.version)
        """The kinds of objects that may be references."""
        self._edits = Edits(document.tree, document.positions)
        self._objects: tuple[Placed, ...] | None = None

    @property
    def tree(self) -> dict[str, Any]:
        """The tree as it is now."""
        return self._edits.tree

    @property
    def objects(self) -> tuple[Placed, ...]:
        """All objects of the tree as it is now."""
        if self._objects is None:
            self._objects = tuple(walk(self.tree))
        return self._objects

    def put(self, pointer: str, node: Any, reason: str | None = None) -> None:
        """Put a node where a pointer leads, and say what that loses, if anything."""
        self._objects = None
        self._edits.put(pointers.split(pointer), node)
        if reason is not None:
            self.note(pointer, reason)

    def remove(self, pointer: str, reason: str | None = None) -> None:
        """Take a key of a mapping away, and say what that loses, if anything."""
        self._objects = None
        self._edits.remove(pointers.split(pointer))
        if reason is not None:
            self.note(pointer, reason)

    def note(self, pointer: str, reason: str) -> None:
        """Say what a part of the description does not say any more."""
        self.entries[degraded(pointer, reason)] = None

    def lose(self, pointer: str, reason: str) -> None:
        """Say that nothing will be generated of a part of the description."""
        self.entries[lost(pointer, reason)] = None

    def copy(self, node: Any) -> Any:
        """Copy a node, to put it in a second place."""
        return self._edits.copy(node)
