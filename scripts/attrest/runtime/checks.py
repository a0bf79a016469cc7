"""Converters and validators for the fields of requests, after the limits of JSON Schema 2020-12 (validation §6).

None and UNSET pass every one of them: whether a field may be left out is its type's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeAlias, overload

import attrs

from .errors import DecodeError, InvalidArgumentError
from .formats import date_time
from .unset import UNSET, Unset

Validator: TypeAlias = Callable[[Any, "attrs.Attribute[Any]", Any], None]
