"""What attrest says has become of each part of a description."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from attrest import accounting, cli, pipeline
from attrest.accounting import account
from attrest.document import Document
from attrest.infer import infer
from attrest.ir import Api
from attrest.ledger import Entry, Ledger, degraded, exact, ignored, lost
from attrest.load import load
from attrest.lower import lower
from attrest.progress import silent
from attrest.settings import Choice, Settings

DESCRIPTION: Final = """\
openapi: 3.2.0
info: {title: Pets, version: '1', license: {name: MIT, x-badge: yes}}
paths:
  /pets:
    get:
      operationId: list_pets
      responses:
        '200': {description: All., content: {application/xml: {schema: {type: string}}, x/y: {schema: {type: object}}}}
    additionalOperations:
      NOT A METHOD:
        responses: {'200': {description: Never.}}
  /broken:
    get: 5
    delete:
      operationId: remove
      responses: {'204': {description: Gone.}}
components:
  schemas:
    Pet:
      type: object
      x-colour: blue
      frobnicate: true
      dependentRequired: {name: [owner]}
      properties:
        name: {type: string, not: {const: Rex}}
"""


EVENTS: Final = """\
openapi: 3.2.0
info: {title: Events, version: '1'}
webhooks:
  bought:
    servers: [{url: 'https://receiver.example'}]
    post:
      tags: [Shop]
      parameters:
        - {name: whole, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
        - {name: apart, in: query, style: deepObject, schema: {type: array, items: {type: string}}}
        - {name: together, in: query, explode: false, schema: {type: object}}
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {buyer: {type: object, properties: {name: {type: string}}}}}
            encoding: {buyer: {style: deepObject}}
          application/json: {schema: {type: string}, encoding: {buyer: {contentType: text/plain}}}
      responses: {'204': {description: Thank you.}}
      callbacks: {returned: {'{$request.query.to}': {post: {responses: {'204': {description: Thank you.}}}}}}
"""


LOOSE: Final = """\
openapi: 3.2.0
info: {title: Loose, version: '1'}
tags: [{name: A, parent: B}, {name: B, parent: A}, {name: C, parent: A}, {name: D, parent: Z}, {name: E, parent: E}]
paths:
  /nested:
    get:
      parameters:
        - {name: rows, in: query, schema: {type: array, items: {type: array, items: {type: string}}}}
        - {name: flat, in: query, schema: {type: object, properties: {a: {type: string}}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, additionalProperties: {type: array}}}
        - {name: json, in: query, content: {application/json: {schema: {type: array, items: {type: object}}}}}
      responses: {'204': {description: Fine.}}
  /nested#two: {get: {responses: {'204': {description: Fine.}}}}
  "/in{#id}": {get: {parameters: [{name: id, in: path, schema: {}}], responses: {'204': {description: Fine.}}}}
webhooks:
  said: {post: {requestBody: {required: false, content: {text/plain: {}}}, responses: {'200': {description: Fine.}}}}
  open: {post: {requestBody: {content: {text/plain: {}}}, responses: {'200': {description: Fine.}}}}
components:
  schemas:
    Items: {items: {type: string}}
    Fields: {properties: {name: {type: string}}}
    Part: {type: object, allOf: [{properties: {name: {type: string}}}]}
    Whole: {allOf: [{properties: {name: {type: string}}}]}
    Variant: {type: object, oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}
    Variants: {properties: {c: {type: string}}, oneOf: [{type: object, properties: {a: {type: string}}}]}
    Referring: {properties: {c: {type: string}}, allOf: [{$ref: '#/components/schemas/Part'}]}
    Bare: {minLength: 3}
    Ended: {type: array, allOf: [{prefixItems: [{type: string}]}], unevaluatedItems: false}
