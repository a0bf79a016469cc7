"""Text and data as they may stand inside an HTML script element, which ends at whatever looks like its end."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

from attrest.ir import Json

_MEANT: Final = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)
"""What switches the states of a script's data (HTML §13.2.5.20)."""
_ESCAPES: Final = {"<!": r"<\x21", "</": r"<\/", "<s": r"<\x73", "<S": r"<\x53"}


def data(value: Json) -> str:
    """Return JSON for a script element of data."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")


def program(source: str) -> str:
    """Return JavaScript whose literals hold nothing that an HTML parser reads: escapes stand for it."""
    return re.sub(rf"{_MEANT.pattern}.", lambda found: _ESCAPES[found[0]], source, flags=re.IGNORECASE)


def source_hash(script: str) -> str:
    """Return the source expression by which a content security policy lets a script run (CSP Level 3 §2.3.1)."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
