"""Questions, names, networks and cards: what a store is asked, and how answers are written."""
