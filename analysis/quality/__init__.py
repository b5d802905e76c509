"""Measures of how far the numbers of a year can be trusted."""
