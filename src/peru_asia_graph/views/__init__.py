"""Pages: graphs and tables become interactive HTML documents that ask nothing from the network.

In: a NetworkX graph, or rows, with plain attributes, absent when unknown. Out: the text of an HTML document, or a
`View` around it. Limit: the picture itself is laid out and drawn by the page's own script, for the window it is in.
"""

from peru_asia_graph.views.audit_page import audit_page
from peru_asia_graph.views.figures import index_page, investments_page, trade_page
from peru_asia_graph.views.network_page import draw, network_page
from peru_asia_graph.views.shell import shared_files, table_page
from peru_asia_graph.views.view import View
from peru_asia_graph.views.words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "View",
    "audit_page",
    "draw",
    "index_page",
    "investments_page",
    "network_page",
    "shared_files",
    "table_page",
    "trade_page",
]
