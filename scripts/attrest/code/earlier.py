"""The names of earlier releases, as the generated client keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Protocol

import attrs

from attrest.code import literals
from attrest.ir import Api, Renaming, RenamingKind

_IMPORT_WORDS: Final = frozenset({"TYPE_CHECKING", "_renaming"})
"""The identifiers that a module uses which had something that is elsewhere now."""


@attrs.frozen(kw_only=True)
class EarlierName:
    """A name that leads to what there is now, and warns those who use it."""

    old: str
    new: str
    message: str
    """What the warning says, as a literal."""


@attrs.frozen(kw_only=True)
class EarlierAttribute(EarlierName):
    """The same of an attribute of a class."""

    annotation: str


@attrs.frozen(kw_only=True)
class EarlierImport:
    """What a module had, and where it is now."""

    old: str
    new: str
    module: str
    """The module that has it now, as the package calls it, such as ``models.pet``."""


class Annotated(Protocol):
    """An attribute of a class, as generated code has it."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def annotation(self) -> str:
        """Its annotation."""
        ...


class EarlierNames:
    """All of an API that the client can keep."""

    def __init__(self, api: Api) -> None:
        self._names: dict[tuple[RenamingKind, str], list[EarlierName]] = defaultdict(list)
        self._imports: dict[str, list[EarlierImport]] = defaultdict(list)
        for each in sorted(api.kept_names, key=lambda each: each.old):
            if each.kind == "import":
                self._keep_import(each)
            message = literals.string(f"{each.old} is deprecated: it was renamed to {each.new}.")
            self._names[each.kind, each.owner].append(EarlierName(old=each.old, new=each.new, message=message))

    def _keep_import(self, kept: Renaming) -> None:
        module, _, old = kept.old.rpartition(".")
        home, _, new = kept.new.rpartition(".")
        for prefix in ("", "Async") if module.startswith("resources.") else ("",):
            self._imports[module].append(EarlierImport(old=f"{prefix}{old}", new=f"{prefix}{new}", module=home))

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that had something which is elsewhere now, as the package calls them."""
        return tuple(self._imports)

    def words(self, module: str) -> frozenset[str]:
        """Return the identifiers that a module uses for what it had."""
        return _IMPORT_WORDS if module in self._imports else frozenset()

    def imports(self, module: str) -> tuple[EarlierImport, ...]:
        """Return what a module had, sorted."""
        return tuple(sorted(self._imports.get(module, ()), key=lambda each: each.old))

    def of(self, kind: RenamingKind, owner: str = "") -> tuple[EarlierName, ...]:
        """Return those of one kind that one owner has, sorted; see ``Renaming``."""
        return tuple(self._names.get((kind, owner), ()))

    def attributes(self, kind: RenamingKind, owner: str, fields: Iterable[Annotated]) -> tuple[EarlierAttribute, ...]:
        """Return those of a class's attributes, with what they are annotated as."""
        annotations = {field.name: field.annotation for field in fields}
        return tuple(
            EarlierAttribute(old=each.old, new=each.new, message=each.message, annotation=annotations[each.new])
            for each in self.of(kind, owner)
        )
