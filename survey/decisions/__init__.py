"""Findings as a list to work through, the annotated copy, and what a person decided, carried out."""
