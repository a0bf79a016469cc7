"""String formats: text on the wire, values of the standard library in Python (OpenAPI 3.1 §4.4, RFC 3339)."""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from .decoding import refuse
from .errors import InvalidArgumentError
from .received import ReceivedBytes, ReceivedDateTime, ReceivedTime

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

DAY = r"\d{4}-\d\d-\d\d"
MINUTE = r"(?:[01]\d|2[0-3]):[0-5]\d"
SECOND = r"([0-5]\d|60)"
FRACTION = r"(?:\.\d{1,6}0*(\d*))?"
"""What is caught of it is what is below a microsecond."""
OFFSET = r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
DATE_TIME = re.compile(rf"({DAY}[Tt]{MINUTE}):{SECOND}({FRACTION}{OFFSET})", re.ASCII)
DATE = re.compile(DAY, re.ASCII)
TIME = re.compile(rf"({MINUTE}):{SECOND}({FRACTION}{OFFSET}?)", re.ASCII)
DURATION = re.compile(
    r"([+-])?P(?!$)(?:(\d+(?:[.,]\d+)?)Y)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?!$)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?",
    re.ASCII,
)
MICROSECONDS = (604_800_000_000, 86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000)
"""Of a week, a day, an hour, a minute and a second."""
DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
MOST_DIGITS = 1000
"""Of a decimal number that is written without an exponent."""

parse_date_time = datetime.fromisoformat
SEPARATORS = slice(4, 20, 3)
"""Where the usual form of a date-time has its separators; fromisoformat checks the digits between them."""
WITH_FRACTION = frozenset(len(f"2019-06-13T09:00:00.{'0' * digits}Z") for digits in range(1, 7))
"""How long the usual form is with as many digits of the second as a datetime holds; fromisoformat cuts off more."""
TWO_DIGITS = tuple(f"{number:02}" for number in range(60))
"""Looking these up is several times faster than ``isoformat``."""
FIRST_OF_FOUR_DIGITS = 1000
FROM_URL = str.maketrans("-_+/", "+/--")
"""Alphabets of base64 (RFC 4648 §5 and §4); what only the other one has becomes what neither of them takes."""
TO_URL = str.maketrans("+/", "-_")
EPOCH = "1970-01-01"
LEAP_SECOND = "60"
UUID_LENGTH = 36
EXPECTED_DATE_TIME = "RFC 3339 date-time"


def date_time(value: Any) -> datetime:
    """Decode an RFC 3339 date-time (§5.6) as an aware datetime.

    Lower-case ``t`` and ``z`` are accepted. What no datetime holds, a leap second or digits below a microsecond, is
    a datetime that is written as it was received: of the instant after that second, and with six of the digits.

    Raises:
        DecodeError: It is anything else: a date alone, a time without an offset, a week date.
    """
    try:
        if value[SEPARATORS] == "--T::Z":
            return parse_date_time(value)
        if value[SEPARATORS] == "--T::." and len(value) in WITH_FRACTION and value[-1] == "Z":
            return parse_date_time(value)
    except (TypeError, ValueError, KeyError):
        pass
    return unusual_date_time(value)


def unusual_date_time(value: Any) -> datetime:
    """Decode every form of date-time that RFC 3339 allows."""
    match = DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        refuse(EXPECTED_DATE_TIME, value)
    minute, second, rest, below_microsecond = match.groups()
    try:
        moment = after_leap_second(minute, rest) if second == LEAP_SECOND else parse_date_time(value.upper())
    except (ValueError, OverflowError):
        refuse(EXPECTED_DATE_TIME, value)
    return ReceivedDateTime.reading(value, moment) if second == LEAP_SECOND or below_microsecond else moment


def after_leap_second(minute: str, rest: str) -> datetime:
    """Return the moment a second after the 59th of a minute; the rest is the fraction and the offset."""
    return parse_date_time(f"{minute}:59{rest}".upper()) + timedelta(seconds=1)


def date_time_text(value: datetime) -> str:
    """Encode an aware datetime as RFC 3339: ``Z`` for UTC, and as many digits of the second as it needs, 0, 3 or 6.

    One that keeps the text it was received as is that text.

    Raises:
        InvalidArgumentError: It is naive.
    """
    year, two = value.year, TWO_DIGITS
    if type(value) is datetime and value.tzinfo is UTC and not value.microsecond and year >= FIRST_OF_FOUR_DIGITS:
        return f"{year}-{two[value.month]}-{two[value.day]}T{two[value.hour]}:{two[value.minute]}:{two[value.second]}Z"
    if isinstance(value, ReceivedDateTime):
        return value.wire_text
    text = value.isoformat() if value.tzinfo is UTC else with_whole_minutes(value).isoformat()
    moment, offset = text[:-6], text[-6:]
    microsecond = value.microsecond
    if microsecond and not microsecond % 1000:
        moment = moment[:-3]
    return f"{moment}Z" if offset == "+00:00" else moment + offset


def with_whole_minutes(value: datetime) -> datetime:
    """Return the same instant at an offset that RFC 3339 can write.

    Raises:
        InvalidArgumentError: It is naive.
    """
    offset = value.utcoffset()
    if offset is None:
        raise InvalidArgumentError(f"expected a datetime with a time zone, got the naive {value!r}")
    return value.astimezone(UTC) if offset.seconds % 60 or offset.microseconds else value


