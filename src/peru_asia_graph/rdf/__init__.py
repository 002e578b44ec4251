"""Reading and writing RDF files, with deterministic output."""
