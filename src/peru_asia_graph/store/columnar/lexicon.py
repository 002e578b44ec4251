"""The terms of the tables: each has a number; what it is worth is worked out once, when first asked for.

Terms as SPARQL spells them in, numbers, kinds, texts and values out. Limit: terms are added, never removed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from peru_asia_graph.store.columnar.values import KINDS, UNNAMED, is_whole, kind_of, number_of, text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.intp]

UNBOUND: Final = -1
_TERM_BYTES: Final = 250
# A term's bytes, and its text.
_COPIES: Final = 2


class Lexicon(dict[bytes, int]):
    """The number of each term; a new one gets the next."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[bytes] = []
        self._counted = 0
        self._bytes = 0
        self._unnamed: list[int] = []
        self._kinds: NDArray[np.int8] = np.empty(0, np.int8)
        self._whole: NDArray[np.int8] = np.empty(0, np.int8)
        self._texts: NDArray[Any] = np.empty(0, object)
        self._amounts: NDArray[Any] = np.empty(0, object)

    def __missing__(self, term: bytes) -> int:
        number = self[term] = len(self.terms)
        self.terms.append(term)
        return number

    @property
    def size(self) -> int:
        """The bytes that the terms, and what is worked out of them, may take."""
        self._look()
        return self._bytes

    def are_named(self, column: NDArray[np.int32]) -> bool:
        """Return whether every term in a column can be named in a query."""
        self._look()
        return not (self._unnamed and np.isin(column, self._unnamed).any())

    def _look(self) -> None:
        """Look at the terms that are new."""
        new = self.terms[self._counted :]
        self._bytes += sum(map(len, new)) * _COPIES + len(new) * _TERM_BYTES
        self._unnamed += [number for number, term in enumerate(new, self._counted) if term.startswith(UNNAMED)]
        self._counted += len(new)

    def used(self, column: NDArray[np.int32]) -> Numbers:
        """Return the numbers of the terms in a column, each once, in their order."""
        # The first place is for what is unbound.
        return np.flatnonzero(np.bincount(column + 1, minlength=1)[1:])

    def are_whole(self, numbers: Numbers) -> bool:
        """Return whether each term is one term, and nothing else, to whoever reads a query."""
        self._whole = _longer(self._whole, len(self.terms), -1)
        for number in numbers[self._whole[numbers] < 0].tolist():
            self._whole[number] = is_whole(self.terms[number])
        return bool(self._whole[numbers].all())

    def kinds(self, numbers: Numbers) -> set[str]:
        """Return the kinds of some terms."""
        self._kinds = _longer(self._kinds, len(self.terms), -1)
        for number in numbers[self._kinds[numbers] < 0].tolist():
            self._kinds[number] = KINDS.index(kind_of(self.terms[number]))
        return {KINDS[kind] for kind in np.unique(self._kinds[numbers]).tolist()}

    def texts(self, numbers: Numbers) -> Sequence[str]:
        """Return the texts of some terms, as STR does."""
        self._texts = _longer(self._texts, len(self.terms), None)
        return self._known(self._texts, numbers, text_of)

    def amounts(self, numbers: Numbers) -> Sequence[Decimal]:
        """Return the values of some terms, which must all be numbers."""
        self._amounts = _longer(self._amounts, len(self.terms), None)
        return self._known(self._amounts, numbers, number_of)

    def _known(self, cache: NDArray[Any], numbers: Numbers, read: Callable[[bytes], Any]) -> Sequence[Any]:
        found: list[Any] = cache[numbers].tolist()
        if None in found:
            for place, number in enumerate(numbers.tolist()):
                if found[place] is None:
                    found[place] = cache[number] = read(self.terms[number])
        return found


def _longer(cache: NDArray[Any], length: int, idle: object) -> NDArray[Any]:
    """Return a cache with room for all terms there are by now."""
    if len(cache) >= length:
        return cache
    longer = np.full(length, idle, cache.dtype)
    longer[: len(cache)] = cache
    return longer
