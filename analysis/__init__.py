"""Scores with their error: from a year's responses and indicator values to stars and ranks."""
