"""Communities beside each other over the years."""
