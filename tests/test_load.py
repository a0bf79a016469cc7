"""Loading: the data of YAML and JSON, and the place of every part of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from attrest.bundle import dump_json, dump_yaml
from attrest.diagnostics import LoadError, Location
from attrest.document import Document
from attrest.load import load
from attrest.mend import mend

HEAD = "openapi: 3.1.0\ninfo: {title: Library, version: '1'}\npaths: {}\n"


@pytest.fixture
def load_text(tmp_path: Path) -> Callable[..., Document]:
    def load_text(text: str | bytes, name: str = "openapi.yaml") -> Document:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path)

    return load_text


def refusal(load_text: Any, text: str | bytes, name: str = "openapi.yaml") -> tuple[str, int, int, str]:
    with pytest.raises(LoadError) as caught:
        load_text(text, name)
    (finding,) = caught.value.findings
    return finding.rule, finding.location.line, finding.location.column, finding.message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("12", 12),
        ("-0", 0),
        ("0o17", 15),
        ("0x1F", 31),
        ("010", 10),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("3.1.0", "3.1.0"),
        ("12:30:45", "12:30:45"),
        ("2019-06-13T19:08:25Z", "2019-06-13T19:08:25Z"),
        ("2019-06-13", "2019-06-13"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("'12'", "12"),
        ("|\n  a\n  b", "a\nb\n"),
        (">-\n  a\n  b", "a b"),
    ],
)
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(load_text: Any, written: str, value: Any) -> None:
    loaded = load_text(f"{HEAD}x-value: {written}\n").tree["x-value"]
    assert loaded == value
    assert type(loaded) is type(value)


@pytest.mark.parametrize("key", ["200", "no", "null", "1.0", "true", "2019-06-13", "~"])
def test_keys_are_the_text_as_written(load_text: Any, key: str) -> None:
    assert load_text(f"{HEAD}x-map:\n  {key}: here\n").tree["x-map"] == {key: "here"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: .nan\n", ".nan is not a JSON value; quote it if it is text"),
        ("x: -.inf\n", "-.inf is not a JSON value; quote it if it is text"),
        ("x: !custom y\n", "the tag !custom has no meaning in JSON"),
        ("x: *nowhere\n", "there is no anchor &nowhere before this alias"),
        ("x: &a [*a]\n", "the alias *a stands inside its own anchor"),
        ("? [a]\n: b\n", "a mapping key has to be text"),
        ("x: {<<: 3}\n", "only mappings can be merged"),
        ("---\nx: 1\n", "a second document starts here; a file holds one"),
    ],
)
def test_what_json_cannot_say_is_refused_at_its_place(load_text: Any, text: str, message: str) -> None:
    rule, line, _, said = refusal(load_text, HEAD + text)
    assert (rule, line, said) == ("bad-yaml", 4, message)


def test_aliases_become_copies_and_merge_keys_are_resolved(load_text: Any) -> None:
    document = load_text(f"""{HEAD}x-base: &base
  a: 1
  b: {{deep: true}}
x-merged:
  c: 3
  <<: *base
  a: 2
x-several:
  <<: [{{a: 5}}, *base]
x-copy: *base
x-quoted:
  '<<': text
