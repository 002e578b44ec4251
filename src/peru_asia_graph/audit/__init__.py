"""The claims that sources make themselves, recomputed from the figures of the graph, each with a verdict."""

from peru_asia_graph.audit.verdicts import Verdict, audit

__all__ = ["Verdict", "audit"]
