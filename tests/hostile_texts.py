"""Texts that mean something to Python, TOML, Markdown, templates or editors, and descriptions full of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from attrest import pointers

Json: TypeAlias = Any

CANARY: Final = "__import__('builtins').__dict__.setdefault('attrest_canary', 1)"
"""What no text may make happen."""

TEXTS: Final = (
    # quotes and escapes of Python
    *('"', "'", '"""', "'''", '""""', 'ends in "', "ends in '", "\\", "\\\\", "ends in \\", '\\"', '\\"""', '"\\'),
    *("\\N{DIGIT ONE}", "\\N{", "\\u0041", "\\x", "\\U00110000", "\\101", "\\n", 'r"', 'b"x"', 'f"{x}"'),
    # templates, formats and interpolation
    *("{", "}", "{}", "{0}", "{x!r}", "{{ 7*7 }}", "{% raw %}", "{% endraw %}", "{# x #}", "{{ '{{' }}", "${x}"),
    *("$(x)", "%s", "%(x)s", "%", "%41", "`x`", "#{x}"),
    # what ends a line, somewhere
    *("a\nb", "a\rb", "a\r\nb", "a\tb", "a\x0bb", "a\x0cb", "a\x1cb", "a\x1eb", "a\x85b", "a\u2028b", "a\u2029b"),
    # what cannot be seen, or turns what can be seen around
    *("\0", "a\x07b", "a\x1b[31mb", "a\x7fb", "a\x9bb", "a\u200bb", "a\u200db", "a\u200eb", "a\u202eb"),
    *("a\u2066b\u2069", "a\ufeffb", "a\xadb", "a\xa0b", "a\u3000b", "a\U000e0041b", "\ue000", "\ufffe", "a\u0301"),
    *("\U0001f600", "\u0338"),
    # comments that tools read
    *("# type: ignore", "# noqa", "# fmt: off", "# fmt: skip", "# pyright: basic", "# mypy: ignore-errors"),
    *("# -*- coding: utf-7 -*-", "coding=utf-16", "#!/bin/sh", ">>> 1/0", "# pragma: no cover"),
    # code, for each place that a careless template would put it
    *(CANARY, f'"); {CANARY} #', f"'); {CANARY} #", f'"""\n{CANARY}\n"""', f"'''\n{CANARY}\n'''"),
    *(f'\\"""\n{CANARY}', f"{{{CANARY}}}", f"{{{{ {CANARY} }}}}", f"\n{CANARY}\n", f"\r{CANARY}", f"]\n{CANARY}"),
    *(f"x: int = {CANARY}", f"\\\n{CANARY}", f'"\n\n{CANARY}', f"\x0c{CANARY}", f"\u2028{CANARY}", f"# \r{CANARY}"),
    *("@x", "lambda: 0", "*/", "/*"),
    # TOML, YAML, Markdown and HTML
    *('"\n[tool.x]\ny = 1', '"""\n[x]', "]\n[project.scripts]", "- x", "x: y", "&x", "*x", "!!python/object:x"),
    *("---", "|", "<script>alert(1)</script>", "<!-- x", "-->", "[x](javascript:alert(1))", "![x](http://x)", "```"),
    *("~~~", "# x", "> x", "| x | y |", "<br>", "&lt;", "&#x22;", "*x*", "_x_", "[x]: http://x", "http://x"),
    *("<http://x>", "1. x", "x  \ny"),
    # paths and headers
    *("../x", "/x", "x/y", "~0", "~1", "a b", "x\r\nY: z", "x; y=z", "x, y", "=", "&", "+", ":", "@", "\\\\x\\y"),
    "C:x",
    # names that Python uses
    *("__class__", "__import__", "None", "self", "import os", "object", "print"),
)
"""Each may stand anywhere in a description, and is data wherever it stands."""

CALM: Final = tuple(f"calm{number}" for number in range(len(TEXTS)))
"""As many texts that mean nothing to anybody."""


def description(texts: Sequence[str]) -> dict[str, Json]:
    """Return a description that has each text in every place that takes text.

    Args:
        texts: As many as ``TEXTS`` has. The description's shape depends on their number alone.
    """
    everything = " ".join(texts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": everything,
            "summary": everything,
            "description": everything,
            "termsOfService": everything,
            "contact": {"name": everything, "url": everything, "email": everything},
            "license": {"name": everything, "identifier": everything},
            "version": everything,
            "x-text": everything,
        },
        "servers": [_server(text) for text in texts],
        "security": [{text: []} for text in texts],
        "tags": [{"name": text, **_about(text), "x-display-name": text} for text in texts],
        "paths": {path(number, text): _path_item(number, text) for number, text in enumerate(texts)},
        "webhooks": {text: _webhook(text) for text in texts},
        "components": {
            "schemas": _schemas(texts),
            "securitySchemes": {text: _security_scheme(number, text) for number, text in enumerate(texts)},
        },
        "externalDocs": {"url": everything, "description": everything},
        "x-text": {text: text for text in texts},
    }


