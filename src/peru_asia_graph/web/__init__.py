"""The graph over HTTP, read-only: a SPARQL endpoint, and a page and RDF for every address of the graph.

The modules, from the network inwards:

    server                         start and stop; cli/serve.py calls it
    connections, middleware        connection limits; common headers, timeouts and access log
    app                            routes and error responses
    endpoint, protocol, negotiate  /sparql: the query of a request, the formats a client accepts
    site, language, oembed         pages, linked data; the reader's address and language; embedded pages
    reconcile                      /reconcile: requests from OpenRefine
    static_files                   files
    mcp_server                     tools for assistants, over standard input or HTTP; cli/serve.py calls it
    job_response, result_cache     a job's result as a response, with ETag; the result cache
    pool, worker_process           which job runs next and for how long; a worker as seen by the server
    worker, confine, jobs          a worker process: its loop, its restrictions, its jobs (pages: ``site``)
    service_description            the SPARQL 1.1 Service Description
    reconciler, reconcile_*        the reconciliation service: matching, columns, manifests
    assistant_tools                the answers of the tools for assistants
    limits                         all limits in one place
"""
