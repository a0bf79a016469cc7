"""Descriptions in several files: what becomes of them as one tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from attrest import pointers
from attrest.bundle import dump_yaml
from attrest.diagnostics import Location
from attrest.document import Document
from attrest.load import load
from attrest.mend import mend

HEAD = "openapi: {version}\ninfo: {{title: Library, version: '1'}}\n"

Write = Callable[..., Document]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write files and load the first of them, from the folder that they are in."""

    def write(root: str, files: Mapping[str, str], version: str = "3.1.0") -> Document:
        monkeypatch.chdir(tmp_path)
        for name, text in {"openapi.yaml": HEAD.format(version=version) + root, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(Path("openapi.yaml"))

    return write


def references(node: Any) -> Iterator[str]:
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from references(child)
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        yield node["$ref"]


def containers(node: Any) -> Iterator[int]:
    if isinstance(node, (dict, list)):
        yield id(node)
        for child in node.values() if isinstance(node, dict) else node:
            yield from containers(child)


def rules(document: Document) -> list[tuple[str, str, int]]:
    return [(it.rule, it.location.file, it.location.line) for it in document.findings]


def test_a_schema_of_another_file_moves_into_the_components(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    Shelf:\n      properties:\n        book: {$ref: schemas/Book.yaml}\n",
        {"schemas/Book.yaml": "# A book.\ntype: object\nproperties:\n  author: {$ref: people.yaml#/Author}\n",
         "schemas/people.yaml": "Author:\n  type: string\nReader:\n  type: string\n"},
    )  # fmt: skip
    assert document.findings == ()
    assert document.tree["components"]["schemas"] == {
        "Shelf": {"properties": {"book": {"$ref": "#/components/schemas/Book"}}},
        "Book": {"type": "object", "properties": {"author": {"$ref": "#/components/schemas/Author"}}},
        "Author": {"type": "string"},
    }
    assert [source.display for source in document.sources] == [
        "openapi.yaml",
        "schemas/Book.yaml",
        "schemas/people.yaml",
    ]
    assert document.locate("/components/schemas/Author") == Location("schemas/people.yaml", 1, 1)
    assert document.locate("/components/schemas/Author/type") == Location("schemas/people.yaml", 2, 3)
    assert document.locate("/components/schemas/Book/properties") == Location("schemas/Book.yaml", 3, 1)
    assert document.display("/components/schemas/Book/properties/author") == "schemas/Book.yaml:4"


def test_a_component_that_is_only_a_reference_gives_its_name_to_what_it_refers_to(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    Book: {$ref: schemas/book.yaml}\n    Other: {$ref: schemas/book.yaml}\n"
        "  responses:\n    Books: {$ref: 'responses.yaml#/list'}\n",
        {"schemas/book.yaml": "type: object\nproperties:\n  sequel: {$ref: book.yaml}\n",
         "responses.yaml": "list:\n  description: Some.\n  content:\n    application/json:\n"
                           "      schema: {$ref: ./schemas/book.yaml#/properties/sequel}\n"},
    )  # fmt: skip
    assert document.findings == ()
    assert document.tree["components"] == {
        "schemas": {
            "Book": {"type": "object", "properties": {"sequel": {"$ref": "#/components/schemas/Book"}}},
            "Other": {"$ref": "#/components/schemas/Book"},
        },
        "responses": {
            "Books": {
                "description": "Some.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book/properties/sequel"}}},
            }
        },
    }
    assert document.display("/components/schemas/Book") == "openapi.yaml:5"
    assert document.display("/components/schemas/Book/type") == "schemas/book.yaml:1"


