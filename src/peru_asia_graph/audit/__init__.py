"""Recompute the claims that sources make from the figures in the graph, with a verdict on each."""

from peru_asia_graph.audit.verdicts import Verdict, audit

__all__ = ["Verdict", "audit"]
