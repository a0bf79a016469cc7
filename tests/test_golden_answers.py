"""What the golden cases' clients ask for, and what they make of what comes down: other forms, and streams."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any

import attrs
import pytest

from golden_behaviour import NOON, AsyncCanned, Canned, Import
from made_client import Recorder

JSON = "application/json"


def called(package: Any, name: str, *answers: tuple[int, str, bytes]) -> tuple[Any, Canned]:
    """The operations of a client that gets these answers, and what they were asked."""
    transport = Canned(*answers)
    return getattr(package, name)(transport=transport).default, transport


class TestForms:
    def test_json_is_preferred_over_all_other_forms(self, package: Import) -> None:
        forms, transport = called(package("forms"), "FormsClient", (200, JSON, b'{"number": 1}'))
        assert forms.get_invoice(id="i").number == 1
        assert transport.requests[0].headers["accept"] == "application/json, application/problem+json;q=0.5"

    @pytest.mark.parametrize(
        ("method", "accept", "content_type", "content", "result"),
        [
            (
                "get_invoice_as_xml",
                "application/xml, text/xml",
                "text/xml; charset=latin-1",
                b"<a>\xe4</a>",
                "<a>ä</a>",
            ),
            (
                "get_invoice_as_xml",
                "application/xml, text/xml",
                "application/xml",
                b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe4</a>',
                '<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>',
            ),
            (
                "get_invoice_as_xml",
                "application/xml, text/xml",
                "application/xml",
                b'<?xml version="1.0" encoding="utf-16"?><a>\xc3\xa4</a>',
                '<?xml version="1.0" encoding="utf-16"?><a>ä</a>',
            ),
            (
                "get_invoice_as_xml",
                "application/xml, text/xml",
                "application/xml; charset=utf-8",
                b"<?xml version='1.0' encoding='latin-1'?><a>\xc3\xa4</a>",
                "<?xml version='1.0' encoding='latin-1'?><a>ä</a>",
            ),
            ("get_invoice_as_csv", "text/csv; header=present", "text/csv", b"number\n1", "number\n1"),
            ("get_invoice_as_csv", "text/csv; header=present", "text/plain", b"number\n1", "number\n1"),
            ("get_invoice_as_pdf_2", "application/pdf", "application/pdf", b"%PDF", b"%PDF"),
            ("get_invoice_as_pdf_2", "application/pdf", "application/octet-stream", b"%PDF", b"%PDF"),
            ("get_invoice_as_pdf_2", "application/pdf", "", b"%PDF", b"%PDF"),
        ],
    )
    def test_every_other_form_has_a_method(
        self, package: Import, method: str, accept: str, content_type: str, content: bytes, result: object
    ) -> None:
        forms, transport = called(package("forms"), "FormsClient", (200, content_type, content))
        assert getattr(forms, method)(id="i") == result
        others = "application/json;q=0.5, application/problem+json;q=0.5"
        assert transport.requests[0].headers["accept"] == f"{accept}, {others}"

    def test_another_form_than_the_one_asked_for_is_not_taken_for_it(self, package: Import) -> None:
        forms, _ = called(package("forms"), "FormsClient", (200, JSON, b'{"number": 1}'))
        with pytest.raises(ValueError, match=r"expected application/pdf, got '\{\"number\": 1\}' \(application/json\)"):
            forms.get_invoice_as_pdf_2(id="i")

    def test_a_status_that_lacks_the_form_answers_in_its_own(self, package: Import) -> None:
        forms, _ = called(package("forms"), "FormsClient", (202, JSON, b'{"since": "today"}'))
        assert forms.get_invoice_as_pdf_2(id="i").since == "today"

    @pytest.mark.parametrize(
        ("content_type", "content", "kind"),
        [
            (JSON, b'{"since": "x"}', "Pending"),
            ("Application/Problem+JSON; charset=utf-8", b'{"title": "x"}', "Problem"),
            ("text/html", b"<p>", "NoneType"),
        ],
    )
    def test_flavours_of_errors_are_told_apart(
        self, package: Import, content_type: str, content: bytes, kind: str
    ) -> None:
        forms, _ = called(package("forms"), "FormsClient", (422, content_type, content))
        with pytest.raises(package("forms").errors.UnprocessableContentError) as raised:
            forms.get_invoice(id="i")
        assert type(raised.value.body).__name__ == kind

    @pytest.mark.parametrize(
        ("content_type", "content", "kind"),
        [
            (JSON, b'{"number": 1}', "Invoice"),
            ("application/vnd.pending+json; v=2", b'{"since": "x"}', "Pending"),
            ("text/json", b'{"number": 1}', "Invoice"),
        ],
    )
    def test_flavours_of_json_are_told_apart(
        self, package: Import, content_type: str, content: bytes, kind: str
    ) -> None:
        forms, transport = called(package("forms"), "FormsClient", (200, content_type, content))
        assert type(forms.get_flavours()).__name__ == kind
        assert transport.requests[0].headers["accept"] == "application/json, application/vnd.pending+json"

    def test_a_range_of_media_types(self, package: Import) -> None:
        answers = ((200, "image/png", b"\x89PNG"), (200, "text/html", b"<p>"))
        forms, transport = called(package("forms"), "FormsClient", *answers)
        assert forms.get_flavours_as_image() == b"\x89PNG"
        assert transport.requests[0].headers["accept"] == "image/*"
        with pytest.raises(ValueError, match=r"expected image/\*, got '<p>' \(text/html\)"):
            forms.get_flavours_as_image()

    def test_one_schema_under_several_names_is_one_type(self, package: Import) -> None:
        answers = ((200, "text/json", b'{"number": 1}'), (200, JSON, b"null"), (204, "", b""))
        forms, transport = called(package("forms"), "FormsClient", *answers)
        assert forms.get_same().number == 1
        assert transport.requests[0].headers["accept"] == "application/json, text/json"
        assert forms.get_same() is None
        assert forms.get_same() is None

    def test_head_has_no_body_to_decode(self, package: Import) -> None:
        forms, transport = called(package("forms"), "FormsClient", (200, JSON, b""))
        assert forms.head_invoice(id="i") is None
        assert transport.requests[0].method == "HEAD"

    @pytest.mark.parametrize(("content_type", "content"), [(JSON, b'"a"'), ("text/plain", b"a"), ("x/y", b"a")])
    def test_text_of_any_type(self, package: Import, content_type: str, content: bytes) -> None:
        forms, _ = called(package("forms"), "FormsClient", (200, content_type, content))
        assert forms.get_anything() == "a"

    @pytest.mark.parametrize("content_type", [JSON, "application/hal+json", "text/plain", ""])
    def test_json_under_any_name(self, package: Import, content_type: str) -> None:
        forms, transport = called(package("forms"), "FormsClient", (200, content_type, b'{"number": 1}'))
        assert forms.get_whatever().number == 1
        assert transport.requests[0].headers["accept"] == "application/json, */*;q=0.1"

    @pytest.mark.parametrize(
        ("content_type", "content", "body"), [(JSON, b'{"title": "x"}', "x"), ("text/html", b"<p>", "<p>")]
    )
    def test_an_error_is_read_by_its_type(self, package: Import, content_type: str, content: bytes, body: str) -> None:
        forms, transport = called(package("forms"), "FormsClient", (500, content_type, content))
        with pytest.raises(package("forms").errors.InternalServerError) as raised:
            forms.get_anything()
        found = raised.value.body
        assert (found if isinstance(found, str) else found.title) == body
        assert transport.requests[0].headers["accept"] == "*/*"

    def test_a_form_is_data_on_the_request(self, package: Import) -> None:
        forms = package("forms")
        request = forms.models.GetInvoiceRequest(id="i", as_pdf=True)
        client = forms.FormsClient(transport=Canned((200, "application/pdf", b"%PDF")))
        assert client.send_as(request, request.as_pdf_2) == b"%PDF"

    def test_the_asynchronous_client_has_the_same_forms(self, package: Import) -> None:
        forms = package("forms")
        answers = ((200, "application/pdf", b"%PDF"), (200, JSON, b'{"number": 1}'))

        async def calls() -> None:
            client = forms.AsyncFormsClient(transport=AsyncCanned(*answers))
            assert await client.default.get_invoice_as_pdf_2(id="i") == b"%PDF"
            async with client.stream(forms.models.GetInvoiceRequest(id="i")) as response:
                assert [piece async for piece in response] == [b'{"number": 1}']

        asyncio.run(calls())

    def test_methods_of_operations_keep_their_names(self, package: Import) -> None:
        forms, _ = called(package("forms"), "FormsClient", (204, "", b""))
        assert forms.get_invoice_as_pdf(id="i") is None

    def test_any_answer_can_be_streamed(self, package: Import) -> None:
        forms = package("forms")
        client = forms.FormsClient(transport=Canned((200, JSON, b'{"number": 1}')))
        with client.stream(forms.models.GetInvoiceRequest(id="i")) as response:
            assert (response.status, list(response)) == (200, [b'{"number": 1}'])

    def test_a_success_that_is_not_described_is_an_error(self, package: Import) -> None:
        forms, _ = called(package("forms"), "FormsClient", (201, JSON, b'{"number": 1}'))
        with pytest.raises(package("forms").errors.UnexpectedStatusError, match="201 Created"):
            forms.get_invoice(id="i")


class TestStreams:
    def test_a_stream_where_nothing_else_is_described(self, package: Import) -> None:
        answers = ((200, "text/event-stream", b'data: {"percent": 1}\n\n'), (204, "", b""))
        streams, transport = called(package("streams"), "StreamsClient", *answers)
        with streams.watch_progress() as events:
            assert [event.data.percent for event in events] == [1]
        assert transport.requests[0].headers["accept"] == "text/event-stream, application/json;q=0.5"
        assert list(streams.watch_progress()) == []

    def test_a_stream_beside_json(self, package: Import) -> None:
        answers = ((200, JSON, b'{"text": "a"}'), (200, "text/event-stream", b'id: 1\ndata: {"percent": 1}\n\n'))
        streams, transport = called(package("streams"), "StreamsClient", *answers)
        assert streams.ask(body="?").text == "a"
        with streams.ask_as_event_stream(body="?") as events:
            assert (next(events).data.percent, events.last_event_id) == (1, "1")
        accepted = [request.headers["accept"] for request in transport.requests]
        assert accepted == ["application/json", "text/event-stream"]

    def test_events_differ_by_their_types(self, package: Import) -> None:
        body = (
            b'event: said\ndata: {"text": "a"}\n\nevent: progress\ndata: {"percent": 1}\n\n'
            b'event: left\ndata: {"who": "b"}\n\ndata: {}\n\ndata: [done]\n\n'
        )
        streams, _ = called(package("streams"), "StreamsClient", (200, "text/event-stream", body))
        models = package("streams").models
        data = [event.data for event in streams.follow()]
        assert data == [models.Said(text="a"), models.Progress(percent=1), models.ChatEventLeftData(who="b"), "{}"]

    def test_events_of_text(self, package: Import) -> None:
        body = b"data: 1\n\ndata: {}\n\n"
        streams, _ = called(package("streams"), "StreamsClient", (200, "text/event-stream", body))
        assert [event.data for event in streams.read_words()] == ["1", "{}"]

    @pytest.mark.parametrize(
        ("method", "content_type", "body"),
        [
            ("read_log", "application/jsonl", b'{"percent": 1}\n{"percent": 2}'),
            ("read_log", "application/x-ndjson", b'{"percent": 1}\n{"percent": 2}\n'),
            ("read_sequence", "application/json-seq", b'\x1e{"percent": 1}\n\x1e{"percent": 2}\n'),
        ],
    )
    def test_json_values_one_by_one(self, package: Import, method: str, content_type: str, body: bytes) -> None:
        streams, _ = called(package("streams"), "StreamsClient", (200, content_type, body))
        with getattr(streams, method)() as items:
            assert [item.percent for item in items] == [1, 2]

    def test_the_asynchronous_client_has_the_same_streams(self, package: Import) -> None:
        streams = package("streams")
        answers = (
            (200, "text/event-stream", b'data: {"percent": 1}\n\n'),
            (200, "text/event-stream", b'id: 7\ndata: {"percent": 2}\n\n'),
            (200, "application/jsonl", b'{"percent": 3}\n{"percent": 4}\n'),
        )

        async def calls() -> list[int]:
            resource = streams.AsyncStreamsClient(transport=AsyncCanned(*answers)).default
            async with resource.watch_progress() as events:
                found = [event.data.percent async for event in events]
            async with resource.ask_as_event_stream(body="?") as events:
                found += [event.data.percent async for event in events]
                assert events.last_event_id == "7"
            async with resource.read_log() as items:
                return [*found, *[item.percent async for item in items]]

        assert asyncio.run(calls()) == [1, 2, 3, 4]

    def test_a_stream_is_sent_whole_as_a_list(self, package: Import) -> None:
        streams = package("streams")
        client = streams.StreamsClient(transport=Canned((200, "application/jsonl", b'{"percent": 1}\n')))
        assert client.send(streams.models.ReadLogRequest()) == [streams.models.Progress(percent=1)]


class TestResponseHeaders:
    ALL = (
        ("x-left", "12"),
        ("X-Next", "17"),
        ("Last-Modified-At", "2025-03-04T12:00:00Z"),
        ("X-Cached", "true"),
        ("X-Sizes", "1, 2"),
        ("X-Sizes", "3"),
        ("X-Names", "1,b"),
        ("X-Colour", "r=1,name=7"),
        ("X-Flat-Colour", "r,1,name,7"),
        ("X-Meta", '{"r": 1}'),
        ("Set-Cookie", "a=1; Expires=Sun, 22 Nov 2026 12:00:00 GMT"),
        ("Set-Cookie", "b=2"),
    )

    def read(self, headers: Any, *items: tuple[str, str]) -> Any:
        transport = Canned((200, JSON, b"[]"))
        client = headers.ResponseHeadersClient(transport=transport)
        request = headers.models.ListPetsRequest()
        raw = client.send_raw(request)
        return request.headers_of(attrs.evolve(raw, headers=headers.Headers(items)))

    def test_headers_are_values(self, package: Import) -> None:
        headers = package("response_headers")
        found = self.read(headers, *self.ALL)
        colour = headers.models.Colour(r=1, name="7")
        assert found == type(found)(
            x_left=12,
            x_next="17",
            last_modified_at=NOON,
            x_cached=True,
            x_sizes=[1, 2, 3],
            x_names=["1", "b"],
            x_colour=colour,
            x_flat_colour=colour,
            x_meta=headers.models.Colour(r=1),
            set_cookie=["a=1; Expires=Sun, 22 Nov 2026 12:00:00 GMT", "b=2"],
        )

    def test_items_are_read_by_their_position_and_bytes_are_text(self, package: Import) -> None:
        headers = package("response_headers")
        sent = (("X-Left", "1"), ("X-Pair", "12,3"), ("X-Raw", 'a,"b,c"'), ("X-Nested", "[1],[2]"))
        found = self.read(headers, *sent)
        assert (found.x_pair, found.x_raw, found.x_nested) == (["12", 3], ["a", '"b,c"'], [[1], [2]])

    def test_cookies_that_are_one_text_stand_on_lines_of_their_own(self, package: Import) -> None:
        headers = package("response_headers")
        request = headers.models.HeadPetsRequest()
        raw = headers.ResponseHeadersClient(transport=Canned((200, JSON, b""))).send_raw(request)
        cookies = [value for name, value in self.ALL if name == "Set-Cookie"]
        sent = headers.Headers(("Set-Cookie", value) for value in cookies)
        assert request.headers_of(attrs.evolve(raw, headers=sent)).set_cookie.splitlines() == cookies

    def test_headers_that_are_not_there_are_none(self, package: Import) -> None:
        found = self.read(package("response_headers"), ("X-Left", "0"), ("X-Sizes", ""))
        assert (found.x_left, found.x_next, found.location, found.x_sizes) == (0, None, None, [])

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("X-Left", "many", r"^\$\['X-Left'\]: expected an integer, got 'many'$"),
            ("X-Left", "1.5", r"^\$\['X-Left'\]: expected an integer, got 1.5$"),
            ("X-Sizes", "1,x", r"^\$\['X-Sizes'\]\[1\]: expected an integer, got 'x'$"),
            ("X-Colour", "name=7", r"^\$\['X-Colour'\]\.r: required, but missing$"),
            ("X-Flat-Colour", "r,1,name", "expected names and values in turn, got 'r,1,name'"),
            ("X-Meta", "red", r"^\$\['X-Meta'\]: expected"),
        ],
    )
    def test_a_header_that_does_not_fit_says_which(self, package: Import, name: str, value: str, said: str) -> None:
        left = () if name == "X-Left" else (("X-Left", "1"),)
        with pytest.raises(package("response_headers").errors.DecodeError, match=said):
            self.read(package("response_headers"), *left, (name, value))

    def test_a_header_that_only_some_successes_have_is_optional(self, package: Import) -> None:
        fields = attrs.fields_dict(type(self.read(package("response_headers"))))
        assert {name for name, field in fields.items() if field.default is attrs.NOTHING} == set()

    def error(self, headers: Any, status: int, *items: tuple[str, str]) -> Any:
        """What a call raises that a server answers with these headers."""
        with Recorder(status, dict(items)) as recorder:
            client = headers.ResponseHeadersClient(server=recorder.url, retries=headers.Retries(attempts=1))
            with client, pytest.raises(headers.errors.StatusError) as caught:
                client.default.list_pets()
        return caught.value

    def test_headers_of_errors_are_values(self, package: Import) -> None:
        headers = package("response_headers")
        error = self.error(headers, 429, ("Retry-After", "7"), ("x-scopes", "read, write"))
        found = headers.models.ListPetsRequest.error_headers_of(error)
        assert (found.retry_after, found.x_scopes, found.x_colour) == (7, ["read", "write"], None)
        copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just written
        assert headers.models.ListPetsRequest.error_headers_of(copied) == found

    def test_any_error_may_be_without_a_header(self, package: Import) -> None:
        headers = package("response_headers")
        request = headers.models.ListPetsRequest
        found = request.error_headers_of(self.error(headers, 502, ("X-Colour", "r,1")))
        assert found == type(found)(x_colour=headers.models.Colour(r=1))
        with pytest.raises(headers.errors.DecodeError, match=r"^\$\['Retry-After'\]: expected an integer, got 'soon'"):
            request.error_headers_of(self.error(headers, 429, ("Retry-After", "soon")))

    def test_a_redirect_that_is_the_only_success_is_an_answer(self, package: Import) -> None:
        responses = package("responses")
        request = responses.models.FindElsewhereRequest()
        with Recorder(302, {"Location": "/there"}) as recorder:
            with responses.ResponsesClient(server=recorder.url) as client:
                assert client.send(request) is None
                assert request.headers_of(client.send_raw(request)).location == "/there"
            assert [each.target for each in recorder.received] == ["/elsewhere", "/elsewhere"]
        with (
            Recorder(200) as recorder,
            responses.ResponsesClient(server=recorder.url) as client,
            pytest.raises(responses.errors.UnexpectedStatusError, match="200 OK"),
        ):
            client.send(request)

    def test_any_other_redirect_is_an_error_with_its_headers(self, package: Import) -> None:
        headers = package("response_headers")
        error = self.error(headers, 307, ("Location", "/there"), ("X-Colour", "r,1"))
        assert type(error) is headers.errors.RedirectionError
        assert error.headers["location"] == "/there"
        assert headers.models.ListPetsRequest.error_headers_of(error).x_colour == headers.models.Colour(r=1)

    def test_headers_of_an_answer_without_a_body(self, package: Import) -> None:
        headers = package("response_headers")
        request = headers.models.HeadPetsRequest()
        client = headers.ResponseHeadersClient(transport=Canned((200, JSON, b"")))
        with client.stream(request) as response:
            assert (
                request.headers_of(attrs.evolve(response.head, headers=headers.Headers([("X-Left", "1")]))).x_left == 1
            )
