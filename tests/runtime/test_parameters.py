"""Parameters, against the table of OpenAPI 3.1 §4.8.12.4."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

import pytest

from attrest.runtime import parameters, response_headers
from attrest.runtime.errors import InvalidArgumentError
from attrest.runtime.unset import UNSET
from runtime.sample import Pet

ARRAY = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}
EMPTY = ""
STRING = "blue"

matrix = partial(parameters.matrix, "color")
form = partial(parameters.form, "color")
space = partial(parameters.space_delimited, "color")
pipe = partial(parameters.pipe_delimited, "color")
deep = partial(parameters.deep_object, "color")
header = partial(parameters.header, "X-A")


@pytest.mark.parametrize(
    ("write", "explode", "value", "expected"),
    [
        (matrix, False, EMPTY, ";color"),
        (matrix, False, STRING, ";color=blue"),
        (matrix, False, ARRAY, ";color=blue,black,brown"),
        (matrix, False, OBJECT, ";color=R,100,G,200,B,150"),
        (matrix, True, EMPTY, ";color"),
        (matrix, True, STRING, ";color=blue"),
        (matrix, True, ARRAY, ";color=blue;color=black;color=brown"),
        (matrix, True, OBJECT, ";R=100;G=200;B=150"),
        (parameters.label, False, STRING, ".blue"),
        (parameters.label, False, ARRAY, ".blue,black,brown"),
        (parameters.label, False, OBJECT, ".R,100,G,200,B,150"),
        (parameters.label, True, STRING, ".blue"),
        (parameters.label, True, ARRAY, ".blue.black.brown"),
        (parameters.label, True, OBJECT, ".R=100.G=200.B=150"),
        (parameters.simple, False, STRING, "blue"),
        (parameters.simple, False, ARRAY, "blue,black,brown"),
        (parameters.simple, False, OBJECT, "R,100,G,200,B,150"),
        (parameters.simple, True, STRING, "blue"),
        (parameters.simple, True, ARRAY, "blue,black,brown"),
        (parameters.simple, True, OBJECT, "R=100,G=200,B=150"),
        (form, False, EMPTY, "color="),
        (form, False, STRING, "color=blue"),
        (form, False, ARRAY, "color=blue,black,brown"),
        (form, False, OBJECT, "color=R,100,G,200,B,150"),
        (form, True, EMPTY, "color="),
        (form, True, STRING, "color=blue"),
        (form, True, ARRAY, "color=blue&color=black&color=brown"),
        (form, True, OBJECT, "R=100&G=200&B=150"),
        (space, False, ARRAY, "color=blue%20black%20brown"),
        (space, False, OBJECT, "color=R%20100%20G%20200%20B%20150"),
        (pipe, False, ARRAY, "color=blue%7Cblack%7Cbrown"),
        (pipe, False, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"),
        (space, True, ARRAY, "color=blue&color=black&color=brown"),
        (pipe, True, ARRAY, "color=blue&color=black&color=brown"),
        (deep, True, OBJECT, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
        (deep, True, {"a": {"b": [1, 2]}}, "color%5Ba%5D%5Bb%5D%5B0%5D=1&color%5Ba%5D%5Bb%5D%5B1%5D=2"),
        (header, False, ARRAY, ("X-A", "blue,black,brown")),
        (header, True, OBJECT, ("X-A", "R=100,G=200,B=150")),
        (header, False, "a b/é", ("X-A", "a b/é")),
    ],
)
def test_the_table(write: Callable[..., object], explode: bool, value: Any, expected: object) -> None:  # noqa: FBT001 - a column
    assert write(value, explode=explode) == expected


@pytest.mark.parametrize("write", [form, space, pipe, deep])
@pytest.mark.parametrize("value", [None, UNSET, [], {}])
def test_absent_is_absent(write: Callable[[Any], str], value: Any) -> None:
    assert write(value) == ""


class Word(StrEnum):
    A = "a b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a&b=c d+é%/?#", "x=a%26b%3Dc%20d%2B%C3%A9%25%2F%3F%23"),
        (True, "x=true"),
        (1.5, "x=1.5"),
        (10**20, "x=100000000000000000000"),
        (Word.A, "x=a%20b"),
        (Decimal("1.10"), "x=1.10"),
        (datetime(2019, 6, 13, tzinfo=UTC), "x=2019-06-13T00%3A00%3A00Z"),
        (("a,b", None, "c"), "x=a%2Cb,c"),
        ([{"k": 1}], "x=%7B%22k%22%3A1%7D"),
    ],
)
def test_values_arrive_whole(value: Any, expected: str) -> None:
    assert parameters.form("x", value, explode=False) == expected


def test_reserved_characters() -> None:
    written = parameters.form("x", ["a/b:c?d", "100%", "%2F", "a&b#c+d[e]"], explode=False, allow_reserved=True)
    assert written == "x=a/b:c?d,100%25,%2F,a%26b%23c%2Bd%5Be%5D"


@pytest.mark.parametrize(
    ("write", "value"),
    [
        (pipe, ["a|b", "c"]),
        (pipe, {"a|b": 1}),
        (pipe, {"a": "b|c"}),
        (pipe, [{"k": "a|b"}]),
        (partial(pipe, allow_reserved=True), ["a%7cb"]),
        (space, ("a b",)),
        (partial(space, allow_reserved=True), ["a%20b"]),
    ],
)
def test_an_item_that_would_arrive_as_several_is_refused(write: Callable[[Any], str], value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"color: an item must hold no '[ |]', which stands between items"):
        write(value)


@pytest.mark.parametrize(
    ("write", "value", "said"),
    [
        (partial(parameters.label, explode=True), ["a.b"], "a label: an item must hold no '.'"),
        (partial(parameters.label, explode=True), {"R": 1.5}, "a label: an item must hold no '.'"),
        (partial(parameters.cookie_plain, "x", explode=False), ["a,b", "c"], "x: an item must hold no ','"),
        (partial(parameters.cookie_plain, "x", explode=False), {"a": "b,c"}, "x: an item must hold no ','"),
        (header, ["a,b", "c"], "header X-A: an item must not be empty, hold a comma"),
        (header, ["a", ""], "header X-A: an item must not be empty"),
        (header, [""], "header X-A: an item must not be empty"),
        (header, ["a", " b"], "nor begin or end in a space"),
        (header, ['"a', 'b"'], "hold a comma outside of quotes"),
        (header, {"a": "b,c"}, "hold a comma outside of quotes"),
        (header, {"a": ""}, "header X-A: an item must not be empty"),
        (partial(header, explode=True), {"a=b": "c"}, "header X-A: a name must hold no '='"),
        (partial(header, explode=True), {"a": "b,c"}, "hold a comma outside of quotes"),
    ],
)
def test_items_that_would_arrive_as_others_are_refused(write: Callable[[Any], str], value: Any, said: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        write(value)
    assert said in str(caught.value)


@pytest.mark.parametrize("items", [["a", "b c"], ['"a,b"', 'c="d\\",e"', 'W/"f,g"'], ['5" nail', '6" nail'], []])
def test_items_of_headers_are_read_as_they_are_sent(items: list[str]) -> None:
    _, sent = header(items)
    assert sent is not None
    assert response_headers.array(list, as_text=True)((sent,)) == items


@pytest.mark.parametrize(("sent", "items"), [("a,, b ,", ["a", "b"]), (",", []), ('"a, b', ['"a, b'])])
def test_nothing_between_commas_is_no_item_of_a_header(sent: str, items: list[str]) -> None:
    assert response_headers.array(list, as_text=True)((sent,)) == items


def test_what_has_one_item_each_needs_no_delimiter() -> None:
    assert parameters.cookie_plain("x", ["a,b", "c"], explode=True) == "x=a,b; x=c"
    assert header({"a": "", "b": "=c"}, explode=True) == ("X-A", "a=,b==c")
    assert parameters.label(["a.b", "c"]) == ".a.b,c"
    assert header("a, b,") == ("X-A", "a, b,")


def test_what_only_looks_like_a_delimiter_is_an_item() -> None:
    assert pipe(["a%7Cb", "c d"]) == "color=a%257Cb%7Cc%20d"
    assert space(["a%20b", "c|d"]) == "color=a%2520b%20c%7Cd"
    assert pipe(["a|b"], explode=True) == "color=a%7Cb"


def test_bytes_in_any_form_are_text() -> None:
    assert [form(kind(b"ab")) for kind in (bytes, bytearray, memoryview)] == ["color=YWI%3D"] * 3


def test_names_are_encoded_too() -> None:
    assert parameters.form("a[]", 1) == "a%5B%5D=1"
    assert parameters.deep_object("f", {"a b": 1}) == "f%5Ba%20b%5D=1"


def test_models_are_objects() -> None:
    pet = Pet.from_dict({"id": "p", "bornAt": "2019-06-13T19:08:25Z", "kind": "cat", "tags": []})
    assert "pet%5BbornAt%5D=2019-06-13T19%3A08%3A25Z&pet%5Bid%5D=p" in "&".join(
        sorted(parameters.deep_object("pet", pet).split("&"))
    )


@pytest.mark.parametrize("value", ["", ".", "..", []])
def test_a_path_keeps_its_segments(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="another path"):
        parameters.simple(value)


def test_a_label_keeps_its_segment() -> None:
    for value in ("", "."):
        with pytest.raises(InvalidArgumentError, match="another path"):
            parameters.label(value)
    assert parameters.simple("../a") == "..%2Fa"


def test_query_headers_and_cookies() -> None:
    assert parameters.query("", parameters.form("a", 1), "", parameters.form("b", 2)) == "?a=1&b=2"
    assert parameters.query("") == ""
    assert parameters.headers(parameters.header("X-A", 1), parameters.header("X-B", None)) == {"X-A": "1"}
    assert (
        parameters.cookie(parameters.cookie_form("a", [1, 2]), "", parameters.cookie_form("b", ";"))
        == "a=1; a=2; b=%3B"
    )
    assert parameters.cookie("") is None


def test_json_content() -> None:
    assert parameters.json("f", {"a": [1]}) == "f=%7B%22a%22%3A%5B1%5D%7D"
    assert parameters.json("f", None) == ""
    assert parameters.json_segment({"a": 1}) == "%7B%22a%22%3A1%7D"
    assert parameters.json_header("X-A", {"a": 1}) == ("X-A", '{"a":1}')
    assert parameters.json_header("X-A", UNSET) == ("X-A", None)


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\0", " a", "a\t"])
def test_headers_cannot_be_broken_out_of(value: str) -> None:
    with pytest.raises(InvalidArgumentError, match="header X-A"):
        parameters.headers(("X-A", value))
