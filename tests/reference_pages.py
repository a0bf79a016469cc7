"""Reads reference pages as a reader would: their headings, tables, programs and links, and the types that they tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import pairwise
from posixpath import dirname, join, normpath
from typing import Final, TypeAlias
from urllib.parse import unquote

import attrs
from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER: Final = MarkdownIt("commonmark").enable("table")
REQUIRED: Final = {":heavy_check_mark:": True, ":heavy_minus_sign:": False}
_HEAD: Final = "# pyright: reportDeprecated=false, reportUnusedFunction=false\nfrom __future__ import annotations"
Row: TypeAlias = dict[str, str]
"""The text of each cell, by its column."""


@attrs.frozen(kw_only=True)
class Table:
    """A table, with the headings that it stands under, the page's own first."""

    under: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@cache
def tokens(text: str) -> tuple[Token, ...]:
    return tuple(PARSER.parse(text))


def blocks(text: str, language: str) -> list[str]:
    return [token.content for token in tokens(text) if token.type == "fence" and token.info == language]


def headings(text: str) -> list[str]:
    return [after.content for token, after in pairwise(tokens(text)) if token.type == "heading_open"]


@cache
def tables(text: str) -> tuple[Table, ...]:
    return tuple(_tables(text))


def _tables(text: str) -> Iterator[Table]:
    under: list[str] = []
    cells: list[list[str]] = []
    for token, after in pairwise(tokens(text)):
        if token.type == "heading_open":
            under = [*under[: int(token.tag[1]) - 1], after.content]
        elif token.type == "tr_open":
            cells.append([])
        elif token.type in ("th_open", "td_open"):
            cells[-1].append("".join(child.content for child in after.children or () if child.type != "html_inline"))
        elif token.type == "table_close":
            columns, *rows = cells
            yield Table(
                under=tuple(under),
                columns=tuple(columns),
                rows=tuple(dict(zip(columns, row, strict=True)) for row in rows),
            )
            cells = []


def rows(text: str, *under: str) -> list[Row]:
    """Return the rows of the first table that stands directly under these headings, below the page's own."""
    return next((list(table.rows) for table in tables(text) if table.under[1:] == under), [])


