"""Commands of the way in; the only place of this package that prints."""
