"""The graph over HTTP, read-only: a SPARQL endpoint, and a page and RDF for every address of the graph.

The modules, from the network inwards:

    server                         start and stop; cli/serve.py calls it
    connections, middleware        limits on connections; common headers, timeouts and access log of requests
    app                            routes and error responses
    endpoint, protocol, negotiate  /sparql: the query of a request, the formats a client accepts
    site, language, oembed         pages, linked data; the reader's language; pages within other pages
    reconcile                      /reconcile: requests of OpenRefine
    static_files, base_address     files; the address by which a client knows this server
    mcp_server                     tools for assistants, over standard input or HTTP; cli/serve.py calls it
    job_response, result_cache     a job's result as a response, with ETag; the cache of results
    pool, worker_process           which job runs next and for how long; a worker from the server's side
    worker, confine, jobs          a worker process: its loop, what it may not do, what it runs (pages: ``site``)
    service_description            the SPARQL 1.1 Service Description
    reconciler, reconcile_*        the reconciliation service: matching, columns, manifests
    assistant_tools                what the tools for assistants answer
    limits                         all limits in one place
"""
