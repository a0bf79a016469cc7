"""What the golden cases' clients make of webhooks and callbacks."""

from __future__ import annotations

import http.server
import importlib
import json
import re
import threading
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

import golden_cases
from attrest import interchange
from attrest.infer import infer
from attrest.ir import Api, Requirement
from attrest.load import load
from attrest.lower import lower
from attrest.pipeline import build
from attrest.settings import Settings
from golden_behaviour import NOON, Import
from made_client import make

PET = b'{"name":"Rex","colour":"red"}'
ATTEMPT = {"x-attempt": "2"}


@pytest.fixture
def events(package: Import) -> Any:
    return package("webhooks").events


@pytest.fixture
def errors(package: Import) -> Any:
    return package("webhooks").errors


@pytest.fixture(scope="module")
def api() -> Api:
    file = golden_cases.GOLDEN / "webhooks" / "openapi.yaml"
    document = load(file)
    return lower(document, infer(document), Settings(document=file, output=Path("unused")))


class TestReading:
    def test_a_payload_is_its_model_and_keeps_unknown_fields(self, events: Any, models: Import) -> None:
        event = events.parse_new_pet(PET, ATTEMPT)
        assert event.payload == models("webhooks").Pet(name="Rex", additional_properties={"colour": "red"})
        assert event.payload.to_dict() == json.loads(PET)

    def test_headers_query_and_cookies_are_typed(self, events: Any, models: Import) -> None:
        headers = {
            "X-ATTEMPT": "2",
            "X-Topics": "a, b",
            "X-Context": '{"k":[1]}',
            "X-Object": "R,100",
            "Cookie": "other=1; session=red",
        }
        event = events.parse_new_pet(PET, headers, "page=1&page=2&payload=2025-03-04T12:00:00Z&unknown=3")
        assert (event.x_attempt, event.x_topics, event.page) == (2, ["a", "b"], [1, 2])
        assert event.x_context.to_dict() == {"k": [1]}
        assert event.x_object == "R,100"
        assert event.payload_query == NOON
        assert event.session is models("webhooks").Colour.RED

    def test_items_are_taken_apart_before_they_are_decoded(self, events: Any) -> None:
        headers = {**ATTEMPT, "X-Topics": 'a,, "b, c"', "Cookie": "raw=a%2Cb,c"}
        event = events.parse_new_pet(PET, headers, "sizes=1,12&names=a%20b+c%7cd|e%2Cf")
        assert event.x_topics == ["a", '"b, c"']
        assert (event.sizes, event.names, event.raw) == ([1, "12"], ["a b c", "d", "e,f"], ["a%2Cb", "c"])

    def test_what_comes_under_names_of_its_own_is_not_read_and_told(self, events: Any, api: Api) -> None:
        assert not hasattr(events.parse_new_pet(PET, ATTEMPT), "apart")
        assert "not read: its parts come with an event under names of their own" in {
            each.reason for each in api.entries
        }

    def test_what_was_not_sent_is_none(self, events: Any) -> None:
        event = events.parse_new_pet(PET, ATTEMPT)
        absent = (event.x_topics, event.x_context, event.x_object, event.page, event.payload_query, event.session)
        assert absent == (None,) * 6

    @pytest.mark.parametrize(
        ("body", "headers", "query", "said"),
        [
            (b'{"name":1}', ATTEMPT, "", "$.payload.name: expected a string, got 1"),
            (b"{}", ATTEMPT, "", "$.payload.name: required, but missing"),
            (b"<html>", ATTEMPT, "", "$.payload: expected JSON, got '<html>'"),
            (b"", ATTEMPT, "", "$.payload: expected JSON, got an empty body"),
            (PET, {}, "", "$.header['X-Attempt']: required, but missing"),
            (PET, {"X-Attempt": "many"}, "", "$.header['X-Attempt']: expected an integer, got 'many'"),
            (PET, ATTEMPT, "page=1&page=x", "$.query.page[1]: expected an integer, got 'x'"),
            (PET, {**ATTEMPT, "X-Context": "[]"}, "", "$.header['X-Context']: expected an object, got an array"),
        ],
    )
    def test_what_does_not_fit_is_refused_by_its_place(
        self, events: Any, errors: Any, body: bytes, headers: dict[str, str], query: str, said: str
    ) -> None:
        with pytest.raises(errors.DecodeError) as caught:
            events.parse_new_pet(body, headers, query)
        assert str(caught.value) == f"{said} (POST newPet)"

    @pytest.mark.parametrize(
        ("content_type", "body", "payload"),
        [
            ("application/json; charset=utf-8", b'{"seen":3,"more":true}', {"seen": 3, "more": True}),
            (
                "application/x-www-form-urlencoded",
                b"name=Rex+%26+Co&legs=4&toys=ball&toys=bone&colour=red&owners=a%2Cb,c&home%5Btown%5D=x",
                {
                    "name": "Rex & Co",
                    "legs": 4,
                    "toys": ["ball", "bone"],
                    "colour": "red",
                    "owners": ["a,b", "c"],
                    "home[town]": "x",
                },
            ),
            ("", b"{}", {}),
        ],
    )
    def test_the_content_type_decides_how_a_payload_is_read(
        self, events: Any, content_type: str, body: bytes, payload: object
    ) -> None:
        headers = {"content-type": content_type} if content_type else {}
        assert events.parse_on_data(body, headers).payload.to_dict() == payload

    def test_a_payload_of_another_media_type_is_kept_or_refused(self, events: Any, errors: Any) -> None:
        assert events.parse_on_data(b"%PDF", {"Content-Type": "application/pdf"}).payload == b"%PDF"
        with pytest.raises(errors.DecodeError, match=r"^\$.payload: expected application/json or .*image/png"):
            events.parse_on_data(b"PNG", {"Content-Type": "image/png"})

    def test_a_payload_is_optional_only_where_that_is_written(self, events: Any) -> None:
        assert events.parse_ping(b"").payload is None
        assert events.parse_ping("späm".encode()).payload == "späm"
        assert attrs.fields_dict(events.GetPingWebhook) == {}
        assert events.parse_get_ping(b"ignored") == events.GetPingWebhook()

    def test_text_is_no_body(self, events: Any, errors: Any) -> None:
        with pytest.raises(errors.InvalidArgumentError, match="expected bytes, got a str"):
            events.parse_ping("text")


