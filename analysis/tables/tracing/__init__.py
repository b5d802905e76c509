"""From a score back to its cells, and from a row to what it changed."""
