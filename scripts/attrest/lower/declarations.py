"""Which declarations are needed, which module each lives in, and who uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from attrest import names, schemanodes
from attrest.graphs import circles
from attrest.ir import Alias, Declaration, Enum, Event, Model, Operation
from attrest.lower.directions import relaxed
from attrest.typerefs import references


def arranged(
    declarations: Iterable[Declaration], operations: Iterable[Operation], events: Iterable[Event]
) -> tuple[Declaration, ...]:
    """Return the declarations to generate, sorted by name, each with its module and its users."""
    by_name = {declaration.name: declaration for declaration in declarations}
    uses = {name: mentions(declaration) for name, declaration in by_name.items()}
    operations, events = tuple(operations), tuple(events)
    sent = {operation.request: _asked(operation) for operation in operations}
    sent |= {event.class_name: _answered(event) for event in events}
    received = {operation.request: _answered(operation) for operation in operations}
    received |= {event.class_name: _asked(event) for event in events}
    requests = {name: sent[name] | received[name] for name in sent}
    components = frozenset(
        name for name, each in by_name.items() if schemanodes.component_name(each.pointer) is not None
    )
    kept = _reachable(uses, components.union(*requests.values()))
    by_name = relaxed(
        by_name,
        sent=_reachable(uses, frozenset[str]().union(*sent.values())),
        received=_reachable(uses, frozenset[str]().union(*received.values())),
    )
    users = _users({**{name: uses[name] for name in kept}, **requests})
    modules = _modules({name: uses[name] & kept for name in sorted(kept)})
    return tuple(
        attrs.evolve(by_name[name], module=modules[name], used_by=tuple(sorted(users.get(name, ()))))
        for name in sorted(kept)
    )


def mentions(declaration: Declaration) -> frozenset[str]:
    """Return the names of the declarations that one refers to."""
    match declaration:
        case Enum():
            return frozenset()
        case Alias():
            return frozenset(references(declaration.type))
        case Model():
            types = [field.type for field in declaration.fields]
            types += [declaration.additional] if declaration.additional is not None else []
            return frozenset(name for type_ in types for name in references(type_))


def _asked(operation: Operation | Event) -> frozenset[str]:
    """Return the names that a request mentions."""
    types = [parameter.field.type for parameter in operation.parameters]
    types += [operation.body.field.type] if operation.body else []
    contents = operation.body.contents if operation.body else ()
    types += [content.type for content in contents]
    encodings = [encoding for content in contents for encoding in content.encodings]
    types += [each.header.type for encoding in encodings for each in encoding.part_headers]
    return frozenset(name for type_ in types for name in references(type_))


def _answered(operation: Operation | Event) -> frozenset[str]:
    """Return the names that what is answered to a request mentions."""
    contents = [content for response in operation.responses for content in response.contents]
    types = [content.type for content in contents]
    types += [variant.type for content in contents for variant in content.events]
    types += [header.type for response in operation.responses for header in response.headers]
    return frozenset(name for type_ in types for name in references(type_))


def _reachable(uses: Mapping[str, frozenset[str]], start: frozenset[str]) -> frozenset[str]:
    """Return some names, and all that they refer to, however far away."""
    waiting, reached = list(start), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += uses[name]
    return frozenset(reached)


def _users(uses: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    users: dict[str, set[str]] = {}
    for user, used in uses.items():
        for name in used - {user}:
            users.setdefault(name, set()).add(user)
    return users


def _modules(uses: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Give every declaration a module; those that refer to each other in a circle share one."""
    given, modules = names.Namespace(), dict[str, str]()
    for circle in sorted(map(sorted, circles(uses))):
        module = given.take(names.module(circle[0]))
        modules |= dict.fromkeys(circle, module)
    return modules
