"""Request bodies of generated clients, over real sockets, as independent readers understand them."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, date, datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest

from attrest.infer import infer
from attrest.load import load
from attrest.lower import lower
from attrest.settings import Settings
from made_client import NOTHING, Received, Recorder, make

TEXT: Final = {"type": "string"}
FILE: Final = {"type": "string", "format": "binary"}
NOTE: Final = {"$ref": "#/components/schemas/Note"}
FREE: Final = {"type": "object", "additionalProperties": True}
LIST: Final = {"type": "array", "items": TEXT}
FORM: Final = "application/x-www-form-urlencoded"

BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "Several": {
        "text/plain": {"schema": TEXT},
        "application/octet-stream": {"schema": FILE},
        "application/json": {"schema": NOTE},
        "application/vnd.notes+json": {"schema": {"type": "array", "items": NOTE}},
        FORM: {"schema": NOTE},
    },
    "Alike": {"application/json": {"schema": NOTE}, "application/merge-patch+json": {"schema": NOTE}},
    "AnyImage": {"image/*": {}},
    "Anything": {"*/*": {}},
    "TextOrAnything": {"text/csv": {"schema": TEXT}, "*/*": {"schema": {}}},
    "Lines": {"application/x-ndjson": {"itemSchema": NOTE}},
    "Sequence": {"application/json-seq": {"schema": {"type": "array", "items": NOTE}}},
    "UntypedLines": {"application/jsonl": {}},
    "ShortLines": {"application/jsonl": {"itemSchema": {**TEXT, "maxLength": 3}}},
    "Charset": {"application/json; charset=utf-8": {"schema": NOTE}},
    "Nullable": {"application/json": {"schema": {"type": ["string", "null"]}}},
    "TrueSchema": {"application/json": {"schema": True}},
    "NoSchema": {"application/json": {}},
    "Shared": {"application/json": {"$ref": "#/components/mediaTypes/Note"}},
    "Xml": {"application/xml": {"schema": FREE}},
    "Uploads": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "icon": {"contentMediaType": "image/png"},
                    "scans": {"type": "array", "items": {"type": "string", "contentMediaType": "application/pdf"}},
                    "notes": {"type": "string", "contentMediaType": "text/markdown"},
                },
            },
        }
    },
    "Headed": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "note": {**NOTE, "description": "A note."},
                    "day": {**TEXT, "format": "date", "minLength": 10},
                    "words": {**LIST, "maxItems": 2, "items": {**TEXT, "maxLength": 5}},
                    "maybe": {"type": ["array", "null"], "items": NOTE},
                    "pair": {"type": "array", "prefixItems": [TEXT, NOTE]},
                    "joined": LIST,
                    "either": {"oneOf": [FILE, NOTE]},
                    "any": {},
                    "file": FILE,
                },
            },
            "encoding": {
                "note": {
                    "headers": {
                        "X-Author": {"required": True, "schema": {**TEXT, "maxLength": 5}},
                        "X-Const": {"required": True, "schema": {"const": "one"}},
                        "X-Enum": {"required": True, "schema": {**TEXT, "enum": ["only"]}},
                        "X-Default": {"required": True, "schema": {"type": "integer", "default": 7}},
                        "X-Optional": {"schema": {**TEXT, "default": "assumed"}},
                        "Content-Type": {"required": True, "schema": TEXT},
                        "Content-Disposition": {"required": True, "schema": TEXT},
                    }
                },
                "day": {"headers": {"X-When": {"schema": {**TEXT, "format": "date-time"}}}},
                "words": {"headers": {"X-Rank": {"required": True, "schema": {"type": "integer", "minimum": 1}}}},
                "maybe": {"headers": {"X-Note": {"content": {"application/json": {"schema": NOTE}}}}},
                "pair": {"headers": {"X-Flag": {"schema": {"type": "boolean"}}}},
                "joined": {"style": "form", "explode": False, "headers": {"X-Sep": {"schema": TEXT}}},
                "either": {"headers": {"X-Map": {"explode": True, "schema": FREE}}},
                "any": {"headers": {"X-Many": {"schema": LIST}}},
                "file": {"headers": {"X-Sum": {"required": True, "schema": TEXT}}},
            },
        }
    },
    "Open": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "any": {},
                    "some": {"type": "array", "items": {"description": "Whatever."}},
                    "named": {},
                    "text": {**TEXT, "contentEncoding": "base64"},
                    "texts": {"type": "array", "items": {**TEXT, "contentEncoding": "base64url"}},
                    "maybe": {"anyOf": [{**TEXT, "contentEncoding": "base64"}, {"type": "null"}]},
                    "image": {**TEXT, "contentEncoding": "base64", "contentMediaType": "image/png"},
                    "quoted": {**TEXT, "contentEncoding": "quoted-printable"},
                },
            },
            "encoding": {"named": {"contentType": "application/xml"}},
        }
    },
    "NoFields": {"multipart/form-data": {"schema": FILE}},
    "NoPairs": {FORM: {"schema": LIST}},
    "Mixed": {"multipart/mixed": {"schema": FREE}},
    "Form": {
        FORM: {
            "schema": {
                "type": "object",
                "properties": {
                    "plain": TEXT,
                    "list": LIST,
                    "nested": FREE,
                    "deep": FREE,
                    "pipes": LIST,
                    "json": LIST,
                    "url": TEXT,
                    "flag": {"type": "boolean"},
                    "when": {**TEXT, "format": "date-time"},
                },
            },
            "encoding": {
                "deep": {"style": "deepObject", "explode": True},
                "pipes": {"style": "pipeDelimited"},
                "json": {"contentType": "application/json"},
                "url": {"allowReserved": True},
            },
        }
    },
    "Parts": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["photo"],
                "properties": {
                    "photo": FILE,
                    "sounds": {"type": "array", "items": FILE},
                    "note": NOTE,
                    "notes": {"type": "array", "items": NOTE},
                    "either": {"oneOf": [FILE, {"type": "array", "items": FILE}]},
                    "xml": TEXT,
                    "joined": LIST,
                    "deep": FREE,
                    "count": {"type": "integer"},
                    "meta": FREE,
                },
            },
            "encoding": {
                "photo": {"contentType": "image/png, image/jpeg", "headers": {"X-Caption": {"schema": TEXT}}},
                "sounds": {"contentType": "audio/*", "headers": {"X-Length": {"schema": TEXT}}},
                "xml": {"contentType": "application/xml"},
                "note": {"contentType": "application/vnd.note+json", "headers": {"X-Author": {"schema": TEXT}}},
                "joined": {"style": "form", "explode": False},
                "deep": {"style": "deepObject", "explode": True},
                "meta": {"contentType": "application/xml"},
            },
        }
    },
    "Cbor": {"application/cbor": {"schema": NOTE}},
}
NO_FIELDS: Final = "a form has fields, which this schema is not: any are taken"
PART: Final = "/paths/~1Parts/post/requestBody/content/multipart~1form-data/encoding"
HEADED: Final = PART.replace("Parts", "Headed")
OPEN: Final = "/paths/~1Open/post/requestBody/content/multipart~1form-data/schema/properties"
OPTIONAL: Final = frozenset({"Alike", "Anything"})
BYTES: Final = "application/octet-stream"


def description() -> dict[str, Any]:
    return {
        "openapi": "3.2.0",
        "info": {"title": "Bodies", "version": "1"},
        "paths": {f"/{name}": operations(name, content) for name, content in BODIES.items()},
        "components": {
            "mediaTypes": {"Note": {"schema": NOTE}},
            "schemas": {"Note": {"type": "object", "required": ["text"], "properties": {"text": TEXT, "tags": LIST}}},
        },
    }


def operations(name: str, content: Mapping[str, Any]) -> dict[str, Any]:
    body = {"required": name not in OPTIONAL, "content": content}
    method = "delete" if name == "NoSchema" else "post"
    return {method: {"operationId": name, "tags": ["bodies"], "requestBody": body, "responses": NOTHING}}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return make(description(), tmp_path_factory.mktemp("bodies"), "request_bodies_api")


@pytest.fixture(scope="module")
def server() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@pytest.fixture(scope="module")
def client(package: ModuleType, server: Recorder) -> Iterator[Any]:
    with package.Client(server=server.url) as opened:
        yield opened


@pytest.fixture
def send(package: ModuleType, client: Any, server: Recorder) -> Any:
    """Sends a body, and returns what arrived."""

    def call(name: str, **arguments: Any) -> Received:
        client.send(getattr(package.models, f"{name}Request")(**arguments))
        return server.take()

    return call


def arrived(received: Received) -> tuple[str | None, Any]:
    content_type = received.headers.get("content-type")
    if content_type is None or "json" not in content_type:
        return content_type, received.body
    return content_type, json.loads(received.body)


def parts(received: Received) -> list[Message]:
    """The parts of a multipart body, as the standard library reads them."""
    return split(received.headers["content-type"], received.body)


def split(content_type: str, body: bytes) -> list[Message]:
    message = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    return [part for part in message.walk() if not part.is_multipart()]


def told(part: Message) -> tuple[object, object, str, object]:
    """A part's name, filename, media type and content."""
    name = part.get_param("name", header="content-disposition")
    return name, part.get_filename(), part.get_content_type(), part.get_payload(decode=True)