"""
RELATIVE: Final = "relative to where the description is found: taken as relative to the client's server"
NO_OBJECTS: Final = "no type is said: only objects are taken"


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A description of which not all can be generated, in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "pets.yaml"
    path.write_text(DESCRIPTION)
    return path


def ledger_of(path: Path) -> Ledger:
    document = load(path)
    return account(document, lower(document, infer(document), Settings(document=path, output=path.parent / "out")))


@pytest.mark.parametrize(
    ("case", "pointer", "verdict", "reason"),
    [
        ("streams", "/paths/~1chat/get/responses/200/content/text~1event-stream/itemSchema", "exact", ""),
        ("streams", "/paths/~1log/get/responses/200/content/application~1jsonl/itemSchema/$ref", "exact", ""),
        ("streams", "/components/schemas/ChatEvent/oneOf/2/properties/data/contentSchema", "exact", ""),
        ("forms", "/paths/~1invoices~1{id}/head/responses/200/content", "ignored", "answers to HEAD"),
        ("formats", "/paths/~1events~1{day}/get/parameters/8/schema", "degraded", "text in base64url here"),
        ("formats", "/components/schemas/Formats/properties/key_or_number/oneOf/0/format", "exact", ""),
        ("forms", "/paths/~1flavours/get/responses/2XX/content/image~1*", "exact", ""),
        ("response_headers", "/paths/~1pets/get/responses/200/headers/X-Colour", "exact", ""),
        ("response_headers", "/paths/~1pets/get/responses/200/headers/X-Pair/schema", "exact", ""),
        ("response_headers", "/paths/~1pets/get/responses/200/headers/X-Raw/schema", "degraded", "handed over as text"),
        ("response_headers", "/paths/~1pets/get/responses/200/headers/X-Nested/schema", "degraded", "how a header"),
        ("response_headers", "/paths/~1pets/get/responses/200/headers/Content-Type", "ignored", "the header Content-"),
        (
            "response_headers",
            "/paths/~1pets/get/responses/429/headers/Retry-After",
            "exact",
            "",
        ),
    ],
)
def test_of_responses(repository: Path, case: str, pointer: str, verdict: str, reason: str) -> None:
    entry = ledger_of(repository / "tests" / "golden" / case / "openapi.yaml").entry(pointer)
    assert entry.verdict == verdict
    assert entry.reason.startswith(reason)


@pytest.mark.parametrize(
    ("part", "verdict", "reason"),
    [
        ("servers", "ignored", "an event comes to where its receiver is"),
        ("post/tags", "ignored", "events are filed under no tags"),
        ("post/parameters/0", "degraded", "not read: the query of an event is taken apart by name"),
        ("post/parameters/1", "degraded", "not read: its parts come with an event under names of their own"),
        ("post/parameters/2", "degraded", "an object that comes with an event in this way is handed over as text"),
        ("post/requestBody/content/application~1x-www-form-urlencoded/encoding/buyer", "degraded", "its parts come"),
        ("post/requestBody/content/application~1json/encoding", "ignored", "it is of forms and multipart bodies"),
        ("post/requestBody", "exact", ""),
        ("post/callbacks", "degraded", "what follows an event is no event of its own"),
    ],
)
def test_of_events(tmp_path: Path, part: str, verdict: str, reason: str) -> None:
    path = tmp_path / "events.yaml"
    path.write_text(EVENTS)
    entry = ledger_of(path).entry(f"/webhooks/bought/{part}")
    assert entry.verdict == verdict
    assert entry.reason.startswith(reason)


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [
        ("at/pattern", "degraded"),
        ("at/maxLength", "exact"),
        ("day/pattern", "exact"),
        ("key/maxLength", "exact"),
        ("lot/maxLength", "exact"),
    ],
)
def test_of_limits(repository: Path, limit: str, verdict: str) -> None:
    ledger = ledger_of(repository / "tests" / "golden" / "constraints" / "openapi.yaml")
    entry = ledger.entry(f"/components/schemas/Order/properties/{limit}")
    assert entry.verdict == verdict
    assert entry.reason.startswith("not checked: values of this format" if verdict == "degraded" else "")
    assert ledger.entry("/components/schemas/Extras/dependentRequired").verdict == "exact"


@pytest.mark.parametrize(
    ("pointer", "verdict", "reason"),
    [
        ("/servers/0", "exact", ""),
        ("/servers/1", "degraded", "no value for host: the caller has to give it"),
        ("/servers/2", "degraded", "relative to where the description is found: the caller has to give the whole URL"),
        ("/paths/~1files/servers/0", "exact", ""),
        ("/paths/~1files/put/servers/0", "degraded", RELATIVE),
    ],
)
def test_of_servers(repository: Path, pointer: str, verdict: str, reason: str) -> None:
    entry = ledger_of(repository / "tests" / "golden" / "servers" / "openapi.yaml").entry(pointer)
    assert (entry.verdict, entry.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("pointer", "reason"),
    [
        ("/tags/0/parent", "this leads back to the tag itself"),
        ("/tags/1/parent", "this leads back to the tag itself"),
        ("/tags/2/parent", ""),
        ("/tags/3/parent", "there is no tag Z: this one is part of none"),
        ("/tags/4/parent", "this leads back to the tag itself"),
        ("/paths/~1nested/get/parameters/0/schema", "how arrays and objects are written inside of others is left open"),
        ("/paths/~1nested/get/parameters/0/schema/items", ""),
        ("/paths/~1nested/get/parameters/1/schema", ""),
        ("/paths/~1nested/get/parameters/2/schema", "how deepObject writes what is nested is left open"),
        ("/paths/~1nested/get/parameters/3/content/application~1json/schema", ""),
        ("/paths/~1nested#two", "what stands behind # is not sent"),
        ("/paths/~1nested#two/get", ""),
        ("/paths/~1in{#id}", ""),
        ("/webhooks/said/post/requestBody", ""),
        ("/webhooks/open/post/requestBody", "not said to be required, nor that it is not: it is demanded"),
        ("/webhooks/open/post/requestBody/content", ""),
        ("/components/schemas/Items", "no type is said: only arrays are taken"),
        ("/components/schemas/Items/items", ""),
        ("/components/schemas/Fields", NO_OBJECTS),
        ("/components/schemas/Fields/properties/name", ""),
        ("/components/schemas/Part", ""),
        ("/components/schemas/Part/allOf/0", ""),
        ("/components/schemas/Whole", NO_OBJECTS),
        ("/components/schemas/Variant/oneOf/1", ""),
        ("/components/schemas/Variants", ""),
        ("/components/schemas/Referring", ""),
        ("/components/schemas/Bare", ""),
        ("/components/schemas/Ended/unevaluatedItems", "not checked beside what else describes the items"),
    ],
)
def test_of_what_is_left_open(tmp_path: Path, pointer: str, reason: str) -> None:
    path = tmp_path / "loose.yaml"
    path.write_text(LOOSE)
    entry = ledger_of(path).entry(pointer)
    assert (entry.verdict, entry.reason[: len(reason)]) == ("degraded" if reason else "exact", reason)
    assert bool(entry.reason) == bool(reason)


@pytest.mark.parametrize(("version", "reason"), [("3.0.3", "counts beside a reference, as in 3.1"), ("3.1.0", "")])
def test_of_what_stands_beside_a_reference(tmp_path: Path, version: str, reason: str) -> None:
    path = tmp_path / "beside.yaml"
    path.write_text(
        f"openapi: {version}\ninfo: {{title: Beside, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{\n"
        "  Word: {type: string},\n"
        "  Short: {$ref: '#/components/schemas/Word', type: string, maxLength: 3, description: A short one.}}}\n"
    )
    ledger = ledger_of(path)
    assert ledger.entry("/components/schemas/Short/type").verdict == "exact"
    assert ledger.entry("/components/schemas/Short/maxLength").reason == reason
    assert ledger.entry("/components/schemas/Short/description").verdict == "exact"


def test_of_a_dynamic_reference(repository: Path) -> None:
    ledger = ledger_of(repository / "tests" / "golden" / "schema_keywords" / "openapi.yaml")
    dynamic = [entry for entry in ledger.entries if entry.pointer.endswith("/$dynamicRef")]
    assert {entry.reason for entry in dynamic} == {"a plain reference: what extends its target is not looked at"}


def test_of_a_server_that_nothing_can_be_sent_to(tmp_path: Path) -> None:
    path = tmp_path / "chat.yaml"
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: Chat, version: '1'}\nservers: [{url: 'wss://x.example'}]\npaths: {}\n"
    )
    assert ledger_of(path).entry("/servers/0/url").reason.startswith("no URL that a request can be sent to")


class TestEntries:
    @pytest.mark.parametrize(
        ("pointer", "verdict", "reason"),
        [
            ("", "exact", ""),
            ("/components/schemas/Pet/properties/name/type", "exact", ""),
            ("/components/schemas/Pet/properties/name/not/const", "degraded", "not checked"),
            ("/paths/~1pets/get/responses/200/content/application~1xml/schema", "degraded", "XML is handed over"),
            (
                "/paths/~1pets/get/responses/200/content/x~1y/schema",
                "degraded",
                "x/y is handed over as bytes",
            ),
            ("/components/schemas/Pet/x-colour", "ignored", "an extension"),
            ("/components/schemas/Pet/frobnicate", "ignored", "no field"),
            ("/info/license/name", "ignored", "about the API"),
            ("/info/license/x-badge", "ignored", "about the API"),
        ],
    )
    def test_hold_for_all_that_is_inside(self, pets: Path, pointer: str, verdict: str, reason: str) -> None:
        entry = ledger_of(pets).entry(pointer)
        assert entry.verdict == verdict
        assert entry.reason.startswith(reason)
        assert bool(entry.reason) == bool(reason)

    def test_stand_in_the_order_of_the_description(self, pets: Path) -> None:
        document = load(pets)
        places = [document.locate(entry.pointer) for entry in ledger_of(pets).entries]
        assert [place.line for place in places] == sorted(place.line for place in places)

    def test_count_every_pointer_once(self, pets: Path) -> None:
        summary = ledger_of(pets).summary
        assert summary.exact + summary.degraded + summary.ignored == nodes_in(load(pets).tree)
        assert (summary.operations, summary.schemas) == (4, 1)
        assert summary.ignored == len(["license", "name", "x-badge", "x-colour", "frobnicate"])

    def test_of_one_part_are_all_kept_and_it_counts_once_by_the_worst(
        self, pets: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        once = ledger_of(pets)
        place = "/paths/~1pets/get/summary"
        pets.write_text(DESCRIPTION.replace("operationId: list_pets", "operationId: list_pets\n      summary: All"))
        told = (degraded(place, "a"), ignored(place, "b"), lost(place, "c"), degraded(place, "a"), exact(place))
        prepare = pipeline.prepare
        monkeypatch.setattr(pipeline, "prepare", lambda *given: with_entries(prepare(*given), told[:1]))
        analyse = pipeline.analyse
        monkeypatch.setattr(pipeline, "analyse", lambda *given: with_entries(analyse(*given), told[1:]))
        assert cli.run(["explain", str(pets), place, "--json"]) == 0
        made = json.loads(capsys.readouterr().out)
        assert [entry["reason"] for entry in made["entries"]] == ["a", "b", "c"]
        assert (made["verdict"], made["reason"]) == ("degraded", "a; c")
        assert made["summary"]["degraded"] == once.summary.degraded + 1
        assert made["summary"]["ignored"] == once.summary.ignored
        assert cli.run(["explain", str(pets), place]) == 0
        assert "\ndegraded: a\nignored: b\nlost: c\n" in capsys.readouterr().out

    def test_of_what_a_rule_leaves_out_are_its_own_alone(self, pets: Path) -> None:
        pets.write_text(DESCRIPTION + "    Owned: {properties: {owner: {$ref: '#/components/schemas/Nobody'}}}\n")
        settings = Settings(document=pets, output=pets.parent / "out", exclude=Choice(paths=("/**",)))
        document = load(pets)
        prepared = pipeline.prepare(document, settings)
        ledger = pipeline.account(document, prepared, lower(prepared, infer(prepared), settings), silent)
        assert not ledger.degraded
        assert ledger.entry("/components/schemas/Owned/properties/owner").verdict == "ignored"


def with_entries(holder: Any, entries: tuple[Entry, ...]) -> Any:
    return attrs.evolve(holder, entries=(*holder.entries, *entries))


def nodes_in(node: Any) -> int:
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return 1 + sum(map(nodes_in, inside))


class TestLosses:
    def test_take_nothing_else_with_them(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["generate", "pets.yaml", "-o", "out", "--package", "lossy_pets"]) == 1
        errors = capsys.readouterr().err
        assert "pets.yaml:10:7: error[not-generated]: /paths/~1pets/additionalOperations/NOT A METHOD: " in errors
        assert "'NOT A METHOD' is no method of HTTP" in errors
        assert "pets.yaml:13:5: error[not-generated]: /paths/~1broken/get: an operation is a mapping" in errors
        sys.path.insert(0, str(pets.parent / "out" / "python" / "src"))
        try:
            models = importlib.import_module("lossy_pets.models")
        finally:
            del sys.path[0]
        assert sorted(models.__all__) == ["ListPetsRequest", "Pet", "RemoveRequest"]

    def test_are_told_of_again_when_nothing_changed(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        command = ["generate", "pets.yaml", "-o", str(pets.parent / "out")]
        assert cli.run(command) == 1
        assert capsys.readouterr().out.endswith("ignored; 2 not generated\n")
        assert cli.run(command) == 1
        said = capsys.readouterr().out
        assert "up to date" in said
        assert said.endswith("ignored; 2 not generated\n")

    def test_without_a_word_are_found(self, pets: Path) -> None:
        document = load(pets)
        empty = pets.parent / "empty.yaml"
        empty.write_text("openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n")
        nothing = load(empty)
        api = lower(nothing, infer(nothing), Settings(document=empty, output=pets.parent / "out"))
        lost = {entry.pointer for entry in account(document, api).lost}
        assert lost == {
            "/paths/~1pets/get",
            "/paths/~1pets/additionalOperations/NOT A METHOD",
            "/paths/~1broken/get",
            "/paths/~1broken/delete",
            "/components/schemas/Pet",
        }


PATH_ITEMS: Final = """\
openapi: 3.1.0
info: {title: Items, version: '1'}
paths:
  /one: {$ref: '#/components/pathItems/Shared'}
  /two: {$ref: '#/components/pathItems/Shared'}
  /elsewhere: {$ref: 'other.yaml#/item'}
  /beside:
    $ref: '#/components/pathItems/Shared'
    delete: {responses: {'204': {description: Gone.}}}