def _about(text: str) -> dict[str, Json]:
    return {"description": text, "externalDocs": {"url": text, "description": text}, "x-text": {text: [text]}}


def _server(text: str) -> dict[str, Json]:
    variable = {"default": text, "enum": [text], "description": text}
    name = in_path(text)
    url = f"https://x.example/{in_path(text)}/{{{name}}}"
    return {"url": url, "x-server-name": text, "variables": {name: variable}, **_about(text)}


def _security_scheme(number: int, text: str) -> dict[str, Json]:
    return {"type": "apiKey", "in": ("header", "query", "cookie")[number % 3], "name": f"x-{number}", **_about(text)}


def _schemas(texts: Sequence[str]) -> dict[str, Json]:
    return {
        "Listed": {"type": "string", "enum": [*texts], "x-enum-descriptions": [*texts], "title": texts[0]},
        "Named": {"type": "integer", "enum": [*range(len(texts))], "x-enum-varnames": [*texts]},
        "Holder": {"type": "object", "properties": {text: _property(text) for text in texts}, "required": [*texts]},
        "Closed": {
            "type": "object",
            "properties": {text: {"type": "string"} for text in texts},
            "additionalProperties": False,
        },
    } | {f"Model {number} of {text}": _model(number, text) for number, text in enumerate(texts)}


def _property(text: str) -> dict[str, Json]:
    pattern = f"^{re.escape(text)}$"
    return {"type": "string", "default": text, "examples": [text], "title": text, "pattern": pattern, **_about(text)}


def _model(number: int, text: str) -> dict[str, Json]:
    return {
        "type": "object",
        "title": text,
        **_about(text),
        "$comment": text,
        "xml": {"name": text},
        "required": [text],
        "examples": [{text: text}],
        "properties": {
            text: {"const": text, "description": text},
            f"{text} chosen": {"type": "string", "enum": [text, "other"], "default": text, "title": text},
            f"{text} itself": {"$ref": schema_reference(number, text)},
            f"{text} values": {"type": "array", "items": {"enum": [text, 1, None]}},
        },
        "additionalProperties": {"type": "string", "pattern": re.escape(text)},
    }


def schema_reference(number: int, text: str) -> str:
    """Return the reference to the schema made for a text."""
    return pointers.as_fragment(pointers.join(("components", "schemas", f"Model {number} of {text}")))


def in_path(text: str) -> str:
    """Return a text without what means something in a path: parameters, a query, a fragment."""
    return "p" + text.translate(str.maketrans("{}?#", "()!="))


def in_media_type(text: str) -> str:
    """Return a text without what means something in a media type: its parameters, a range."""
    return text.translate(str.maketrans(";*", ",x"))


def path(number: int, text: str) -> str:
    """Return the path of a text: its number, itself, and a parameter that is called so."""
    return f"/{number}/{in_path(text)}/{{{in_path(text)}}}"


def _path_item(number: int, text: str) -> dict[str, Json]:
    return {
        "summary": text,
        "description": text,
        "servers": [_server(text)],
        "parameters": [_parameter("path", in_path(text)) | {"style": "matrix"}],
        "post": {
            "operationId": text,
            "summary": text,
            "tags": [text],
            **_about(f"What it does: {text}"),
            "parameters": [_parameter(place, text) for place in ("query", "header", "cookie")],
            "requestBody": {
                "description": text,
                "content": {f"application/x{in_media_type(text)}+json": _media(number, text)},
            },
            "responses": {
                "200": {
                    "description": text,
                    "headers": {text: {"description": text, "schema": {"type": "string"}}},
                    "content": {"application/json": _media(number, text), f"x/{text}": _media(number, text)},
                    "links": {text: {"operationId": text, "description": text, "parameters": {text: text}}},
                },
                "404": {"description": text},
                "default": {"description": text, "content": {"application/json": _media(number, text)}},
            },
            "callbacks": {text: {text: _webhook(text)}},
            "security": [{text: [text]}],
            "servers": [_server(text)],
            "deprecated": True,
        },
    }


def _parameter(location: str, text: str) -> dict[str, Json]:
    schema = {"type": "string", "default": text, "pattern": re.escape(text), "description": text}
    required = location == "path"
    return {
        "name": text,
        "in": location,
        "required": required,
        "schema": schema,
        "example": text,
        **_about(text),
    }


def _media(number: int, text: str) -> dict[str, Json]:
    examples = {text: {"summary": text, "value": {text: text}}}
    return {"schema": {"$ref": schema_reference(number, text)}, "examples": examples}


def _webhook(text: str) -> dict[str, Json]:
    inline = {"type": "object", "properties": {text: _property(text)}, **_about(text)}
    body = {"description": text, "content": {"application/json": {"schema": inline}}}
    return {"post": {"summary": text, **_about(text), "requestBody": body, "responses": {"204": {"description": text}}}}
