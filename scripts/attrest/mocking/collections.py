"""Recognises collections in a description. All of it is guesswork by what APIs commonly do, and stands here alone.

- A path is a collection where POST makes items and at least one other operation lists, reads, changes or removes them.
- An item is an object with a key: the property that the path of single items names (``/pets/{name}``), or ``id``, or
  another usual name.
- An answer shows items as its whole, or in the array or object that holds them: ``{"data": [...], "next": "..."}``.
- ``/pets/{petId}`` is a single item of ``/pets``. Where there is none, a parameter ``ids`` or ``petIds`` says which.
- The list is GET of the collection itself, or else of one path below it that shows the like: ``/pets/stream``.
- A field of an item has the name of a parameter or of a property of the body: ``ownerId`` stands for ``ownerId`` or for
  ``owner.id``, and ``ownerIds`` for several values of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import attrs

from attrest import nodes, pathtemplates, pointers
from attrest.contentforms import form_of
from attrest.mocking.adapting import Node
from attrest.mocking.operations import Operation
from attrest.mocking.responses import Response
from attrest.mocking.schemata import Schemata

Action: TypeAlias = Literal["list", "create", "read", "change", "replace", "remove"]
Source: TypeAlias = tuple[str, str]
"""The place and the name of what says something: of a parameter, or ``body`` and the name of a property."""

_KEYS: Final = ("id", "uuid", "key", "name", "slug", "code")
_ITEM_ACTIONS: Final[Mapping[str, Action]] = {
    "GET": "read",
    "PUT": "replace",
    "PATCH": "change",
    "POST": "change",
    "DELETE": "remove",
}
_COLLECTION_ACTIONS: Final[Mapping[str, Action]] = {"PATCH": "change", "PUT": "replace", "DELETE": "remove"}


@attrs.frozen(eq=False)
class Shown:
    """How an answer shows items."""

    response: Response
    content_type: str
    schema: str
    """The pointer of its schema."""
    path: pointers.Tokens
    """Where in it they are."""
    is_many: bool
    item: Node
    """The schema of one item."""


@attrs.frozen(eq=False)
class Role:
    """What an operation does with the items of a collection."""

    action: Action
    operation: Operation
    shown: Shown | None
    """None where its answer does not show any."""
    selected_by: Source | None
    """What says which items; None where it is about all, or about new ones."""


@attrs.frozen(eq=False)
class Collection:
    """A collection."""

    path: str
    scope: tuple[str, ...]
    """The path parameters that each have items of their own: ``ownerId`` of ``/owners/{ownerId}/pets``."""
    key: str
    """The property that tells items apart."""
    fields: Mapping[str, pointers.Tokens]
    """Where in an item the field of a normalised name is."""
    roles: tuple[Role, ...]

    def field(self, name: str) -> pointers.Tokens | None:
        """Return where the field is that a name stands for."""
        return self.fields.get(normalised(name))

    def field_of_several(self, name: str) -> pointers.Tokens | None:
        """Return where the field is of which a name in the plural stands for several values."""
        return self.fields.get(normalised(name).removesuffix("s"))

    def role(self, action: Action) -> Role | None:
        """Return the first operation that does something."""
        return next((role for role in self.roles if role.action == action), None)


def recognised(operations: Sequence[Operation], answers: Schemata) -> Iterator[Collection]:
    """Return the collections of a description.

    Args:
        operations: All of its operations.
        answers: The schemas, as answers see them.
    """
    for creating in operations:
        path = creating.path
        if creating.method == "POST" and not pathtemplates.NAME.fullmatch(path.rpartition("/")[2]):
            collection = _collection(creating, operations, answers)
            if collection is not None:
                yield collection


def normalised(name: str) -> str:
    """Return a name without what spellings differ in: ``page_size``, ``pageSize`` and ``page-size`` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def leaves(answers: Schemata, schema: object) -> dict[str, pointers.Tokens]:
    """Return where the fields of an object are, and those of the objects directly in it, by normalised name."""
    properties = answers.properties(schema)
    found: dict[str, pointers.Tokens] = {normalised(name): (name,) for name in properties}
    for name, node in properties.items():
        for inner in answers.properties(node) if "object" in answers.types(node) else ():
            found.setdefault(normalised(name + inner), (name, inner))
    return found


