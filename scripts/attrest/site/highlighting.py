"""Code as HTML, its tokens in classes that the stylesheet colours."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Final

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

_FORMATTER: Final[HtmlFormatter[str]] = HtmlFormatter(nowrap=True)


def highlighted(code: str, language: str) -> str:
    """Return code as HTML; that of a language which is not known stays plain."""
    lexer = _lexer(language)
    return escape(code) if lexer is None else highlight(code, lexer, _FORMATTER)


@lru_cache
def _lexer(language: str) -> Lexer | None:
    try:
        return find_lexer_class_by_name(language)(stripnl=False)
    except ClassNotFound:
        return None
