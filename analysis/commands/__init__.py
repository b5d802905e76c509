"""Commands of the scores; the only place of this package that prints."""
