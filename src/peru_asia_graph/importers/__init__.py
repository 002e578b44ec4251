"""Importers: each module reads a foreign format and returns the tables of a source and a report of losses."""
