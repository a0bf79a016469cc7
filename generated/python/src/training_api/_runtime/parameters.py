"""How parameters travel: the styles of OpenAPI 3.2 §4.12, as pure functions from values to percent-encoded text.

None and UNSET stand for a parameter that is not sent, everywhere but in a path.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

from . import codec
from .decoding import is_array, is_object
from .errors import InvalidArgumentError
from .header_lists import elements
from .unset import UNSET

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""The bytes that never need encoding (RFC 3986 §2.3)."""
HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
NAME_CHARACTERS = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
"""What the name of a header is made of (RFC 9110 §5.6.2)."""
NO_COOKIE = frozenset(' ",;\\')
"""Printable ASCII that the value of a cookie cannot hold (RFC 6265 §4.1.1)."""


def escapes(reserved: bytes) -> tuple[str, ...]:
    """Return what stands for each byte where these reserved ones stay as they are."""
    kept = UNRESERVED.union(reserved)
    return tuple(chr(byte) if byte in kept else f"%{byte:02X}" for byte in range(256))


class Escapes(NamedTuple):
    """How a place encodes values: whole ones, and those that stand beside others, between delimiters."""

    whole: tuple[str, ...]
    parts: tuple[str, ...]


ESCAPES = escapes(b"")
PLAIN = Escapes(ESCAPES, ESCAPES)
RESERVED_IN_PATH = Escapes(escapes(b":@!$&'()*+,;="), escapes(b":@!$&'()*+"))
"""Keeps the reserved characters that can stand in a segment of a path (RFC 3986 §3.3) and still arrive whole."""
RESERVED_IN_MATRIX = Escapes(RESERVED_IN_PATH.parts, RESERVED_IN_PATH.parts)
"""The same behind a semicolon and an equals sign."""
RESERVED_IN_QUERY = Escapes(escapes(b":/?@!$'()*,;="), escapes(b":/?@!$'()*"))
"""The same in a query (RFC 3986 §3.4), which a server reads as a form."""
RESERVED_IN_COOKIE = Escapes(escapes(b":/?#[]@!$&'()*+="), escapes(b":/?#[]@!$'()*+"))
"""The same in the value of a cookie (RFC 6265 §4.1.1)."""


def simple(value: Any, *, explode: bool = False, allow_reserved: bool = False, whole: bool = True) -> str:
    """Write a path parameter in style ``simple``: ``blue``, ``blue,black``, ``R,100,G,200`` or ``R=100,G=200``.

    Args:
        value: A scalar, a sequence or a mapping.
        explode: Whether an object's keys and values are joined by ``=``.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.
        whole: Whether it is all of a segment of the path.

    Raises:
        InvalidArgumentError: It would leave the segment empty or turn it into ``.`` or ``..``.
    """
    written = joined(value, ",", explode=explode, escapes=path_escapes(allow_reserved=allow_reserved))
    return segment(written) if whole else written


def label(value: Any, *, explode: bool = False, allow_reserved: bool = False, whole: bool = True) -> str:
    """Write a path parameter in style ``label``: ``.blue``, ``.blue,black``; exploded ``.a.b``, ``.R=100.G=200``.

    Args:
        value: A scalar, a sequence or a mapping; one without items gives nothing (RFC 6570 §2.3).
        explode: Whether items are joined by ``.``, and an object's keys and values by ``=``.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.
        whole: Whether it is all of a segment of the path.

    Raises:
        InvalidArgumentError: It would leave the segment empty or turn it into ``.`` or ``..``, or an item holds the dot
            that stands between items.
    """
    escapes = path_escapes(allow_reserved=allow_reserved)
    given = undelimited("a label", value, ".", escapes.parts) if explode else plain(value)
    text = joined(given, "." if explode else ",", explode=explode, escapes=escapes)
    written = "" if items_of(given) == [] else f".{text}"
    return segment(written) if whole else written


