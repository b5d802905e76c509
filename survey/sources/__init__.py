"""One module per format that arrives; each yields plain ``Sheet`` values."""
