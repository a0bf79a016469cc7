"""What the golden cases' clients send, and what they make of answers."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import attrs
import pytest

from golden_behaviour import NOON, Canned, Import, names, refusal, round_trip

GIVEN = "t"


class TestMinimal:
    def test_a_call_fetches_a_thing(self, package: Import) -> None:
        transport = Canned((200, "application/json", b'{"id":"t-1","colour":"red"}'))
        client = package("minimal").MinimalClient(transport=transport)
        thing = client.things.get_thing(thing_id="a/b")
        assert (thing.id, thing.name, thing.additional_properties) == ("t-1", None, {"colour": "red"})
        assert transport.requests[0].url == "https://minimal.example/things/a%2Fb"

    def test_a_missing_thing_raises_the_error_of_its_status(self, package: Import) -> None:
        transport = Canned((404, "text/plain", b"no such thing"))
        client = package("minimal").MinimalClient(transport=transport)
        with pytest.raises(package("minimal").errors.NotFoundError) as caught:
            client.things.get_thing(thing_id="t-2")
        assert caught.value.status == 404


class TestParameters:
    def test_every_style_of_a_path(self, models: Import) -> None:
        parameters = models("parameters")
        colour = parameters.Colour(r=100, g=200)
        names = ["blue", "a/b"]
        request = parameters.InPathRequest(
            plain=names, exploded=colour, label="x", labels=names, matrix=names, matrices=names, json=colour
        )
        assert request.to_http().target == (
            "/path/blue,a%2Fb/R=100,G=200/.x/.blue.a%2Fb/;matrix=blue,a%2Fb/;matrices=blue;matrices=a%2Fb"
            "/%7B%22R%22%3A100%2C%22G%22%3A200%7D.txt"
        )
        assert type(request).from_dict(request.to_dict()) == request

    @pytest.mark.parametrize(
        ("argument", "value", "query"),
        [
            ("text", "a&b", "text=a%26b"),
            ("shared", False, "shared=false"),
            ("form", ["a", "b"], "form=a&form=b"),
            ("joined", ("a", "b,c"), "joined=a,b%2Cc"),
            ("spaces", ["a", "b"], "spaces=a%20b"),
            ("pipes", ["a", "b"], "pipes=a%7Cb"),
            ("url", "http://x/?a=1", "url=http://x/?a=1"),
            ("number", 1.5, "number=1.5"),
            ("limit", 100, "limit=100"),
            ("page_number", 2, "page%5Bnumber%5D=2"),
            ("assumed", None, None),
            ("form", [], None),
        ],
    )
    def test_every_style_of_a_query(self, models: Import, argument: str, value: object, query: str | None) -> None:
        request = models("parameters").InQueryRequest(**{argument: value})
        assert request.to_http().target == ("/query" if query is None else f"/query?{query}")

    @pytest.mark.parametrize(
        ("argument", "query"),
        [
            ("colour", "R=100&G=200"),
            ("joined_colour", "joinedColour=R,100,G,200"),
            ("deep", "deep%5BR%5D=100&deep%5BG%5D=200"),
            ("json", "json=%7B%22R%22%3A100%2C%22G%22%3A200%7D"),
        ],
    )
    def test_every_style_of_an_object_in_a_query(self, models: Import, argument: str, query: str) -> None:
        parameters = models("parameters")
        request = parameters.InQueryRequest(**{argument: parameters.Colour(r=100, g=200)})
        assert request.to_http().target == f"/query?{query}"
        assert type(request).from_dict(request.to_dict()) == request

    def test_headers_and_cookies(self, models: Import) -> None:
        parameters = models("parameters")
        colour = parameters.Colour(r=100, g=200, b=1)
        request = parameters.ElsewhereRequest(
            x_request_id=UUID(int=1),
            x_names=["a", "b"],
            x_colour=colour,
            x_json=colour,
            x_flag=True,
            session="s/1",
            tags=["t", "u"],
        )
        assert request.to_http().headers == {
            "X-Request-Id": "00000000-0000-0000-0000-000000000001",
            "X-Names": "a,b",
            "X-Colour": "R=100,G=200,B=1",
            "X-Json": '{"R":100,"G":200,"B":1}',
            "X-Flag": "true",
            "Cookie": "session=s%2F1; tags=t,u",
        }
        assert names(type(request)) == ["x_request_id", "x_names", "x_colour", "x_json", "x_flag", "session", "tags"]

    def test_an_operation_s_parameter_goes_before_its_path_s(self, models: Import) -> None:
        fields = attrs.fields_dict(models("parameters").InQueryRequest)
        assert str(fields["text"].type) == "str | None"
        assert str(fields["shared"].type) == "bool | None"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ({"text": "x" * 10}, "text: must have at most 9 characters, got 10"),
            ({"joined": []}, "joined: must have at least 1 item, got 0"),
            ({"joined": "abc"}, "joined: expected a list, got a str"),
            ({"form": ["a", "b", "c", "d"]}, "form: must have at most 3 items, got 4"),
            ({"number": -1}, "number: must be at least 0, got -1"),
            ({"number": 10}, "number: must be less than 10, got 10"),
            ({"limit": 101}, "limit: must be at most 100, got 101"),
        ],
    )
    def test_limits_are_checked_before_sending(self, models: Import, arguments: dict[str, Any], said: str) -> None:
        with pytest.raises(ValueError, match=rf"^{said}$"):
            models("parameters").InQueryRequest(**arguments)


class TestBodies:
    def sent(self, request: Any) -> tuple[str, bytes]:
        body = request.to_http().body
        return body.content_type, body.content if isinstance(body.content, bytes) else b"".join(body.content)

    def test_json_is_preferred(self, models: Import) -> None:
        bodies = models("bodies")
        note = bodies.Note(text="ä", made_at=NOON)
        expected = '{"text":"ä","made_at":"2025-03-04T12:00:00Z"}'.encode()
        assert self.sent(bodies.SendJsonRequest(body=note)) == ("application/json", expected)

    def test_a_media_type_that_is_json_by_its_suffix_keeps_its_name(self, models: Import) -> None:
        bodies = models("bodies")
        body = bodies.PatchJsonBody(additional_properties={"a": None})
        assert self.sent(bodies.PatchJsonRequest(body=body)) == ("application/merge-patch+json", b'{"a":null}')
        assert bodies.PatchJsonRequest().to_http().body is None

    def test_a_list_has_limits_too(self, models: Import) -> None:
        bodies = models("bodies")
        note = bodies.Note(text="a")
        assert self.sent(bodies.SendListRequest(body=(note, note)))[1] == b'[{"text":"a"},{"text":"a"}]'
        with pytest.raises(ValueError, match="body: must have at most 2 items, got 3"):
            bodies.SendListRequest(body=[note, note, note])

    def test_a_form(self, models: Import) -> None:
        bodies = models("bodies")
        note = bodies.Note(text="a&b", tags=["x", "y"])
        expected = b"text=a%26b&tags=x,y"
        assert self.sent(bodies.SendFormRequest(body=note)) == ("application/x-www-form-urlencoded", expected)

    def test_a_multipart_form(self, models: Import, package: Import) -> None:
        bodies, file, part = models("bodies"), package("bodies").File, package("bodies").Part
        body = bodies.SendMultipartBody(
            file=file(b"\x00\x01", filename="a.bin"),
            more=[b"b"],
            note=part(bodies.Note(text="c"), {"X-Author": "me"}),
            tags=["d", part("e", {"X-Rank": 5})],
            count=1,
            whatever=b"f",
            signature=b"g",
        )
        content_type, content = self.sent(bodies.SendMultipartRequest(body=body))
        kind, _, boundary = content_type.partition("; boundary=")
        parts = content.decode("latin-1").split(f"--{boundary}")
        binary = "\r\nContent-Type: application/octet-stream\r\n\r\n"
        json, text = "\r\nContent-Type: application/json\r\n", "\r\nContent-Type: text/plain; charset=utf-8\r\n"
        assert kind == "multipart/form-data"
        assert [part.strip("\r\n") for part in parts[1:-1]] == [
            f'Content-Disposition: form-data; name="file"; filename="a.bin"{binary}\x00\x01',
            f'Content-Disposition: form-data; name="more"; filename="more"{binary}b',
            f'Content-Disposition: form-data; name="note"{json}X-Author: me\r\nX-Version: 2\r\n\r\n{{"text":"c"}}',
            f'Content-Disposition: form-data; name="tags"{text}\r\nd',
            f'Content-Disposition: form-data; name="tags"{text}X-Rank: 5\r\n\r\ne',
            f'Content-Disposition: form-data; name="count"{text}\r\n1',
            f'Content-Disposition: form-data; name="whatever"; filename="whatever"{binary}f',
            f'Content-Disposition: form-data; name="signature"{binary}Zw==',
        ]
        assert parts[-1].strip() == "--"

    def test_bytes_and_text(self, models: Import) -> None:
        bodies = models("bodies")
        assert self.sent(bodies.SendBinaryRequest(body=b"\x00\xff")) == ("application/octet-stream", b"\x00\xff")
        assert self.sent(bodies.SendBinaryRequest(body=[b"a", b"b"])) == ("application/octet-stream", b"ab")
        assert self.sent(bodies.SendTextRequest(body="ä")) == ("text/plain", "ä".encode())
        assert self.sent(bodies.SendLatinRequest(body="ä")) == ("text/csv; charset=latin1", b"\xe4")
        with pytest.raises(ValueError, match=r"^the body cannot be sent as text/csv; charset=latin1: .*'\\u20ac'"):
            bodies.SendLatinRequest(body="€").to_http()

    def test_a_shared_body_is_found(self, models: Import) -> None:
        bodies = models("bodies")
        assert self.sent(bodies.SendSharedRequest(body=bodies.SharedBody(id=1)))[1] == b'{"id":1}'


class TestReadWriteOnly:
    def test_what_only_the_service_sets_need_not_be_given(self, models: Import) -> None:
        account = models("read_write_only").Account(name="Kim", password="p")  # noqa: S106  # of nobody
        request = models("read_write_only").OpenAccountRequest(body=account)
        assert request.to_http().body.content == b'{"name":"Kim","password":"p"}'

    def test_what_the_service_never_shows_need_not_be_there(self, models: Import) -> None:
        account = round_trip(models("read_write_only").Account, {"id": "a", "name": "Kim", "owner": {"number": 1}})
        assert account.password is None

    @pytest.mark.parametrize(
        ("account", "missing"),
        [
            ({"name": "Kim"}, "Account.password"),
            ({"name": "Kim", "password": "p", "owner": {}, "keys": [{"secret": None}, {}]}, "Key.secret"),
        ],
    )
    def test_what_only_a_caller_sets_is_required_in_requests(
        self, models: Import, account: dict[str, Any], missing: str
    ) -> None:
        directions = models("read_write_only")
        request = directions.OpenAccountRequest(body=round_trip(directions.Account, account))
        with pytest.raises(ValueError, match=rf"^{missing}: required in a request$"):
            request.to_http()

    def test_null_is_there(self, models: Import) -> None:
        directions = models("read_write_only")
        key = directions.Key(secret=None)
        account = directions.Account(name="Kim", password="p", keys=[key], owner=directions.Owner())  # noqa: S106  # of nobody
        sent = directions.OpenAccountRequest(body=account).to_http().body.content
        assert sent == b'{"name":"Kim","password":"p","owner":{},"keys":[{"secret":null}]}'

    def test_what_another_field_requires_is_what_a_caller_sets(self, models: Import) -> None:
        with pytest.raises(ValueError, match=r"^keys: requires owner$"):
            models("read_write_only").Account(name="Kim", keys=[])

    def test_what_is_only_read_is_required_as_the_description_says(self, models: Import) -> None:
        said = refusal(models("read_write_only").Receipt.from_dict, {})
        assert said == "$.id: required, but missing"


class TestErrors:
    @pytest.mark.parametrize(
        ("status", "error", "content", "body"),
        [
            (400, "BadRequestError", b'{"fields":{"a":"b"}}', {"fields": {"a": "b"}}),
            (402, "ClientError", b'{"message":"m"}', {"message": "m"}),
            (404, "NotFoundError", b'{"since":"2025-03-04T12:00:00Z"}', {"since": "2025-03-04T12:00:00Z"}),
            (404, "NotFoundError", b'{"message":"m"}', {"message": "m"}),
            (429, "RateLimitError", b'{"message":"m"}', {"message": "m"}),
            (451, "ClientError", b'{"detail":"d"}', {"detail": "d"}),
            (500, "InternalServerError", b'{"message":"m"}', {"message": "m"}),
        ],
    )
    def test_each_status_has_its_body(
        self, package: Import, status: int, error: str, content: bytes, body: dict[str, Any]
    ) -> None:
        assert self.raised(package, status, error, content).body.to_dict() == body

    def raised(self, package: Import, status: int, error: str, content: bytes) -> Any:
        errors = package("errors")
        client = errors.ErrorsClient(
            transport=Canned((status, "application/json", content)), retries=errors.Retries(attempts=1)
        )
        with pytest.raises(getattr(errors.errors, error)) as caught:
            client.jobs.start_job()
        assert caught.value.status == status
        return caught.value

    def test_a_body_need_not_be_an_object(self, package: Import) -> None:
        assert self.raised(package, 401, "UnauthorizedError", b"").body is None
        assert self.raised(package, 409, "ConflictError", b"taken").body == "taken"
        assert self.raised(package, 418, "ClientError", b"\x00").body == b"\x00"
        assert self.raised(package, 503, "ServiceUnavailableError", b'["a"]').body == ["a"]

    def test_a_body_that_is_not_as_described_never_hides_the_status(self, package: Import) -> None:
        error = self.raised(package, 404, "NotFoundError", b"<html>")
        assert error.body is None
        assert "<html>" in error.excerpt

    def test_default_is_the_success_where_none_is_described(self, package: Import) -> None:
        errors = package("errors")
        client = errors.ErrorsClient(transport=Canned((200, "application/json", b'{"id":"j"}')))
        assert client.jobs.only_default() == errors.models.Job(id="j")

    def test_a_range_covers_its_statuses(self, package: Import) -> None:
        errors = package("errors")
        client = errors.ErrorsClient(transport=Canned((206, "", b""), (304, "", b"")))
        assert client.jobs.get_nothing() is None
        with pytest.raises(errors.errors.RedirectionError):
            client.jobs.get_nothing()


class TestResponses:
    @pytest.mark.parametrize(
        ("method", "status", "content", "result"),
        [
            ("delete_all", 204, b"", None),
            ("several", 204, b"", None),
            ("download", 200, b"\x00%PDF", b"\x00%PDF"),
            ("read_text", 200, "ä".encode(), "ä"),
            ("scalars", 200, b"7", 7),
            ("scalars", 201, b'"2025-03-04T12:00:00Z"', NOON),
            ("untyped", 200, b'{"a":[1]}', {"a": [1]}),
            ("undescribed", 200, b"", None),
        ],
    )
    def test_each_kind_of_answer_is_read(
        self, package: Import, method: str, status: int, content: bytes, result: object
    ) -> None:
        assert self.call(package, method, status, content) == result

    def call(self, package: Import, method: str, status: int, content: bytes) -> Any:
        client = package("responses").ResponsesClient(transport=Canned((status, "", content)))
        return getattr(client.default, method)()

    def test_each_status_is_read_as_its_own_type(self, package: Import) -> None:
        models = package("responses").models
        assert self.call(package, "several", 200, b'{"done":true}') == models.Done(done=True)
        assert self.call(package, "several", 201, b'{"id":"m"}') == models.Made(id="m")
        assert self.call(package, "range", 206, b'{"done":true}') == models.Done(done=True)
        assert self.call(package, "several_types", 200, b'{"done":true}') == models.Done(done=True)
        assert self.call(package, "read_map", 200, b'{"a":[{"done":true}]}') == {"a": [models.Done(done=True)]}
        assert self.call(package, "shared", 200, b'{"ok":true}') == models.SharedResponse(ok=True)

    def test_an_answer_that_is_not_as_described_is_refused(self, package: Import) -> None:
        with pytest.raises(package("responses").errors.DecodeError, match=r"\$\.done: required, but missing"):
            self.call(package, "several", 200, b"{}")


class TestSecurity:
    @pytest.mark.parametrize(
        ("method", "headers", "query"),
        [
            ("by_default", {"authorization": "Bearer t"}, ""),
            ("by_nobody", {}, ""),
            ("by_anybody", {"authorization": "Basic dTpw"}, ""),
            ("by_header", {"x-key": "k"}, ""),
            ("by_query", {}, "?key=q%2F"),
            ("by_cookie", {"cookie": "session=c"}, ""),
            ("by_both", {"x-key": "k", "cookie": "session=c"}, ""),
            ("by_either", {"x-key": "k"}, ""),
        ],
    )
    def test_each_operation_carries_what_it_asks_for(
        self, package: Import, method: str, headers: dict[str, str], query: str
    ) -> None:
        transport = Canned((204, "", b""))
        client = package("security").SecurityClient(
            token=GIVEN, basic_auth=("u", "p"), api_key="k", query_key="q/", cookie_key="c", transport=transport
        )
        getattr(client.default, method)()
        (request,) = transport.requests
        carried = {name.lower(): value for name, value in request.headers.items()}
        assert {name: carried[name] for name in ("authorization", "x-key", "cookie") if name in carried} == headers
        assert request.url.partition("/v1/")[2].partition("?")[2] == query.removeprefix("?")

    def test_a_missing_credential_is_named(self, package: Import, monkeypatch: pytest.MonkeyPatch) -> None:
        security = package("security")
        monkeypatch.setenv("SECURITY_API_TOKEN", "")
        client = security.SecurityClient(transport=Canned())
        with pytest.raises(security.errors.ConfigurationError, match="pass token=… or set SECURITY_API_TOKEN"):
            client.default.by_default()
        with pytest.raises(security.errors.ConfigurationError, match="SECURITY_API_API_KEY and pass cookie_key"):
            client.default.by_both()

    def test_none_is_needed_where_none_is_asked_for(self, package: Import) -> None:
        client = package("security").SecurityClient(transport=Canned((204, "", b"")))
        client.default.by_anybody()

    def test_servers_have_names_and_operations_may_have_their_own(self, package: Import) -> None:
        security = package("security")
        transport = Canned((204, "", b""), (204, "", b""), (204, "", b""))
        security.SecurityClient(token=GIVEN, transport=transport).default.by_default()
        security.SecurityClient(token=GIVEN, server="us", transport=transport).default.by_default()
        security.SecurityClient(token=GIVEN, transport=transport).default.elsewhere()
        assert [request.url for request in transport.requests] == [
            "https://eu.secure.example/v1/default",
            "https://us.secure.example/default",
            "https://elsewhere.example/elsewhere",
        ]


class TestPagination:
    def page(self, ids: list[str], cursor: str, *, more: bool) -> tuple[int, str, bytes]:
        data = ",".join(f'{{"id":"{each}"}}' for each in ids)
        end = f'{{"endCursor":"{cursor}","hasNextPage":{str(more).lower()}}}'
        return 200, "application/json", f'{{"data":[{data}],"pagination":{end}}}'.encode()

    def test_an_iterator_walks_over_all_pages(self, package: Import) -> None:
        transport = Canned(self.page(["a", "b"], "1", more=True), self.page(["c"], "2", more=False))
        client = package("pagination").PaginationClient(transport=transport)
        assert [event.id for event in client.events.iter_events(kinds=["x"])] == ["a", "b", "c"]
        assert [request.url.partition("?")[2] for request in transport.requests] == ["kinds=x", "after=1&kinds=x"]

    def test_a_cursor_alone_can_tell_the_end(self, package: Import) -> None:
        transport = Canned(
            (200, "application/json", b'{"names":["a"],"next":"1"}'),
            (200, "application/json", b'{"names":["b"],"next":null}'),
        )
        client = package("pagination").PaginationClient(transport=transport)
        assert list(client.events.iter_names()) == ["a", "b"]
        assert [request.url.partition("?")[2] for request in transport.requests] == ["", "page%5Btoken%5D=1"]

    def test_the_rate_is_known(self, models: Import) -> None:
        limit = models("pagination").ListEventsRequest.operation.rate_limit
        assert (limit.requests, limit.seconds) == (5, 1.0)


class TestBrokenReferences:
    def test_what_is_left_of_an_operation_works(self, package: Import) -> None:
        transport = Canned((200, "application/json", b'{"any": 1}'), (500, "application/json", b'["error"]'))
        client = package("broken_references").BrokenReferencesClient(transport=transport)
        assert client.things.get_part(thing_id="t", part="a/b", limit=3) == b'{"any": 1}'
        assert transport.requests[0].url == "https://broken.example/things/t/a%2Fb?limit=3"
        with pytest.raises(package("broken_references").errors.StatusError) as caught:
            client.things.get_part(thing_id="t", part="p")
        assert caught.value.body == ["error"]

    def test_a_body_and_a_schema_that_are_not_there_take_any_value(self, package: Import) -> None:
        answer = {"id": "t", "round": [1], "note": {"a": None}}
        transport = Canned((200, "application/json", json.dumps(answer).encode()), (204, "", b""))
        client = package("broken_references").BrokenReferencesClient(transport=transport)
        thing = client.things.put_part(thing_id="t", part="p", body=[1, "2"])
        assert (thing.round, thing.note, thing.to_dict()) == ([1], {"a": None}, answer)
        assert transport.requests[0].content == b'[1,"2"]'
        assert client.things.again() is None