""")
    tree = document.tree
    assert tree["x-merged"] == {"a": 2, "b": {"deep": True}, "c": 3}
    assert tree["x-several"] == {"a": 5, "b": {"deep": True}}
    assert tree["x-copy"] == tree["x-base"]
    assert tree["x-copy"]["b"] is not tree["x-base"]["b"]
    assert tree["x-quoted"] == {"<<": "text"}
    assert document.findings == ()
    assert document.locate("/x-merged/a").line == 10
    assert document.locate("/x-merged/b/deep") == document.locate("/x-base/b/deep")


def test_places_of_yaml(load_text: Any) -> None:
    document = load_text(
        "openapi: 3.1.0\ninfo:\n  title: Größe 🐈\n  version: '1'\npaths: {}\nx-list:\n- [a, 🐈, {b: c}]\n"
    )
    name = str(document.path)
    assert document.locate("") == Location(name, 1, 1)
    assert document.locate("/info/title") == Location(name, 3, 3)
    assert document.locate("/x-list/0") == Location(name, 7, 3)
    assert document.locate("/x-list/0/2/b") == Location(name, 7, 11)
    assert document.locate("/info/nothing/here") == Location(name, 2, 1)
    assert document.line(document.locate("/info/title")) == "  title: Größe 🐈"
    assert document.display("/info/title") == "openapi.yaml:3"


def test_places_of_json(load_text: Any) -> None:
    lines = [
        '{"openapi": "3.1.0",',
        ' "info": {"title": "a\\"{[,:", "version": "1"},',
        ' "paths": {"/a~b": {"\\u0078": [1, [], {"y": null}]}}}',
    ]
    document = load_text("\r\n".join(lines), "openapi.json")
    for pointer, line, written in (
        ("/info/version", 2, '"version"'),
        ("/paths/~1a~0b/x", 3, '"\\u0078"'),
        ("/paths/~1a~0b/x/1", 3, "[]"),
        ("/paths/~1a~0b/x/2/y", 3, '"y"'),
    ):
        assert document.locate(pointer) == Location(str(document.path), line, lines[line - 1].index(written) + 1)
    assert document.line(document.locate("/info")) == lines[1]


def test_a_place_is_looked_up_behind_references(load_text: Any) -> None:
    document = load_text(f"""{HEAD}components:
  parameters:
    A: {{$ref: '#/components/parameters/B'}}
    B:
      name: b
