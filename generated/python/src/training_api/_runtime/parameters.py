"""How parameters travel: the styles of OpenAPI 3.1 §4.8.12, as pure functions from values to percent-encoded text.

None and UNSET stand for a parameter that is not sent, everywhere but in a path.
"""

from __future__ import annotations

from typing import Any

from . import codec
from .decoding import is_array, is_object
from .errors import InvalidArgumentError
from .unset import UNSET

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""The bytes that never need encoding (RFC 3986 §2.3)."""
ESCAPES = tuple(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in range(256))
RESERVED_IN_QUERY = frozenset(b":/?@!$'()*,;=")
"""Reserved characters that a query's value can hold as they are (RFC 3986 §3.4) and still arrive whole."""
RESERVED_ESCAPES = tuple(chr(byte) if byte in RESERVED_IN_QUERY else ESCAPES[byte] for byte in range(256))
HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
NAME_CHARACTERS = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
"""What the name of a header is made of (RFC 9110 §5.6.2)."""


def simple(value: Any, *, explode: bool = False) -> str:
    """Write a path parameter in style ``simple``: ``blue``, ``blue,black``, ``R,100,G,200`` or ``R=100,G=200``.

    Args:
        value: A scalar, a sequence or a mapping.
        explode: Whether an object's keys and values are joined by ``=``.

    Raises:
        InvalidArgumentError: It would leave the segment empty or turn it into ``.`` or ``..``.
    """
    return segment(joined(value, ",", explode=explode))


def label(value: Any, *, explode: bool = False) -> str:
    """Write a path parameter in style ``label``: ``.blue``, ``.blue,black``; exploded ``.a.b``, ``.R=100.G=200``.

    Args:
        value: A scalar, a sequence or a mapping.
        explode: Whether items are joined by ``.``, and an object's keys and values by ``=``.

    Raises:
        InvalidArgumentError: It would turn the segment into ``.`` or ``..``.
    """
    return segment("." + joined(value, "." if explode else ",", explode=explode))


def matrix(name: str, value: Any, *, explode: bool = False) -> str:
    """Write a path parameter in style ``matrix``: ``;id=5``, ``;id=3,4``; exploded ``;id=3;id=4``, ``;R=100;G=200``.

    Args:
        name: The parameter's wire name.
        value: A scalar, a sequence or a mapping.
        explode: Whether each item, or each key of an object, is written as a parameter of its own.
    """
    pairs = named(name, value, ",", explode=explode)
    return "".join(f";{key}={item}" if item else f";{key}" for key, item in pairs)


def form(name: str, value: Any, *, explode: bool = True, allow_reserved: bool = False) -> str:
    """Write a query or cookie parameter in style ``form``: ``id=5``, ``id=3&id=4``; not exploded ``id=3,4``.

    Args:
        name: The parameter's wire name.
        value: A scalar, a sequence or a mapping.
        explode: Whether each item, or each key of an object, is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.

    Returns:
        The parameter, or nothing for one that is absent or has no items.
    """
    return pairs_text(named(name, value, ",", explode=explode, allow_reserved=allow_reserved))


def space_delimited(name: str, value: Any, *, explode: bool = False, allow_reserved: bool = False) -> str:
    """Write a query parameter in style ``spaceDelimited``: ``id=3%204``; exploded as ``form``.

    Args:
        name: The parameter's wire name.
        value: A sequence or a mapping.
        explode: Whether each item is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.
    """
    return pairs_text(named(name, value, "%20", explode=explode, allow_reserved=allow_reserved))


def pipe_delimited(name: str, value: Any, *, explode: bool = False, allow_reserved: bool = False) -> str:
    """Write a query parameter in style ``pipeDelimited``: ``id=3%7C4``; exploded as ``form``.

    Args:
        name: The parameter's wire name.
        value: A sequence or a mapping.
        explode: Whether each item is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.
    """
    return pairs_text(named(name, value, "%7C", explode=explode, allow_reserved=allow_reserved))


def deep_object(name: str, value: Any, *, explode: bool = True, allow_reserved: bool = False) -> str:
    """Write a query parameter in style ``deepObject``: ``color%5BR%5D=100&color%5BG%5D=200``.

    The standard leaves objects within objects open; here each level adds its key in brackets.

    Args:
        name: The parameter's wire name.
        value: A mapping or a model.
        explode: Has no other meaning for this style.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.
    """
    del explode
    return "" if absent(value) else pairs_text(deep_pairs(quoted(name), plain(value), allow_reserved=allow_reserved))


