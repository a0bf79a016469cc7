"""The intermediate representation as JSON, for the generators of other people, and the JSON Schema of that form.

A class becomes an object with the class's attributes; one that stands where several kinds may stand also says which it
is, under ``is``. An attribute whose value is ``ABSENT`` is left out. The API also says under ``format`` which version
of this form it has; docs/interchange.md tells what that promises.
"""

from __future__ import annotations

import json
import types
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from attrest.ir import ABSENT, Absent, Api, Declaration
from attrest.typerefs import TypeRef

SCHEMA_FILE: Final = "ir.schema.json"
FORMAT: Final = "1.1"
"""Major and minor version of the form: what reads one minor version reads all later ones of the same major version."""

_TAG: Final = "is"
_FORMAT_KEY: Final = "format"
_TAGGED: Final[tuple[type, ...]] = (*get_args(Declaration), *get_args(TypeRef))
_JSON_TYPES: Final[dict[Any, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}


def as_json(api: Api) -> str:
    """Return an API as JSON text: the same bytes for the same API."""
    return _text({_FORMAT_KEY: FORMAT, **_encode(api)})


def schema_text() -> str:
    """Return the JSON Schema (2020-12) of what ``as_json`` gives, made from the classes themselves."""
    definitions: dict[str, Any] = {}
    root = _schema(Api, definitions)
    return _text(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "The intermediate representation of attrest",
            **root,
            "$defs": dict(sorted(definitions.items())),
        }
    )


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _encode(value: Any) -> Any:
    class_: Any = value.__class__
    if class_ is tuple:
        return list(map(_encode, value))
    if not attrs.has(class_):
        return value
    tag = {_TAG: class_.__name__} if class_ in _TAGGED else {}
    attributes = {field.name: getattr(value, field.name) for field in attrs.fields(class_)}
    return tag | {name: _encode(attribute) for name, attribute in attributes.items() if attribute is not ABSENT}


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a type; those of classes go to ``definitions``, by name."""
    if hint is Any:
        return {}
    if hint in _JSON_TYPES:
        return {"type": _JSON_TYPES[hint]}
    if attrs.has(hint):
        _define(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    arguments = get_args(hint)
    match get_origin(hint):
        case origin if origin is Literal:
            return {"enum": list(arguments)}
        case origin if origin is tuple:
            return {"type": "array", "items": _schema(arguments[0], definitions)}
        case origin if origin in {Union, types.UnionType}:
            schemas = [_schema(argument, definitions) for argument in arguments if argument is not Absent]
            return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        case _:
            raise TypeError(f"{hint}: no such type in the intermediate representation")


def _define(class_: type[Any], definitions: dict[str, Any]) -> None:
    name = class_.__name__
    if name in definitions:
        return
    definition: dict[str, Any] = {}
    definitions[name] = definition  # before its attributes: they may lead back here
    hints = get_type_hints(class_)
    tag: dict[str, Any] = {_TAG: {"const": name}} if class_ in _TAGGED else {}
    if class_ is Api:
        tag = {_FORMAT_KEY: {"type": "string", "pattern": f"^{FORMAT.partition('.')[0]}\\.[0-9]+$"}}
    properties = tag | {field.name: _schema(hints[field.name], definitions) for field in attrs.fields(class_)}
    definition |= {
        "description": (class_.__doc__ or "").split("\n", maxsplit=1)[0],
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if not _may_be_absent(hints.get(name))],
        "additionalProperties": False,
    }


def _may_be_absent(hint: Any) -> bool:
    return Absent in get_args(hint)
