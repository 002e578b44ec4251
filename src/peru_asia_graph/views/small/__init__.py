"""Small SVG pictures: values in, SVG out. Colours are the custom properties of the style sheet of the pages."""
