"""``python -m peru_asia_graph`` is ``pag``."""

from peru_asia_graph.cli import main

main()
