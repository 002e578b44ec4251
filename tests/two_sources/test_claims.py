"""Claims of two sources: each is recomputed from its own source, with the ids used in that source."""

from __future__ import annotations

from pathlib import Path

from peru_asia_graph.audit.report import explain_claim, to_result
from two_sources import build_in, same, source, write_source


def test_claims_are_recomputed_per_source_with_its_own_ids(tmp_path: Path) -> None:
    """Top holds half of Firm, which holds 40 percent of the mine in alpha (20) and 60 in beta (30, but 35 is stated).

    Beta's formula names its own ids, which matches replace.
    """
    for place, (name, share, stated) in enumerate([("alpha", "40", "20"), ("beta", "60", "35")]):
        things = {f"{name}-mine": ("MiningProject", "Mine"), f"{name}-firm": ("Firm", "Firm"),
                  f"{name}-top": ("Firm", "Top")}  # fmt: skip
        stakes = [{"id": f"{name}-{one}-stake", "owner": f"{name}-{one}", "owned": f"{name}-{owned}",
                   "share_percent": size}
                  for one, owned, size in (("firm", "mine", share), ("top", "firm", "50"))]  # fmt: skip
        claim = {"id": f"{name}-claim", "label": "Top's share", "kind": "share", "stated": stated, "unit": "percent",
                 "qualifier": "exact", "formula": f"effective('{name}-top', \"{name}-mine\")",
                 "verdict": "differs" if place else "holds", "citations": f"{name}-p1"}  # fmt: skip
        matches = {"matches": [same(one, one.replace("beta", "alpha")) for one in things]} if place else {}
        write_source(tmp_path, name, source(name, things, stakes, claims=[claim], **matches), position=place)
    graph = build_in(tmp_path)[0]
    told = to_result(graph.audit()).table()
    assert [[str(cell) for cell in row[:5]] for row in told] == [
        ["beta", "differs", "Top's share", "35", "30"],
        ["alpha", "holds", "Top's share", "20", "20"],
    ]
    assert explain_claim(graph.audit("beta"), "beta-claim").endswith("  [beta: p. 1 ¶1]\n")
