"""Overlays: changes to a description that stand in files of their own (OpenAPI Overlay 1.0.0).

They are applied to the root file, one after the other, before what it refers to is gathered: a target selects among
what stands in that file, and a reference that an overlay brings starts from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrest import pointers
from attrest.diagnostics import Finding, LoadError, Severity, in_order
from attrest.document import finding_at
from attrest.positions import Place, Positions
from attrest.reading.files import File, Files
from attrest.trees import is_list, is_mapping

_SUPPORTED: Final = re.compile(r"1\.[01](\..*)?")
_FIELDS: Final = frozenset({"target", "description", "update", "remove"})

Location: TypeAlias = tuple[int | str, ...]
"""Where a selected node stands in the tree."""


def apply(files: Files, root: File, paths: Iterable[Path]) -> tuple[tuple[File, ...], tuple[Finding, ...]]:
    """Apply overlays to the root file, whose tree is changed.

    Args:
        files: Where to read from.
        root: The root file.
        paths: The overlays, in the order in which they are applied.

    Returns:
        The overlays, and the warnings about them.

    Raises:
        LoadError: One cannot be read, or is not what the standard asks for.
    """
    overlays: list[File] = []
    findings: list[Finding] = []
    for path in paths:
        overlay = files.overlay(path)
        if overlay is None:
            raise LoadError(in_order(files.findings))
        overlays.append(overlay)
        applied = _Overlay(overlay, root, files.positions)
        applied.apply()
        findings += applied.findings
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise LoadError(in_order(errors))
    return tuple(overlays), tuple(findings)


class _Overlay:
    """One overlay, as it is applied."""

    def __init__(self, file: File, root: File, positions: Positions) -> None:
        self.findings: list[Finding] = []
        self._file = file
        self._root = root
        self._positions = positions

    def apply(self) -> None:
        for action in self._actions():
            target = action["target"]
            locations = self._selected(action, target)
            if locations is None:
                continue
            if not locations:
                self._say("warning", f"{target} selects nothing", action, "target")
            elif action.get("remove") is True:
                self._remove(action, locations)
            elif "update" in action:
                self._update(action, locations)
            else:
                self._say("error", "the action neither updates nor removes anything", action, "target")

    def _actions(self) -> Iterator[dict[str, Any]]:
        """List the actions that are as the standard has them."""
        data = self._file.data
        if not is_mapping(data):
            self._say("error", "an overlay is a mapping")
            return
        if not _SUPPORTED.fullmatch(str(data.get("overlay"))):
            self._say("error", "an overlay says its version, such as overlay: 1.0.0", data, "overlay")
            return
        actions = data.get("actions")
        if not is_list(actions) or not actions:
            self._say("error", "an overlay has a list of actions", data, "actions")
            return
        for index, action in enumerate(actions):
            if not is_mapping(action) or not isinstance(action.get("target"), str):
                self._say("error", "an action is a mapping with a target", actions, index)
                continue
            unknown = [name for name in action if name not in _FIELDS and not name.startswith("x-")]
            for name in unknown:
                self._say("error", f"{name!r} is not a field of an action", action, name)
            if not unknown:
                yield action

    def _selected(self, action: dict[str, Any], target: str) -> list[Location] | None:
        """Return where the nodes stand that a target selects; None, and a finding, where it cannot be read."""
        from jsonpath_rfc9535 import JSONPathError, find

        try:
            return list(dict.fromkeys(node.location for node in find(target, self._root.data)))
        except JSONPathError as error:
            self._say("error", f"{target} is no JSONPath: {str(error).partition(', line ')[0]}", action, "target")
            return None

    def _remove(self, action: dict[str, Any], locations: list[Location]) -> None:
        for location in sorted(locations, reverse=True):  # what is inside goes first, and of a list what is behind
            if not location:
                self._say("error", "the whole description cannot be removed", action, "target")
                continue
            holder = self._node(location[:-1])
            if is_list(holder):
                self._positions.remove(holder, int(location[-1]))
            else:
                del holder[location[-1]]

    def _update(self, action: dict[str, Any], locations: list[Location]) -> None:
        place = self._positions.find(action, "update") or Place(self._file.source, 0)
        update = action["update"]
        for location in locations:
            node = self._node(location)
            if is_list(node):
                self._append(node, update, place)
            elif is_mapping(node) and is_mapping(update):
                self._merge(node, update)
            else:
                kind = "an object, which an object updates" if is_mapping(node) else "neither an object nor a list"
                self._say("error", f"{action['target']} selects {kind}", action, "update")

    def _merge(self, node: dict[str, Any], update: dict[str, Any]) -> None:
        for key, value in update.items():
            there = node.get(key)
            place = self._positions.find(update, key) or Place(self._file.source, 0)
            if is_mapping(there) and is_mapping(value):
                self._merge(there, value)
            elif is_list(there) and is_list(value):
                self._append(there, value, place)
            else:
                node[key] = self._positions.copy(value)
                self._positions.move(node, key, place)

    def _append(self, items: list[Any], update: Any, place: Place) -> None:
        """Put an entry, or each one of a list, at the end of a list."""
        for index, item in enumerate(update if is_list(update) else [update]):
            found = self._positions.find(update, index) if is_list(update) else None
            items.append(self._positions.copy(item))
            self._positions.move(items, len(items) - 1, found or place)

    def _node(self, location: Location) -> Any:
        return pointers.resolve(self._root.data, map(str, location))

    def _say(self, severity: Severity, message: str, container: Any = None, key: str | int = "") -> None:
        place = self._positions.find(container, key) or Place(self._file.source, 0)
        self.findings.append(finding_at(place, severity, "overlay", message))
