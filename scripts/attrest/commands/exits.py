"""The exit codes."""

from __future__ import annotations

from typing import Final

FINE: Final = 0
DIFFERENT: Final = 1
"""There are findings, or differences."""
WRONG_USAGE: Final = 2
DEFECT: Final = 70
"""``EX_SOFTWARE`` of sysexits.h."""
INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as a shell says it."""
