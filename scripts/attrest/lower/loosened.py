"""What the responses of an operation say that is not generated as they say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrest import nodes, pointers
from attrest.contentforms import form_of
from attrest.ir import Content, Header, Response
from attrest.ledger import Entry, degraded, exact, ignored
from attrest.lower.contents import is_loose_text

_NO_BODY: Final = "answers to HEAD, and those with status 204, 205 or 304, have no body"


def loosened(tree: Mapping[str, Any], operation: str, answers: Iterable[Response]) -> Iterator[Entry]:
    """Give an entry for every part of the responses that is not what a table of their fields says.

    Args:
        tree: The description.
        operation: The operation's pointer.
        answers: Its responses.
    """
    by_status = {answer.status.lower(): answer for answer in answers}
    for status in nodes.mapping(nodes.mapping(nodes.find(tree, operation)).get("responses")):
        pointer, node = nodes.follow(tree, operation + pointers.join(("responses", status)))
        if (answer := by_status.get(status.lower())) is not None:
            yield from _response(tree, operation, pointer, nodes.mapping(node), answer)


def _response(
    tree: Mapping[str, Any], operation: str, pointer: str, node: Mapping[str, Any], answer: Response
) -> Iterator[Entry]:
    written = nodes.mapping(node.get("content"))
    if written and not answer.contents and pointer.startswith(f"{operation}/"):
        yield ignored(f"{pointer}/content", _NO_BODY)
    for content in answer.contents:
        place, media = nodes.follow(tree, pointer + pointers.join(("content", content.content_type)))
        yield from _media(tree, place, nodes.mapping(media), content)
    headers = {header.wire_name: header for header in answer.headers}
    for name in nodes.mapping(node.get("headers")):
        own = pointer + pointers.join(("headers", name))
        yield from _header(own, headers.get(name))


def _media(tree: Mapping[str, Any], place: str, media: Mapping[str, Any], content: Content) -> Iterator[Entry]:
    if "itemSchema" in media and content.form in {"event-stream", "json-lines"}:
        yield exact(f"{place}/itemSchema")
    match form_of(content.content_type):
        case "multipart":
            yield degraded(place, "the parts of an answer are handed over as one piece of bytes")
        case "form":
            yield degraded(place, "the fields of an answer are handed over as text")
        case "text" if is_loose_text(tree, place):
            yield degraded(f"{place}/schema", "text is handed over as it is")
        case _:
            pass


def _header(place: str, header: Header | None) -> Iterator[Entry]:
    if header is None:
        yield ignored(place, "the header Content-Type is described by content")
    elif header.content_type is not None and form_of(header.content_type) != "json":
        yield degraded(place, "handed over as text")
