"""Markdown as HTML that no text can break out of, with what a site needs to know of it.

The pages are read as GitHub Flavored Markdown without its HTML: only the few tags that the reference itself writes into
cells are let through, and images become links, since a site loads nothing from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any, Final, TypeAlias

import attrs
from markdown_it import MarkdownIt
from markdown_it.token import Token

from attrest.pages.markdown import anchors
from attrest.site.highlighting import highlighted

Resolve: TypeAlias = Callable[[str], str | None]
"""From a link as it is written to where it leads; None where it leads to nothing that is published."""

_TAG: Final = re.compile(r"<br ?/?>|</?code>")
_MARKS: Final = {
    ":heavy_check_mark:": '<span role="img" aria-label="yes">✓</span>',
    ":heavy_minus_sign:": '<span role="img" aria-label="no">&ndash;</span>',
}
_LONG: Final = 60
"""From how many characters on the text of a cell needs room."""
_MARK: Final = re.compile("|".join(_MARKS))


@attrs.frozen(kw_only=True)
class Section:
    """A heading of the first or the second level, and what stands under it."""

    level: int
    title: str
    anchor: str
    summary: str
    """The text of the first paragraph; empty where there is none."""
    names: tuple[str, ...]
    """What is set as code in it, such as the names of fields, each once."""


@attrs.frozen(kw_only=True)
class Rendered:
    """A page of Markdown as HTML."""

    html: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """What the first heading says."""
        return self.sections[0].title if self.sections else ""

    @property
    def summary(self) -> str:
        """The text of the paragraph under the first heading."""
        return self.sections[0].summary if self.sections else ""

    @property
    def contents(self) -> tuple[Section, ...]:
        """The sections of the second level."""
        return tuple(section for section in self.sections if section.level == 2)


def render(text: str, resolve: Resolve) -> Rendered:
    """Turn a page of Markdown into HTML.

    Args:
        text: The page.
        resolve: Tells where each link leads; the label of one that leads nowhere stays as text.
    """
    tokens = _PARSER.parse(text)
    _name_headings(tokens)
    for token in tokens:
        if token.children:
            token.children = list(_linked(token.children, resolve))
    return Rendered(html=_PARSER.renderer.render(tokens, _PARSER.options, {}), sections=tuple(_sections(tokens)))


def _name_headings(tokens: Sequence[Token]) -> None:
    headings = [(token, tokens[index + 1]) for index, token in enumerate(tokens) if token.type == "heading_open"]
    for (token, inline), anchor in zip(headings, anchors(_plain(inline) for _, inline in headings), strict=True):
        token.attrSet("id", anchor)
        token.attrSet("tabindex", "-1")
        inline.meta["anchor"] = anchor


def _linked(tokens: Sequence[Token], resolve: Resolve) -> Iterator[Token]:
    """Lead links and images where they lead in the site; of those that lead nowhere, and within links, labels stay."""
    open_links: list[bool] = []
    for token in tokens:
        match token.type:
            case "link_open":
                target = resolve(str(token.attrGet("href")))
                open_links.append(target is not None)
                if target is not None:
                    token.attrSet("href", target)
                    yield token
            case "link_close":
                if open_links.pop():
                    yield token
            case "image":
                source = str(token.attrGet("src"))
                yield from _image(token, source, None if any(open_links) else resolve(source))
            case _:
                yield token


def _image(token: Token, source: str, target: str | None) -> Iterator[Token]:
    label = Token("text", "", 0, content="".join(_texts(token.children or ())) or source)
    if target is None:
        yield label
        return
    yield from (Token("link_open", "a", 1, attrs={"href": target}), label, Token("link_close", "a", -1))


def _plain(inline: Token) -> str:
    """Return the text of a block without its marks."""
    return "".join(_texts(inline.children or ())).strip()


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "text" | "code_inline" | "text_special":
                yield token.content
            case "softbreak" | "hardbreak" | "html_inline":
                yield " "
            case _:
                yield from _texts(token.children or ())


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    starts = [index for index, token in enumerate(tokens) if token.tag in {"h1", "h2"} and token.nesting == 1]
    for start, end in pairwise((*starts, len(tokens))):
        inside = tokens[start + 3 : end]
        yield Section(
            level=int(tokens[start].tag[1:]),
            title=_plain(tokens[start + 1]),
            anchor=str(tokens[start].attrGet("id")),
            summary=next(_paragraphs(inside), ""),
            names=tuple(dict.fromkeys(_codes(inside))),
        )


def _paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        if token.type == "paragraph_open" and token.level == 0:
            yield _plain(tokens[index + 1])


def _codes(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield from (child.content for child in token.children or () if child.type == "code_inline")


def _fence(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    language = token.info.strip().partition(" ")[0]
    return f'<pre tabindex="0"><code>{highlighted(token.content, language)}</code></pre>\n'


def _code_block(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _text(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return _MARK.sub(lambda found: _MARKS[found[0]], escape(tokens[index].content))


def _html_inline(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    content = tokens[index].content
    return content if _TAG.fullmatch(content) else escape(content)


def _heading_close(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    tag, inline = tokens[index].tag, tokens[index - 1]
    if tag == "h1":
        return "</h1>\n"
    label = escape(f"Link to {_plain(inline)}")
    return f' <a class="anchor" href="#{escape(inline.meta["anchor"])}" aria-label="{label}">#</a></{tag}>\n'


def _table_open(_: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return '<div class="wide" tabindex="0"><table>\n'


def _table_close(_: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return "</table></div>\n"


def _th_open(_: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return '<th scope="col">'


def _td_open(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return '<td class="long">' if len(_plain(tokens[index + 1])) > _LONG else "<td>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("html_block")
    for name, rule in {
        "fence": _fence,
        "code_block": _code_block,
        "text": _text,
        "html_inline": _html_inline,
        "heading_close": _heading_close,
        "table_open": _table_open,
        "table_close": _table_close,
        "th_open": _th_open,
        "td_open": _td_open,
    }.items():
        parser.add_render_rule(name, rule)
    return parser


_PARSER: Final = _parser()
