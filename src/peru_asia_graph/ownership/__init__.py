"""Ownership computed: effective shares, control, chains, from any directed NetworkX graph or from arrays.

    effective_owners      who holds an asset, directly and through others
    effective_holdings    what an owner holds
    all_effective_owners  who holds every asset, with any executor of concurrent.futures
    ultimate_owners       the owners at the end of the chains, and what is unaccounted for
    controlled_by         what an owner controls by majority
    ultimate_controllers  who controls each firm in the end
    chains                the stakes a share comes from

An edge points from owner to asset and carries ``share``, in percent, a number of any type; without it, or with None or
NaN, the share is unknown, not zero, and results become intervals. ``share_low`` and ``share_high`` are bounds. A share
whose ``basis`` is ``indirect`` sums up a chain: it is compared with the chain, never added.

What `KnowledgeGraph.network` returns can be given too, or a table of stakes (data frame, Result, dictionaries) with
``owner``, ``owned`` and ``share_percent``. ``Holdings.from_arrays`` takes millions of stakes without a graph object.

A firm of which more than the whole is held stops questions about itself (OverOwned) and no others; the answers that
depend on it have it in ``over_owned``.
"""

from peru_asia_graph.ownership.all_owners import OwnerShare, all_effective_owners
from peru_asia_graph.ownership.control import controlled_by, ultimate_controllers
from peru_asia_graph.ownership.derivation import chains
from peru_asia_graph.ownership.effective import (
    EffectiveShares,
    Share,
    effective_holdings,
    effective_owners,
    ultimate_owners,
)
from peru_asia_graph.ownership.shareholdings import Holdings

__all__ = [
    "EffectiveShares",
    "Holdings",
    "OwnerShare",
    "Share",
    "all_effective_owners",
    "chains",
    "controlled_by",
    "effective_holdings",
    "effective_owners",
    "ultimate_controllers",
    "ultimate_owners",
]