class TestChoosing:
    @pytest.mark.parametrize(
        ("content_type", "value", "expected"),
        [
            (None, {"text": "a"}, {"text": "a"}),
            ("application/json", {"text": "a"}, {"text": "a"}),
            ("application/vnd.notes+json", [{"text": "a"}], [{"text": "a"}]),
            (FORM, {"text": "a b"}, b"text=a%20b"),
            ("text/plain", "ä", "ä".encode()),
            ("application/octet-stream", b"\xff", b"\xff"),
        ],
    )
    def test_the_caller_says_as_what(
        self, send: Any, package: ModuleType, content_type: str | None, value: Any, expected: Any
    ) -> None:
        make_note = package.models.Note.from_dict
        body = make_note(value) if isinstance(value, dict) else value
        body = [make_note(item) for item in value] if isinstance(value, list) else body
        chosen = {} if content_type is None else {"content_type": content_type}
        assert arrived(send("Several", body=body, **chosen)) == (content_type or "application/json", expected)
        data = {"body": value, **chosen}
        request = package.models.SeveralRequest.from_dict(data)
        assert request == package.models.SeveralRequest(body=body, **chosen)
        assert request.to_dict() == {"content_type": "application/json", **data}

    def test_raw_bytes_travel_with_the_parameters_given(self, send: Any) -> None:
        content_type = "application/octet-stream; boundary=a"
        assert arrived(send("Several", body=b"\xff", content_type=content_type)) == (content_type, b"\xff")

    def test_a_method_takes_it_too(self, client: Any, server: Recorder) -> None:
        client.bodies.several(body="a", content_type="text/plain")
        assert arrived(server.take()) == ("text/plain", b"a")

    @pytest.mark.parametrize(
        ("body", "content_type", "said"),
        [
            (
                "a",
                "application/json",
                "the body, a str, cannot be sent as application/json; content_type='text/plain' ",
            ),
            (b"a", "text/plain", "the body, a bytes, cannot be sent as text/plain; content_type='application/octet-st"),
            (5, "text/plain", "the body, a int, cannot be sent as text/plain"),
            (
                "a",
                "image/png",
                "the body can be sent as application/json or application/vnd.notes+json or application/",
            ),
        ],
    )
    def test_what_does_not_fit_is_refused(self, package: ModuleType, body: Any, content_type: str, said: str) -> None:
        request = package.models.SeveralRequest(body=body, content_type=content_type)
        with pytest.raises(package.errors.InvalidArgumentError) as caught:
            request.to_http()
        assert str(caught.value).startswith(said)

    def test_an_optional_body_stays_away(self, send: Any, package: ModuleType) -> None:
        assert arrived(send("Alike")) == (None, b"")
        note = package.models.Note(text="a")
        assert arrived(send("Alike", body=note, content_type="application/merge-patch+json")) == (
            "application/merge-patch+json",
            {"text": "a"},
        )

    @pytest.mark.parametrize(
        ("name", "body", "content_type", "expected"),
        [
            ("AnyImage", b"\x89PNG", "image/png", b"\x89PNG"),
            ("Anything", {"a": [1]}, None, {"a": [1]}),
            ("Anything", {"a": "b c"}, FORM, b"a=b%20c"),
            ("Anything", "a,b", "text/csv", b"a,b"),
            ("Anything", "a", "application/json", "a"),
            ("Anything", b"\xff", "application/x-tar", b"\xff"),
            ("TextOrAnything", "a,b", None, b"a,b"),
            ("TextOrAnything", "<a/>", "application/xml", b"<a/>"),
        ],
    )
    def test_a_range_leaves_it_to_the_caller(
        self, send: Any, name: str, body: Any, content_type: str | None, expected: Any
    ) -> None:
        chosen = {} if content_type is None else {"content_type": content_type}
        usual = {"Anything": "application/json", "TextOrAnything": "text/csv"}
        assert arrived(send(name, body=body, **chosen)) == (content_type or usual[name], expected)

    def test_a_range_that_says_nothing_has_to_be_chosen_from(self, package: ModuleType) -> None:
        with pytest.raises(TypeError, match="content_type"):
            package.models.AnyImageRequest(body=b"")
        with pytest.raises(package.errors.InvalidArgumentError, match=r"'image/\*' is a range: name a media type"):
            package.models.AnyImageRequest(body=b"", content_type="image/*").to_http()

    def test_a_range_is_no_media_type_to_hint_at(self, package: ModuleType) -> None:
        with pytest.raises(package.errors.InvalidArgumentError, match=r"; content_type=one of \*/\* takes it"):
            package.models.TextOrAnythingRequest(body=b"a", content_type="text/csv").to_http()