""")
    assert document.locate("/components/parameters/A/name").line == 8


def test_a_byte_order_mark_is_no_content(load_text: Any) -> None:
    for name, text in (("openapi.yaml", HEAD), ("openapi.json", json.dumps({"openapi": "3.0.0"}))):
        document = load_text(b"\xef\xbb\xbf" + text.encode(), name)
        assert document.version in ("3.0", "3.1")
        assert document.locate("/openapi").line == 1


def test_other_encodings_are_refused_at_the_byte(load_text: Any) -> None:
    assert refusal(load_text, b"openapi: 3.1.0\nx: \xff\n")[:3] == ("bad-encoding", 2, 4)


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(LoadError) as caught:
            load(path)
        assert [finding.rule for finding in caught.value.findings] == ["unreadable-file"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"openapi": "3.1.0", "x": NaN}', "NaN is not a JSON value"),
        ('{"openapi": "3.1.0", "x": ' + "1" * 5000 + "}", None),
        ('{"openapi": "3.1.0", "x": ' + "[" * 300 + "]" * 300 + "}", "nested more than 200 levels deep"),
        ('{"openapi": "3.1.0", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested more than 200 levels deep"),
        ("", "expecting value"),
    ],
)
def test_json_that_cannot_be_used_is_refused(load_text: Any, text: str, message: str | None) -> None:
    rule, _, _, said = refusal(load_text, text, "openapi.json")
    assert rule == "bad-json"
    assert message is None or said == message


def test_deep_yaml_is_refused(load_text: Any) -> None:
    for deep in ("[" * 100_000, "".join(f"\n{' ' * depth}a:" for depth in range(1, 1000))):
        assert refusal(load_text, f"{HEAD}x-deep: {deep}\n")[3] == "nested more than 200 levels deep"


def test_hashes_and_names_of_the_sources(load_text: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    load_text(HEAD)
    monkeypatch.chdir(tmp_path)
    (source,) = load(Path("openapi.yaml")).sources
    assert (source.display, source.name, source.path) == (
        "openapi.yaml",
        "openapi.yaml",
        str(tmp_path / "openapi.yaml"),
    )
    assert len(source.sha256) == 64


TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "no",
        "Y",
        "n",
        "1e3",
        "0o7",
        "0x1",
        ".5",
        "1_0",
        "12:30",
        "2019-06-13T19:08:25Z",
        "=",
        "<<",
        "~",
        "a: b",
        "a\nb ",
        "\na",
        " a\n",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def is_storable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@settings(deadline=None)
@given(VALUES.filter(is_storable))
def test_writing_and_loading_gives_the_same_tree(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    tree = {"openapi": "3.1.0", "x-value": value}
    folder = tmp_path_factory.mktemp("written")
    for name, text in (("openapi.yaml", dump_yaml(tree)), ("openapi.json", dump_json(tree))):
        (folder / name).write_bytes(text.encode())
        assert load(folder / name).tree == tree
    assert yaml.load(dump_yaml(tree), yaml.CSafeLoader) == tree


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="{}[]:,-&*!|>'\"#%@?~ \n\tab1<", max_size=60).map(str.encode))
def test_no_content_gives_a_traceback(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("openapi.yaml", "openapi.json"):
        (folder / name).write_bytes(content)
        with pytest.raises(LoadError) as caught:
            load(folder / name)
        assert all(finding.location.line >= 1 for finding in caught.value.findings)


def test_yaml_is_laid_out_for_people() -> None:
    tree = {
        "text": "first\nsecond\n",
        "switch": "no",
        "time": "2019-06-13T19:08:25Z",
        "number": "1e3",
        "y": ["Größe", {}],
        "200": {"a": None},
    }
    assert dump_yaml(tree) == (
        "text: |\n  first\n  second\nswitch: 'no'\ntime: '2019-06-13T19:08:25Z'\nnumber: '1e3'\n"
        "'y':\n- Größe\n- {}\n'200':\n  a: null\n"
    )


def test_half_a_character_is_replaced_and_said(load_text: Any) -> None:
    """JSON can spell halves of surrogate pairs (RFC 8259 §8.2), which no file in UTF-8 can hold."""
    info = r'"title": "\ud800 \ud83d\ude00 \\ud800 \\\udc80\ud83d", "version": "1"'
    document = load_text(f'{{"openapi": "3.1.0", "info": {{{info}}}, "paths": {{}}}}', "openapi.json")
    assert document.tree["info"]["title"] == "\ufffd \U0001f600 \\ud800 \\\ufffd\ufffd"
    found = [(each.severity, each.rule, each.location.column) for each in document.findings]
    assert found == [
        ("warning", "lone-surrogate", 41),
        ("warning", "lone-surrogate", 71),
        ("warning", "lone-surrogate", 77),
    ]


@pytest.mark.parametrize(
    ("name", "text", "line", "column"),
    [
        ("openapi.yaml", f"{HEAD}x-hash: 7e51234\nx-small: -1e-999\n", 4, 9),
        ("openapi.json", '{"openapi": "3.1.0", "x-small": -1e-999, "x-text": "1e999", "x-hash": 7e51234}', 1, 71),
    ],
)
def test_a_number_that_is_too_large_stays_text(load_text: Any, name: str, text: str, line: int, column: int) -> None:
    document = load_text(text, name)
    assert (document.tree["x-hash"], document.tree["x-small"]) == ("7e51234", 0)
    (found,) = (each for each in document.findings if each.rule == "too-large-number")
    assert (found.severity, found.location.line, found.location.column) == ("warning", line, column)
    assert "'7e51234'" in dump_yaml(document.tree)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["openapi.yaml", "openapi.json"])
def test_a_byte_order_mark_tells_the_encoding(load_text: Any, encoding: str, name: str) -> None:
    text = json.dumps({"openapi": "3.1.0", "info": {"title": "Größe 🐈"}}, ensure_ascii=False)
    document = load_text(text.encode(encoding), name)
    assert document.tree["info"] == {"title": "Größe 🐈"}
    assert document.locate("/info/title").column == text.index('"title"') + 1


def test_what_breaks_off_in_another_encoding_is_refused(load_text: Any) -> None:
    assert refusal(load_text, "openapi: 3.1.0\n".encode("utf-16") + b"\x00")[::3] == (
        "bad-encoding",
        "the file is not UTF-16",
    )


@pytest.mark.parametrize("comment", ["// a", "/* a */"])
def test_comments_in_json_are_refused_as_such(load_text: Any, comment: str) -> None:
    text = f'{{"openapi": "3.1.0",\n{comment}\n"paths": {{}}}}'
    assert refusal(load_text, text, "openapi.json")[1::2] == (2, "JSON has no comments")


def test_json_may_have_any_name(load_text: Any) -> None:
    document = load_text('{\n\t"openapi": "3.1.0",\n\t"x": "\\/\\ud83d\\ude00"}', "openapi.yaml")
    assert document.tree["x"] == "/😀"
    assert load_text("{openapi: 3.1.0, x: [a]}").tree["x"] == ["a"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_in_any_way(load_text: Any, end: str) -> None:
    document = load_text(HEAD.replace("\n", end) + f"x-text: |{end}  a{end}  b{end}")
    assert document.tree["x-text"] == "a\nb\n"
    assert document.locate("/x-text").line == 4


def test_tabs_are_refused_at_their_place(load_text: Any) -> None:
    assert refusal(load_text, f"{HEAD}x:\n\ta: b\n")[:2] == ("bad-yaml", 5)


def test_numbers_keep_all_their_digits(load_text: Any) -> None:
    number = "123456789012345678901234567890"
    assert load_text(f"{HEAD}x: {number}\n").tree["x"] == int(number)
    assert load_text(f'{{"openapi": "3.1.0", "x": {number}}}', "openapi.json").tree["x"] == int(number)


@pytest.mark.parametrize(
    ("written", "version", "is_odd"),
    [
        ("3.1.0", "3.1", False),
        ("3.2.0-rc1", "3.2", False),
        ("3.0.4-rc.2", "3.0", False),
        ("3.1", "3.1", True),
        ("'3.0'", "3.0", True),
        ("3.2.x", "3.2", True),
        ("3.1-rc", "3.1", True),
    ],
)
def test_versions_need_not_be_written_in_full(load_text: Any, written: str, version: str, *, is_odd: bool) -> None:
    document = load_text(f"openapi: {written}\n")
    assert document.version == version
    assert [(finding.severity, finding.rule) for finding in document.findings] == [
        ("warning", "wrong-version")
    ] * is_odd
    assert mend(document).tree["openapi"] == (f"{version}.0" if is_odd else written)


@pytest.mark.parametrize("written", ["3", "3.3.0", "4.0", "2.0", "[3.1]", "true", "''", "31", "13.1.0", "3.1 0"])
def test_other_versions_are_refused(load_text: Any, written: str) -> None:
    assert refusal(load_text, f"openapi: {written}\n")[0] == "wrong-version"


def test_a_key_that_is_written_twice_is_in_the_ledger(load_text: Any) -> None:
    for text, name in (
        (f"{HEAD}x: {{a: 1, b: {{a: 1, a: 2}}}}\nx: {{b: [{{c: 1, c: 2}}]}}\n", "openapi.yaml"),
        ('{"openapi": "3.1.0", "x": {"a": 1}, "x": {"b": [{"c": 1, "c": 2}]}}', "openapi.json"),
    ):
        document = load_text(text, name)
        assert document.tree["x"] == {"b": [{"c": 2}]}
        assert {(it.pointer, it.verdict) for it in document.entries} == {("/x", "degraded"), ("/x/b/0/c", "degraded")}


def test_files_that_are_no_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attrest.reading.files.LARGEST_FILE", 200)
    (tmp_path / "large.yaml").write_text("#" * 201, encoding="utf-8")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.yaml")
    for name in ("large", "folder", "endless", "pipe"):
        root = tmp_path / "openapi.yaml"
        root.write_text(f"openapi: 3.1.0\ncomponents: {{schemas: {{A: {{$ref: {name}.yaml}}}}}}\n", encoding="utf-8")
        (finding,) = load(root).findings
        assert (finding.rule, "cannot be read" in finding.message) == ("dangling-reference", True)