def matrix(name: str, value: Any, *, explode: bool = False, allow_reserved: bool = False, whole: bool = True) -> str:
    """Write a path parameter in style ``matrix``: ``;id=5``, ``;id=3,4``; exploded ``;id=3;id=4``, ``;R=100;G=200``.

    Args:
        name: The parameter's wire name, percent-encoded.
        value: A scalar, a sequence or a mapping; one without items gives nothing (RFC 6570 §2.3).
        explode: Whether each item, or each key of an object, is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.
        whole: Whether it is all of a segment of the path.

    Raises:
        InvalidArgumentError: It would leave the segment empty.
    """
    escapes = RESERVED_IN_MATRIX if allow_reserved else PLAIN
    pairs = named(name, value, ",", explode=explode, escapes=escapes)
    written = "".join(f";{key}={item}" if item else f";{key}" for key, item in pairs)
    return segment(written) if whole else written


def form(name: str, value: Any, *, explode: bool = True, allow_reserved: bool = False) -> str:
    """Write a query parameter in style ``form``: ``id=5``, ``id=3&id=4``; not exploded ``id=3,4``.

    Args:
        name: The parameter's wire name.
        value: A scalar, a sequence or a mapping.
        explode: Whether each item, or each key of an object, is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.

    Returns:
        The parameter, or nothing for one that is absent or has no items.
    """
    escapes = query_escapes(allow_reserved=allow_reserved)
    return pairs_text(named(quoted(name), value, ",", explode=explode, escapes=escapes))


def space_delimited(name: str, value: Any, *, explode: bool = False, allow_reserved: bool = False) -> str:
    """Write a query parameter in style ``spaceDelimited``: ``id=3%204``; exploded as ``form``.

    Args:
        name: The parameter's wire name.
        value: A sequence or a mapping.
        explode: Whether each item is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.

    Raises:
        InvalidArgumentError: An item that others stand beside holds the delimiter.
    """
    escapes = query_escapes(allow_reserved=allow_reserved)
    given = value if explode else undelimited(name, value, " ", escapes.parts)
    return pairs_text(named(quoted(name), given, "%20", explode=explode, escapes=escapes))


def pipe_delimited(name: str, value: Any, *, explode: bool = False, allow_reserved: bool = False) -> str:
    """Write a query parameter in style ``pipeDelimited``: ``id=3%7C4``; exploded as ``form``.

    Args:
        name: The parameter's wire name.
        value: A sequence or a mapping.
        explode: Whether each item is written as a parameter of its own.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.

    Raises:
        InvalidArgumentError: An item that others stand beside holds the delimiter.
    """
    escapes = query_escapes(allow_reserved=allow_reserved)
    given = value if explode else undelimited(name, value, "|", escapes.parts)
    return pairs_text(named(quoted(name), given, "%7C", explode=explode, escapes=escapes))


def deep_object(name: str, value: Any, *, explode: bool = True, allow_reserved: bool = False) -> str:
    """Write a query parameter in style ``deepObject``: ``color%5BR%5D=100&color%5BG%5D=200``.

    The standard leaves objects and arrays within open. Here each level adds its key in brackets, and each item of an
    array its index, from 0: the form that most servers which read brackets understand.

    Args:
        name: The parameter's wire name.
        value: A mapping, a model or a sequence; a scalar is written as by ``form``.
        explode: Has no other meaning for this style.
        allow_reserved: Whether reserved characters stay as they are, where the value still arrives whole.
    """
    del explode
    escapes = query_escapes(allow_reserved=allow_reserved).whole
    return "" if absent(value) else pairs_text(deep_pairs(quoted(name), plain(value), escapes))


def json(name: str, value: Any) -> str:
    """Write a query or cookie parameter whose content is JSON (OpenAPI 3.2 §4.12.2.3).

    Args:
        name: The parameter's wire name.
        value: Anything with a JSON form.
    """
    return "" if absent(value) else f"{quoted(name)}={quoted(json_text(value))}"


