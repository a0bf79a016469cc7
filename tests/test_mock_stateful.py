"""``attrest mock --stateful``: what is made is listed, read, changed and removed, whatever it is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from training_api import TrainingClient
from training_api.errors import NotFoundError

from mocking import TOKEN, Got, Mocking

pytest.importorskip("starlette", reason="the extra mock is not installed")
pytest.importorskip("uvicorn", reason="the extra mock is not installed")

HERE: Final = Path(__file__).parent
TRAINING: Final = HERE.parent / "openapi" / "openapi.yaml"
COURSE: Final = "a4db8702-79d5-4396-a717-e301d52ecc11"
DUE: Final = datetime(2030, 1, 1, tzinfo=UTC)
SOURCES: Final = HERE.parent / "generated" / "python" / "src"


@pytest.fixture
def training() -> Iterator[Mocking]:
    with Mocking(TRAINING, "--stateful") as running:
        yield running


@pytest.fixture
def garden() -> Iterator[Mocking]:
    with Mocking(HERE / "mocking" / "garden.yaml", "--stateful") as running:
        yield running


# --- the Training API: one path for all items, which parameters name ---


def test_assign_list_move_and_delete(training: Mocking) -> None:
    with TrainingClient(TOKEN, server=training.url) as client:
        assignments = client.training_assignments

        def listed(**filters: Any) -> dict[str, tuple[str, datetime | None]]:
            found = assignments.iter_training_assignments_stream(start_time=DUE, end_time=DUE, **filters)
            return {each.id: (each.learner.id, each.due_at_time) for each in found}

        before = listed()
        made = assignments.post_training_assignments(
            course_id=COURSE, due_at_time=DUE, learner_ids=["driver-7", "driver,8"]
        )
        ids = [each.id for each in made.data]
        assert listed() == before | {ids[0]: ("driver-7", DUE), ids[1]: ("driver,8", DUE)}
        assert listed(learner_ids=["driver,8", "driver-9"]) == {ids[1]: ("driver,8", DUE)}
        later = DUE + timedelta(days=7)
        moved = assignments.patch_training_assignments(ids=ids, due_at_time=later)
        assert [(each.id, each.due_at_time) for each in moved.data] == [(each, later) for each in ids]
        assert listed()[ids[0]] == ("driver-7", later)
        assignments.delete_training_assignments(ids=ids)
        assert listed() == before
        with pytest.raises(NotFoundError) as raised:
            assignments.patch_training_assignments(ids=ids, due_at_time=later)
        assert ids[0] in raised.value.body.message


def test_all_are_changed_or_none(training: Mocking) -> None:
    with TrainingClient(TOKEN, server=training.url) as client:
        assignments = client.training_assignments
        known = "9814a1fa-f0c6-408b-bf85-51dc3bc71ac7"
        with pytest.raises(NotFoundError):
            assignments.patch_training_assignments(ids=[known, "lost"], due_at_time=DUE)
        found = assignments.iter_training_assignments_stream(start_time=DUE, end_time=DUE)
        assert DUE not in [each.due_at_time for each in found]


def run(example: str, training: Mocking, folder: Path) -> str:
    """What an example of the README prints."""
    settings = {"TRAINING_API_SERVER": training.url, "TRAINING_API_TOKEN": "any"}
    done = subprocess.run(
        (sys.executable, "-W", "error", HERE / example),
        cwd=folder,
        env={**os.environ, **settings, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_example_of_the_readme_runs(training: Mocking, tmp_path: Path) -> None:
    assert run("readme_example.py", training, tmp_path) == "driver-281474 assigned\ndriver-46282156 assigned\n"


def test_what_comes_after_it_runs(training: Mocking, tmp_path: Path) -> None:
    def known() -> list[str]:
        with TrainingClient(TOKEN, server=training.url) as client:
            return [each.id for each in client.training_assignments.iter_training_assignments_stream(start_time=DUE)]

    before = known()
    *listed, moved = run("readme_follow.py", training, tmp_path).splitlines()
    assert len(listed) == len(before) + 1
    assert any(line.startswith("driver-281474 ") for line in listed)
    assert moved == "due a week later: driver-281474"
    assert known() == before


# --- another description, in other words: a path for each item, inside of others ---


def send(garden: Mocking, method: str, target: str, body: Any = None) -> Got:
    content = None if body is None else json.dumps(body).encode()
    return garden.ask(
        method, f"/gardens{target}", content, **({} if body is None else {"Content-Type": "application/json"})
    )


def labels(got: Got) -> list[str]:
    return [plant["label"] for plant in got.json["results"]]


def test_items_are_made_read_changed_replaced_and_removed(garden: Mocking) -> None:
    made = send(garden, "POST", "/north/plants", {"kind": "rose", "gardener": {"id": 3}, "note": "red"})
    plant = made.json["plant"]
    one = f"/north/plants/{plant['label']}"
    assert made.status == 201
    assert plant | {"label": "1"} == {
        "label": "1",
        "kind": "rose",
        "is_watered": False,
        "garden": "north",
        "gardener": {"id": 3},
        "note": "red",
    }
    assert send(garden, "GET", one).json == {"plant": plant}
    assert send(garden, "PATCH", one, {"is_watered": True}).json == {"plant": plant | {"is_watered": True}}
    replaced = send(garden, "PUT", one, {"kind": "oak"}).json["plant"]
    assert replaced == {"label": plant["label"], "kind": "oak", "is_watered": True, "garden": "north"}
    assert send(garden, "DELETE", one).json == {"plant": replaced}
    lost = send(garden, "GET", one)
    assert (lost.status, plant["label"] in lost.json["error"]) == (404, True)
    assert send(garden, "DELETE", one).headers["content-type"] == "application/problem+json"


def test_what_is_inside_of_others_is_kept_apart(garden: Mocking) -> None:
    send(garden, "POST", "/north/plants", {"kind": "rose"})
    assert len(labels(send(garden, "GET", "/north/plants"))) == 1
    assert labels(send(garden, "GET", "/south/plants")) == []


def test_lists_come_in_pages(garden: Mocking) -> None:
    for number in range(5):
        send(garden, "POST", "/north/plants", {"kind": f"kind {number}"})
    found: list[str] = []
    token, sizes = "", list[int]()
    while token is not None:
        page = send(garden, "GET", f"/north/plants?page_size=2&page_token={token}")
        found += labels(page)
        sizes.append(len(labels(page)))
        assert page.json["paging"]["total"] == 5
        token = page.json["paging"]["next_page_token"]
    assert (sizes, len(set(found))) == ([2, 2, 1], 5)


def test_lists_are_filtered_by_fields(garden: Mocking) -> None:
    for kind, gardener in (("rose", 1), ("rose", 2), ("oak", 3)):
        send(garden, "POST", "/north/plants", {"kind": kind, "gardener": {"id": gardener}})
    everything = labels(send(garden, "GET", "/north/plants"))
    assert labels(send(garden, "GET", "/north/plants?kind=rose")) == everything[:2]
    assert labels(send(garden, "GET", "/north/plants?gardener_ids=2,3")) == everything[1:]
    assert labels(send(garden, "GET", "/north/plants?kind=rose&gardener_ids=2,3")) == everything[1:2]
    assert labels(send(garden, "GET", "/north/plants?is_watered=true")) == []


def test_what_only_looks_like_making_keeps_nothing(garden: Mocking) -> None:
    assert send(garden, "POST", "/search").body == send(garden, "POST", "/search").body
    garden.stop()
    assert [line for line in garden.said if " keeps " in line] == [
        "attrest: /gardens/{garden}/plants keeps items by their label"
    ]


# --- keys, as the description wants them ---

KEYS: Final = {
    "optional": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "time": {"type": "string", "format": "date-time"},
    "mail": {"type": "string", "format": "email"},
    "patterned": {"type": "string", "pattern": "^k_[a-f0-9]{8}$"},
    "lettered": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 8},
    "long": {"type": "string", "minLength": 12, "maxLength": 12},
    "chosen": {"enum": ["red", "green", "blue"]},
    "large": {"type": "integer", "minimum": 1000, "multipleOf": 5},
    "impossible": {"type": "string", "pattern": "^a(?=b)c$"},
}


def described(paths: dict[str, Any], schemas: dict[str, Any], folder: Path) -> Path:
    document = folder / "openapi.json"
    info = {"title": "Keys", "version": "1"}
    text = {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}
    document.write_text(json.dumps(text))
    return document


def shows(status: int, schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {status: {"description": "It.", "content": {"application/json": {"schema": schema}}}}}


def collection(name: str, key: dict[str, Any]) -> dict[str, Any]:
    item = {"$ref": f"#/components/schemas/{name}"}
    sent = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
    of_path = {"name": "id", "in": "path", "required": True, "schema": key}
    return {
        f"/{name}": {"get": shows(200, {"type": "array", "items": item}), "post": sent | shows(201, item)},
        f"/{name}/{{id}}": {"parameters": [of_path], "get": shows(200, item)},
    }


def post(running: Mocking, target: str, body: Any) -> Any:
    got = running.ask("POST", target, json.dumps(body).encode(), **{"Content-Type": "application/json"})
    assert got.status == 201, got.body
    return got.json


def test_keys_are_as_described(tmp_path: Path) -> None:
    paths = {path: item for name, key in KEYS.items() for path, item in collection(name, key).items()}
    schemas = {name: {"type": "object", "properties": {"id": key, "note": {}}} for name, key in KEYS.items()}
    with Mocking(described(paths, schemas, tmp_path), "--stateful") as running:
        for name in KEYS.keys() - {"impossible"}:
            made = [post(running, f"/{name}", {"note": note}) for note in ("one", "two", "three")]
            assert [each["note"] for each in made] == ["one", "two", "three"], name
            assert running.ask("GET", f"/{name}").json == made
            assert [running.ask("GET", f"/{name}/{quote(str(each['id']))}").json for each in made] == made
        exhausted = running.ask("POST", "/chosen", b"{}", **{"Content-Type": "application/json"})
        assert (exhausted.status, "no further id" in exhausted.json["detail"]) == (500, True)
        running.stop()
        kept = [line for line in running.said if " keeps " in line]
        refused = [line for line in running.said if "are not kept" in line]
    assert len(kept) == len(KEYS) - 1
    assert refused == [
        "attrest: warning: /impossible: items are not kept: none is found with a key, id, that fits what is described"
    ]


def test_items_are_listed_in_what_wraps_any_array(tmp_path: Path) -> None:
    item = {"$ref": "#/components/schemas/Plant"}
    schemas = {
        "Page": {"type": "object", "properties": {"data": {"type": "array", "items": {"type": "object"}}}},
        "Plant": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "note": {}}},
    }
    following = {"next": {"type": "string", "format": "uri", "example": "https://example.com/2"}}
    narrowed = {"properties": {"data": {"type": "array", "items": item}, "links": {"properties": following}}}
    page = {"allOf": [{"$ref": "#/components/schemas/Page"}, narrowed]}
    paths = collection("Plant", {"type": "string"})
    paths["/Plant"]["get"] = shows(200, page)
    with Mocking(described(paths, schemas, tmp_path), "--stateful") as running:
        made = [post(running, "/Plant", {"note": note}) for note in ("red", "blue")]
        assert running.ask("GET", "/Plant").json == {"links": {}, "data": made}
