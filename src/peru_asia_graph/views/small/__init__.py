"""Small SVG pictures from values. Colours are custom properties of the pages' style sheet."""