class TestJson:
    def test_lines(self, send: Any, package: ModuleType) -> None:
        notes = [package.models.Note(text="a\nb"), package.models.Note(text="c")]
        received = send("Lines", body=notes)
        assert received.headers["content-type"] == "application/x-ndjson"
        assert [json.loads(line) for line in received.body.splitlines()] == [{"text": "a\nb"}, {"text": "c"}]
        received = send("Sequence", body=notes)
        assert received.body == b'\x1e{"text":"a\\nb"}\n\x1e{"text":"c"}\n'
        assert send("UntypedLines", body=[1, {"a": None}]).body == b'1\n{"a":null}\n'
        request = package.models.LinesRequest(body=notes)
        assert package.models.LinesRequest.from_dict(request.to_dict()) == request

    def test_each_line_is_within_its_limits(self, send: Any, package: ModuleType) -> None:
        assert send("ShortLines", body=["abc", ""]).body == b'"abc"\n""\n'
        with pytest.raises(package.errors.InvalidArgumentError, match=r"^body\[1\]: must have at most 3 characters"):
            package.models.ShortLinesRequest(body=["abc", "abcd"])

    def test_parameters_of_the_media_type_stay(self, send: Any, package: ModuleType) -> None:
        received = send("Charset", body=package.models.Note(text="a"))
        assert arrived(received) == ("application/json; charset=utf-8", {"text": "a"})

    def test_a_media_type_can_be_shared(self, send: Any, package: ModuleType) -> None:
        assert arrived(send("Shared", body=package.models.Note(text="a"))) == ("application/json", {"text": "a"})
        assert package.models.SharedRequest.from_dict({"body": {"text": "a"}}).body == package.models.Note(text="a")

    @pytest.mark.parametrize(("name", "body"), [("Nullable", None), ("Nullable", "a"), ("TrueSchema", [1])])
    def test_any_value(self, send: Any, name: str, body: Any) -> None:
        assert arrived(send(name, body=body)) == ("application/json", body)

    def test_delete_has_a_body_where_it_is_described(self, send: Any) -> None:
        received = send("NoSchema", body={"a": 1})
        assert (received.method, json.loads(received.body)) == ("DELETE", {"a": 1})


