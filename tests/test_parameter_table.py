"""What generated clients send, against the tables of the OpenAPI standard, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import ModuleType
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

import attrs
import pytest

from made_client import NOTHING, Received, Recorder, make

Kind: TypeAlias = Literal["string", "array", "object"]

STRING: Final = "blue"
ARRAY: Final = ["blue", "black", "brown"]
OBJECT: Final = {"R": 100, "G": 200, "B": 150}

STYLE_EXAMPLES: Final = """
path   matrix         false  ;color  ;color=blue  ;color=blue,black,brown              ;color=R,100,G,200,B,150
path   matrix         true   ;color  ;color=blue  ;color=blue;color=black;color=brown  ;R=100;G=200;B=150
path   label          false  .       .blue        .blue,black,brown                    .R,100,G,200,B,150
path   label          true   .       .blue        .blue.black.brown                    .R=100.G=200.B=150
path   simple         false  empty   blue         blue,black,brown                     R,100,G,200,B,150
path   simple         true   empty   blue         blue,black,brown                     R=100,G=200,B=150
header simple         false  empty   blue         blue,black,brown                     R,100,G,200,B,150
header simple         true   empty   blue         blue,black,brown                     R=100,G=200,B=150
query  form           false  color=  color=blue   color=blue,black,brown               color=R,100,G,200,B,150
query  form           true   color=  color=blue   color=blue&color=black&color=brown   R=100&G=200&B=150
cookie form           false  color=  color=blue   color=blue,black,brown               color=R,100,G,200,B,150
cookie form           true   color=  color=blue   color=blue;_color=black;_color=brown R=100;_G=200;_B=150
cookie cookie         false  color=  color=blue   color=blue,black,brown               color=R,100,G,200,B,150
cookie cookie         true   color=  color=blue   color=blue;_color=black;_color=brown R=100;_G=200;_B=150
query  spaceDelimited false  n/a     n/a          color=blue%20black%20brown           color=R%20100%20G%20200%20B%20150
query  pipeDelimited  false  n/a     n/a          color=blue%7Cblack%7Cbrown           color=R%7C100%7CG%7C200%7CB%7C150
query  deepObject     true   n/a     n/a          n/a                                  color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150
"""  # noqa: E501 - a table
"""OpenAPI 3.2 §4.12.4, «Style Examples»: location, style, explode; the empty string, a string, an array, an object.