def test_path_items_take_the_place_of_their_references(write: Write) -> None:
    document = write(
        "paths:\n  /a: {$ref: paths/a.yaml}\n  /b:\n    $ref: 'paths/b.yaml#/~1b'\n    summary: Ours\n"
        "  /c: {$ref: paths/a.yaml}\n",
        {"paths/a.yaml": "get:\n  parameters:\n    - $ref: ../parameters.yaml#/Limit\n",
         "paths/b.yaml": "/b:\n  summary: Theirs\n  post:\n    callbacks:\n      done:\n"
         "        '{$url}': {$ref: 'a.yaml'}\n",
         "parameters.yaml": "Limit: {name: limit, in: query}\n"},
    )  # fmt: skip
    assert document.findings == ()
    assert document.tree["paths"] == {
        "/a": {"get": {"parameters": [{"$ref": "#/components/parameters/Limit"}]}},
        "/b": {"summary": "Ours", "post": {"callbacks": {"done": {"{$url}": {"$ref": "#/paths/~1a"}}}}},
        "/c": {"$ref": "#/paths/~1a"},
    }
    assert document.display("/paths/~1a") == "openapi.yaml:4"
    assert document.display("/paths/~1a/get") == "paths/a.yaml:1"
    assert document.display("/paths/~1b/summary") == "openapi.yaml:7"
    assert document.display("/paths/~1b/post") == "paths/b.yaml:3"


def test_links_lead_to_operations_wherever_they_are_written(write: Write) -> None:
    document = write(
        "paths:\n  /a: {$ref: paths/a.yaml}\n"
        "  /b:\n    get:\n      responses:\n        '200': {$ref: answers.yaml#/Fine}\n"
        "components:\n  links:\n    Own: {operationRef: '#/paths/~1b/get'}\n"
        "    There: {operationRef: paths/a.yaml#/put}\n",
        {"paths/a.yaml": "put: {operationId: put}\n",
         "answers.yaml": "Fine:\n  links:\n"
         "    a: {operationRef: paths/a.yaml#/put}\n    b: {operationRef: 'openapi.yaml#/paths/~1b/get'}\n"
         "    c: {operationRef: 'other/api.yaml#/paths/~1c/get'}\n    d: {operationRef: 'https://x.example/#/paths'}\n"
         "    e: {$ref: '#/Link'}\nLink: {operationRef: paths/a.yaml#/put}\n"},
    )  # fmt: skip
    assert document.findings == ()
    components = document.tree["components"]
    assert {name: link.get("operationRef") for name, link in components["responses"]["Fine"]["links"].items()} == {
        "a": "#/paths/~1a/put",
        "b": "#/paths/~1b/get",
        "c": "other/api.yaml#/paths/~1c/get",
        "d": "https://x.example/#/paths",
        "e": None,
    }
    assert [link["operationRef"] for link in components["links"].values()] == [
        "#/paths/~1b/get",
        "#/paths/~1a/put",
        "#/paths/~1a/put",
    ]


def test_a_link_in_a_folder_is_left_as_the_root_file_would_write_it(write: Write) -> None:
    document = write(
        "components:\n  links: {There: {$ref: links/there.yaml}}\n",
        {"links/there.yaml": "operationRef: '../../other.yaml#/paths/~1a/get'\n"},
    )
    assert document.tree["components"]["links"] == {"There": {"operationRef": "../other.yaml#/paths/~1a/get"}}


