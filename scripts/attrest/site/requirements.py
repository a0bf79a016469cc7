"""What publishing needs beyond what generating does: the extra ``publish``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

_MODULES: Final = ("offapi", "pygments")


class LackingError(Exception):
    """The extra is not installed; the message says how to get it."""


def require() -> None:
    """See to it that everything is there.

    Raises:
        LackingError: Something is not.
    """
    lacking = [module for module in _MODULES if find_spec(module) is None]
    if lacking:
        raise LackingError(f"attrest publish needs {', '.join(lacking)}: pip install 'attrest[publish]'")


def redoc_file() -> Path:
    """Return Redoc's standalone bundle, which offapi brings. It is not imported: that would read all that it brings.

    Raises:
        LackingError: offapi is not installed, or brings no Redoc.
    """
    spec = find_spec("offapi")
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    for folder in folders:
        file = Path(folder) / "redoc.js"
        if file.is_file():
            return file
    raise LackingError("attrest publish needs offapi with Redoc in it: pip install 'attrest[publish]'")