def anchors(text: str) -> frozenset[str]:
    """Return the fragments of a page's headings, as GitHub makes them."""
    found: list[str] = []
    for heading in headings(text):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        number = sum(each == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", each) is not None for each in found)
        found.append(f"{slug}-{number}" if number else slug)
    return frozenset(found)


def broken_links(files: Mapping[str, str], path: str) -> list[str]:
    """Return the links of a page that lead to none of the files, or to no heading of one."""
    found: list[str] = []
    for child in (child for token in tokens(files[path]) for child in token.children or ()):
        target = str(child.attrs.get("href", "") or child.attrs.get("src", ""))
        if not target or re.match("https?://", target):
            continue
        file, _, fragment = target.partition("#")
        place = normpath(join(dirname(path), file)) if file else path
        if place not in files or (fragment and unquote(fragment) not in anchors(files[place])):
            found.append(target)
    return found


def functions(pages: Mapping[str, str]) -> str:
    """Return a module that has each program of some pages in a function of its own."""
    parts = [_HEAD]
    for path, text in pages.items():
        for source in blocks(text, "python"):
            body = "\n".join(f"    {line}" if line else "" for line in source.splitlines())
            parts.append(f"def program_{len(parts)}() -> None:\n    # {path}\n{body}")
    return "\n\n\n".join(parts) + "\n"


# Types, as pages tell them and as classes are annotated, in one form that can be compared

Canonical: TypeAlias = frozenset[object]
"""The members of a union; a type that is none has one."""

_NULL: Final = "None"
_SAME: Final = {"Sequence": "list", "Mapping": "dict", "List": "list", "Dict": "dict", "Tuple": "tuple"}


@attrs.frozen
class Spelling:
    """Reads types: which names are those of models, and which of these are enums."""

    models: Collection[str]
    enums: Collection[str]
    aliases: Mapping[str, str]
    """What each alias is declared as."""

    def documented(self, text: str) -> Canonical:
        """Read a type of a page."""
        return self._members(ast.parse(text, mode="eval").body, own=False)

    def annotated(self, text: str) -> Canonical:
        """Read an annotation of a class; what stands for absence, or for a variant that is not known, is no type."""
        members = self._members(ast.parse(text, mode="eval").body, own=True)
        return _known(members - {"Unset"})

    def _members(self, node: ast.expr, *, own: bool) -> Canonical:
        match node:
            case ast.BinOp(left, ast.BitOr(), right):
                return self._whole(self._members(left, own=own) | self._members(right, own=own))
            case ast.Constant(None):
                return frozenset({_NULL})
            case ast.Constant(str(quoted)):
                return self._members(ast.parse(quoted, mode="eval").body, own=own)
            case ast.Subscript(ast.Name("Union"), ast.Tuple(members)):
                return self._whole(frozenset().union(*(self._members(each, own=own) for each in members)))
            case ast.Subscript(ast.Name("Nullable"), inner):
                return self._whole(self._members(inner, own=own) | {_NULL})
            case ast.Subscript(value, index):
                return frozenset({self._generic(self._name(value, own=own), index, own=own)})
            case _:
                return frozenset({self._name(node, own=own)})

    def _generic(self, name: object, index: ast.expr, *, own: bool) -> object:
        items = index.elts if isinstance(index, ast.Tuple) else [index]
        if name == "Literal":
            return ("Literal", frozenset((type(value), value) for value in map(ast.literal_eval, items)))
        return (_SAME.get(str(name), name), *(self._item(each, own=own) for each in items))

    def _item(self, node: ast.expr, *, own: bool) -> object:
        match node:
            case ast.Starred(ast.Subscript(_, ast.Tuple([inner, ast.Constant(value)]))) if value is ...:
                return ("rest", _known(self._members(inner, own=own)))
            case ast.Starred(ast.Subscript(_, inner)):
                return ("rest", self._members(inner, own=own))
            case ast.Constant(value) if value is ...:
                return value
            case _:
                return _known(self._members(node, own=own))

    def _name(self, node: ast.expr, *, own: bool) -> object:
        match node:
            case ast.Name(name) if own and name in self.models:
                return ("model", name)
            case ast.Attribute(ast.Name("models"), name) if not own:
                return ("model", name)
            case ast.Name(name) | ast.Attribute(_, name):
                return name
            case _:
                raise AssertionError(ast.dump(node))

    def _whole(self, members: Canonical) -> Canonical:
        """Return a union without what an open enum takes beside its members, and as any value where it has that."""
        if "Any" in members:
            return frozenset({"Any"})
        open_ = any(("model", name) in members for name in self.enums)
        return members - {"str", "int", "float"} if open_ else members

    def agree(self, told: str, annotation: str, *, required: bool) -> bool:
        """Tell whether a page and a class say the same of a field; None stands for the absence of an optional one."""
        documented, annotated = self.documented(told), self.annotated(annotation)
        return _agree(documented, annotated, required=required) or _agree(
            self._expanded(documented), self._expanded(annotated), required=required
        )

    def _expanded(self, members: Canonical) -> Canonical:
        """Put what it stands for in the place of each alias that is a member."""
        found: set[object] = set()
        for member in members:
            match member:
                case ("model", str(name)) if name in self.aliases:
                    found |= self._expanded(self.annotated(self.aliases[name]))
                case _:
                    found.add(member)
        return self._whole(frozenset(found))


def _known(members: Canonical) -> Canonical:
    return members - {"UnknownVariant"}


def _agree(documented: Canonical, annotated: Canonical, *, required: bool) -> bool:
    if "Any" in documented:
        return bool(annotated & {"Any", "object"})
    return documented == annotated or (not required and documented | {_NULL} == annotated)