def json_segment(value: Any) -> str:
    """Write a path parameter whose content is JSON (OpenAPI 3.2 §4.12.2.3)."""
    return quoted(json_text(value))


def json_header(name: str, value: Any) -> tuple[str, str | None]:
    """Write a header parameter whose content is JSON (OpenAPI 3.2 §4.12.2.3).

    Characters beyond ASCII are written as JSON's escapes, so that they arrive whatever a server takes headers for.

    Args:
        name: The header's name.
        value: Anything that JSON can say.

    Returns:
        The name, and the header's value; None where it is absent.
    """
    return name, None if absent(value) else ascii_json(json_text(value))


def json_query(value: Any) -> str:
    """Write a whole query that is JSON (OpenAPI 3.2 §4.12.1), percent-encoded; nothing where it is absent."""
    return "" if absent(value) else quoted(json_text(value))


def text_query(value: Any) -> str:
    """Write a whole query that is text of another media type (OpenAPI 3.2 §4.12.1); nothing where it is absent."""
    return "" if absent(value) else quoted(text(plain(value)))


def form_query(value: Any) -> str:
    """Write a whole query that is a URL-encoded form (OpenAPI 3.2 §4.12.1); nothing where it is absent.

    Raises:
        InvalidArgumentError: It has no fields.
    """
    return "" if absent(value) else fields_text(fields_of(value))


def fields_text(fields: Mapping[str, Any]) -> str:
    """Write a URL-encoded form: an array repeats its name, an object is sent as JSON (OpenAPI 3.2 §4.15.1).

    Args:
        fields: Wire names and values; None and UNSET are left out.
    """
    written = [json(name, value) if is_object(value) else form(name, value) for name, value in fields.items()]
    return "&".join(filter(None, written))


def query(*parameters: str) -> str:
    """Join query parameters, with a question mark in front where there are any."""
    present = "&".join(filter(None, parameters))
    return f"?{present}" if present else ""


def header(name: str, value: Any, *, explode: bool = False) -> tuple[str, str | None]:
    """Write a header parameter in style ``simple``; nothing is percent-encoded, since headers are not decoded.

    Args:
        name: The header's name.
        value: A scalar, a sequence or a mapping.
        explode: Whether an object's keys and values are joined by ``=``.

    Returns:
        The name, and the header's value; None for an absent parameter.

    Raises:
        InvalidArgumentError: A reader would take it for other items (RFC 9110 §5.6.1).
    """
    if absent(value):
        return name, None
    plain_value = plain(value)
    written = joined(plain_value, ",", explode=explode, escapes=None)
    if items := items_of(plain_value):
        check_elements(name, written, items, explode=explode)
    return name, written


def check_elements(name: str, written: str, items: list[tuple[str | None, Any]], *, explode: bool) -> None:
    """Refuse a header that its reader would take for other items than it was written from.

    Args:
        name: The header's name.
        written: The header's value.
        items: The items, each with its name where it has one.
        explode: Whether names and values are joined by ``=``.

    Raises:
        InvalidArgumentError: A reader would (RFC 9110 §5.6.1).
    """
    pairs = [[text(part) for part in pair if part is not None] for pair in items]
    parts = ["=".join(pair) for pair in pairs] if explode else list(chain.from_iterable(pairs))
    if elements(written) != parts or not all(parts):
        told = "must not be empty, hold a comma outside of quotes, nor begin or end in a space"
        raise InvalidArgumentError(f"header {name}: an item {told}")
    if explode and any(key is not None and "=" in key for key, _ in items):
        raise InvalidArgumentError(f"header {name}: a name must hold no '=', which stands between it and its value")


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
    """Join cookie parameters to the value of a Cookie header; None where there are none."""
    return "; ".join(filter(None, parameters)) or None


