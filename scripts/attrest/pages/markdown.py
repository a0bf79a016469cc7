"""Text of a description as Markdown that stays inside its cell, heading or paragraph, whatever the text holds.

Descriptions are CommonMark (OpenAPI 3.1 §4.8): emphasis, code, lists, code blocks and links to the web are kept.
Relative links would start from the pages: they keep their text, and say where they lead. HTML, headings and whatever
would end the place that the text stands in are shown letter by letter. The pages are read as GitHub Flavored Markdown,
whose table cells end at a pipe and cannot hold a line break.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeAlias

import attrs

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_BREAK = re.compile(r"<\s*/?\s*br\s*/?\s*>", re.IGNORECASE)
_FENCE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n`]*\n(?P<body>(?:.*\n)*?) {0,3}(?P=fence)[`~]* *$",
    re.MULTILINE,
)
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.*?)\s*#*")
_ITEM = re.compile(r"(?P<marker>[-*+]|\d{1,9}[.)])\s+(?P<text>.*)")
_INLINE = re.compile(
    r"""
      (?P<ticks>`++)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)
    | !?\[(?P<label>[^\[\]]*)\]\((?P<target>https?://[^\s()<>\\]+)\)
    | !?\[(?P<about>[^\[\]`]+)\]\((?P<relative>[/#.][^\s()<>\\|`]*)\)
    | <(?P<automatic>https?://[^\s<>]+)>
    | \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<special>[\\<\[\]|`])
    """,
    re.VERBOSE,
)
_STARTS_BLOCK = re.compile(r"[#>=+-]|~~~|[*_ ]+$|\d{1,9}(?=[.)](?:\s|$))")
_MEANT = re.compile(r"[\\`*\[\]|~<]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}

BlockKind: TypeAlias = Literal["paragraph", "heading", "item", "code"]


@attrs.frozen
class _Block:
    kind: BlockKind
    text: str
    marker: str = "-"


def prose(text: str | None) -> str:
    """Return CommonMark text as paragraphs, lists and code blocks that end where the text ends."""
    rendered = ""
    previous: _Block | None = None
    for block in _blocks(text or ""):
        gap = "\n" if previous is not None and _same_list(previous, block) else "\n\n"
        rendered += (gap if rendered else "") + _PARAGRAPHS[block.kind](block)
        previous = block
    return rendered


def cell(text: str | None) -> str:
    """Return CommonMark text as one line that fits a cell of a table."""
    return "<br>".join(_CELLS[block.kind](block) for block in _blocks(text or ""))


def first_sentence(text: str | None) -> str:
    """Return the first sentence of CommonMark text as one line, for a list of links or a table."""
    block = next(_blocks(text or ""), None)
    if block is None:
        return ""
    return _guarded(inline(re.split(r"(?<=[.!?])\s", block.text, maxsplit=1)[0]))


def inline(text: str) -> str:
    """Return CommonMark text without blocks as one line."""
    return _INLINE.sub(_inline, " ".join(_clean(text).split()))


def plain(text: str) -> str:
    """Return text that is no Markdown as Markdown that shows it letter by letter, on one line."""
    return _MEANT.sub(lambda found: _show(found[0]), " ".join(_clean(text).split()))


def code(text: str) -> str:
    """Return text as a code span on one line, also within a table."""
    line = " ".join(_clean(text).split())
    if "|" in line:
        return f"<code>{plain(line)}</code>"
    fence = "`" * (_longest_run(line) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def fenced(text: str, language: str) -> str:
    """Return text as a code block."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def link(label: str, target: str) -> str:
    """Return a link whose label is text that is no Markdown."""
    return f"[{plain(label)}]({target})"


def anchors(headings: Iterable[str]) -> tuple[str, ...]:
    """Return the fragments that lead to a page's headings, given as text in the order they stand in."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for heading in headings:
        slug = "".join(filter(_stays_in_slug, heading.lower())).replace(" ", "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        found.append(f"{slug}-{count}" if count else slug)
    return tuple(found)


def _stays_in_slug(character: str) -> bool:
    return character in "-_ " or character.isalnum() or unicodedata.category(character).startswith("M")


@attrs.frozen
class Table:
    """A table of Markdown cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def without_empty(self, *optional: str) -> Table:
        """Return the table without those of the optional columns that have nothing in any row."""
        kept = [
            index
            for index, column in enumerate(self.columns)
            if column not in optional or any(row[index] for row in self.rows)
        ]
        return Table(
            tuple(self.columns[index] for index in kept),
            tuple(tuple(row[index] for index in kept) for row in self.rows),
        )

    def __str__(self) -> str:
        """Return it as Markdown, one space around a cell and no padding."""
        lines = (self.columns, tuple("---" for _ in self.columns), *self.rows)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _blocks(text: str) -> Iterator[_Block]:
    lines = _clean(_BREAK.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n")))
    end = 0
    for fence in _FENCE.finditer(lines):
        yield from _lines(lines[end : fence.start()])
        yield _Block("code", fence["body"].rstrip("\n"))
        end = fence.end()
    yield from _lines(lines[end:])


def _lines(text: str) -> Iterator[_Block]:
    for chunk in re.split(r"\n[^\S\n]*\n", text):
        open_block: _Block | None = None
        for line in filter(None, map(str.strip, chunk.split("\n"))):
            started = _started(line)
            if started is None:
                joined = line if open_block is None else f"{open_block.text} {line}"
                open_block = attrs.evolve(open_block or _Block("paragraph", ""), text=joined)
                continue
            if open_block is not None:
                yield open_block
            open_block = started
            if started.kind == "heading":
                yield started
                open_block = None
        if open_block is not None:
            yield open_block


def _same_list(block: _Block, after: _Block) -> bool:
    return block.kind == after.kind == "item" and (block.marker == "-") == (after.marker == "-")


def _started(line: str) -> _Block | None:
    if heading := _HEADING.fullmatch(line):
        return _Block("heading", heading["text"])
    if item := _ITEM.fullmatch(line):
        return _Block("item", item["text"], item["marker"] if item["marker"][0].isdigit() else "-")
    return None


def _guarded(text: str) -> str:
    """Return inline Markdown that does not begin a list, heading, quote or rule."""
    if start := _STARTS_BLOCK.match(text):
        head = start[0]
        return f"{head}\\{text[len(head) :]}" if head[0].isdigit() else f"\\{text}"
    return text


def _item(block: _Block) -> str:
    return f"{block.marker} {_guarded(inline(block.text))}"


def _inline(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return code(_unpadded(found["code"]))
    if found["target"] is not None:
        return f"[{_INLINE.sub(_inline, found['label'])}]({found['target'].replace('|', '%7C')})"
    if found["relative"] is not None:
        return f"{_INLINE.sub(_inline, found['about'])} ({code(found['relative'])})"
    if found["automatic"] is not None:
        return f"<{found['automatic'].replace('|', '%7C')}>"
    if found["escaped"] is not None:
        return _show(found["escaped"])
    return _show(found["special"])


def _unpadded(span: str) -> str:
    """Return a code span's text without the one space on either side that CommonMark strips."""
    return span[1:-1] if span.startswith(" ") and span.endswith(" ") and span.strip() else span


def _show(character: str) -> str:
    return _ENTITIES.get(character, f"\\{character}")


_PARAGRAPHS: dict[BlockKind, Callable[[_Block], str]] = {
    "paragraph": lambda block: _guarded(inline(block.text)),
    "heading": lambda block: f"**{inline(block.text)}**",
    "item": _item,
    "code": lambda block: fenced(block.text, "text"),
}
_CELLS: dict[BlockKind, Callable[[_Block], str]] = {
    "paragraph": lambda block: inline(block.text),
    "heading": lambda block: f"**{inline(block.text)}**",
    "item": lambda block: f"{block.marker} {inline(block.text)}",
    "code": lambda block: code(block.text),
}
