"""How the bytes of a media type are made and read (OpenAPI 3.1 §4.8.14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

Form: TypeAlias = Literal["json", "form", "multipart", "text", "binary", "event-stream", "json-lines"]

_JSON: Final = re.compile(r"(application|text)/json|[^;]+\+json")
_TEXT: Final = re.compile(r"text/.*|[^;]+[+/]xml|application/(javascript|graphql|yaml|x-yaml)")
_NAMED: Final[Mapping[str, Form]] = {
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
    "text/event-stream": "event-stream",
    "application/jsonl": "json-lines",
    "application/x-ndjson": "json-lines",
    "application/json-seq": "json-lines",
}


def form_of(content_type: str) -> Form:
    """Return how bytes of a media type are made and read; unknown ones stay bytes."""
    bare = content_type.partition(";")[0].strip().lower()
    if bare in _NAMED:
        return _NAMED[bare]
    if _JSON.fullmatch(bare) or bare == "*/*":
        return "json"
    return "text" if _TEXT.fullmatch(bare) else "binary"
