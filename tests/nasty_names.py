"""Names that stand in the way of something in Python, on a file system or in a generated client, and each other's."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from attrest import pointers

Json: TypeAlias = Any

NAMES: Final = (
    *sorted({*keyword.kwlist, *keyword.softkwlist} - {"_"}),
    *(
        "bool",
        "bytes",
        "classmethod",
        "dict",
        "float",
        "frozenset",
        "int",
        "isinstance",
        "len",
        "list",
        "object",
        "print",
    ),
    *("property", "set", "str", "super", "tuple", "type", "Exception", "KeyError", "RecursionError", "NotImplemented"),
    *(
        "__init__",
        "__class__",
        "__dict__",
        "__slots__",
        "__name__",
        "__attrs_attrs__",
        "__debug__",
        "__private",
        "_x",
        "_",
    ),
    # what generated code, the runtime and the libraries use
    *(
        "self",
        "Self",
        "cls",
        "to_dict",
        "from_dict",
        "additional_properties",
        "data",
        "at",
        "source",
        "seen",
        "v",
        "values",
    ),
    *(
        "item",
        "key",
        "error",
        "unknown",
        "name",
        "value",
        "operation",
        "pagination",
        "to_http",
        "options",
        "poll",
        "body",
    ),
    *(
        "Body",
        "request_body",
        "content_type",
        "path",
        "query",
        "header",
        "cookie",
        "headers",
        "server",
        "timeout",
        "retries",
    ),
    *(
        "transport",
        "token",
        "api_key",
        "basic_auth",
        "Any",
        "Mapping",
        "Sequence",
        "Callable",
        "ClassVar",
        "ClassVariant",
        "Literal",
    ),
    *(
        "TypeAlias",
        "TYPE_CHECKING",
        "StrEnum",
        "IntEnum",
        "Enum",
        "UUID",
        "Decimal",
        "datetime",
        "date",
        "Unset",
        "UNSET",
    ),
    *("UnknownVariant", "Response", "Request", "Client", "AsyncClient", "NastyNamesClient", "AsyncNastyNamesClient"),
    *("Options", "Timeout", "Retries", "Transport", "File", "Headers", "Pages", "Error", "ApiError", "attrs", "_attrs"),
    *(
        "codec",
        "_codec",
        "_dt",
        "cached_property",
        "annotations",
        "models",
        "client",
        "errors",
        "operations",
        "resources",
    ),
    *(
        "_runtime",
        "_request",
        "_client",
        "send",
        "close",
        "pause",
        "configuration",
        "py.typed",
        "__init__.py",
        "readme",
    ),
    # what enums have of their own
    *("mro", "MRO", "_missing_", "_value_", "_order_", "_ignore_", "_generate_next_value_", "__members__", "_name_"),
    # digits, signs, nothing
    *("1", "1st", "3D", "+1", "-1", "1.5", "-", "--", " ", ".", "...", "$", "$ref", "@type", "#", "<=", ">=", "*", "€"),
    # cases and separators of one word
    *(
        "user_id",
        "userId",
        "UserId",
        "UserID",
        "USER_ID",
        "user-id",
        "user id",
        "user.id",
        "userid",
        "USERID",
        "user__id",
    ),
    *(
        "user_id_",
        "_user_id",
        "user_id_2",
        "userId2",
        "UserIdRequest",
        "UserIdCallRequest",
        "user_id_query",
        "AsyncUserId",
    ),
    # letters of many scripts, and those that Python or a file system takes for the same
    *("ß", "ẞ", "ss", "SS", "ı", "İ", "I", "i", "ſ", "S", "ﬁ", "fi", "Å", "A\u030a", "µ", "μ", "Ω", "K", "ª"),
    *("Ⅷ", "VIII", "x²", "x2", "ｘ２", "①", "१", "٣", "é", "e\u0301", "\u0301", "ΐ", "ŉ", "ǆ", "Dž", "ﷺ", "ㅤ", "ᅠ"),
    *(
        "名前",
        "住所",
        "हिन्दी",
        "ภาษาไทย",
        "العربية",
        "עברית",
        "한국어",
        "Übergröße",
        "ÜBERGRÖSSE",
        "naïve",
        "naive",
        "Ё",
        "Е",
    ),
    *("😀", "😁", "a😀b", "a\u200db", "a\u200cb", "a\u202eb", "ab", "a\ufe0fb", "\u2066"),
    # long ones, and those that no file can be called
    *("x" * 300, "x" * 299 + "y", "日" * 120, "日" * 119 + "本", "Ab" * 60, "aB" * 60, "a." * 120),
    *(
        "con",
        "CON",
        "con.txt",
        "aux",
        "nul",
        "com1",
        "COM¹",
        "lpt9",
        "../up",
        "a/b",
        "a\\b",
        "C:",
        "a\0b",
        "a\nb",
        "~",
        "~1",
    ),
)
"""All different, and so is what stands for each in Python."""
LISTED: Final = "all that there are"
"""The name of an enum of all names."""
LAST: Final = "the last"
"""The name of a schema that refers to no other."""


def description(names: Sequence[str]) -> dict[str, Json]:
    """Return a description that calls everything that has a name by each of these."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Nasty names", "version": "1"},
        "servers": [{"url": f"https://{number}.example", "x-server-name": name} for number, name in enumerate(names)],
        "tags": [{"name": name} for name in names],
        "paths": {f"/{number}": {"post": _operation(number, names)} for number in range(len(names))},
        "components": {
            "schemas": {
                LISTED: {"type": "string", "enum": [*names]},
                LAST: {"type": "object"},
                **{name: _schema(name, successor(number, names)) for number, name in enumerate(names)},
            },
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": f"x-{number}"} for number, name in enumerate(names)
            },
        },
    }


def successor(number: int, names: Sequence[str]) -> str:
    """Return the name of the schema that the one with a number refers to; no chain of references is long."""
    return LAST if number % 8 == 7 or number + 1 == len(names) else names[number + 1]


def parameters(number: int, names: Sequence[str]) -> Sequence[str]:
    """Return the names of the parameters of an operation: the one with its number, and some after it."""
    return (*names[number:], *names)[:6]


def reference(name: str) -> dict[str, Json]:
    """Return the reference to the schema of a name."""
    return {"$ref": pointers.as_fragment(pointers.join(("components", "schemas", name)))}


def _schema(name: str, after: str) -> dict[str, Json]:
    """Return a schema that uses what models import, under names that it might hide."""
    return {
        "type": "object",
        "required": [name],
        "properties": {
            name: {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
            after: reference(name),
            f"{after} list": {"type": "array", "items": reference(after)},
            f"{after} of": {"oneOf": [{"type": "string", "format": "uuid"}, reference(after), {"const": after}]},
            f"{name} kind": {"type": "string", "enum": [name, after]},
        },
    }


def _operation(number: int, names: Sequence[str]) -> dict[str, Json]:
    some = parameters(number, names)
    result = {"application/json": {"schema": reference(some[2])}}
    return {
        "operationId": some[0],
        "tags": [some[1]],
        "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in some],
        "requestBody": {"content": {"application/json": {"schema": reference(some[0])}}},
        "responses": {"200": {"description": "x", "content": result}, "404": {"description": "x", "content": result}},
    }
