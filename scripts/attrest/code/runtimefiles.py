"""Which modules of the runtime a client brings: those that its files lead to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
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


def _imported(text: str) -> Iterator[str]:
    """Give the names of the siblings that a module imports, at the top or late."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield from [node.module] if node.module else [each.name for each in node.names]
