"""JSON text to values and back: orjson where it is installed, the standard library otherwise, with the same results."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

from .decoding import is_array, is_object

loads_fast: Callable[[bytes], Any] | None
dumps_fast: Callable[[Any], bytes] | None
try:
    import orjson
except ImportError:
    loads_fast = dumps_fast = None
else:
    loads_fast, dumps_fast = orjson.loads, orjson.dumps


LONGEST: Final = 20
"""Digits of the longest integer of 64 bits; a negative one has a digit less."""
STRIDE: Final = 5
"""Of so many bytes one is looked at first: a run of ``LONGEST - 1`` digits shows in three of them."""
DIGITS: Final = bytes(48 if byte in b"0123456789" else 32 for byte in range(256))
NEGATIVE: Final = re.compile(rb"-[0-9]{19}")


def loads(data: bytes) -> Any:
    """Parse JSON text (RFC 8259).

    Args:
        data: The text, in UTF-8.

    Returns:
        Dicts, lists and scalars; integers of any size.

    Raises:
        ValueError: It is not JSON; NaN and infinities are not.
    """
    if loads_fast is not None and not may_hold_long_integer(data):
        try:
            return loads_fast(data)
        except ValueError:
            # Lone surrogates are JSON that orjson refuses; what is wrong fails again below.
            pass
    import json

    try:
        return json.loads(data, parse_constant=refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def loads_or_text(text: str) -> Any:
    """Parse JSON text; text that is no JSON comes back as it is, for a decoder to take or to refuse."""
    try:
        return loads(text.encode())
    except ValueError:
        return text


def may_hold_long_integer(data: bytes) -> bool:
    """Say whether JSON text may hold an integer of more than 64 bits, which orjson would make a float.

    Args:
        data: The text; what it holds in strings counts as well.
    """
    if b"000" not in data[::STRIDE].translate(DIGITS):
        return False
    digits = data.translate(DIGITS)
    return b"0" * LONGEST in digits or (b"0" * (LONGEST - 1) in digits and NEGATIVE.search(data) is not None)


def dumps(value: Any) -> bytes:
    """Write JSON text, in UTF-8 and without spaces.

    Args:
        value: Dicts with text keys, lists and scalars.

    Raises:
        ValueError: It holds NaN or an infinity.
        TypeError: It holds something else that JSON cannot say.
    """
    if dumps_fast is not None:
        try:
            data = dumps_fast(value)
        except TypeError:
            # Integers of more than 64 bits and lone surrogates; what JSON cannot say fails again below.
            pass
        else:
            # orjson writes NaN as null.
            if b"null" not in data or is_finite(value):
                return data
            raise ValueError("NaN and infinities are not JSON")
    import json

    return json.dumps(value, allow_nan=False, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def is_finite(value: Any) -> bool:
    """Say whether every number in a value is one that JSON can say."""
    if isinstance(value, float):
        return value - value == 0
    if is_object(value):
        return all(map(is_finite, value.values()))
    return all(map(is_finite, value)) if is_array(value) else True


def refuse_constant(name: str) -> NoReturn:
    """Refuse ``NaN``, ``Infinity`` and ``-Infinity``, which json accepts."""
    raise ValueError(f"{name} is not JSON")
