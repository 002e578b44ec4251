"""The graph over HTTP: a SPARQL endpoint, and a page and RDF for every address of the graph.

    protocol, negotiate         requests to decisions; pure
    frames, turns               jobs and answers on the way to a worker, and who is next; pure
    pool, crew, process         who gets a worker, which workers there are, one of them from outside
    worker, jobs                a worker from inside: a process of its own, which can be killed
    endpoint, site              what answers which path
    exchange, cache, straight   bounds, headers, log; replies kept; the straight way for queries by GET
    connection, server          connections; start and stop

Limit: everything is read-only; what limits apply is in ``limits``.
"""
