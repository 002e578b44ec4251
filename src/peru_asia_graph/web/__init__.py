"""The graph over HTTP: a SPARQL endpoint, and a page and RDF for every address of the graph.

    protocol, negotiate   requests to decisions; pure
    pool, worker, jobs    queries run in processes of their own, which can be killed
    endpoint, site        what answers which path
    server                connections, log, start and stop

Limit: everything is read-only; what limits apply is in ``limits``.
"""