Its column «undefined» is called «empty» in 3.0, where it stands for the empty string; what is undefined in the sense of
RFC 6570 §2.3 is not sent at all. An underscore stands for a space. The rows for cookies in style ``form`` are those for
queries, with the separator that cookies have (RFC 6265 §4.2.1, and 3.2's appendix D).
"""


@attrs.frozen
class Row:
    """One cell of a table: what is sent, and how it has to look."""

    location: str
    style: str
    explode: bool
    kind: Kind
    value: Any
    expected: str

    @property
    def operation(self) -> str:
        style = self.style[:1].upper() + self.style[1:]
        return f"{self.location.title()}{style}{'Exploded' if self.explode else 'Joined'}{self.kind.title()}"


def rows() -> Iterator[Row]:
    for line in STYLE_EXAMPLES.split("\n")[1:-1]:
        location, style, explode, *cells = line.split()
        kinds: tuple[tuple[Kind, Any], ...] = (("string", ""), ("string", STRING), ("array", ARRAY), ("object", OBJECT))
        for (kind, value), cell in zip(kinds, cells, strict=True):
            if cell != "n/a":
                expected = cell.replace("_", " ").replace("empty", "")
                yield Row(location, style, explode == "true", kind, value, expected)


ROWS: Final = tuple(rows())
SCHEMAS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "string": {"type": "string"},
    "array": {"type": "array", "items": {"type": "string"}},
    "object": {"$ref": "#/components/schemas/Color"},
}


def described(row: Row) -> dict[str, Any]:
    parameter = {
        "name": "color",
        "in": row.location,
        "required": row.location == "path",
        "style": row.style,
        "explode": row.explode,
        "schema": SCHEMAS[row.kind],
    }
    return {"get": {"operationId": row.operation, "parameters": [parameter], "responses": NOTHING}}


def path(row: Row) -> str:
    return f"/{row.operation}/at-{{color}}" if row.location == "path" else f"/{row.operation}"


@attrs.frozen
class Case:
    """A parameter beyond the tables, what is passed for it, and what has to travel."""

    parameter: Mapping[str, Any]
    value: Any
    expected: str | None
    """None for nothing."""


INTEGER: Final = {"type": "integer"}
NUMBER: Final = {"type": "number"}
TEXT: Final = {"type": "string"}
FREE: Final = {"type": "object", "additionalProperties": True}
LIST: Final = {"type": "array", "items": TEXT}
DEEP: Final = {"style": "deepObject", "explode": True, "schema": FREE}
GIVEN: Final = {"type": "object", "properties": {"id": {"type": "string", "readOnly": True}, "name": TEXT}}
AWKWARD: Final = "a/b?c#d&e=f+g,h[i] j%k%2Fü"


def query(value: Any, expected: str | None, schema: Mapping[str, Any] = TEXT, **more: Any) -> Case:
    return Case({"in": "query", "schema": schema} | more, value, expected)


def content(location: str, media_type: str, schema: Mapping[str, Any], value: Any, expected: str) -> Case:
    return Case({"in": location, "content": {media_type: {"schema": schema}}}, value, expected)


CASES: Final[Mapping[str, Case]] = {
    "Encoded": query(AWKWARD, "x=a%2Fb%3Fc%23d%26e%3Df%2Bg%2Ch%5Bi%5D%20j%25k%252F%C3%BC"),
    # §4.12.2.2, allowReserved: what a form or a query cannot hold is encoded even so
    "Reserved": query(AWKWARD, "x=a/b?c%23d%26e=f%2Bg,h%5Bi%5D%20j%25k%2F%C3%BC", allowReserved=True),
    "ReservedItems": query(["a,b", "c/d"], "x=a%2Cb,c/d", LIST, allowReserved=True, explode=False),
    "ReservedObject": query({"k=1": "a=b/c"}, "x%5Bk%3D1%5D=a=b/c", FREE, allowReserved=True, style="deepObject"),
    "ReservedPath": Case(
        {"in": "path", "schema": TEXT, "allowReserved": True},
        AWKWARD,
        "a%2Fb%3Fc%23d&e=f+g,h%5Bi%5D%20j%25k%2F%C3%BC",
    ),
    "ReservedMatrix": Case(
        {"in": "path", "schema": LIST, "allowReserved": True, "style": "matrix", "explode": True},
        ["a;b=c", "d:e"],
        ";x=a%3Bb%3Dc;x=d:e",
    ),
    "ReservedCookie": Case({"in": "cookie", "schema": TEXT, "allowReserved": True}, "a/b;c=d", "x=a/b%3Bc=d"),
    # appendix B: numbers and flags as JSON writes them, without an exponent
    "Whole": query(10**20, "x=100000000000000000000", INTEGER),
    "Large": query(1e16, "x=10000000000000000", NUMBER),
    "Small": query(1.5e-7, "x=0.00000015", NUMBER),
    "Float": query(5.0, "x=5.0", NUMBER),
    "Numbers": query([1e22, 2], "x=10000000000000000000000,2", {"type": "array", "items": NUMBER}, explode=False),
    "Flag": query(value=False, expected="x=false", schema={"type": "boolean"}),
    "Time": query("2030-05-17T14:00:00+02:00", "x=2030-05-17T14%3A00%3A00%2B02%3A00", {**TEXT, "format": "date-time"}),
    "Date": query(date(2030, 5, 17), "x=2030-05-17", {**TEXT, "format": "date"}),
    "Uuid": query(UUID(int=1), "x=00000000-0000-0000-0000-000000000001", {**TEXT, "format": "uuid"}),
    "Bytes": query("AP8=", "x=AP8%3D", {**TEXT, "format": "binary"}),
    "BytesItems": query(["AP8=", ""], "x=AP8%3D,", {**LIST, "items": {**TEXT, "format": "binary"}}, explode=False),
    "Choice": query("a b", "x=a%20b", {**TEXT, "enum": ["a b", "c"]}),
    "Unlisted": query("new", "x=new", {**TEXT, "enum": ["a b", "c"]}),
    "Untyped": Case({"in": "query"}, {"a": 1}, "a=1"),
    "AnySchema": query("s", "x=s", {}),
    # RFC 6570 §2.3: null and what has no items are undefined
    "Null": query(None, None, {"type": ["string", "null"]}),
    "NullItems": query(["a", None, "b"], "x=a&x=b", {"type": "array", "items": {"type": ["string", "null"]}}),
    "NoItems": query([], None, LIST),
    "NoItemsJoined": query([], None, LIST, explode=False),
    "NoFields": query({}, None, FREE, explode=False),
    "NoLabel": Case({"in": "path", "schema": LIST, "style": "label"}, [], ""),
    "EmptyItems": query(["", "a", ""], "x=,a,", LIST, explode=False),
    "EmptyValue": query("", "x=", {"type": "boolean"}, allowEmptyValue=True),
    "NotEmptyValue": query(value=True, expected="x=true", schema={"type": "boolean"}, allowEmptyValue=True),
    # what the standard leaves open
    "Exploded": query(["a", "b"], "x=a&x=b", LIST, style="pipeDelimited", explode=True),
    "ExplodedFields": query({"a": 1, "b": 2}, "a=1&b=2", FREE, style="spaceDelimited", explode=True),
    "Pipes": query(["a%7Cb", "c d"], "x=a%257Cb%7Cc%20d", LIST, style="pipeDelimited", explode=False),
    "Spaces": query(["a%20b", "c|d"], "x=a%2520b%20c%7Cd", LIST, style="spaceDelimited", explode=False),
    "OneOfSeveral": query("a", "x=a", style="pipeDelimited"),
    "Deep": query({"a": {"b": {"c": 1}}}, "x%5Ba%5D%5Bb%5D%5Bc%5D=1", **DEEP),
    "DeepList": query({"a": [1, None, 2]}, "x%5Ba%5D%5B0%5D=1&x%5Ba%5D%5B2%5D=2", **DEEP),
    "DeepObjects": query([{"a": 1}, {"a": 2}], "x%5B0%5D%5Ba%5D=1&x%5B1%5D%5Ba%5D=2", **DEEP | {"schema": {}}),
    "DeepNothing": query({"a": None, "b": {}, "c": []}, None, **DEEP),
    "DeepScalar": query("s", "x=s", **DEEP | {"schema": TEXT}),
    # JSON Schema 2020-12 validation §9.4: what only the service sets is not sent
    "ReadOnlyDeep": query({"id": "1", "name": "a"}, "x%5Bname%5D=a", **DEEP | {"schema": GIVEN}),
    "ReadOnlyFields": query({"id": "1", "name": "a"}, "name=a", GIVEN),
    "ReadOnlyJson": content(
        "query", "application/json", GIVEN, {"id": "1", "name": "a"}, "x=%7B%22name%22%3A%22a%22%7D"
    ),
    "ReadOnlyHeader": content("header", "application/json", GIVEN, {"id": "1", "name": "a"}, '{"name":"a"}'),
    "Objects": query([{"a": 1}], "x=%7B%22a%22%3A1%7D", {"type": "array", "items": FREE}),
    "Nested": query({"a": {"b": 1}, "c": [2]}, "a=%7B%22b%22%3A1%7D&c=%5B2%5D", FREE),
    "Either": query({"a": 1}, "a=1", {"oneOf": [TEXT, FREE]}),
    "EitherText": query("a", "x=a", {"oneOf": [TEXT, FREE]}),
    "Strange": query("a", "x=a", style="matrix"),
    "HeaderAsItIs": Case({"in": "header", "schema": TEXT}, "a/b c%20;d=e", "a/b c%20;d=e"),
    "HeaderMatrix": Case({"in": "header", "schema": LIST, "style": "form"}, ["a", "b"], "a,b"),
    # §4.12.2.3: by media type
    "JsonQuery": content("query", "application/json", FREE, {"a": [1]}, "x=%7B%22a%22%3A%5B1%5D%7D"),
    "JsonText": content("query", "application/problem+json; charset=utf-8", TEXT, "a", "x=%22a%22"),
    "HeaderInQuotes": Case({"in": "header", "schema": LIST}, ['"a,b"', "c"], '"a,b",c'),
    "CookieList": Case(
        {"in": "cookie", "schema": LIST, "style": "cookie", "explode": False}, ["a%2Cb", "c"], "x=a%2Cb,c"
    ),
    "JsonHeader": content("header", "application/json", FREE, {"ü": 1}, '{"\\u00fc":1}'),
    "JsonPath": content("path", "application/json", FREE, {"a": 1}, "%7B%22a%22%3A1%7D"),
    "JsonCookie": content("cookie", "application/json", FREE, {"a": 1}, "x=%7B%22a%22%3A1%7D"),
    "PlainQuery": content("query", "text/plain", INTEGER, 5, "x=5"),
    "PlainHeader": content("header", "text/plain", TEXT, "a; b=c", "a; b=c"),
    "PlainCookie": content("cookie", "text/plain", TEXT, "a%3D=b", "x=a%3D=b"),
    "PlainPath": content("path", "text/plain", TEXT, "a/b", "a%2Fb"),
    "FormQuery": content("query", "application/x-www-form-urlencoded", FREE, {"a": "b c"}, "x=a%3Db%2520c"),
    "XmlQuery": content("query", "application/xml", FREE, "<a/>", "x=%3Ca%2F%3E"),
    # §4.12.1: a parameter that is the whole query
    "WholeForm": content(
        "querystring",
        "application/x-www-form-urlencoded",
        {"type": "object", "properties": {"a": LIST, "b": FREE}},
        {"a": ["x", "y"], "b": {"c": 1}},
        "a=x&a=y&b=%7B%22c%22%3A1%7D",
    ),
    "WholeJson": content("querystring", "application/json", FREE, {"a": True}, "%7B%22a%22%3Atrue%7D"),
    "WholeText": content("querystring", "application/jsonpath", TEXT, "$.a[0]", "%24.a%5B0%5D"),
}


NAMED: Final[Mapping[str, tuple[str, str, str]]] = {
    "filter[name]": ("query", "filter_name", "filter%5Bname%5D=v"),
    "a.b": ("query", "a_b", "a.b=v"),
    "größe ❤": ("query", "größe", "gr%C3%B6%C3%9Fe%20%E2%9D%A4=v"),
    "$top": ("query", "top", "%24top=v"),
    "class": ("cookie", "class_", "class=v"),
    "X-Q'uote": ("header", "x_q_uote", "v"),
    "it's'+print()+'": ("path", "it_s_print", ";it%27s%27%2Bprint%28%29%2B%27=v"),
}
"""Names of parameters: where they are, what they are called in Python, and what travels for the value ``v``."""

PATHS: Final[Mapping[str, tuple[Mapping[str, Any], str]]] = {
    "/twice/{id}/{id}": ({"id": "a"}, "/twice/a/a"),
    "/suffix/{id}.json": ({"id": "a"}, "/suffix/a.json"),
    "/colon/{id}:cancel": ({"id": "a/b"}, "/colon/a%2Fb:cancel"),
    "/query?kind={id}&b": ({"id": "a"}, "/query?kind=a&b"),
    "/fragment/{id}#second": ({"id": "a"}, "/fragment/a"),
    "/mark/{id?}/{a/b}": ({"id": "a", "a_b": "b"}, "/mark/a/b"),
    "/undescribed/{id}/{other}": ({"id": "a", "other": "b c"}, "/undescribed/a/b%20c"),
    "/operators/{;id*}/{+id}": ({"id": "a/b"}, "/operators/a%2Fb/a%2Fb"),
    "/literal/ü %2F%/": ({}, "/literal/%C3%BC%20%2F%25/"),
}
"""URL templates, arguments, and what travels; of the parameters in them only ``id`` is described, and in each."""


def case_operation(name: str, case: Case) -> tuple[str, Mapping[str, Any]]:
    in_path = case.parameter["in"] == "path"
    parameter = {"name": "x", "required": in_path, **case.parameter}
    own = {"operationId": name, "parameters": [parameter], "responses": NOTHING}
    return f"/cases/{name}" + ("/at-{x}" if in_path else ""), {"get": own}


def named_operation(index: int, name: str, location: str) -> tuple[str, Mapping[str, Any]]:
    in_path = location == "path"
    parameter = {"name": name, "in": location, "schema": TEXT, "required": in_path}
    own = {"operationId": f"named{index}", "parameters": [parameter | ({"style": "matrix"} if in_path else {})]}
    return f"/named/{index}" + (f"/at-{{{name}}}" if in_path else ""), {"get": own | {"responses": NOTHING}}


def path_operation(index: int) -> Mapping[str, Any]:
    described = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in ("id", "id?", "unplaced")]
    return {"get": {"operationId": f"path{index}", "parameters": described, "responses": NOTHING}}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    properties = {name: {"type": "integer"} for name in OBJECT}
    whole = {
        "openapi": "3.2.0",
        "info": {"title": "Table", "version": "1"},
        "paths": {path(row): described(row) for row in ROWS}
        | dict(case_operation(name, case) for name, case in CASES.items())
        | dict(named_operation(index, name, NAMED[name][0]) for index, name in enumerate(NAMED))
        | {template: path_operation(index) for index, template in enumerate(PATHS)},
        "components": {"schemas": {"Color": {"type": "object", "properties": properties}}},
    }
    return make(whole, tmp_path_factory.mktemp("table"), "parameter_table_api")


@pytest.fixture(scope="module")
def server() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@pytest.fixture(scope="module")
def client(package: ModuleType, server: Recorder) -> Iterator[Any]:
    with package.Client(server=server.url) as opened:
        yield opened


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.operation}-{row.value or 'empty'!s:.9}")
def test_each_value_travels_as_the_table_says(row: Row, package: ModuleType, client: Any, server: Recorder) -> None:
    value = package.models.Color.from_dict(row.value) if row.kind == "object" else row.value
    request = getattr(package.models, f"{row.operation}Request")
    client.send(request(color=value))
    assert travelled(server.take(), row.location, "color") == row.expected


def travelled(received: Received, location: str, name: str) -> str | None:
    """What arrived of a parameter, as it was sent."""
    match location:
        case "path":
            return received.target.partition("/at-")[2]
        case "header":
            return received.headers.get(name.lower())
        case "cookie":
            return received.headers.get("cookie")
        case _:
            return received.query


@pytest.mark.parametrize("name", CASES)
def test_what_the_table_leaves_out(name: str, package: ModuleType, client: Any, server: Recorder) -> None:
    case = CASES[name]
    request = getattr(package.models, f"{name}Request").from_dict({} if case.value is None else {"x": given(case)})
    assert type(request).from_dict(request.to_dict()) == request
    client.send(request)
    assert travelled(server.take(), case.parameter["in"], "x") == case.expected


def given(case: Case) -> Any:
    return str(case.value) if isinstance(case.value, date | UUID) else case.value


@pytest.mark.parametrize("name", NAMED)
def test_names_travel_whole(name: str, package: ModuleType, client: Any, server: Recorder) -> None:
    location, attribute, expected = NAMED[name]
    request = getattr(package.models, f"Named{[*NAMED].index(name)}Request")
    client.send(request(**{attribute: "v"}))
    assert travelled(server.take(), location, name) == expected


@pytest.mark.parametrize("template", PATHS)
def test_paths_are_filled_in(template: str, package: ModuleType, client: Any, server: Recorder) -> None:
    arguments, expected = PATHS[template]
    request = getattr(package.models, f"Path{[*PATHS].index(template)}Request")
    assert {field.name for field in attrs.fields(request)} == arguments.keys()
    client.send(request(**arguments))
    assert server.take().target == expected


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Float", float("inf"), "expected a finite number, got inf"),
        ("PlainCookie", "a;b", "cookie x must hold no ';', unless it is encoded beforehand"),
        ("PlainCookie", "ü", "cookie x must hold no 'ü', unless it is encoded beforehand"),
        ("HeaderAsItIs", "a\nb", "header x must hold no line break or control character, nor spaces around it"),
        ("WholeForm", "a", "a form needs fields, got a str"),
        ("Pipes", ["a", "b|c"], "x: an item must hold no '|', which stands between items"),
        (
            "HeaderMatrix",
            ["a", "b,c"],
            "header x: an item must not be empty, hold a comma outside of quotes, nor begin or end in a space",
        ),
        ("CookieList", ["a,b", "c"], "x: an item must hold no ',', which stands between items"),
        ("Spaces", ["a", "b c"], "x: an item must hold no ' ', which stands between items"),
    ],
)
def test_what_cannot_travel_is_refused(name: str, value: Any, said: str, package: ModuleType) -> None:
    request = getattr(package.models, f"{name}Request")(x=value)
    with pytest.raises(package.errors.InvalidArgumentError) as caught:
        request.to_http()
    assert str(caught.value) == said


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
def test_what_is_undefined_is_not_sent(location: str, package: ModuleType, client: Any, server: Recorder) -> None:
    requests = dict.fromkeys(row.operation for row in ROWS if row.location == location)
    for operation in requests:
        client.send(getattr(package.models, f"{operation}Request")())
        received = server.take()
        assert (received.query, received.headers.keys() & {"color", "cookie"}) == (None, set())
