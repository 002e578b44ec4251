"""Named questions, name lookup, networks, cards, and query results as text."""
