"""Values of objective indicators: in by file or by hand, reviewed, listed."""
