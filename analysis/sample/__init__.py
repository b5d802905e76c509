"""A year's responses as one sample: items, completeness, weights, small groups."""
