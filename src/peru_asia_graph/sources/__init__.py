"""The tables of a source, read and checked."""
