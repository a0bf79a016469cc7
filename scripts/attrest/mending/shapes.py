"""Objects and fields of another shape than the standard gives them (OpenAPI 3.1 §4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrest import nodes, pointers
from attrest.mending.draft import Draft
from attrest.objects import METHODS, Kind, Placed, reference_of, slots
from attrest.trees import is_list, is_mapping

_LEFT_ALONE: Final = frozenset[Kind]({"data", "discriminator", "schema", "xml"})
"""The kinds that are put right where schemas are."""
_EXAMPLES: Final = "examples"
"""The field that people write as a list as well, and that is read as one."""


def settle(draft: Draft) -> None:
    """Put something empty in the place of what has another shape, and so cannot be read."""
    gone: tuple[str, ...] = ()
    for placed in draft.objects:
        if placed.kind in _LEFT_ALONE or placed.pointer.startswith(gone):
            continue
        if not is_mapping(placed.node):
            if placed.kind == "operation":
                continue  # which nothing can stand in for, as is said when it is its turn
            _settle_object(draft, placed)
            continue
        if "$ref" in placed.node and reference_of(placed.node) is None:
            draft.remove(f"{placed.pointer}/$ref", "a reference is a text: it is left out")
        gone += tuple(_settle_fields(draft, placed))
        match placed.kind:
            case "operation":
                _settle_tags(draft, placed)
            case "path item":
                _settle_methods(draft, placed)
            case "tag":
                _settle_name(draft, placed)
            case "parameter" | "header" | "request body":
                _settle_required(draft, placed)
            case _:
                pass


def _settle_object(draft: Draft, placed: Placed) -> None:
    draft.put(placed.pointer, {})
    if placed.node is not None:
        note = draft.lose if placed.kind == "path item" else draft.note
        note(placed.pointer, f"the {placed.kind} is not an object: it is left out")


def _loss(value: object, reason: str) -> str | None:
    """Return the reason, unless nothing was written."""
    return None if value is None else reason


def _settle_fields(draft: Draft, placed: Placed) -> Iterator[str]:
    """Settle lists and maps; returns how the pointers begin of what stood in those that made way."""
    for key, slot in slots(placed.kind, placed.node):
        value = placed.node[key]
        if key == _EXAMPLES or reference_of(value) is not None or (slot.shape == "one" and not is_list(value)):
            continue  # one object is looked at when it is its turn; of a list instead, that would be its items
        is_left_alone = slot.kind in _LEFT_ALONE and slot.shape == "one"
        if not is_left_alone and not (is_list(value) if slot.shape == "list" else is_mapping(value)):
            wanted = "a list" if slot.shape == "list" else "an object"
            pointer = placed.pointer + pointers.join((key,))
            draft.put(pointer, empty(slot.shape), _loss(value, f"it is not {wanted}: it is left out"))
            yield f"{pointer}/"


def _settle_tags(draft: Draft, placed: Placed) -> None:
    written = placed.node.get("tags", [])
    tags = [tag if isinstance(tag, str) else str(tag) for tag in (written if is_list(written) else [written])]
    if tags != written:
        draft.put(f"{placed.pointer}/tags", [] if written is None else tags)


def _settle_name(draft: Draft, placed: Placed) -> None:
    name = placed.node.get("name", "")
    if isinstance(name, int | float):
        draft.put(f"{placed.pointer}/name", str(name))
    elif not isinstance(name, str):
        draft.remove(f"{placed.pointer}/name", "a name is a text: it is left out")


def _settle_required(draft: Draft, placed: Placed) -> None:
    if not isinstance(required := placed.node.get("required", False), bool):
        draft.put(f"{placed.pointer}/required", str(required).lower() in {"true", "yes", "1"})


def _settle_methods(draft: Draft, placed: Placed) -> None:
    """Move the operations with a method of the standard's from where others belong (OpenAPI 3.2 §4.9)."""
    for method in nodes.mapping(placed.node.get("additionalOperations")):
        if method.lower() in METHODS:
            pointer = placed.pointer + pointers.join(("additionalOperations", method))
            if method.lower() in placed.node:
                draft.remove(pointer)
                draft.lose(pointer, f"there is another {method.upper()}")
            else:
                draft.put(f"{placed.pointer}/{method.lower()}", nodes.find(draft.tree, pointer))
                draft.remove(pointer, f"it is generated as the field {method.lower()} of the path item")


def empty(shape: str) -> Any:
    """Return what holds nothing."""
    return [] if shape == "list" else {}
