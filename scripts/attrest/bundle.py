"""Makes one tree of a description in several files."""

from __future__ import annotations

from attrest.diagnostics import Finding
from attrest.files import Files


def bundle(files: Files) -> tuple[Finding, ...]:
    """Move what other files hold into the root file's tree."""
    raise NotImplementedError
