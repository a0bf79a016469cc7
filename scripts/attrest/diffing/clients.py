"""Compares the clients that two descriptions give: what changes for those who call them from Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from attrest.diffing.changes import VERDICTS, Change, Fact, Place
from attrest.diffing.pythonrules import python_ruling
from attrest.diffing.surface import Element, surface
from attrest.ir import ABSENT, Absent, Api, Renaming
from attrest.typerefs import (
    ANY,
    NULL,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    TupleOf,
    TypeRef,
    UnionOf,
    kind_of,
)

_VALUES: Final = {
    "credential": "default changed",
    "parameter": "default changed",
    "attribute": "default changed",
    "enum": "base changed",
    "member": "value changed",
    "result": "delivery changed",
}
"""What it is called when the value of an element changes."""
_TRAVELLING: Final = frozenset({"parameter", "attribute", "credential"})
"""What has a name of its own where it travels."""


def compare_clients(old: Api, new: Api) -> tuple[Change, ...]:
    """Compare the clients of two descriptions.

    Args:
        old: The old one.
        new: The new one.

    Returns:
        Every change, each under the path of what changed.
    """
    return tuple(dict.fromkeys(_change(difference) for difference in _differences(old, new)))


def renamings(old: Api, new: Api) -> dict[Change, Renaming]:
    """Return the changes of names, of those that ``compare_clients`` gives, whose old name the new client can keep.

    Args:
        old: The old API.
        new: The new one.

    Returns:
        What keeps each; the release that it says is left empty.
    """
    listed = ((difference, _renaming(difference)) for difference in _differences(old, new))
    found = {_change(difference): renaming for difference, renaming in listed if renaming}
    kept = frozenset(attrs.evolve(new, renamed=tuple(found.values())).kept_names)
    return {change: renaming for change, renaming in found.items() if renaming in kept}


@attrs.frozen(kw_only=True)
class _Difference:
    """Something that changed."""

    element: Element
    """What it was; what it is where it is new."""
    now: Element | None = None
    """What it is; None where it came or went."""
    fact: Fact


def _renaming(difference: _Difference) -> Renaming | None:
    """Return what would keep a name that changed; None where nothing can, or where something else changed."""
    old, new = difference.element, difference.now
    if new is None:
        return None
    if difference.fact.action == "moved":
        return Renaming(kind="import", old=old.imported_from, new=new.imported_from, since="")
    if difference.fact.action == "renamed" and new.kept_as:
        kind, owner = new.kept_as
        return Renaming(kind=kind, owner=owner, old=old.name, new=new.name, since="")
    return None


def _change(difference: _Difference) -> Change:
    judged = python_ruling(difference.fact)
    place = Place(difference.element.path)
    return Change(fact=difference.fact, places=(place,), verdict=judged.verdict, reason=judged.reason)


def _differences(old: Api, new: Api) -> Iterator[_Difference]:
    before, after = surface(old), surface(new)
    names = {first.name: second.name for first, second in _pairs(before.members, after.members) if first and second}
    return _compare(before, after, names)


def _compare(old: Element, new: Element, names: Mapping[str, str]) -> Iterator[_Difference]:
    """Compare two elements and what they hold.

    Args:
        old: The old one.
        new: The new one.
        names: The new name of each old class.
    """
    facts = (*_name_facts(old, new), *_type_facts(old, new, names), *_required_facts(old, new), *_value_facts(old, new))
    yield from (_Difference(element=old, now=new, fact=fact) for fact in facts)
    for before, after in _pairs(old.members, new.members):
        if before and after:
            yield from _compare(before, after, names)
        elif before:
            yield _Difference(element=before, fact=_fact("removed", before, None))
        elif after:
            yield _come(after)


def _come(element: Element) -> _Difference:
    """Tell of something new; what has to be given is another matter for those who give it."""
    is_asked = element.required and isinstance(element.value, Absent) and "request" in element.directions
    return _Difference(element=element, fact=_fact("added as required" if is_asked else "added", None, element))


def _pairs(old: Iterable[Element], new: Iterable[Element]) -> Iterator[tuple[Element | None, Element | None]]:
    """Pair what is the same: by name, which is what callers use, then what is the same under another name.

    What travels is known by what it is called there in the first place.
    """
    gone, come = list(old), list(new)
    for mark in (_mark_of_both, _mark_on_the_wire, _mark_of_name, _mark_of_identity):
        waiting = {mark(each): each for each in reversed(come)}
        for element in tuple(gone):
            twin = waiting.pop(mark(element), None) if mark(element) else None
            if twin is not None:
                gone.remove(element)
                come.remove(twin)
                yield element, twin
    yield from ((each, None) for each in gone)
    yield from ((None, each) for each in come)


def _mark_of_both(element: Element) -> tuple[str, ...]:
    return (element.kind, element.name, element.identity)


def _mark_on_the_wire(element: Element) -> tuple[str, ...]:
    return (element.kind, element.identity) if element.kind in _TRAVELLING else ()


def _mark_of_name(element: Element) -> tuple[str, ...]:
    return (element.kind, element.name)


def _mark_of_identity(element: Element) -> tuple[str, ...]:
    return (element.kind, element.identity)


def _name_facts(old: Element, new: Element) -> Iterator[Fact]:
    if old.name != new.name:
        yield _fact("renamed", old, new, old.name, new.name)
    if old.imported_from != new.imported_from:
        yield _fact("moved", old, new, old.imported_from, new.imported_from)


def _value_facts(old: Element, new: Element) -> Iterator[Fact]:
    if old.kind in _VALUES and _differ(old.value, new.value):
        yield _fact(_VALUES[old.kind], old, new, old.value, new.value)


def _type_facts(old: Element, new: Element, names: Mapping[str, str]) -> Iterator[Fact]:
    if old.type is None or new.type is None:
        return
    before = _renamed(old.type, names)
    widens, narrows = covers(new.type, before), covers(before, new.type)
    if not (widens and narrows):
        action = "widened" if widens else "narrowed" if narrows else "changed"
        yield _worst(_fact(action, old, new, old.annotation, new.annotation), old)


def _renamed(type_: TypeRef, names: Mapping[str, str]) -> TypeRef:
    """Return a type with other names of classes."""
    match type_:
        case Reference(name):
            return Reference(names.get(name, name))
        case ListOf(inner):
            return ListOf(_renamed(inner, names))
        case MapOf(inner):
            return MapOf(_renamed(inner, names))
        case Nullable(inner):
            return Nullable(_renamed(inner, names))
        case UnionOf(members):
            return UnionOf(tuple(_renamed(member, names) for member in members))
        case TupleOf(items, rest):
            listed = tuple(_renamed(item, names) for item in items)
            return TupleOf(listed, None if rest is None else _renamed(rest, names))
        case Scalar() | LiteralOf():
            return type_


def _required_facts(old: Element, new: Element) -> Iterator[Fact]:
    if old.required is not None and new.required is not None and old.required != new.required:
        yield _worst(_fact("required" if new.required else "optional", old, new), old)


def _worst(fact: Fact, element: Element) -> Fact:
    """Return the fact in the direction, of those that an element travels in, in which it means most."""
    directed = (attrs.evolve(fact, direction=direction) for direction in element.directions)
    return min(directed, key=lambda each: VERDICTS.index(python_ruling(each).verdict))


def _differ(old: Any | Absent, new: Any | Absent) -> bool:
    """Tell whether two values differ; one that came or went is told of by its being required."""
    return not isinstance(old, Absent) and not isinstance(new, Absent) and old != new


def _fact(action: str, old: Element | None, new: Element | None, before: Any = ABSENT, after: Any = ABSENT) -> Fact:
    element = old or new
    if element is None:
        raise ValueError("nothing is told of")
    return Fact(
        old=old.pointer if old else None,
        new=new.pointer if new else None,
        direction=element.directions[0],
        area="python",
        kind=element.kind,
        action=action,
        subject=element.name,
        before=before,
        after=after,
    )


def covers(wide: TypeRef, narrow: TypeRef) -> bool:
    """Tell whether every value of one type is a value of another."""
    if wide == ANY or repr(wide) == repr(narrow):  # 1 and True are equal, and not the same literal
        return True
    match wide, narrow:
        case _, Nullable(inner):
            return _takes_null(wide) and covers(wide, inner)
        case _, UnionOf(members):
            return all(covers(wide, member) for member in members)
        case Nullable(inner), _:
            return narrow == NULL or covers(inner, narrow)
        case UnionOf(members), _:
            return any(covers(member, narrow) for member in members)
        case _:
            return _covers_one(wide, narrow)


def _covers_one(wide: TypeRef, narrow: TypeRef) -> bool:
    """Tell the same of two types of which neither is a choice."""
    match wide, narrow:
        case (ListOf(first), ListOf(second)) | (MapOf(first), MapOf(second)):
            return covers(first, second)
        case ListOf(item), TupleOf(items, rest):
            return all(covers(item, each) for each in (*items, *([rest] if rest else [])))
        case LiteralOf(values), LiteralOf(others):
            return all(any(value == other and type(value) is type(other) for value in values) for other in others)
        case Scalar(kind), LiteralOf(others):
            return all(kind == kind_of(other) for other in others)
        case Scalar("number"), Scalar("integer"):
            return True
        case _:
            return False


def _takes_null(type_: TypeRef) -> bool:
    match type_:
        case Nullable():
            return True
        case UnionOf(members):
            return any(_takes_null(member) for member in members)
        case Scalar(kind):
            return kind in {"any", "null"}
        case _:
            return False
