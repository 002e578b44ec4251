"""Writers of every format the graph, its networks and its tables leave in; ``format_registry`` lists them."""