components:
  pathItems:
    Shared:
      get: {operationId: read, responses: {'204': {description: Read.}}}
      put: {operationId: change, responses: {'204': {description: Changed.}}}
"""


class TestPathItemsBehindReferences:
    @pytest.fixture
    def items(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "other.yaml").write_text("item:\n  post: {responses: {'204': {description: Made.}}}\n")
        path = tmp_path / "items.yaml"
        path.write_text(PATH_ITEMS)
        return path

    def prepared(self, path: Path, **rules: Choice) -> tuple[Document, Document, Api]:
        document = load(path)
        settings = Settings(document=path, output=path.parent / "out", **rules)
        prepared = pipeline.prepare(document, settings)
        return document, prepared, lower(prepared, infer(prepared), settings)

    def account(self, document: Document, prepared: Document, api: Api) -> Ledger:
        return pipeline.account(document, prepared, api, silent)

    def test_are_counted_by_path(self, items: Path) -> None:
        ledger = self.account(*self.prepared(items))
        assert ledger.operations == len(["one"] * 2 + ["two"] * 2 + ["elsewhere"] + ["beside"] * 3)
        assert not ledger.lost

    def test_are_no_loss_where_a_rule_leaves_them_out(self, items: Path) -> None:
        document, prepared, api = self.prepared(items, exclude=Choice(operations=("GET /one", "PUT /beside")))
        assert len(api.operations) == 6
        assert not self.account(document, prepared, api).lost

    @pytest.mark.parametrize("path", ["/one", "/two", "/elsewhere", "/beside"])
    def test_are_found_where_they_are_lost_without_a_word(self, items: Path, path: str) -> None:
        document, prepared, api = self.prepared(items)
        kept = [
            attrs.evolve(each, operations=[it for it in each.operations if it.path != path]) for each in api.resources
        ]
        lost = self.account(document, prepared, attrs.evolve(api, resources=kept)).lost
        assert {entry.reason for entry in lost} == {"not generated"}
        assert len(lost) == sum(it.path == path for it in api.operations)


class TestStrict:
    def test_writes_nothing_where_anything_is_degraded(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["generate", "pets.yaml", "-o", "out", "--strict"]) == 1
        errors = capsys.readouterr().err
        assert "pets.yaml:25:30: error[degraded]: /components/schemas/Pet/properties/name/not: not checked" in errors
        assert "out: nothing is written, as --strict demands" in errors
        assert not (pets.parent / "out").exists()

    def test_refuses_as_well_what_was_written_before(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.run(["generate", str(pets), "-o", "out"])
        capsys.readouterr()
        assert cli.run(["generate", str(pets), "-o", "out", "--strict"]) == 1
        assert "as --strict demands" in capsys.readouterr().err

    def test_lets_through_what_is_exact(self, pets: Path) -> None:
        pets.write_text("openapi: 3.1.0\ninfo: {title: Pets, version: '1', x-owner: us}\npaths: {}\n")
        assert cli.run(["generate", "pets.yaml", "-o", "out", "--strict"]) == 0
        assert (pets.parent / "out" / "manifest.json").exists()


class TestManifest:
    def test_keeps_the_numbers_and_the_reasons(self, pets: Path) -> None:
        cli.run(["generate", "pets.yaml", "-o", "out"])
        ledger = json.loads((pets.parent / "out" / "manifest.json").read_text(encoding="utf-8"))["ledger"]
        assert (ledger["operations"], ledger["schemas"], ledger["lost"]) == (4, 1, 2)
        assert ledger["reasons"]["/components/schemas/Pet/properties/name/not"] == "not checked"


class TestExplain:
    def test_tells_of_the_whole(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["explain", str(pets)]) == 0
        said = capsys.readouterr().out
        assert said.startswith("4 operations, 1 schema: ")
        assert "lost: pets.yaml:13: /paths/~1broken/get: an operation is a mapping, and this is none\n" in said
        assert "  1 by the rule: an extension that attrest does not know\n" in said

    def test_names_neither_steer_a_terminal_nor_look_like_lines(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        name = "A\x1b]0;owned\x07B\nfake: exact\u2028\u202ec"
        description = {
            "openapi": "3.1.0",
            "info": {"title": "T\x1b[2J", "version": "1"},
            "paths": {},
            "components": {"schemas": {name: {"type": "file"}}},
        }
        document = tmp_path / "named.json"
        document.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
        for command in ("explain", "show", "validate"):
            cli.run([command, str(document)])
            said = "".join(capsys.readouterr())
            assert said.replace("\n", "").isprintable()
            assert "\nfake" not in said
        cli.run(["explain", str(document)])
        assert r"A\x1b]0;owned\x07B\nfake: exact\u2028\u202ec" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("pointer", "said"),
        [
            ("/components/schemas/Pet", "exact, but for what follows\nbecomes the class pets.models.Pet\n"),
            (
                "#/components/schemas/Pet/properties/name",
                "exact, but for what follows\nbecomes the attribute Pet.",
            ),
            (
                "/paths/~1pets/get",
                "exact, but for what follows\nbecomes client.default.list_pets and pets.models.",
            ),
            ("/components/schemas/Pet/properties/name/not/const", "degraded with /components/schemas/Pet/properties"),
            ("/info/license", "ignored: about the API, not the client: published with the bundle\n"),
        ],
    )
    def test_tells_of_a_part(self, pets: Path, pointer: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["explain", str(pets), pointer]) == 0
        heading, _, rest = capsys.readouterr().out.partition("\n")
        assert heading.startswith(f"{pointer.removeprefix('#')} (pets.yaml:")
        assert rest.startswith(said)

    def test_reads_a_fragment_as_references_do(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["explain", str(pets), "#/components/schemas/P%65t"]) == 0
        assert capsys.readouterr().out.startswith("/components/schemas/Pet (pets.yaml:")

    @pytest.mark.parametrize(
        "spelling",
        [
            *("/paths/~1broken/delete", "#/paths/~1broken/delete", "#/paths/%7E1broken/delete"),
            *("/paths/%7E1broken/delete", "/paths//broken/delete", "paths/~1broken/delete"),
            *("DELETE /broken", "delete /broken", "remove"),
        ],
    )
    def test_takes_a_part_however_it_is_named(
        self, pets: Path, spelling: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["explain", str(pets), spelling]) == 0
        assert capsys.readouterr().out.startswith("/paths/~1broken/delete (pets.yaml:14)\nexact\nbecomes client.")

    @pytest.mark.parametrize("spelling", ["/paths/~1one/put/responses", "PUT /one", "change"])
    def test_finds_parts_behind_references(
        self, tmp_path: Path, spelling: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "other.yaml").write_text("item: {get: {responses: {}}}\n")
        path = tmp_path / "items.yaml"
        path.write_text(PATH_ITEMS)
        assert cli.run(["explain", str(path), spelling]) == 0
        said = capsys.readouterr().out
        assert said.startswith("/components/pathItems/Shared/put")
        if spelling == "change":  # each path has a call of its own
            assert re.search(r"becomes client\.default\.change .*; client\.default\.\w+ ", said)

    def test_tells_what_is_lost_inside_of_a_part(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["explain", str(pets), "/paths/~1broken"]) == 0
        assert "degraded:\n  pets.yaml:13: /paths/~1broken/get: an operation is a mapping" in capsys.readouterr().out

    def test_says_that_nothing_is_lost(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pets.write_text("openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n")
        assert cli.run(["explain", str(pets)]) == 0
        assert "no operation and no schema is lost\n" in capsys.readouterr().out

    def test_tells_what_is_not_read_of_a_webhook_as_described(
        self, pets: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        parameter = "{name: id, in: query, content: {text/csv: {}}}"
        pets.write_text(
            "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\n"
            f"webhooks: {{born: {{post: {{parameters: [{parameter}], responses: {{}}}}}}}}\n"
        )
        assert cli.run(["explain", str(pets), "/webhooks/born/post/parameters/0"]) == 0
        assert "text/csv is handed over as text" in capsys.readouterr().out

    def test_tells_what_reads_a_webhook(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pets.write_text(
            "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\nwebhooks: {born: {post: {responses: {}}}}\n"
        )
        assert cli.run(["explain", str(pets), "/webhooks/born/post"]) == 0
        assert "\nbecomes pets.events.BornWebhook, read by parse_born\n" in capsys.readouterr().out

    def test_takes_the_configured_description(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (pets.parent / "pyproject.toml").write_text('[tool.attrest]\ndocument = "pets.yaml"\noutput = "out"\n')
        for part in ("/components/schemas/Pet", "components/schemas/Pet"):
            assert cli.run(["explain", part]) == 0
            assert "becomes the class pets.models.Pet" in capsys.readouterr().out

    def test_prints_json_for_programs(self, pets: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["explain", str(pets), "/info", "--json"]) == 0
        made = json.loads(capsys.readouterr().out)
        assert made["verdict"] == "exact"
        assert [(entry["pointer"], entry["verdict"]) for entry in made["entries"]] == [("/info/license", "ignored")]
        assert made["summary"]["operations"] == 4

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["pets.yaml", "/nowhere"], "there is nothing at /nowhere\n"),
            (["pets.yaml", "/components/schemas/pet/type"], "type; did you mean /components/schemas/Pet?"),
            (["pets.yaml", "/paths/~1pets/gte"], "gte; did you mean /paths/~1pets/get?"),
            (["pets.yaml", "list_pet"], "there is nothing at list_pet; did you mean list_pets?"),
            (["pets.yaml", "POST /pets"], "there is nothing at POST /pets; did you mean GET /pets?"),
            (["pets.yaml", "/paths", "/info"], "expected a document, a part of it, or one of each"),
            (["nowhere.yaml"], "nowhere.yaml: no such file"),
        ],
    )
    def test_wrong_usage_is_one_line(
        self, pets: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["explain", *arguments]) == 2
        assert message in capsys.readouterr().err
        assert pets.exists()


STANDARD: Final = {
    "info": "info",
    "server": "server",
    "server-variable": "server variable",
    "components": "components",
    "path-item": "path item",
    "operation": "operation",
    "parameter": "parameter",
    "request-body": "request body",
    "media-type": "media type",
    "response": "response",
    "example": "example",
    "header": "header",
    "tag": "tag",
    "security-scheme": "security scheme",
}
"""The objects as the standard's own schemas call them, and as attrest does."""


