"""Interactive HTML pages from graphs and query results; a page works without a network connection."""
