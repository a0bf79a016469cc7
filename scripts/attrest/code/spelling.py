"""Types as Python source: annotations, decoders and encoders."""

from __future__ import annotations

from attrest.code.annotating import Annotations
from attrest.code.decoding import Decoders
from attrest.code.encoding import Encoders


class Spelling(Annotations, Decoders, Encoders):
    """Spells the types of one API."""
