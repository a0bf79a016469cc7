"""``attrest mock``: requests over real sockets, and what the server answers."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from training_api import Retries, TrainingClient
from training_api.errors import StatusError

from attrest import pointers
from attrest.mocking import expectations
from attrest.mocking.adapting import directions
from attrest.mocking.schemata import Schemata
from attrest.schemachecks import Check, validator
from mocking import BEARER, SCRIPTS, TOKEN, Mocking
from training_tables import ERROR_STATUSES

pytest.importorskip("starlette", reason="the extra mock is not installed")
pytest.importorskip("uvicorn", reason="the extra mock is not installed")

HERE: Final = Path(__file__).parent
TRAINING: Final = HERE.parent / "openapi" / "openapi.yaml"
SHOP: Final = HERE / "mocking" / "shop.yaml"
COURSES: Final = "/training-courses"
PARCEL: Final = (
    b"<?xml version='1.0' encoding='utf-8'?>\n<parcel id=\"1\"><lids><lid>text</lid></lids><open>true</open></parcel>"
)


@pytest.fixture(scope="module")
def training() -> Iterator[Mocking]:
    with Mocking(TRAINING, "--credential", TOKEN) as running:
        yield running


@pytest.fixture(scope="module")
def shop() -> Iterator[Mocking]:
    with Mocking(SHOP) as running:
        yield running


# --- the generated client gets what the description shows ---


def test_client_gets_the_examples(training: Mocking) -> None:
    with TrainingClient(TOKEN, server=training.url) as client:
        courses = list(client.training_courses.iter_training_courses(status=["published"]))
        made = client.training_assignments.post_training_assignments(
            course_id=courses[0].id, due_at_time=datetime(2030, 1, 1, tzinfo=UTC), learner_ids=["driver-1", "a,b"]
        )
        client.training_assignments.delete_training_assignments(ids=[each.id for each in made.data])
    assert [course.title for course in courses] == ["Keeping your distance"]
    assert [each.is_existing_assignment for each in made.data] == [False, True]


@pytest.mark.parametrize("status", [400, *map(int, ERROR_STATUSES[:-1])])
def test_client_gets_every_error_it_asks_for(status: int, training: Mocking) -> None:
    prefer = {"Prefer": f"code={status}"}
    with (
        TrainingClient(TOKEN, server=training.url, headers=prefer, retries=Retries(attempts=1)) as client,
        pytest.raises(StatusError) as raised,
    ):
        client.training_courses.get_training_courses()
    assert (raised.value.status, type(raised.value.body).__name__) == (status, "ErrorResponse")


# --- wrong requests ---


def test_all_that_is_wrong_is_told_at_once(training: Mocking) -> None:
    query = f"status=published,lost&courseIds={','.join('x' * 101)}&after=1&after=2"
    got = training.ask("GET", f"{COURSES}?{query}", **BEARER)
    violations = json.loads(got.headers["x-attrest-violations"])
    assert got.status == 400
    assert got.headers["content-type"] == "application/json"
    assert got.json.keys() == {"message", "requestId"}
    assert [(each["in"], each["name"], each["pointer"], each["description"]) for each in violations] == [
        ("query", "after", "", "#/components/parameters/After"),
        ("query", "courseIds", "", "#/components/parameters/CourseIds/schema/maxItems"),
        ("query", "status", "/1", "#/components/schemas/TrainingCourseStatusFilter/enum"),
    ]
    assert violations[2]["got"] == "lost"
    assert violations[2]["expected"].startswith("one of ")
    assert '"published"' in violations[2]["expected"]
    assert [each["expected"] for each in violations[:2]] == ["one value", "at most 100 items"]
    assert violations[0]["got"] == ["1", "2"]


def test_what_the_description_says_no_form_for_is_a_problem(shop: Mocking) -> None:
    item = b'{"name": "", "price": "dear", "tags": ["a", "a"]}'
    got = shop.ask("POST", "/v1/items", item, Content_Type="application/json")
    assert (got.status, got.headers["content-type"]) == (422, "application/problem+json")
    assert got.json["title"] == "Unprocessable Entity"
    assert [(each["in"], each["pointer"], each["description"]) for each in got.json["violations"]] == [
        ("body", "/name", "#/components/schemas/Item/properties/name/minLength"),
        ("body", "/price", "#/components/schemas/Item/properties/price/type"),
        ("body", "/tags", "#/components/schemas/Item/properties/tags/uniqueItems"),
    ]
    assert [(each["expected"], each["got"]) for each in got.json["violations"]] == [
        ("at least 1 character", ""),
        ("a number", "dear"),
        ("no item twice", ["a", "a"]),
    ]
    assert 'body /price: expected a number, got "dear" (#/' in got.json["detail"]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": ["integer", "null"]}, "x", "an integer or null"),
        ({"type": "object"}, [], "an object"),
        ({"minimum": 1}, 0, "at least 1"),
        ({"exclusiveMaximum": 1.5}, 2, "less than 1.5"),
        ({"multipleOf": 5}, 2, "a multiple of 5"),
        ({"enum": ["a", 1, None]}, "x", 'one of "a", 1 and null'),
        ({"const": True}, False, "true"),
        ({"pattern": "^a$"}, "b", "text that matches ^a$"),
        ({"type": "string", "format": "uuid"}, "b", "the format uuid"),
        ({"maxItems": 1}, [1, 2], "at most 1 item"),
        ({"required": ["a"]}, {}, 'the property "a"'),
        ({"properties": {}, "additionalProperties": False}, {"b": {}}, 'no property "b"'),
        ({"enum": list(range(1000))}, "x", " more"),
        ({"not": {}}, 1, "not"),
    ],
)
def test_what_is_expected_is_said_in_words(schema: dict[str, Any], value: object, expected: str) -> None:
    schemata = Schemata(directions({"schema": schema}, "3.1")["request"], "3.1", "request")
    (problem,) = schemata.problems("/schema", value)
    told = expectations.expected(problem, schemata)
    assert told == expected if expected not in {" more", "not"} else expected in told
    assert len(told) < 500


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "status", "detail"),
    [
        ("GET", "/nowhere", {}, None, 404, "/nowhere"),
        ("GET", "/items/", {}, None, 404, "/items/"),
        ("PUT", "/items", {}, None, 405, "takes GET, POST, not PUT"),
        ("POST", "/items", {"Content-Type": "text/csv"}, b"a", 415, "expected application/json"),
        ("POST", "/items", {"Content-Type": "application/json"}, b"{", 422, "JSON"),
        ("POST", "/items", {"Content-Type": "application/json"}, b'{"price": NaN}', 422, "NaN"),
        ("POST", "/items", {}, None, 422, "a body"),
        ("GET", "/items", {"Accept": "text/html"}, None, 406, "text/html"),
        ("GET", "/items/x", {}, None, 400, "path id"),
        ("GET", "/items?limit=0", {}, None, 400, "query limit"),
        ("GET", "/items?limit=1.5", {}, None, 400, "query limit"),
        ("GET", "/items?filter[price]=x", {}, None, 400, "query filter /price"),
        ("GET", "/items", {"X-Trace": "no"}, None, 400, "header X-Trace"),
        ("GET", "/items", {"Cookie": "theme=blue"}, None, 400, "cookie theme"),
    ],
)
def test_wrong_requests_get_the_status_for_it(
    method: str, target: str, headers: dict[str, str], body: bytes | None, status: int, detail: str, shop: Mocking
) -> None:
    got = shop.ask(method, target, body, **headers)
    assert (got.status, got.headers["content-type"]) == (status, "application/problem+json")
    assert detail in got.json["detail"]


def test_a_wrong_method_tells_the_right_ones(shop: Mocking) -> None:
    assert shop.ask("TRACE", "/items").headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("target", "right", "wrong", "challenge"),
    [
        ("/secret/bearer", {"Authorization": "Bearer x"}, {"Authorization": "Basic YTpi"}, "Bearer"),
        ("/secret/basic", {"Authorization": "Basic YTpi"}, {"Authorization": "Basic YQ=="}, 'Basic realm="mock"'),
        ("/secret/key", {"X-Key": "x"}, {"Cookie": "X-Key=x"}, 'ApiKey in="header", name="X-Key"'),
        ("/secret/cookie", {"Cookie": "a=1; session=x"}, {"Cookie": "session="}, 'ApiKey in="cookie", name="session"'),
        ("/secret/both", {"X-Key": "x", "Cookie": "session=x"}, {"X-Key": "x"}, "ApiKey in"),
    ],
)
def test_credentials_have_to_be_there(
    target: str, right: dict[str, str], wrong: dict[str, str], challenge: str, shop: Mocking
) -> None:
    refused = shop.ask("GET", target, **wrong)
    assert (refused.status, challenge in refused.headers["www-authenticate"]) == (401, True)
    assert shop.ask("GET", target, **right).status == 204


def test_only_the_credentials_that_are_given_count(training: Mocking) -> None:
    assert training.ask("GET", COURSES, Authorization="Bearer other").status == 401
    assert training.ask("GET", COURSES, **BEARER).status == 200


# --- parameters in every style ---


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/styles/1,2/.3.4/;matrix=5,6?form=1&form=2&comma=1,2&space=1%202&pipe=1%7C2&pipe2=1|2", 204),
        ("/styles/1,2/.3.4/;matrix=5,6?R=1&G=2&deep[R]=1&unknown=1", 204),
        ("/styles/1,x/.3.4/;matrix=5,6", 400),
        ("/styles/1/.x/;matrix=5", 400),
        ("/styles/1/.3/;matrix=x", 400),
        ("/styles/1/.3/matrix=5", 400),
        ("/styles/1/.3/;matrix=5?form=x", 400),
        ("/styles/1/.3/;matrix=5?comma=1,x", 400),
        ("/styles/1/.3/;matrix=5?space=1%20x", 400),
        ("/styles/1/.3/;matrix=5?pipe=1|x", 400),
        ("/styles/1/.3/;matrix=5?R=x", 400),
        ("/styles/1/.3/;matrix=5?deep[R]=x", 400),
        ("/styles/1/.3/;matrix=5?json=%7B%22R%22%3A1%7D", 204),
        ("/styles/1/.3/;matrix=5?json=%7B%22R%22%3A%22x%22%7D", 400),
        ("/styles/1/.3/;matrix=5?json=%7B", 400),
    ],
)
def test_parameters_are_read_in_their_styles(target: str, status: int, shop: Mocking) -> None:
    assert shop.ask("GET", target).status == status


def test_a_tag_tells_apart_what_nothing_else_does(shop: Mocking) -> None:
    assert shop.ask("POST", "/owners", b'{"kind": "Person"}', Content_Type="application/json").status == 204
    got = shop.ask("POST", "/owners", b'{"kind": 1}', Content_Type="application/json")
    assert got.json["violations"][0]["description"] == "#/components/schemas/Person/properties/kind/type"


# --- answers ---


def test_concrete_paths_go_before_templates(shop: Mocking) -> None:
    assert shop.ask("GET", "/items/newest").json == {"id": 7, "name": "The newest", "price": 1}


@pytest.mark.parametrize(
    ("base", "status"), [("/v1", 200), ("/v2", 200), ("/v3", 404), ("/tenants/us", 200), ("/tenants/them", 200)]
)
def test_paths_may_stand_behind_those_of_servers(base: str, status: int, shop: Mocking) -> None:
    assert shop.ask("GET", f"{base}/items/newest").status == status


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/found", "by chance"),
        ("/found?by=chance", "by chance"),
        ("/found?name=lamp&by=name", "by name"),
        ("/found?by=name", "by chance"),
        ("/found?by=name&name=l", "path name: "),
    ],
)
def test_a_path_may_bring_a_query(target: str, found: str, shop: Mocking) -> None:
    assert found in shop.ask("GET", target).body.decode()


@pytest.mark.parametrize("target", ["/100%25/1:find%22it", "/100%25/1%3Afind%22%69t"])
def test_letters_of_a_path_may_be_encoded(target: str, shop: Mocking) -> None:
    assert shop.ask("GET", target).json == [100]


def test_a_redirect_is_the_success_where_there_is_no_other(shop: Mocking) -> None:
    got = shop.ask("GET", "/home")
    assert (got.status, got.headers["location"]) == (303, "/items")


def test_preferences_choose_the_answer(shop: Mocking) -> None:
    got = shop.ask("GET", "/items/1", Prefer="code=404")
    assert (got.status, got.headers["preference-applied"]) == (404, "code=404")
    got = shop.ask("GET", "/items", Prefer="example=none")
    assert (got.json, got.headers["preference-applied"]) == ([], "example=none")
    got = shop.ask("GET", "/items", Prefer="code=299, example=lost")
    assert (got.status, "preference-applied" in got.headers) == (200, False)
    assert got.headers["x-attrest-ignored-preferences"] == "code=299, example=lost"


def test_preferences_that_are_ignored_are_told() -> None:
    with Mocking(SHOP) as running:
        got = running.ask("GET", "/items", Prefer="code=abc, example=none")
        assert (got.headers["preference-applied"], got.headers["x-attrest-ignored-preferences"]) == (
            "example=none",
            "code=abc",
        )
        assert "x-attrest-ignored-preferences" not in running.ask("GET", "/items").headers
        running.stop()
        assert [line for line in running.said if "Prefer" in line] == [
            "  Prefer: code=abc is ignored: nothing like it is described"
        ]


def test_values_are_made_where_there_are_no_examples(shop: Mocking) -> None:
    made = shop.ask("GET", "/made").json
    children = made.pop("children")
    assert made == {
        "code": "AAA-111",
        "at": "2030-01-31T12:00:00Z",
        "even": 4,
        "kinds": ["a", "b"],
        "either": {"kind": "left", "left": 1},
        "maybe": "given",
    }
    assert children == [made | {"children": []}]


def test_values_end_and_have_their_tags(shop: Mocking) -> None:
    made = shop.ask("GET", "/tagged").json
    assert (made["type"], made["bone"], [friend["type"] for friend in made["friends"]]) == ("dog", 1, ["dog"])


def test_the_answer_is_the_same_every_time(shop: Mocking) -> None:
    assert len({shop.ask("GET", "/made").body for _ in range(3)}) == 1


def test_what_cannot_be_made_is_told(shop: Mocking) -> None:
    got = shop.ask("GET", "/impossible")
    assert (got.status, got.headers["content-type"]) == (500, "application/problem+json")
    assert "no value is found" in got.json["detail"]


@pytest.mark.parametrize(
    ("accept", "content_type", "body"),
    [
        (None, "application/json", b'{"text":"hello"}'),
        ("text/plain", "text/plain", b"hello"),
        ("text/*;q=0.5, application/json;q=0.1", "text/plain", b"hello"),
        ("application/octet-stream", "application/octet-stream", b"bytes"),
        ("application/xml", "application/xml", PARCEL),
        ("text/event-stream", "text/event-stream", b"event: said\ndata: one\n\n" * 3),
        ("application/jsonl", "application/jsonl", b'{"n":1}\n{"n":2}\n'),
    ],
)
def test_the_caller_chooses_the_media_type(accept: str | None, content_type: str, body: bytes, shop: Mocking) -> None:
    got = shop.ask("GET", "/forms", **({"Accept": accept} if accept else {}))
    assert (got.headers["content-type"], got.body) == (content_type, body)
    assert got.headers["x-left"] == "3"


def test_bodies_are_read_in_every_form(shop: Mocking) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert shop.ask("PUT", "/forms", b"count=1&names=a&names=b", **form).status == 204
    assert shop.ask("PUT", "/forms", b"count=x&names=a", **form).status == 400
    parts = {"Content-Type": "multipart/form-data; boundary=part"}
    assert shop.ask("PUT", "/forms", _parts(b"1"), **parts).status == 204
    assert shop.ask("PUT", "/forms", _parts(b"x"), **parts).status == 400
    assert shop.ask("PUT", "/forms", b"five!", **{"Content-Type": "text/plain; charset=utf-8"}).status == 204
    assert shop.ask("PUT", "/forms", b"five", **{"Content-Type": "text/plain"}).status == 400


@pytest.mark.parametrize("name", ["a b", "\\", "back\\slash\\", 'a\\"b'])
def test_parts_have_any_name(name: str, shop: Mocking) -> None:
    part = f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n1\r\n'.encode()
    parts = {"Content-Type": "multipart/form-data; boundary=part"}
    assert shop.ask("PUT", "/forms", part + _parts(b"1"), **parts).status == 204


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("image/png", 204), ("Audio/MPEG", 204), ("audio/wav;rate=8", 204), ("text/plain", 400), ("image/jpeg", 400)],
)
def test_parts_are_of_the_media_types_of_their_encoding(content_type: str, status: int, shop: Mocking) -> None:
    body = _parts(b"1").replace(b'filename="a"', f'filename="a"\r\ncontent-type: {content_type}'.encode())
    got = shop.ask("PUT", "/forms", body, **{"Content-Type": "multipart/form-data; boundary=part"})
    assert got.status == status
    if status == 400:
        (violation,) = got.json["violations"]
        assert (violation["in"], violation["pointer"], violation["got"]) == ("body", "/names", content_type)
        assert violation["expected"] == "a part that is image/png, audio/*"
        assert violation["description"].endswith("/multipart~1form-data/encoding/names/contentType")


@pytest.mark.parametrize("content_type", ["application/xml", "application/vnd.parcel+xml"])
@pytest.mark.parametrize(
    ("body", "charset", "problem"),
    [
        (PARCEL, "", ""),
        ("<?xml version='1.0' encoding='iso-8859-1'?><parcel>é</parcel>".encode("iso-8859-1"), "", ""),
        ("<parcel>é</parcel>".encode("iso-8859-1"), "; charset=iso-8859-1", ""),
        (b"<parcel><open>true</parcel>", "", "well-formed XML: mismatched tag: line 1, column 20"),
        (b'{"open": true}', "", "well-formed XML: not well-formed (invalid token): line 1, column 0"),
        (b"<parcel>", "", "well-formed XML: no element found: line 1, column 8"),
        (b"<parcel>\xff</parcel>", "", "well-formed XML: not well-formed (invalid token): line 1, column 8"),
        (b"<!DOCTYPE p [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;</p>", "", ""),
    ],
)
def test_bodies_in_xml_have_to_be_well_formed(
    content_type: str, body: bytes, charset: str, problem: str, shop: Mocking
) -> None:
    got = shop.ask("PUT", "/forms", body, **{"Content-Type": f"{content_type}{charset}"})
    assert got.status == (400 if problem else 204)
    if problem:
        (violation,) = got.json["violations"]
        assert (violation["in"], violation["expected"]) == ("body", problem)


def test_an_answer_that_xml_cannot_say_is_told(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"a b": {"const": 1}}, "required": ["a b"]}
    answer = {"description": "Odd.", "content": {"application/xml": {"schema": schema}}}
    path = {"get": {"responses": {"200": answer}}}
    document = tmp_path / "openapi.json"
    described = {"openapi": "3.1.0", "info": {"title": "Odd", "version": "1"}, "paths": {"/odd": path}}
    document.write_text(json.dumps(described), encoding="utf-8")
    with Mocking(document) as running:
        got = running.ask("GET", "/odd")
        assert (got.status, got.headers["content-type"]) == (500, "application/problem+json")
        assert "its value is not well-formed XML" in got.json["detail"]


@pytest.mark.parametrize(
    ("target", "undescribed"),
    [
        ("/items?limit=1&name=a", None),
        ("/items?limt=1&limit=1&limt=2", "limt"),
        ("/items?a b&%C3%A9=1".replace(" ", "%20"), "a%20b, %C3%A9"),
        ("/items?filter[price]=1", None),
        ("/items?filters[price]=1", "filters[price]"),
        ("/styles/1/.1/;matrix=1?R=1&B=2", "B"),
        ("/styles/1/.1/;matrix=1?deep[R]=1&form=1", None),
    ],
)
def test_queries_that_nothing_describes_are_taken_and_told(target: str, undescribed: str | None, shop: Mocking) -> None:
    got = shop.ask("GET", target)
    assert got.status in (200, 204)
    assert got.headers.get("x-attrest-undescribed-query") == undescribed


def test_what_a_path_and_credentials_bring_into_a_query_is_described(tmp_path: Path) -> None:
    answers = {"responses": {"204": {"description": "Done."}}}
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Asked", "version": "1"},
        "paths": {"/asked?by=name": {"get": {**answers, "security": [{"key": []}]}}},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "key"}}},
    }
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(described), encoding="utf-8")
    with Mocking(document) as running:
        assert "x-attrest-undescribed-query" not in running.ask("GET", "/asked?by=name&key=1").headers
        running.ask("GET", "/asked?by=name&key=1&kye=2")
        running.stop()
        assert running.said.count("  query kye: nothing describes it") == 1


def _parts(count: bytes) -> bytes:
    return (
        b'--part\r\nContent-Disposition: form-data; name="count"\r\n\r\n' + count + b"\r\n"
        b'--part\r\nContent-Disposition: form-data; name="names"; filename="a"\r\n\r\n\x00\xff\r\n--part--\r\n'
    )


VARIANTS = {
    "oneOf": [
        {"properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}, "required": ["kind", "name", "lives"]},
        {"properties": {"kind": {"enum": ["dog"]}, "tag": {"type": "string"}}, "required": ["kind", "tag"]},
        {"type": "string", "minLength": 3},
    ]
}


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ({"kind": "cat"}, [("", "required"), ("", "required")]),
        ({"kind": "cat", "name": "Tom", "lives": "nine"}, [("/lives", "type")]),
        ({"kind": "cat", "tag": 3, "lives": "nine"}, [("", "required"), ("/lives", "type")]),
        ({"kind": "dog"}, [("", "required")]),
        ({"kind": "dog", "tag": 3}, [("/tag", "type")]),
        ("a", [("", "minLength")]),
    ],
)
def test_all_that_is_wrong_with_the_variant_that_is_meant_is_told(value: Any, problems: list[tuple[str, str]]) -> None:
    found = Check(validator({"type": ["object", "string"], **VARIANTS})).problems(value)
    assert sorted((pointers.join(each.tokens), each.keyword) for each in found) == problems


# --- the command ---


def test_each_request_has_a_line() -> None:
    with Mocking(SHOP) as running:
        running.ask("GET", "/items?limit=0")
        running.ask("GET", "/items/newest")
        assert running.stop() == 130
    assert list(filter(None, running.said))[-4:] == [
        "GET /items?limit=0 400",
        "  query limit: expected at least 1, got 0 (#/paths/~1items/get/parameters/0/schema/minimum)",
        "GET /items/newest 200",
        "attrest: interrupted",
    ]
    assert [line for line in running.said if "impossible" in line] != []


def test_quiet_says_nothing_of_requests() -> None:
    with Mocking(TRAINING, "--quiet") as running:
        assert running.ask("GET", COURSES).status == 401
        running.stop()
    assert list(filter(None, running.said)) == ["attrest: interrupted"]


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = _attrest(str(TRAINING), "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "cannot listen on 127.0.0.1" in done.stderr
    assert "in use" in done.stderr


def test_what_is_not_taken_as_it_is_written_is_told(tmp_path: Path) -> None:
    description = tmp_path / "openapi.yaml"
    description.write_text("openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: []\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = _attrest(str(description), "--port", str(taken.getsockname()[1]))
    assert "openapi.yaml:3:1: warning[mended]: it is not an object: it is left out" in done.stderr


def test_a_lacking_extra_is_told(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(name='uvicorn')", encoding="utf-8")
    done = _attrest(str(TRAINING), path=f"{tmp_path}:{SCRIPTS}")
    assert done.returncode == 2
    assert done.stderr == "attrest: error: mock needs uvicorn: pip install 'attrest[mock]'\n"


def _attrest(*arguments: str, path: str = str(SCRIPTS)) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "attrest", "mock", *arguments),
        env={"PYTHONPATH": path, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