class TestRaw:
    def test_text_and_bytes(self, send: Any) -> None:
        assert arrived(send("Xml", body="<ä/>")) == ("application/xml", "<ä/>".encode())
        assert arrived(send("Mixed", body=[b"--b", b"--"])) == ("multipart/mixed", b"--b--")
        assert arrived(send("AnyImage", body=io.BytesIO(b"gif"), content_type="image/gif")) == ("image/gif", b"gif")

    def test_a_file_knows_better(self, send: Any, package: ModuleType) -> None:
        file = package.File(iter([b"a", b"b"]), content_type="image/webp")
        assert arrived(send("AnyImage", body=file, content_type="image/png")) == ("image/webp", b"ab")

    def test_asynchronous_pieces(self, package: ModuleType, server: Recorder) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"a"
            yield b"b"

        async def call() -> None:
            async with package.AsyncClient(server=server.url) as client:
                await client.bodies.several(body=pieces(), content_type="application/octet-stream")

        asyncio.run(call())
        assert arrived(server.take()) == ("application/octet-stream", b"ab")


class TestForms:
    def test_each_field_as_it_is_encoded(self, send: Any, package: ModuleType) -> None:
        body = package.models.FormBody.from_dict(
            {
                "plain": "a&b=c",
                "list": ["a", "b"],
                "nested": {"a": 1},
                "deep": {"a": {"b": 1}},
                "pipes": ["a", "b"],
                "json": ["a", "b"],
                "url": "http://x/?a",
                "flag": True,
                "when": "2030-01-31T12:00:00Z",
                "more": 1,
            }
        )
        received = send("Form", body=body)
        assert received.headers["content-type"] == FORM
        assert b"url=http://x/?a" in received.body
        assert parse_qsl(received.body.decode("ascii")) == [
            ("more", "1"),
            ("plain", "a&b=c"),
            ("list", "a"),
            ("list", "b"),
            ("nested", '{"a":1}'),
            ("deep[a][b]", "1"),
            ("pipes", "a|b"),
            ("json", '"a"'),
            ("json", '"b"'),
            ("url", "http://x/?a"),
            ("flag", "true"),
            ("when", "2030-01-31T12:00:00Z"),
        ]


