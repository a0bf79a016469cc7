"""Puts Prism where the tests find it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import node_packages
from node_packages import Unavailable, node

__all__ = ["Unavailable", "install", "node"]

ENTRY: Final = Path("node_modules", "@stoplight", "prism-cli", "dist", "index.js")


def install() -> Path:
    """Prism's entry script, installed under ``build/`` on first use.

    Raises:
        Unavailable: There is no node, or npm could not fetch the packages.
    """
    return node_packages.install("prism", Path(__file__).parent) / ENTRY
