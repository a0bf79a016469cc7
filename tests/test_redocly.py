"""Our bundles against those of Redocly's bundler, an implementation that is not ours.

Both keep what the components of the root file are called. What other files bring has the name of the file, or of the
place in it, in both; which of two that clash gets a longer one, and whether a path item or a media type stands in its
place or in the components, each decides for itself. So bundles are the same where walks through both, along all
references, meet the same at every step.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from attrest import pointers
from attrest.load import load
from node_packages import Unavailable, install, node

Json: TypeAlias = Any

HERE: Final = Path(__file__).parent / "redocly"
ROOT: Final = Path(__file__).parents[1]
CORPUS: Final = ROOT.parent / "shared" / "corpus" / "specs"
DESCRIPTIONS: Final = {
    "training": ROOT / "openapi" / "openapi.yaml",
    "multi_file": ROOT / "tests" / "golden" / "multi_file" / "openapi.yaml",
    **{name: CORPUS / "opensearch-multifile" / "namespaces" / f"{name}.yaml" for name in ("tasks", "cat", "snapshot")},
}


@pytest.fixture(scope="module")
def packages() -> Path:
    try:
        return install("redocly", HERE)
    except Unavailable as reason:
        pytest.skip(f"no bundler of Redocly's: {reason}")


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_bundles_are_those_of_redocly(name: str, packages: Path, tmp_path: Path) -> None:
    file = DESCRIPTIONS[name]
    if not file.is_file():
        pytest.skip(f"{file} is not there: it is no part of the repository")
    target = tmp_path / "theirs.json"
    command = (node(), HERE / "bundle.mjs", file, target)
    done = subprocess.run(command, cwd=packages, check=True, capture_output=True, text=True)
    ours, theirs = load(file).tree, json.loads(target.read_text(encoding="utf-8"))
    assert not done.stderr
    assert list(differences(ours, theirs)) == []


def test_bundles_that_differ_are_told_apart() -> None:
    first = {"paths": {"/a": {"$ref": "#/components/pathItems/A"}}, "components": {"pathItems": {"A": {"get": 1}}}}
    second: Json = {"paths": {"/a": {"get": 1}}}
    assert list(differences(first, second)) == []
    assert list(differences(first, {"paths": {"/a": {"get": 2}}})) == ["/paths/~1a/get"]
    assert list(differences(first, {"paths": {"/a": {}}})) == ["/paths/~1a/get"]
    assert list(differences(first, {"paths": {"/a": {"$ref": "#/nowhere"}}})) == ["/paths/~1a"]


def differences(ours: Json, theirs: Json) -> Iterator[str]:
    """List the places at which two bundles differ: all of what is no component, and components of one name."""
    walk = Walk(ours, theirs)
    yield from (f"/{name}" for name in (ours.keys() ^ theirs.keys()) - {"components"})
    for name in (ours.keys() & theirs.keys()) - {"components"}:
        yield from walk.differences(ours[name], theirs[name], f"/{name}")
    left, right = ours.get("components", {}), theirs.get("components", {})
    for section in left.keys() & right.keys():
        for name in left[section].keys() & right[section].keys():
            yield from walk.differences(left[section][name], right[section][name], f"/components/{section}/{name}")


class Walk:
    """A walk through two bundles at once, on which each pair of parts is met once."""

    def __init__(self, ours: Json, theirs: Json) -> None:
        self._roots = (ours, theirs)
        self._met: set[tuple[int, int]] = set()

    def differences(self, ours: Json, theirs: Json, place: str) -> Iterator[str]:
        ours, theirs = (followed(root, node) for root, node in zip(self._roots, (ours, theirs), strict=True))
        if isinstance(ours, dict) and isinstance(theirs, dict):
            if (id(ours), id(theirs)) in self._met:
                return
            self._met.add((id(ours), id(theirs)))
            for key in [*ours, *(key for key in theirs if key not in ours)]:
                inside = place + pointers.join((key,))
                if (
                    key == "$ref" and ours.keys() > {key} < theirs.keys()
                ):  # beside something that adds to what it leads to
                    yield from self.differences({key: ours[key]}, {key: theirs[key]}, inside)
                elif key in ours and key in theirs:
                    yield from self.differences(ours[key], theirs[key], inside)
                else:
                    yield inside
        elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
            for index, (left, right) in enumerate(zip(ours, theirs, strict=True)):
                yield from self.differences(left, right, f"{place}/{index}")
        elif ours != theirs or type(ours) is not type(theirs):
            yield place


def followed(root: Json, node: Json) -> Json:
    """Return what a reference leads to, or the node itself; a reference that leads nowhere stays."""
    seen: set[str] = set()
    while isinstance(node, dict) and set(node) == {"$ref"} and node["$ref"] not in seen:
        seen.add(node["$ref"])
        target = pointers.resolve(root, pointers.split(pointers.parse_reference(node["$ref"]).fragment))
        if target is None:
            break
        node = target
    return node
