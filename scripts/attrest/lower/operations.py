"""Operations (OpenAPI 3.1 §4.8.10) as requests that are values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import attrs

from attrest import names, nodes, pathitems, pathtemplates, placenames, pointers
from attrest.document import Document
from attrest.ir import ABSENT, Absent, Body, Field, Operation, Parameter, RateLimit, Requirement
from attrest.ledger import Entry, degraded, lost
from attrest.lower import bodies, forms, headers, pagination, parameters, responses, security
from attrest.lower.loosened import loosened
from attrest.lower.servers import Servers
from attrest.lower.tags import external_documentation
from attrest.lower.types import Types
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

    def __init__(
        self,
        document: Document,
        schemas: Schemas,
        taken: names.Namespace,
        servers: Servers,
        authentication: frozenset[str],
    ) -> None:
        self._document = document
        self._tree = document.tree
        self._types = Types(document.tree, schemas)
        self._requests = taken
        self._modules = names.Namespace()
        self._servers = servers
        self._authentication = authentication

    @property
    def entries(self) -> Collection[Entry]:
        """What could not be made of the operations, or of their parts."""
        return self._types.entries

    def operations(self) -> tuple[Described, ...]:
        """Return every operation under ``paths`` that a call can be made of, in the order written.

        Those that are called as their operationId is spelled take their names first.
        """
        places = tuple(self._places())
        by_spelling = sorted(places, key=lambda place: placenames.is_respelled(place.node))
        attempted = {(place.path, place.own): self._attempted(place) for place in by_spelling}
        found = (attempted[place.path, place.own] for place in places)
        return tuple(described for described in found if described is not None)

    def _attempted(self, place: _Place) -> Described | None:
        """Return an operation; None, and an entry, where it fails: that is no reason to go without the others."""
        try:
            return self._described(place)
        except ImpossibleError as error:
            self._types.note(lost(place.own, str(error)))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other operations have nothing to do with it
            self._types.note(lost(place.own, f"attrest fails on it: {type(error).__name__}: {error}"))
        return None

    def _places(self) -> Iterator[_Place]:
        for path in nodes.mapping(self._tree.get("paths")):
            if path.startswith("x-"):
                continue
            item, node = nodes.follow(self._tree, pointers.join(("paths", path)))
            for method, own, operation in pathitems.operations(item, node):
                yield _Place(path, method, item, own, operation)

    def _described(self, place: _Place) -> Described:
        if not _METHOD.fullmatch(place.method):
            raise ImpossibleError(f"{place.method!r} is no method of HTTP")
        if not is_mapping(nodes.find(self._tree, place.own)):
            raise ImpossibleError("an operation is a mapping, and this is none")
        tags = nodes.sequence(place.node.get("tags"))
        return Described(str(tags[0]) if tags else None, self._operation(place))

    def _operation(self, place: _Place) -> Operation:
        wanted = placenames.operation_name(place.path, place.method, place.node)
        stem = names.pascal(wanted)
        request = self._requests.take(names.class_name(f"{stem}Request"), names.class_name(f"{stem}CallRequest"))
        found = parameters.parameters(self._tree, self._types, place.item, place.own, place.path)
        body = bodies.body(self._tree, self._types, place.own)
        answers = responses.responses(self._tree, self._types, place.own)
        self._types.note(*loosened(self._tree, place.own, answers))
        form = forms.preferred(answers)
        name = names.attribute(wanted, names.METHOD_RESERVED, self._types.names)
        fields = [parameter.field.name for parameter in found] + ([body.field.name] if body else [])
        return Operation(
            id=nodes.text(place.node.get("operationId")) or wanted,
            name=name,
            request=request,
            module=self._modules.take(names.module(wanted)),
            method=place.method,
            path=self._path(place, found),
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
            headers=headers.of_successes(answers, names.class_name(f"{stem}Headers"), self._requests),
            error_headers=headers.of_errors(answers, names.class_name(f"{stem}ErrorHeaders"), self._requests),
            alternatives=forms.alternatives(answers, form, name, fields),
            security=self._security(place),
            idempotent=place.method in _IDEMPOTENT or place.node.get("x-idempotent") is True,
            rate_limit=_rate_limit(place.node),
            pagination=pagination.pagination(self._types, place.node, found, answers, wanted),
            deprecated=place.node.get("deprecated") is True,
            tags=tuple(dict.fromkeys(map(str, nodes.sequence(place.node.get("tags"))))),
            external_documentation=external_documentation(place.node),
            example=_example(found, body),
            servers=self._servers.of_operation(place.item, place.own),
        )

    def _path(self, place: _Place, found: tuple[Parameter, ...]) -> str:
        """Return the URL template: it starts with a slash, so that it cannot go on with the server's host."""
        written = pathtemplates.template(place.path, {each.wire_name for each in found if each.location == "path"})
        pointer = pointers.join(("paths", place.path))
        if "#" in pathtemplates.NAME.sub("", written):
            self._types.note(degraded(pointer, "what stands behind # is not sent (RFC 9110 §7.1)", alone=True))
        if written.startswith("/"):
            return written
        self._types.note(degraded(pointer, "a path starts with a slash: it is sent so", alone=True))
        return f"/{written}"

    def _security(self, place: _Place) -> tuple[tuple[Requirement, ...], ...]:
        """Return what an operation asks for itself, else what the description asks for."""
        owner = "" if place.node.get("security") is None else place.own
        written = nodes.find(self._tree, f"{owner}/security")
        self._types.note(*security.undefined(f"{owner}/security", written, self._authentication))
        return security.requirements(written, self._authentication)


def _rate_limit(operation: Mapping[str, Any]) -> RateLimit | None:
    written = nodes.mapping(operation.get("x-rate-limit"))
    requests, seconds = written.get("requests"), written.get("seconds")
    if not isinstance(requests, int) or not isinstance(seconds, int | float):
        return None
    return RateLimit(requests=requests, seconds=float(seconds))


def _example(found: tuple[Parameter, ...], body: Body | None) -> Any | Absent:
    """Return what a caller must give, all from the description's examples; ABSENT where one is missing."""
    fields = [parameter.field for parameter in found] + ([body.field] if body else [])
    fields += [body.content_type] if body and body.content_type else []
    required: list[Field] = [field for field in fields if field.required]
    if any(isinstance(field.example, Absent) for field in required):
        return ABSENT
    return {field.wire_name: field.example for field in required}