def test_files_refer_to_each_other_and_back_to_the_root(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    Root:\n      type: string\n    Start: {$ref: a.yaml#/A}\n",
        {"a.yaml": "A:\n  properties:\n    b: {$ref: 'b.yaml#/B'}\n"
        "    root: {$ref: 'openapi.yaml#/components/schemas/Root'}\n",
         "b.yaml": "B:\n  properties:\n    a: {$ref: 'a.yaml#/A'}\n    self: {$ref: '#/B'}\n"},
    )  # fmt: skip
    assert document.findings == ()
    assert document.tree["components"]["schemas"] == {
        "Root": {"type": "string"},
        "Start": {
            "properties": {"b": {"$ref": "#/components/schemas/B"}, "root": {"$ref": "#/components/schemas/Root"}}
        },
        "B": {"properties": {"a": {"$ref": "#/components/schemas/Start"}, "self": {"$ref": "#/components/schemas/B"}}},
    }


def test_names_that_are_taken_get_a_suffix_unless_they_say_the_same(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    Id: {type: string}\n    Pair:\n      prefixItems:\n"
        "        - {$ref: a.yaml#/Id}\n        - {$ref: b.yaml#/Id}\n        - {$ref: c.yaml#/Id}\n"
        "        - {$ref: d/c.yaml#/Id}\n",
        {"a.yaml": "Id: {type: string}\n", "b.yaml": "Id: {type: integer}\n", "c.yaml": "Id: {type: number}\n",
         "d/c.yaml": "Id: {type: boolean}\n"},
    )  # fmt: skip
    schemas = document.tree["components"]["schemas"]
    assert [item["$ref"].rpartition("/")[2] for item in schemas["Pair"]["prefixItems"]] == [
        "Id",
        "Id_b",
        "Id_c",
        "Id_c_2",
    ]
    assert [schemas[name]["type"] for name in ("Id", "Id_b", "Id_c", "Id_c_2")] == [
        "string",
        "integer",
        "number",
        "boolean",
    ]


def test_data_is_not_taken_for_references(write: Write) -> None:
    data = "{$ref: not/there.yaml}"
    document = write(
        f"""components:
  schemas:
    A:
      default: {data}
      example: {data}
      examples: [{data}]
      enum: [{data}]
      const: {data}
      x-note: {data}
      properties:
        $ref: {{type: string}}
        default: {{$ref: there.yaml}}
  examples:
    E: {{value: {data}}}
paths:
  /a:
    get:
      responses:
        '200':
          content:
            application/json:
              example: {data}
              examples:
                one: {{value: {data}}}
""",
        {"there.yaml": "type: string\n"},
    )
    assert document.findings == ()
    assert set(references(document.tree)) == {"not/there.yaml", "#/components/schemas/there"}
    assert document.tree["components"]["schemas"]["A"]["properties"]["default"] == {
        "$ref": "#/components/schemas/there"
    }


def test_fields_beside_a_schema_reference_are_kept(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    A:\n      $ref: b.yaml\n      description: Ours\n      properties:\n"
        "        c: {$ref: c.yaml}\n",
        {"b.yaml": "type: object\n", "c.yaml": "type: string\n"},
    )
    assert document.tree["components"]["schemas"]["A"] == {
        "$ref": "#/components/schemas/b",
        "description": "Ours",
        "properties": {"c": {"$ref": "#/components/schemas/c"}},
    }


def test_discriminators_follow_what_they_name(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    Pet: {$ref: 'pets.yaml#/components/schemas/Pet'}\n"
        "    Toy:\n      discriminator:\n        propertyName: kind\n"
        "        mapping: {ball: toys/Ball.yaml, doll: Doll}\n    Doll: {}\n",
        {"pets.yaml": "components:\n  schemas:\n    Pet:\n      discriminator:\n        propertyName: kind\n"
                      "        mapping: {dog: Dog, cat: '#/components/schemas/Cat', bird: Bird}\n"
                      "    Dog: {title: dog}\n    Cat: {title: cat}\n",
         "toys/Ball.yaml": "title: ball\n"},
    )  # fmt: skip
    schemas = document.tree["components"]["schemas"]
    assert schemas["Pet"]["discriminator"]["mapping"] == {
        "dog": "#/components/schemas/Dog",
        "cat": "#/components/schemas/Cat",
        "bird": "Bird",
    }
    assert schemas["Toy"]["discriminator"]["mapping"] == {"ball": "#/components/schemas/Ball", "doll": "Doll"}
    assert {name: schemas[name]["title"] for name in ("Dog", "Cat", "Ball")} == {
        "Dog": "dog",
        "Cat": "cat",
        "Ball": "ball",
    }


def test_whole_sections_and_lists_may_stand_in_other_files(write: Write) -> None:
    document = write(
        "paths: {$ref: paths.yaml}\ncomponents:\n  schemas: {$ref: schemas/index.yaml}\n",
        {"paths.yaml": "/a:\n  get:\n    parameters: {$ref: parameters.yaml}\n  put:\n"
        "    parameters: {$ref: parameters.yaml}\n",
         "parameters.yaml": "- name: a\n  in: query\n  schema: {$ref: 'schemas/index.yaml#/Cat'}\n",
         "schemas/index.yaml": "Dog: {$ref: Dog.yaml}\nCat: {title: cat}\nTom: {$ref: '#/Cat'}\n",
         "schemas/Dog.yaml": "title: dog\n"},
    )  # fmt: skip
    assert document.findings == ()
    assert document.tree["components"]["schemas"] == {
        "Dog": {"title": "dog"},
        "Cat": {"title": "cat"},
        "Tom": {"$ref": "#/components/schemas/Cat"},
    }
    parameters = [{"name": "a", "in": "query", "schema": {"$ref": "#/components/schemas/Cat"}}]
    assert document.tree["paths"] == {"/a": {"get": {"parameters": parameters}, "put": {"parameters": parameters}}}
    assert document.display("/paths/~1a/put/parameters/0/name") == "parameters.yaml:1"


def test_percent_encoding_spaces_and_odd_names(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    A:\n      items: {$ref: 'my%20schemas/a%20b.yaml#/odd%20name~1%7Bx%7D'}\n",
        {"my schemas/a b.yaml": "odd name/{x}:\n  title: found\n"},
    )
    assert document.findings == ()
    (name,) = set(document.tree["components"]["schemas"]) - {"A"}
    assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
    assert document.tree["components"]["schemas"][name] == {"title": "found"}


def test_media_types_are_components_in_3_2_alone(write: Write) -> None:
    root = """paths:
  /a:
    post:
      requestBody:
        content:
          text/a: {$ref: m.yaml}
          text/b: {$ref: m.yaml}
"""
    files = {"m.yaml": "schema: {type: string}\n"}
    old = write(root, files).tree["paths"]["/a"]["post"]["requestBody"]["content"]
    assert old == {"text/a": {"schema": {"type": "string"}}, "text/b": {"schema": {"type": "string"}}}
    new = write(root, files, version="3.2.0").tree
    assert new["components"]["mediaTypes"] == {"m": {"schema": {"type": "string"}}}


def test_json_and_yaml_files_refer_to_each_other(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    A: {$ref: a.json#/A}\n",
        {"a.json": '{"A": {"items":\n{"$ref": "b.yaml"}}}', "b.yaml": "items: {$ref: 'a.json#/A'}\n"},
    )
    schemas = document.tree["components"]["schemas"]
    assert schemas == {
        "A": {"items": {"$ref": "#/components/schemas/b"}},
        "b": {"items": {"$ref": "#/components/schemas/A"}},
    }
    assert document.display("/components/schemas/A/items") == "a.json:1"
    assert document.display("/components/schemas/A/items/$ref") == "a.json:2"


def test_references_that_lead_nowhere_are_found_where_they_stand(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    A: {$ref: missing.yaml}\n    B: {$ref: 'b.yaml#/Nothing'}\n"
        "    C: {$ref: 'b.yaml#/B'}\n    D: {$ref: 'https://example.com/d.yaml'}\n    E: {$ref: broken.yaml}\n"
        "    F: {$ref: 'b.yaml#anchor'}\n",
        {"b.yaml": "B:\n  properties:\n    x: {$ref: '#/Lost'}\n"
        "    y: {$ref: 'openapi.yaml#/components/schemas/Lost'}\n",
         "broken.yaml": "a: b: c\n"},
    )  # fmt: skip
    assert rules(document) == [
        ("dangling-reference", "b.yaml", 3),
        ("dangling-reference", "b.yaml", 4),
        ("bad-yaml", "broken.yaml", 1),
        ("dangling-reference", "openapi.yaml", 5),
        ("dangling-reference", "openapi.yaml", 6),
        ("remote-reference", "openapi.yaml", 8),
        ("dangling-reference", "openapi.yaml", 10),
    ]


def test_circles_end(write: Write) -> None:
    document = write(
        "paths:\n  /a: {$ref: a.yaml}\n  /b:\n    get:\n      responses: {$ref: r.yaml}\ncomponents:\n"
        "  schemas:\n    A: {$ref: s.yaml}\n",
        {"a.yaml": "$ref: a.yaml\n",
         "r.yaml": "default:\n  links: {}\n  content:\n    a/b:\n      $ref: 'r.yaml#/default/content/a~1b'\n",
         "s.yaml": "$ref: s.yaml\n"},
    )  # fmt: skip
    assert {rule for rule, _, _ in rules(document)} == {"circular-reference"}
    assert dump_yaml(document.tree)


def test_no_part_of_the_tree_stands_in_two_places(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    Name: {$ref: 'pet.yaml#/properties/name'}\n    Pet: {$ref: pet.yaml}\n"
        "    Copy: &anchor {a: {}}\n    Again: *anchor\n",
        {"pet.yaml": "properties:\n  name: {type: string, examples: [a]}\n"},
    )
    identities = list(containers(document.tree))
    assert len(identities) == len(set(identities))
    assert document.display("/components/schemas/Name/type") == document.display(
        "/components/schemas/Pet/properties/name/type"
    )


def test_the_same_files_give_the_same_text(write: Write) -> None:
    root = "paths:\n  /a: {$ref: 'p.yaml#/a'}\n"
    files = {"p.yaml": "a:\n  get:\n    parameters: [{$ref: 'q.yaml#/x'}, {$ref: 'q.yaml#/y'}]\n",
             "q.yaml": "y: {name: y, in: query}\nx: {name: x, in: query}\n"}  # fmt: skip
    first = write(root, files)
    assert list(first.tree["components"]["parameters"]) == ["x", "y"]
    assert dump_yaml(first.tree) == dump_yaml(write(root, files).tree)


def test_what_would_stand_inside_itself_becomes_a_reference(write: Write) -> None:
    document = write(
        "paths:\n  /a:\n    get:\n      callbacks:\n        c: {$ref: c.yaml}\n",
        {"c.yaml": "'{$url}':\n  get:\n    callbacks:\n      d:\n        '{$url}': {$ref: 'c.yaml#/{$url}'}\n"},
    )
    (callback,) = document.tree["components"]["callbacks"].values()
    inner = callback["{$url}"]["get"]["callbacks"]["d"]["{$url}"]
    assert (
        pointers.resolve(document.tree, pointers.split(inner["$ref"][1:].replace("%7B", "{").replace("%7D", "}")))
        is (callback["{$url}"])
    )
    assert dump_yaml(document.tree)


def test_a_reference_that_leads_nowhere_is_left_as_the_root_file_would_write_it(write: Write) -> None:
    document = write(
        "components:\n  schemas:\n    A: {$ref: parts/a.yaml}\n    Lost: {type: string}\n",
        {"parts/a.yaml": "properties:\n  x: {$ref: '#/components/schemas/Lost'}\n  y: {$ref: no%20such.yaml}\n"
                         "  z: {$ref: 'https://example.com/z'}\n"},
    )  # fmt: skip
    assert sorted(references(document.tree)) == [
        "https://example.com/z",
        "parts/a.yaml#/components/schemas/Lost",
        "parts/no such.yaml",
    ]


@pytest.mark.parametrize(
    "reference",
    [
        *("", ".", "..", "/", "/dev/zero", "file:///etc/passwd", "//host/a.yaml", "https://[a", "https://a:b/c"),
        *("\\0", "a b", "%00", "#%zz", "?", "~"),
    ],
)
def test_odd_references_give_findings(write: Write, reference: str) -> None:
    document = write(f'components:\n  schemas:\n    A:\n      items: {{$ref: "{reference}"}}\n', {})
    assert [it.location.line for it in document.findings] in ([6], []), document.findings
    assert document.findings or reference == ""
    assert mend(document).tree["components"]["schemas"]["A"] == {"items": {}}
