"""The shell around every page, and the pieces that several pages show."""
