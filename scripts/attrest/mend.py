"""Document -> Document: what the description says wrongly of itself makes way for what loses least.

A reference that leads nowhere takes nothing else down with it: a stand-in of its kind is generated, and an entry says
so. The same is true of objects that are not what the standard has in their place.
"""

from __future__ import annotations

import attrs

from attrest.document import Document, is_full_version
from attrest.mending import parameters, references, shapes
from attrest.mending.draft import Draft


def mend(document: Document) -> Document:
    """Return a description that the stages behind can rely on.

    Args:
        document: The description, as loaded.

    Returns:
        The description, in which every object but a schema has the shape that the standard gives it, and every
        reference leads to something; with an entry for whatever that loses.
    """
    draft = Draft(document)
    if not is_full_version(document.tree["openapi"]):
        draft.put("/openapi", f"{document.version}.0")
    shapes.settle(draft)
    references.settle(draft)
    parameters.settle(draft)
    return attrs.evolve(document, tree=draft.tree, entries=tuple(draft.entries))
