"""Decoders and encoders: what they accept, what they refuse, and how they say where."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any
from uuid import UUID

import attrs
import pytest

from attrest.runtime import codec, json_text
from attrest.runtime.errors import DecodeError, InvalidArgumentError
from attrest.runtime.unset import UNSET
from runtime.sample import Pet, PetKind, PetPage

PET = {"id": "p1", "bornAt": "2019-06-13T19:08:25Z", "kind": "cat", "tags": ["a"]}


class Size(IntEnum):
    SMALL = 1


class Mixed(Enum):
    NONE = None
    HALF = 0.5
    WORD = "word"


def refusal(decode: Callable[[Any], Any], value: Any) -> str:
    with pytest.raises(DecodeError) as raised:
        decode(value)
    return str(raised.value)


@pytest.mark.parametrize(
    ("decode", "value", "expected"),
    [
        (codec.string, "x", "x"),
        (codec.integer, 3, 3),
        (codec.integer, 3.0, 3),
        (codec.number, 3, 3),
        (codec.number, 2.5, 2.5),
        (codec.boolean, False, False),
        (codec.null, None, None),
        (codec.any_value, [1], [1]),
        (codec.date, "2024-02-29", date(2024, 2, 29)),
        (codec.time, "10:20:30", time(10, 20, 30)),
        (codec.time, "10:20:30.123456z", time(10, 20, 30, 123456, UTC)),
        (codec.duration, "P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        (codec.duration, "-P2W", timedelta(weeks=-2)),
        (codec.duration, "P0Y0.5D", timedelta(hours=12)),
        (codec.duration, "PT0.0000010S", timedelta(microseconds=1)),
        (codec.duration, "P1Y2M", "P1Y2M"),
        (codec.duration, "-P0Y1MT1H", "-P0Y1MT1H"),
        (codec.duration, "PT0.0000001S", "PT0.0000001S"),
        (codec.duration, "P9999999999D", "P9999999999D"),
        (codec.duration, f"P{'9' * 5000}D", f"P{'9' * 5000}D"),
        (codec.uuid, "9814a1fa-f0c6-408b-bf85-51dc3bc71ac7", UUID("9814a1fa-f0c6-408b-bf85-51dc3bc71ac7")),
        (codec.decimal, "1.10", Decimal("1.10")),
        (codec.base64, "aGk=", b"hi"),
        (codec.base64url, "-_8=", b"\xfb\xff"),
        (codec.base64url, "-_-_", b"\xfb\xff\xbf"),
        (codec.base64url, "", b""),
        (codec.array_of(codec.integer), [1, 2], [1, 2]),
        (codec.mapping_of(codec.integer), {"a": 1}, {"a": 1}),
        (codec.nullable(codec.string), None, None),
        (codec.nullable(codec.string), "x", "x"),
        (codec.tuple_of((codec.string, codec.integer), None), ["a", 1], ["a", 1]),
        (codec.tuple_of((codec.string,), codec.integer), ["a", 1, 2], ["a", 1, 2]),
        (codec.literal("a", 1), 1.0, 1),
        (codec.late(lambda: codec.string), "x", "x"),
        (codec.enum_of(PetKind), "cat", PetKind.CAT),
        (codec.enum_of(PetKind), "axolotl", "axolotl"),
        (codec.enum_of(Size), 1, Size.SMALL),
        (codec.enum_of(Size), 2, 2),
        (codec.enum_of(Mixed), None, Mixed.NONE),
        (codec.enum_of(Mixed), 0.5, Mixed.HALF),
        (codec.enum_of(Mixed), 3, 3),
    ],
)
def test_values(decode: Callable[[Any], Any], value: Any, expected: Any) -> None:
    result = decode(value)
    assert result == expected
    assert type(result) is type(expected)


REFUSALS: list[tuple[Callable[[Any], Any], Any, str]] = [
    (codec.string, 1, "$: expected a string, got 1"),
    (codec.integer, True, "$: expected an integer, got true"),
    (codec.integer, 3.5, "$: expected an integer, got 3.5"),
    (codec.number, "1", "$: expected a number, got '1'"),
    (codec.number, False, "$: expected a number, got false"),
    (codec.boolean, 0, "$: expected a boolean, got 0"),
    (codec.null, {}, "$: expected null, got an object"),
    (codec.date, "2023-02-29", "$: expected RFC 3339 date, got '2023-02-29'"),
    (codec.date, "20240101", "$: expected RFC 3339 date, got '20240101'"),
    (codec.time, "10:20", "$: expected RFC 3339 time, got '10:20'"),
    (codec.duration, "P", "$: expected ISO 8601 duration, got 'P'"),
    (codec.duration, "P1D2M", "$: expected ISO 8601 duration, got 'P1D2M'"),
    (codec.duration, "P1DT", "$: expected ISO 8601 duration, got 'P1DT'"),
    (codec.uuid, "9814a1faf0c6408bbf8551dc3bc71ac7", "$: expected a UUID, got '9814a1faf0c6408bbf8551dc3bc71ac7'"),
    (codec.decimal, "NaN", "$: expected a decimal number as text, got 'NaN'"),
    (codec.decimal, "1e9999999999999999999", "$: expected a decimal number as text, got '1e9999999999999999999'"),
    (codec.decimal, 1.5, "$: expected a decimal number as text, got 1.5"),
    (codec.base64, "a===", "$: expected base64, got 'a==='"),
    (codec.base64url, "+/8=", "$: expected base64url, got '+/8='"),
    (codec.base64url, "-", "$: expected base64url, got '-'"),
    (codec.base64url, "-_8==", "$: expected base64url, got '-_8=='"),
    (codec.base64url, "-_ü=", "$: expected base64url, got '-_ü='"),
    (codec.array_of(codec.integer), "12", "$: expected an array, got '12'"),
    (codec.array_of(codec.integer), [1, None], "$[1]: expected an integer, got null"),
    (codec.array_of(codec.array_of(codec.integer)), [[], [1, []]], "$[1][1]: expected an integer, got an array"),
    (codec.mapping_of(codec.integer), {"a": 1, "b c": "x"}, "$['b c']: expected an integer, got 'x'"),
    (codec.mapping_of(codec.integer), [], "$: expected an object, got an array"),
    (codec.tuple_of((codec.string,), None), ["a", 2], "$: expected at most 1 items, got 2"),
    (codec.literal(1, "a"), True, "$: expected 1 or 'a', got true"),
    (codec.enum_of(PetKind), 1, "$: expected a string, got 1"),
    (codec.enum_of(PetKind), [], "$: expected a string, got an array"),
    (codec.enum_of(Size), True, "$: expected an integer, got true"),
]


@pytest.mark.parametrize(("decode", "value", "message"), REFUSALS)
def test_refusals(decode: Callable[[Any], Any], value: Any, message: str) -> None:
    assert refusal(decode, value) == message


def test_long_texts_are_cut() -> None:
    assert refusal(codec.integer, "x" * 200) == f"$: expected an integer, got '{'x' * 80}…'"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-06-13T19:08:25Z", datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC)),
        ("2019-06-13T19:08:25.5Z", datetime(2019, 6, 13, 19, 8, 25, 500000, tzinfo=UTC)),
        ("2019-06-13t19:08:25z", datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC)),
        ("2019-06-13T19:08:25.123456789Z", datetime(2019, 6, 13, 19, 8, 25, 123456, tzinfo=UTC)),
        ("2019-06-13T19:08:25-05:30", datetime(2019, 6, 14, 0, 38, 25, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_date_times(text: str, expected: datetime) -> None:
    moment = codec.date_time(text)
    assert moment == expected
    assert moment.tzinfo is not None


@pytest.mark.parametrize(
    "value",
    [
        "2019-06-13",
        "2019-06-13T19:08:25",
        "2019-06-13 19:08:25Z",
        "2019-W24-4T19:08:25Z",
        "20190613T190825Z",
        "20190613T190825.123Z",
        "2019-06-13T190825.1Z",
        "2019-06-13T19:08Z",
        "2019-06-13T19:08:25.Z",
        "2019-06-13T19:08:25,5Z",
        "2019-06-13T19:08:25+0530",
        "2019-06-13T24:00:01Z",
        "2019-02-30T19:08:25Z",
        "9999-12-31T23:59:60Z",
        "٢019-06-13T19:08:25Z",
        "tomorrow",
        "",
        1560452905,
        None,
        ["-"] * 20,
        {},
    ],
)
def test_what_is_no_date_time(value: Any) -> None:
    assert refusal(codec.date_time, value).startswith("$: expected RFC 3339 date-time, got ")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(999, 1, 2, 3, 4, 5, tzinfo=UTC), "0999-01-02T03:04:05Z"),
        (datetime(1000, 1, 2, 3, 4, 5, tzinfo=UTC), "1000-01-02T03:04:05Z"),
        (datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC), "2019-06-13T19:08:25Z"),
        (datetime(2019, 6, 13, 19, 8, 25, 7000, tzinfo=UTC), "2019-06-13T19:08:25.007Z"),
        (datetime(2019, 6, 13, 19, 8, 25, 7001, tzinfo=UTC), "2019-06-13T19:08:25.007001Z"),
        (datetime(2019, 6, 13, 19, 8, tzinfo=timezone(timedelta(hours=-5))), "2019-06-13T19:08:00-05:00"),
        (datetime(1900, 1, 1, 0, 0, tzinfo=timezone(timedelta(seconds=30))), "1899-12-31T23:59:30Z"),
    ],
)
def test_date_time_text(moment: datetime, text: str) -> None:
    assert codec.date_time_text(moment) == text
    assert codec.date_time(text) == moment


def test_naive_and_impossible_values_are_not_written() -> None:
    with pytest.raises(InvalidArgumentError, match="naive"):
        codec.date_time_text(datetime(2019, 6, 13))  # noqa: DTZ001 - naive on purpose
    with pytest.raises(InvalidArgumentError, match="without a time"):
        codec.date_text(datetime(2019, 6, 13, tzinfo=UTC))
    with pytest.raises(InvalidArgumentError, match="finite"):
        codec.decimal_text(Decimal("NaN"))


@pytest.mark.parametrize(
    ("received", "sent"),
    [
        ("1.50", "1.50"),
        ("-0.00", "-0.00"),
        ("1E3", "1000"),
        ("1e-7", "0.0000001"),
        (f"0.{'123456789' * 9}", f"0.{'123456789' * 9}"),
        ("1.5E+99999999", "1.5E+99999999"),
        ("1E-99999999", "1E-99999999"),
    ],
)
def test_decimal_text(received: str, sent: str) -> None:
    assert codec.decimal_text(codec.decimal(received)) == sent


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(), "PT0S"),
        (timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=500000), "P1DT2H3M4.5S"),
        (timedelta(minutes=-90), "-PT1H30M"),
        (timedelta(microseconds=1), "PT0.000001S"),
    ],
)
def test_duration_text(length: timedelta, text: str) -> None:
    assert codec.duration_text(length) == text
    assert codec.duration(text) == length


def test_a_duration_can_be_text() -> None:
    assert codec.duration_text("P1Y") == "P1Y"
    with pytest.raises(InvalidArgumentError, match="expected a timedelta or an ISO 8601 duration, got '1 year'"):
        codec.duration_text("1 year")


def test_a_model_there_and_back() -> None:
    wire = {**PET, "note": None, "dueAt": "2030-01-01T00:00:00.500Z", "colour": {"fur": "red"}}
    pet = Pet.from_dict(wire)
    assert (pet.kind, pet.note, pet.additional_properties) == (PetKind.CAT, None, {"colour": {"fur": "red"}})
    assert pet.to_dict() == wire
    absent = Pet.from_dict({**PET, "kind": "axolotl"})
    assert (absent.note, absent.kind, absent.due_at) == (UNSET, "axolotl", None)
    assert absent.to_dict() == {**PET, "kind": "axolotl"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"data": [PET, {**PET, "bornAt": "tomorrow"}]},
            "$.data[1].bornAt: expected RFC 3339 date-time, got 'tomorrow'",
        ),
        ({"data": [{"id": "x"}]}, "$.data[0].bornAt: required, but missing"),
        ({"data": [{**PET, "tags": [1]}]}, "$.data[0].tags[0]: expected a string, got 1"),
        ({"data": ["x"]}, "$.data[0]: expected an object, got 'x'"),
        ({"data": None}, "$.data: expected an array, got null"),
    ],
)
def test_errors_say_where(change: dict[str, Any], message: str) -> None:
    assert refusal(PetPage.from_dict, {"data": [], "endCursor": "", "hasNextPage": False, **change}) == message


def test_a_missing_key_deep_inside_is_not_taken_for_the_field_outside() -> None:
    def clumsy(_: Any) -> Any:
        raise KeyError("elsewhere")

    with pytest.raises(KeyError, match="elsewhere"):
        codec.array(clumsy, [1])


def test_nesting_without_end_is_an_error_of_the_data() -> None:
    decode: Callable[[Any], Any] = codec.late(lambda: codec.array_of(decode))
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    assert "levels of nesting" in refusal(decode, value)
    while value:
        value = value.pop()


@attrs.define(kw_only=True)
class Named:
    kind: str
    keys: frozenset[str]


def named(kind: str) -> Callable[[Any], Named]:
    return lambda value: Named(kind=kind, keys=frozenset(value))


def needs_a_tag(_: Any) -> Any:
    raise codec.DecodeError("required, but missing", None)


CAT = codec.Variant(named("cat"), ("object",), frozenset(("lives",)), frozenset(("lives", "name")), name="Cat")
DOG = codec.Variant(named("dog"), ("object",), frozenset(("name",)), frozenset(("name", "bark")), name="Dog")
CONSTANT = codec.Variant(
    named("fish"), ("object",), frozenset(("type",)), frozenset(("type", "name")), {"type": ("fish", 1)}, name="Fish"
)


def test_tagged_unions() -> None:
    decode = codec.tagged("kind", {"cat": named("cat")})
    assert decode({"kind": "cat"}).kind == "cat"
    assert decode({"kind": "newt", "x": 1}) == codec.UnknownVariant({"kind": "newt", "x": 1})
    assert refusal(decode, {"kind": 1}) == "$.kind: expected a string, got 1"
    assert refusal(decode, 1) == "$: expected an object, got 1"


def test_tags_are_equal_as_json_values_are() -> None:
    decode = codec.tagged("version", {1: named("first"), 2.0: named("second")})
    assert [decode({"version": tag}).kind for tag in (1, 1.0, 2, 2.0)] == ["first", "first", "second", "second"]
    assert refusal(decode, {"version": True}) == "$.version: expected an integer, got true"
    assert refusal(decode, {"version": 1.5}) == "$.version: expected an integer, got 1.5"


def test_constants_are_equal_as_json_values_are() -> None:
    assert repr(codec.literal(1.0)(1)) == "1.0"
    assert repr(codec.literal(1)(1.0)) == "1"
    either = codec.literal(*(True, 2))
    assert (either(True), either(2.0)) == (True, 2)  # noqa: FBT003 - the value that is decoded
    for value in (True, 1.5, "1", [1]):
        with pytest.raises(DecodeError, match=r"expected 1\.0, got"):
            codec.literal(1.0)(value)
    with pytest.raises(DecodeError, match="expected True or 2, got 1"):
        either(1)


def test_a_tagged_union_without_the_tag() -> None:
    decode = codec.tagged("type", {"pet": Pet.from_dict, "dog": Pet.from_dict, "other": needs_a_tag})
    assert decode(PET) == Pet.from_dict(PET)
    assert decode({"nobody": "knows"}) == codec.UnknownVariant({"nobody": "knows"})
    assert codec.tagged("type", {"pet": Pet.from_dict}, named("rest"))(PET).kind == "rest"


def test_unions_without_a_discriminator() -> None:
    decode = codec.one_of(CAT, DOG, CONSTANT, codec.Variant(codec.string, ("string",)))
    assert decode({"lives": 9, "name": "x"}).kind == "cat"
    assert decode({"name": "x", "bark": 1}).kind == "dog"
    assert decode({"type": "fish", "name": "x"}).kind == "fish"
    assert decode({"type": "other", "name": "x"}).kind == "dog"
    assert decode("text") == "text"
    assert decode({"type": "fish", "name": "x", "bark": 1}).kind == "dog"
    said = refusal(decode, {"type": True})
    assert "Cat: no 'lives'; Dog: no 'name'; Fish: 'type' is not 'fish' or 1; a string" in said


def test_an_open_union_keeps_objects_that_fit_no_variant() -> None:
    decode = codec.one_of(CAT, DOG, is_open=True)
    assert decode({"fins": 2}) == codec.UnknownVariant({"fins": 2})
    assert refusal(decode, ["fins"]).startswith("$: expected one of the variants (Cat: not an object; Dog: ")


def test_a_known_variant_goes_before_an_unknown_one() -> None:
    tagged = codec.Variant(codec.tagged("kind", {"cat": named("cat")}), ("object",), known=frozenset(("kind", "name")))
    decode = codec.one_of(tagged, DOG, is_open=True)
    assert decode({"kind": "cat", "name": "x"}).kind == "cat"
    assert decode({"kind": "newt", "name": "x"}).kind == "dog"
    assert decode({"kind": "newt"}) == codec.UnknownVariant({"kind": "newt"})


def test_a_variant_that_does_not_decode_gives_way_to_one_that_does() -> None:
    decode = codec.one_of(
        codec.Variant(codec.date_time, ("string",)),
        codec.Variant(codec.integer, ("integer",)),
        codec.Variant(codec.number, ("number",)),
        codec.Variant(codec.string, ("string",)),
    )
    assert decode("2019-06-13T19:08:25Z") == datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC)
    assert decode("later") == "later"
    assert decode(3) == 3
    assert decode(3.5) == 3.5
    assert "got null" in refusal(decode, None)


def test_encode() -> None:
    class Word(StrEnum):
        A = "a"

    pet = Pet.from_dict(PET)
    value = {
        "pet": pet,
        Word.A: [Word.A, Size.SMALL, (1, 2)],
        "when": datetime(2019, 6, 13, tzinfo=UTC),
        "day": date(2019, 6, 13),
        "clock": time(1, 2, 3),
        "long": timedelta(seconds=1),
        "raw": b"hi",
        "exact": Decimal("1.10"),
        "id": UUID(int=0),
        "odd": codec.UnknownVariant({"x": 1}),
    }
    assert codec.encode(value) == {
        "pet": PET,
        "a": ["a", 1, [1, 2]],
        "when": "2019-06-13T00:00:00Z",
        "day": "2019-06-13",
        "clock": "01:02:03",
        "long": "PT1S",
        "raw": "aGk=",
        "exact": "1.10",
        "id": "00000000-0000-0000-0000-000000000000",
        "odd": {"x": 1},
    }
    with pytest.raises(TypeError, match="object has no JSON form"):
        codec.encode(object())
    with pytest.raises(TypeError, match="Unset has no JSON form"):
        codec.encode({"a": UNSET})


@pytest.fixture(params=["orjson", "json"])
def either_library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "json":
        monkeypatch.setattr(json_text, "loads_fast", None)
        monkeypatch.setattr(json_text, "dumps_fast", None)
    else:
        pytest.importorskip("orjson")


@pytest.mark.usefixtures("either_library")
def test_json_text() -> None:
    assert codec.loads(b'{"a": [1, 2.5, null, "\xc3\xa9"]}') == {"a": [1, 2.5, None, "é"]}
    assert codec.dumps({"a": [1, None, "é"]}) == '{"a":[1,null,"é"]}'.encode()
    assert codec.loads(codec.dumps(2**70)) == pytest.approx(2**70)
    assert codec.loads(b'"\\ud800"') == "\ud800"
    for broken in (b"", b"NaN", b"[Infinity]", b"<html>", b"[1", b"\xff"):
        with pytest.raises(ValueError, match=r"JSON|Expecting|decode"):
            codec.loads(broken)
    for value in (math.nan, {"a": [math.inf]}):
        with pytest.raises(ValueError, match="JSON"):
            codec.dumps(value)
    with pytest.raises(TypeError):
        codec.dumps(object())


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 10**400, 2**64 - 1, -(2**63), 0])
@pytest.mark.parametrize("before", range(6))
def test_integers_keep_their_digits_however_many(number: int, before: int) -> None:
    text = b" " * before + b'{"ids":["1234567890123456789",%d]}' % number
    assert codec.loads(text) == {"ids": ["1234567890123456789", number]}
    assert type(codec.loads(text)["ids"][1]) is int