class TestParts:
    def test_each_part_as_it_is_encoded(self, send: Any, package: ModuleType, tmp_path: Path) -> None:
        song = tmp_path / "song.mp3"
        song.write_bytes(b"mp3")
        models, file = package.models, package.File
        with song.open("rb") as opened:
            body = models.PartsBody(
                photo=file(b"\xff", filename="ä.jpeg", headers={"X-Caption": "me", "X-Number": 5}),
                sounds=[opened, b"raw", file(b"ogg", content_type="audio/ogg")],
                note=models.Note(text="n"),
                notes=[models.Note(text="1"), models.Note(text="2")],
                xml="<a/>",
                joined=["a", "b,c"],
                deep={"a": {"b": "c d"}},
                count=3,
                meta={"a": 1},
            )
            received = send("Parts", body=body)
        first, *others = parts(received)
        assert (first.get_content_type(), first.get_payload(decode=True)) == ("image/jpeg", b"\xff")
        assert (first["X-Caption"], first["X-Number"]) == ("me", "5")
        assert [told(part) for part in others] == [
            ("sounds", "song.mp3", "audio/mpeg", b"mp3"),
            ("sounds", "sounds", "application/octet-stream", b"raw"),
            ("sounds", "sounds", "audio/ogg", b"ogg"),
            ("note", None, "application/vnd.note+json", b'{"text":"n"}'),
            ("notes", None, "application/json", b'{"text":"1"}'),
            ("notes", None, "application/json", b'{"text":"2"}'),
            ("xml", None, "application/xml", b"<a/>"),
            ("joined", None, "text/plain", b"a,b,c"),
            ("deep[a][b]", None, "text/plain", b"c d"),
            ("count", None, "text/plain", b"3"),
            ("meta", None, "application/json", b'{"a":1}'),
        ]

    def test_bytes_stay_bytes_wherever_they_can_be_something_else_too(self, send: Any, package: ModuleType) -> None:
        for either, names in ((b"1", ["either"]), ([b"1", package.File(b"2", "b.txt")], ["either", "b.txt"])):
            _, *sent = parts(send("Parts", body=package.models.PartsBody(photo=b"x", either=either)))
            assert [part.get_filename() for part in sent] == names
            assert [part.get_payload(decode=True) for part in sent] == [b"1", b"2"][: len(names)]

    def test_the_first_described_is_sent_of_what_tells_nothing(self, send: Any, package: ModuleType) -> None:
        (only,) = parts(send("Parts", body=package.models.PartsBody(photo=b"x")))
        assert told(only) == ("photo", "photo", "image/png", b"x")

    def test_files_that_are_described_by_their_media_types_alone(self, send: Any, package: ModuleType) -> None:
        body = package.models.UploadsBody(icon=b"\x89", scans=[b"1", package.File(b"2", "2.pdf")], notes="# N")
        assert [told(part) for part in parts(send("Uploads", body=body))] == [
            ("icon", "icon", "image/png", b"\x89"),
            ("scans", "scans", "application/pdf", b"1"),
            ("scans", "2.pdf", "application/pdf", b"2"),
            ("notes", None, "text/markdown", b"# N"),
        ]

    def test_a_part_carries_its_headers(self, send: Any, package: ModuleType) -> None:
        part, note = package.Part, package.models.Note(text="n")
        body = package.models.HeadedBody(
            note=part(note, {"x-author": "me", "X-Own": 1}),
            day=part(date(2030, 1, 31), {"X-When": datetime(2030, 1, 31, 12, tzinfo=UTC)}, "text/x-day"),
            words=[part("a", {"X-Rank": 1}), part("b", {"X-Rank": "2"})],
            maybe=[note, part(note, {"X-Note": note})],
            pair=["a", part(note, {"X-Flag": True})],
            joined=part(["a", "b"], {"X-Sep": ","}),
            either=part(note, {"X-Map": {"a": 1}}),
            any=part(b"x", {"X-Many": ["a", "b"]}, "image/png"),
            file=package.File(b"f", headers={"X-Sum": "ok"}),
        )
        request = package.models.HeadedRequest(body=body)
        assert package.models.HeadedRequest.from_dict(request.to_dict()) == request
        sent = parts(send("Headed", body=body))
        assert [{name: value for name, value in part.items() if name.startswith("X-")} for part in sent] == [
            {"X-Author": "me", "X-Const": "one", "X-Enum": "only", "X-Default": "7", "X-Own": "1"},
            {"X-When": "2030-01-31T12:00:00Z"},
            {"X-Rank": "1"},
            {"X-Rank": "2"},
            {},
            {"X-Note": '{"text":"n"}'},
            {},
            {"X-Flag": "true"},
            {"X-Sep": ","},
            {"X-Map": "a=1"},
            {"X-Many": "a,b"},
            {"X-Sum": "ok"},
        ]
        assert [told(part) for part in sent] == [
            ("note", None, "application/json", b'{"text":"n"}'),
            ("day", None, "text/x-day", b"2030-01-31"),
            ("words", None, "text/plain", b"a"),
            ("words", None, "text/plain", b"b"),
            ("maybe", None, "application/json", b'{"text":"n"}'),
            ("maybe", None, "application/json", b'{"text":"n"}'),
            ("pair", None, "text/plain", b"a"),
            ("pair", None, "application/json", b'{"text":"n"}'),
            ("joined", None, "text/plain", b"a,b"),
            ("either", None, "application/json", b'{"text":"n"}'),
            ("any", "any", "image/png", b"x"),
            ("file", "file", "application/octet-stream", b"f"),
        ]

    @pytest.mark.parametrize(
        ("field", "value", "headers", "said"),
        [
            ("note", None, {}, "part note: header X-Author: required, but missing"),
            ("note", None, {"X-Author": None}, "part note: header X-Author: required, but missing"),
            ("note", None, {"X-Author": "author"}, "part note: header X-Author: must have at most 5 characters"),
            ("note", None, {"X-Author": "a\r\nb"}, "part note: header X-Author must hold no line break"),
            ("note", None, {"X-Author": "a", "X\r\nY": "b"}, r"part note: 'X\\r\\nY' is no name of a header"),
            ("note", None, {"X-Author": "a", "X-Const": "two"}, "part note: header X-Const: expected 'one', got 'two'"),
            ("note", None, {"X-Author": "a", "x-author": "b"}, "part note: a header is given twice"),
            ("note", None, {"X-Author": "a", "content-type": "a/b"}, "part note: header content-type is written by"),
            ("day", date(2030, 1, 31), {"X-When": "noon"}, "part day: header X-When: expected "),
            ("words", ["a"], {}, "part words: header X-Rank: required, but missing"),
            ("words", ["a"], {"X-Rank": 0}, "part words: header X-Rank: must be at least 1, got 0"),
            ("words", ["a"], {"X-Rank": "many"}, "part words: header X-Rank: expected an integer, got 'many'"),
            ("words", ["abcdef"], {"X-Rank": 1}, r"words\[0\]: must have at most 5 characters"),
            ("file", b"f", {}, "part file: header X-Sum: required, but missing"),
            ("file", b"f", {"Content-Disposition": "x"}, "part file: header Content-Disposition is written by the"),
        ],
    )
    def test_headers_are_as_described(
        self, package: ModuleType, field: str, value: Any, headers: Mapping[str, Any], said: str
    ) -> None:
        models, part = package.models, package.Part
        held = models.Note(text="n") if value is None else value
        held = [part(each, headers) for each in held] if isinstance(held, list) else part(held, headers)
        with pytest.raises(package.errors.InvalidArgumentError, match=said):
            models.HeadedRequest(body=models.HeadedBody(**{field: held})).to_http()

    def test_a_text_is_no_list_of_parts(self, package: ModuleType) -> None:
        with pytest.raises(package.errors.InvalidArgumentError, match="words: expected a list, got a str"):
            package.models.HeadedBody(words="ab")

    def test_a_media_type_cannot_be_broken_out_of(self, package: ModuleType) -> None:
        for held in (package.File(b"", content_type="a/b\r\nX: y"), package.Part("", {}, "a/b\r\nX: y")):
            with pytest.raises(
                package.errors.InvalidArgumentError, match="header Content-Type must hold no line break"
            ):
                package.models.NoFieldsRequest(body={"held": held}).to_http()

    def test_what_is_in_a_part_is_checked_when_it_is_sent(self, package: ModuleType) -> None:
        note = package.models.Note(text="n")
        body = package.models.HeadedBody(note=package.Part(note, {"X-Author": "me"}))
        note.text = None
        assert b'{"text":null}' in package.models.HeadedRequest(body=body).to_http().body.content

    def test_what_has_no_type_can_be_anything(self, send: Any, package: ModuleType) -> None:
        file = package.File(b"f", "f.bin", "image/png")
        body = package.models.OpenBody(
            any=file,
            some=[b"1", {"a": [b"x"]}, "text", 2, io.BytesIO(b"io"), bytearray(b"ba"), package.models.Note(text="n")],
            named="<a/>",
            additional_properties={"more": [file, "t"], "note": package.models.Note(text="m")},
        )
        assert package.models.OpenRequest.from_dict(package.models.OpenRequest(body=body).to_dict()).body.any == file
        assert [told(part) for part in parts(send("Open", body=body))] == [
            ("more", "f.bin", "image/png", b"f"),
            ("more", None, "text/plain", b"t"),
            ("note", None, "application/json", b'{"text":"m"}'),
            ("any", "f.bin", "image/png", b"f"),
            ("some", "some", "application/octet-stream", b"1"),
            ("some", None, "application/json", b'{"a":["eA=="]}'),
            ("some", None, "application/octet-stream", b"text"),
            ("some", None, "application/octet-stream", b"2"),
            ("some", "some", "application/octet-stream", b"io"),
            ("some", "some", "application/octet-stream", b"ba"),
            ("some", None, "application/json", b'{"text":"n"}'),
            ("named", None, "application/xml", b"<a/>"),
        ]

    @pytest.mark.parametrize(("value", "said"), [({"a": io.BytesIO()}, "BytesIO"), (object(), "a part cannot be sent")])
    def test_what_cannot_be_sent_is_refused(self, package: ModuleType, value: Any, said: str) -> None:
        for name in ("any", "unlisted"):
            body = package.models.OpenBody.from_dict({name: value})
            with pytest.raises(package.errors.InvalidArgumentError, match=said):
                package.models.OpenRequest(body=body).to_http()

    def test_bytes_as_text_are_no_plain_text(self, send: Any, package: ModuleType) -> None:
        body = package.models.OpenBody(
            text=b"\xff\xfe", texts=[b"\xff\xfe", b"a"], maybe=b"b", image=b"\x89PNG", quoted="=C3=A4"
        )
        assert [told(part)[2:] for part in parts(send("Open", body=body))] == [
            ("application/octet-stream", b"//4="),
            ("application/octet-stream", b"__4="),
            ("application/octet-stream", b"YQ=="),
            ("application/octet-stream", b"Yg=="),
            ("application/octet-stream", b"iVBORw=="),
            ("application/octet-stream", b"=C3=A4"),
        ]

    def test_a_form_that_is_described_as_a_file_takes_any_fields(self, send: Any, package: ModuleType) -> None:
        sent = parts(send("NoFields", body={"file": package.File(b"1", "a.txt"), "note": "n"}))
        assert [told(part)[:2] for part in sent] == [("file", "a.txt"), ("note", None)]
        assert send("NoPairs", body={"a": ["1", "2"], "b": 3}).body == b"a=1&a=2&b=3"

    def test_headers_of_a_part_cannot_be_broken_out_of(self, package: ModuleType) -> None:
        photo = package.File(b"", headers={"X-Caption": "a\r\nb"})
        with pytest.raises(package.errors.InvalidArgumentError, match="header X-Caption"):
            package.models.PartsRequest(body=package.models.PartsBody(photo=photo)).to_http()


