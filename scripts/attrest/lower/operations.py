"""Operations (OpenAPI 3.1 §4.8.10) as requests that are values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from attrest import names, nodes, placenames, pointers
from attrest.document import Document
from attrest.ir import ABSENT, Absent, Body, Field, Operation, Parameter, RateLimit
from attrest.ledger import Entry, lost
from attrest.lower import bodies, forms, headers, pagination, parameters, responses, security, servers
from attrest.lower.loosened import loosened
from attrest.lower.types import Types
from attrest.objects import METHODS
from attrest.schemas import Schemas
from attrest.trees import is_mapping

_METHOD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token, as every method is one (RFC 9110 §9.1)."""
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})


@attrs.frozen
class Described:
    """An operation and the tag that it is filed under."""

    tag: str | None
    operation: Operation


@attrs.frozen
class _Place:
    """Where an operation stands: the pointers of its path item and of itself."""

    path: str
    method: str
    item: str
    own: str
    node: Mapping[str, Any]


class ImpossibleError(Exception):
    """No call can be made of an operation; the message says why."""


class Lowering:
    """The operations of one description, their names kept apart."""

    def __init__(self, document: Document, schemas: Schemas, taken: names.Namespace) -> None:
        self._document = document
        self._tree = document.tree
        self._types = Types(document.tree, schemas)
        self._requests = taken
        self._modules = names.Namespace()
        self.entries: list[Entry] = []
        """What could not be made of the operations."""

    def operations(self) -> tuple[Described, ...]:
        """Return every operation under ``paths`` that a call can be made of, in the order written."""
        return tuple(described for place in self._places() if (described := self._attempted(place)) is not None)

    def _attempted(self, place: _Place) -> Described | None:
        """Return an operation; None, and an entry, where it fails: that is no reason to go without the others."""
        try:
            return self._described(place)
        except ImpossibleError as error:
            self.entries.append(lost(place.own, str(error)))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other operations have nothing to do with it
            self.entries.append(lost(place.own, f"attrest fails on it: {type(error).__name__}: {error}"))
        return None

    def _places(self) -> Iterator[_Place]:
        for path in nodes.mapping(self._tree.get("paths")):
            if path.startswith("x-"):
                continue
            item, node = nodes.follow(self._tree, pointers.join(("paths", path)))
            members = nodes.mapping(node)
            for method in members:
                if method in METHODS:
                    own = item + pointers.join((method,))
                    yield _Place(path, method.upper(), item, own, nodes.mapping(members[method]))
            for method, operation in nodes.mapping(members.get("additionalOperations")).items():
                own = item + pointers.join(("additionalOperations", method))
                yield _Place(path, method, item, own, nodes.mapping(operation))

    def _described(self, place: _Place) -> Described:
        if not _METHOD.fullmatch(place.method):
            raise ImpossibleError(f"{place.method!r} is no method of HTTP")
        if not is_mapping(nodes.find(self._tree, place.own)):
            raise ImpossibleError("an operation is a mapping, and this is none")
        tags = nodes.sequence(place.node.get("tags"))
        return Described(str(tags[0]) if tags else None, self._operation(place))

    def _operation(self, place: _Place) -> Operation:
        wanted = placenames.operation_name(place.path, place.method, place.node)
        request = self._requests.take(
            names.class_name(f"{names.pascal(wanted)}Request"), names.class_name(f"{names.pascal(wanted)}CallRequest")
        )
        found = parameters.parameters(self._tree, self._types, place.item, place.own)
        body = bodies.body(self._tree, self._types, place.own)
        answers = responses.responses(self._tree, self._types, place.own)
        self.entries += loosened(self._tree, place.own, answers)
        form = forms.preferred(answers)
        name = names.attribute(wanted, names.METHOD_RESERVED, self._types.names)
        fields = [parameter.field.name for parameter in found] + ([body.field.name] if body else [])
        return Operation(
            id=nodes.text(place.node.get("operationId")) or wanted,
            name=name,
            request=request,
            module=self._modules.take(names.module(wanted)),
            method=place.method,
            path=place.path,
            pointer=place.own,
            location=self._document.display(place.own),
            summary=nodes.text(place.node.get("summary")),
            description=nodes.text(place.node.get("description")),
            parameters=found,
            body=body,
            responses=answers,
            delivery=form.delivery,
            result=form.result,
            readings=form.readings,
            headers=headers.header_class(answers, names.class_name(f"{names.pascal(wanted)}Headers"), self._requests),
            alternatives=forms.alternatives(answers, form, name, fields),
            security=security.requirements(self._tree, place.node),
            idempotent=place.method in _IDEMPOTENT or place.node.get("x-idempotent") is True,
            rate_limit=_rate_limit(place.node),
            pagination=pagination.pagination(self._types, place.node, found, answers, wanted),
            deprecated=place.node.get("deprecated") is True,
            example=_example(found, body),
            server=_server(nodes.mapping(nodes.find(self._tree, place.item)), place.node),
        )


def _rate_limit(operation: Mapping[str, Any]) -> RateLimit | None:
    written = nodes.mapping(operation.get("x-rate-limit"))
    requests, seconds = written.get("requests"), written.get("seconds")
    if not isinstance(requests, int) or not isinstance(seconds, int | float):
        return None
    return RateLimit(requests=requests, seconds=float(seconds))


def _server(item: Mapping[str, Any], operation: Mapping[str, Any]) -> str | None:
    """Return the URL of an operation's own server, or of its path's (OpenAPI 3.1 §4.8.9, §4.8.10)."""
    for owner in (operation, item):
        for server in nodes.sequence(owner.get("servers")):
            return servers.url_of(nodes.mapping(server))
    return None


def _example(found: tuple[Parameter, ...], body: Body | None) -> Any | Absent:
    """Return what a caller must give, all from the description's examples; ABSENT where one is missing."""
    fields = [parameter.field for parameter in found] + ([body.field] if body else [])
    required: list[Field] = [field for field in fields if field.required]
    if any(isinstance(field.example, Absent) for field in required):
        return ABSENT
    return {field.wire_name: field.example for field in required}
