"""What values of the standard library cannot hold is written as it was read."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest

from attrest.runtime import codec
from runtime.sample import Pet

PARIS = timezone(timedelta(hours=1))
DATE_TIMES = [
    ("2019-06-13T19:08:25.1234567Z", datetime(2019, 6, 13, 19, 8, 25, 123456, UTC)),
    ("2019-06-13T19:08:25.0000001+01:00", datetime(2019, 6, 13, 19, 8, 25, 0, PARIS)),
    ("2019-06-13t19:08:25.123456700z", datetime(2019, 6, 13, 19, 8, 25, 123456, UTC)),
    ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ("2017-01-01T00:59:60.25+01:00", datetime(2017, 1, 1, 1, 0, 0, 250_000, PARIS)),
]
TIMES = [
    ("10:20:30.1234567z", time(10, 20, 30, 123456, UTC)),
    ("10:20:30.0000001", time(10, 20, 30)),
    ("23:59:60Z", time(0, tzinfo=UTC)),
    ("23:59:60", time(0)),
    ("00:59:60.5+01:00", time(1, 0, 0, 500_000, PARIS)),
]
ALL = [*((codec.date_time, *case) for case in DATE_TIMES), *((codec.time, *case) for case in TIMES)]
every = pytest.mark.parametrize(("decode", "text", "nearest"), ALL, ids=[text for _, text, _ in ALL])
every_date_time = pytest.mark.parametrize(("text", "nearest"), DATE_TIMES)
every_text = pytest.mark.parametrize(("decode", "text"), [case[:2] for case in ALL])

Decode = Callable[[str], Any]


@every_text
def test_the_text_comes_back(decode: Decode, text: str) -> None:
    assert codec.encode(decode(text)) == text


@every
def test_it_is_like_the_value_next_to_it(decode: Decode, text: str, nearest: Any) -> None:
    received = decode(text)
    assert isinstance(received, type(nearest))
    assert received == nearest
    assert nearest == received
    assert hash(received) == hash(nearest)
    assert {nearest: "found"}[received] == "found"
    assert (received < nearest, received <= nearest) == (False, True)
    assert (received.isoformat(), received.utcoffset(), str(received)) == (
        nearest.isoformat(),
        nearest.utcoffset(),
        str(nearest),
    )
    assert f"{received:%H-%M-%S.%f}" == f"{nearest:%H-%M-%S.%f}"


@every
def test_copies_are_written_alike(decode: Decode, text: str, nearest: Any) -> None:
    received = decode(text)
    pickles = [pickle.dumps(received, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    pickled = [pickle.loads(each) for each in pickles]  # noqa: S301 - made one line above
    for copied in (copy.copy(received), copy.deepcopy([received])[0], *pickled):
        assert type(copied) is type(received)
        assert copied == nearest
        assert codec.encode(copied) == text


@every
def test_what_is_replaced_is_plain(decode: Decode, text: str, nearest: Any) -> None:
    for changes in ({}, {"minute": 1}, {"tzinfo": UTC}):
        replaced = decode(text).replace(**changes)
        assert type(replaced) is type(nearest)
        assert replaced == nearest.replace(**changes)
        assert codec.encode(replaced.replace(tzinfo=UTC)) == codec.encode(
            nearest.replace(**changes).replace(tzinfo=UTC)
        )
    assert decode(text).replace(3, 2).hour == nearest.replace(3, 2).hour


@every_text
def test_the_text_is_shown(decode: Decode, text: str) -> None:
    assert repr(decode(text)) in {f"ReceivedDateTime('{text}')", f"ReceivedTime('{text}')"}


@every_date_time
def test_what_is_computed_is_plain(text: str, nearest: datetime) -> None:
    received = codec.date_time(text)
    hour = timedelta(hours=1)
    tokyo = timezone(timedelta(hours=9))
    for computed, expected in (
        (received + hour, nearest + hour),
        (hour + received, hour + nearest),
        (received - hour, nearest - hour),
        (received + timedelta(), nearest),
        (received.astimezone(tokyo), nearest.astimezone(tokyo)),
        (received.astimezone(tokyo).astimezone(nearest.tzinfo), nearest),
        (type(received).combine(received.date(), received.timetz()), nearest),
        (type(received).fromisoformat("2019-06-13T19:08:25Z"), datetime(2019, 6, 13, 19, 8, 25, tzinfo=UTC)),
        (type(received).fromtimestamp(received.timestamp(), nearest.tzinfo), nearest),
    ):
        assert type(computed) is datetime
        assert computed == expected
        assert codec.encode(computed) == codec.encode(expected)
    assert received - nearest == timedelta()
    assert (type(received.timetz()), received.timetz()) == (time, nearest.timetz())


@pytest.mark.parametrize("text", [text for text, _ in DATE_TIMES])
def test_the_same_zone_changes_nothing(text: str) -> None:
    received = codec.date_time(text)
    assert codec.encode(received.astimezone(received.tzinfo)) == text


@pytest.mark.parametrize(
    ("decode", "text"),
    [
        (codec.date_time, "2019-06-13T19:08:25.123456Z"),
        (codec.date_time, "2019-06-13T19:08:25.123456000Z"),
        (codec.date_time, "2019-06-13T19:08:25.000000000+01:00"),
        (codec.date_time, "2019-06-13t19:08:59z"),
        (codec.time, "10:20:30.1234560z"),
        (codec.time, "10:20:30"),
    ],
)
def test_what_they_can_hold_is_plain(decode: Decode, text: str) -> None:
    assert type(decode(text)) in {datetime, time}


def test_a_model_there_and_back() -> None:
    wire = {
        "id": "p1",
        "bornAt": "2019-06-13T19:08:25.123456789Z",
        "kind": "cat",
        "tags": [],
        "dueAt": "2016-12-31T23:59:60Z",
    }
    pet = Pet.from_dict(wire)
    assert json.loads(codec.dumps(pet.to_dict())) == wire
    assert pet.born_at == datetime(2019, 6, 13, 19, 8, 25, 123456, UTC)


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],  # noqa: S301 - made right here
)
def test_bytes_stay_without_padding(copied: Callable[[Any], Any]) -> None:
    received = codec.base64url("-_8")
    assert isinstance(received, bytes)
    assert (received, hash(received), bytes(received)) == (b"\xfb\xff", hash(b"\xfb\xff"), b"\xfb\xff")
    assert codec.base64url_text(copied(received)) == "-_8"
    assert codec.base64_text(received) == "+/8="
    assert codec.base64url_text(received + b"") == "-_8="
    assert codec.base64url_text(received.replace(b"\xff", b"")) == "-w=="