@pytest.mark.parametrize(
    ("version", "schema", "value", "expected"),
    [
        ("3.0.3", {**TEXT, "format": "byte"}, b"a", (BYTES, b"YQ==")),
        (
            "3.0.3",
            {"type": "array", "items": {**TEXT, "format": "byte"}},
            [b"a"],
            (BYTES, b"YQ=="),
        ),
        ("3.0.3", {}, "a", ("text/plain", b"a")),
        ("3.0.3", {}, {"a": 1}, ("application/json", b'{"a":1}')),
        ("3.0.3", {}, b"a", (BYTES, b"a")),
        ("3.1.0", {**TEXT, "format": "byte"}, b"a", ("text/plain", b"YQ==")),
        ("3.1.0", {**TEXT, "contentEncoding": "base64"}, b"a", (BYTES, b"YQ==")),
        ("3.1.0", {}, "a", (BYTES, b"a")),
        ("3.1.0", {**TEXT, "format": "uuid-like"}, "a", ("text/plain", b"a")),
    ],
)
def test_each_version_has_its_own_usual_media_types(
    tmp_path: Path, version: str, schema: Mapping[str, Any], value: Any, expected: tuple[str, bytes]
) -> None:
    described = {**description(), "openapi": version, "components": {}}
    body = {"multipart/form-data": {"schema": {"type": "object", "properties": {"field": schema}}}}
    described["paths"] = {"/usual": operations("Usual", body)}
    package = make(described, tmp_path, f"{tmp_path.name}_api")
    made = package.models.UsualRequest(body=package.models.UsualBody(field=value)).to_http().body
    assert [told(part)[2:] for part in split(made.content_type, made.content)] == [expected]


