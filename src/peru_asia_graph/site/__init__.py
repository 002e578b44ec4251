"""Everything that is shown and is no interactive page: start page, search, cards, questions, sources, ontology."""
