"""Bringing files in: what in them needs a person, and who is still missing."""
