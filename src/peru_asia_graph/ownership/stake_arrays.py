"""Stakes as parallel lists or arrays: validation, and the matrices made from them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any, Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.ownership.dict_matrix import DictMatrix
from peru_asia_graph.ownership.matrix import ShareMatrix
from peru_asia_graph.sources.missing import is_missing

if TYPE_CHECKING:
    import numpy as np

# Up to this many stakes, plain Python is faster than importing SciPy.
MAX_PLAIN_STAKES: Final = 10_000
# Allows for binary rounding of fractions.
_TOLERANCE: Final = 1e-9
_UNUSABLE: Final = (TypeError, ValueError, OverflowError)


@dataclass(frozen=True)
class StakeArrays:
    """The numbers of owners and assets among ``size`` nodes, and the bounds of each stake, from 0 to 1."""

    size: int
    owners: Any
    assets: Any
    low: Any
    high: Any

    @classmethod
    def check(cls, size: int, owners: Any, assets: Any, low: Any, high: Any) -> StakeArrays:
        """Return stakes from lists, arrays or series of equal length; NaN is unknown. Raises WrongUse."""
        given = [owners, assets, low, *([] if high is None else [high])]
        try:
            lengths = {len(one) for one in given}
            if len(lengths) > 1:
                raise ValueError(f"lengths {sorted(lengths)}")
            read = _read_lists if lengths.pop() <= MAX_PLAIN_STAKES else _read_vectors
            return cls(size, *read(size, owners, assets, low, high))
        except _UNUSABLE as error:
            wanted = "lists of equal length: numbers of nodes, then fractions from 0 to 1"
            raise WrongUse(f"stakes must be {wanted}: {error}") from error

    def without_least(self, assets: Set[int]) -> StakeArrays:
        """Return the stakes with those in some assets relaxed to between zero and their lower bound."""
        if isinstance(self.low, list):
            pairs = list(zip(self.assets, self.low, self.high, strict=True))
            low = [0.0 if asset in assets else least for asset, least, _ in pairs]
            high = [least if asset in assets else most for asset, least, most in pairs]
            return StakeArrays(self.size, self.owners, self.assets, low, high)
        import numpy as np

        among = np.isin(self.assets, sorted(assets))
        bounds = np.where(among, 0.0, self.low), np.where(among, self.low, self.high)
        return StakeArrays(self.size, self.owners, self.assets, *bounds)

    def matrices(self) -> tuple[ShareMatrix, ShareMatrix]:
        """Return the known shares, and how much more each stake may be within what the known ones leave."""
        if not isinstance(self.low, list):
            import numpy as np

            from peru_asia_graph.ownership.sparse_matrix import SparseMatrix

            rows, columns = (np.asarray(numbers, dtype=np.int32) for numbers in (self.owners, self.assets))
            shares = SparseMatrix.from_stakes(self.size, rows, columns, self.low)
            left = np.clip(1.0 - shares.column_sums(), 0.0, 1.0)
            more = np.minimum(self.high - self.low, left[columns])
            return shares, SparseMatrix.from_stakes(self.size, rows, columns, more)
        known = DictMatrix.from_stakes(self.size, self.owners, self.assets, self.low)
        sums = known.column_sums()
        extra = [min(b - a, 1.0 - sums[j]) for j, a, b in zip(self.assets, self.low, self.high, strict=True)]
        return known, DictMatrix.from_stakes(self.size, self.owners, self.assets, extra)


def _read_lists(size: int, owners: Any, assets: Any, low: Any, high: Any) -> tuple[list[Any], ...]:
    ends = [[index(number) for number in numbers] for numbers in (owners, assets)]
    if any(not 0 <= number < size for numbers in ends for number in numbers):
        raise ValueError(f"a node number is not from 0 to {size - 1}")
    parts = [_read_part(value) for value in low]
    most = parts if high is None else [_read_part(value) for value in high]
    least = [0.0 if part is None else part for part in parts]
    highest = [1.0 if part is None else part for part in most]
    if any(a > b + _TOLERANCE for a, b in zip(least, highest, strict=True)):
        raise ValueError("a lower bound is above its upper bound")
    return *ends, least, highest


def _read_part(value: Any) -> float | None:
    if is_missing(value):
        return None
    part = float(value) if isinstance(value, (Real, Decimal)) and not isinstance(value, bool) else -1.0
    if not 0 <= part <= 1 + _TOLERANCE:
        raise ValueError(f"{value!r} is not a fraction from 0 to 1")
    return part


def _read_vectors(size: int, owners: Any, assets: Any, low: Any, high: Any) -> tuple[Any, ...]:
    import numpy as np

    ends = [np.asarray(numbers) for numbers in (owners, assets)]
    if any(one.dtype.kind not in "iu" or one.min() < 0 or one.max() >= size for one in ends):
        raise ValueError(f"a node number is not an integer from 0 to {size - 1}")
    parts = _read_vector(low)
    most = parts if high is None else _read_vector(high)
    least, highest = np.where(np.isnan(parts), 0.0, parts), np.where(np.isnan(most), 1.0, most)
    if least.min() < 0 or highest.max() > 1 + _TOLERANCE or (least > highest + _TOLERANCE).any():
        raise ValueError("bounds must be between 0 and 1, the lower first")
    return *ends, least, highest


def _read_vector(values: Any) -> np.ndarray[Any, Any]:
    import numpy as np

    given: Sequence[Any] | np.ndarray[Any, Any] = values if isinstance(values, np.ndarray) else list(values)
    try:
        return np.asarray(given, dtype=float)
    except TypeError:  # pandas.NA cannot be converted to float
        return np.array([np.nan if is_missing(value) else value for value in given], dtype=float)
