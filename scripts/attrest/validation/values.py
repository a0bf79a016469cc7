"""Checks that examples and defaults fit their schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple

from attrest import pointers
from attrest.diagnostics import Finding
from attrest.document import Document
from attrest.objects import Placed, follow, reference_of
from attrest.trees import is_list, is_mapping

_DOCUMENT: Final = "urn:attrest:document"
_LONGEST_VALUE: Final = 60
_SAID_TWICE: Final = "for not nullable"
"""What the validator of 3.0 says of a null beside its not being of the type."""
_UNCHECKED_FORMATS: Final = frozenset({"regex"})
"""Formats that Python would judge by its own rules, which are not those of the standard."""


class _Value(NamedTuple):
    """A value that stands in a description and has a schema."""

    rule: str
    schema: str
    """The pointer of its schema."""
    pointer: str
    value: Any


def check_values(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:
    """Find examples and defaults that do not fit their schemas, at the place of what does not fit."""
    judge = _Judge(document)
    for placed in objects:
        if reference_of(placed.node) is not None and placed.kind != "schema":
            continue
        for value in _values(document.tree, placed):
            for tokens, message in judge.problems(value.schema, value.value):
                yield document.finding("error", value.rule, message, value.pointer + pointers.join(tokens))


def _values(tree: Any, placed: Placed) -> Iterator[_Value]:
    kind, pointer, node = placed
    if not is_mapping(node):
        return
    if kind == "schema":
        if "default" in node:
            yield _Value("default-mismatch", pointer, f"{pointer}/default", node["default"])
        if "example" in node:
            yield _Value("example-mismatch", pointer, f"{pointer}/example", node["example"])
        examples = node.get("examples")
        if is_list(examples):
            for index, value in enumerate(examples):
                yield _Value("example-mismatch", pointer, f"{pointer}/examples/{index}", value)
    elif kind in ("parameter", "header") and "schema" in node:
        yield from _examples(tree, pointer, node)
    elif kind == "media type" and "schema" in node:
        is_text = not _is_json(pointers.split(pointer)[-1])
        yield from (it for it in _examples(tree, pointer, node) if not (is_text and isinstance(it.value, str)))


def _is_json(media_type: str) -> bool:
    """Tell whether the examples of a media type are its values, as against text in that type's form."""
    name = media_type.partition(";")[0].strip().lower()
    return name in ("application/json", "text/json") or name.endswith("+json")


def _examples(tree: Any, pointer: str, node: dict[str, Any]) -> Iterator[_Value]:
    schema = f"{pointer}/schema"
    if "example" in node:
        yield _Value("example-mismatch", schema, f"{pointer}/example", node["example"])
    examples = node.get("examples")
    if not is_mapping(examples):
        return
    for name, written in examples.items():
        at, example = follow(tree, f"{pointer}/examples{pointers.join([name])}", written)
        for key in ("value", "dataValue"):
            if is_mapping(example) and key in example:
                yield _Value("example-mismatch", schema, f"{at}/{key}", example[key])


class _Judge:
    """Holds values against schemas of one document."""

    def __init__(self, document: Document) -> None:
        jsonschema, schemas, referencing = (
            _untyped(it) for it in ("jsonschema", "openapi_schema_validator", "referencing")
        )
        name = f"OAS{document.version.replace('.', '')}"
        self._validator = getattr(schemas, f"{name}Validator")
        self._formats = jsonschema.FormatChecker(())
        known = getattr(schemas, f"{name.lower()}_format_checker").checkers
        self._formats.checkers = {form: check for form, check in known.items() if form not in _UNCHECKED_FORMATS}
        resource = referencing.Resource(document.tree, _untyped("referencing.jsonschema").DRAFT202012)
        self._registry = referencing.Registry().with_resource(_DOCUMENT, resource)
        self._best_match = _untyped("jsonschema.exceptions").best_match

    def problems(self, schema: str, value: Any) -> Iterator[tuple[Sequence[str | int], str]]:
        """Say what of a value does not fit the schema at a pointer: where in the value, and why."""
        reference = {"$ref": _DOCUMENT + pointers.as_fragment(schema)}
        validator = self._validator(reference, registry=self._registry, format_checker=self._formats)
        try:
            errors = list(validator.iter_errors(value))
        except Exception:  # noqa: BLE001 - a schema may be wrong in any way; the gate says how
            return
        for error in errors:
            leaf = self._best_match([error])
            if leaf.message.endswith(_SAID_TWICE) or _is_misread(leaf):
                continue
            yield list(leaf.absolute_path), shortened(leaf.message, leaf.instance)


def _is_misread(error: Any) -> bool:
    """Tell whether an error comes of a schema's ``required`` not being a list; the gate reports that."""
    return error.validator == "required" and not is_list(error.validator_value)


def _untyped(name: str) -> Any:
    """Import a module that says nothing, or too little, about its types; late, since these take long."""
    return import_module(name)


def shortened(message: str, instance: Any) -> str:
    """Write the value that a message begins with as JSON, with dots in its middle if it is long."""
    text = repr(instance)
    if not message.startswith(text):
        return message
    shown = json.dumps(instance, ensure_ascii=False)
    if len(shown) > _LONGEST_VALUE:
        half = _LONGEST_VALUE // 2
        shown = f"{shown[:half]} … {shown[-half:]}"
    return shown + message[len(text) :]
