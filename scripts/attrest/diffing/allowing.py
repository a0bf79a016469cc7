"""Changes that are meant: a file lists them, each with its reason, and if wanted the day until when it counts.

TOML has tables ``[[allowed]]``, YAML a list ``allowed``; each has ``reason``, at least one of ``rule``, ``pointer`` and
``operation``, in which ``*`` stands for any text, and may have ``expires``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import attrs

from attrest import nodes
from attrest.diffing.changes import Change
from attrest.positions import Positions, Source
from attrest.reading import read_yaml
from attrest.reading.syntax import MalformedError
from attrest.settings import SettingsError, shown
from attrest.trees import is_list, is_mapping

_CRITERIA: Final = ("rule", "pointer", "operation")
_KEYS: Final = frozenset({*_CRITERIA, "reason", "expires"})


@attrs.frozen(kw_only=True)
class Allowance:
    """Changes that are allowed."""

    number: int
    """Its position in the file, from 1."""
    reason: str
    rule: str = "*"
    pointer: str = "*"
    operation: str = "*"
    expires: dt.date | None = None
    """The last day on which it counts; None for ever."""

    def is_expired(self, today: dt.date) -> bool:
        """Tell whether it counts no more."""
        return self.expires is not None and self.expires < today

    def fits(self, change: Change) -> bool:
        """Tell whether it names a change: its rule, one of its pointers, and every operation that meets it."""
        fact = change.fact
        return (
            fnmatchcase(fact.rule, self.rule)
            and any(fnmatchcase(pointer, self.pointer) for pointer in (fact.old, fact.new) if pointer is not None)
            and all(fnmatchcase(place.operation, self.operation) for place in change.places)
        )


def read(file: Path) -> tuple[Allowance, ...]:
    """Read what is allowed.

    Args:
        file: The file; TOML if its name ends in ``.toml``, and else YAML or JSON.

    Raises:
        SettingsError: The file cannot be read, or an entry is none.
    """
    try:
        content = file.read_bytes()
        data = tomllib.loads(content.decode()) if file.suffix == ".toml" else _yaml(file, content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(f"{shown(file)}: {reason}") from error
    listed = data.get("allowed") if is_mapping(data) else data
    if not is_list(listed):
        raise SettingsError(f"{shown(file)}: expected a list under allowed")
    return tuple(_allowance(file, index, entry) for index, entry in enumerate(listed, start=1))


def _yaml(file: Path, content: bytes) -> Any:
    digest = hashlib.sha256(content).hexdigest()
    source = Source(file.name, str(file), str(file), digest, content.decode())
    try:
        return read_yaml.read(source, Positions()).data
    except MalformedError as error:
        raise SettingsError(f"{shown(file)}: {error}") from error


def _allowance(file: Path, number: int, entry: object) -> Allowance:
    at = f"{shown(file)}: allowed[{number}]"
    written = nodes.mapping(entry)
    if unknown := sorted(set(written) - _KEYS):
        raise SettingsError(f"{at}.{unknown[0]}: unknown key; there are {', '.join(sorted(_KEYS))}")
    if nodes.text(written.get("reason")) is None:
        raise SettingsError(f"{at}: why is it allowed? give a reason")
    if not any(key in written for key in _CRITERIA):
        raise SettingsError(f"{at}: what is allowed? give a {', a '.join(_CRITERIA[:-1])} or an {_CRITERIA[-1]}")
    for key in (*_CRITERIA, "reason"):
        if key in written and nodes.text(written[key]) is None:
            raise SettingsError(f"{at}.{key}: expected a text that is not empty")
    texts = {key: str(written[key]) for key in (*_CRITERIA, "reason") if key in written}
    if texts.get("pointer", "").startswith("#"):
        texts["pointer"] = nodes.target(texts["pointer"])
    return Allowance(number=number, expires=_expiry(at, written), **texts)


def _expiry(at: str, written: Mapping[str, Any]) -> dt.date | None:
    expires = written.get("expires")
    if expires is None:
        return None
    try:
        return dt.date.fromisoformat(str(expires))
    except ValueError as error:
        raise SettingsError(f"{at}.expires: {expires!r} is no date such as 2027-01-31") from error


@attrs.frozen(kw_only=True)
class Allowed:
    """What of the changes is meant."""

    reasons: Mapping[Change, Allowance]
    """The changes that are allowed."""
    expired: tuple[Allowance, ...] = ()
    unused: tuple[Allowance, ...] = ()
    """Those that name no change."""


def apply(allowances: Iterable[Allowance], changes: Iterable[Change], today: dt.date) -> Allowed:
    """Tell which changes are allowed, each by the first that names it, and which entries are of no use any more."""
    reasons: dict[Change, Allowance] = {}
    listed = tuple(allowances)
    lasting = [each for each in listed if not each.is_expired(today)]
    used: set[Allowance] = set()
    for change in changes:
        fitting = [each for each in lasting if each.fits(change)]
        used.update(fitting)
        if fitting:
            reasons[change] = fitting[0]
    return Allowed(
        reasons=reasons,
        expired=tuple(each for each in listed if each.is_expired(today)),
        unused=tuple(each for each in lasting if each not in used),
    )
