"""Writes a bundled tree as YAML or JSON: the same tree gives the same text, and loading that gives the same tree.

What is published are both, for the description and for each of its editions, and the hashes of all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from yaml import CSafeDumper, dump
from yaml.nodes import ScalarNode

from attrest.reading.read_yaml import scalar

CHECKSUMS: Final = "SHA256SUMS"
_STRING_TAG: Final = "tag:yaml.org,2002:str"
_ONLY_YAML_1_1_BOOLEANS: Final = frozenset("yYnN")
_NO_FOLDING: Final = 1 << 30


class _Dumper(CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - what PyYAML calls
        return True


def _represent_text(_dumper: _Dumper, text: str) -> ScalarNode:
    return ScalarNode(_STRING_TAG, text, style=_style(text))


@lru_cache(maxsize=10_000)
def _style(text: str) -> str | None:
    """Choose literal blocks for lines, and quotes where a reader of YAML 1.2 would see something else than text."""
    if "\n" in text:
        return "|"
    return "'" if text in _ONLY_YAML_1_1_BOOLEANS or _looks_typed(text) else None


def _looks_typed(text: str) -> bool:
    try:
        return scalar(text) is not text
    except (OverflowError, ValueError):
        return True


_Dumper.add_representer(str, _represent_text)


def dump_yaml(tree: Any) -> str:
    """Write a tree as YAML that readers of version 1.1 and 1.2 understand alike."""
    text: str = dump(
        tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_NO_FOLDING, default_flow_style=False
    )
    return text


def dump_json(tree: Any) -> str:
    """Write a tree as JSON, indented by two spaces."""
    return json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def published(tree: Any, editions: Mapping[str, Any]) -> dict[str, str]:
    """Return the files that a description is published as: name -> text.

    Args:
        tree: The description.
        editions: Older version of OpenAPI -> the description in it.
    """
    trees = {"openapi": tree} | {f"openapi-{version}": edition for version, edition in editions.items()}
    files: dict[str, str] = {}
    for name, each in trees.items():
        files |= {f"{name}.json": dump_json(each), f"{name}.yaml": dump_yaml(each)}
    return files | {CHECKSUMS: checksums(files)}


def checksums(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of files, as ``sha256sum --check`` reads it from beside them."""
    lines = (f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(files.items()))
    return "".join(lines)