def json(name: str, value: Any) -> str:
    """Write a query or cookie parameter whose content is JSON (OpenAPI 3.1 §4.8.12.3).

    Args:
        name: The parameter's wire name.
        value: Anything with a JSON form.
    """
    return "" if absent(value) else f"{quoted(name)}={quoted(json_text(value))}"


def json_segment(value: Any) -> str:
    """Write a path parameter whose content is JSON (OpenAPI 3.1 §4.8.12.3)."""
    return quoted(json_text(value))


def json_header(value: Any) -> str | None:
    """Write a header parameter whose content is JSON (OpenAPI 3.1 §4.8.12.3); None where it is absent."""
    return None if absent(value) else json_text(value)


def query(*parameters: str) -> str:
    """Join query parameters, with a question mark in front where there are any."""
    present = "&".join(filter(None, parameters))
    return f"?{present}" if present else ""


def header(value: Any, *, explode: bool = False) -> str | None:
    """Write a header parameter in style ``simple``, without percent-encoding, which headers do not have.

    Args:
        value: A scalar, a sequence or a mapping.
        explode: Whether an object's keys and values are joined by ``=``.

    Returns:
        The header's value, or None for an absent parameter.
    """
    if absent(value):
        return None
    return joined(value, ",", explode=explode, encode=False)


def headers(*items: tuple[str, str | None]) -> dict[str, str]:
    """Collect headers, without those that are absent.

    Args:
        items: Names and values.

    Raises:
        InvalidArgumentError: A name is none (RFC 9110 §5.1), or a value holds a line break or another control
            character, or begins or ends in a space (RFC 9110 §5.5).
    """
    return {name: checked_header(name, value) for name, value in items if value is not None}


def cookie(*parameters: str) -> str | None:
    """Join cookie parameters, written by ``form``, to the value of a Cookie header; None where there are none."""
    return "; ".join(filter(None, parameters)).replace("&", "; ") or None


def checked_header(name: str, value: str) -> str:
    """Return a header's value.

    Raises:
        InvalidArgumentError: It is not one (RFC 9110 §5.5), or its name is none (§5.1).
    """
    if not is_text(name) or not name or not NAME_CHARACTERS.issuperset(name):
        raise InvalidArgumentError(f"{name!r} is no name of a header")
    if not is_text(value):
        raise InvalidArgumentError(f"header {name}: expected a text, got a {type(value).__name__}")
    if has_surrogates(value):
        raise InvalidArgumentError(f"header {name} must hold no lone surrogate, which has no form in UTF-8")
    if value != value.strip() or has_controls(value.replace("\t", " ")):
        raise InvalidArgumentError(f"header {name} must hold no line break or control character, nor spaces around it")
    return value


def has_controls(value: str) -> bool:
    """Say whether a text holds a line break or another control character."""
    return any(letter < " " or letter == "\x7f" for letter in value)


def has_surrogates(value: str) -> bool:
    """Say whether a text holds a surrogate, which UTF-8 cannot write."""
    return not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value)


def is_text(value: object) -> bool:
    """Say whether a value is a text, whatever its type promises."""
    return isinstance(value, str)


def utf8(value: str) -> bytes:
    """Return a text in UTF-8.

    Raises:
        InvalidArgumentError: It holds a lone surrogate, or is no text.
    """
    if not is_text(value):
        raise InvalidArgumentError(f"expected a text, got a {type(value).__name__}")
    if has_surrogates(value):
        raise InvalidArgumentError("a text must hold no lone surrogate, which has no form in UTF-8")
    return value.encode()


def absent(value: Any) -> bool:
    """Say whether a parameter is not to be sent."""
    return value is None or value is UNSET


def plain(value: Any) -> Any:
    """Return a value as scalars, lists and dicts.

    Raises:
        InvalidArgumentError: It is something else.
    """
    try:
        return value if type(value) is str else codec.encode(value)
    except TypeError as error:
        raise InvalidArgumentError(f"a parameter cannot be sent: {error}") from None


