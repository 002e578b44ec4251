"""Things are found by what people call them."""

from __future__ import annotations

import pytest

from peru_asia_graph.errors import UnknownName, WrongUse
from peru_asia_graph.graph import KnowledgeGraph


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Block 8", "block-8"),
        ("block-8", "block-8"),
        ("BLOCK 8", "block-8"),
        ("CNPC", "cnpc"),
        ("knoc", "knoc"),
        ("Zijing Mining Group", "zijing-mining-group"),
        ("中国", "china"),
        ("Perú", "peru"),
        ("peru", "peru"),
        ("대한민국", "south-korea"),
    ],
)
def test_names(kg: KnowledgeGraph, name: str, slug: str) -> None:
    assert kg.names.find(name) == slug


def test_unknown_names_get_a_suggestion(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'Chinalco'"):
        kg.names.find("Chinaalco")


@pytest.mark.parametrize("name", ["", "  ", "'; DROP", "><script>", "\x00", "x" * 10_000])
def test_hostile_names_are_only_unknown(kg: KnowledgeGraph, name: str) -> None:
    with pytest.raises(WrongUse):
        kg.names.find(name)


def test_completion_ignores_case_and_accents(kg: KnowledgeGraph) -> None:
    assert "Block 8" in kg.names.complete("bLOck")
