"""The names of earlier releases, as the generated client keeps them."""

from __future__ import annotations

from collections import defaultdict

import attrs

from attrest.code import literals
from attrest.ir import Api, RenamingKind


@attrs.frozen(kw_only=True)
class EarlierName:
    """A name that leads to what there is now, and warns those who use it."""

    old: str
    new: str
    message: str
    """What the warning says, as a literal."""


class EarlierNames:
    """All of an API that the client can keep."""

    def __init__(self, api: Api) -> None:
        self._names: dict[tuple[RenamingKind, str], list[EarlierName]] = defaultdict(list)
        for each in sorted(api.kept_names, key=lambda each: each.old):
            message = literals.string(f"{each.old} is deprecated: it was renamed to {each.new}.")
            self._names[each.kind, each.owner].append(EarlierName(old=each.old, new=each.new, message=message))

    def of(self, kind: RenamingKind, owner: str = "") -> tuple[EarlierName, ...]:
        """Return those of one kind that one owner has, sorted; see ``Renaming``."""
        return tuple(self._names.get((kind, owner), ()))