def _collection(creating: Operation, operations: Sequence[Operation], answers: Schemata) -> Collection | None:
    path = creating.path
    of_items = [(each, name) for each in operations if (name := _name_of_item(path, each.path)) is not None]
    key_names = _key_names([name for _, name in of_items])
    roles = [Role("create", creating, _shown(creating, answers, key_names), None)]
    roles += [
        Role(_ITEM_ACTIONS[each.method], each, _shown(each, answers, key_names), ("path", name))
        for each, name in of_items
        if each.method in _ITEM_ACTIONS
    ]
    roles += _lists(path, operations, answers, key_names)
    shown = next((role.shown.item for role in roles if role.shown is not None), None)
    if shown is None:
        return None
    key = next(name for name in key_names if _is_key(answers, shown, name))
    roles += _of_several(path, operations, answers, key, key_names)
    if len(roles) == 1:
        return None
    items = [role.shown.item for role in roles if role.shown is not None]
    fields = {name: at for item in reversed(items) for name, at in leaves(answers, item).items()}
    return Collection(path, tuple(pathtemplates.NAME.findall(path)), key, fields, tuple(roles))


def _name_of_item(collection: str, path: str) -> str | None:
    """Return the parameter that names an item in the path of single items; None for any other path."""
    parent, _, last = path.rpartition("/")
    whole = pathtemplates.NAME.fullmatch(last)
    return whole[1] if whole is not None and parent == collection else None


def _key_names(of_path: Iterable[str]) -> tuple[str, ...]:
    named = [name for name in of_path if normalised(name) != "id"]
    return tuple(dict.fromkeys((*named, *_KEYS)))


def _is_key(answers: Schemata, item: Node, name: str) -> bool:
    node = answers.properties(item).get(name)
    return node is not None and answers.types(node) <= {"string", "integer", "null"}


def _lists(path: str, operations: Sequence[Operation], answers: Schemata, key_names: tuple[str, ...]) -> Iterator[Role]:
    """Return the operation that lists a collection, if there is one."""
    reading = [each for each in operations if each.method == "GET"]
    below = [each for each in reading if each.path.rpartition("/")[0] == path and "{" not in each.path[len(path) :]]
    for each in (*(each for each in reading if each.path == path), *below):
        shown = _shown(each, answers, key_names)
        if shown is not None and shown.is_many:
            yield Role("list", each, shown, None)
            return


def _of_several(
    path: str, operations: Sequence[Operation], answers: Schemata, key: str, key_names: tuple[str, ...]
) -> Iterator[Role]:
    """Return the operations of the collection's own path that say by a parameter, or in the body, which items."""
    singular = normalised(path.rpartition("/")[2]).removesuffix("s")
    names = {normalised(key), f"{singular}{normalised(key)}"}
    for each in operations:
        if each.path != path or each.method not in _COLLECTION_ACTIONS:
            continue
        parameters = ((one.location, one.name) for one in each.reader.parameters if one.location != "path")
        source = next((one for one in parameters if normalised(one[1]).removesuffix("s") in names), None)
        if source is not None or each.body is not None:
            action = _COLLECTION_ACTIONS[each.method]
            yield Role(action, each, _shown(each, answers, key_names), source or ("body", key))


def _shown(operation: Operation, answers: Schemata, key_names: tuple[str, ...]) -> Shown | None:
    """Return how the answer of an operation shows items; None where it shows none."""
    _, response = operation.responses.success()
    content_type = next((each for each in response.media if form_of(each) == "json"), None) if response else None
    if response is None or content_type is None:
        return None
    schema = f"{response.media[content_type]}/schema"
    told = nodes.mapping(operation.node.get("x-pagination")).get("items")
    for path, is_many, item in _candidates(answers, answers.at(schema), told):
        if any(_is_key(answers, item, name) for name in key_names):
            return Shown(response, content_type, schema, path, is_many, item)
    return None


def _candidates(answers: Schemata, schema: Node, told: Any) -> Iterator[tuple[pointers.Tokens, bool, Node]]:
    """Return where items may be in an answer: where the description says, else the whole of it, else inside."""
    if isinstance(told, str):
        node = schema
        for token in pointers.split(told):
            node = answers.property(node, token)
        yield pointers.split(told), True, answers.items(node)
        return
    if "array" in answers.types(schema):
        yield (), True, answers.items(schema)
        return
    yield (), False, schema
    properties = answers.properties(schema)
    for name, node in properties.items():
        if "array" in answers.types(node):
            yield (name,), True, answers.items(node)
    for name, node in properties.items():
        if answers.types(node) <= {"object", "null"}:
            yield (name,), False, node
