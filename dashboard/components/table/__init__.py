"""A table that sorts itself in the browser and becomes a list of cards on a phone."""
