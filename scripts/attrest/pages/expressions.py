"""Python expressions, and how they are laid out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import attrs

_WIDTH: Final = 88
"""Of a line, in columns."""


@attrs.frozen
class Import:
    """``from module import name``."""

    module: str
    name: str


@attrs.frozen
class Atom:
    """An expression that is written on one line."""

    text: str
    imports: frozenset[Import] = frozenset()


@attrs.frozen
class Item:
    """One item of a bracketed expression, after what introduces it: ``name=`` or ``"key": ``."""

    prefix: str
    value: Expression


@attrs.frozen
class Group:
    """A call, list, tuple, set or dictionary."""

    opening: str
    items: tuple[Item, ...]
    closing: str
    imports: frozenset[Import] = frozenset()


Expression: TypeAlias = Atom | Group


def layout(expression: Expression, indent: int = 0, used: int = 0) -> str:
    """Return an expression as source: on one line where it fits, else one item a line.

    Args:
        expression: What to write.
        indent: How many columns the statement is indented.
        used: How many columns of the line the text before and after the expression takes, the indent not counted.
    """
    line = one_line(expression)
    if isinstance(expression, Atom) or not expression.items or indent + used + len(line) <= _WIDTH:
        return line
    inner = indent + 4
    lines = (
        f"{' ' * inner}{item.prefix}{layout(item.value, inner, len(item.prefix) + 1)}," for item in expression.items
    )
    return "\n".join((expression.opening, *lines, f"{' ' * indent}{expression.closing}"))


def one_line(expression: Expression) -> str:
    """Return an expression as source on one line."""
    if isinstance(expression, Atom):
        return expression.text
    inner = ", ".join(f"{item.prefix}{one_line(item.value)}" for item in expression.items)
    return f"{expression.opening}{inner}{expression.closing}"


def imports(expression: Expression) -> frozenset[Import]:
    """Return what an expression needs imported."""
    if isinstance(expression, Atom):
        return expression.imports
    return expression.imports.union(*(imports(item.value) for item in expression.items))


def call(function: str, arguments: Iterable[tuple[str, Expression]], needed: Iterable[Import] = ()) -> Group:
    """Return the call of a function with keyword arguments."""
    items = tuple(Item(f"{name}=", value) for name, value in arguments)
    return Group(f"{function}(", items, ")", frozenset(needed))


def group(opening: str, items: Iterable[tuple[str, Expression]], closing: str) -> Group:
    """Return a bracketed expression of items, each after what introduces it."""
    return Group(opening, tuple(Item(*item) for item in items), closing)
