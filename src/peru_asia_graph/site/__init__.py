"""Everything shown except the interactive pages: start page, search, cards, questions, sources, ontology."""
