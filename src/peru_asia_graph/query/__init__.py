"""Named questions, names, networks and cards of things, and query results as text."""