class TestNames:
    def test_parse_takes_the_name(self, events: Any) -> None:
        assert events.parse("new_pet", PET, ATTEMPT) == events.parse_new_pet(PET, ATTEMPT)
        assert isinstance(events.parse("put_order_moved_up", b"<pet/>"), events.Event)

    def test_a_function_for_a_deprecated_event_warns_whoever_calls_it_by_name(self, events: Any) -> None:
        with pytest.warns(DeprecationWarning, match="parse_put_order_moved_up is deprecated") as caught:
            event = events.parse_put_order_moved_up(b"<pet/>")
        assert [each.filename for each in caught] == [__file__]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert events.parse("put_order_moved_up", b"<pet/>") == event

    def test_an_unknown_name_is_refused(self, events: Any, errors: Any) -> None:
        with pytest.raises(errors.DecodeError, match=r"expected one of new_pet, .*, got 'nothing_known'"):
            events.parse("nothing_known", PET)

    def test_an_event_says_what_it_is(self, events: Any) -> None:
        definition = events.OnDataCallback.event
        assert (definition.id, definition.method) == ("onData", "POST")
        assert definition.url == "{$request.body#/url}/data"

    def test_nothing_is_there_for_an_api_without_events(self, package: Import) -> None:
        assert "events" not in package("minimal").__all__
        assert not hasattr(package("minimal"), "events")


class TestVerifying:
    def test_the_hook_sees_body_and_headers_before_anything_is_read(self, events: Any) -> None:
        seen: list[object] = []
        events.parse_new_pet(PET, ATTEMPT, verify=lambda *given: seen.append(given))
        assert seen == [(PET, ATTEMPT)]

    def test_its_error_goes_through(self, events: Any) -> None:
        def refuse(_: bytes, __: object) -> None:
            raise PermissionError("forged")

        with pytest.raises(PermissionError, match="forged"):
            events.parse("new_pet", b"not even JSON", verify=refuse)


class TestLowering:
    def test_a_callback_that_several_operations_ask_for_is_one_event(self, api: Api) -> None:
        asking = {event.id: event.operations for event in api.events if event.kind == "callback"}
        assert asking == dict.fromkeys(("onData", "shared"), ("SubscribeRequest", "RenewRequest"))

    def test_models_know_the_events_that_use_them(self, api: Api) -> None:
        used = {declaration.name: declaration.used_by for declaration in api.declarations}
        assert used["Pet"] == ("NewPetWebhook", "OnDataCallback")
        assert used["Refusal"] == ("NewPetWebhook",)

    def test_only_answers_that_are_described_are_listed(self, api: Api) -> None:
        answers = {event.name: [answer.status for answer in event.responses] for event in api.events}
        assert (answers["new_pet"], answers["ping"]) == (["200", "410"], [])

    def test_only_security_of_its_own_is_an_events(self, api: Api) -> None:
        assert [event.security for event in api.events if event.security] == [((Requirement(scheme="key"),),)]

    def test_what_is_not_taken_apart_is_in_the_ledger(self, api: Api) -> None:
        reasons = {entry.pointer: entry.reason for entry in api.entries if "handed over" in entry.reason}
        assert reasons == {
            "/webhooks/newPet/parameters/3": "an object that comes with an event in this way is handed over as text",
        }

    def test_the_interchange_form_has_them(self, api: Api) -> None:
        assert json.loads(interchange.as_json(api))["events"][0]["class_name"] == "NewPetWebhook"


