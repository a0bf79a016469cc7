"""Which modules of the runtime a client brings: those that its files lead to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

_MENTION: Final = re.compile(r"\b_runtime(?:\.| import )(\w+)")
"""An import from the runtime, or a module of it named in a table of late imports."""


def needed(generated: Iterable[str], runtime: Mapping[str, str]) -> dict[str, str]:
    """Return the modules that generated files import, however indirectly.

    Args:
        generated: The texts of the files.
        runtime: Every module of the runtime, by its name.
    """
    waiting = {name for text in generated for name in _MENTION.findall(text)} | {"__init__"}
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in runtime and name not in reached:
            reached.add(name)
            waiting.update(_imported(runtime[name]))
    return {name: runtime[name] for name in sorted(reached)}


@cache
def _imported(text: str) -> frozenset[str]:
    """Return the names of the siblings that a module imports, at the top or late."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and node.level == 1]
    return frozenset(name for node in nodes for name in ([node.module] if node.module else _names(node)))


def _names(node: ast.ImportFrom) -> list[str]:
    return [each.name for each in node.names]
