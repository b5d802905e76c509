"""Awards and targets: what the year will cost, what was paid and by which rule."""
