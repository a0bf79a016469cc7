"""What the schemas of a description come to."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from attrest.ir import Constraints, Declaration
from attrest.ledger import Entry
from attrest.typerefs import TypeRef


@attrs.frozen(kw_only=True)
class Schemas:
    """Every declaration, and by its JSON pointer the type of every schema that values are described by."""

    declarations: tuple[Declaration, ...]
    """Sorted by name."""
    types: Mapping[str, TypeRef]
    constraints: Mapping[str, Constraints]
    """The limits of those schemas that set some, by their JSON pointers."""
    entries: tuple[Entry, ...] = ()
    """What could not be typed as it is described."""
