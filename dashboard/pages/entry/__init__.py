"""Entry and review of indicator values."""
