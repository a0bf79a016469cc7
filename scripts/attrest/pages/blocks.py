"""The blocks that CommonMark text consists of (OpenAPI 3.1 §4.8, with the tables of GitHub Flavored Markdown).

What stands inside a line is left as it is written. HTML is no block, and neither is the definition of a link: both are
paragraphs, so that their text is not lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

import attrs
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_PARSER: Final = MarkdownIt("commonmark").enable("table").disable(["html_block", "reference", "inline", "text_join"])
_SENTENCES: Final = re.compile(r"[^\W\d_][^\r\n]*")
"""A line that begins with a letter, and so begins no block but a paragraph."""
_MOST_KEPT: Final = 10_000
"""Texts whose blocks are kept, since a page tells of most texts several times."""


@attrs.frozen
class Paragraph:
    """Lines of text."""

    text: str


@attrs.frozen
class Heading:
    """A heading of any level."""

    text: str


@attrs.frozen
class CodeBlock:
    """Text to be shown letter by letter, indented or between fences."""

    text: str


@attrs.frozen
class ListBlock:
    """A list; items without anything are left out."""

    items: tuple[tuple[Block, ...], ...]
    first: int | None
    """The number of the first item; None where the items are not numbered."""


@attrs.frozen
class Quotation:
    """A block quote."""

    blocks: tuple[Block, ...]


@attrs.frozen
class Grid:
    """A table: the text of its cells, row by row, the heading first."""

    rows: tuple[tuple[str, ...], ...]


@attrs.frozen
class Rule:
    """A thematic break."""


Block: TypeAlias = Paragraph | Heading | CodeBlock | ListBlock | Quotation | Grid | Rule


@lru_cache(maxsize=_MOST_KEPT)
def parsed(text: str) -> tuple[Block, ...]:
    """Return the blocks of CommonMark text."""
    if _SENTENCES.fullmatch(text):
        return (Paragraph(text.strip()),)
    return _blocks(SyntaxTreeNode(_PARSER.parse(text)))


def _blocks(parent: SyntaxTreeNode) -> tuple[Block, ...]:
    return tuple(_each(parent))


def _each(parent: SyntaxTreeNode) -> Iterator[Block]:
    for node in parent.children:
        match node.type:
            case "heading" | "lheading":
                yield Heading(_source(node))
            case "fence" | "code_block":
                yield CodeBlock(node.content.rstrip("\n"))
            case "bullet_list" | "ordered_list":
                yield ListBlock(tuple(filter(None, map(_blocks, node.children))), _first(node))
            case "blockquote":
                yield Quotation(_blocks(node))
            case "table":
                rows = (row for part in node.children for row in part.children)
                yield Grid(tuple(tuple(map(_source, row.children)) for row in rows))
            case "hr":
                yield Rule()
            case _:
                yield Paragraph(_source(node))


def _source(node: SyntaxTreeNode) -> str:
    return "".join(child.content for child in node.children)


def _first(node: SyntaxTreeNode) -> int | None:
    return int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
