"""Document + Api -> Ledger: what became of every part of a description.

The stages say what they had to loosen or leave out. What is never honoured, whatever a description says with it, stands
in the table of this module. And what a stage lost without a word is found by comparing what the description has with
what the API has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from attrest import nodes, pathitems, pointers
from attrest.document import Document
from attrest.ir import Api
from attrest.ledger import VERDICTS, Entry, Ledger, Verdict, by_pointer, combined, degraded, ignored, lost
from attrest.objects import METHODS, Kind, Placed, reference_of, walk
from attrest.trees import is_list, is_mapping

_Fate: TypeAlias = tuple[Verdict, str]
"""What becomes of a field, and why."""

_EXACT: Final[_Fate] = ("exact", "")
_ABOUT: Final[_Fate] = ("ignored", "about the API, not the client: published with the bundle")
_XML: Final[_Fate] = ("ignored", "XML is handed over as text")
_EXTENSION: Final[_Fate] = ("ignored", "an extension that attrest does not know")
_UNKNOWN: Final[_Fate] = ("ignored", "no field that OpenAPI has here")
_BESIDE_REFERENCE: Final[_Fate] = ("ignored", "beside a reference")
_UNCHECKED: Final[_Fate] = ("degraded", "not checked")
_PLAIN_REFERENCE: Final[_Fate] = ("degraded", "a plain reference: what extends its target is not looked at")
_CONDITIONAL: Final[_Fate] = ("degraded", "not checked: fields that nothing else describes are kept as they come")

_WITHOUT_PARTS: Final = re.compile(
    r"(?!multipart/|application/(x-www-form-urlencoded|\*)|\*)[^/]+/.+", re.IGNORECASE | re.DOTALL
)
"""Media types of bodies that have no fields or parts of their own."""
_XML_TYPE: Final = re.compile(r"[^;]+[+/]xml\b.*", re.IGNORECASE)


def _exact(*fields: str) -> dict[str, _Fate]:
    return dict.fromkeys(fields, _EXACT)


_TEXTS: Final = _exact("summary", "description")
_PARAMETER: Final = {
    **_exact("name", "in", "description", "required", "deprecated", "allowEmptyValue", "style", "explode"),
    **_exact("allowReserved", "schema", "content", "example", "examples"),
}
_FATES: Final[Mapping[Kind, Mapping[str, _Fate]]] = {
    "description": {
        **_exact("openapi", "$self", "info", "servers", "paths", "webhooks", "components", "security", "tags"),
        "jsonSchemaDialect": ("degraded", "schemas are read as OpenAPI's own dialect"),
        "externalDocs": _ABOUT,
    },
    "info": {
        **_exact("title", "version", "description"),
        **dict.fromkeys(("summary", "termsOfService", "contact", "license"), _ABOUT),
    },
    "server": _exact("url", "description", "name", "variables", "x-server-name"),
    "server variable": _exact("default", "enum", "description"),
    "components": _exact(
        *("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links"),
        *("callbacks", "pathItems", "mediaTypes"),
    ),
    "tag": _exact("name", "summary", "description", "externalDocs", "parent", "kind"),
    "path item": {
        **_exact("$ref", *METHODS, "additionalOperations", "servers", "parameters"),
        **dict.fromkeys(_TEXTS, _ABOUT),
    },
    "operation": {
        **_TEXTS,
        **_exact("tags", "operationId", "parameters", "requestBody", "responses", "deprecated", "security", "servers"),
        **_exact("callbacks", "externalDocs", "x-rate-limit", "x-pagination", "x-idempotent"),
    },
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "request body": _exact("description", "content", "required"),
    "media type": {
        **_exact("description", "schema", "example", "examples", "encoding"),
        "itemSchema": ("degraded", "the body is handed over as a whole"),
        **dict.fromkeys(("prefixEncoding", "itemEncoding"), ("degraded", "parts are told apart by name alone")),
    },
    "response": {**_TEXTS, **_exact("headers", "content", "links")},
    "example": dict.fromkeys((*_TEXTS, "value", "externalValue", "dataValue", "serializedValue"), _EXACT),
    "security scheme": _exact(
        *("type", "description", "name", "in", "scheme", "bearerFormat", "deprecated"),
        *("flows", "openIdConnectUrl", "oauth2MetadataUrl"),
    ),
    "discriminator": _exact("propertyName", "mapping", "defaultMapping"),
    "schema": {
        **_exact("$ref", "$id", "$anchor", "$defs", "definitions", "$schema", "$comment"),
        **_exact("type", "format", "nullable", "enum", "const", "properties", "required", "additionalProperties"),
        **_exact("items", "prefixItems", "allOf", "anyOf", "oneOf", "discriminator", "title", "description", "default"),
        **_exact("example", "examples", "readOnly", "writeOnly", "deprecated", "contentEncoding", "contentMediaType"),
        **_exact("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern"),
        **_exact("minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
        **_exact("propertyNames"),
        **_exact("x-enum-varnames", "x-enumNames", "x-enum-descriptions"),
        **dict.fromkeys(("not", "contains", "minContains", "maxContains"), _UNCHECKED),
        **dict.fromkeys(("if", "then", "else", "dependentSchemas"), _CONDITIONAL),
        **dict.fromkeys(("dependentRequired", "dependencies"), _UNCHECKED),
        "additionalItems": _UNCHECKED,
        "contentSchema": ("degraded", "typed in the data of server-sent events alone"),
        **_exact("unevaluatedItems", "unevaluatedProperties", "patternProperties"),
        **_exact("$dynamicAnchor", "$recursiveAnchor"),
        **dict.fromkeys(("$dynamicRef", "$recursiveRef"), _PLAIN_REFERENCE),
        "$vocabulary": ("degraded", "not honoured"),
        "externalDocs": _ABOUT,
        "xml": _XML,
    },
}
"""What becomes of the fields of the objects of a description, for all that can be said without looking at the rest."""

_OPEN: Final = frozenset({"paths", "responses", "callback", "security requirement", "oauth flows"})
"""The kinds whose fields are names that the description chooses."""


def account(document: Document, api: Api) -> Ledger:
    """Say what became of every part of a description.

    Args:
        document: The description, whole; its entries tell what loading and selecting did.
        api: What was made of it; its entries tell what the stages had to loosen.

    Returns:
        The entries of every part that is not generated exactly. What stages say of a part goes before the table; of
        what a rule leaves out, only the rule.
    """
    rules = frozenset(entry for entry in document.entries if entry.verdict == "ignored")
    left_out = frozenset(entry.pointer for entry in rules)
    told = dict.fromkeys((*document.entries, *api.entries))
    told_of = frozenset(entry.pointer for entry in told)
    by_table = (entry for placed in walk(document.tree) for entry in _by_table(placed) if entry.pointer not in told_of)
    entries = [
        entry
        for entry in (*told, *by_table)
        if entry.verdict != "exact" and (entry in rules or not _is_inside(entry.pointer, left_out))
    ]
    known = Ledger(entries=tuple(entries))
    operations, schemas = tuple(_operations(document.tree)), _schemas(document.tree)
    entries += (*_missing_operations(operations, api, known), *_missing_schemas(schemas, api, known))
    ordered, counts = _tally(document.tree, entries)
    return Ledger(entries=ordered, counts=counts, operations=len(operations), schemas=len(schemas))


def _is_inside(pointer: str, places: frozenset[str]) -> bool:
    """Return whether a part of the description is one of some, or stands in one."""
    while places and pointer:
        if pointer in places:
            return True
        pointer = pointer.rpartition("/")[0]
    return False


def _by_table(placed: Placed) -> Iterator[Entry]:
    kind, pointer, node = placed
    if kind == "media type" and _XML_TYPE.fullmatch(pointers.split(pointer)[-1]):
        yield degraded(pointer, "XML is handed over as text")
    if not is_mapping(node) or kind == "data":
        return
    if kind == "media type" and "encoding" in node and _WITHOUT_PARTS.fullmatch(pointers.split(pointer)[-1]):
        yield ignored(f"{pointer}/encoding", "it is of forms and multipart bodies alone (OpenAPI 3.1 §4.8.14)")
    table = _FATES.get(kind, {})
    is_reference = reference_of(node) is not None and kind not in {"schema", "path item"}
    for field in node:
        verdict, reason = _BESIDE_REFERENCE if is_reference else _fate(kind, table, field)
        if verdict != "exact" and field != "$ref":
            yield Entry(pointer + pointers.join((field,)), verdict, reason)


def _fate(kind: Kind, table: Mapping[str, _Fate], field: str) -> _Fate:
    if field in table:
        return table[field]
    if field.startswith("x-"):
        return _EXTENSION
    return _EXACT if kind in _OPEN or not table else _UNKNOWN


class _Described(NamedTuple):
    """An operation that a client may call."""

    pointer: str
    """By way of its path; a reference may stand on the way."""
    written: str
    """Where it stands."""


def _operations(tree: Mapping[str, Any]) -> Iterator[_Described]:
    for path in nodes.mapping(tree.get("paths")):
        if path.startswith("x-"):
            continue
        holder = pointers.join(("paths", path))
        item, node = nodes.follow(tree, holder)
        referred = {held.pointer.removeprefix(item): held.pointer for held in pathitems.operations(item, node)}
        own = pathitems.operations(holder, nodes.find(tree, holder))
        beside = {held.pointer.removeprefix(holder): held.pointer for held in own}
        yield from (_Described(holder + key, written) for key, written in (referred | beside).items())


def _schemas(tree: Mapping[str, Any]) -> tuple[str, ...]:
    schemas = nodes.mapping(nodes.mapping(tree.get("components")).get("schemas"))
    return tuple(pointers.join(("components", "schemas", name)) for name in schemas if not name.startswith("x-"))


def _missing_operations(operations: Iterable[_Described], api: Api, known: Ledger) -> Iterator[Entry]:
    """Say which operations are lost without a word. A path item that several paths share gives each its own."""
    generated = Counter(operation.pointer for operation in api.operations)
    for pointer, written in operations:
        if generated[pointer] and pointer != written:
            continue
        if not _is_left_out(pointer, known):
            generated[written] -= 1
            if generated[written] < 0 and not _is_left_out(written, known):
                yield lost(written, "not generated")


def _missing_schemas(schemas: Iterable[str], api: Api, known: Ledger) -> Iterator[Entry]:
    """Say which schemas are lost without a word."""
    generated = {declaration.pointer for declaration in api.declarations}
    for pointer in schemas:
        if pointer not in generated and not _is_left_out(pointer, known):
            yield lost(pointer, "not generated")


def _is_left_out(pointer: str, known: Ledger) -> bool:
    """Return whether it is said that nothing is generated for a part of the description."""
    return any(entry.lost or entry.verdict == "ignored" for entry in known.about(pointer))


class _Mark:
    """A part of the description on the way to those that have entries."""

    __slots__ = ("entries", "inside")

    def __init__(self) -> None:
        self.inside: dict[str, _Mark] = {}
        self.entries: tuple[Entry, ...] = ()


def _marks(entries: Iterable[Entry]) -> _Mark:
    root = _Mark()
    for pointer, group in by_pointer(entries).items():
        mark = root
        for token in pointers.split(pointer):
            mark = mark.inside.setdefault(token, _Mark())
        mark.entries = group
    return root


class _Visit(NamedTuple):
    """A node of the description, and what became of what is around it."""

    node: Any
    mark: _Mark
    verdict: Verdict


def _tally(tree: Any, entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], dict[Verdict, int]]:
    """Return the entries in the order of what they are about, and how many nodes of the description ended how."""
    counts = dict.fromkeys(VERDICTS, 0)
    ordered: dict[Entry, None] = {}
    nothing = _Mark()
    waiting = [_Visit(tree, _marks(entries), "exact")]
    while waiting:
        node, mark, verdict = waiting.pop()
        own = verdict
        if mark.entries:
            ordered |= dict.fromkeys(mark.entries)
            own = combined(mark.entries).verdict
        if inside := [entry for entry in mark.entries if not entry.alone]:
            verdict = combined(inside).verdict
        counts[own] += 1
        children: Iterable[tuple[str, Any]] = ()
        if is_mapping(node):
            children = reversed(node.items())
        elif is_list(node):
            children = ((str(index), node[index]) for index in reversed(range(len(node))))
        waiting += [_Visit(child, mark.inside.get(token, nothing), verdict) for token, child in children]
    return tuple(ordered | dict.fromkeys(entries)), counts