def test_what_is_not_sent_as_described_is_said(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(description()), encoding="utf-8")
    document = load(file)
    api = lower(document, infer(document), Settings(document=file, output=tmp_path))
    assert {entry.pointer: entry.reason for entry in api.entries if entry.pointer.startswith("/paths")} == {
        "/paths/~1Lines/post/requestBody/content/application~1x-ndjson/itemSchema": "",
        "/paths/~1ShortLines/post/requestBody/content/application~1jsonl/itemSchema": "",
        "/paths/~1Mixed/post/requestBody/content/multipart~1mixed": "multipart/mixed is handed over as bytes",
        f"{OPEN}/image/contentMediaType": (
            "a part that carries bytes as text is application/octet-stream (OpenAPI 3.1 §4.8.15.1.1)"
        ),
        f"{OPEN}/quoted/contentEncoding": "text in quoted-printable is handed over as it is, not as bytes",
        "/paths/~1NoFields/post/requestBody/content/multipart~1form-data/schema": NO_FIELDS,
        "/paths/~1NoPairs/post/requestBody/content/application~1x-www-form-urlencoded/schema": NO_FIELDS,
        f"{HEADED}/note/headers/Content-Type": ("a field of a form has no header of this name (OpenAPI 3.2 §4.15.1.1)"),
        f"{HEADED}/note/headers/Content-Disposition": (
            "written by the client, with the names of the field and of the file (RFC 7578 §4.2)"
        ),
        f"{PART}/meta/contentType": "arrays and objects are sent as JSON, and called so",
        "/paths/~1Headed/post/requestBody/content/multipart~1form-data/schema/properties/pair/prefixItems/1": (
            "that this type stands at this position is checked when received, not when sent"
        ),
        "/paths/~1Xml/post/requestBody/content/application~1xml/schema": "text is sent as it is",
        "/paths/~1Cbor/post/requestBody/content/application~1cbor/schema": "application/cbor is handed over as bytes",
    }
