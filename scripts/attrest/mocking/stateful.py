"""Keeps the items of collections: what was made is listed, read, changed and removed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from attrest import nodes, pointers
from attrest.ir import Absent
from attrest.mocking import paging
from attrest.mocking.collections import Collection, Role, Shown, normalised, recognised
from attrest.mocking.keys import Keys
from attrest.mocking.operations import Operation
from attrest.mocking.parameters import Values
from attrest.mocking.responses import NoValueError
from attrest.mocking.schemata import Schemata
from attrest.schemanodes import type_of
from attrest.trees import is_list, is_mapping

Item: TypeAlias = dict[str, Any]
_Items: TypeAlias = dict[str, Item]
"""By key, as text."""
_SOURCES: Final = ("create", "read", "change", "replace", "list")
"""Whose examples show best what a new item is like."""
_MOST_TRIES: Final = 1000
"""How many numbers in a row may give no new key."""


class UnknownItemError(Exception):
    """There is no item with a key."""


class NoKeyError(Exception):
    """No key is found that a new item could have; the message says for what."""


@attrs.frozen
class Told:
    """What an operation answers."""

    value: Any


class Collections:
    """The collections of a description and what is in them now; at first, what the examples of the lists show."""

    def __init__(self, operations: Sequence[Operation], answers: Schemata) -> None:
        """Recognise the collections."""
        found = {collection: _Kept(collection, answers) for collection in recognised(operations, answers)}
        self._kept = {collection: kept for collection, kept in found.items() if kept.can_make}
        self.all = tuple(self._kept)
        self.remarks = [remark for kept in found.values() for remark in kept.remarks()]
        """What is not kept, or not shown, and why."""
        self._roles = {role.operation: (role, collection) for collection in self.all for role in collection.roles}

    def perform(self, operation: Operation, values: Values, body: Any) -> Told | None:
        """Do with the items what a request asks for.

        Args:
            operation: The operation.
            values: The values of the request's parameters.
            body: That of its body; None where there is none.

        Returns:
            What is answered; None where that has nothing to do with items.

        Raises:
            UnknownItemError: There is no item with a key that the request names.
            NoKeyError: There is no further key for the item that the request makes.
        """
        if operation not in self._roles:
            return None
        role, collection = self._roles[operation]
        kept = self._kept[collection]
        items = kept.items([str(values.get(("path", name))) for name in collection.scope])
        match role.action:
            case "list":
                return kept.listed(role, items, values)
            case "create":
                return kept.shown(role, kept.make(role, items, values, body))
            case "read" | "change" | "replace" | "remove":
                keys = _keys(role, values, body)
                return None if keys is None else kept.shown(role, kept.act(role, items, keys, values, body))


class _Kept:
    """One collection, and what is in it."""

    def __init__(self, collection: Collection, answers: Schemata) -> None:
        self._collection = collection
        self._answers = answers
        self._scopes: dict[tuple[str, ...], _Items] = {}
        self._number = 0
        self._keys = Keys(collection, answers)
        listing = collection.role("list")
        self._paging = paging.Paging(listing, listing.shown, answers) if listing and listing.shown else None

    def items(self, scope: Sequence[str]) -> _Items:
        """Return the items within a scope; those that the example of the list shows, when it is first asked for."""
        if tuple(scope) not in self._scopes:
            listing = self._collection.role("list")
            shown = self._examples(listing) if listing is not None else ()
            self._scopes[tuple(scope)] = {str(item[self._collection.key]): dict(item) for item in shown}
        return self._scopes[tuple(scope)]

    def listed(self, role: Role, items: _Items, values: Values) -> Told | None:
        if role.shown is None or self._paging is None:
            return None
        asked = {name: value for (location, name), value in values.items() if location == "query"}
        found = [item for item in items.values() if self._is_asked_for(item, asked)]
        page = self._paging.page(found, asked)
        return self._told(role.shown, page.items, page.told)

    def _is_asked_for(self, item: Item, asked: Mapping[str, Any]) -> bool:
        """Tell whether an item has what a query asks for, as far as the query names fields of it."""
        for name, value in asked.items():
            if normalised(name) in paging.NAMES or (self._paging is not None and name == self._paging.cursor):
                continue
            path = self._collection.field(name)
            if path is None and is_list(value):
                path = self._collection.field_of_several(name)
            if path is not None and not _is_one_of(_at(item, path), value):
                return False
        return True

    def make(self, role: Role, items: _Items, values: Values, body: Any) -> list[Item]:
        """Make items of what a request says: one, or one for each value of a list that items have one of each."""
        made = [
            item
            for each in (body if is_list(body) else [body])
            for item in self._new(role, _fields(values, each, role.shown), items)
        ]
        for item in made:
            items[str(item[self._collection.key])] = item
        return made

    def _new(self, role: Role, fields: Mapping[str, Any], items: _Items) -> Iterator[Item]:
        item = copy.deepcopy(self._sample)
        several: tuple[pointers.Tokens, Sequence[Any]] | None = None
        for name, value in fields.items():
            path = self._collection.field(name)
            if path is not None:
                _put(item, path, value)
            elif is_list(value) and role.shown is not None and role.shown.is_many and several is None:
                each = self._collection.field_of_several(name)
                several = None if each is None else (each, value)
        has_key = normalised(self._collection.key) in map(normalised, fields)
        for value in several[1] if several is not None else [None]:
            made = copy.deepcopy(item)
            if several is not None:
                _put(made, several[0], value)
            if not has_key:
                made[self._collection.key] = self._new_key(items)
            yield made

    def _new_key(self, items: _Items) -> Any:
        """Return a key that no item has."""
        for _ in range(_MOST_TRIES):
            self._number += 1
            for key in self._keys.candidates(self._number, self._sample.get(self._collection.key)):
                if str(key) not in items and self._is_shown_by_most(key):
                    return key
        raise NoKeyError(f"no further {self._collection.key} is found that an item of {self._collection.path} may have")

    def _is_shown_by_most(self, key: Any) -> bool:
        """Tell whether a key keeps no answer from showing an item that another key would not keep from it too."""
        return self._not_shown_with(key) <= self._never_showing

    def _not_shown_with(self, key: Any) -> frozenset[Role]:
        item = self._sample | {self._collection.key: key}
        showing = (role for role in self._collection.roles if role.shown is not None)
        return frozenset(role for role in showing if self.shown(role, [item]) is None)

    @cached_property
    def _never_showing(self) -> frozenset[Role]:
        """The operations whose answers cannot show a new item, whatever key of those that come to mind it has."""
        keys = self._keys.candidates(1, self._sample.get(self._collection.key))
        return min((self._not_shown_with(key) for key in keys), key=len, default=frozenset(self._collection.roles))

    @cached_property
    def can_make(self) -> bool:
        """Whether there are keys for new items, with which the answer to making one can show it."""
        return not any(role.action == "create" for role in self._never_showing)

    def remarks(self) -> Iterator[str]:
        """Say what does not show items that are made."""
        key, path = self._collection.key, self._collection.path
        if not self.can_make:
            yield f"{path}: items are not kept: none is found with a key, {key}, that fits what is described"
            return
        for role in self._collection.roles:
            if role in self._never_showing:
                yield f"{role.operation.method} {role.operation.path}: what is kept would not be as it describes"

    def act(self, role: Role, items: _Items, keys: Sequence[Any], values: Values, body: Any) -> list[Item]:
        """Read, change, replace or remove the items with some keys: all of them, or none."""
        unknown = [key for key in keys if str(key) not in items]
        if unknown:
            raise UnknownItemError(f"there is no {self._collection.key} {unknown[0]} in {self._collection.path}")
        names = [str(key) for key in dict.fromkeys(map(str, keys))]
        for name in names if role.action in {"change", "replace"} else ():
            items[name] = self._changed(role, items[name], _fields(values, body, role.shown))
        found = [items[name] for name in names]
        for name in names if role.action == "remove" else ():
            del items[name]
        return found

    def _changed(self, role: Role, item: Item, fields: Mapping[str, Any]) -> Item:
        """Return an item with fields changed; one that is replaced keeps of the rest what it cannot be without."""
        needed = self._needed | {self._collection.key}
        kept = item if role.action == "change" else {name: item[name] for name in item if name in needed}
        changed = copy.deepcopy(kept)
        for name, value in fields.items():
            path = self._collection.field(name)
            if path is not None and path != (self._collection.key,):
                _put(changed, path, value)
        return changed

    def shown(self, role: Role, items: Sequence[Item]) -> Told | None:
        """Return an answer that shows items; None where it shows none."""
        if role.shown is None or not (items or role.shown.is_many):
            return None
        return self._told(role.shown, list(items), {})

    def _told(self, shown: Shown, items: list[Item], told: Mapping[pointers.Tokens, Any]) -> Told | None:
        """Return an answer as it is described, with items in it; None where it would not be as described."""
        projected = [self._projected(item, shown) for item in items]
        listing = self._role_of(shown)
        try:
            value = copy.deepcopy(listing.operation.responses.value(shown.response, shown.content_type))
        except NoValueError:
            value = {}
        inside: Any = projected if shown.is_many else projected[0]
        if shown.path:
            _put(value, shown.path, inside)
        else:
            value = inside
        for path, each in told.items():
            if isinstance(each, Absent):
                _remove(value, path)
            else:
                _put(value, path, each)
        return Told(value) if self._answers.fits(shown.schema, value) else None

    def _role_of(self, shown: Shown) -> Role:
        return next(role for role in self._collection.roles if role.shown is shown)

    def _projected(self, item: Item, shown: Shown) -> Item:
        """Return what an answer shows of an item: what its schema describes, and all that it requires."""
        schema = self._answers.flat(shown.item)
        described = self._answers.properties(schema)
        sample, required = self._sample, nodes.texts(schema.get("required"))
        missing = {name: sample[name] for name in required if name in sample}
        hidden = self._answers.not_sent
        found = {
            name: value
            for name, value in {**missing, **item}.items()
            if not described or (name in described and self._answers.flat(described[name]).get(hidden) is not True)
        }
        return {name: found[name] for name in described if name in found} or found

    @cached_property
    def _sample(self) -> Item:
        """What a new item has without being told: what the example of making one shows, and all that is needed."""
        roles = [role for action in _SOURCES if (role := self._collection.role(action)) is not None]
        making = self._examples(roles[0])
        sources = (item for role in roles for item in (*self._examples(role), *self._made_up(role)))
        needed = [{name: item[name] for name in item if name in self._needed} for item in sources]
        sample: Item = {}
        for item in (*making[:1], *needed):
            sample = {**item, **sample}
        return sample

    @cached_property
    def _needed(self) -> set[str]:
        """The fields that some answer requires of an item."""
        shown = [role.shown for role in self._collection.roles if role.shown is not None]
        return {name for each in shown for name in nodes.texts(self._answers.flat(each.item).get("required"))}

    def _examples(self, role: Role) -> list[Item]:
        """Return the items that the example of an answer shows; none where it has no example."""
        if role.shown is None:
            return []
        given = role.operation.responses.given(role.shown.response, role.shown.content_type)
        return [] if isinstance(given, Absent) else self._items_in(given, role.shown)

    def _made_up(self, role: Role) -> list[Item]:
        if role.shown is None:
            return []
        try:
            value = role.operation.responses.value(role.shown.response, role.shown.content_type)
        except NoValueError:
            return []
        return self._items_in(value, role.shown)

    def _items_in(self, value: Any, shown: Shown) -> list[Item]:
        found = pointers.resolve(value, shown.path)
        members = found if is_list(found) else [found]
        return [each for each in members if is_mapping(each) and self._collection.key in each]


def _keys(role: Role, values: Values, body: Any) -> list[Any] | None:
    """Return the keys of the items that a request is about; None where it does not say."""
    location, name = role.selected_by or ("", "")
    if location == "body":
        members = body if is_list(body) else [body]
        found = [nodes.mapping(each).get(name) for each in members]
        return found if all(each is not None for each in found) else None
    given = next((value for (place, each), value in values.items() if (place, each) == (location, name)), None)
    return None if given is None else given if is_list(given) else [given]


def _fields(values: Values, body: Any, shown: Shown | None) -> dict[str, Any]:
    """Return what a request says of an item: its parameters, and the properties of its body or of what that wraps."""
    inside = body
    if shown is not None and shown.path and not shown.is_many and is_mapping(body) and len(body) == 1:
        inside = pointers.resolve(body, shown.path)
    named = {name: value for (location, name), value in values.items() if location in {"path", "query"}}
    return named | dict(nodes.mapping(inside) or nodes.mapping(body))


def _at(item: Item, path: pointers.Tokens) -> Any:
    return pointers.resolve(item, path)


def _put(item: Any, path: pointers.Tokens, value: Any) -> None:
    """Put a value where a path leads, and what is missing on the way; a value of another type goes nowhere."""
    for token in path[:-1]:
        if not is_mapping(item.get(token)):
            item[token] = {}
        item = item[token]
    there = item.get(path[-1])
    is_like = there is None or value is None or type_of(there) == type_of(value)
    if is_like or {type_of(there), type_of(value)} <= {"integer", "number"}:
        item[path[-1]] = value


def _remove(item: Any, path: pointers.Tokens) -> None:
    """Remove what is where a path leads, if something is."""
    holder = pointers.resolve(item, path[:-1])
    if is_mapping(holder):
        holder.pop(path[-1], None)


def _is_one_of(found: Any, wanted: Any) -> bool:
    return found in wanted if is_list(wanted) and not is_list(found) else found == wanted
