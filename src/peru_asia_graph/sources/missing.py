"""Missing values of data frames, databases and masked arrays."""

from __future__ import annotations

import sys
from decimal import Decimal


def is_missing(value: object) -> bool:
    """Return whether a value is None, NaN, ``pandas.NA``, NaT or masked.

    >>> [is_missing(value) for value in (None, float("nan"), Decimal("NaN"), 0, "", "nan")]
    [True, True, True, False, False, False]
    """
    if value is None:
        return True
    if isinstance(value, (str, int)):
        return False
    if isinstance(value, float):
        return value != value
    if isinstance(value, Decimal):
        return value.is_nan()
    # A value can be of pandas or NumPy only if the library has been imported.
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if pandas is not None and (value is pandas.NA or value is pandas.NaT):
        return True
    if numpy is None:
        return False
    if value is numpy.ma.masked:
        return True
    if isinstance(value, numpy.ndarray) and value.shape == ():
        value = value[()]
    return isinstance(value, (numpy.inexact, numpy.datetime64, numpy.timedelta64)) and bool(value != value)
