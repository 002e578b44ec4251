"""Foreign files in, the tables of a source out, with a report of what has no place: a module a format."""
