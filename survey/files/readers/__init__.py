"""One reader a format; each yields plain ``Sheet`` values."""
