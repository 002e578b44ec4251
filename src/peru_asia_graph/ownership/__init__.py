"""Ownership analysis on any directed NetworkX graph, or on arrays: effective shares, control, and chains.

    effective_owners      the owners of an asset, direct and indirect
    effective_holdings    the assets of an owner, direct and indirect
    all_effective_owners  the owners of every asset, with any executor of concurrent.futures
    ultimate_owners       the owners at the top of the chains, and what is unaccounted for
    controlled_by         the firms an owner controls by majority
    ultimate_controllers  the controller at the top for each firm
    chains                the chains of stakes that make up a share

Edges point from owner to asset and carry ``share``, a number of any type, in percent. A share that is missing, None or
NaN is unknown, not zero, and the results become intervals. ``share_low`` and ``share_high`` are bounds. A share with
``basis`` ``indirect`` summarises a chain: it is compared with the chain, never added to it.

The functions also accept the result of `KnowledgeGraph.network`, or a table of stakes (data frame, Result or
dictionaries) with ``owner``, ``owned`` and ``share_percent``. ``Holdings.from_arrays`` takes millions of stakes without
a graph object.

If the stakes in a firm add up to more than the whole, queries about that firm raise OverOwned. Other queries still
work, and list the firm in ``over_owned`` if their result depends on it.
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
