"""Prism, an independent implementation of OpenAPI, as the judge of what travels between client and server."""

from prism.installation import Unavailable, install
from prism.judge import Exchange, Judge
from prism.process import Prism

__all__ = ["Exchange", "Judge", "Prism", "Unavailable", "install"]
