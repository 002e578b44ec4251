"""Ownership queries on a store: the algebra of ``ownership`` with names, years and citations."""
