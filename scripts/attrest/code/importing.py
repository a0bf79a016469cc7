"""Import blocks for generated modules: exactly what the module's expressions mention."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrest.code.spelling import Spelling

_STANDARD: Final = {
    "_dt": "import datetime as _dt",
    "_property": "from builtins import property as _property",
    "Decimal": "from decimal import Decimal",
    "UUID": "from uuid import UUID",
}
_ABSTRACT: Final = ("Callable", "Mapping", "Sequence")
_TYPING: Final = ("TYPE_CHECKING", "Any", "ClassVar", "Literal", "Self", "TypeAlias")
_RUNTIME: Final = (
    "bodies",
    "checks",
    "codec",
    "deprecation",
    "event_streams",
    "events",
    "http",
    "json_lines",
    "operation",
    "pagination",
    "parameters",
    "part_headers",
    "parts",
    "renaming",
    "response_headers",
    "streams",
)
_RUNTIME_NAMES: Final = {"UNSET": "unset", "Unset": "unset", "UnknownVariant": "codec"}
REFERS_TO_DEPRECATED: Final = (
    "# The description refers to what it deprecates, and so does this module:",
    "# pyright: reportDeprecated=false",
)
"""Comments for type checkers at the head of a module that uses what is marked."""
OFFERS_EARLIER_NAMES: Final = (
    "# The names of earlier releases are deprecated, and this module offers them:",
    "# pyright: reportDeprecated=false",
)
"""The same for a module that imports them."""
_WORD: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"|(?<![.\w\u0080-\U0010ffff])[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*'
)
"""A quoted text or an identifier; beyond ASCII, an identifier also has marks that are no letters by themselves."""


def mentioned(expressions: Iterable[str]) -> frozenset[str]:
    """Return the identifiers in some expressions; what is quoted in them, and what follows a dot, does not count."""
    return frozenset(
        word for expression in expressions for word in _WORD.findall(expression) if not word.startswith('"')
    )


def standard(words: frozenset[str], others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the imports from the standard library.

    Args:
        words: The identifiers that the module uses.
        others: Imports that go among them.
    """
    lines = [*others, *(line for word, line in _STANDARD.items() if word in words)]
    for module, offered in (("collections.abc", _ABSTRACT), ("typing", _TYPING)):
        if names := [name for name in offered if name in words]:
            lines.append(f"from {module} import {', '.join(names)}")
    return tuple(sorted(lines, key=_isort_key))


def runtime(words: frozenset[str], package: str) -> tuple[str, ...]:
    """Return the imports from the runtime.

    Args:
        words: The identifiers that the module uses.
        package: How the module reaches the runtime, such as ``.._runtime``.
    """
    lines = [f"from {package} import {name} as _{name}" for name in _RUNTIME if f"_{name}" in words]
    by_module: dict[str, list[str]] = {}
    for name, module in sorted(_RUNTIME_NAMES.items()):
        if name in words:
            by_module.setdefault(module, []).append(name)
    lines += [f"from {package}.{module} import {', '.join(names)}" for module, names in sorted(by_module.items())]
    return tuple(lines)


def directives(spelling: Spelling, words: frozenset[str]) -> tuple[str, ...]:
    """Return the comments for type checkers at the head of a module that uses some identifiers."""
    return REFERS_TO_DEPRECATED if any(map(spelling.is_deprecated, words)) else ()


def siblings(spelling: Spelling, words: frozenset[str], *, inside: str | None, package: str) -> tuple[str, ...]:
    """Return the imports of the declarations that a module uses.

    Args:
        spelling: Knows the declarations.
        words: The identifiers that the module uses.
        inside: The module itself, if it is one of theirs.
        package: How the module reaches the models, such as ``.``.
    """
    wanted: dict[str, list[str]] = {}
    for word in sorted(words):
        module = spelling.home(word)
        if module is not None and module != inside:
            wanted.setdefault(module, []).append(word)
    return tuple(f"from {package}{module} import {', '.join(names)}" for module, names in sorted(wanted.items()))


def _isort_key(line: str) -> tuple[bool, str]:
    return not line.startswith("import "), line
