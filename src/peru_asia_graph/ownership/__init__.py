"""Ownership computed: effective shares, control, chains, from any directed NetworkX graph or from arrays.

    effective_owners      who holds an asset, directly and through others
    effective_holdings    what an owner holds
    ultimate_owners       the owners at the end of the chains, and what is unaccounted for
    controlled_by         what an owner controls by majority
    ultimate_controllers  who controls each firm in the end
    chains                the stakes a share comes from

An edge points from owner to asset and carries ``share``, in percent; without it the share is unknown, not zero, and
results become intervals. ``Holdings.from_arrays`` takes millions of stakes without a graph object.
"""

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
    "Share",
    "chains",
    "controlled_by",
    "effective_holdings",
    "effective_owners",
    "ultimate_controllers",
    "ultimate_owners",
]