def cookie_form(name: str, value: Any, *, explode: bool = True, allow_reserved: bool = False) -> str:
    """Write a cookie parameter in style ``form``: ``id=5``, ``id=3; id=4``; not exploded ``id=3,4``.

    Cookies stand beside each other with a semicolon (RFC 6265 §4.2.1), where RFC 6570 would put an ampersand.

    Args:
        name: The parameter's wire name.
        value: A scalar, a sequence or a mapping.
        explode: Whether each item, or each key of an object, is a cookie of its own.
        allow_reserved: Whether reserved characters that a cookie can hold stay as they are.
    """
    escapes = RESERVED_IN_COOKIE if allow_reserved else PLAIN
    return pairs_text(named(quoted(name), value, ",", explode=explode, escapes=escapes), "; ")


def cookie_plain(name: str, value: Any, *, explode: bool = True) -> str:
    """Write a cookie parameter in style ``cookie``: as ``form``, and nothing is encoded (OpenAPI 3.2 §4.12.3).

    Args:
        name: The parameter's wire name.
        value: A scalar, a sequence or a mapping.
        explode: Whether each item, or each key of an object, is a cookie of its own.

    Raises:
        InvalidArgumentError: It holds what no cookie can, or an item holds the comma that stands between items; that
            is for the caller to encode as the service expects.
    """
    given = value if explode else undelimited(name, value, ",", ESCAPES)
    pairs = named(name, given, ",", explode=explode, escapes=None)
    return "; ".join([f"{checked_header(key, key)}={checked_cookie(key, item)}" for key, item in pairs])


def checked_cookie(name: str, value: str) -> str:
    """Return a cookie's value.

    Raises:
        InvalidArgumentError: It is not one (RFC 6265 §4.1.1).
    """
    for letter in value:
        if not "!" <= letter <= "~" or (letter in NO_COOKIE and letter != ","):
            raise InvalidArgumentError(f"cookie {name} must hold no {letter!r}, unless it is encoded beforehand")
    return value


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
        return value if type(value) is str else codec.encode_sent(value)
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
        case int():
            return repr(value)
        case float():
            return number_text(value)
        case _:
            return json_text(value)


def number_text(value: float) -> str:
    """Return a number as text without an exponent, whose plus sign some servers take for a space.

    Raises:
        InvalidArgumentError: It is NaN or infinite.
    """
    written = repr(value)
    if "n" in written:
        raise InvalidArgumentError(f"expected a finite number, got {written}")
    if "e" not in written:
        return written
    from decimal import Decimal

    return format(Decimal(written), "f")


def json_text(value: Any) -> str:
    """Return a value as JSON text.

    Raises:
        InvalidArgumentError: It holds something that JSON or UTF-8 cannot say.
    """
    try:
        return codec.dumps(codec.encode_sent(value)).decode()
    except UnicodeDecodeError:
        raise InvalidArgumentError("a text must hold no lone surrogate, which has no form in UTF-8") from None
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"a parameter has no JSON form: {error}") from None


def ascii_json(written: str) -> str:
    """Return JSON text in ASCII alone."""
    if written.isascii():
        return written
    import json

    return json.dumps(json.loads(written), separators=(",", ":"))


def path_escapes(*, allow_reserved: bool) -> Escapes:
    """Return how a path encodes values."""
    return RESERVED_IN_PATH if allow_reserved else PLAIN


def query_escapes(*, allow_reserved: bool) -> Escapes:
    """Return how a query encodes values."""
    return RESERVED_IN_QUERY if allow_reserved else PLAIN


def quoted(value: str, escapes: tuple[str, ...] = ESCAPES) -> str:
    """Percent-encode text (RFC 3986 §2.1).

    Args:
        value: The text.
        escapes: What stands for each byte; where it keeps reserved characters, what is percent-encoded already stays
            so too, as in RFC 6570 §3.2.3.
    """
    if escapes is ESCAPES:
        return "".join([ESCAPES[byte] for byte in utf8(value)])
    pieces = value.split("%")
    encoded = ["".join([escapes[byte] for byte in utf8(piece)]) for piece in pieces]
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


