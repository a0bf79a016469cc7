"""Api -> Api: without the few parts that no files can be made of, so that they take nothing else down with them.

Only a defect of attrest brings it into play, so it may take its time: which part is at fault is found by leaving out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

import attrs

from attrest.ir import Alias, Api, Declaration, Event, Link, Operation, Resource, Response
from attrest.ledger import Entry, lost
from attrest.typerefs import ANY

Attempt: TypeAlias = Callable[[Api], Exception | None]
"""Makes files of an API, and returns why that fails; None where it does not."""


def isolated(api: Api, attempt: Attempt) -> Api:
    """Return an API without the operations and events that fail; a schema that fails is any value.

    Args:
        api: An API that fails.
        attempt: Tells whether one does.

    Returns:
        The rest, with an entry for whatever is lost. It may fail as well, where no single part is at fault.
    """
    declared = [each.name for each in api.declarations]
    bare = _with_only(api, ())
    api = _without_declarations(api, _culprits(declared, lambda kept: attempt(_with_declared(bare, kept))))
    called = [*(each.request for each in api.operations), *(each.class_name for each in api.events)]
    return _without_calls(api, _culprits(called, lambda kept: attempt(_with_only(api, kept))))


def _culprits(names: Sequence[str], failure: Callable[[Sequence[str]], Exception | None]) -> dict[str, Exception]:
    """Return which of some parts fail even without the other ones, and why."""
    error = failure(names) if names else None
    if error is None:
        return {}
    if len(names) == 1:
        return {names[0]: error}
    middle = len(names) // 2
    return _culprits(names[:middle], failure) | _culprits(names[middle:], failure)


def _without_declarations(api: Api, errors: Mapping[str, Exception]) -> Api:
    kept = {each.name for each in api.declarations} - errors.keys()
    entries = (_lost(each.pointer, errors[each.name]) for each in api.declarations if each.name in errors)
    return attrs.evolve(_with_declared(api, kept), entries=(*api.entries, *entries))


def _without_calls(api: Api, errors: Mapping[str, Exception]) -> Api:
    places = {each.request: each.pointer for each in api.operations}
    places |= {each.class_name: each.pointer for each in api.events}
    entries = (_lost(places[name], error) for name, error in errors.items())
    return attrs.evolve(_with_only(api, places.keys() - errors.keys()), entries=(*api.entries, *entries))


def _lost(pointer: str, error: Exception) -> Entry:
    return lost(pointer, f"attrest fails on it: {type(error).__name__}: {error}")


def _with_declared(api: Api, kept: Collection[str]) -> Api:
    """Return an API with some of its declarations; each other one is a name for any value."""
    return attrs.evolve(
        api, declarations=tuple(each if each.name in kept else _anything(each) for each in api.declarations)
    )


def _anything(declaration: Declaration) -> Alias:
    return Alias(
        name=declaration.name,
        module=declaration.module,
        pointer=declaration.pointer,
        location=declaration.location,
        description=declaration.description,
        type=ANY,
        used_by=declaration.used_by,
    )


def _with_only(api: Api, kept: Collection[str]) -> Api:
    """Return an API with some of its operations and events, by the names of their classes, and all declarations."""
    known = {*kept, *(each.name for each in api.declarations)}
    return attrs.evolve(
        api,
        resources=tuple(rest for each in api.resources if (rest := _resource(each, kept)).operations),
        events=tuple(_event(each, kept) for each in api.events if each.class_name in kept),
        declarations=tuple(
            attrs.evolve(each, used_by=tuple(user for user in each.used_by if user in known))
            for each in api.declarations
        ),
    )


def _resource(resource: Resource, kept: Collection[str]) -> Resource:
    operations = tuple(_operation(each, kept) for each in resource.operations if each.request in kept)
    return attrs.evolve(resource, operations=operations)


def _operation(operation: Operation, kept: Collection[str]) -> Operation:
    return attrs.evolve(operation, responses=tuple(_response(each, kept) for each in operation.responses))


def _response(response: Response, kept: Collection[str]) -> Response:
    return attrs.evolve(response, links=tuple(_link(each, kept) for each in response.links))


def _link(link: Link, kept: Collection[str]) -> Link:
    return link if link.operation in kept else attrs.evolve(link, operation=None)


def _event(event: Event, kept: Collection[str]) -> Event:
    return attrs.evolve(event, operations=tuple(each for each in event.operations if each in kept))
