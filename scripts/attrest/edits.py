"""Changes to a tree that leave the tree itself as it is."""

from __future__ import annotations

from typing import Any

from attrest import pointers
from attrest.positions import Positions
from attrest.trees import is_list, is_mapping


class Edits:
    """A tree that shares all containers with the original but those on the way to a change."""

    def __init__(self, tree: dict[str, Any], positions: Positions) -> None:
        """Start from a tree, whose copied containers keep their places."""
        self.tree = tree
        self._positions = positions
        self._own: set[int] = set()

    def put(self, tokens: pointers.Tokens, node: Any) -> None:
        """Put a node where a pointer leads; mappings that are missing on the way are made."""
        holder = self._holder(tokens)
        holder[int(tokens[-1]) if is_list(holder) else tokens[-1]] = node

    def remove(self, tokens: pointers.Tokens) -> None:
        """Take the key of a mapping that a pointer leads to away."""
        del self._holder(tokens)[tokens[-1]]

    def copy(self, node: Any) -> Any:
        """Copy a node, to put it in a second place."""
        copied = self._positions.copy(node)
        self._positions.keep(copied)
        return copied

    def _holder(self, tokens: pointers.Tokens) -> Any:
        self.tree = self._owned(self.tree)
        holder: Any = self.tree
        for token in tokens[:-1]:
            key: Any = int(token) if is_list(holder) else token
            holder[key] = self._owned(holder.get(key, {}) if is_mapping(holder) else holder[key])
            holder = holder[key]
        return holder

    def _owned(self, container: Any) -> Any:
        if id(container) in self._own or not (is_mapping(container) or is_list(container)):
            return container
        copied = self._positions.copy_container(container)
        self._positions.keep(copied)
        self._own.add(id(copied))
        return copied
