"""RDF text: quads sorted and written the same way each time."""
