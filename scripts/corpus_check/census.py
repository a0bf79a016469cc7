"""What a description has, counted from its files without any help of attrest's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias, cast
from urllib.parse import unquote

import attrs
import yaml

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

Node: TypeAlias = dict[str, Any]


@attrs.frozen
class Operation:
    """An operation, as a description has it."""

    method: str
    """Upper case, but for those that are no HTTP method of their own field."""
    path: str
    """The URL template, or the webhook's name."""
    pointer: str
    """Where it stands if no reference is on the way."""
    is_webhook: bool = False

    @property
    def label(self) -> str:
        """What it is called when it is missing."""
        return f"{'webhook ' if self.is_webhook else ''}{self.method} {self.path}"


class Census:
    """The operations and schemas of one description."""

    def __init__(self, path: Path) -> None:
        """Read the root file."""
        self._files: dict[Path, Any] = {}
        self._path = path
        self._root = _mapping(self._read(path))

    def operations(self) -> Iterator[Operation]:
        """List every operation of the paths and the webhooks; callbacks belong to the operation that they stand in."""
        for section in ("paths", "webhooks"):
            for path, item in _mapping(self._root.get(section)).items():
                if section == "paths" and path.startswith("x-"):
                    continue
                for method, tokens in self._methods(item):
                    yield Operation(method, path, _pointer(section, path, *tokens), section == "webhooks")

    def schemas(self) -> Iterator[str]:
        """List the names of the schemas under ``components``."""
        yield from _mapping(_mapping(self._root.get("components")).get("schemas"))

    def _methods(self, item: object) -> Iterator[tuple[str, tuple[str, ...]]]:
        members = self._resolved(item, self._path)
        for method in _METHODS:
            if isinstance(members.get(method), dict):
                yield method.upper(), (method,)
        for method in _mapping(members.get("additionalOperations")):
            yield method, ("additionalOperations", method)

    def _resolved(self, node: object, file: Path) -> Node:
        """Return an object with what it refers to, in whichever file; its own fields go first."""
        members, seen = _mapping(node), set[tuple[Path, str]]()
        while isinstance(reference := members.get("$ref"), str):
            name, _, fragment = reference.partition("#")
            file = (file.parent / unquote(name)).resolve() if name else file
            if (file, fragment) in seen or not file.is_file():
                break
            seen.add((file, fragment))
            own = {key: value for key, value in members.items() if key != "$ref"}
            members = self._find(file, fragment) | own
        return members

    def _find(self, file: Path, fragment: str) -> Node:
        node = self._read(file)
        for token in unquote(fragment).split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            node = _mapping(node).get(key)
        return _mapping(node)

    def _read(self, file: Path) -> Any:
        if file not in self._files:
            text = file.read_bytes().decode("utf-8-sig")
            is_json = file.suffix.lower() == ".json"
            self._files[file] = json.loads(text) if is_json else yaml.load(text, _Text)  # noqa: S506  # a safe loader
        return self._files[file]


class _Text(yaml.CSafeLoader):
    """Reads every scalar as the text that is written; aliases and merge keys work."""


_Text.yaml_implicit_resolvers = {"<": yaml.CSafeLoader.yaml_implicit_resolvers["<"]}


def _mapping(node: object) -> Node:
    return cast("Node", node) if isinstance(node, dict) else {}


def _pointer(*tokens: str) -> str:
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)