def calendar_date(value: Any) -> date:
    """Decode an RFC 3339 full-date.

    Raises:
        DecodeError: It is anything else.
    """
    if not isinstance(value, str) or not DATE.fullmatch(value):
        refuse("RFC 3339 date", value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse("RFC 3339 date", value)


def date_text(value: date) -> str:
    """Encode a date as ``YYYY-MM-DD``.

    Raises:
        InvalidArgumentError: It is a datetime, whose date depends on the time zone.
    """
    if isinstance(value, datetime):
        raise InvalidArgumentError(f"expected a date without a time, got {value!r}")
    return value.isoformat()


def time_of_day(value: Any) -> time:
    """Decode an RFC 3339 time, aware where it has an offset.

    What no time holds, a leap second or digits below a microsecond, is written as it was received, as a date-time is.

    Raises:
        DecodeError: It is anything else.
    """
    match = TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        refuse("RFC 3339 time", value)
    minute, second, rest, below_microsecond = match.groups()
    if second == LEAP_SECOND:
        return ReceivedTime.reading(value, after_leap_second(f"{EPOCH}T{minute}", rest).timetz())
    nearest = time.fromisoformat(value.upper())
    return ReceivedTime.reading(value, nearest) if below_microsecond else nearest


def time_text(value: time) -> str:
    """Encode a time, with its offset where it has one; ``Z`` for UTC.

    One that keeps the text it was received as is that text.
    """
    if isinstance(value, ReceivedTime):
        return value.wire_text
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def duration(value: Any) -> timedelta | str:
    """Decode an ISO 8601 duration of weeks, days, hours, minutes and seconds.

    One that no timedelta is equal to stays the text that it is: years and months have no fixed length, and there is
    nothing below a microsecond.

    Raises:
        DecodeError: It is anything else.
    """
    match = DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        refuse("ISO 8601 duration", value)
    from fractions import Fraction

    sign, years, months, *parts = match.groups()
    try:
        units = zip(parts, MICROSECONDS, strict=True)
        length = sum((Fraction(part.replace(",", ".")) * unit for part, unit in units if part), start=Fraction())
        if f"{years or 0}{months or 0}".strip("0.,") or length.denominator != 1:
            return match.string
        return timedelta(microseconds=int(-length if sign == "-" else length))
    except (OverflowError, ValueError):
        return match.string


def duration_text(value: timedelta | str) -> str:
    """Encode a duration in ISO 8601, such as ``P1DT2H3M4.5S``; one that is text stays what it is.

    Raises:
        InvalidArgumentError: It is text that is no duration.
    """
    if isinstance(value, str):
        if DURATION.fullmatch(value):
            return value
        raise InvalidArgumentError(f"expected a timedelta or an ISO 8601 duration, got {value!r}")
    length = abs(value)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    exact_seconds = f"{seconds}{fraction}S" if seconds or fraction else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + exact_seconds
    days = f"{length.days}D" if length.days else ""
    if not days and not clock:
        return "PT0S"
    return ("-" if value < timedelta() else "") + "P" + days + (f"T{clock}" if clock else "")


def uuid(value: Any) -> UUID:
    """Decode a UUID in its usual form (RFC 9562 §4).

    Raises:
        DecodeError: It is anything else.
    """
    from uuid import UUID

    if not isinstance(value, str) or len(value) != UUID_LENGTH:
        refuse("a UUID", value)
    try:
        return UUID(value)
    except ValueError:
        refuse("a UUID", value)


def decimal(value: Any) -> Decimal:
    """Decode text that holds a decimal number.

    Raises:
        DecodeError: It is anything else, NaN and infinity among it, or its exponent is more than a Decimal has.
    """
    from decimal import Decimal, InvalidOperation

    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        refuse("a decimal number as text", value)
    try:
        return Decimal(value)
    except InvalidOperation:
        refuse("a decimal number as text", value)


def decimal_text(value: Decimal) -> str:
    """Encode a decimal number as text, without an exponent unless it has zeros by the thousand otherwise.

    Raises:
        InvalidArgumentError: It is NaN or infinite.
    """
    if not value.is_finite():
        raise InvalidArgumentError(f"expected a finite number, got {value!r}")
    return format(value, "f") if abs(value.adjusted()) < MOST_DIGITS else str(value)


def base64(value: Any) -> bytes:
    """Decode text that holds bytes (RFC 4648 §4).

    Raises:
        DecodeError: It is anything else.
    """
    if not isinstance(value, str):
        refuse("base64", value)
    try:
        return a2b_base64(value, strict_mode=True)
    except (Base64Error, ValueError):
        refuse("base64", value)


def base64_text(value: bytes | bytearray | memoryview) -> str:
    """Encode bytes as text (RFC 4648 §4)."""
    return b2a_base64(value, newline=False).decode("ascii")


def base64url(value: Any) -> bytes:
    """Decode text that holds bytes, safe for URLs (RFC 4648 §5), with or without padding.

    Where the padding is left out (§3.2), they are written as they were received.

    Raises:
        DecodeError: It is anything else.
    """
    if not isinstance(value, str):
        refuse("base64url", value)
    padding = "" if value.endswith("=") else "=" * (-len(value) % 4)
    try:
        content = a2b_base64((value + padding).translate(FROM_URL), strict_mode=True)
    except (Base64Error, ValueError):
        refuse("base64url", value)
    return ReceivedBytes.reading(value, content) if padding else content


def base64url_text(value: bytes | bytearray | memoryview) -> str:
    """Encode bytes as text that is safe for URLs, padded unless they were received otherwise (RFC 4648 §5, §3.2)."""
    if isinstance(value, ReceivedBytes):
        return value.wire_text
    return base64_text(value).translate(TO_URL)