def joined(value: Any, separator: str, *, explode: bool, escapes: Escapes | None) -> str:
    """Write a value as one text, its parts joined.

    Args:
        value: A scalar, a sequence or a mapping.
        separator: What stands between parts, encoded.
        explode: Whether an object's keys and values are joined by ``=``.
        escapes: How to percent-encode; None for as it is.
    """

    def write(part: Any) -> str:
        return quoted(text(part), escapes.parts) if escapes else text(part)

    plain_value = plain(value)
    items = items_of(plain_value)
    if items is None:
        return quoted(text(plain_value), escapes.whole) if escapes else text(plain_value)
    between = "=" if explode else separator
    return separator.join(write(item) if key is None else f"{write(key)}{between}{write(item)}" for key, item in items)


def named(name: str, value: Any, separator: str, *, explode: bool, escapes: Escapes | None) -> list[tuple[str, str]]:
    """Write a value as names and texts.

    Args:
        name: The parameter's name as it travels.
        value: A scalar, a sequence or a mapping; what is absent or has no items gives nothing (RFC 6570 §2.3).
        separator: What stands between parts that share a name, encoded.
        explode: Whether each item, or each key of an object, is written as a parameter of its own.
        escapes: How to percent-encode; None for as it is.
    """
    if absent(value):
        return []
    plain_value = plain(value)
    items = items_of(plain_value)
    if items == []:
        return []
    if items is None or not explode:
        return [(name, joined(plain_value, separator, explode=False, escapes=escapes))]
    if escapes is None:
        return [(name if key is None else key, text(item)) for key, item in items]
    return [(name if key is None else quoted(key), quoted(text(item), escapes.whole)) for key, item in items]


def undelimited(name: str, value: Any, delimiter: str, escapes: tuple[str, ...]) -> Any:
    """Return a value as scalars, lists and dicts, no part of which a reader would take for several.

    Args:
        name: The parameter's wire name.
        value: A sequence or a mapping.
        delimiter: What stands between parts; it arrives as the same, percent-encoded or not (OpenAPI 3.1 appendix E).
        escapes: How to percent-encode; it may keep what is percent-encoded already.

    Raises:
        InvalidArgumentError: A part holds the delimiter.
    """
    plain_value = None if absent(value) else plain(value)
    encoded = quoted(delimiter)
    for part in chain.from_iterable(items_of(plain_value) or ()):
        if part is not None and encoded in quoted(text(part), escapes).upper():
            raise InvalidArgumentError(f"{name}: an item must hold no {delimiter!r}, which stands between items")
    return plain_value


def deep_pairs(name: str, value: Any, escapes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Write an object as names with brackets and texts, percent-encoded.

    Args:
        name: What stands before the next bracket, encoded.
        value: Plain JSON; nulls are left out.
        escapes: How to percent-encode the texts.
    """
    if is_array(value):
        steps = [(str(index), item) for index, item in enumerate(value)]
    elif is_object(value):
        steps = [(key, item) for key, item in value.items()]
    else:
        return [(name, quoted(text(value), escapes))]
    present = [(key, item) for key, item in steps if item is not None]
    return [pair for key, item in present for pair in deep_pairs(f"{name}%5B{quoted(key)}%5D", item, escapes)]


def fields_of(value: Any) -> dict[str, Any]:
    """Return the fields of an object.

    Raises:
        InvalidArgumentError: It is none.
    """
    fields = value if is_object(value) else plain(value)
    if not is_object(fields):
        raise InvalidArgumentError(f"a form needs fields, got a {type(value).__name__}")
    return dict(fields)


def pairs_text(pairs: list[tuple[str, str]], separator: str = "&") -> str:
    """Join names and texts as a query does, or with another separator."""
    return separator.join([f"{name}={value}" for name, value in pairs])
