"""A draft scheme out of an office's own annex, each reading beside its clause."""