class TestPages:
    def page(self, path: str) -> str:
        return golden_cases.generated("webhooks").files[f"docs/{path}"]

    def test_each_event_has_a_part_that_links_reach(self, api: Api) -> None:
        page = self.page("events/README.md")
        for event in api.events:
            assert f"\n## {event.class_name}\n" in page
            assert f"](../events/README.md#{event.class_name.lower()})" in page
        assert "- [events.NewPetWebhook](../events/README.md#newpetwebhook)" in self.page("models/pet.md")
        assert "* [events.NewPetWebhook](events/README.md#newpetwebhook) - A pet was born" in self.page("README.md")

    def test_an_operation_and_its_callbacks_lead_to_each_other(self) -> None:
        callbacks = "[events.OnDataCallback](../../events/README.md#ondatacallback)"
        assert f"* Calls back: {callbacks}, " in self.page("sdks/default/README.md")
        operations = "[client.default.subscribe](../sdks/default/README.md#subscribe)"
        assert f"* Asked for by: {operations}, " in self.page("events/README.md")

    def test_the_programs_of_the_page_compile(self) -> None:
        programs = re.findall(r"```python\n(.*?)```", self.page("events/README.md"), re.DOTALL)
        assert len(programs) == 7
        for program in programs:
            compile(program, "page", "exec")


def test_a_description_of_webhooks_alone_gives_a_client(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(
        "openapi: 3.1.0\ninfo: {title: Alone, version: '1'}\n"
        "webhooks: {ping: {post: {requestBody: {content: {application/json: {schema: {type: integer}}}}}}}\n",
        encoding="utf-8",
    )
    files = build(Settings(document=file, output=tmp_path / "out", root=tmp_path), lambda _: None).tree.files
    source = files["python/src/alone/events/ping_webhook.py"]
    assert "payload: int\n" in source
    assert "cached_property" not in files["python/src/alone/client.py"]


class TestServing:
    def test_an_event_that_came_over_a_socket_is_read(self, events: Any) -> None:
        with serving(events) as (address, received):
            request = urllib.request.Request(  # noqa: S310  # the address is our own
                f"{address}/hooks?page=7", PET, {"X-Attempt": "1", "Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # the same
                assert answer.status == 204
        assert [(event.payload.name, event.x_attempt, event.page) for event in received] == [("Rex", 1, [7])]


@contextmanager
def serving(events: Any) -> Iterator[tuple[str, list[Any]]]:
    """A server that keeps the events that it is sent."""
    received: list[Any] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append(events.parse_new_pet(body, dict(self.headers.items()), self.path.partition("?")[2]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_fields_of_a_form_that_are_not_listed_are_of_the_type_of_all_others(tmp_path: Path) -> None:
    listed = {"type": "object", "properties": {"a": {"type": "string"}}}
    schemas = {
        "counts": {**listed, "additionalProperties": {"type": "integer"}},
        "lists": {**listed, "additionalProperties": {"type": "array", "items": {"type": "boolean"}}},
        "texts": {**listed, "additionalProperties": {"type": "string"}},
    }
    form = "application/x-www-form-urlencoded"
    webhooks = {
        name: {"post": {"requestBody": {"required": True, "content": {form: {"schema": schema}}}, "responses": {}}}
        for name, schema in schemas.items()
    }
    make(
        {"openapi": "3.1.0", "info": {"title": "Forms", "version": "1"}, "webhooks": webhooks}, tmp_path, "form_events"
    )
    events = importlib.import_module("form_events.events")
    read = {
        name: events.parse(name, body, {"content-type": form}).payload
        for name, body in (("counts", b"a=1&b=2"), ("lists", b"x=true&x=false&y=true"), ("texts", b"a=1&b=%2B2"))
    }
    assert read["counts"].to_dict() == {"a": "1", "b": 2}
    assert read["lists"].to_dict() == {"x": [True, False], "y": [True]}
    assert read["texts"].to_dict() == {"a": "1", "b": "+2"}