@pytest.mark.parametrize("version", ["31", "32"])
def test_no_field_of_the_standard_is_unknown(version: str) -> None:
    schemas = importlib.import_module("openapi_spec_validator.schemas")
    definitions = dict(getattr(schemas, f"schema_v{version}"))["$defs"]
    unknown = {
        f"{kind}.{field}"
        for name, kind in STANDARD.items()
        for field in fields_of(definitions[name])
        if field not in accounting._FATES[kind]  # type: ignore[index]  # the names are those of kinds
    }
    assert not unknown


def fields_of(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from schema.get("properties", {})
        for key in ("allOf", "anyOf", "oneOf", "dependentSchemas", "then", "else", "$defs"):
            part = schema.get(key)
            for inner in part.values() if isinstance(part, Mapping) and key != "then" else part or ():
                yield from fields_of(inner)


def test_no_keyword_of_json_schema_is_unknown() -> None:
    keywords = {
        *("$id", "$schema", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "$comment", "$defs"),
        *("prefixItems", "items", "contains", "additionalProperties", "properties", "patternProperties"),
        *("dependentSchemas", "propertyNames", "if", "then", "else", "allOf", "anyOf", "oneOf", "not"),
        *("unevaluatedItems", "unevaluatedProperties", "type", "const", "enum", "multipleOf", "maximum"),
        *("exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems"),
        *("minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required"),
        *("dependentRequired", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples"),
        *("format", "contentEncoding", "contentMediaType", "contentSchema", "nullable", "discriminator", "xml"),
        *("externalDocs", "example"),
    }
    assert keywords <= accounting._FATES["schema"].keys()
