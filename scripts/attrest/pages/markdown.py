"""Text of a description as Markdown that stays inside its cell, heading or paragraph, whatever the text holds.

Descriptions are CommonMark (OpenAPI 3.1 §4.8): emphasis, code, lists, tables, quotations, code blocks and links to the
web are kept, headings become bold. Relative links would start from the pages: they keep their text, and say where they
lead. HTML and whatever would end the place that the text stands in are shown letter by letter. The pages are read as
GitHub Flavored Markdown, whose table cells end at a pipe and cannot hold a line break: text that does not fit into one
is told in short there, and as a whole below its table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import attrs

from attrest.pages import blocks
from attrest.pages.blocks import Block, CodeBlock, Grid, Heading, ListBlock, Paragraph, Quotation, Rule

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_BREAK = re.compile(r"<\s*/?\s*br\s*/?\s*>", re.IGNORECASE)
_OUTER_BREAKS = re.compile(r"\A(?:<br>\s*)+|(?:\s*<br>)+\Z")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?![a-z])")
_INLINE = re.compile(
    r"""
      (?P<ticks>`++)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)
    | (?P<break><\s*/?\s*(?i:br)\s*/?\s*>|(?:[ ]{2,}|\\)\n)
    | !?\[(?P<label>[^\[\]]*)\]\((?P<target>https?://[^\s()<>\\]+)(?:\s+"[^"]*")?\)
    | !?\[(?P<about>[^\[\]`]+)\]\((?P<relative>[/#.][^\s()<>\\|`]*)\)
    | <(?P<automatic>https?://[^\s<>]+)>
    | (?<![\w/"'=])(?P<bare>https?://(?:[^\s<>()\[\]"'`|\\]|\([^\s<>()\[\]"'`|\\]*\))+(?<![.,;:!?*_~]))
    | \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<special>[\\<\[\]|`])
    """,
    re.VERBOSE | re.DOTALL,
)
_STARTS_BLOCK = re.compile(r"[#>=+-]|~~~|\*(?=\s)|[*_ ]+$|\d{1,9}(?=[.)](?:\s|$))")
_NO_PARAGRAPH = re.compile(r"[-|>]|```|\d+\. |\*\*\*$", re.MULTILINE)
_MEANT = re.compile(r"[\\`*\[\]|~<]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}
_LONGEST_CELL = 600
"""Characters."""


def prose(text: str | None) -> str:
    """Return CommonMark text as blocks that end where the text ends; those of its headings are bold paragraphs."""
    return _standing(_parsed(text))


def marked(mark: str, told: str) -> str:
    """Return what ``prose`` gave with a mark in front, which stands in its first paragraph where that comes first."""
    gap = "\n\n" if _NO_PARAGRAPH.match(told) else " "
    return f"{mark}{gap}{told}" if told else mark


def cell(text: str | None) -> str:
    """Return CommonMark text as one line that fits a cell of a table."""
    return "<br>".join(filter(None, map(_squeezed, _parsed(text))))


def brief(text: str | None) -> str:
    """Return CommonMark text as one line for a cell of a table that has ``notes``, in short where it does not fit."""
    return cell(text) if _fits_cell(text) else " ".join(filter(None, (first_sentence(text), "*More below.*")))


def notes(told: Iterable[tuple[str, str | None]]) -> tuple[str, ...]:
    """Return what stands below a table: whatever ``brief`` does not tell in full.

    Args:
        told: The texts, each after what it is about, as Markdown on one line.
    """
    return tuple(f"**{label}**\n\n{prose(text)}" for label, text in told if not _fits_cell(text))


def first_sentence(text: str | None) -> str:
    """Return the first sentence of CommonMark text as one line, for a list of links or a table."""
    sentences = (_SENTENCE_END.split(_BREAK.sub(" ", each), maxsplit=1)[0] for each in _texts(_parsed(text)))
    return _guarded(next((shown for each in sentences if (shown := inline(each))), ""))


def inline(text: str) -> str:
    """Return CommonMark text without blocks as one line."""
    return _OUTER_BREAKS.sub("", " ".join(_INLINE.sub(_inline, _clean(text)).split()))


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
    notes: tuple[str, ...] = ()
    """What stands below it."""

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
            self.notes,
        )

    def __str__(self) -> str:
        """Return it as Markdown, one space around a cell and no padding, and the notes below it."""
        return "\n\n".join((_laid_out((self.columns, tuple("---" for _ in self.columns), *self.rows)), *self.notes))


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _laid_out(lines: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _parsed(text: str | None) -> tuple[Block, ...]:
    return blocks.parsed(_clean(text)) if text else ()


def _standing(parts: Iterable[Block]) -> str:
    return "\n\n".join(filter(None, map(_block, parts)))


def _block(block: Block) -> str:
    """Return a block as Markdown on lines of its own; nothing for one without text."""
    match block:
        case Paragraph(text):
            return _guarded(inline(text))
        case Heading(text):
            return f"**{_guarded(shown)}**" if (shown := inline(text)) else ""
        case CodeBlock(text):
            return fenced(text, "text")
        case ListBlock(items, first):
            texts = [text for item in items if (text := _item(item))]
            numbered = enumerate(texts, first or 0)
            return "\n".join(_hung("- " if first is None else f"{number}. ", text) for number, text in numbered)
        case Quotation(parts):
            return "\n".join(f"> {line}".rstrip() for line in _standing(parts).split("\n"))
        case Grid((head, *rows)):
            return str(Table(tuple(map(inline, head)), tuple(tuple(map(inline, row)) for row in rows)))
        case Rule():
            return "***"
        case _:
            return ""


def _item(parts: tuple[Block, ...]) -> str:
    """Return an item of a list, whose own lists follow its text without a line between them where they can."""
    told = ""
    for part, text in zip(parts, map(_block, parts), strict=True):
        is_close = isinstance(part, ListBlock) and part.first in (None, 1)
        told += ("\n" if is_close else "\n\n") + text if told and text else text
    return told


def _hung(marker: str, text: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join((f"{marker}{first}", *(f"{' ' * len(marker)}{line}".rstrip() for line in rest)))


def _texts(parts: tuple[Block, ...]) -> Iterator[str]:
    """Give the texts of blocks: of paragraphs first, then of headings, then of what stands inside the others."""
    yield from (block.text for kind in (Paragraph, Heading) for block in parts if isinstance(block, kind))
    for block in parts:
        match block:
            case ListBlock(items):
                yield from (text for item in items for text in _texts(item))
            case Quotation(inside):
                yield from _texts(inside)
            case _:
                pass


def _squeezed(block: Block) -> str:
    """Return a block as Markdown on one line."""
    match block:
        case Paragraph(text):
            return inline(text)
        case CodeBlock(text):
            return "<br>".join(map(code, filter(str.strip, text.split("\n"))))
        case ListBlock(items, first):
            texts = enumerate(("<br>".join(map(_squeezed, item)) for item in items), first or 0)
            return "<br>".join(f"{'-' if first is None else f'{number}.'} {text}" for number, text in texts)
        case Quotation(parts):
            return "<br>".join(map(_squeezed, parts))
        case Grid(rows):
            return "<br>".join(" \\| ".join(map(inline, row)) for row in rows)
        case Heading() | Rule():
            return _block(block) if isinstance(block, Heading) else ""


def _fits_cell(text: str | None) -> bool:
    return all(map(_is_of_lines, _parsed(text))) and len(text or "") <= _LONGEST_CELL


def _is_of_lines(block: Block) -> bool:
    """Tell whether nothing of a block's form is lost on one line with marks where its lines end."""
    match block:
        case CodeBlock(text):
            return "\n" not in text
        case ListBlock(items):
            return all(isinstance(part, Paragraph) for item in items for part in item)
        case _:
            return isinstance(block, Paragraph | Heading | Rule)


def _guarded(text: str) -> str:
    """Return inline Markdown that does not begin a list, heading, quote or rule."""
    if start := _STARTS_BLOCK.match(text):
        head = start[0]
        return f"{head}\\{text[len(head) :]}" if head[0].isdigit() else f"\\{text}"
    return text


def _inline(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return code(_unpadded(found["code"]))
    if found["break"] is not None:
        return "<br>"
    if found["target"] is not None:
        return f"[{_INLINE.sub(_inline, found['label'])}]({found['target'].replace('|', '%7C')})"
    if found["relative"] is not None:
        return f"{_INLINE.sub(_inline, found['about'])} ({code(found['relative'])})"
    if found["automatic"] is not None:
        return f"<{found['automatic'].replace('|', '%7C')}>"
    if found["bare"] is not None:
        return f"<{found['bare']}>"
    if found["escaped"] is not None:
        return _show(found["escaped"])
    return _show(found["special"])


def _unpadded(span: str) -> str:
    """Return a code span's text without the one space on either side that CommonMark strips."""
    return span[1:-1] if span.startswith(" ") and span.endswith(" ") and span.strip() else span


def _show(character: str) -> str:
    return _ENTITIES.get(character, f"\\{character}")
