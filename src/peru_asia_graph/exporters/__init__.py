"""Exporters for the graph, its networks and its tables; ``format_registry`` lists the formats."""
