"""A matched sheet becomes coded responses."""
