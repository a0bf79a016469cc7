"""Document -> Document: only the operations that the user chooses, and what they need."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from attrest import nodes, pathitems, pointers, usage
from attrest.diagnostics import Finding
from attrest.document import Document
from attrest.edits import Edits
from attrest.ledger import Entry, ignored
from attrest.objects import NOT_IN_NAMES, SECTIONS, Kind, walk
from attrest.settings import Choice


def select(document: Document, include: Choice, exclude: Choice) -> Document:
    """Return a description with only the operations and webhooks that are chosen, and the components that they need.

    Args:
        document: The description, every reference of which leads somewhere.
        include: The operations to keep; all, where it names none.
        exclude: The operations to leave out, even if they are included.

    Returns:
        The description, with an entry for whatever is left out, and a warning about each rule that names nothing.
    """
    if not (include or exclude):
        return document
    rules = (*_rules("include", include), *_rules("exclude", exclude))
    selection = _Selection(document, rules)
    selection.choose()
    selection.rescue()
    selection.leave_out()
    return attrs.evolve(
        document,
        tree=selection.edits.tree,
        findings=(*document.findings, *_unused(document, rules, selection.used)),
        entries=(*document.entries, *selection.entries),
    )


@attrs.frozen
class _Rule:
    """One rule that the user wrote."""

    section: str
    """``include`` or ``exclude``."""
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.section}.{self.name} {json.dumps(self.text, ensure_ascii=False)}"


@attrs.frozen
class _Operation:
    """An operation of a path or a webhook, as rules see it."""

    item: str
    """The pointer of its path item, which several paths may share."""
    holder: pointers.Tokens
    """Where its path, or its webhook, stands."""
    key: pointers.Tokens
    """Where it stands in its path item."""
    method: str
    path: str
    node: Mapping[str, Any]


def _rules(section: str, choice: Choice) -> Iterator[_Rule]:
    for field in attrs.fields(Choice):
        for text in getattr(choice, field.name):
            yield _Rule(section, field.name, text)


def _unused(document: Document, rules: Iterable[_Rule], used: set[_Rule]) -> Iterator[Finding]:
    for rule in rules:
        if rule not in used:
            message = f"{rule} of [tool.attrest] names no operation of this description"
            yield document.finding("warning", "unused-rule", message, "")


def _names(rule: _Rule, operation: _Operation) -> bool:
    """Tell whether a rule names an operation."""
    match rule.name:
        case "tags":
            return rule.text in nodes.sequence(operation.node.get("tags"))
        case "paths":
            return _fits(rule.text, operation.path)
        case _:
            method, space, path = rule.text.partition(" ")
            if space:
                return method.upper() == operation.method.upper() and _fits(path.strip(), operation.path)
            return _fits(rule.text, str(operation.node.get("operationId", "")))


def _fits(pattern: str, text: str) -> bool:
    """Tell whether a pattern describes a whole text: ``*`` is any text without a slash, ``**`` any text."""
    wild = {"**": ".*", "*": "[^/]*"}
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.fullmatch("".join(wild.get(part, re.escape(part)) for part in parts), text, re.DOTALL) is not None


def _operations(tree: Any) -> Iterator[_Operation]:
    """List the operations of all paths and webhooks."""
    for section in ("paths", "webhooks"):
        for path in nodes.mapping(tree.get(section)):
            if section == "paths" and path.startswith("x-"):
                continue
            holder = (section, path)
            item, node = nodes.follow(tree, pointers.join(holder))
            for method, own, operation in pathitems.operations(item, node):
                yield _Operation(item, holder, pointers.split(own.removeprefix(item)), method, path, operation)


class _Selection:
    """What is left of a description, and what is not."""

    def __init__(self, document: Document, rules: tuple[_Rule, ...]) -> None:
        self.edits = Edits(document.tree, document.positions)
        self.entries: list[Entry] = []
        self.used: set[_Rule] = set()
        self._rules = rules
        self._whole = document.tree
        self._said = document.entries

    def choose(self) -> None:
        """Leave out the operations that are not chosen, and the paths and webhooks that hold no other."""
        operations = [(operation, self._reason(operation)) for operation in _operations(self._whole)]
        changed = {pointers.join(operation.holder) for operation, reason in operations if reason}
        for holder in dict.fromkeys(operation.holder for operation, _ in operations):
            held = [(operation, reason) for operation, reason in operations if operation.holder == holder]
            left_out = [(operation, reason) for operation, reason in held if reason]
            item = held[0][0].item
            if len(left_out) == len(held):
                self.edits.remove(holder)
                self.entries.append(ignored(pointers.join(holder), left_out[0][1]))
            elif item != pointers.join(holder) and (left_out or item in changed):
                self._copy(item, holder)
            for operation, reason in left_out:
                if len(left_out) < len(held):
                    self.edits.remove(holder + operation.key)
                self.entries.append(ignored(pointers.join(holder + operation.key), reason))

    def _reason(self, operation: _Operation) -> str:
        """Say why an operation is left out; empty where it is not."""
        naming = [rule for rule in self._rules if _names(rule, operation)]
        self.used.update(naming)
        excluding = [rule for rule in naming if rule.section == "exclude"]
        if excluding:
            return str(excluding[0])
        including = [rule for rule in self._rules if rule.section == "include"]
        is_included = not including or any(rule in naming for rule in including)
        return "" if is_included else f"not {_listed(including)}"

    def rescue(self) -> None:
        """Move what is left out, and yet referred to from elsewhere, to the components."""
        while lost := self._lost():
            homes = {target: self._home(target, kind) for target, kind in lost.items()}
            for target, home in homes.items():
                self._copy(target, home)
            for placed in list(walk(self.edits.tree)):
                target = usage.target(placed.node)
                if target in homes:
                    reference = pointers.as_fragment(pointers.join(homes[target]))
                    self.edits.put((*pointers.split(placed.pointer), "$ref"), reference)

    def _copy(self, source: str, place: pointers.Tokens) -> None:
        """Put a part of the description in a second place, with what is said of it."""
        self.edits.put(place, self.edits.copy(nodes.find(self._whole, source)))
        inside = (entry for entry in self._said if f"{entry.pointer}/".startswith(f"{source}/"))
        at = pointers.join(place)
        self.entries += (attrs.evolve(entry, pointer=at + entry.pointer.removeprefix(source)) for entry in inside)

    def _lost(self) -> dict[str, Kind]:
        """List the pointers that references lead to and that are not in the tree any more, with what is there."""
        tree = self.edits.tree
        targets: dict[str, Kind] = {
            target: placed.kind for placed in walk(tree) if (target := usage.target(placed.node))
        }
        return {target: kind for target, kind in targets.items() if nodes.find(tree, target) is pointers.MISSING}

    def _home(self, target: str, kind: Kind) -> pointers.Tokens:
        section = SECTIONS[kind]
        taken = nodes.mapping(nodes.find(self.edits.tree, f"/components/{section}"))
        name = NOT_IN_NAMES.sub("_", "_".join(pointers.split(target)[1:])).strip("_")
        while name in taken:
            name += "_"
        return "components", section, name

    def leave_out(self) -> None:
        """Leave out the components that nothing that is left needs."""
        reason = f"nothing that is generated needs it: {_listed(self._rules)}"
        needed = usage.needed(self.edits.tree)
        for section in SECTIONS.values():
            for name in list(nodes.mapping(nodes.find(self.edits.tree, f"/components/{section}"))):
                place = ("components", section, name)
                if place not in needed:
                    self.edits.remove(place)
                    self.entries.append(ignored(pointers.join(place), reason))


def _listed(rules: Iterable[_Rule]) -> str:
    return ", ".join(map(str, rules))