def text(value: Any) -> str:
    """Return a scalar as text; null is the empty text, and what has structure is JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case _:
            return json_text(value)


def json_text(value: Any) -> str:
    """Return a value as JSON text.

    Raises:
        InvalidArgumentError: It holds something that JSON or UTF-8 cannot say.
    """
    try:
        return codec.dumps(codec.encode(value)).decode()
    except UnicodeDecodeError:
        raise InvalidArgumentError("a text must hold no lone surrogate, which has no form in UTF-8") from None
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"a parameter has no JSON form: {error}") from None


def quoted(value: str, *, allow_reserved: bool = False) -> str:
    """Percent-encode text (RFC 3986 §2.1).

    Args:
        value: The text.
        allow_reserved: Whether reserved characters and what is percent-encoded already stay as they are, as in
            RFC 6570 §3.2.3.
    """
    if not allow_reserved:
        return "".join([ESCAPES[byte] for byte in utf8(value)])
    pieces = value.split("%")
    encoded = ["".join([RESERVED_ESCAPES[byte] for byte in utf8(piece)]) for piece in pieces]
    marks = ["%" if len(piece) > 1 and HEXADECIMAL.issuperset(piece[:2]) else "%25" for piece in pieces[1:]]
    return encoded[0] + "".join(mark + piece for mark, piece in zip(marks, encoded[1:], strict=True))


def segment(written: str) -> str:
    """Return a part of a path.

    Raises:
        InvalidArgumentError: It would change which path the URL names (RFC 3986 §5.2.4).
    """
    if written in ("", ".", ".."):
        raise InvalidArgumentError(f"a path parameter must not come out as {written!r}: that would name another path")
    return written


def items_of(value: Any) -> list[tuple[str | None, Any]] | None:
    """Return an array's items or an object's keys and items, without nulls; None for a scalar."""
    if is_object(value):
        return [(key, item) for key, item in value.items() if item is not None]
    if is_array(value):
        return [(None, item) for item in value if item is not None]
    return None


def joined(value: Any, separator: str, *, explode: bool, encode: bool = True, allow_reserved: bool = False) -> str:
    """Write a value as one text, its parts joined.

    Args:
        value: A scalar, a sequence or a mapping.
        separator: What stands between parts, encoded.
        explode: Whether an object's keys and values are joined by ``=``.
        encode: Whether to percent-encode.
        allow_reserved: Whether reserved characters stay as they are.
    """

    def write(part: Any) -> str:
        return quoted(text(part), allow_reserved=allow_reserved) if encode else text(part)

    whole = plain(value)
    items = items_of(whole)
    if items is None:
        return write(whole)
    between = "=" if explode else separator
    return separator.join(write(item) if key is None else f"{write(key)}{between}{write(item)}" for key, item in items)


def named(
    name: str, value: Any, separator: str, *, explode: bool, allow_reserved: bool = False
) -> list[tuple[str, str]]:
    """Write a value as names and texts, percent-encoded.

    Args:
        name: The parameter's wire name.
        value: A scalar, a sequence or a mapping; what is absent or has no items gives nothing (RFC 6570 §2.3).
        separator: What stands between parts that share a name.
        explode: Whether each item, or each key of an object, is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are.
    """
    if absent(value):
        return []
    whole = plain(value)
    items = items_of(whole)
    if items is not None and not items:
        return []
    if items is None or not explode:
        return [(quoted(name), joined(whole, separator, explode=False, allow_reserved=allow_reserved))]
    return [
        (quoted(name if key is None else key), quoted(text(item), allow_reserved=allow_reserved)) for key, item in items
    ]


def deep_pairs(name: str, value: Any, *, allow_reserved: bool) -> list[tuple[str, str]]:
    """Write an object as names with brackets and texts, percent-encoded.

    Args:
        name: What stands before the next bracket, encoded.
        value: Plain JSON without nulls.
        allow_reserved: Whether reserved characters stay as they are.
    """
    items = items_of(value)
    if items is None:
        return [(name, quoted(text(value), allow_reserved=allow_reserved))]
    return [
        pair
        for key, item in items
        for pair in deep_pairs(
            name if key is None else f"{name}%5B{quoted(key)}%5D", item, allow_reserved=allow_reserved
        )
    ]


def pairs_text(pairs: list[tuple[str, str]]) -> str:
    """Join names and texts as a query does."""
    return "&".join([f"{name}={value}" for name, value in pairs])
