"""Which media type is meant: of a body, and by an Accept header (RFC 9110 §8.3.1, §12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrest.runtime.media_types import MediaType, parsed


def matching(described: Iterable[str], content_type: str) -> str | None:
    """Return which media type or range of a description a Content-Type is, the most definite; None where it is none."""
    actual = parsed(content_type)
    fitting = [(_fit(parsed(each), actual), each) for each in described]
    best = max(fitting, key=lambda pair: pair[0], default=(0, ""))
    return best[1] if best[0] else None


def acceptable(offered: Sequence[str], accept: str | None) -> list[str]:
    """Return those of the media types on offer that an Accept header takes, the best liked first.

    Args:
        offered: Media types and ranges, the one to prefer first.
        accept: The header; None where there is none, which takes everything.
    """
    if accept is None or not accept.strip():
        return list(offered)
    asked = [parsed(each) for each in accept.split(",")]
    rated = [(_quality(asked, parsed(each)), -index, each) for index, each in enumerate(offered)]
    return [each for quality, _, each in sorted(rated, reverse=True) if quality > 0]


def concrete(content_type: str, accept: str | None) -> str:
    """Return a media type for a range: the first within it that the caller names, or else a usual one."""
    if "*" not in content_type:
        return content_type
    offered = parsed(content_type)
    for each in (accept or "").split(","):
        asked = parsed(each)
        if "*" not in asked.essence and _fit(offered, asked):
            return asked.essence
    return _USUAL.get(offered.type, f"{offered.type}/plain")


_USUAL = {
    "*": "application/json",
    "application": "application/json",
    "image": "image/png",
    "audio": "audio/mpeg",
    "video": "video/mp4",
}


def _fit(described: MediaType, actual: MediaType) -> int:
    """Say how well a described media type or range fits one: 0 where it does not, and the more, the more definite."""
    if described.essence == actual.essence:
        wanted = described.parameters.items()
        return 4 + len(wanted) if all(actual.parameters.get(key) == value for key, value in wanted) else 3
    if described.essence == "*/*":
        return 1
    return 2 if described.subtype == "*" and described.type == actual.type else 0


def _quality(asked: Iterable[MediaType], offered: MediaType) -> float:
    rated = [(max(_fit(each, offered), _fit(offered, each)), _weight(each)) for each in asked]
    return max((rating for rating in rated if rating[0]), default=(0, 0.0))[1]


def _weight(asked: MediaType) -> float:
    try:
        return float(asked.parameters.get("q", "1"))
    except ValueError:
        return 1.0
